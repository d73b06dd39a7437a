// Takes the place of the worker of /cham-thi/ where the installation does not offer the desk without a network: clears
// the files and goes. What judges have typed lies elsewhere (IndexedDB) and is not touched: the page still sends it.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("bangvang-cham-thi-")) await caches.delete(name);
    await self.registration.unregister();
  })());
});
