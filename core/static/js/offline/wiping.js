// Asks before what was taken along is wiped from the device; without the code too, for it cannot be read without it.
import { dropVault } from "./store.js";
import { el, say } from "./words.js";

export function wipeDialog(id, unsent, wiped) {
  const loss = unsent
    ? say(`Còn ${unsent} phiếu chưa gửi về máy chủ: xóa bây giờ thì điểm vừa gõ trên các phiếu đó mất hẳn.`, `${unsent} sheets were not sent to the server: what was typed on them is lost if you wipe now.`)
    : say("Mọi phiếu đã gửi về máy chủ nên không mất điểm nào.", "All sheets were sent to the server; no points are lost.");
  const go = el("button", { class: `btn btn-${unsent ? "danger" : "primary"}`, type: "button", text: say("Xóa khỏi máy này", "Wipe from this device") });
  const stay = el("button", { class: "btn btn-quiet", type: "button", text: say("Quay lại", "Go back") });
  const dialog = el("dialog", { class: "dialog" },
    el("p", { text: say("Xóa hết hồ sơ và phiếu mang theo khỏi máy này?", "Wipe all dossiers and sheets taken along from this device?") }),
    el("p", { text: loss }), el("div", { class: "actions" }, go, stay));
  go.addEventListener("click", async () => {
    go.setAttribute("aria-busy", "true");
    await dropVault(id);
    dialog.close();
    wiped();
  });
  stay.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
