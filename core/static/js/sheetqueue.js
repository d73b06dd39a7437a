// What waits to be sent of one score sheet: for each criterion and the remark what was typed, and what was known to be
// stored. A change whose answer never came may be stored all the same: what was sent is remembered, so that nobody is
// asked to choose between two copies of their own.
import { Queue } from "./queue.js";

export class SheetQueue extends Queue {
  put(path, value, base, wrong) {
    const held = this.items.find((one) => one.path === path);
    if (held && held.value === value) return;
    if (held?.sent) held.tried = [...(held.tried ?? []), held.value].slice(-20);
    super.put(path, value, base);
    this.items.find((one) => one.path === path).wrong = wrong || undefined;
    this.keep();
  }

  item(path) {
    return this.items.find((one) => one.path === path);
  }

  // What can be sent now: neither divided between two copies nor known to be wrong.
  ready() {
    return this.items.filter((one) => !one.conflict && !one.wrong);
  }

  // The body of a request for `items`.
  static body(items, revision) {
    const body = { revision, scores: {}, base: {} };
    for (const { path, value, base } of items) {
      if (path === "remark") Object.assign(body, { remark: value, base_remark: base });
      else {
        body.scores[path] = value;
        body.base[path] = base;
      }
    }
    return body;
  }

  // What the server says of `sent` (pairs of path and op): 200 and 422. Returns the paths that do not pass.
  answered(sent, told) {
    const wrong = [];
    for (const [path, op] of sent) {
      const errors = told.errors?.[path === "remark" ? path : `score_${path}`];
      const held = this.item(path);
      if (errors && held?.op === op) {
        Object.assign(held, { wrong: errors.join(" "), sent: false });
        wrong.push(path);
      } else if (!errors) {
        this.done(path, op, storedIn(told, path));
        if (this.item(path)) this.item(path).tried = [];
      }
    }
    this.keep();
    return wrong;
  }

  // What was changed elsewhere. Of a copy of our own nobody is asked; returns the items that have two copies.
  divided(sent, told) {
    const asked = [];
    for (const [path] of sent) {
      const held = this.item(path);
      if (!held) continue;
      held.sent = false;
      if (!told.fields.includes(path)) continue;
      const stored = storedIn(told.stored, path);
      if (held.tried?.some((value) => tidy(path, value) === stored)) Object.assign(held, { base: stored, tried: [] });
      else {
        held.conflict = { value: stored };
        asked.push(held);
      }
    }
    this.keep();
    return asked;
  }
}

export const storedIn = (told, path) => (path === "remark" ? told.remark : told.scores[path] ?? "");
// A value as the server stores it, to compare with.
export const tidy = (path, value) => (path === "remark"
  ? value.replace(/\r\n?/g, "\n").normalize("NFC").trim()
  : value.trim().replace(",", ".").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").replace(/^0+(?=\d)/, ""));
