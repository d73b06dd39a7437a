// Taking a batch onto the device: dossier by dossier, file by file, piece by piece; what is there is not asked for again.
import { nameOf, PIECE, pieceName } from "./batches.js";
import * as server from "./server.js";

// Tells each step by `tell(code, { state, bytes, of })`; gives the first refusal, or null when all are whole.
export async function takeAll(batches, batch, tell) {
  for (const row of batch.rows.filter((one) => one.state === "draft")) {
    const refusal = await takeOne(batches, batch, row.code, (step) => tell(row.code, step));
    if (refusal) return refusal;
  }
  return null;
}

async function takeOne(batches, batch, code, tell) {
  tell({ state: "going", bytes: 0, of: 0 });
  const answer = await server.packaged(batch, code);
  if (answer?.status === 404) {
    await batches.end(batch, code, answer.told?.message ?? "");
    tell({ state: "gone" });
    return null;
  }
  if (answer?.status !== 200 || !answer.told) {
    tell({ state: "failed" });
    return { status: answer?.status, message: answer?.told?.message ?? "" };
  }
  const dossier = { code, title: answer.told.title, dossier: answer.told.dossier, files: answer.told.files };
  await dropOthers(batches, batch, code, dossier.files);
  const isWhole = await batches.isWhole(batch, code);
  await batches.vault.put(`dossier:${nameOf(batch)}/${code}`, { ...dossier, isWhole });
  const of = dossier.files.reduce((sum, file) => sum + file.size, 0);
  let bytes = 0;
  for (const file of dossier.files) {
    for (let number = 0; number * PIECE < file.size; number += 1) {
      tell({ state: "going", bytes, of });
      const size = Math.min(PIECE, file.size - number * PIECE);
      if (!(await takePiece(batches, batch, code, file, number, size))) {
        tell({ state: "failed" });
        return { message: "" };
      }
      bytes += size;
    }
    if (file.has_picture) await takePicture(batches, batch, code, file);
  }
  await batches.vault.put(`dossier:${nameOf(batch)}/${code}`, { ...dossier, isWhole: true });
  tell({ state: "whole", bytes, of });
  return null;
}

async function takePiece(batches, batch, code, file, number, size) {
  const name = pieceName(batch, code, file, number);
  if (await batches.vault.has(name)) return true;
  const bytes = await server.bytesOf(batch, code, file.id, number * PIECE, size);
  if (bytes?.byteLength !== size) return false;
  await batches.vault.putBytes(name, bytes);
  return true;
}

// Without its small picture a file is as whole.
async function takePicture(batches, batch, code, file) {
  const name = `picture:${nameOf(batch)}/${code}/${file.id}`;
  if (await batches.vault.has(name)) return;
  const bytes = await server.bytesOf(batch, code, file.id);
  if (bytes) await batches.vault.putBytes(name, bytes);
}

// Files that were there and are no longer shown.
async function dropOthers(batches, batch, code, files) {
  const held = await batches.dossier(batch, code);
  const ids = new Set(files.map((file) => file.id));
  for (const file of held?.files ?? []) {
    if (ids.has(file.id)) continue;
    for (let number = 0; number * PIECE < file.size; number += 1) await batches.vault.drop(pieceName(batch, code, file, number));
    await batches.vault.drop(`picture:${nameOf(batch)}/${code}/${file.id}`);
  }
}
