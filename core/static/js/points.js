// Points as people type them. They are whole hundredths here, never fractions of the machine.
const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);

// Hundredths from "18,5" or "18.5"; null when it is not a number with at most two decimals.
export function hundredths(text) {
  const found = /^(\d{1,4})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

const written = (value, separator) => {
  const rest = String(value % 100).padStart(2, "0").replace(/0+$/, "");
  return `${Math.floor(value / 100)}${rest ? separator + rest : ""}`;
};

// "18,5" from 1850, as it is read.
export const points = (value) => written(value, english ? "." : ",");

// "18.5" from "18,50", as the server writes it; what is no number stays as it is.
export function exact(text) {
  const value = hundredths(text);
  return value === null ? text.trim() : written(value, ".");
}

export const limits = (input) => ({ max: hundredths(input.dataset.max), step: hundredths(input.dataset.step) || 50 });

// Why what stands in the box does not fit, in the server's words; "" when it does or nothing was typed.
export function fault(input) {
  if (!input.value.trim()) return "";
  const value = hundredths(input.value);
  const { max, step } = limits(input);
  if (value === null) return say("Điểm phải là một số, ví dụ 18 hoặc 18,5.", "Points must be a number, such as 18 or 18.5.");
  if (value > max) return say(`Điểm từ 0 đến ${points(max)}.`, `Points from 0 to ${points(max)}.`);
  if (value % step === 0) return "";
  const lower = value - (value % step);
  const near = [lower, lower + step].filter((one) => one <= max).map(points).join(say(" hoặc ", " or "));
  return say(`Điểm theo bước ${points(step)}: ví dụ ${near}.`, `Points in steps of ${points(step)}: ${near}, for example.`);
}
