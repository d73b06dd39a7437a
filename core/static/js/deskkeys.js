// The judge's desk by keyboard. Keys of one letter work outside boxes only, and can be turned off for good on a machine.
import { hundredths, limits, points } from "./points.js";

const OFF = "bangvang:phim-mot-chu";
const isOff = () => localStorage.getItem(OFF) === "0";
const isTyping = () => document.activeElement?.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") ?? false;

export function keysOfBoxes(inputs, last) {
  inputs.forEach((input, index) => {
    input.addEventListener("focus", () => input.select());
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        (inputs[index + 1] ?? last)?.focus();
      }
      if ((event.key !== "ArrowUp" && event.key !== "ArrowDown") || input.readOnly) return;
      event.preventDefault();
      const { max, step } = limits(input);
      const held = hundredths(input.value);
      const from = held ?? Number(input.dataset.from ?? 0) - (event.key === "ArrowUp" ? step : 0);
      const value = from + (event.key === "ArrowUp" ? step : -step);
      input.value = points(Math.min(Math.max(value, 0), max));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
}

// deeds: key → what it does; leave: where the cursor goes when a box is left by Escape.
export function listen({ deeds, send, leave }) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (send && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
      return;
    }
    if (isTyping()) {
      if (event.key !== "Escape" || !leave) return;
      event.preventDefault();
      leave();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
    const deed = deeds[event.key.toLowerCase()];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

// The dialog with all keys: its button, and the switch for keys of one letter.
export function showKeys(dialog) {
  const opener = document.querySelector("[data-open-keys]");
  if (opener) {
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
  }
  const single = dialog.querySelector("[data-single-keys]");
  if (single) {
    single.checked = !isOff();
    single.addEventListener("change", () => localStorage.setItem(OFF, single.checked ? "1" : "0"));
  }
}
