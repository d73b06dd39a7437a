// The levels of a criterion: choosing one shows its points to pick from, and puts none of them in by itself. The level
// that the typed points lie in is marked.
import { hundredths, limits, points } from "./points.js";

const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);
const MOST_BUTTONS = 16;

export function offerLevels(list, input) {
  const levels = [...list.querySelectorAll(".level")].map((item) => ({
    item, least: hundredths(item.dataset.least), most: hundredths(item.dataset.most), button: null,
  }));
  const row = Object.assign(document.createElement("div"), { className: "level__points", hidden: true });
  row.setAttribute("role", "group");
  list.after(row);
  let chosen = null;

  for (const level of levels) {
    level.button = Object.assign(document.createElement("button"), { type: "button", className: "level__choose" });
    level.button.append(...level.item.childNodes);
    level.item.append(level.button);
    level.button.addEventListener("click", () => choose(level));
  }

  function choose(level) {
    chosen = level;
    input.dataset.from = level.least;
    input.placeholder = `${points(level.least)}–${points(level.most)}`;
    const { step } = limits(input);
    const values = [];
    for (let value = level.least; value <= level.most; value += step) values.push(value);
    row.replaceChildren();
    row.hidden = values.length > MOST_BUTTONS;
    row.setAttribute("aria-label", say(`Điểm trong mức ${input.placeholder}`, `Points of the level ${input.placeholder}`));
    if (row.hidden) input.focus();
    else row.append(...values.map(pick));
    mark();
  }

  function pick(value) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline btn-sm figures", textContent: points(value) });
    button.dataset.value = value;
    button.addEventListener("click", () => {
      input.value = points(value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
  }

  function mark() {
    const value = hundredths(input.value);
    for (const level of levels) {
      const holds = value === null ? level === chosen : value >= level.least && value <= level.most;
      level.button.setAttribute("aria-pressed", String(holds));
    }
    row.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(Number(button.dataset.value) === value)));
  }

  input.addEventListener("input", mark);
  input.addEventListener("counted", mark);
  mark();
}
