// The office's lists by keyboard, and the bar for what is ticked.
const english = document.documentElement.lang === "en";

// Up and down (or k and j) move in a list whose rows have data-href, Enter opens, x ticks.
for (const list of document.querySelectorAll("[data-list]")) {
  const rows = [...list.querySelectorAll("[data-href]")];
  let at = -1;
  const select = (index) => {
    rows[at]?.removeAttribute("aria-selected");
    at = Math.min(Math.max(index, 0), rows.length - 1);
    rows[at]?.setAttribute("aria-selected", "true");
    rows[at]?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    const busy = document.activeElement?.closest("input:not([type=checkbox]), textarea, select, button, a, summary, dialog");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || !rows.length) return;
    if (event.key === "ArrowDown" || event.key === "j") select(at + 1);
    else if (event.key === "ArrowUp" || event.key === "k") select(at - 1);
    else if (event.key === "Enter" && rows[at]) (rows[at].querySelector("a[href]") ?? { click: () => location.assign(rows[at].dataset.href) }).click();
    else if (event.key === "x" && rows[at]) rows[at].querySelector('input[name="pick"]')?.click();
    else return;
    event.preventDefault();
  });
}

// The bar for ticked rows: it says how many, and hides while there are none.
for (const form of document.querySelectorAll("form[data-bulk]")) {
  const picks = [...document.querySelectorAll('input[name="pick"]')].filter((pick) => pick.form === form);
  const bar = form.querySelector(".bulkbar") ?? document.querySelector(`.bulkbar[data-for="${CSS.escape(form.id)}"]`);
  const all = document.querySelector(form.id ? `[data-pick-all="${CSS.escape(form.id)}"]` : "[data-pick-all]") ?? form.querySelector("[data-pick-all]");
  const show = () => {
    const count = picks.filter((pick) => pick.checked).length;
    if (bar) bar.hidden = count === 0;
    const place = bar?.querySelector("[data-bulk-count]");
    if (place) place.textContent = english ? `${count} chosen` : `Đã chọn ${count}`;
    if (!all) return;
    all.checked = count > 0 && count === picks.length;
    all.indeterminate = count > 0 && count < picks.length;
  };
  picks.forEach((pick) => pick.addEventListener("change", show));
  all?.addEventListener("change", () => {
    picks.forEach((pick) => { pick.checked = all.checked; });
    show();
  });
  show();
}
