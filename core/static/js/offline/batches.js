// What lies in a vault: the batches of rounds, their dossiers with files, the sheets as the server has them and as they
// were typed, and what was typed for dossiers that have gone.
import { isSame } from "./points.js";
import { sizeOf, say } from "./words.js";

export const PIECE = 1048576;
export const nameOf = (batch) => `${batch.edition}/${batch.round}`;
const BLANK = { known: { state: "draft", revision: 0, scores: {}, remark: "" }, typed: { scores: {} }, wrong: {} };

// What stands on a sheet: what was typed, else what the server has.
export const pointsOn = (sheet, key) => sheet.typed.scores[key] ?? (sheet.known.scores[key] ?? "");
export const remarkOn = (sheet) => sheet.typed.remark ?? sheet.known.remark;
export const isDraft = (sheet) => sheet.known.state === "draft" && !sheet.stopped;
export const hasTyped = (sheet) => Object.keys(sheet.typed.scores).length > 0 || sheet.typed.remark !== undefined;

// What is worth sending now: not what the server has refused as it stands, nor what waits for a choice.
export function changeOf(sheet) {
  if (sheet.conflict || sheet.stopped) return null;
  const keys = Object.keys(sheet.typed.scores).filter((key) => !sheet.wrong[key]);
  const hasRemark = sheet.typed.remark !== undefined && !sheet.wrong.remark;
  if (!keys.length && !hasRemark) return null;
  return {
    revision: sheet.known.revision,
    scores: Object.fromEntries(keys.map((key) => [key, sheet.typed.scores[key]])),
    base: Object.fromEntries(keys.map((key) => [key, sheet.known.scores[key] ?? ""])),
    ...(hasRemark ? { remark: sheet.typed.remark, base_remark: sheet.known.remark } : {}),
  };
}

// The sheet after the server has told how it stands: what was sent in `change` is the server's now, unless the judge has
// gone on typing meanwhile; what he sees never changes under his hands.
export function settled(sheet, change, told) {
  const known = { state: told.state ?? "draft", revision: told.revision, scores: told.scores, remark: told.remark };
  const typed = { ...sheet.typed, scores: { ...sheet.typed.scores } };
  for (const key of Object.keys(change.scores)) {
    const wanted = pointsOn(sheet, key);
    delete typed.scores[key];
    if (!isSame(wanted, known.scores[key])) typed.scores[key] = wanted;
  }
  if (change.remark !== undefined) {
    const wanted = remarkOn(sheet);
    delete typed.remark;
    if (wanted !== known.remark && wanted !== change.remark) typed.remark = wanted;
  }
  return { ...sheet, known, typed };
}

export class Batches {
  constructor(vault) {
    this.vault = vault;
  }

  async all() {
    return Object.values(await this.vault.get("batches") ?? {});
  }

  // Keep a batch as the server tells it; what the device knows of its own stays.
  async keep(told) {
    const batch = { ...told, deadline: Date.now() + told.left_ms };
    await this.vault.change("batches", (held) => ({ ...held, [nameOf(batch)]: batch }));
    for (const row of batch.rows) await this.#refresh(batch, row);
    return batch;
  }

  async drop(batch) {
    await this.vault.change("batches", (held) => {
      const rest = { ...held };
      delete rest[nameOf(batch)];
      return rest;
    });
  }

  // The server's sheet, where nothing typed here waits to be sent over what the device knew.
  #refresh(batch, row) {
    return this.#change(batch, row.code, (sheet) => {
      if (hasTyped(sheet) && row.sheet.state === "draft" && !sheet.stopped) return undefined;
      const stopped = row.sheet.state === "draft" ? undefined : sheet.stopped ?? (hasTyped(sheet) ? stoppedBy(row.sheet.state) : undefined);
      const next = { ...sheet, known: row.sheet, stopped, done: Boolean(sheet.done) && row.sheet.state === "draft" };
      return JSON.stringify(next) === JSON.stringify({ ...sheet, stopped: sheet.stopped, done: Boolean(sheet.done) }) ? undefined : next;
    });
  }

  dossier(batch, code) {
    return this.vault.get(`dossier:${nameOf(batch)}/${code}`);
  }

  async sheet(batch, code) {
    return await this.vault.get(`sheet:${nameOf(batch)}/${code}`) ?? structuredClone(BLANK);
  }

  async #change(batch, code, work) {
    const sheet = await this.vault.change(`sheet:${nameOf(batch)}/${code}`, (held) => work(held ?? structuredClone(BLANK)));
    if (sheet !== undefined) await this.#mark(batch, code, hasTyped(sheet));
    return sheet;
  }

  // Which sheets hold what the server has not got.
  #mark(batch, code, isWaiting) {
    const place = `${nameOf(batch)}/${code}`;
    return this.vault.change("waiting", async (held) => {
      const waiting = { ...held };
      if (Boolean(waiting[place]) === isWaiting) return undefined;
      if (isWaiting) waiting[place] = true;
      else delete waiting[place];
      await this.vault.tellUnsent(Object.keys(waiting).length);
      return waiting;
    });
  }

  async waiting() {
    return new Set(Object.keys(await this.vault.get("waiting") ?? {}));
  }

  type(batch, code, key, text) {
    return this.#change(batch, code, (sheet) => {
      const scores = { ...sheet.typed.scores };
      delete scores[key];
      if (!isSame(text, sheet.known.scores[key])) scores[key] = text.trim();
      return { ...sheet, typed: { ...sheet.typed, scores }, wrong: { ...sheet.wrong, [key]: undefined }, done: false };
    });
  }

  remark(batch, code, text) {
    return this.#change(batch, code, (sheet) => {
      const typed = { ...sheet.typed };
      delete typed.remark;
      if (text !== sheet.known.remark) typed.remark = text;
      return { ...sheet, typed, wrong: { ...sheet.wrong, remark: undefined } };
    });
  }

  done(batch, code, isDone) {
    return this.#change(batch, code, (sheet) => ({ ...sheet, done: isDone }));
  }

  set(batch, code, work) {
    return this.#change(batch, code, work);
  }

  // Each of two copies was chosen: the server's become known, mine are sent over it.
  choose(batch, code, choices) {
    return this.#change(batch, code, (sheet) => {
      if (!sheet.conflict) return undefined;
      const typed = { ...sheet.typed, scores: { ...sheet.typed.scores } };
      for (const [field, choice] of Object.entries(choices)) {
        if (choice === "mine") continue;
        if (field === "remark") delete typed.remark;
        else delete typed.scores[field];
      }
      const { state, revision, scores, remark } = sheet.conflict.stored;
      return { ...sheet, typed, known: { state: state ?? "draft", revision, scores, remark }, conflict: undefined };
    });
  }

  // The file of a dossier, put together; null when a piece is missing.
  async file(batch, code, file) {
    const pieces = [];
    for (let number = 0; number * PIECE < file.size; number += 1) {
      const piece = await this.vault.bytes(pieceName(batch, code, file, number));
      if (!piece) return null;
      pieces.push(piece);
    }
    return new Blob(pieces, { type: file.type }).arrayBuffer();
  }

  picture(batch, code, file) {
    return this.vault.bytes(`picture:${nameOf(batch)}/${code}/${file.id}`);
  }

  async isWhole(batch, code) {
    return Boolean((await this.dossier(batch, code))?.isWhole);
  }

  // A dossier with its files goes from the device; what was typed for it does not.
  async dropDossier(batch, code) {
    const held = await this.dossier(batch, code);
    if (!held) return;
    await this.vault.drop(`dossier:${nameOf(batch)}/${code}`);
    for (const file of held.files) {
      for (let number = 0; number * PIECE < file.size; number += 1) await this.vault.drop(pieceName(batch, code, file, number));
      await this.vault.drop(`picture:${nameOf(batch)}/${code}/${file.id}`);
    }
  }

  // A dossier is no longer to be judged here: it goes, and what was typed and not sent is kept to be read and copied.
  async end(batch, code, sentence) {
    const sheet = await this.sheet(batch, code);
    if (hasTyped(sheet)) {
      const points = batch.criteria.filter((one) => sheet.typed.scores[one.key] !== undefined)
        .map((one) => ({ name: one.name, text: sheet.typed.scores[one.key] }));
      const line = { place: `${nameOf(batch)}/${code}`, code, name: batch.name, at: Date.now(), sentence, points, remark: sheet.typed.remark ?? "" };
      await this.vault.change("left", (held) => [...(held ?? []).filter((one) => one.place !== line.place), line]);
    }
    await this.dropDossier(batch, code);
    await this.vault.drop(`sheet:${nameOf(batch)}/${code}`);
    await this.#mark(batch, code, false);
  }

  async left() {
    return await this.vault.get("left") ?? [];
  }

  forgetLeft(place) {
    return this.vault.change("left", (held) => (held ?? []).filter((one) => one.place !== place));
  }

  // All of a batch goes, with one sentence for what was typed and not sent.
  async endAll(batch, sentence) {
    for (const row of batch.rows) await this.end(batch, row.code, sentence);
    await this.drop(batch);
  }

  async endExpired(now = Date.now()) {
    for (const batch of await this.all()) {
      if (batch.deadline > now) continue;
      await this.endAll(batch, say("Đã hết hạn giữ hồ sơ trên máy này.", "The time for keeping dossiers on this device is over."));
    }
  }
}

export const pieceName = (batch, code, file, number) => `file:${nameOf(batch)}/${code}/${file.id}:${number}`;

export function stoppedBy(state, message) {
  return {
    state,
    message: message ?? (state === "locked"
      ? say("Phiếu này đã khóa ở nơi khác nên điểm gõ thêm không được nhận.", "This sheet was locked elsewhere, so what was typed after it is not taken.")
      : say("Bạn đã từ chối chấm hồ sơ này ở nơi khác.", "You abstained from this dossier elsewhere.")),
  };
}

// How much room the device has left, in words; "" where it does not tell.
export async function room(needed) {
  const told = await navigator.storage?.estimate?.().catch(() => null);
  if (!told?.quota) return { words: "", isShort: false };
  const free = told.quota - told.usage;
  return { words: say(`(máy này còn trống ${sizeOf(free)})`, `(${sizeOf(free)} free on this device)`), isShort: free < needed * 1.2 };
}
