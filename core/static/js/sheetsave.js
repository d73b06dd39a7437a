// Each change on a score sheet is saved by itself while it is typed. What could not be sent waits on this machine and is
// sent again; two copies of one criterion stand side by side; points that do not fit are told and stay as typed.
import { SheetQueue, storedIn } from "./sheetqueue.js";
import { Sender } from "./sending.js";
import { tellState } from "./savestate.js";

const WAIT = 900; // milliseconds after the last key; a box that is left is sent at once
const LONGEST_WAIT = 30000;

export function saveSheet(sheet) {
  const { form } = sheet;
  const { account, ref, autosave: address, signIn } = form.dataset;
  const queue = new SheetQueue(account, ref);
  const sender = new Sender(form);
  const state = tellState(form.querySelector("[data-save-state]"), signIn);
  const timers = new Map();
  let running = null;
  let tries = 0;
  let again;
  let isGoing = false;
  let isTouched = false;
  let savedAt = form.querySelector("[data-save-state]")?.dataset.savedAt;

  const revision = () => Number(form.elements.revision.value);

  function show(kind, more = {}) {
    state(kind, { count: queue.items.length, ...more });
  }

  // What is told once nothing is on its way.
  function rest() {
    if (queue.items.some((one) => one.conflict)) show("conflict");
    else if (queue.items.some((one) => one.wrong)) show("unfit");
    else if (queue.items.length) show("held");
    else show("saved", { at: savedAt });
  }

  // Put what stands in the box into the queue, when it differs from what the server is known to have.
  function note(path) {
    clearTimeout(timers.get(path));
    timers.delete(path);
    const held = queue.item(path);
    if (!held && sheet.isKnown(path)) return;
    const value = sheet.read(path);
    if (held?.value === value) return;
    const wrong = sheet.fault(path);
    sheet.tell(path, wrong);
    if (held?.wrong && sheet.isKnown(path)) {
      queue.drop(held);
      return;
    }
    queue.put(path, value, sheet.base(path), wrong);
    if (held?.conflict) ask(held);
  }

  const noteAll = () => sheet.paths.forEach(note);

  function pump() {
    running ??= run().finally(() => { running = null; });
    return running;
  }

  async function run() {
    clearTimeout(again);
    for (let items = queue.ready(); items.length; items = queue.ready()) {
      show("saving");
      const outcome = await send(items);
      if (outcome.stop) return;
      if (outcome.wait) {
        tries += 1;
        again = setTimeout(pump, Math.min(LONGEST_WAIT, 500 * 2 ** tries));
        return;
      }
      tries = 0;
    }
    if (isTouched || queue.items.length) rest();
  }

  async function send(items) {
    const sent = items.map(({ path, op }) => [path, op]);
    const body = SheetQueue.body(items, revision());
    items.forEach((one) => { one.sent = true; });
    queue.keep();
    const { trouble, status, told } = await sender.post(address, body);
    if (trouble === "renewed") return {};
    if (trouble) {
      show(trouble === "signedout" ? "signedout" : "held");
      return { wait: true };
    }
    if (told && (status === 200 || status === 422)) {
      const wrong = queue.answered(sent, told);
      take(told);
      wrong.forEach((path) => sheet.tell(path, queue.item(path).wrong));
      savedAt = told.saved_at || savedAt;
      return {};
    }
    if (status === 409 && told?.fields) {
      queue.divided(sent, told).forEach(ask);
      take(told.stored);
      return {};
    }
    show("refused", { message: told?.message });
    if (status === 423) sheet.inputs.forEach((input) => { input.readOnly = true; });
    return { stop: true };
  }

  // The sheet as the server has it now.
  function take(told) {
    form.elements.revision.value = told.revision;
    for (const path of sheet.paths) {
      if (!queue.item(path)) sheet.store(path, storedIn(told, path));
    }
    if (!told.counts) {
      document.querySelector("[data-told]")?.removeAttribute("hidden");
      form.querySelectorAll("[data-lock], [data-later]").forEach((button) => { button.hidden = true; });
    }
  }

  function ask(item) {
    sheet.showCopies(item, {
      keepMine() {
        Object.assign(item, { base: item.conflict.value, conflict: undefined, sent: false });
        queue.keep();
        pump();
      },
      takeTheirs() {
        const { path, conflict } = item;
        queue.drop(item);
        form.elements[`base_${path}`].value = conflict.value;
        sheet.put(path, conflict.value);
        rest();
      },
    });
  }

  form.addEventListener("input", (event) => {
    const path = sheet.pathOf(event.target);
    if (!path) return;
    isTouched = true;
    show("typing");
    clearTimeout(timers.get(path));
    // A number that is half typed is not a wrong one yet: it is looked at when the box is left.
    timers.set(path, setTimeout(() => {
      if (sheet.fault(path)) return;
      note(path);
      pump();
    }, WAIT));
  });
  for (const kind of ["change", "focusout"]) {
    form.addEventListener(kind, (event) => {
      const path = sheet.pathOf(event.target);
      if (!path) return;
      note(path);
      pump();
    });
  }
  // A button waits until the server has every change, so that the page it leads to shows them.
  form.addEventListener("submit", async (event) => {
    if (isGoing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    noteAll();
    await pump();
    await pump();
    await new Promise((go) => { setTimeout(go); }); // a form takes no other submission while it tells of this one
    if (queue.items.some((one) => one.conflict)) {
      form.querySelector(".twocopies")?.focus();
      return;
    }
    if (queue.ready().length) return; // the line says why: it goes on by itself, and the button can be pressed again
    isGoing = true;
    setTimeout(() => { isGoing = false; }, 3000);
    form.requestSubmit(button);
  }, true);
  window.addEventListener("pageshow", () => { isGoing = false; });
  window.addEventListener("pagehide", () => { noteAll(); pump(); });
  document.addEventListener("visibilitychange", () => { noteAll(); pump(); });
  window.addEventListener("online", () => { tries = 0; pump(); });
  window.addEventListener("offline", () => { noteAll(); show(queue.items.length ? "held" : "offline"); });
  window.addEventListener("beforeunload", (event) => {
    noteAll();
    if (!queue.isKept) event.preventDefault();
  });

  async function begin() {
    if (!(await queue.adopt())) return;
    for (const item of queue.items) {
      item.sent = false;
      sheet.put(item.path, item.value);
      if (item.wrong) sheet.tell(item.path, item.wrong);
      if (item.conflict) ask(item);
    }
    show("held");
    pump();
  }
  begin();
  setTimeout(begin, 2000); // the page before this one may have taken a moment to close
}
