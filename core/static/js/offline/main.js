// The desk without a network: unlock, list, sheet; sending by itself whenever the server can be reached.
import { Batches, nameOf } from "./batches.js";
import { listenToKeys } from "./keys.js";
import { drawList } from "./listview.js";
import { drawSheet } from "./sheetview.js";
import { vaultLines } from "./store.js";
import { synchronise } from "./syncing.js";
import { openVault, WrongCode } from "./vault.js";
import { wipeDialog } from "./wiping.js";
import { copied, el, lackOf, notice, say } from "./words.js";

const root = document.querySelector("[data-offline]");
const line = document.querySelector("[data-line]");
const IDLE = 10 * 60000;
const AGAIN = 60000;
let batches = null;
let view = null;
let drawing = Promise.resolve();
let lastTouch = Date.now();
let outcome = { state: navigator.onLine ? "held" : "offline" };
let sending = null;
let soon = 0;

const HOME = root.dataset.shell;
const withWait = (seconds) => (seconds ? say(` Bạn đợi ${seconds} giây rồi thử lại.`, ` Wait ${seconds} seconds and try again.`) : "");

// ---- the door

async function showDoor(focus = true) {
  const vaults = await vaultLines().catch(() => null);
  document.querySelectorAll("[data-open]").forEach((one) => { one.hidden = true; });
  if (!vaults) {
    root.replaceChildren(notice("refused", say("Trình duyệt không mở được chỗ giữ hồ sơ trên máy này.", "The browser cannot open its store on this device.")));
    return;
  }
  if (!vaults.length) {
    root.replaceChildren(copied("t-none")[0]);
    return;
  }
  const [made, places] = copied("t-door");
  for (const one of vaults) {
    const made_ = new Date(one.made).toLocaleDateString("vi-VN");
    places.who.append(el("option", { value: one.id, text: say(`Giám khảo ${one.number}, mang theo từ ${made_}`, `Judge ${one.number}, since ${made_}`) }));
  }
  places.whoField.hidden = vaults.length < 2;
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    places.open.setAttribute("aria-busy", "true");
    places.wrong.hidden = true;
    try {
      await enter(await openVault(places.who.value, places.code.value));
    } catch (error) {
      if (!(error instanceof WrongCode)) throw error;
      places.wrong.hidden = false;
      places.wrongWords.textContent = say("Mã chưa đúng.", "The code is not right.") + withWait(error.wait);
      places.code.value = "";
      places.code.focus();
    } finally {
      places.open.removeAttribute("aria-busy");
    }
  });
  places.wipe.addEventListener("click", () => {
    const chosen = vaults.find((one) => one.id === places.who.value);
    wipeDialog(chosen.id, chosen.unsent, showDoor);
  });
  root.replaceChildren(made);
  if (focus) places.code.focus();
}

async function enter(vault) {
  batches = new Batches(vault);
  lastTouch = Date.now();
  document.querySelectorAll("[data-open]").forEach((one) => { one.hidden = false; });
  await batches.endExpired();
  await draw();
  send();
}

async function lock() {
  await view?.leave();
  batches = null;
  view = null;
  await showDoor();
}

// ---- what is in sight

const draw = () => {
  drawing = drawing.then(drawn, drawn);
  return drawing;
};

async function drawn() {
  if (!batches) return;
  await view?.leave();
  view = null;
  const [edition, round, code] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const batch = code && (await batches.all()).find((one) => nameOf(one) === `${edition}/${round}`);
  if (batch?.rows.some((row) => row.code === code)) view = await drawSheet(root, batches, batch, code, changed);
  else await drawList(root, batches, outcome.state === "done" || outcome.state === "conflict");
  tell();
  window.scrollTo(0, 0);
  root.querySelector("h1")?.focus({ preventScroll: true });
}

function changed() {
  tell();
  clearTimeout(soon);
  soon = setTimeout(send, 1500);
}

async function tell() {
  if (!batches) return;
  const count = (await batches.waiting()).size;
  const held = count ? say(` ${count} phiếu chưa gửi, đang giữ (đã mã hóa) trên máy này.`, ` ${count} sheets not sent, kept encrypted on this device.`) : "";
  const words = {
    sending: say("Đang gửi…", "Sending…"),
    done: count ? say(`Đã gửi những gì gửi được, lúc ${outcome.at}.`, `What could be sent was sent at ${outcome.at}.`) : say(`Máy chủ đã có đủ, lúc ${outcome.at}.`, `The server has everything, at ${outcome.at}.`),
    conflict: say("Có phiếu được sửa ở nơi khác: bạn mở phiếu đó và chọn bản được giữ.", "A sheet was changed elsewhere: open it and choose."),
    offline: say("Không có mạng. Bạn cứ chấm tiếp.", "No network. Go on scoring."),
    held: say("Chưa liên lạc được với máy chủ, máy sẽ tự thử lại.", "The server cannot be reached now; it is tried again."),
    signedout: say("Bạn chưa đăng nhập nên chưa gửi được. ", "You are not signed in. "),
    other: say("Người đang đăng nhập không phải chủ của các phiếu này nên không gửi.", "Another person is signed in, so nothing is sent."),
    pledge: say("Cần ký cam kết ở bàn chấm trước khi gửi. ", "Sign the pledge at the desk first. "),
  }[outcome.state];
  line.replaceChildren(words);
  const here = encodeURIComponent(HOME + location.hash);
  if (outcome.state === "signedout") line.append(el("a", { href: `/tai-khoan/dang-nhap?next=${here}`, text: say("Đăng nhập để gửi", "Sign in to send") }), ".");
  if (outcome.state === "pledge") line.append(el("a", { href: "/cham-thi/", text: say("Mở bàn chấm", "Open the desk") }), ".");
  if (outcome.state !== "done" || count) line.append(held);
  line.classList.toggle("savestate--held", count > 0 || outcome.state !== "done");
  line.dataset.state = outcome.state;
  line.dataset.count = String(count);
}

// ---- to the server

function send() {
  if (!batches || sending) return sending;
  const own = batches;
  clearTimeout(soon);
  sending = (async () => {
    outcome = { state: "sending" };
    tell();
    outcome = await synchronise(own).catch(() => ({ state: "held" }));
    sending = null;
    if (batches !== own) return;
    if (view) await view.refresh();
    else await drawList(root, batches, outcome.state === "done" || outcome.state === "conflict");
    await tell();
    soon = setTimeout(send, AGAIN);
  })();
  return sending;
}

// ---- what the browser tells

function begin() {
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => { lastTouch = Date.now(); }, { passive: true });
  setInterval(() => { if (batches && Date.now() - lastTouch > IDLE) lock(); }, 15000);
  document.addEventListener("visibilitychange", () => {
    if (batches && Date.now() - lastTouch > IDLE) lock();
    else if (document.visibilityState === "hidden") view?.leave();
  });
  window.addEventListener("pagehide", () => { view?.leave(); });
  window.addEventListener("hashchange", draw);
  window.addEventListener("online", send);
  window.addEventListener("offline", () => {
    outcome = { state: "offline" };
    tell();
  });
  document.querySelector("[data-send]").addEventListener("click", send);
  document.querySelector("[data-lock]").addEventListener("click", lock);
  document.querySelector("[data-wipe]").addEventListener("click", async () => {
    const own = batches;
    wipeDialog(own.vault.id, (await own.waiting()).size, () => { batches = null; view = null; location.hash = ""; showDoor(); });
  });
  listenToKeys(() => view, () => { location.hash = "#/"; });
  navigator.serviceWorker.addEventListener("message", give);
  if (root.dataset.offered) navigator.serviceWorker.register("/cham-thi/sw.js", { scope: "/cham-thi/" }).catch(() => {});
  // Another page of the desk was asked for and the server was not there: this one stands in its place.
  if (location.pathname !== HOME) history.replaceState(null, "", HOME);
  showDoor();
}

// The worker asks for a file of the dossier in sight, to show it in a tab of its own.
async function give(event) {
  if (event.data?.kind !== "held-file") return;
  const port = event.ports[0];
  const found = view?.files.get(event.data.id);
  const bytes = found && batches && await batches.file(found.batch, found.code, found.file);
  if (!bytes) {
    port.postMessage(null);
    return;
  }
  const { name, type } = found.file;
  port.postMessage({ bytes, name, type, isShown: /^(application\/pdf|image\/(jpeg|png|webp))$/.test(type) }, [bytes]);
}

const lack = lackOf();
if (lack) root.replaceChildren(notice("waiting", lack));
else begin();
