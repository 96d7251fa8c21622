// Keeps the look's files, and those pages alone that say of themselves that they show nobody's data.
const FILES = FILES_OF_THIS_RELEASE;
const PAGES = "athar-pages";
const SHELL = `athar-files ${FILES.join(" ")}`;
const OFFLINE = ["/ui/offline", "/ui/outbox"];

self.addEventListener("install", (event) => event.waitUntil((async () => {
  // The pages that every device has outlive a sign-out; those of a seat do not.
  await (await caches.open(SHELL)).addAll([...FILES, ...OFFLINE]);
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("athar-files") && name !== SHELL) await caches.delete(name);
  await clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(pageOf(request));
  else if (address.pathname.startsWith("/ui/") && /\.[0-9a-f]{10}\.\w+$/.test(address.pathname)) event.respondWith(fileOf(request, address));
});

async function pageOf(request) {
  const kept = await caches.open(PAGES);
  // One copy a page, whatever it was asked with: `?draft=…` is read by the page itself.
  const { pathname } = new URL(request.url);
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.headers.get("Athar-Keep") === "device") await kept.put(pathname, answer.clone());
    return answer;
  } catch {
    const all = { ignoreVary: true };
    return (await kept.match(pathname, all)) ?? (await caches.match(pathname, all)) ?? caches.match("/ui/offline", all);
  }
}

async function fileOf(request, address) {
  const held = await caches.match(request, { ignoreVary: true });
  if (held) return held;
  try {
    return await fetch(request);
  } catch (error) {
    // A page kept from an older release names older files: this release's are near enough without a network.
    const stem = address.pathname.split(".")[0];
    const near = FILES.find((one) => one.split(".")[0] === stem && one.endsWith(address.pathname.split(".").at(-1)));
    if (near) return caches.match(near);
    throw error;
  }
}
