// The device's own database: a line for each vault, and records that are nothing but ciphertext.
const NAME = "bangvang-mang-theo";
const FLAG = "bangvang:mang-theo"; // that there is something here: read by pages that offer to wipe it
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("vaults", { keyPath: "id" });
      asked.result.createObjectStore("records", { keyPath: ["vault", "name"] });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = null; reject(asked.error); };
  });
  return opened;
}

// One request in a transaction of its own; what is written is on the disk when this is done.
async function run(store, mode, work) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const change = db.transaction(store, mode, { durability: "strict" });
    const asked = work(change.objectStore(store));
    change.oncomplete = () => resolve(asked.result);
    change.onabort = () => reject(change.error ?? new Error("not stored"));
    change.onerror = () => reject(change.error);
  });
}

const ofVault = (id) => IDBKeyRange.bound([id], [id, []]);

export const vaultLines = () => run("vaults", "readonly", (store) => store.getAll());
export const vaultLine = (id) => run("vaults", "readonly", (store) => store.get(id));
export const record = (vault, name) => run("records", "readonly", (store) => store.get([vault, name]));
export const putRecord = (line) => run("records", "readwrite", (store) => store.put(line));
export const dropRecord = (vault, name) => run("records", "readwrite", (store) => store.delete([vault, name]));

export async function putVaultLine(line) {
  await run("vaults", "readwrite", (store) => store.put(line));
  localStorage.setItem(FLAG, "1");
}

// Everything of a vault goes, its key first: without it the rest is noise already.
export async function dropVault(id) {
  await run("vaults", "readwrite", (store) => store.delete(id));
  await run("records", "readwrite", (store) => store.delete(ofVault(id)));
  if ((await vaultLines()).length) return;
  localStorage.removeItem(FLAG);
  const registration = await navigator.serviceWorker?.getRegistration("/cham-thi/");
  await registration?.unregister();
  for (const name of await caches.keys()) if (name.startsWith("bangvang-cham-thi-")) await caches.delete(name);
}
