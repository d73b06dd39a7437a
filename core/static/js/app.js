// Small helps on every page. Everything here is an addition: without it each page still does its work.
import { startCountdowns } from "./countdown.js";
import "./authors.js";
import { guardForms } from "./forms.js";
import "./uploads.js";

const lang = document.documentElement.lang;
const words = lang === "en" ? { copied: "Copied" } : { copied: "Đã sao chép" };

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
startCountdowns(document);
document.addEventListener("htmx:load", (event) => {
  guardForms(event.detail.elt);
  startCountdowns(event.detail.elt);
});

// A device that carries dossiers for judging offers to wipe them when somebody signs out.
if (localStorage.getItem("bangvang:mang-theo")) {
  const { offerToWipe } = await import("./offline/signout.js");
  document.querySelectorAll('form[action$="/tai-khoan/dang-xuat"]').forEach(offerToWipe);
}
