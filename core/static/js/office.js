// The office's lists by keyboard, a detail beside the list where there is room, and the bar for what is ticked.
import { guardForms } from "./forms.js";

const english = document.documentElement.lang === "en";
const wide = window.matchMedia("(min-width: 1081px)");
const pane = document.querySelector("[data-detail]");

// Whether a key belongs to what has the focus. What is left of a dialog that has just closed takes no keys any more.
const takesKeys = (controls) => {
  const focused = document.activeElement;
  return Boolean(focused?.closest(controls)) && !focused.closest("dialog:not([open])");
};

// Up and down (or k and j) move in a list whose rows have data-href, Enter opens, o opens the page, x ticks.
for (const list of document.querySelectorAll("[data-list]")) {
  const rows = [...list.querySelectorAll("[data-href]")];
  let at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const select = (index) => {
    rows[at]?.removeAttribute("aria-selected");
    at = Math.min(Math.max(index, 0), rows.length - 1);
    rows[at]?.setAttribute("aria-selected", "true");
    rows[at]?.scrollIntoView({ block: "nearest" });
  };
  const page = (row) => (row.querySelector("a[href]") ?? { click: () => location.assign(row.dataset.href) }).click();
  const open = (row) => (row.dataset.peek && pane && wide.matches ? peek(row) : page(row));
  document.addEventListener("keydown", (event) => {
    const busy = takesKeys("input:not([type=checkbox]), textarea, select, button, a, summary, dialog");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || !rows.length) return;
    if (event.key === "ArrowDown" || event.key === "j") select(at + 1);
    else if (event.key === "ArrowUp" || event.key === "k") select(at - 1);
    else if (event.key === "Enter" && rows[at]) open(rows[at]);
    else if (event.key === "o" && rows[at]) location.assign(rows[at].dataset.href);
    else if (event.key === "x" && rows[at]) rows[at].querySelector('input[name="pick"]')?.click();
    else return;
    event.preventDefault();
  });
  // A plain click on a title opens beside the list where there is room; with a key held it is a link like any other.
  if (pane) {
    rows.forEach((row, index) => row.querySelector("a[href]")?.addEventListener("click", (event) => {
      if (!row.dataset.peek || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      select(index);
      peek(row);
    }));
  }
}

// Put the dossier of a row beside the list, and its name into the address; what fails opens as a page.
async function peek(row) {
  pane.setAttribute("aria-busy", "true");
  try {
    const back = new URL(row.dataset.peek, location.href);
    const from = new URL(row.dataset.href, location.href);
    from.searchParams.set("ve", back.pathname + back.search);
    const answer = await fetch(from, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (answer.status !== 200) throw new Error(String(answer.status));
    pane.innerHTML = await answer.text();
    history.replaceState(null, "", back);
    guardForms(pane);
    pane.scrollTop = 0;
    pane.querySelector("h2")?.focus();
  } catch {
    location.assign(row.dataset.href);
  } finally {
    pane.removeAttribute("aria-busy");
  }
}

// Escape closes what is open beside the list and gives the keyboard back to it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !pane?.childElementCount || document.querySelector("dialog[open]")) return;
  pane.replaceChildren();
  const here = new URL(location.href);
  here.searchParams.delete("mo");
  history.replaceState(null, "", here);
  document.activeElement?.blur();
});

// "?" shows the keys that a page tells of.
const keys = document.querySelector("[data-keys]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || !keys || takesKeys("input:not([type=checkbox]), textarea, select")) return;
  event.preventDefault();
  if (document.querySelector("dialog[open]")) return;
  const dialog = Object.assign(document.createElement("dialog"), { className: "dialog" });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-primary", textContent: english ? "Close" : "Đóng" });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.setAttribute("aria-label", english ? "Keys" : "Phím tắt");
  dialog.append(keys.cloneNode(true), close);
  document.body.append(dialog);
  dialog.showModal();
});

// The bar for ticked rows: it says how many, and hides while there are none.
for (const form of document.querySelectorAll("form[data-bulk]")) {
  const picks = [...document.querySelectorAll('input[name="pick"]')].filter((pick) => pick.form === form);
  const bar = form.querySelector(".bulkbar") ?? document.querySelector(`.bulkbar[data-for="${CSS.escape(form.id)}"]`);
  const all = document.querySelector(form.id ? `[data-pick-all="${CSS.escape(form.id)}"]` : "[data-pick-all]") ?? form.querySelector("[data-pick-all]");
  const filtered = form.querySelector("[data-bulk-all]");
  form.querySelector("[data-pick-all-row]")?.removeAttribute("hidden");
  const show = () => {
    const count = picks.filter((pick) => pick.checked).length;
    if (bar) bar.hidden = count === 0 && !filtered?.checked;
    const place = bar?.querySelector("[data-bulk-count]");
    if (place) place.textContent = english ? `${count} chosen` : `Đã chọn ${count}`;
    if (!all) return;
    all.checked = count > 0 && count === picks.length;
    all.indeterminate = count > 0 && count < picks.length;
  };
  picks.forEach((pick) => pick.addEventListener("change", show));
  filtered?.addEventListener("change", show);
  all?.addEventListener("change", () => {
    picks.forEach((pick) => { pick.checked = all.checked; });
    show();
  });
  show();
}

// A button that prints this page shows where pages can print themselves.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
