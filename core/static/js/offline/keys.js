// The keys of the desk, the same as online. `view` gives the sheet in sight, or null.
import { listen, showKeys } from "../deskkeys.js";

const press = (selector) => () => document.querySelector(selector)?.click();

export function listenToKeys(view, toList) {
  const dialog = document.querySelector("#phim-tat");
  const boxes = Object.fromEntries([..."123456789"].map((key) => [key, () => view()?.inputs[Number(key) - 1]?.focus()]));
  listen({
    deeds: {
      ...boxes,
      n: press('.deskbar [rel="next"], [data-next-dossier]'),
      p: press('.deskbar [rel="prev"]'),
      k: press('.deskbar [data-place="done"], [data-lock-all]'),
      t: press(".panes__dossier .kept a"),
      d: toList,
      "?": () => dialog.showModal(),
    },
    send: () => view()?.goOn(),
    leave: () => document.querySelector("#phieu")?.focus(),
  });
  showKeys(dialog);
}
