// What a page shows of the store: how much waits, the lists of it, and whether there is a network.
import { all, openText } from "device.js";
import { find } from "page.js";

export async function showNumber() {
  const items = await all();
  const waiting = items.filter(({ state }) => state === "outbox").length;
  for (const place of document.querySelectorAll("[data-outbox]")) {
    place.textContent = waiting;
    place.closest(".outbox")?.classList.toggle("full", waiting > 0);
  }
  for (const list of document.querySelectorAll("[data-list]")) {
    const rows = items.filter(({ state }) => state === list.dataset.list).map(rowOf);
    list.replaceChildren(...await Promise.all(rows));
  }
}

const stateOf = (item) => (item.state === "draft" ? (item.wrong ? "Refused" : "Draft") : item.file ? "Picture" : "Outbox");

async function rowOf(item) {
  const row = find("[data-waiting-row]").content.firstElementChild.cloneNode(true);
  const link = find("a", row);
  const whose = item.named && await openText(item.named, item.id);
  link.textContent = whose ? `${whose} · ${item.title}` : item.title;
  link.dir = "auto";
  if (item.state === "draft" && item.page) link.href = `${item.page}?draft=${item.id}`;
  find(".tag", row).textContent = find("[data-states]").dataset[`state${stateOf(item)}`];
  const time = find("time", row);
  time.dateTime = new Date(item.at).toISOString();
  // Digits as the server writes them; a browser's Arabic has others.
  time.textContent = new Date(item.at).toLocaleString("en-GB", { dateStyle: "short", timeStyle: "short" });
  time.dir = "ltr";
  if (item.wrong) find("p", row).textContent = (await openText(item.wrong, item.id)).map(({ sentence }) => sentence).join(" ");
  return row;
}

export function showNetwork() {
  const line = find("[data-no-network]");
  if (line) line.hidden = navigator.onLine;
}
