// Signing out on a device that carries dossiers: they may be wiped with it. Loaded only where there are any.
import { dropVault, vaultLines } from "./store.js";
import { el, say } from "./words.js";

export async function offerToWipe(form) {
  const vaults = await vaultLines().catch(() => []);
  if (!vaults.length) return;
  const unsent = vaults.reduce((sum, one) => sum + one.unsent, 0);
  form.addEventListener("submit", (event) => {
    if (form.dataset.asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, vaults, unsent);
  }, true);
}

function ask(form, vaults, unsent) {
  const out = () => {
    form.dataset.asked = "1";
    dialog.close();
    form.requestSubmit();
  };
  const keep = el("button", { class: "btn btn-outline", type: "button", text: say("Đăng xuất, giữ lại trên máy", "Sign out, keep them here") });
  const wipe = el("button", { class: `btn btn-${unsent ? "danger" : "primary"}`, type: "button", text: say("Đăng xuất và xóa khỏi máy", "Sign out and wipe") });
  const stay = el("button", { class: "btn btn-quiet", type: "button", text: say("Quay lại", "Go back") });
  const dialog = el("dialog", { class: "dialog" },
    el("p", { text: say("Máy này đang giữ hồ sơ chấm mang theo, khóa bằng mã của giám khảo. Nếu là máy dùng chung, bạn nên xóa.", "This device carries dossiers for judging, locked with the judge's code. Wipe them if others use this device.") }),
    unsent ? el("p", {}, el("strong", { text: say(`Còn ${unsent} phiếu chưa gửi về máy chủ; xóa thì mất điểm vừa gõ.`, `${unsent} sheets were not sent; wiping loses what was typed on them.`) })) : null,
    el("div", { class: "actions" }, wipe, keep, stay));
  keep.addEventListener("click", out);
  wipe.addEventListener("click", async () => {
    for (const one of vaults) await dropVault(one.id);
    out();
  });
  stay.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
