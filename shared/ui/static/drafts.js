// Drafts: saved with every stroke, there again when the page is, and handed in to the outbox.
import { all, change, drop, put, sealText } from "device.js";
import { goesWhole, restore, sealForm } from "forms.js";
import { sendAll } from "outbox.js";
import { find, tell, words } from "page.js";

const DAYS_KEPT = 14;
const A_DAY = 86_400_000;

// Nobody's old drafts stay for ever; what waits to be sent is never thrown away.
export async function dropOld() {
  for (const item of await all()) if (item.state === "draft" && item.at < Date.now() - DAYS_KEPT * A_DAY) await drop(item.id);
}

const named = (form, id) => sealText(form.elements[form.dataset.namedBy]?.value ?? "", id);
const touch = (form) => { form.dataset.touched = "yes"; };
export const watch = (form) => form.addEventListener("input", () => touch(form), { once: true });

export async function begin(form) {
  const kind = form.dataset.offline;
  const asked = new URLSearchParams(location.search).get("draft");
  const mine = (await all()).filter((item) => item.state === "draft" && item.form === kind && item.page === location.pathname);
  // Where several are written in a day, an empty page begins another one.
  let item = mine.find(({ id }) => id === asked) ?? ("many" in form.dataset ? undefined : mine.at(-1));
  // What was typed before we were ready is newer than any draft.
  if (item && !form.dataset.touched) await restore(form, item);
  let saving;
  let again = false;
  let round = 0;

  async function keep(begun) {
    const draft = item = { ...(item ?? { id: crypto.randomUUID(), state: "draft", form: kind, page: location.pathname }), title: form.dataset.title, at: Date.now() };
    draft.sealed = await sealForm(form, draft.id);
    draft.named = await named(form, draft.id);
    // Handed in meanwhile: it would be a draft of what is sent already.
    if (begun !== round) return;
    await put(draft);
    // Opened again, the page finds this very draft.
    if ("many" in form.dataset && asked !== draft.id) history.replaceState(history.state, "", `?draft=${draft.id}`);
    const line = find("[data-saved-line]", form);
    if (line) line.textContent = words.saved;
  }

  async function keepAll() {
    const begun = round;
    try {
      do {
        again = false;
        await keep(begun);
      } while (again && begun === round);
      form.dataset.kept = "yes";
    } catch {
      tell(words.full, "bad");
    }
    saving = undefined;
    if (again && form.dataset.touched) save();
  }

  function save() {
    if (form.dataset.handed) return;
    touch(form);
    form.dataset.kept = "no";
    again = true;
    saving ??= keepAll();
  }
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  if (form.dataset.touched) save();

  async function handIn(action) {
    // A key of its own: what was refused, or is open in two tabs, is another request when it is handed in again.
    const id = crypto.randomUUID();
    const sealed = await sealForm(form, id);
    const title = form.dataset.title;
    // The device's own time goes along: when it was done, not when there was a network.
    const handed = { id, state: "outbox", form: kind, page: location.pathname, action, title, at: Date.now(), named: await named(form, id),
      deviceTime: new Date().toISOString(), upload: goesWhole(form), sealed: { fields: sealed.fields, files: goesWhole(form) ? sealed.files : [] } };
    const pictures = goesWhole(form) ? [] : await Promise.all(sealed.files.map(async (file) =>
      ({ id: file.id, state: "outbox", after: id, title, at: handed.at, named: await named(form, file.id), file })));
    await change((items) => {
      items.put(handed);
      for (const picture of pictures) items.put(picture);
      if (item) items.delete(item.id);
    });
    return id;
  }

  form.addEventListener("submit", async (event) => {
    if (form.dataset.plainly) return;
    event.preventDefault();
    // A second click, on a form that the first one has emptied.
    if (form.dataset.handed || (form.dataset.sent && !form.dataset.touched)) return;
    form.dataset.handed = "yes";
    round += 1;
    let id;
    try {
      await saving;
      id = await handIn(new URL(event.submitter?.getAttribute("formaction") ?? form.action, location).pathname);
    } catch {
      delete form.dataset.handed;
      // Nowhere to keep it and nobody to send it to: what was typed stays on the page.
      if (!navigator.onLine) return tell(words.full, "bad");
      // A browser that keeps nothing sends as it always did.
      form.dataset.plainly = "yes";
      return form.requestSubmit(event.submitter);
    }
    item = undefined;
    again = false;
    form.reset();
    find("[data-differences]", form)?.replaceChildren();
    delete form.dataset.touched;
    delete form.dataset.handed;
    form.dataset.sent = "yes";
    find("[data-saved-line]", form)?.replaceChildren();
    if ("many" in form.dataset) history.replaceState(history.state, "", location.pathname);
    tell(words.waiting, "warn");
    navigator.storage?.persist?.();
    await sendAll({ following: id });
  });
}
