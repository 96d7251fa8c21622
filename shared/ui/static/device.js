// The store of one person on this device: one key that no script can read out, and what is sealed with it.
import { PAGES, memory, page } from "page.js";

// A page that knows nobody (the outbox, a refusal) shows the work of who was here last.
const LAST = "athar-owner";
const last = memory((kept) => kept.getItem(LAST));
export const owner = page.dataset.owner ?? last ?? "anyone";
export const name = `athar-${owner}`;
export const others = "BroadcastChannel" in self ? new BroadcastChannel(name) : undefined;
if (page.dataset.owner) memory((kept) => kept.setItem(LAST, owner));
// Somebody else signed in here: the pages that were kept for the other would lead into his store.
if (page.dataset.owner && last && last !== owner) self.caches?.delete(PAGES);

const done = (request) => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error);
});
const over = (transaction) => new Promise((yes, no) => {
  transaction.oncomplete = () => yes();
  transaction.onabort = transaction.onerror = () => no(transaction.error);
});

let opened;
const store = () => (opened ??= (async () => {
  const asked = indexedDB.open(name, 2);
  asked.onupgradeneeded = () => {
    const there = asked.result.objectStoreNames;
    if (!there.contains("keys")) asked.result.createObjectStore("keys");
    if (!there.contains("items")) asked.result.createObjectStore("items", { keyPath: "id" });
    if (!there.contains("regions")) asked.result.createObjectStore("regions", { keyPath: "id" });
  };
  const database = await done(asked);
  // A sign-out in another tab deletes the store: it must not wait for us.
  database.onversionchange = () => { database.close(); opened = undefined; };
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const transaction = database.transaction("keys", "readwrite");
  const keys = transaction.objectStore("keys");
  // Two tabs may begin at once: the first key stays.
  const key = (await done(keys.get("key"))) ?? (keys.put(fresh, "key"), fresh);
  await over(transaction);
  return { database, key };
})());

// All of `work` or nothing of it, and on the disk before it is told: `strict` outlives a pulled battery.
export async function change(work, kind = "items") {
  const transaction = (await store()).database.transaction(kind, "readwrite", { durability: "strict" });
  work(transaction.objectStore(kind));
  await over(transaction);
  others?.postMessage("changed");
}
export const put = (item, kind) => change((items) => items.put(item), kind);
export const drop = (id, kind) => change((items) => items.delete(id), kind);
export const all = async (kind = "items") => {
  const found = await done((await store()).database.transaction(kind).objectStore(kind).getAll());
  return found.sort((one, other) => one.at - other.at);
};

export async function forget() {
  (await store()).database.close();
  await done(indexedDB.deleteDatabase(name));
  await caches.delete(PAGES);
  memory((kept) => kept.removeItem(LAST));
}

// What is sealed for one item opens for no other.
const bound = (id, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) });
export async function seal(bytes, id) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt(bound(id, iv), (await store()).key, bytes) };
}
export const open = async ({ iv, data }, id) => crypto.subtle.decrypt(bound(id, iv), (await store()).key, data);
export const sealText = async (value, id) => seal(new TextEncoder().encode(JSON.stringify(value)), id);
export const openText = async (sealed, id) => JSON.parse(new TextDecoder().decode(await open(sealed, id)));

// One tab at a time does what must not be done twice at once.
export const alone = (work) => (navigator.locks ? navigator.locks.request(`${name}-outbox`, work) : work());
