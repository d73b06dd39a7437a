// One dossier beside its sheet, without a network: each change is kept on the device as it is typed.
import { hasTyped, isDraft, pointsOn, remarkOn } from "./batches.js";
import { hrefOf, isFilled, isFinished, totalOn } from "./listview.js";
import { keysOfBoxes } from "../deskkeys.js";
import { offerLevels } from "../levels.js";
import { hundredths, points } from "../points.js";
import { asRead, faultOf, isSame } from "./points.js";
import { lockPath, onlinePath } from "./server.js";
import { clock, copied, el, icon, notice, say } from "./words.js";

const WAIT = 400;

// Gives { leave }, to be called before another view takes the place.
export async function drawSheet(place, batches, batch, code, changed) {
  const held = await batches.dossier(batch, code);
  const [made, slots] = copied("t-sheet");
  const codes = batch.rows.map((row) => row.code);
  const position = codes.indexOf(code);
  const criteria = new Map(batch.criteria.map((one) => [one.key, one]));
  slots.position.textContent = `${position + 1}/${codes.length}`;
  slots.maximum.textContent = `/${points(hundredths(batch.maximum))}`;
  for (const [name, at] of [["before", position - 1], ["after", position + 1]]) {
    if (codes[at]) slots[name].href = hrefOf(batch, codes[at]);
    else slots[name].remove();
  }
  if (held) {
    slots.dossier.innerHTML = held.dossier; // the server's own page, unlocked with the judge's code
    if (!held.isWhole) slots.dossier.prepend(notice("waiting", say("Hồ sơ này chưa tải hết về máy", "Not all of this dossier is on the device"), el("p", {}, say("Tệp nào chưa có thì mở được khi có mạng.", "Files that are missing open with a network."))));
    showPictures(slots.dossier, batches, batch, code, held.files);
  } else {
    slots.dossier.append(el("h1", { class: "h3", tabindex: "-1", text: code }), notice("waiting", say("Hồ sơ này không có trên máy", "This dossier is not on the device"), el("p", {}, el("a", { href: onlinePath(batch, code), text: say("Mở ở bàn chấm khi có mạng", "Open it at the desk with a network") }))));
  }
  slots.form.innerHTML = batch.form;
  const inputs = [...slots.form.querySelectorAll("[data-score]")];
  const isNarrow = matchMedia("(max-width: 640px)").matches;
  for (const list of slots.form.querySelectorAll("[data-levels]")) {
    offerLevels(list, list.closest("[data-criterion]").querySelector("[data-score]"));
    if (isNarrow) list.closest("details").open = false;
  }
  const keyOf = (input) => input.name.replace(/^score_/, "");
  const remark = slots.remark;
  const timers = new Map();
  let sheet = await batches.sheet(batch, code);

  keysOfBoxes(inputs, slots.next);
  const tellKept = (words) => { slots.kept.textContent = words; };
  const fill = () => {
    const isOpen = isDraft(sheet);
    for (const input of inputs) {
      const text = pointsOn(sheet, keyOf(input));
      if (document.activeElement !== input || !isSame(input.value, text)) input.value = sheet.typed.scores[keyOf(input)] ?? asRead(text);
      input.readOnly = !isOpen;
    }
    if (document.activeElement !== remark) remark.value = remarkOn(sheet);
    remark.readOnly = !isOpen;
    slots.next.textContent = codes.some((one, at) => at !== position && one) ? slots.next.dataset.words : say("Về danh sách", "Back to the list");
    judge();
  };
  const judge = () => {
    for (const input of inputs) {
      const key = keyOf(input);
      tellFault(input, faultOf(criteria.get(key), input.value) || sheet.wrong[key] || "");
    }
    const sum = totalOn(batch, { ...sheet, typed: { ...sheet.typed, scores: { ...sheet.typed.scores, ...Object.fromEntries(inputs.map((one) => [keyOf(one), one.value])) } } });
    slots.total.textContent = sum === null ? "–" : points(sum);
    const isReady = isFilled(batch, sheet) && inputs.every((one) => !faultOf(criteria.get(keyOf(one)), one.value));
    slots.done.hidden = !isDraft(sheet);
    slots.done.disabled = !isReady || Boolean(sheet.conflict);
    slots.done.setAttribute("aria-pressed", String(Boolean(sheet.done)));
    slots.doneWords.textContent = sheet.done ? say("Đã xong, bấm để sửa tiếp", "Done, press to go on") : say("Xong, khóa khi có mạng", "Done, lock with a network");
  };
  const tell = () => {
    slots.notes.replaceChildren(...notesOf(batches, batch, code, sheet, async () => {
      sheet = await batches.sheet(batch, code);
      fill();
      tell();
      changed();
    }));
  };

  const keep = async (input) => {
    clearTimeout(timers.get(input));
    timers.delete(input);
    const text = input.value;
    try {
      sheet = input === remark ? await batches.remark(batch, code, text) : await batches.type(batch, code, keyOf(input), text);
      tellKept(say(`Đã giữ trên máy ${clock()}.`, `Kept on this device ${clock()}.`));
    } catch {
      tellKept(say("Máy này không còn chỗ nên chưa giữ được. Bạn đừng đóng trang.", "No room on this device: not kept. Do not close the page."));
      return;
    }
    judge();
    changed();
  };
  const typed = (event) => {
    const input = event.target;
    if (input !== remark && !inputs.includes(input)) return;
    if (input.readOnly) return;
    judge();
    clearTimeout(timers.get(input));
    timers.set(input, setTimeout(() => keep(input), WAIT));
  };
  const flush = () => Promise.all([...timers.keys()].map(keep));
  made.addEventListener("input", typed);
  made.addEventListener("focusout", () => { flush(); });
  slots.done.addEventListener("click", async () => {
    await flush();
    sheet = await batches.done(batch, code, !sheet.done);
    judge();
    changed();
    if (sheet.done) goOn();
  });
  const goOn = async () => {
    await flush();
    location.hash = await nextOf(batches, batch, code);
  };
  slots.next.addEventListener("click", goOn);
  slots.jump.addEventListener("click", () => {
    made.querySelector("#phieu").scrollIntoView();
    made.querySelector("#phieu").focus({ preventScroll: true });
  });
  place.replaceChildren(made);
  fill();
  tell();
  return {
    leave: flush,
    inputs,
    goOn,
    files: new Map((held?.files ?? []).map((file) => [file.id, { batch, code, file }])),
    // After the server was asked: what it has now, and what it said.
    refresh: async () => {
      if (timers.size) return;
      sheet = await batches.sheet(batch, code);
      if (held && !(await batches.dossier(batch, code))) {
        location.hash = "#/";
        return;
      }
      fill();
      tell();
      if (!hasTyped(sheet) && sheet.sentAt) tellKept(sheet.late ?? say(`Đã gửi ${sheet.sentAt}.`, `Sent ${sheet.sentAt}.`));
    },
  };
}

async function nextOf(batches, batch, code) {
  const codes = batch.rows.map((row) => row.code);
  const at = codes.indexOf(code);
  for (const one of [...codes.slice(at + 1), ...codes.slice(0, at)]) {
    const sheet = await batches.sheet(batch, one);
    if (isDraft(sheet) && !isFinished(sheet) && !isFilled(batch, sheet)) return hrefOf(batch, one);
  }
  return "#/";
}

function tellFault(input, sentence) {
  const box = input.closest(".criterion");
  const id = `e-${input.name}`;
  let line = box.querySelector(".field__error");
  box.classList.toggle("field--wrong", Boolean(sentence));
  input.toggleAttribute("aria-invalid", false);
  if (!sentence) {
    line?.remove();
    return;
  }
  input.setAttribute("aria-invalid", "true");
  if (!line) {
    line = el("p", { class: "field__error", id }, icon("exclamation-circle-fill"), el("span"));
    box.append(line);
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  }
  line.querySelector("span").textContent = sentence;
}

function notesOf(batches, batch, code, sheet, again) {
  const notes = [];
  if (sheet.known.state === "locked") notes.push(notice("fine", say("Phiếu đã khóa", "The sheet is locked"), el("p", {}, say("Điểm chỉ sửa được khi hội đồng mở thảo luận hồ sơ này, và phải có lý do.", "Points can be changed only while the council deliberates on this dossier, with a reason."))));
  else if (sheet.known.state === "abstained") notes.push(notice("waiting", say("Bạn đã từ chối chấm hồ sơ này", "You abstained from this dossier")));
  if (sheet.stopped) {
    const lines = batch.criteria.filter((one) => sheet.typed.scores[one.key] !== undefined).map((one) => `${one.name}: ${sheet.typed.scores[one.key]}`);
    notes.push(notice("refused", say("Điểm gõ trên máy này không được nhận", "What was typed here is not taken"), el("p", { text: sheet.stopped.message }),
      el("pre", { class: "offline__typed", text: [...lines, sheet.typed.remark ?? ""].filter(Boolean).join("\n") })));
  }
  if (sheet.late) notes.push(notice("waiting", say("Đã hết thời gian chấm", "The time of judging is over"), el("p", { text: sheet.late })));
  if (sheet.conflict) notes.push(twoCopies(batches, batch, code, sheet, again));
  if (sheet.done && isDraft(sheet) && !hasTyped(sheet) && navigator.onLine) {
    notes.push(notice("info", say("Phiếu chờ khóa", "To be locked"), el("div", { class: "actions" }, el("a", { class: "btn btn-primary", href: lockPath(batch, code) }, icon("lock-fill"), say("Đọc lại và khóa phiếu", "Read again and lock")))));
  }
  return notes;
}

// Both copies of what was changed in two places, and a choice for each; nothing is chosen beforehand.
function twoCopies(batches, batch, code, sheet, again) {
  const { fields, stored, message } = sheet.conflict;
  const made = el("form", { class: "offline__copies" });
  for (const field of fields) {
    const isRemark = field === "remark";
    const name = isRemark ? say("Nhận xét", "Remark") : batch.criteria.find((one) => one.key === field)?.name ?? field;
    const mine = isRemark ? sheet.typed.remark : asRead(sheet.typed.scores[field]) || sheet.typed.scores[field];
    const theirs = isRemark ? stored.remark : asRead(stored.scores[field]);
    const option = (value, words, text) => el("label", { class: "option" },
      el("input", { class: "form-check-input", type: "radio", name: `copy-${field}`, value, required: true }), el("span", {}, `${words}: `, el("strong", { text: text || "–" })));
    made.append(el("fieldset", { class: "field" }, el("legend", { class: "form-label", text: name }), el("div", { class: "options" },
      option("mine", say("Trên máy này", "On this device"), mine), option("theirs", say("Ở máy chủ", "At the server"), theirs))));
  }
  made.append(el("button", { class: "btn btn-primary", type: "submit", text: say("Dùng các bản đã chọn", "Use what I chose") }));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = new FormData(made);
    await batches.choose(batch, code, Object.fromEntries(fields.map((field) => [field, chosen.get(`copy-${field}`)])));
    await again();
  });
  const box = notice("waiting", say("Phiếu này vừa được sửa ở nơi khác", "This sheet was changed elsewhere"), el("p", { text: message }), made);
  box.setAttribute("role", "alert");
  return box;
}

async function showPictures(root, batches, batch, code, files) {
  for (const image of root.querySelectorAll("img[data-held-picture]")) {
    const file = files.find((one) => one.id === image.dataset.heldPicture);
    const bytes = file && await batches.picture(batch, code, file);
    if (!bytes) continue;
    const reader = new FileReader();
    reader.onload = () => { image.src = reader.result; };
    reader.readAsDataURL(new Blob([bytes], { type: "image/webp" }));
  }
}
