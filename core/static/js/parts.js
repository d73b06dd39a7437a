// The parts of the page: reading and writing their controls, the versions they were served in, what is told at each.
const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);

export class Parts {
  constructor(root) {
    this.root = root;
    this.stamps = new Map();
    for (const field of root.querySelectorAll('input[type="hidden"][name^="v."]')) {
      if (field.name !== "v.authors") this.stamps.set(field.name.slice(2), field);
    }
    this.known = new Map(this.paths.map((path) => [path, JSON.stringify(this.read(path))]));
  }

  get paths() {
    return [...this.stamps.keys()];
  }

  pathOf(control) {
    const path = control.closest?.("[data-table]")?.dataset.table ?? control.name;
    return this.stamps.has(path) ? path : null;
  }

  base(path) {
    return parseInt(this.stamps.get(path).value, 10);
  }

  isKnown(path, value) {
    return this.known.get(path) === JSON.stringify(value);
  }

  table(path) {
    return this.root.querySelector(`[data-table="${CSS.escape(path)}"]`);
  }

  controls(path) {
    return [...this.root.querySelectorAll(`[name="${CSS.escape(path)}"]`)];
  }

  read(path) {
    const table = this.table(path);
    if (table) return filledRows(table).map(rowOf);
    const [first, ...more] = this.controls(path);
    if (!first) return "";
    if (first.type === "checkbox") return first.checked;
    if (first.type === "radio") return [first, ...more].find((one) => one.checked)?.value ?? "";
    return first.value;
  }

  // Put a value into its control, when this page has it.
  put(path, value) {
    if (!this.stamps.has(path)) return;
    const table = this.table(path);
    if (table) {
      table.dispatchEvent(new CustomEvent("rows:put", { detail: value }));
      return;
    }
    for (const control of this.controls(path)) {
      if (control.type === "checkbox") control.checked = value === true;
      else if (control.type === "radio") control.checked = control.value === value;
      else control.value = value;
    }
    // The counters follow; what is put here is not typed, so it is known and nothing is sent for it.
    this.known.set(path, JSON.stringify(this.read(path)));
    this.controls(path)[0]?.dispatchEvent(new Event("counted"));
  }

  saved(path, value, told, isLast) {
    if (!this.stamps.has(path)) return;
    this.known.set(path, JSON.stringify(value));
    this.stamps.get(path).value = told.stamp;
    if (isLast) this.tellErrors(path, told.errors);
  }

  take(path, told) {
    if (!this.stamps.has(path)) return;
    this.stamps.get(path).value = told.stamp;
    this.put(path, told.theirs);
    this.known.set(path, JSON.stringify(this.read(path)));
    this.tellErrors(path, {});
  }

  tellErrors(path, errors) {
    const table = this.table(path);
    if (table) {
      table.querySelectorAll("[data-column]").forEach((cell) => mark(cell, cell.id.slice(2), null));
      filledRows(table).forEach((row, number) => row.querySelectorAll("[data-column]").forEach((cell) => {
        mark(cell, cell.id.slice(2), errors[`${path}.${number}.${cell.dataset.column}`]);
      }));
    }
    const place = table ?? this.controls(path)[0];
    if (place) mark(place, path, errors[path]);
  }

  // Two copies of one part: the reader's in its control, the other below it, and a button for each.
  showCopies(item, { keepMine, takeTheirs }) {
    const { path, conflict: told } = item;
    const place = (this.table(path) ?? this.controls(path)[0])?.closest(".field");
    if (!place) return;
    document.getElementById(`c-${path}`)?.closest(".twocopies").remove();
    const box = element("div", "twocopies");
    box.setAttribute("role", "group");
    const title = element("p", "twocopies__title", told.by_same
      ? say("Mục này có hai bản. Bản của bạn ở ngay trên; bản dưới đây đã được lưu ở một trang khác.", "There are two copies of this field. Yours is above; the one below was saved on another page.")
      : say("Mục này có hai bản. Bản của bạn ở ngay trên; bản dưới đây do người khác cùng làm hồ sơ vừa lưu.", "There are two copies of this field. Yours is above; the one below was just saved by somebody who works on this dossier too."));
    title.id = `c-${path}`;
    box.setAttribute("aria-labelledby", title.id);
    const other = element("blockquote", "prewrap", told.text || say("(để trống)", "(empty)"));
    const row = element("div", "actions");
    const button = (words, then) => {
      const made = element("button", "btn btn-outline btn-sm", words);
      made.type = "button";
      made.addEventListener("click", () => { box.remove(); then(); });
      row.append(made);
    };
    button(say("Lưu bản của tôi", "Save mine"), keepMine);
    button(say("Dùng bản đã lưu", "Use the saved one"), takeTheirs);
    box.append(title, other, row);
    place.after(box);
  }
}

const filledRows = (table) => [...table.querySelectorAll(".tablefield__rows [data-row]")]
  .filter((row) => [...row.querySelectorAll("[data-column]")].some((cell) => cell.value.trim()));
const rowOf = (row) => Object.fromEntries([...row.querySelectorAll("[data-column]")].map((cell) => [cell.dataset.column, cell.value]));

function element(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

// What is wrong with a control, as the server's pages tell it; nothing when `sentences` are none.
function mark(control, name, sentences) {
  const id = `e-${name}`;
  const help = document.getElementById(`h-${name}`);
  document.getElementById(id)?.remove();
  const wrong = Boolean(sentences?.length);
  const holder = control.closest("[data-column]")?.parentElement ?? control.closest(".field");
  control.classList.toggle("is-invalid", wrong && control.matches("input, select, textarea"));
  if (holder?.classList.contains("field")) holder.classList.toggle("field--wrong", wrong);
  if (wrong) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  const described = [wrong ? id : "", help ? help.id : ""].filter(Boolean).join(" ");
  if (described) control.setAttribute("aria-describedby", described);
  else control.removeAttribute("aria-describedby");
  if (!wrong) return;
  const told = element("p", "field__error");
  told.id = id;
  told.append(element("span", "", sentences.join(" ")));
  holder?.append(told);
}
