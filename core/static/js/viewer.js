// A file of the dossier beside the sheet: its pages as pictures, turned and enlarged without leaving. The link stays what
// it is: with Ctrl, or where a picture cannot be drawn, the file opens in a tab of its own.
const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);
const ZOOMS = 4;

export function openFiles(links) {
  links.forEach((link) => {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      new Viewer(link);
    });
  });
}

class Viewer {
  constructor(link) {
    document.querySelector(".viewer")?.remove();
    this.link = link;
    this.pages = Number(link.dataset.pages) || 1;
    this.number = 1;
    this.zoom = 1;
    this.build();
    this.show();
    this.box.scrollIntoView({ block: "nearest" });
    this.box.focus({ preventScroll: true });
  }

  build() {
    const name = this.link.dataset.name;
    this.box = element("section", "viewer");
    this.box.tabIndex = -1;
    this.box.setAttribute("aria-label", name);
    const bar = element("div", "viewer__bar");
    const button = (words, act, sign) => {
      const made = element("button", "btn btn-outline btn-sm", sign ?? words);
      made.type = "button";
      if (sign) made.setAttribute("aria-label", words);
      made.addEventListener("click", act);
      return made;
    };
    this.back = button(say("Trang trước", "Previous page"), () => this.turn(-1), "‹");
    this.on = button(say("Trang sau", "Next page"), () => this.turn(1), "›");
    this.place = element("p", "viewer__place figures");
    this.place.setAttribute("role", "status");
    this.smaller = button(say("Thu nhỏ", "Smaller"), () => this.scale(-1), "−");
    this.larger = button(say("Phóng to", "Larger"), () => this.scale(1), "+");
    const apart = Object.assign(element("a", "", say("Mở cả tệp ở thẻ mới", "Open the file in a new tab")), { href: this.link.href, target: "_blank", rel: "noopener" });
    bar.append(this.back, this.place, this.on, this.smaller, this.larger, apart, button(say("Đóng", "Close"), () => this.close()));
    this.frame = element("div", "viewer__frame");
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "group");
    this.frame.setAttribute("aria-label", say("Trang của tệp, cuộn để xem", "The page, scroll to read"));
    this.picture = element("img", "viewer__page");
    this.picture.addEventListener("load", () => { this.frame.removeAttribute("aria-busy"); this.ahead(); });
    this.picture.addEventListener("error", () => this.fail());
    this.frame.append(this.picture);
    this.box.append(bar, this.frame);
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.link.closest(".kept").after(this.box);
  }

  address(number) {
    return this.link.dataset.pagesHref.replace(/\d+$/, number);
  }

  show() {
    this.note?.remove();
    this.picture.hidden = false;
    this.frame.setAttribute("aria-busy", "true");
    this.picture.alt = say(`Trang ${this.number} của ${this.link.dataset.name}`, `Page ${this.number} of ${this.link.dataset.name}`);
    this.picture.src = this.address(this.number);
    this.place.textContent = say(`Trang ${this.number}/${this.pages}`, `Page ${this.number}/${this.pages}`);
    this.back.disabled = this.number === 1;
    this.on.disabled = this.number === this.pages;
    this.frame.scrollTo(0, 0);
  }

  // The page after this one is drawn while this one is read.
  ahead() {
    if (this.number < this.pages) new Image().src = this.address(this.number + 1);
  }

  turn(by) {
    const number = Math.min(Math.max(this.number + by, 1), this.pages);
    if (number === this.number) return;
    this.number = number;
    this.show();
  }

  scale(by) {
    this.zoom = Math.min(Math.max(this.zoom + by, 1), ZOOMS);
    this.frame.dataset.zoom = this.zoom;
    this.smaller.disabled = this.zoom === 1;
    this.larger.disabled = this.zoom === ZOOMS;
  }

  fail() {
    this.frame.removeAttribute("aria-busy");
    this.picture.hidden = true;
    this.note = element("p", "", say("Không vẽ được trang này. Bạn mở cả tệp ở thẻ mới.", "This page could not be drawn. Open the file in a new tab."));
    this.frame.append(this.note);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const deeds = {
      Escape: () => this.close(),
      PageDown: () => this.turn(1),
      PageUp: () => this.turn(-1),
      "+": () => this.scale(1),
      "=": () => this.scale(1),
      "-": () => this.scale(-1),
    };
    if (this.zoom === 1) Object.assign(deeds, { ArrowRight: () => this.turn(1), ArrowLeft: () => this.turn(-1) });
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    event.stopPropagation();
    deed();
  }

  close() {
    this.box.remove();
    this.link.focus();
  }
}

function element(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}
