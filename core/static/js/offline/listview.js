// The list of what was taken: how far each round is, what waits to be sent, what waits to be locked.
import { hasTyped, isDraft, nameOf, pointsOn } from "./batches.js";
import { hundredths, points } from "../points.js";
import { total } from "./points.js";
import { lockPath, onlinePath } from "./server.js";
import { badge, copied, el, icon, notice, say } from "./words.js";

export const hrefOf = (batch, code) => `#/${encodeURIComponent(batch.edition)}/${encodeURIComponent(batch.round)}/${encodeURIComponent(code)}`;

export const isFilled = (batch, sheet) => batch.criteria.every((one) => pointsOn(sheet, one.key));
export const isFinished = (sheet) => sheet.known.state !== "draft" || Boolean(sheet.done);
export const totalOn = (batch, sheet) => total(batch.criteria, Object.fromEntries(batch.criteria.map((one) => [one.key, pointsOn(sheet, one.key)])));

function stateOf(batch, sheet) {
  if (sheet.conflict) return badge("refused", say("Có hai bản, cần chọn", "Two copies, choose"), "exclamation-triangle");
  if (sheet.known.state === "locked") return badge("fine", say("Đã khóa", "Locked"), "lock-fill");
  if (sheet.known.state === "abstained") return badge("held", say("Không chấm", "Abstained"), "pause-circle-fill");
  if (sheet.stopped) return badge("refused", say("Không gửi được, cần xem", "Not accepted, look"), "x-circle-fill");
  if (Object.values(sheet.wrong).some(Boolean)) return badge("refused", say("Có điểm cần sửa", "Points to correct"), "exclamation-circle");
  if (sheet.done) return badge("waiting", say("Xong, chờ khóa", "Done, to be locked"), "check-lg");
  const scored = batch.criteria.filter((one) => pointsOn(sheet, one.key)).length;
  if (scored === batch.criteria.length) return badge("waiting", say("Đủ điểm", "All points"), "hourglass-split");
  if (scored) return badge("draft", say(`Đang chấm ${scored}/${batch.criteria.length}`, `Scored ${scored}/${batch.criteria.length}`), "pencil");
  return badge("draft", say("Chưa chấm", "Not scored"), "circle");
}

export async function drawList(place, batches, isOnline) {
  const all = await batches.all();
  const drawn = await Promise.all(all.map((batch) => drawBatch(batches, batch, isOnline)));
  const left = await batches.left();
  place.replaceChildren(
    el("div", { class: "page__head" }, el("div", { class: "page__title" },
      el("h1", { tabindex: "-1", text: say("Phiếu chấm trên máy này", "Sheets on this device") }))),
    ...left.map((line) => drawLeft(batches, line)),
    ...drawn,
    ...(all.length ? [] : [notice("info", say("Máy này không còn hồ sơ nào", "No dossiers on this device"),
      el("p", {}, say("Khi có mạng, bạn mở bàn chấm và bấm “Mang hồ sơ theo”.", "With a network, open the desk and choose “Take dossiers along”.")))]),
  );
}

async function drawBatch(batches, batch, isOnline) {
  const [made, places] = copied("t-batch");
  const lines = await Promise.all(batch.rows.map(async (row) => ({
    row,
    sheet: await batches.sheet(batch, row.code),
    dossier: await batches.dossier(batch, row.code),
  })));
  const done = lines.filter(({ sheet }) => isFinished(sheet)).length;
  const unsent = lines.filter(({ sheet }) => hasTyped(sheet)).length;
  const ready = lines.filter(({ sheet }) => sheet.done && isDraft(sheet)).length;
  places.name.textContent = `${batch.name} · ${batch.edition_name}`;
  places.until.textContent = say(`Hồ sơ được giữ trên máy này đến ${batch.until}; sau đó tự xóa.`, `Kept on this device until ${batch.until}, then removed.`);
  places.count.textContent = `${done} / ${lines.length}`;
  places.bar.max = lines.length || 1;
  places.bar.value = done;
  const next = lines.find(({ sheet, dossier }) => dossier && isDraft(sheet) && !isFilled(batch, sheet));
  if (next) places.actions.append(el("a", { class: "btn btn-primary", "data-next-dossier": true, href: hrefOf(batch, next.row.code) }, icon("pencil-square"), say("Chấm hồ sơ tiếp theo", "Score the next one")));
  if (ready) {
    const words = say(`Đọc lại và khóa ${ready} phiếu`, `Read again and lock ${ready}`);
    places.actions.append(isOnline && !unsent
      ? el("a", { class: `btn btn-${next ? "outline" : "primary"}`, "data-lock-all": true, href: lockPath(batch) }, icon("lock-fill"), words)
      : el("button", { class: "btn btn-outline", type: "button", disabled: true }, icon("lock-fill"), words));
    if (!isOnline || unsent) places.actions.append(el("p", { class: "quiet small mb-0", text: say("Khóa được khi có mạng và đã gửi hết: cam kết của phiếu được ghi vào nhật ký ở máy chủ.", "Locking needs the network and all sheets sent: the commitment enters the log at the server.") }));
  }
  for (const { row, sheet, dossier } of lines) places.rows.append(drawRow(batch, row, sheet, dossier));
  return made;
}

function drawRow(batch, row, sheet, dossier) {
  const sum = totalOn(batch, sheet);
  const name = dossier
    ? el("a", { href: hrefOf(batch, row.code), text: dossier.title })
    : sheet.known.state === "draft" ? el("a", { href: hrefOf(batch, row.code), text: row.code }) : el("a", { href: onlinePath(batch, row.code), text: row.code });
  const notes = [dossier ? row.code : "", !dossier && sheet.known.state === "draft" ? say("chưa tải về máy", "not on this device") : "", hasTyped(sheet) ? say("chưa gửi", "not sent") : ""].filter(Boolean);
  return el("tr", {},
    el("th", { scope: "row", "data-label": say("Hồ sơ", "Dossier") }, name, el("span", { class: "cellnote", text: notes.join(" · ") })),
    el("td", { "data-label": say("Tình trạng", "State") }, el("div", { class: "cell" }, stateOf(batch, sheet))),
    el("td", { class: "number", "data-label": say("Tổng điểm", "Total") }, el("div", { class: "cell", text: sum === null ? "–" : `${points(sum)}/${points(hundredths(batch.maximum))}` })));
}

// What was typed for a dossier that is gone: to be read, copied, and put away.
function drawLeft(batches, line) {
  const text = [...line.points.map((one) => `${one.name}: ${one.text}`), line.remark].filter(Boolean).join("\n");
  const away = el("button", { class: "btn btn-quiet btn-sm", type: "button", text: say("Tôi đã đọc, bỏ đi", "I have read it, discard") });
  const made = notice("waiting", say(`${line.code}: điểm chưa gửi được`, `${line.code}: points that could not be sent`),
    el("p", { text: `${line.sentence} ${say("Những gì bạn đã gõ còn đây để xem và chép lại:", "What you typed is here to be read and copied:")}` }),
    el("pre", { class: "offline__typed", text }), el("div", { class: "actions" }, away));
  away.addEventListener("click", async () => {
    await batches.forgetLeft(line.place);
    made.remove();
  });
  return made;
}
