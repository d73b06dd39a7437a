// Between the device and the server: each change goes over what the device knew of it, nothing is overwritten, and what
// is no longer the judge's to read goes from the device. The server is asked in turn, by one page at a time.
import { changeOf, nameOf, settled, stoppedBy } from "./batches.js";
import * as server from "./server.js";
import { inTurn } from "./vault.js";
import { clock, say } from "./words.js";

const ENDED = () => say("Hồ sơ này không còn trong phân công của bạn nên đã được xóa khỏi máy.", "This dossier is no longer assigned to you and was removed from this device.");

// Send all that waits, then take what the server tells. Gives { state, … }: done, offline, signedout, other, pledge, held.
export function synchronise(batches) {
  return inTurn(`${batches.vault.id}:sync`, () => once(batches));
}

async function once(batches) {
  const line = { token: await tokenFor(batches) };
  if (typeof line.token !== "string") return line.token;
  let outcome = { state: "done", at: clock() };
  const waiting = await batches.waiting();
  for (const batch of await batches.all()) {
    for (const row of batch.rows) {
      if (!waiting.has(`${nameOf(batch)}/${row.code}`)) continue;
      const stop = await send(batches, batch, row.code, line);
      if (stop?.isLine) return stop;
      outcome = stop ?? outcome;
    }
    const stop = await taken(batches, batch);
    if (stop) return stop;
  }
  return outcome;
}

// The token of the sign-in, or why there is none.
async function tokenFor(batches) {
  const answer = await server.who();
  if (!answer || !answer.told) return { state: answer ? "held" : "offline" };
  if (!answer.told.owner) return { state: "signedout" };
  if (answer.told.owner !== batches.vault.id) return { state: "other" };
  return answer.told.csrf_token;
}

// One sheet; what was typed while it was on its way follows at once. Gives why sending has to stop, if it has.
async function send(batches, batch, code, line) {
  let isRenewed = false;
  for (let turn = 0; turn < 20; turn += 1) {
    const change = changeOf(await batches.sheet(batch, code));
    if (!change) return null;
    const answer = await server.saved(batch, code, change, line.token);
    if (!answer) return { state: "offline", isLine: true };
    const { status, told } = answer;
    if (status === 0) return { state: "signedout", isLine: true };
    if (status === 400 && !told && !isRenewed) {
      isRenewed = true;
      line.token = await tokenFor(batches);
      if (typeof line.token !== "string") return { ...line.token, isLine: true };
    } else if (status === 200 || (status === 422 && told?.scores)) {
      await batches.set(batch, code, (sheet) => kept(sheet, change, told));
    } else if (status === 409 && told?.stored) {
      await batches.set(batch, code, (sheet) => ({ ...sheet, conflict: told }));
      return { state: "conflict" };
    } else if (status === 404) {
      await batches.end(batch, code, ENDED());
      return null;
    } else if (status === 403 && told?.state === "pledge") {
      return { state: "pledge", round: batch.round, isLine: true };
    } else if (status === 423 || (status < 500 && status !== 429 && told?.message)) {
      await batches.set(batch, code, (sheet) => ({ ...sheet, stopped: stoppedBy(told?.state, told?.message), done: false }));
      return null;
    } else {
      return { state: "held", isLine: true };
    }
  }
  return null;
}

function kept(sheet, change, told) {
  const next = settled(sheet, change, told);
  const wrong = { ...sheet.wrong };
  for (const [field, sentences] of Object.entries(told.errors ?? {})) {
    const key = field.replace(/^score_/, "");
    // Said of what was sent; what has been typed since is not wrong yet.
    if (field === "remark" ? next.typed.remark === change.remark : next.typed.scores[key] === change.scores[key]) wrong[key] = sentences.join(" ");
  }
  return { ...next, wrong, late: told.counts ? undefined : told.message, sentAt: told.saved_at };
}

// The batch as the server has it now.
async function taken(batches, batch) {
  const answer = await server.listed(batch);
  if (!answer) return { state: "offline" };
  if (answer.status === 0) return { state: "signedout" };
  if (answer.status === 403 && answer.told?.state === "pledge") return { state: "pledge", round: batch.round };
  if (answer.status === 403 || answer.status === 404) {
    await batches.endAll(batch, ENDED());
    return null;
  }
  if (answer.status !== 200 || !answer.told) return { state: "held" };
  const codes = new Set(answer.told.rows.map((row) => row.code));
  for (const row of batch.rows) if (!codes.has(row.code)) await batches.end(batch, row.code, ENDED());
  const fresh = await batches.keep(answer.told);
  for (const row of fresh.rows) if (row.state !== "draft") await batches.dropDossier(fresh, row.code);
  await batches.endExpired();
  return null;
}
