// From when until when somebody was received, by the clock of the device; both can be written over.
const MINUTE = 60_000;
const RIYADH = 3 * 60 * MINUTE;
const shown = (at) => new Date(at + RIYADH).toISOString().slice(0, 16);

export function keepTime(form) {
  const [begins, ends] = ["begins", "ends"].map((what) => form.querySelector(`[data-clock=${what}]`));
  if (!begins || !ends) return;
  form.addEventListener("input", () => { begins.value ||= shown(Date.now()); }, { capture: true });
  form.addEventListener("submit", () => {
    // People count in minutes: what took less than one took one.
    const begun = Date.parse(`${begins.value}Z`) - RIYADH;
    if (begins.value) ends.value ||= shown(Math.max(Date.now(), begun + MINUTE));
  }, { capture: true });
}
