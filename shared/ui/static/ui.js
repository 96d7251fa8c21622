// Comfort over pages that work without it: swap a region, stay fresh, keys. What it cannot do, the browser does plainly.
import "pictures.js";

const page = document.documentElement;
const find = (selector, from = document) => from.querySelector(selector);
page.classList.add("scripted");
find("[data-errors]")?.focus();

// --- Swap: fetch the whole page, take over the region that was asked for.
const swapped = new Set();
let going;

async function show(address, regions, { push = false, quiet = false } = {}) {
  if (!quiet) {
    going?.abort();
    going = new AbortController();
  }
  let fresh;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: quiet ? null : going.signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!regions.every((one) => find(one) && find(one, fresh))) throw new Error("no such region");
  } catch (error) {
    if (error.name !== "AbortError" && !quiet) location.assign(address);
    return;
  }
  // What came by itself is late when the reader has moved on meanwhile.
  if (quiet && location.href !== address) return;
  const focused = document.activeElement?.id;
  for (const one of regions) {
    swapped.add(one);
    find(one).replaceWith(document.adoptNode(find(one, fresh)));
  }
  if (push) {
    document.title = fresh.title;
    history.pushState({ swap: true }, "", address);
  }
  // The region may hold what was focused; its twin takes the focus over.
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  if (!quiet) find("[data-announce]").textContent = find(regions[0]).dataset.says ?? document.title;
}

const regionsOf = (element) => element.dataset.swap.split(" ");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  for (const other of link.parentElement.children) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  show(link.href, regionsOf(link), { push: true });
});

const addressOf = (form) => `${form.getAttribute("action") || location.pathname}?${new URLSearchParams(new FormData(form))}`;
let typing;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.swap) {
    event.preventDefault();
    clearTimeout(typing);
    show(addressOf(form), regionsOf(form), { push: true });
  } else if (form.method === "post" && !event.defaultPrevented) {
    // A double click sends once.
    if (form.dataset.going) event.preventDefault();
    form.dataset.going = "yes";
  }
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-going]").forEach((form) => delete form.dataset.going));
document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form?.dataset.swap) return;
  clearTimeout(typing);
  typing = setTimeout(() => form.requestSubmit(), target.matches("select, [type=radio], [type=checkbox]") ? 0 : 300);
});
addEventListener("popstate", () => {
  if (!swapped.size) return;
  const asked = new URLSearchParams(location.search);
  for (const field of document.querySelectorAll("form[data-swap] [name]")) field.value = asked.get(field.name) ?? "";
  show(location.href, [...swapped]);
});

// --- Fresh: the server says that something changed, the region is fetched again.
for (const region of document.querySelectorAll("[data-live]")) {
  const one = `#${region.id}`;
  let busy = false;
  let again = false;
  const refresh = async () => {
    // Never under somebody's hands: a half-written reason stays.
    const held = find(`${one} :is(input, textarea, select):focus`);
    if (held) return held.addEventListener("blur", refresh, { once: true });
    if (busy) return (again = true);
    busy = true;
    await show(location.href, [one], { quiet: true });
    busy = false;
    if (again) { again = false; refresh(); }
  };
  new EventSource(region.dataset.live).addEventListener("message", refresh);
}

// --- Keys: by their place on the keyboard, so that they work while it writes Arabic.
const help = find("[data-keys-help]");
const choice = find("[data-keys-on]");
const KEYS_OFF = "athar-keys-off";
try { choice.checked = !localStorage.getItem(KEYS_OFF); } catch { /* a browser that keeps nothing */ }
choice?.addEventListener("change", () => {
  try { choice.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "yes"); } catch { /* as above */ }
});

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  find("a, button, [tabindex]", next ?? document.createElement("i"))?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !choice?.checked) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
  const act = event.code === "Slash"
    ? (event.shiftKey ? () => help.showModal() : () => find("[data-search]")?.focus())
    : event.shiftKey ? undefined : { KeyJ: () => step(1), KeyK: () => step(-1) }[event.code];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());
