// On the queue: the way to take dossiers along, or in one sentence why this device cannot.
import { lackOf } from "./words.js";

for (const place of document.querySelectorAll("[data-carry]")) {
  const lack = lackOf();
  const [link, why] = [place.querySelector("[data-carry-link]"), place.querySelector("[data-carry-why]")];
  link.hidden = Boolean(lack);
  why.hidden = !lack;
  if (lack) why.textContent = lack;
}
