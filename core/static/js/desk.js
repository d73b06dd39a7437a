// The judge's desk by keyboard. Scores are whole hundredths of a point here, never fractions of the machine.
const form = document.querySelector("form[data-desk]");
const dialog = document.querySelector("#phim-tat");

// Hundredths from "18,5" or "18.5"; null when it is not a number with at most two decimals.
export function hundredths(text) {
  const found = /^(\d{1,4})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

// "18,5" from 1850.
export function points(value) {
  const rest = String(value % 100).padStart(2, "0").replace(/0+$/, "");
  const separator = document.documentElement.lang === "en" ? "." : ",";
  return `${Math.floor(value / 100)}${rest ? separator + rest : ""}`;
}

if (form) {
  const inputs = [...form.querySelectorAll("[data-score]")];
  const total = form.querySelector("[data-total]");
  const save = form.querySelector("[data-save]");
  const limits = (input) => ({ max: hundredths(input.dataset.max), step: hundredths(input.dataset.step) || 50 });
  const fits = (input) => {
    const value = hundredths(input.value);
    const { max, step } = limits(input);
    return value !== null && value <= max && value % step === 0;
  };

  const add = () => {
    const typed = inputs.filter((input) => input.value.trim());
    for (const input of inputs) {
      if (input.value.trim() && !fits(input)) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    if (total) total.textContent = typed.length ? points(typed.reduce((sum, input) => sum + (fits(input) ? hundredths(input.value) : 0), 0)) : "–";
  };

  inputs.forEach((input, index) => {
    input.addEventListener("input", add);
    input.addEventListener("focus", () => input.select());
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        (inputs[index + 1] ?? save)?.focus();
      }
      if ((event.key !== "ArrowUp" && event.key !== "ArrowDown") || input.readOnly) return;
      event.preventDefault();
      const { max, step } = limits(input);
      const value = (hundredths(input.value) ?? 0) + (event.key === "ArrowUp" ? step : -step);
      input.value = points(Math.min(Math.max(value, 0), max));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
  if (inputs.some((input) => input.value.trim())) add();

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && save) {
      event.preventDefault();
      form.requestSubmit(save);
      return;
    }
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const chosen = /^[1-9]$/.test(event.key) ? inputs[Number(event.key) - 1] : undefined;
    if (chosen) {
      event.preventDefault();
      chosen.focus();
    }
  });
}

if (dialog) {
  const opener = document.querySelector("[data-open-keys]");
  if (opener) {
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
  }
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "?" && !typing && !dialog.open) dialog.showModal();
  });
}
