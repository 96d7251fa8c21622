// The worker, and the pages that it keeps for use without a network: those alone that say that they show nobody.
import { PAGES, find, page } from "page.js";

const NEW_ENOUGH = 6 * 3_600_000;
const isNew = (held) => held && Date.now() - Date.parse(held.headers.get("Date")) < NEW_ENOUGH && held.headers.get("Content-Language") === page.lang;

async function keep(cache, address) {
  if (isNew(await cache.match(address, { ignoreVary: true }))) return;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (answer.ok && !answer.redirected && answer.headers.get("Athar-Keep") === "device") await cache.put(address, answer);
}

export async function keepPages() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/ui/sw.js", { scope: "/" });
  await navigator.serviceWorker.ready;
  const also = find("[data-keep-also]")?.dataset.keepAlso.split(" ").filter(Boolean) ?? [];
  const cache = await caches.open(PAGES);
  // The first visit came before the worker did. Without a network what was kept earlier stays.
  const wanted = "keeps" in page.dataset ? [location.pathname, ...also] : also;
  for (const address of wanted) await keep(cache, address).catch(() => {});
  page.dataset.worker = "ready";
}
