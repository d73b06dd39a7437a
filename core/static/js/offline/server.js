// What is asked of the server: null when it cannot be reached, else the status and the JSON, if it is any. A redirect
// is not followed: it leads to the sign-in, and has the status 0.
async function ask(path, options = {}) {
  try {
    const response = await fetch(path, { redirect: "manual", cache: "no-store", ...options });
    const type = response.headers.get("Content-Type") ?? "";
    return { status: response.status, told: type.includes("json") ? await response.json() : null, response };
  } catch {
    return null;
  }
}

const within = (batch) => `ky=${encodeURIComponent(batch.edition)}`;
const sheetPath = (batch, code) => `/cham-thi/${encodeURIComponent(batch.round)}/${encodeURIComponent(code)}`;

export const who = () => ask("/cham-thi/ngoai-tuyen/toi.json");
export const listed = (batch) => ask(`/cham-thi/${encodeURIComponent(batch.round)}/mang-theo/danh-sach?${within(batch)}`);
export const packaged = (batch, code) => ask(`${sheetPath(batch, code)}/goi?${within(batch)}`);
export const begun = (batch, token) => ask(`/cham-thi/${encodeURIComponent(batch.round)}/mang-theo?${within(batch)}`, { method: "POST", headers: { "X-CSRFToken": token } });
export const lockPath = (batch, code) => (code ? `${sheetPath(batch, code)}/khoa?${within(batch)}` : `/cham-thi/${encodeURIComponent(batch.round)}/khoa-tat-ca?${within(batch)}`);
export const onlinePath = (batch, code) => `${sheetPath(batch, code)}?${within(batch)}`;

export const saved = (batch, code, change, token) => ask(`${sheetPath(batch, code)}/tu-luu?${within(batch)}`, {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-CSRFToken": token },
  body: JSON.stringify(change),
});

// Bytes of a file from `start` on, `size` of them at most; the small picture without a start. Null when it failed.
export async function bytesOf(batch, code, id, start, size) {
  const isPicture = start === undefined;
  const path = `${sheetPath(batch, code)}/goi/${id}${isPicture ? "/anh" : ""}?${within(batch)}`;
  const answer = await fetch(path, {
    redirect: "manual",
    cache: "no-store",
    headers: isPicture ? {} : { Range: `bytes=${start}-${start + size - 1}` },
  }).catch(() => null);
  if (!answer || (answer.status !== 200 && answer.status !== 206)) return null;
  return answer.arrayBuffer().catch(() => null);
}
