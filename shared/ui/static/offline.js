// What a person typed outlives a lost line. Drafts and outbox lie in IndexedDB, sealed with a key that this browser
// made and hands out to nobody. An item leaves the device's outbox only when the server has answered for it.
const DAYS_KEPT = 14;
const PAGES = "athar-pages";
const page = document.documentElement;
const words = document.body.dataset;
const find = (selector, from = document) => from.querySelector(selector);
// A page that knows nobody (the outbox, a refusal) shows the work of who was here last.
const LAST = "athar-owner";
const memory = (work) => { try { return work(localStorage); } catch { return undefined; } };
const owner = page.dataset.owner ?? memory((kept) => kept.getItem(LAST)) ?? "anyone";
if (page.dataset.owner) memory((kept) => kept.setItem(LAST, owner));
const name = `athar-${owner}`;
const others = "BroadcastChannel" in self ? new BroadcastChannel(name) : undefined;

const done = (request) => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error);
});
const over = (transaction) => new Promise((yes, no) => {
  transaction.oncomplete = () => yes();
  transaction.onabort = transaction.onerror = () => no(transaction.error);
});

// --- The store: one key, and items {id, state, page, form, title, at, sealed, wrong?}.
let opened;
const store = () => (opened ??= (async () => {
  const asked = indexedDB.open(name, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("keys");
    asked.result.createObjectStore("items", { keyPath: "id" });
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

async function change(work) {
  const transaction = (await store()).database.transaction("items", "readwrite", { durability: "strict" });
  work(transaction.objectStore("items"));
  await over(transaction);
  others?.postMessage("changed");
}
const put = (item) => change((items) => items.put(item));
const drop = (id) => change((items) => items.delete(id));
const all = async () => (await done((await store()).database.transaction("items").objectStore("items").getAll()))
  .sort((one, other) => one.at - other.at);

async function seal(bytes, id) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(id);
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, (await store()).key, bytes) };
}
async function open({ iv, data }, id) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) }, (await store()).key, data);
}
const sealText = async (value, id) => seal(new TextEncoder().encode(JSON.stringify(value)), id);
const openText = async (sealed, id) => JSON.parse(new TextDecoder().decode(await open(sealed, id)));

async function sealForm(form, id) {
  const fields = [];
  const files = [];
  for (const [field, value] of new FormData(form)) {
    if (field === "form_token" || form.elements[field]?.type === "password") continue;
    if (!(value instanceof File)) fields.push([field, value]);
    else if (value.size) files.push({ field, name: value.name, type: value.type, sealed: await seal(await value.arrayBuffer(), id) });
  }
  return { fields: await sealText(fields, id), files };
}

// --- Drafts: saved with every stroke, there again when the page is.
const tell = (told, kind = "info") => {
  const line = find("[data-told]");
  if (line) Object.assign(line, { textContent: told, hidden: !told, className: `notice ${kind}` });
};

async function begin(form) {
  const kind = form.dataset.offline;
  const asked = new URLSearchParams(location.search).get("draft");
  const mine = (await all()).filter((item) => item.state === "draft" && item.form === kind && item.page === location.pathname);
  let item = mine.find(({ id }) => id === asked) ?? mine.at(-1);
  // What was typed before we were ready is newer than any draft.
  if (item && !form.dataset.touched) await restore(form, item);
  let busy = false;
  let again = false;
  let round = 0;
  const save = async () => {
    if (form.dataset.handed) return;
    form.dataset.touched = "yes";
    if (busy) return (again = true);
    busy = true;
    try {
      do {
        again = false;
        const begun = round;
        const draft = item = { ...(item ?? { id: crypto.randomUUID(), state: "draft", form: kind, page: location.pathname }), title: form.dataset.title, at: Date.now() };
        draft.sealed = await sealForm(form, draft.id);
        // Handed in meanwhile: it would be a draft of what is sent already.
        if (begun !== round) continue;
        await put(draft);
        const line = find("[data-saved-line]", form);
        if (line) line.textContent = words.saved;
      } while (again);
    } finally {
      busy = false;
    }
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  if (form.dataset.touched) save();

  form.addEventListener("submit", async (event) => {
    if (form.dataset.plainly) return;
    event.preventDefault();
    // A second click, on a form that the first one has emptied.
    if (form.dataset.handed || (form.dataset.sent && !form.dataset.touched)) return;
    form.dataset.handed = "yes";
    round += 1;
    // A key of its own: what was refused, or is open in two tabs, is another request when it is handed in again.
    const id = crypto.randomUUID();
    const action = new URL(event.submitter?.getAttribute("formaction") ?? form.action, location).pathname;
    try {
      // The device's own time goes along: when it was done, not when there was a network.
      const handed = { id, state: "outbox", form: kind, page: location.pathname, action, title: form.dataset.title, at: Date.now(),
        deviceTime: new Date().toISOString(), upload: form.enctype === "multipart/form-data", sealed: await sealForm(form, id) };
      await change((items) => {
        items.put(handed);
        if (item) items.delete(item.id);
      });
    } catch {
      // A browser that keeps nothing sends as it always did.
      form.dataset.plainly = "yes";
      delete form.dataset.handed;
      return form.requestSubmit(event.submitter);
    }
    item = undefined;
    form.reset();
    delete form.dataset.touched;
    delete form.dataset.handed;
    form.dataset.sent = "yes";
    find("[data-saved-line]", form)?.replaceChildren();
    tell(words.waiting, "warn");
    navigator.storage?.persist?.();
    await sendAll({ following: id });
  });
}

async function restore(form, item) {
  const fields = await openText(item.sealed.fields, item.id);
  const elements = [...form.elements];
  for (const element of elements) if (["checkbox", "radio"].includes(element.type)) element.checked = fields.some(([field, value]) => field === element.name && value === element.value);
  for (const [field, value] of fields) {
    const element = elements.find((one) => one.name === field && !["checkbox", "radio", "file", "hidden"].includes(one.type));
    if (element) element.value = value;
  }
  for (const file of item.sealed.files) {
    const input = elements.find((one) => one.name === file.field && one.type === "file");
    if (!input) continue;
    const chosen = new DataTransfer();
    for (const one of item.sealed.files.filter(({ field }) => field === file.field)) {
      chosen.items.add(new File([await open(one.sealed, item.id)], one.name, { type: one.type }));
    }
    input.files = chosen.files;
  }
  if (item.wrong) showWrong(form, await openText(item.wrong, item.id));
}

function showWrong(form, wrong) {
  const list = document.createElement("ul");
  for (const { field, sentence } of wrong) {
    const line = list.appendChild(document.createElement("li"));
    const place = field && form.elements[field];
    const told = line.appendChild(document.createElement(place ? "a" : "span"));
    if (place) told.href = `#${(place.length ? place[0] : place).id}`;
    told.textContent = sentence;
  }
  tell(words.refused, "bad");
  find("[data-told]")?.append(list);
}

// --- The outbox: one by one, the same key and the same bytes each time, so that the server does it once.
async function bodyOf(item) {
  const fields = [...await openText(item.sealed.fields, item.id), ["device_time", item.deviceTime]];
  if (!item.upload) return [new URLSearchParams(fields), undefined];
  const quoted = (text) => text.replace(/"/g, "%22").replace(/[\r\n]/g, " ");
  const parts = [];
  const part = (field, more, body) => parts.push(`--${item.id}\r\nContent-Disposition: form-data; name="${quoted(field)}"${more}\r\n\r\n`, body, "\r\n");
  for (const [field, value] of fields) part(field, "", value.replace(/\r?\n/g, "\r\n"));
  for (const file of item.sealed.files) {
    part(file.field, `; filename="${quoted(file.name)}"\r\nContent-Type: ${file.type || "application/octet-stream"}`, await open(file.sealed, item.id));
  }
  parts.push(`--${item.id}--\r\n`);
  return [new Blob(parts), `multipart/form-data; boundary=${item.id}`];
}

async function post(item) {
  const [body, type] = await bodyOf(item);
  // Who does not ask for HTML is told that he is signed out, and never led to a page that looks like success.
  const headers = { Accept: "application/problem+json", "Idempotency-Key": item.id };
  if (type) headers["Content-Type"] = type;
  // The session's form token: of now, since the item may be older than the session.
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?athar-form=([^;]*)/)?.[1];
  if (token) headers["X-Form-Token"] = decodeURIComponent(token);
  return fetch(item.action, { method: "POST", body, headers });
}

const GO_ON = "go on";
const STOP = "stop";
async function send(item, following) {
  let answer;
  try {
    answer = await post(item);
    if (answer.status === 401) {
      await fetch(`${page.dataset.renewal}?next=%2Fui%2Foffline`, { headers: { Accept: "text/html" } });
      answer = await post(item);
    }
  } catch {
    return STOP;
  }
  // Signed out, too much at once, or something is down: it stays, and so does its turn.
  if ([401, 408, 425, 429].includes(answer.status)) return STOP;
  if (answer.status >= 500) return GO_ON;
  // The kernel's answer to a key that it knows is the first one's status, without the place that it led to.
  if (answer.ok || (answer.status >= 300 && answer.status < 400)) {
    await drop(item.id);
    if (following) answer.redirected ? location.assign(answer.url) : tell(words.sent, "good");
    return GO_ON;
  }
  const wrong = await wrongOf(answer);
  await put({ ...item, state: "draft", at: Date.now(), wrong: await sealText(wrong, item.id) });
  if (following) location.assign(`${item.page}?draft=${item.id}`);
  else tell(words.refused, "bad");
  return GO_ON;
}

async function wrongOf(answer) {
  const text = await answer.text();
  if (/json/.test(answer.headers.get("Content-Type"))) {
    const { detail, field } = JSON.parse(text);
    return [{ field, sentence: detail }];
  }
  const links = new DOMParser().parseFromString(text, "text/html").querySelectorAll("[data-errors] a");
  return links.length ? [...links].map((link) => ({ field: link.hash.slice(3), sentence: link.textContent })) : [{ sentence: words.refused }];
}

const alone = (work) => (navigator.locks ? navigator.locks.request(`${name}-outbox`, work) : work());
async function sendAll({ following } = {}) {
  await alone(async () => {
    for (const item of (await all()).filter(({ state }) => state === "outbox")) {
      if ((await send(item, item.id === following)) === STOP) break;
    }
    await showNumber();
  });
}

// --- What the page shows of it.
async function showNumber() {
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

async function rowOf(item) {
  const row = find("[data-waiting-row]").content.firstElementChild.cloneNode(true);
  const state = item.wrong && item.state === "draft" ? "Refused" : item.state === "draft" ? "Draft" : "Outbox";
  const link = find("a", row);
  link.textContent = item.title;
  if (item.state === "draft") link.href = `${item.page}?draft=${item.id}`;
  find(".tag", row).textContent = find("[data-states]").dataset[`state${state}`];
  const time = find("time", row);
  time.dateTime = new Date(item.at).toISOString();
  // Digits as the server writes them; a browser's Arabic has others.
  time.textContent = new Date(item.at).toLocaleString("en-GB", { dateStyle: "short", timeStyle: "short" });
  time.dir = "ltr";
  if (item.wrong) find("p", row).textContent = (await openText(item.wrong, item.id)).map(({ sentence }) => sentence).join(" ");
  return row;
}

function showNetwork() {
  const line = find("[data-no-network]");
  if (line) line.hidden = navigator.onLine;
}

async function start() {
  const forms = [...document.querySelectorAll("form[data-offline]")];
  for (const form of forms) form.addEventListener("input", () => { form.dataset.touched = "yes"; }, { once: true });
  showNetwork();
  addEventListener("online", () => { showNetwork(); sendAll(); });
  addEventListener("offline", showNetwork);
  find("[data-send-now]")?.addEventListener("click", () => sendAll());
  others?.addEventListener("message", showNumber);
  // Nobody's old drafts stay for ever; what waits to be sent is never thrown away.
  const old = Date.now() - DAYS_KEPT * 86_400_000;
  for (const item of await all()) if (item.state === "draft" && item.at < old) await drop(item.id);
  for (const form of forms) await begin(form);
  for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", leave);
  await showNumber();
  page.dataset.offlineReady = "yes";
  await sendAll();
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/ui/sw.js", { scope: "/" });
  await navigator.serviceWorker.ready;
  // The first visit came before the worker did. Without a network what was kept earlier stays.
  if ("keeps" in page.dataset) await (await caches.open(PAGES)).add(location.pathname).catch(() => {});
  page.dataset.worker = "ready";
}

// Signing out leaves nothing of a person on the device; what is unsent is said first.
async function leave(event) {
  const form = event.target;
  if (form.dataset.left) return;
  event.preventDefault();
  if ((await all()).length && !confirm(words.leave)) return;
  // Not while an item is being sent: it would have nowhere to be ticked off.
  await alone(async () => {
    (await store()).database.close();
    await done(indexedDB.deleteDatabase(name));
    await caches.delete(PAGES);
  });
  memory((kept) => kept.removeItem(LAST));
  form.dataset.left = "yes";
  form.requestSubmit();
}

// Without a secure context nothing can be sealed: forms then go the plain way.
if (self.isSecureContext && self.indexedDB && crypto.subtle) start().catch((error) => console.warn("not kept on this device:", error.name));
