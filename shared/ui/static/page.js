// The page that the scripts stand on: its words, and the one line in which they tell something.
export const page = document.documentElement;
export const words = document.body.dataset;
export const find = (selector, from = document) => from.querySelector(selector);
export const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
export const memory = (work) => { try { return work(localStorage); } catch { return undefined; } };
export const PAGES = "athar-pages";

export const tell = (told, kind = "info") => {
  const line = find("[data-told]");
  if (line) Object.assign(line, { textContent: told, hidden: !told, className: `notice ${kind}` });
};
