// The judge's desk. Everything here is an addition: without it the form and its buttons do their work.
import { keysOfBoxes, listen, showKeys } from "./deskkeys.js";
import { sendLeftovers } from "./leftovers.js";
import { offerLevels } from "./levels.js";
import { Sheet } from "./sheet.js";
import { saveSheet } from "./sheetsave.js";
import { openFiles } from "./viewer.js";

const english = document.documentElement.lang === "en";
const form = document.querySelector("form[data-desk]");
const list = document.querySelector("[data-desk-list]");
const dialog = document.querySelector("#phim-tat");
const follow = (selector) => () => document.querySelector(selector)?.click();

document.querySelectorAll("[data-fold-narrow]").forEach((fold) => {
  if (matchMedia("(max-width: 640px)").matches) fold.open = false;
});

if (form) {
  const sheet = new Sheet(form);
  const save = form.querySelector("[data-save]");
  const boxes = Object.fromEntries(sheet.inputs.slice(0, 9).map((input, index) => [index + 1, () => input.focus()]));
  keysOfBoxes(sheet.inputs, save);
  form.querySelectorAll("[data-levels]").forEach((levels) => {
    const input = levels.closest("[data-criterion]").querySelector("[data-score]");
    if (!input.readOnly) offerLevels(levels, input);
  });
  if (sheet.isOpen) saveSheet(sheet);
  openFiles(document.querySelectorAll("[data-pages-href]"));
  listen({
    deeds: {
      ...boxes,
      n: follow('.deskbar [rel="next"]'),
      p: follow('.deskbar [rel="prev"]'),
      s: follow("[data-later]"),
      k: follow("[data-lock]"),
      t: follow(".panes__dossier .kept a"),
      d: () => location.assign(form.dataset.queue),
      "?": () => dialog?.showModal(),
    },
    send: save && (() => form.requestSubmit(save)),
    leave: () => document.querySelector("#phieu")?.focus(),
  });
} else {
  listen({ deeds: { n: follow("[data-next-dossier]"), k: follow("[data-lock-all]"), "?": () => dialog?.showModal() } });
}

if (dialog) showKeys(dialog);

const root = form ?? list;
if (root) {
  sendLeftovers(root, form?.dataset.ref, (waiting) => {
    const box = document.querySelector("[data-leftovers]");
    if (!box) return;
    box.hidden = false;
    box.querySelector("ul").replaceChildren(...waiting.map((one) => {
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("a"), { href: `/cham-thi/${one}`, textContent: `${english ? "Sheet" : "Phiếu"} ${one.split("/").pop()}` }));
      return item;
    }));
  });
}
