// A part of another page that shows people: it lies sealed on the device for some hours, and is shown without a network.
import { all, drop, openText, put, sealText } from "device.js";
import { find, parsed } from "page.js";

const HOUR = 3_600_000;

async function fresh(place) {
  const answer = await fetch(place.dataset.sealed, { headers: { Accept: "text/html" } });
  // A sign-in page is no list.
  if (!answer.ok || new URL(answer.url).pathname !== place.dataset.sealed) return;
  const region = parsed(await answer.text()).getElementById(place.dataset.region);
  if (!region) return;
  const id = place.dataset.sealed;
  const until = Date.now() + Number(region.dataset.hours) * HOUR;
  await put({ id, at: Date.now(), until, sealed: await sealText(region.innerHTML, id) }, "regions");
}

export async function showRegions() {
  for (const { id, until } of await all("regions")) if (until < Date.now()) await drop(id, "regions");
  for (const place of document.querySelectorAll("[data-sealed]")) {
    await fresh(place).catch(() => {});
    const kept = (await all("regions")).find(({ id }) => id === place.dataset.sealed);
    if (kept) place.replaceChildren(...document.importNode(parsed(await openText(kept.sealed, kept.id)).body, true).childNodes);
    const none = find("[data-sealed-none]");
    if (none) none.hidden = Boolean(kept);
  }
}
