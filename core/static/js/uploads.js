// Files of a form that says where they go (data-uploads): chosen, dropped or photographed, they go out at once in pieces
// (tus 1.0.0) and go on by themselves when the line comes back. Without this script the plain file input does the work.
const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);
const csrf = document.querySelector('input[name="csrf_token"]')?.value ?? "";
const PIECE = 2 * 1024 * 1024;
const SMALLEST = 128 * 1024;
const STORED = "bangvang:tep:";
const mega = (bytes) => (bytes < 104858 ? `${Math.max(1, Math.round(bytes / 1024))} KB`
  : `${(bytes / 1048576).toFixed(1).replace(".", english ? "." : ",")} MB`);
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const element = (tag, className, properties = {}) => Object.assign(document.createElement(tag), { className, ...properties });
const going = new Set();
let waitingForm = null;

class Refused extends Error {}
class Lost extends Error {}

// One request; Lost when the line or the server is not there (worth another try), Refused with the server's sentence.
async function ask(method, address, { headers = {}, body = null, signal } = {}) {
  let answer;
  try {
    answer = await fetch(address, { method, body, signal, redirect: "manual", headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": csrf, ...headers } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Lost();
  }
  if (answer.type === "opaqueredirect") {
    throw new Refused(say("Bạn đã đăng xuất. Bạn hãy đăng nhập lại ở một thẻ khác rồi chọn lại tệp; phần đã tải vẫn được giữ.", "You are signed out. Sign in again in another tab and choose the file again; what was sent is kept."));
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  if ([502, 503, 504, 429, 460].includes(answer.status)) throw new Lost(told?.type?.endsWith("/not-scanned") ? told.title : "");
  // Another tab, or a connection that was thought dead, has written meanwhile: the server is asked how far it got.
  if (answer.status === 409 && told?.type?.endsWith("/wrong-piece")) throw new Lost();
  const error = new Refused(told?.title || say("Máy chủ không nhận tệp này. Bạn hãy thử lại.", "The server did not take this file. Try again."));
  error.status = answer.status;
  throw error;
}

// A pause that ends early when the line comes back.
const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
  const done = () => { clearTimeout(timer); window.removeEventListener("online", done); resolve(); };
  const timer = setTimeout(done, milliseconds);
  window.addEventListener("online", done);
  signal.addEventListener("abort", () => { done(); reject(new DOMException("", "AbortError")); }, { once: true });
});

class Upload {
  constructor(box, file) {
    this.box = box;
    this.file = file;
    this.stop = new AbortController();
    this.piece = PIECE;
    this.key = `${STORED}${box.place}${box.field}:${file.name}:${file.size}:${file.lastModified}`;
    this.draw();
  }

  draw() {
    this.row = element("li", "sending__file");
    this.words = element("span", "sending__words", { textContent: say("Đang chờ đến lượt", "Waiting its turn") });
    this.bar = element("progress", "sending__bar", { max: this.file.size || 1, value: 0 });
    this.bar.setAttribute("aria-label", say(`Đã tải ${this.file.name}`, `Sent of ${this.file.name}`));
    this.button = element("button", "btn btn-quiet btn-sm", { type: "button", textContent: say("Hủy", "Cancel") });
    this.button.append(element("span", "visually-hidden", { textContent: ` ${this.file.name}` }));
    this.button.addEventListener("click", () => this.cancel());
    this.row.append(element("span", "sending__name", { textContent: this.file.name }), this.words, this.bar, this.button);
    this.box.sending.append(this.row);
  }

  show(sent) {
    this.bar.value = sent;
    const percent = Math.floor((sent / (this.file.size || 1)) * 100);
    this.words.textContent = say(`Đã tải ${mega(sent)} / ${mega(this.file.size)} (${percent} %)`, `${mega(sent)} of ${mega(this.file.size)} sent (${percent} %)`);
  }

  async run() {
    going.add(this);
    let tries = 0;
    try {
      for (;;) {
        try {
          await this.send(() => { tries = 0; });
          return await this.finish();
        } catch (error) {
          if (!(error instanceof Lost)) throw error;
          tries += 1;
          this.words.textContent = error.message || say("Mất kết nối; phần đã tải vẫn được giữ, tự tải tiếp khi có mạng.", "The line is down; what was sent is kept, and it goes on by itself.");
          if (tries === 1) this.box.tell(error.message || say(`${this.file.name}: mất kết nối, sẽ tự tải tiếp.`, `${this.file.name}: the line is down, it will go on by itself.`));
          await pause(Math.min(1000 * 2 ** tries, 30000), this.stop.signal);
        }
      }
    } catch (error) {
      this.fail(error);
      return false;
    } finally {
      going.delete(this);
      sendWaitingForm();
    }
  }

  // From where the server says it stands to the end.
  async send(onProgress) {
    const signal = this.stop.signal;
    let address = localStorage.getItem(this.key);
    let offset = 0;
    if (address) {
      try {
        const answer = await ask("HEAD", address, { signal });
        offset = Number(answer.headers.get("Upload-Offset"));
        if (offset) this.box.tell(say(`${this.file.name}: tải tiếp từ ${mega(offset)}.`, `${this.file.name}: going on from ${mega(offset)}.`));
      } catch (error) {
        if (!(error instanceof Refused) || error.status === undefined) throw error;
        address = null;
      }
    }
    if (!address) {
      const answer = await ask("POST", `${this.box.place}tus/`, {
        signal,
        headers: { "Upload-Length": String(this.file.size), "Upload-Metadata": `filename ${base64(this.file.name)},field ${base64(this.box.field)}` },
      });
      address = new URL(answer.headers.get("Location"), location.href).pathname;
      localStorage.setItem(this.key, address);
    }
    this.address = address;
    this.show(offset);
    while (offset < this.file.size) {
      offset = await this.sendPiece(address, offset);
      this.show(offset);
      onProgress();
    }
  }

  // One piece from `offset`; returns how far it got. A proxy on the way may take smaller ones alone.
  async sendPiece(address, offset) {
    const body = this.file.slice(offset, offset + this.piece);
    if (offset + body.size >= this.file.size) this.words.textContent = say("Đang tải nốt và kiểm tra tệp…", "The last part is sent and the file checked…");
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    try {
      const answer = await ask("PATCH", address, { signal: this.stop.signal, body, headers });
      return Number(answer.headers.get("Upload-Offset"));
    } catch (error) {
      if (error.status !== 413 || this.piece <= SMALLEST) throw error;
      this.piece /= 4;
      return offset;
    }
  }

  async finish() {
    localStorage.removeItem(this.key);
    this.row.remove();
    this.box.tell(say(`Đã nhận tệp ${this.file.name}.`, `${this.file.name} has arrived.`));
    await this.box.refresh();
    return true;
  }

  fail(error) {
    if (error.name === "AbortError") return;
    if ([404, 409, 422].includes(error.status)) localStorage.removeItem(this.key);
    const message = error instanceof Refused ? error.message : say("Chưa tải được tệp này. Bạn hãy thử lại.", "This file could not be sent. Try again.");
    this.row.classList.add("sending__file--wrong");
    this.bar.remove();
    this.words.textContent = message;
    this.words.setAttribute("role", "alert");
    // Sending the same refused file once more would change nothing.
    const isFinal = error instanceof Refused && (error.isEarly || error.status !== undefined);
    this.button.replaceWith(...(isFinal ? [this.close()] : [this.again(), this.close()]));
  }

  again() {
    const button = element("button", "btn btn-outline btn-sm", { type: "button", textContent: say("Thử lại", "Try again") });
    button.addEventListener("click", () => { this.row.remove(); this.box.take([this.file]); });
    return button;
  }

  close() {
    const button = element("button", "btn btn-quiet btn-sm", { type: "button", textContent: say("Bỏ qua", "Dismiss") });
    button.addEventListener("click", () => { this.row.remove(); this.box.input.focus(); });
    return button;
  }

  async cancel() {
    this.stop.abort();
    this.row.remove();
    localStorage.removeItem(this.key);
    this.box.tell(say(`Đã hủy tải ${this.file.name}.`, `${this.file.name} was cancelled.`));
    this.box.input.focus();
    // Nothing of it is left on the server; if the line is down, the server forgets it by itself after a day.
    if (this.address) await ask("DELETE", this.address).catch(() => null);
  }
}

class Box {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector('input[type="file"]');
    this.field = this.input.name.replace(/^facts\./, "");
    this.place = root.closest("[data-uploads]").dataset.uploads;
    this.kept = root.querySelector("[data-kept]");
    this.queue = Promise.resolve();
    this.build();
    this.watchRemovals();
  }

  build() {
    this.zone = element("div", "drop");
    const line = element("p", "drop__words", { textContent: say("Kéo thả tệp vào đây, hoặc", "Drop files here, or") });
    const row = element("div", "actions drop__actions");
    const choose = element("label", "btn btn-outline drop__choose", { htmlFor: this.input.id, textContent: say("Chọn tệp", "Choose files") });
    row.append(choose);
    const photo = this.camera();
    if (photo) row.append(photo);
    this.sending = element("ul", "sending");
    this.live = element("p", "visually-hidden");
    this.live.setAttribute("aria-live", "polite");
    this.input.before(this.zone);
    this.input.classList.add("drop__input");
    this.zone.append(line, row, this.input);
    this.zone.after(this.sending, this.live);
    this.input.addEventListener("change", () => {
      const files = [...this.input.files];
      // What is on its way shall not be sent with the form as well.
      this.input.value = "";
      this.input.setCustomValidity("");
      const hint = this.root.querySelector("[data-file-hint-for]");
      if (hint) hint.textContent = "";
      this.take(files);
    });
    for (const name of ["dragenter", "dragover"]) this.zone.addEventListener(name, (event) => { event.preventDefault(); this.zone.classList.add("drop--over"); });
    for (const name of ["dragleave", "drop"]) this.zone.addEventListener(name, () => this.zone.classList.remove("drop--over"));
    this.zone.addEventListener("drop", (event) => { event.preventDefault(); this.take([...event.dataTransfer.files]); });
  }

  // On what has a camera at hand, where pictures are taken.
  camera() {
    const accepted = this.input.accept.toLowerCase();
    if (!/\.jpe?g|image\//.test(accepted) || !matchMedia("(pointer: coarse)").matches) return null;
    const shot = element("input", "drop__input", { type: "file", accept: "image/jpeg", id: `${this.input.id}-anh` });
    shot.setAttribute("capture", "environment");
    const button = element("label", "btn btn-outline drop__choose", { htmlFor: shot.id, textContent: say("Chụp ảnh", "Take a photograph") });
    shot.addEventListener("change", () => {
      const files = [...shot.files].map((file) => new File([file], photoName(file), { type: file.type, lastModified: file.lastModified }));
      shot.value = "";
      this.take(files);
    });
    const both = element("span", "drop__photo");
    both.append(shot, button);
    return both;
  }

  take(files) {
    for (const file of files) {
      const upload = new Upload(this, file);
      const early = this.early(file);
      if (early) {
        upload.fail(Object.assign(new Refused(early), { isEarly: true }));
        continue;
      }
      going.add(upload);
      this.queue = this.queue.then(() => (upload.stop.signal.aborted ? going.delete(upload) : upload.run()));
    }
  }

  // What can be told before a byte is sent.
  early(file) {
    const limit = Number(this.input.dataset.maxBytes || 0);
    if (!file.size) return say(`Tệp “${file.name}” không có nội dung (0 byte). Bạn hãy chọn lại tệp.`, `“${file.name}” is empty (0 bytes). Choose the file again.`);
    if (limit && file.size > limit) return say(`Tệp “${file.name}” nặng ${mega(file.size)}, quá mức ${mega(limit)} cho một tệp. Bạn hãy nén hoặc chia nhỏ tệp.`, `“${file.name}” is ${mega(file.size)}, more than ${mega(limit)} for one file. Compress or split it.`);
    return "";
  }

  tell(words) {
    this.live.textContent = words;
  }

  // The list of what is there, anew; boxes that were ticked stay so. Previews are drawn later: it looks again.
  async refresh(looks = 4) {
    try {
      const answer = await ask("GET", `${this.place}muc/${encodeURIComponent(this.field)}`);
      this.put(await answer.text());
    } catch {
      return;
    }
    if (looks > 0 && [...this.kept.querySelectorAll(".kept__picture")].some((place) => !place.querySelector("img"))) {
      setTimeout(() => this.refresh(looks - 1), 4000);
    }
  }

  put(html) {
    const ticked = new Set([...this.kept.querySelectorAll("input:checked")].map((box) => box.value));
    const focused = this.kept.contains(document.activeElement);
    this.kept.innerHTML = html;
    // What stands elsewhere on the page and has become older by it, such as a receipt.
    for (const part of this.kept.querySelectorAll("[data-instead]")) {
      document.getElementById(part.dataset.instead)?.replaceChildren(...part.childNodes);
      part.remove();
    }
    for (const box of this.kept.querySelectorAll('input[type="checkbox"]')) box.checked = ticked.has(box.value);
    if (focused) this.input.focus();
    this.watchRemovals();
    this.root.dispatchEvent(new CustomEvent("files:changed", { bubbles: true }));
  }

  // A button that takes the file out at once, in place of the box that waits for the form.
  watchRemovals() {
    for (const label of this.kept.querySelectorAll(".kept__remove")) {
      const box = label.querySelector("input");
      const name = label.closest("li").querySelector(".kept__what a, .kept__what strong")?.textContent ?? "";
      const button = element("button", "btn btn-quiet btn-sm kept__out", { type: "button", textContent: say("Bỏ tệp", "Remove") });
      button.append(element("span", "visually-hidden", { textContent: ` ${name}` }));
      button.addEventListener("click", async () => {
        button.disabled = true;
        try {
          const answer = await ask("POST", `${this.place}${box.value}/bo`);
          this.put(await answer.text());
          this.tell(say(`Đã bỏ tệp ${name}.`, `${name} was removed.`));
          this.input.focus();
        } catch (error) {
          button.disabled = false;
          this.tell(error instanceof Refused ? error.message : say("Chưa bỏ được tệp. Bạn hãy thử lại.", "The file could not be removed. Try again."));
        }
      });
      label.replaceWith(button);
    }
  }
}

// A phone calls every photograph "image.jpg"; the time tells them apart.
function photoName(file) {
  const at = new Date(file.lastModified || Date.now());
  const two = (number) => String(number).padStart(2, "0");
  return `anh-${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}.jpg`;
}

// A form that is sent while files are on their way waits for them, and then goes by itself.
document.addEventListener("submit", (event) => {
  if (!going.size || event.target.method !== "post") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waitingForm = { form: event.target, submitter: event.submitter };
  for (const upload of going) upload.box.tell(say("Đang đợi tệp tải xong rồi gửi.", "Waiting for the files, then it is sent."));
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
}, true);

function sendWaitingForm() {
  if (going.size || !waitingForm) return;
  const { form, submitter } = waitingForm;
  waitingForm = null;
  submitter?.removeAttribute("aria-busy");
  // A file that was refused is read first.
  const wrong = document.querySelector(".sending__file--wrong");
  if (wrong) wrong.scrollIntoView({ block: "center" });
  else form.requestSubmit(submitter);
}

window.addEventListener("beforeunload", (event) => {
  if (going.size) event.preventDefault();
});

// A file that misses its box shall not replace the page.
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});

if (csrf) {
  for (const root of document.querySelectorAll("[data-uploads] [data-upload]")) new Box(root);
  for (const words of document.querySelectorAll("[data-uploads-on]")) words.hidden = false;
}
