// The keys of the desk, the same as online. `view` gives the sheet in sight, or null.
import { hundredths, written } from "./points.js";

export function listenToKeys(view, toList) {
  const dialog = document.querySelector("#phim-tat");
  document.querySelector("[data-open-keys]")?.addEventListener("click", () => dialog.showModal());

  document.addEventListener("keydown", (event) => {
    const sheet = view();
    const active = document.activeElement;
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(active?.tagName ?? "");
    if (sheet && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      sheet.goOn();
      return;
    }
    const at = sheet ? sheet.inputs.indexOf(active) : -1;
    if (at >= 0) {
      inInput(event, sheet, at);
      return;
    }
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.key === "?") dialog.showModal();
    if (!sheet) return;
    if (event.key === "Escape") toList();
    const chosen = /^[1-9]$/.test(event.key) ? sheet.inputs[Number(event.key) - 1] : undefined;
    if (!chosen) return;
    event.preventDefault();
    chosen.focus();
  });
  document.addEventListener("focusin", (event) => {
    if (view()?.inputs.includes(event.target)) event.target.select();
  });
}

function inInput(event, sheet, at) {
  const input = sheet.inputs[at];
  if (event.key === "Enter") {
    event.preventDefault();
    (sheet.inputs[at + 1] ?? input.form?.querySelector("textarea") ?? input).focus();
  }
  if ((event.key !== "ArrowUp" && event.key !== "ArrowDown") || input.readOnly) return;
  event.preventDefault();
  const step = hundredths(input.dataset.step) || 50;
  const value = (hundredths(input.value) ?? 0) + (event.key === "ArrowUp" ? step : -step);
  input.value = written(Math.min(Math.max(value, 0), hundredths(input.dataset.max)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
