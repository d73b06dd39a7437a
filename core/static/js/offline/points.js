// Points on a sheet of the device: as the server tells them ("18.5", "" for none) and as they are typed and read.
import { fault, hundredths, points } from "../points.js";

export const asRead = (text) => (text ? points(hundredths(text)) : "");

export function isSame(one, other) {
  const [left, right] = [(one ?? "").trim(), (other ?? "").trim()];
  return left === right || (hundredths(left) !== null && hundredths(left) === hundredths(right));
}

// Why points do not fit a criterion, in the server's words; "" when they do or when there are none.
export const faultOf = (criterion, text) => fault({ value: text, dataset: { max: criterion.maximum, step: criterion.step } });

// The sum of what fits; null when nothing is typed.
export function total(criteria, texts) {
  const typed = criteria.filter((one) => (texts[one.key] ?? "").trim());
  if (!typed.length) return null;
  return typed.reduce((sum, one) => sum + (faultOf(one, texts[one.key]) ? 0 : hundredths(texts[one.key])), 0);
}
