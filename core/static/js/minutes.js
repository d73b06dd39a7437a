// Each section of minutes is saved by itself while somebody types; what another saved meanwhile is told and kept apart.
const WAIT_TYPING = 1500; // milliseconds after the last key
const WAIT_AGAIN = 6000;
const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);

function keep(form) {
  const state = form.querySelector("[data-state]");
  const body = form.elements.body;
  let timer;
  let busy = false;
  let sent = body.value;

  function wait(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  }

  async function save() {
    if (busy || body.value === sent) return;
    busy = true;
    const typed = body.value;
    state.textContent = say("Đang lưu…", "Saving…");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" } });
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.ok && told.revision !== undefined) {
        form.elements.revision.value = told.revision;
        sent = typed;
        stale();
      }
      state.textContent = told.said ?? say("Chưa lưu được. Bạn hãy bấm “Lưu mục này”.", "Not saved. Press “Lưu mục này”.");
      busy = false;
      if (answer.ok && body.value !== sent) wait(WAIT_TYPING);
    } catch {
      busy = false;
      state.textContent = say("Không có mạng. Chữ bạn gõ còn ở đây; máy sẽ tự gửi lại.", "No connection. Your words stay here and are sent again.");
      wait(WAIT_AGAIN);
    }
  }

  form.addEventListener("input", () => {
    state.textContent = say("Đang gõ…", "Typing…");
    wait(WAIT_TYPING);
  });
  body.addEventListener("blur", save);
  addEventListener("beforeunload", (event) => {
    if (body.value !== sent) event.preventDefault();
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sent = body.value;
  });
}

// Who fixes must have read what is stored: after a saving the page is loaded anew before that.
function stale() {
  const button = document.querySelector("[data-fix]");
  if (!button || button.dataset.stale) return;
  button.dataset.stale = "1";
  button.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  button.lastChild.textContent = say("Đọc lại rồi chốt", "Read again, then fix");
}

document.querySelectorAll("form[data-autosave]").forEach(keep);
