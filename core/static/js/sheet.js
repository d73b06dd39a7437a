// The form of a score sheet: what stands in it, what is known to be stored, the live total, what is wrong with points.
import { fault, hundredths, points } from "./points.js";
import { tidy } from "./sheetqueue.js";

const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);

export class Sheet {
  constructor(form) {
    this.form = form;
    this.inputs = [...form.querySelectorAll("[data-score]")];
    this.total = form.querySelector("[data-total]");
    this.lacking = form.querySelector("[data-lacking]");
    form.addEventListener("input", () => this.add());
    if (this.inputs.some((input) => input.value.trim())) this.add();
  }

  get isOpen() {
    return Boolean(this.form.dataset.autosave);
  }

  get paths() {
    return [...this.inputs.map((input) => this.pathOf(input)), "remark"];
  }

  pathOf(control) {
    return control.dataset?.score !== undefined ? control.name.slice("score_".length) : control.name === "remark" ? "remark" : null;
  }

  control(path) {
    return this.form.elements[path === "remark" ? path : `score_${path}`];
  }

  read(path) {
    return this.control(path).value;
  }

  // What the server is known to have, as it writes it.
  base(path) {
    return this.form.elements[`base_${path}`].value;
  }

  isKnown(path) {
    return tidy(path, this.read(path)) === tidy(path, this.base(path));
  }

  // The server has `text`. A box that nobody touched shows what another page has saved meanwhile.
  store(path, text) {
    const control = this.control(path);
    const follows = this.isKnown(path) && control !== document.activeElement;
    this.form.elements[`base_${path}`].value = text;
    if (follows && tidy(path, control.value) !== tidy(path, text)) this.put(path, text);
  }

  put(path, text) {
    const control = this.control(path);
    const value = path === "remark" ? null : hundredths(text);
    control.value = value === null ? text : points(value);
    control.dispatchEvent(new Event("counted"));
    this.add();
  }

  fault(path) {
    return path === "remark" ? "" : fault(this.control(path));
  }

  // Say at the criterion what is wrong; nothing takes it away.
  tell(path, sentence) {
    const control = this.control(path);
    const holder = control.closest(".criterion, .field");
    const id = `e-${control.name}`;
    document.getElementById(id)?.remove();
    const described = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
    if (sentence) described.push(id);
    control.setAttribute("aria-describedby", described.join(" "));
    control.classList.toggle("is-invalid", Boolean(sentence));
    control.toggleAttribute("aria-invalid", false);
    if (sentence) control.setAttribute("aria-invalid", "true");
    holder?.classList.toggle("field--wrong", Boolean(sentence));
    if (!sentence) return;
    const told = Object.assign(document.createElement("p"), { className: "field__error", id });
    told.append(Object.assign(document.createElement("span"), { textContent: sentence }));
    holder?.append(told);
  }

  add() {
    const given = this.inputs.filter((input) => input.value.trim() && !fault(input));
    const sum = given.reduce((all, input) => all + hundredths(input.value), 0);
    if (this.total) this.total.textContent = given.length ? points(sum) : "–";
    for (const input of this.inputs) {
      // What was told at the box goes as soon as it fits; a new sentence waits until the box is left.
      if (input.getAttribute("aria-invalid") && !fault(input)) this.tell(this.pathOf(input), "");
    }
    if (!this.lacking) return;
    const left = this.inputs.length - given.length;
    this.lacking.textContent = left ? say(`còn ${left} tiêu chí`, left === 1 ? "1 criterion left" : `${left} criteria left`) : say("đủ điểm", "complete");
  }

  // Two copies of one criterion, side by side, and a button for each.
  showCopies(item, { keepMine, takeTheirs }) {
    const { path, value, conflict } = item;
    const shown = (text) => (path === "remark" ? text : hundredths(text) === null ? text : points(hundredths(text))) || say("(để trống)", "(empty)");
    const control = this.control(path);
    document.getElementById(`c-${path}`)?.closest(".twocopies").remove();
    const box = element("div", "twocopies twocopies--sheet");
    box.setAttribute("role", "group");
    box.tabIndex = -1;
    const title = element("p", "twocopies__title", say("Tiêu chí này vừa được lưu ở nơi khác. Chưa bản nào bị ghi đè: bạn chọn bản được giữ.", "This was just saved elsewhere. Neither copy is overwritten: choose the one to keep."));
    title.id = `c-${path}`;
    box.setAttribute("aria-labelledby", title.id);
    const sides = element("div", "twocopies__sides");
    const side = (words, text, label, then) => {
      const made = element("div", "twocopies__side");
      const button = element("button", "btn btn-outline btn-sm", label);
      button.type = "button";
      button.addEventListener("click", () => { box.remove(); then(); control.focus(); });
      made.append(element("p", "quiet small mb-1", words), element("p", "prewrap figures mb-2", text), button);
      sides.append(made);
    };
    side(say("Trên máy này", "On this machine"), shown(value), say("Giữ bản trên máy này", "Keep this one"), keepMine);
    side(say("Đang lưu, từ nơi khác", "Saved, from elsewhere"), shown(conflict.value), say("Lấy bản đang lưu", "Take the saved one"), takeTheirs);
    box.append(title, sides);
    (control.closest(".criterion") ?? control.closest(".field")).append(box);
    return box;
  }
}

function element(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}
