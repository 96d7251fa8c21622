// What a person typed outlives a lost line: drafts, an outbox, and the day's list lie sealed on the device. An item
// leaves the device's outbox only when the server has answered for it.
import { keepTime } from "clock.js";
import { others } from "device.js";
import { begin, dropOld, watch } from "drafts.js";
import { keepPages } from "keeping.js";
import { leave } from "leaving.js";
import { sendAll } from "outbox.js";
import { find, page } from "page.js";
import { showRegions } from "regions.js";
import { showNetwork, showNumber } from "shown.js";

async function start() {
  const forms = [...document.querySelectorAll("form[data-offline]")];
  forms.forEach(watch);
  forms.forEach(keepTime);
  showNetwork();
  addEventListener("online", () => { showNetwork(); sendAll(); showRegions(); });
  addEventListener("offline", showNetwork);
  find("[data-send-now]")?.addEventListener("click", () => sendAll());
  others?.addEventListener("message", showNumber);
  await dropOld();
  for (const form of forms) await begin(form);
  for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", leave);
  await showNumber();
  page.dataset.offlineReady = "yes";
  await Promise.all([showRegions(), sendAll()]);
  await keepPages();
}

// Without a secure context nothing can be sealed: forms then go the plain way.
if (self.isSecureContext && self.indexedDB && crypto.subtle) start().catch((error) => console.warn("not kept on this device:", error.name));
