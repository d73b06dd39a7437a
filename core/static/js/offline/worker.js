// The worker of /cham-thi/: it keeps the empty page and the files that show it, nothing of a person. Every other page
// comes from the server as ever; only when the server cannot be reached does the empty page take its place.
// BATCH (version, shell, assets) stands in the script that brings this one in.
const CACHE = `bangvang-cham-thi-${BATCH.version}`;
const PATIENCE = 6000;
const HELD = /^\/cham-thi\/ngoai-tuyen\/tep\/([0-9]+-[0-9a-f]{12})$/;
const assets = new Set(BATCH.assets);

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const held = HELD.exec(url.pathname);
  if (held) event.respondWith(fromPage(held[1]));
  else if (assets.has(url.pathname + url.search)) event.respondWith(kept(request));
  else if (request.mode === "navigate" && url.pathname.startsWith("/cham-thi/")) event.respondWith(opened(request, url));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll([BATCH.shell, ...BATCH.assets].map((address) => new Request(address, { cache: "no-cache" })));
}

async function dropOthers() {
  for (const name of await caches.keys()) {
    if (name.startsWith("bangvang-cham-thi-") && name !== CACHE) await caches.delete(name);
  }
}

async function kept(request) {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}

// A page of the desk. The server is waited for; for the empty page itself not longer than a moment, nor is it taken from
// a server that fails.
async function opened(request, url) {
  const answer = fetch(request);
  try {
    if (url.pathname !== BATCH.shell) return await answer;
    answer.catch(() => {});
    const shown = await Promise.race([answer, new Promise((_, reject) => { setTimeout(reject, PATIENCE); })]);
    if (shown.status >= 500) throw new Error("the server fails");
    return shown;
  } catch {
    const shell = await caches.match(BATCH.shell, { cacheName: CACHE });
    return shell ?? answer;
  }
}

// A file of a dossier lies encrypted on the device: a page that was unlocked gives it, and it is kept nowhere in plain.
async function fromPage(id) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const answers = pages.map((page) => asked(page, id));
  const found = (await Promise.all(answers)).find((one) => one);
  if (!found) {
    return new Response("Bạn mở khóa bàn chấm ngoài tuyến ở thẻ kia, mở lại hồ sơ rồi bấm vào tệp này lần nữa.", {
      status: 404,
      headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" },
    });
  }
  const headers = {
    "Content-Type": found.type,
    "Content-Disposition": `${found.isShown ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(found.name)}`,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  };
  if (found.type !== "application/pdf") headers["Content-Security-Policy"] = "default-src 'none'; sandbox";
  return new Response(found.bytes, { headers });
}

function asked(page, id) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const late = setTimeout(() => resolve(null), 8000);
    port1.onmessage = (event) => {
      clearTimeout(late);
      resolve(event.data);
    };
    page.postMessage({ kind: "held-file", id }, [port2]);
  });
}
