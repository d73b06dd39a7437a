// Time left until a deadline, on the server's clock. The device's own clock is never asked what time it is: only how
// much time has passed since the server told it, and the server is asked again where that may have gone wrong (a kept
// page, a device that slept, a long while). Without this module the page's own sentence stands.

const lang = document.documentElement.lang;
const words = lang === "en"
  ? { closed: "closed", left: (t) => `${t} left`, day: "d", hour: "h", minute: "min", second: "s",
      warn: (what, t) => `${what}: ${t} left.`, over: (what) => `${what}: time is over.`,
      marks: { 3600: "one hour", 600: "ten minutes", 60: "one minute" } }
  : { closed: "đã hết hạn", left: (t) => `còn ${t}`, day: "ngày", hour: "giờ", minute: "phút", second: "giây",
      warn: (what, t) => `${what}: còn ${t}.`, over: (what) => `${what}: đã hết thời gian.`,
      marks: { 3600: "1 giờ", 600: "10 phút", 60: "1 phút" } };

// Seconds before the end at which screen readers are told, the farthest first.
const MARKS = [3600, 600, 60];
const NEAR = 7200_000; // so close to the end that a page kept for a minute must not be believed
const ASK_AGAIN = 300_000;

const clocks = new Map();
let offset = null; // the server's time minus performance.now(), in milliseconds
let askedAt = -Infinity;
let speaker = null;
let timer = null;

export function startCountdowns(root) {
  for (const element of root.querySelectorAll("[data-until][data-server-now]")) {
    if (clocks.has(element)) continue;
    const told = Date.parse(element.dataset.serverNow) - performance.now();
    if (offset === null) offset = told;
    clocks.set(element, { until: Date.parse(element.dataset.until), left: null });
  }
  if (!clocks.size || timer !== null) return;
  tick();
  timer = setInterval(tick, 1000);
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  addEventListener("online", () => ask());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
}

// What time it is on the server; half of the way there and back is taken for the way back.
async function ask() {
  const began = performance.now();
  const edition = document.documentElement.dataset.edition;
  if (!edition || began - askedAt < 2000) return;
  askedAt = began;
  try {
    const answer = await fetch(`/gio/${encodeURIComponent(edition)}`, { cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) return;
    const { now } = await answer.json();
    const ended = performance.now();
    offset = Date.parse(now) - (began + ended) / 2;
    tick();
  } catch {
    // No network: what the page was told still holds, and it is asked again later.
  }
}

function tick() {
  const now = performance.now() + offset;
  let isNear = false;
  for (const [element, clock] of clocks) {
    if (!element.isConnected) {
      clocks.delete(element);
      continue;
    }
    const left = clock.until - now;
    const text = leftText(left);
    if (element.textContent !== text) element.textContent = text;
    if (element.dataset.announce) announce(element.dataset.announce, clock.left, left);
    clock.left = left;
    isNear ||= Math.abs(left) < NEAR;
  }
  if (isNear && performance.now() - askedAt > ASK_AGAIN) ask();
}

// Tell once when a mark was passed between two ticks; the first look at a page says nothing that its text does not.
function announce(what, before, left) {
  if (before === null) return;
  if (before > 0 && left <= 0) return say(words.over(what));
  const passed = MARKS.findLast((mark) => before > mark * 1000 && left <= mark * 1000 && left > 0);
  if (passed) say(words.warn(what, words.marks[passed]));
}

function say(sentence) {
  if (speaker === null) {
    speaker = document.createElement("div");
    speaker.className = "visually-hidden";
    speaker.setAttribute("role", "status");
    speaker.setAttribute("aria-live", "polite");
    speaker.id = "countdown-status";
    document.body.append(speaker);
  }
  // A region that was just added is not read by all: its words come a moment later.
  setTimeout(() => { speaker.textContent = sentence; }, 100);
}

function leftText(milliseconds) {
  if (milliseconds <= 0) return words.closed;
  const seconds = Math.floor(milliseconds / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const pair = days ? [[days, words.day], [hours, words.hour]]
    : hours ? [[hours, words.hour], [minutes, words.minute]]
    : [[minutes, words.minute], [seconds % 60, words.second]];
  const said = pair.filter(([count]) => count);
  return words.left((said.length ? said : [pair.at(-1)]).map(([count, unit]) => `${count} ${unit}`).join(" "));
}
