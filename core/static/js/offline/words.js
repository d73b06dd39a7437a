// Words in the page's language, numbers and times as they are read, and elements without markup in strings.
export const english = document.documentElement.lang === "en";
export const say = (vi, en) => (english ? en : vi);

export const clock = (instant = Date.now()) => new Date(instant).toLocaleTimeString(english ? "en-GB" : "vi-VN", { hour: "2-digit", minute: "2-digit" });
const KINDS = [[1073741824, "GB"], [1048576, "MB"], [1024, "KB"]];

// "2,4 MB" as the server writes sizes.
export function sizeOf(bytes) {
  const [unit, name] = KINDS.find(([least]) => bytes >= least) ?? KINDS[2];
  return `${(bytes / unit).toFixed(1).replace(/\.0$/, "").replace(".", english ? "." : ",")} ${name}`;
}

export function el(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key === "text") made.textContent = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.querySelector("[data-sprite]").dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

const NOTICE_ICONS = { info: "info-circle", fine: "check-circle-fill", waiting: "exclamation-triangle", refused: "exclamation-circle-fill" };

export function notice(kind, title, ...inside) {
  return el("div", { class: `notice notice--${kind}`, role: kind === "refused" ? "alert" : "status" }, icon(NOTICE_ICONS[kind]),
    el("div", {}, title && el("p", { class: "notice__title", text: title }), ...inside));
}

export const badge = (state, word, symbol) => el("span", { class: `state state--${state}` }, icon(symbol), word);

// A copy of a <template>, and the places in it by name.
export function copied(id) {
  const made = document.querySelector(`#${id}`).content.firstElementChild.cloneNode(true);
  const places = Object.fromEntries([...made.querySelectorAll("[data-place]")].map((one) => [one.dataset.place, one]));
  return [made, places];
}

// Why this device cannot carry dossiers, in one sentence; "" when it can.
export function lackOf() {
  if (!window.isSecureContext) return say("Trang này chưa được mở qua kết nối an toàn (https) nên không mang hồ sơ theo được.", "This page was not opened over a secure connection (https), so dossiers cannot be taken along.");
  if (!("serviceWorker" in navigator) || !window.indexedDB || !window.crypto?.subtle || !window.caches) {
    return say("Trình duyệt này không giữ được hồ sơ để chấm khi mất mạng. Bạn hãy dùng Chrome, Edge, Firefox hoặc Safari bản mới, không ở chế độ ẩn danh.", "This browser cannot keep dossiers for judging without a network. Use a recent Chrome, Edge, Firefox or Safari, not in a private window.");
  }
  return "";
}
