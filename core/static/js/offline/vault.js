// A vault: what one judge took along, locked with the code he set for this device. The key of the records is random,
// wrapped with a key that is derived from the code, and open in memory alone while the page is unlocked.
import { dropRecord, dropVault, putRecord, putVaultLine, record, vaultLine } from "./store.js";
import { say } from "./words.js";

export const ROUNDS = 600000;
export const SHORTEST = 8;
const WAITS = [0, 0, 0, 5, 15, 30, 60, 300, 900]; // seconds after so many wrong codes in a row
const utf8 = (text) => new TextEncoder().encode(text);

export class WrongCode extends Error {
  constructor(wait) {
    super("wrong code");
    this.wait = wait;
  }
}

// What is wrong with a code, in one sentence; "" when it will do.
export function faultOfCode(code) {
  if ([...code].length < SHORTEST) return say(`Mã cần ít nhất ${SHORTEST} ký tự.`, `The code needs at least ${SHORTEST} characters.`);
  const steps = new Set([...code].slice(1).map((one, index) => one.codePointAt(0) - code.codePointAt(index)));
  if (steps.size === 1 && Math.abs([...steps][0]) < 2) {
    return say("Mã này quá dễ đoán. Bạn hãy chọn mã khác, ví dụ vài từ chỉ mình bạn nhớ.", "This code is too easy to guess. Choose another, such as a few words that only you remember.");
  }
  return "";
}

// One after the other, whatever the number of pages that are open.
export const inTurn = (name, work) => (navigator.locks ? navigator.locks.request(`bangvang-mang-theo:${name}`, work) : work());

export async function makeVault(id, number, code) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const wrapping = await wrappingKey(code, salt, ROUNDS);
  const key = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(id) }, wrapping, raw);
  await putVaultLine({ id, number, salt, iterations: ROUNDS, iv, key, made: Date.now(), failures: 0, until: 0, unsent: 0 });
  return new Vault(id, await workingKeys(raw));
}

// Open with the code. A wrong one is counted before it is tried, so that closing the page saves no time.
export function openVault(id, code) {
  return inTurn(`${id}:code`, async () => {
    const line = await vaultLine(id);
    const left = Math.ceil((line.until - Date.now()) / 1000);
    if (left > 0) throw new WrongCode(left);
    const failures = line.failures + 1;
    const wait = WAITS[Math.min(failures, WAITS.length - 1)];
    await putVaultLine({ ...line, failures, until: Date.now() + wait * 1000 });
    const wrapping = await wrappingKey(code, line.salt, line.iterations);
    let raw;
    try {
      raw = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: line.iv, additionalData: utf8(id) }, wrapping, line.key));
    } catch {
      throw new WrongCode(wait);
    }
    await putVaultLine({ ...line, failures: 0, until: 0 });
    return new Vault(id, await workingKeys(raw));
  });
}

async function wrappingKey(code, salt, iterations) {
  const base = await crypto.subtle.importKey("raw", utf8(code.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function workingKeys(raw) {
  const base = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
  raw.fill(0);
  const part = (info, kind, uses) => crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: utf8(info) }, base, kind, false, uses,
  );
  return {
    records: await part("records", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]),
    names: await part("names", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]),
  };
}

export class Vault {
  #keys;

  constructor(id, keys) {
    this.id = id;
    this.#keys = keys;
  }

  // Where a record lies: a name that says nothing to who has no key.
  async #place(name) {
    const mark = new Uint8Array(await crypto.subtle.sign("HMAC", this.#keys.names, utf8(name)));
    return [...mark.slice(0, 16)].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  async putBytes(name, bytes) {
    const place = await this.#place(name);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(name) }, this.#keys.records, bytes);
    await putRecord({ vault: this.id, name: place, iv, data });
  }

  async bytes(name) {
    const line = await record(this.id, await this.#place(name));
    if (!line) return null;
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: line.iv, additionalData: utf8(name) }, this.#keys.records, line.data);
  }

  async has(name) {
    return Boolean(await record(this.id, await this.#place(name)));
  }

  put(name, value) {
    return this.putBytes(name, utf8(JSON.stringify(value)));
  }

  async get(name) {
    const bytes = await this.bytes(name);
    return bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
  }

  async drop(name) {
    return dropRecord(this.id, await this.#place(name));
  }

  // Read, change, write; two pages at once do it one after the other. `work` gives the new value, or undefined to let it be.
  change(name, work) {
    return inTurn(`${this.id}:${name}`, async () => {
      const value = await work(await this.get(name));
      if (value !== undefined) await this.put(name, value);
      return value;
    });
  }

  // How many sheets wait to be sent: a number alone, for the page that offers to wipe without the code.
  tellUnsent(count) {
    return inTurn(`${this.id}:code`, async () => putVaultLine({ ...await vaultLine(this.id), unsent: count }));
  }

  wipe() {
    return dropVault(this.id);
  }
}
