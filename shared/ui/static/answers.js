// What the server answered to an item: done, wait, or wrong, and in which words.
import { parsed, words } from "page.js";

// Signed out, too much at once, or two at the same moment: the item stays, and so does its turn.
const LATER = [401, 408, 425, 429];
const LATER_CODES = ["request_forged", "collided"];

export async function read(answer) {
  // The kernel's answer to a key that it knows is the first one's status, without the place that it led to.
  if (answer.ok || (answer.status >= 300 && answer.status < 400)) return { done: true, led: await ledTo(answer) };
  if (answer.status >= 500) return { failed: true };
  if (LATER.includes(answer.status)) return { later: true };
  const text = await answer.text();
  if (/json/.test(answer.headers.get("Content-Type"))) {
    const { code, detail, field } = JSON.parse(text);
    return LATER_CODES.includes(code) ? { later: true } : { wrong: [{ field, sentence: detail }] };
  }
  const shown = parsed(text);
  const lines = [...shown.querySelectorAll("[data-errors] li")];
  const wrong = lines.map((line) => ({ field: line.querySelector("a")?.hash.slice(3), sentence: line.textContent }));
  const asks = shown.querySelector("[data-differences]")?.innerHTML.trim();
  return { wrong: wrong.length ? wrong : [{ sentence: words.refused }], asks };
}

// Where it leads, and where the pictures go that follow it.
async function ledTo(answer) {
  if (answer.redirected) return { here: answer.url };
  if (!/json/.test(answer.headers.get("Content-Type"))) return {};
  try { return await answer.json(); } catch { return {}; }
}
