// The room of a deliberation: screens follow whoever leads. Events come as a stream; where there is none (the server
// says so, or too many are held), the page asks every second. Without this file the page is loaded again by hand.
const bar = document.querySelector("[data-room]");
const POLL = 1000;
const PATIENCE = 5000;

if (bar) {
  const state = bar.querySelector("[data-follow-state]");
  const word = bar.querySelector("[data-follow-word]");
  const pause = bar.querySelector("[data-follow-pause]");
  const leading = "leading" in bar.dataset;
  let version = Number(bar.dataset.version);
  let following = true;
  let over = false;
  let source;
  let timer;
  let lost;

  const say = (key) => { if (pause && pause.dataset[key]) word.textContent = pause.dataset[key]; };

  // The figures anew, without touching what somebody types below them.
  const renew = async () => {
    const answer = await fetch(location.pathname, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) { location.reload(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    const shown = document.querySelector("[data-live]");
    if (!fresh || !shown) { location.reload(); return; }
    const held = document.activeElement?.closest("[data-spread]")?.id;
    shown.replaceChildren(...fresh.childNodes);
    if (held) document.getElementById(held)?.querySelector("button")?.focus();
  };

  const show = async (told) => {
    if (told.version <= version) return;
    version = told.version;
    if (!told.open) { over = true; stop(); location.reload(); return; }
    if (told.go && following && !leading) {
      stop();
      location.assign(bar.dataset.roomBase + encodeURIComponent(told.go));
      return;
    }
    await renew();
    if (!following || leading || !told.criterion) return;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.getElementById(`tieu-chi-${told.criterion}`)?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  };

  const cut = () => {
    over = true;
    stop();
    say("stateCut");
    location.reload();
  };

  const stop = () => {
    source?.close();
    clearTimeout(timer);
    clearTimeout(lost);
  };

  let etag = "";
  const ask = async () => {
    try {
      const answer = await fetch(bar.dataset.ask, { credentials: "same-origin", headers: etag ? { "If-None-Match": etag } : {} });
      if (answer.status === 200 && !answer.redirected) {
        etag = answer.headers.get("ETag") ?? "";
        await show(await answer.json());
      } else if (answer.status === 403 || answer.status === 404) {
        cut();
      }
    } catch {
      say("stateLost");
    }
    if (!over) timer = setTimeout(ask, POLL);
  };

  const listen = () => {
    const address = new URL(bar.dataset.stream, location.href);
    address.searchParams.set("tu", String(version));
    source = new EventSource(address);
    source.addEventListener("show", (event) => show(JSON.parse(event.data)));
    source.addEventListener("cut", cut);
    source.addEventListener("open", () => {
      clearTimeout(lost);
      say(following ? "stateOn" : "stateOff");
    });
    // A stream ends each minute and comes back at once; only what stays away is told.
    source.addEventListener("error", () => {
      if (over) return;
      clearTimeout(lost);
      if (source.readyState === EventSource.CLOSED) ask();
      else lost = setTimeout(() => say("stateLost"), PATIENCE);
    });
  };

  state.hidden = false;
  if (pause) {
    pause.hidden = false;
    pause.addEventListener("click", () => {
      following = !following;
      pause.textContent = following ? pause.dataset.wordOn : pause.dataset.wordOff;
      say(following ? "stateOn" : "stateOff");
      if (following) location.reload();
    });
  }
  // The leader's buttons work in place.
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-lead]");
    if (!form) return;
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (!answer.ok || !leading) { location.reload(); return; }
    await renew();
  });
  window.addEventListener("pagehide", stop);
  if (window.EventSource) listen();
  else ask();
}
