// Points on the device: whole hundredths, never fractions of the machine; the server decides what is stored.
import { english, say } from "./words.js";

// Hundredths from "18,5" or "18.5"; null for what is no number with at most two decimals.
export function hundredths(text) {
  const found = /^(\d{1,6})(?:[.,](\d{1,2})0*)?$/.exec((text ?? "").trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

// "18,5" from 1850, in English "18.5".
export function written(value) {
  const rest = String(value % 100).padStart(2, "0").replace(/0+$/, "");
  return `${Math.floor(value / 100)}${rest ? (english ? "." : ",") + rest : ""}`;
}

// Points as the server tells them ("18.5", "" for none), as they are read.
export const asRead = (text) => (text ? written(hundredths(text)) : "");
export const isSame = (one, other) => {
  const [left, right] = [(one ?? "").trim(), (other ?? "").trim()];
  return left === right || (hundredths(left) !== null && hundredths(left) === hundredths(right));
};

// Why points do not fit a criterion, in the server's words; "" when they do or when there are none.
export function faultOf(criterion, text) {
  if (!text.trim()) return "";
  const value = hundredths(text);
  const [most, step] = [hundredths(criterion.maximum), hundredths(criterion.step)];
  if (value === null) return say("Điểm phải là một số, ví dụ 18 hoặc 18,5.", "Points are a number, such as 18 or 18.5.");
  if (value > most) return say(`Điểm từ 0 đến ${written(most)}.`, `Points from 0 to ${written(most)}.`);
  if (value % step === 0) return "";
  const low = value - (value % step);
  const near = [low, low + step].filter((one) => one <= most).map(written).join(say(" hoặc ", " or "));
  return say(`Điểm theo bước ${written(step)}: ví dụ ${near}.`, `Points in steps of ${written(step)}: for example ${near}.`);
}

// The sum of what fits; null when nothing is typed.
export function total(criteria, texts) {
  const typed = criteria.filter((one) => (texts[one.key] ?? "").trim());
  if (!typed.length) return null;
  return typed.reduce((sum, one) => sum + (faultOf(one, texts[one.key]) ? 0 : hundredths(texts[one.key])), 0);
}
