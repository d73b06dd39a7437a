// The page that takes the dossiers of a round onto this device.
import { Batches, room } from "./batches.js";
import * as server from "./server.js";
import { vaultLine } from "./store.js";
import { takeAll } from "./taking.js";
import { faultOfCode, makeVault, openVault, WrongCode } from "./vault.js";
import { el, lackOf, sizeOf, notice, say } from "./words.js";

const page = document.querySelector("[data-take]");
const form = page.querySelector("form");
const told = page.querySelector("[data-take-told]");
const { owner, edition, round } = page.dataset;
const needed = Number(page.dataset.bytes);
let batches = null;

async function begin() {
  const lack = lackOf();
  if (lack) {
    form.hidden = true;
    told.replaceChildren(notice("waiting", lack));
    return;
  }
  form.hidden = false;
  const { words, isShort } = await room(needed);
  page.querySelector("[data-take-room]").textContent = words;
  if (isShort) told.replaceChildren(notice("waiting", say("Máy này không đủ chỗ", "Not enough room on this device"), el("p", {}, say("Bạn hãy dọn bớt ảnh, tệp trên máy rồi thử lại, hoặc dùng máy khác.", "Free some room and try again, or use another device."))));
  const isKnown = Boolean(await vaultLine(owner).catch(() => null));
  form.querySelector("[data-take-again]").hidden = isKnown;
  form.querySelector("[data-take-new]").hidden = isKnown;
  form.querySelector("[data-take-known]").hidden = !isKnown;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(isKnown);
  });
  window.addEventListener("online", () => { if (batches && page.dataset.state === "failed") take(); });
}

function wrong(name, sentence) {
  const field = form.elements[name];
  const line = form.querySelector(`[data-wrong="${name}"]`);
  line.hidden = !sentence;
  line.querySelector("[data-words]").textContent = sentence;
  field.toggleAttribute("aria-invalid", false);
  if (!sentence) return;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

async function start(isKnown) {
  const button = form.querySelector("button[type=submit]");
  const code = form.elements.code.value;
  wrong("code", "");
  wrong("again", "");
  if (batches) {
    await take();
    return;
  }
  const fault = isKnown ? "" : faultOfCode(code);
  if (fault) {
    wrong("code", fault);
    return;
  }
  if (!isKnown && code !== form.elements.again.value) {
    wrong("again", say("Hai lần gõ mã chưa giống nhau.", "The two codes differ."));
    return;
  }
  button.setAttribute("aria-busy", "true");
  try {
    // The first line of a vault is written only when the server has said yes, so that no empty one stays behind.
    const answer = await server.begun({ edition, round }, form.elements.csrf_token.value);
    if (answer?.status !== 200 || !answer.told) {
      refuse(answer);
      return;
    }
    await navigator.serviceWorker.register("/cham-thi/sw.js", { scope: "/cham-thi/" });
    await navigator.storage?.persist?.();
    batches = new Batches(isKnown ? await openVault(owner, code) : await makeVault(owner, answer.told.number, code));
    await take(await batches.keep(answer.told));
  } catch (error) {
    if (!(error instanceof WrongCode)) throw error;
    wrong("code", say("Mã chưa đúng.", "The code is not right.") + (error.wait ? say(` Bạn đợi ${error.wait} giây rồi thử lại.`, ` Wait ${error.wait} seconds.`) : ""));
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function refuse(answer) {
  const words = answer?.told?.message
    ?? (answer?.status === 0 ? say("Phiên đăng nhập đã hết. Bạn tải lại trang và đăng nhập.", "The sign-in has ended. Reload the page and sign in.")
      : answer ? say("Máy chủ chưa trả lời được. Bạn thử lại sau ít phút.", "The server could not answer. Try again in some minutes.")
        : say("Không có mạng. Bạn thử lại khi có mạng.", "No network. Try again when it is back."));
  told.replaceChildren(notice("refused", say("Chưa mang hồ sơ theo được", "Not taken"), el("p", { text: words })));
}

async function take(known) {
  const batch = known ?? (await batches.all()).find((one) => one.edition === edition && one.round === round);
  form.querySelector("[data-take-fields]").hidden = true;
  const button = form.querySelector("button[type=submit]");
  button.hidden = true;
  page.dataset.state = "going";
  told.replaceChildren();
  const wanted = batch.rows.filter((row) => row.state === "draft");
  const lines = new Map([...page.querySelectorAll("[data-take-row]")].map((one) => [one.dataset.takeRow, one]));
  const bar = page.querySelector("[data-take-bar]");
  const count = page.querySelector("[data-take-count]");
  let whole = 0;
  page.querySelector("[data-take-progress]").hidden = false;
  const refusal = await takeAll(batches, batch, (code, step) => {
    if (step.state === "whole" || step.state === "gone") whole += 1;
    bar.value = whole;
    count.textContent = `${whole} / ${wanted.length}`;
    const line = lines.get(code);
    if (line) line.textContent = stepWords(step);
  }).catch((error) => ({ message: error?.name === "QuotaExceededError" ? say("Máy này đã hết chỗ.", "This device has no room left.") : "" }));
  page.dataset.state = refusal ? "failed" : "whole";
  if (!refusal) {
    told.replaceChildren(notice("fine", say("Đã mang đủ hồ sơ theo máy này", "All dossiers are on this device"),
      el("p", {}, say("Từ giờ bạn chấm được cả khi mất mạng. Mỗi lần mở bạn gõ mã vừa đặt.", "You can now judge without a network. Each time you open it, type the code.")),
      el("div", { class: "actions" }, el("a", { class: "btn btn-primary", href: page.dataset.shell, text: say("Mở bàn chấm ngoài tuyến", "Open the desk without a network") }))));
    return;
  }
  button.hidden = false;
  button.querySelector("[data-take-word]").textContent = say("Tải tiếp", "Go on");
  told.replaceChildren(notice("waiting", say("Chưa tải hết", "Not all is here yet"),
    el("p", { text: refusal.message || say("Mạng bị ngắt giữa chừng. Phần đã tải được giữ; khi có mạng máy tự tải tiếp, hoặc bạn bấm “Tải tiếp”.", "The network was cut. What is here is kept; it goes on by itself when the network is back, or press “Go on”.") })));
}

function stepWords(step) {
  if (step.state === "whole") return say("Đã có trên máy", "On this device");
  if (step.state === "gone") return say("Không còn trong phân công", "No longer assigned");
  if (step.state === "failed") return say("Chưa tải hết", "Not all here");
  return step.of ? say(`Đang tải ${sizeOf(step.bytes)} / ${sizeOf(step.of)}`, `Loading ${sizeOf(step.bytes)} of ${sizeOf(step.of)}`) : say("Đang tải…", "Loading…");
}

begin();
