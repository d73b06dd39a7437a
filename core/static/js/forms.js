// Forms: nothing is sent twice, nothing typed is lost, sizes are told before sending.
import { sizeOf } from "./counting.js";

const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);
const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ".");
const mark = "bangvang:nhap:";

// htmx tells of the whole page too when it starts: nothing is guarded twice, or a form would hold back its own first press.
const guarded = new WeakMap();
const once = (help) => (element) => {
  const helps = guarded.get(element) ?? new Set();
  if (helps.has(help)) return;
  guarded.set(element, helps.add(help));
  help(element);
};

export function guardForms(root) {
  const inside = (selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  inside("form").forEach(once(guardDoubleSubmit));
  inside("form[data-draft-key]").forEach(once(keepDraft));
  inside("[data-count]").forEach(once(countCharacters));
  inside('input[type="file"]').forEach(once(tellSizes));
  inside("[data-money]").forEach(once(groupThousands));
  inside("[data-confirm]").forEach(once(askFirst));
}

// A second press while the first is on its way does nothing; coming back by the browser's button frees the form.
function guardDoubleSubmit(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), 20000);
  });
}

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll('[aria-busy="true"]').forEach((button) => button.removeAttribute("aria-busy"));
}

window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// What is typed stays in this tab until the server has it; a page that comes back empty after an error gets it again.
function keepDraft(form) {
  const key = mark + form.dataset.draftKey;
  const fields = () => [...form.elements].filter((field) => field.name && field.name !== "csrf_token"
    && !["file", "password", "submit", "button", "hidden"].includes(field.type));
  const read = () => JSON.stringify(fields().map((field) => [field.name, /^(radio|checkbox)$/.test(field.type) ? [field.value, field.checked] : field.value]));
  const asServed = read();
  let sending = false;

  const stored = sessionStorage.getItem(key);
  if (stored && stored !== asServed) offerRestore(form, key, () => restore(fields(), JSON.parse(stored)));

  form.addEventListener("input", () => sessionStorage.setItem(key, read()));
  form.addEventListener("submit", () => {
    sending = true;
    sessionStorage.setItem(`${key}:sent`, "1");
  });
  window.addEventListener("pageshow", () => { sending = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && read() !== asServed) event.preventDefault();
  });
}

// A green message on the page after sending means that the server has it now: what was sent is kept no longer.
if (document.querySelector('.notice--fine[role="status"]')) {
  for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith(mark) && one.endsWith(":sent"))) {
    sessionStorage.removeItem(name);
    sessionStorage.removeItem(name.slice(0, -":sent".length));
  }
}

function restore(fields, saved) {
  saved.forEach(([name, value]) => {
    for (const field of fields.filter((one) => one.name === name)) {
      if (!Array.isArray(value)) field.value = value;
      else if (field.value === value[0]) field.checked = value[1];
    }
  });
  fields[0]?.form.dispatchEvent(new Event("input", { bubbles: true }));
}

function offerRestore(form, key, onRestore) {
  const box = document.createElement("div");
  box.className = "notice notice--waiting";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = say("Trình duyệt còn giữ nội dung bạn nhập lần trước mà chưa lưu.", "This browser still holds what you typed and did not save.");
  const row = document.createElement("div");
  row.className = "actions";
  const take = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline btn-sm", textContent: say("Lấy lại nội dung đó", "Bring it back") });
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: say("Bỏ nội dung đó", "Discard it") });
  take.addEventListener("click", () => { onRestore(); box.remove(); });
  drop.addEventListener("click", () => { sessionStorage.removeItem(key); box.remove(); });
  row.append(take, drop);
  const body = document.createElement("div");
  body.append(text, row);
  box.append(body);
  form.prepend(box);
}

// What the server will count: characters against their limit, and where it is asked for, words and pages.
function countCharacters(field) {
  const most = Number(field.dataset.count);
  const words = field.dataset.countWords;
  const place = document.querySelector(`[data-count-for="${CSS.escape(field.id)}"]`);
  if (!place) return;
  const number = (one) => (english ? one.toLocaleString("en") : grouped(String(one)));
  const of = (used, limit) => (limit ? `${number(used)}/${number(limit)}` : number(used));
  const show = () => {
    const size = sizeOf(field.value);
    const told = [say(`${of(size.chars, most)} ký tự`, `${of(size.chars, most)} characters`)];
    if (words !== undefined) {
      told.unshift(say(`${of(size.words, Number(words))} từ`, `${of(size.words, Number(words))} words`));
      if (size.pages > 1) told.push(say(`khoảng ${size.pages} trang A4`, `about ${size.pages} pages of A4`));
    }
    place.textContent = told.join(" · ");
    const over = (most && size.chars > most) || (words && size.words > Number(words));
    place.classList.toggle("field__count--over", Boolean(over));
  };
  field.addEventListener("input", show);
  field.addEventListener("counted", show);
  show();
}

function tellSizes(input) {
  const place = document.querySelector(`[data-file-hint-for="${CSS.escape(input.id)}"]`);
  if (!place) return;
  const mega = (bytes) => `${(bytes / 1048576).toFixed(1).replace(".", english ? "." : ",")} MB`;
  input.addEventListener("change", () => {
    const files = [...input.files];
    const [most, limit] = [Number(input.dataset.maxFiles || 1), Number(input.dataset.maxBytes || 0)];
    const large = limit ? files.filter((file) => file.size > limit) : [];
    const problems = large.map((file) => say(`“${file.name}” nặng ${mega(file.size)}, quá mức cho phép ${mega(limit)}.`, `“${file.name}” is ${mega(file.size)}, more than ${mega(limit)}.`));
    if (files.length > most) problems.push(say(`Chỉ nhận ${most} tệp, bạn đã chọn ${files.length}.`, `${most} files at most, you chose ${files.length}.`));
    place.textContent = problems.length ? problems.join(" ") : files.map((file) => `${file.name} (${mega(file.size)})`).join(", ");
    place.classList.toggle("field__hint--over", problems.length > 0);
    input.setCustomValidity(problems.join(" "));
  });
}

// Words in the place of an amount stay as they were typed: the server says what is wrong with them.
function groupThousands(input) {
  const tidy = () => {
    if (/[^\d\s.,]/.test(input.value)) return;
    const digits = input.value.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
    input.value = grouped(digits);
  };
  input.addEventListener("blur", tidy);
  if (input.value) tidy();
}

// For what cannot be undone: a dialog with a sentence that names the thing.
function askFirst(button) {
  button.addEventListener("click", (event) => {
    if (button.dataset.confirmed) return;
    event.preventDefault();
    const dialog = Object.assign(document.createElement("dialog"), { className: "dialog" });
    const text = Object.assign(document.createElement("p"), { textContent: button.dataset.confirm });
    const row = Object.assign(document.createElement("div"), { className: "actions" });
    const go = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-primary", textContent: button.textContent.trim() });
    const stay = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: say("Quay lại", "Go back") });
    go.addEventListener("click", () => {
      button.dataset.confirmed = "1";
      dialog.close();
      button.click();
      delete button.dataset.confirmed;
    });
    stay.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    row.append(go, stay);
    dialog.append(text, row);
    document.body.append(dialog);
    dialog.showModal();
  });
}
