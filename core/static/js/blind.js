// Boxes drawn on a page of a file. Without this the four edges are typed in the form beside the page.
const WHOLE = 10000;
const SVG = "http://www.w3.org/2000/svg";

for (const form of document.querySelectorAll("[data-cover]")) {
  const sheet = form.querySelector(".cover__page svg");
  const tools = form.querySelector("[data-cover-tools]");
  const drawn = [];
  let rect = null;
  let from = null;

  const at = (event) => {
    const edge = sheet.getBoundingClientRect();
    const part = (value, start, length) => Math.round(Math.min(Math.max((value - start) / length, 0), 1) * WHOLE);
    return [part(event.clientX, edge.left, edge.width), part(event.clientY, edge.top, edge.height)];
  };
  const span = (to) => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
  const show = ([left, top, right, bottom]) => {
    const sizes = { x: left, y: top, width: right - left, height: bottom - top };
    for (const [name, value] of Object.entries(sizes)) rect.setAttribute(name, String(value));
  };

  // A finger scrolls the page until drawing is asked for; a mouse draws at once.
  const toggle = form.querySelector("[data-cover-toggle]");
  const isOn = () => toggle.getAttribute("aria-pressed") === "true";
  const turn = (on) => {
    toggle.setAttribute("aria-pressed", String(on));
    sheet.classList.toggle("cover__draw", on);
  };
  tools.hidden = false;
  turn(matchMedia("(pointer: fine)").matches);
  toggle.addEventListener("click", () => turn(!isOn()));
  sheet.addEventListener("pointerdown", (event) => {
    if (!isOn()) return;
    event.preventDefault();
    sheet.setPointerCapture(event.pointerId);
    from = at(event);
    rect = document.createElementNS(SVG, "rect");
    rect.classList.add("cover__own");
    sheet.append(rect);
  });
  sheet.addEventListener("pointermove", (event) => { if (from) show(span(at(event))); });
  sheet.addEventListener("pointercancel", () => {
    rect?.remove();
    from = null;
  });
  sheet.addEventListener("pointerup", (event) => {
    if (!from) return;
    const box = span(at(event));
    from = null;
    if (box[2] - box[0] < 50 || box[3] - box[1] < 50) { // a tap is no box
      rect.remove();
      return;
    }
    show(box);
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "o";
    input.value = [form.dataset.page, ...box].join(",");
    form.append(input);
    drawn.push({ rect, input });
  });
  form.querySelector("[data-cover-undo]").addEventListener("click", () => {
    const last = drawn.pop();
    last?.rect.remove();
    last?.input.remove();
  });
}
