// The outbox: one by one, the same key and the same bytes each time, so that the server does it once.
import { all, alone, change, open, openText, owner, sealText } from "device.js";
import { read } from "answers.js";
import { fileOf } from "forms.js";
import { page, tell, words } from "page.js";
import { showNumber } from "shown.js";

async function bodyOf(item) {
  if (item.file) {
    const { type } = await openText(item.file.about, item.file.id);
    return [await open(item.file.sealed, item.file.id), type || "application/octet-stream"];
  }
  const fields = [...await openText(item.sealed.fields, item.id), ["device_time", item.deviceTime]];
  if (!item.upload) return [new URLSearchParams(fields), undefined];
  const quoted = (text) => text.replace(/"/g, "%22").replace(/[\r\n]/g, " ");
  const parts = [];
  const part = (field, more, body) => parts.push(`--${item.id}\r\nContent-Disposition: form-data; name="${quoted(field)}"${more}\r\n\r\n`, body, "\r\n");
  for (const [field, value] of fields) part(field, "", value.replace(/\r?\n/g, "\r\n"));
  for (const kept of item.sealed.files) {
    const file = await fileOf(kept);
    part(kept.field, `; filename="${quoted(file.name)}"\r\nContent-Type: ${file.type || "application/octet-stream"}`, file);
  }
  parts.push(`--${item.id}--\r\n`);
  return [new Blob(parts), `multipart/form-data; boundary=${item.id}`];
}

async function post(item) {
  const [body, type] = await bodyOf(item);
  // Who does not ask for HTML is told that he is signed out, and never led to a page that looks like success.
  const headers = { Accept: "application/problem+json", "Idempotency-Key": item.id };
  // Whose work it is: should another have signed in meanwhile, it is not sent in his name.
  if (owner !== "anyone") headers["Athar-Owner"] = owner;
  if (type) headers["Content-Type"] = type;
  // The session's form token: of now, since the item may be older than the session.
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?athar-form=([^;]*)/)?.[1];
  if (token) headers["X-Form-Token"] = decodeURIComponent(token);
  return fetch(item.action, { method: "POST", body, headers });
}

const renew = () => fetch(`${page.dataset.renewal}?next=%2Fui%2Foffline`, { headers: { Accept: "text/html" } });

// It is taken out in one step with what it sets going: whenever this is cut off, the same is asked again.
async function tickOff(item, { pictures = {} }) {
  const following = (await all()).filter(({ after }) => after === item.id);
  await change((items) => {
    items.delete(item.id);
    for (const picture of following) {
      const place = pictures[picture.file.field];
      items.put({ ...picture, after: undefined, action: place?.to, page: place?.page });
    }
  });
}

// A draft again with all that was typed and photographed, and with what is wrong.
async function bringBack(item, { wrong, asks }) {
  const draft = { ...item, state: "draft", at: Date.now(), wrong: await sealText(wrong, item.id), asks: asks && await sealText(asks, item.id) };
  const following = (await all()).filter(({ after }) => after === item.id);
  if (item.file) Object.assign(draft, { form: "paper", sealed: { fields: await sealText([], item.id), files: [{ ...item.file, field: "file" }] } });
  else draft.sealed = { ...item.sealed, files: [...item.sealed.files, ...following.map(({ file }) => file)] };
  await change((items) => {
    items.put(draft);
    for (const picture of following) items.delete(picture.id);
  });
}

async function send(item) {
  let answer;
  try {
    answer = await post(item);
    if (answer.status === 401) {
      await renew();
      answer = await post(item);
    }
    answer = await read(answer);
  } catch {
    return { later: true };
  }
  if (answer.done) await tickOff(item, answer.led);
  else if (answer.wrong) await bringBack(item, answer);
  return answer;
}

export async function sendAll({ following } = {}) {
  await alone(async () => {
    const tried = new Set();
    let led;
    let wrong;
    for (;;) {
      const item = (await all()).find(({ id, state, action }) => state === "outbox" && action && !tried.has(id));
      if (!item) break;
      tried.add(item.id);
      const answer = await send(item);
      if (item.id === following) led = answer.led;
      if (answer.wrong) wrong = item;
      await showNumber();
      if (answer.later) break;
    }
    if (wrong?.id === following && following) return location.assign(`${wrong.page}?draft=${wrong.id}`);
    if (wrong) return tell(words.refused, "bad");
    // On to where it leads, once nothing of it waits any more.
    const waits = (await all()).some(({ state }) => state === "outbox");
    if (led && !waits) led.here ? location.assign(led.here) : tell(words.sent, "good");
    else if (tried.size && !waits) tell(words.sent, "good");
  });
  await showNumber();
}
