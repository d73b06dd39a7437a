// Small helps on every page. Everything here is an addition: without it each page still does its work.
import { guardForms } from "./forms.js";

const lang = document.documentElement.lang;
const words = lang === "en"
  ? { copied: "Copied", closed: "closed", left: (t) => `${t} left`, day: "d", hour: "h", minute: "min", second: "s" }
  : { copied: "Đã sao chép", closed: "đã hết hạn", left: (t) => `còn ${t}`, day: "ngày", hour: "giờ", minute: "phút", second: "giây" };

// The error summary takes the focus, so that it is read first.
document.querySelector("[data-focus]")?.focus();

// Copy a value. The button appears only where copying works.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const before = button.innerHTML;
    button.textContent = words.copied;
    setTimeout(() => { button.innerHTML = before; }, 2000);
  });
}

// Time left, on the server's clock: only the time since the page came is taken from this computer.
const clocks = [...document.querySelectorAll("[data-until][data-server-now]")].map((element) => ({
  element,
  until: Date.parse(element.dataset.until),
  offset: Date.parse(element.dataset.serverNow) - performance.now(),
}));

function leftText(milliseconds) {
  if (milliseconds <= 0) return words.closed;
  const seconds = Math.floor(milliseconds / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const pair = days ? [[days, words.day], [hours, words.hour]]
    : hours ? [[hours, words.hour], [minutes, words.minute]]
    : [[minutes, words.minute], [seconds % 60, words.second]];
  return words.left(pair.filter(([count]) => count).map(([count, unit]) => `${count} ${unit}`).join(" "));
}

function tick() {
  for (const { element, until, offset } of clocks) {
    const text = leftText(until - (performance.now() + offset));
    if (element.textContent !== text) element.textContent = text;
  }
}

if (clocks.length) {
  tick();
  setInterval(tick, 1000);
}

// A fold closes by Escape and by a click elsewhere.
const openFolds = () => document.querySelectorAll("details.fold[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const fold of openFolds()) {
    fold.open = false;
    fold.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const fold of openFolds()) if (!fold.contains(event.target)) fold.open = false;
});

guardForms(document);
document.addEventListener("htmx:load", (event) => guardForms(event.detail.elt));
