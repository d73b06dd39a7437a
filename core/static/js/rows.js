// Tables in a form: rows come and go without a new page, and the sums of money follow what is typed.
import { guardForms } from "./forms.js";

const english = document.documentElement.lang === "en";
const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, english ? "," : ".");

export function growTable(table) {
  const rows = table.querySelector(".tablefield__rows");
  const template = table.querySelector("template");
  const most = Number(table.dataset.most);
  let next = rows.children.length;

  const all = () => [...rows.querySelectorAll("[data-row]")];
  const changed = () => {
    all().forEach((row, number) => row.setAttribute("aria-label", english ? `Row ${number + 1}` : `Dòng ${number + 1}`));
    for (const button of table.querySelectorAll("[data-add-row]")) button.disabled = all().length >= most;
    add();
  };

  function more(values = {}) {
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__row__", String(next));
    next += 1;
    const row = holder.firstElementChild;
    for (const cell of row.querySelectorAll("[data-column]")) cell.value = values[cell.dataset.column] ?? "";
    rows.append(row);
    guardForms(row);
    return row;
  }

  // Exact, however large: whole đồng as BigInt.
  function add() {
    for (const place of table.querySelectorAll("[data-sum]")) {
      const cells = rows.querySelectorAll(`[data-column="${CSS.escape(place.dataset.sum)}"]`);
      const amounts = [...cells].map((cell) => cell.value.replace(/[\s.,]|đồng|vnđ|vnd|đ$/gi, "")).filter((one) => /^\d+$/.test(one));
      place.hidden = !amounts.length;
      place.querySelector("output").textContent = grouped(String(amounts.reduce((sum, one) => sum + BigInt(one), 0n)));
    }
  }

  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row], [data-remove-row]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-add-row]")) {
      if (all().length < most) more().querySelector("[data-column]").focus();
    } else {
      button.closest("[data-row]").remove();
      if (!all().length) more();
      table.querySelector("[data-add-row]").focus();
      table.dispatchEvent(new Event("change", { bubbles: true }));
    }
    changed();
  });
  table.addEventListener("rows:put", (event) => {
    rows.replaceChildren();
    event.detail.forEach((values) => more(values));
    if (!event.detail.length) more();
    changed();
  });
  table.addEventListener("input", add);
  changed();
}
