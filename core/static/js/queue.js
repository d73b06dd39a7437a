// What waits to be sent, kept on this machine until the server has it: a page that closes, a line that is cut or a
// sign-in that ends loses nothing. Kept for one dossier and one account; each page of it has a place of its own, and a
// page takes over what a closed one has left.
const PREFIX = "bangvang:cho:";

export const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");

export class Queue {
  // Give the place up while the page lives: another one may take it over.
  leave = () => {};

  constructor(account, ref) {
    this.place = `${PREFIX}${account}:${ref}:`;
    this.key = this.place + newId();
    this.items = [];
    this.isKept = true;
    // The lock tells other pages that this one lives; the browser gives it back when the page goes.
    navigator.locks?.request(this.key, () => new Promise((leave) => { this.leave = leave; }));
  }

  // Take over what pages that are closed have left; returns whether there was anything.
  async adopt() {
    const lives = new Set(((await navigator.locks?.query())?.held ?? []).map((one) => one.name));
    const left = Object.keys(localStorage).filter((key) => key.startsWith(this.place) && key !== this.key && !lives.has(key));
    const found = left.flatMap((key) => readItems(key)).filter((one) => !this.items.some((own) => own.op === one.op));
    if (!found.length) return false;
    this.items = [...found.sort((one, other) => one.at - other.at), ...this.items];
    this.keep();
    left.forEach((key) => localStorage.removeItem(key));
    return true;
  }

  // Put in the newest value of a part. One that is on its way is sent to its end first: `mine` names it.
  put(path, value, base) {
    const held = this.items.findLast((one) => one.path === path);
    if (held && JSON.stringify(held.value) === JSON.stringify(value)) return;
    if (held) {
      if (held.sent) held.mine = [...held.mine, held.op].slice(-20);
      Object.assign(held, { value, op: newId(), sent: false, at: Date.now() });
    } else {
      this.items.push({ path, value, base, op: newId(), mine: [], sent: false, at: Date.now() });
    }
    this.keep();
  }

  // The server has `op`: what was typed after it waits on, over the version that the server told.
  done(path, op, version) {
    this.items = this.items.filter((one) => one.op !== op);
    for (const one of this.items) {
      if (one.path !== path || !one.mine.includes(op)) continue;
      one.base = version;
      one.mine = one.mine.filter((id) => id !== op);
    }
    this.keep();
  }

  drop(item) {
    this.items = this.items.filter((one) => one !== item);
    this.keep();
  }

  next() {
    return this.items.find((one) => !one.conflict);
  }

  // The ids of all savings that the server may have got without our hearing of it.
  savings() {
    return this.items.flatMap((one) => [...one.mine, ...(one.sent ? [one.op] : [])]);
  }

  keep() {
    try {
      if (this.items.length) localStorage.setItem(this.key, JSON.stringify(this.items));
      else localStorage.removeItem(this.key);
      this.isKept = true;
    } catch {
      this.isKept = false; // no room on this machine: the page asks before it is left
    }
  }
}

function readItems(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}
