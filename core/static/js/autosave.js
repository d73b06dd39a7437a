// Each field of the dossier is saved by itself while it is typed. What could not be sent waits in the queue of this
// machine and is sent again; two copies of one field are shown side by side; what does not pass is told at its field.
import { Parts } from "./parts.js";
import { Queue } from "./queue.js";
import { tellState } from "./savestate.js";
import { Sender } from "./sending.js";

const WAIT_TYPING = 1200; // milliseconds after the last key in a paragraph; a line is sent when it is left
const WAIT_LINE = 4000;
const LONGEST_WAIT = 30000;

export function autosave(root) {
  const { account, ref, autosave: address, signIn } = root.dataset;
  const queue = new Queue(account, ref);
  const parts = new Parts(root);
  const state = tellState(document.querySelector("[data-save-state]"), signIn);
  const timers = new Map();
  const sender = new Sender(root);
  let busy = false;
  let tries = 0;
  let again;

  function show(kind, more = {}) {
    const isDivided = kind === "held" && queue.items.length && !queue.next();
    state(isDivided ? "conflict" : kind, { count: queue.items.length, ...more });
  }

  // Put what stands in the field into the queue, when it differs from what the server is known to have.
  function note(path) {
    clearTimeout(timers.get(path));
    timers.delete(path);
    const value = parts.read(path);
    const waits = queue.items.some((one) => one.path === path);
    if (!waits && parts.isKnown(path, value)) return;
    queue.put(path, value, parts.base(path));
  }

  function noteAll() {
    parts.paths.forEach(note);
  }

  async function pump() {
    if (busy) return;
    busy = true;
    clearTimeout(again);
    let item;
    while ((item = queue.next())) {
      show("saving");
      const outcome = await send(item);
      if (outcome === "wait") {
        tries += 1;
        again = setTimeout(pump, Math.min(LONGEST_WAIT, 500 * 2 ** tries));
        break;
      }
      if (outcome === "stop") break;
      tries = 0;
    }
    busy = false;
  }

  // Send one item: "done", "wait" to try again later, or "stop" until the person does something.
  async function send(item) {
    const { path, op, value } = item;
    item.sent = true;
    const { trouble, status, told } = await sender.post(address, { path, value, op, base: item.base, mine: item.mine });
    if (trouble === "renewed") return "done";
    if (trouble) {
      show(trouble === "signedout" ? "signedout" : "held");
      return "wait";
    }
    if (told && (status === 200 || status === 422)) {
      queue.done(path, op, told.version);
      parts.saved(path, value, told, !queue.items.some((one) => one.path === path));
      show(queue.items.length ? "held" : "saved", { at: told.saved_at, wrong: Object.keys(told.errors).length });
      return "done";
    }
    if (status === 409 && told?.path) return divided(item, told);
    show("refused", { message: told?.message });
    return "stop";
  }

  function divided(item, told) {
    item.conflict = told;
    queue.keep();
    show("conflict");
    ask(item);
    return "done";
  }

  function ask(item) {
    parts.showCopies(item, {
      keepMine() {
        Object.assign(item, { base: item.conflict.version, mine: [], conflict: undefined, sent: false });
        item.op = `${item.op}m`.slice(-40);
        queue.keep();
        pump();
      },
      takeTheirs() {
        queue.drop(item);
        parts.take(item.path, item.conflict);
        show(queue.items.length ? "held" : "saved");
      },
    });
  }

  root.addEventListener("input", (event) => {
    const path = parts.pathOf(event.target);
    if (!path) return;
    show("typing");
    clearTimeout(timers.get(path));
    const wait = event.target.tagName === "TEXTAREA" ? WAIT_TYPING : WAIT_LINE;
    timers.set(path, setTimeout(() => { note(path); pump(); }, wait));
  });
  for (const kind of ["change", "focusout"]) {
    root.addEventListener(kind, (event) => {
      const path = parts.pathOf(event.target);
      if (!path) return;
      note(path);
      pump();
    });
  }
  // The form is sent as a whole: it tells which savings are its own, and without a line it stays here.
  root.addEventListener("submit", (event) => {
    noteAll();
    if (root.elements?.savings) root.elements.savings.value = queue.savings().join(" ");
    if (navigator.onLine) return;
    event.preventDefault();
    show("held");
  }, true);
  window.addEventListener("pagehide", () => { noteAll(); pump(); });
  document.addEventListener("visibilitychange", () => { noteAll(); pump(); });
  window.addEventListener("online", pump);
  window.addEventListener("offline", () => { noteAll(); show(queue.items.length ? "held" : "offline"); });
  window.addEventListener("beforeunload", (event) => {
    noteAll();
    if (!queue.isKept) event.preventDefault();
  });

  async function begin() {
    if (!(await queue.adopt())) return;
    for (const item of queue.items) {
      parts.put(item.path, item.value);
      if (item.conflict) ask(item);
    }
    show("held");
    pump();
  }
  begin();
  setTimeout(begin, 2000); // the page before this one may have taken a moment to close
}
