// A form into the store, and out of it again: what was typed, chosen and photographed.
import { open, openText, seal, sealText } from "device.js";
import { find, parsed, tell, words } from "page.js";
import { drawn } from "pictures.js";

export const goesWhole = (form) => form.enctype === "multipart/form-data";

// Each file under a name of its own: it is the key of the picture that goes by itself.
export async function sealForm(form, id) {
  await drawn();
  const fields = [];
  const files = [];
  const followers = {};
  for (const [field, value] of new FormData(form)) {
    if (field === "form_token" || form.elements[field]?.type === "password") continue;
    if (!(value instanceof File)) fields.push([field, value]);
    else if (value.size) {
      const file = crypto.randomUUID();
      followers[field] = (followers[field] ?? 0) + 1;
      files.push({ id: file, field, about: await sealText({ name: value.name, type: value.type }, file), sealed: await seal(await value.arrayBuffer(), file) });
    }
  }
  // The server is told what will follow.
  if (!goesWhole(form)) for (const [field, count] of Object.entries(followers)) fields.push([`${field}s`, String(count)]);
  return { fields: await sealText(fields, id), files };
}

export async function fileOf({ id, about, sealed }) {
  const { name, type } = await openText(about, id);
  return new File([await open(sealed, id)], name, { type });
}

export async function restore(form, item) {
  const place = find("[data-differences]", form);
  if (place && item.asks) place.replaceChildren(...document.importNode(parsed(await openText(item.asks, item.id)).body, true).childNodes);
  const fields = await openText(item.sealed.fields, item.id);
  const elements = [...form.elements];
  for (const element of elements) if (["checkbox", "radio"].includes(element.type)) element.checked = fields.some(([field, value]) => field === element.name && value === element.value);
  for (const [field, value] of fields) {
    const element = elements.find((one) => one.name === field && !["checkbox", "radio", "file", "hidden"].includes(one.type));
    if (element) element.value = value;
  }
  for (const input of elements.filter((one) => one.type === "file")) {
    const chosen = new DataTransfer();
    for (const file of item.sealed.files.filter(({ field }) => field === input.name)) chosen.items.add(await fileOf(file));
    if (chosen.files.length) input.files = chosen.files;
  }
  if (item.wrong) showWrong(form, await openText(item.wrong, item.id));
}

function showWrong(form, wrong) {
  const list = document.createElement("ul");
  for (const { field, sentence } of wrong) {
    const line = list.appendChild(document.createElement("li"));
    const place = field && document.getElementById(`f-${field}`);
    const told = line.appendChild(document.createElement(place ? "a" : "span"));
    if (place) told.href = `#f-${field}`;
    told.textContent = sentence;
  }
  tell(words.refused, "bad");
  find("[data-told]")?.append(list);
}
