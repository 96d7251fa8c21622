// Signing out leaves nothing of a person on the device; what is unsent is said first.
import { all, alone, forget } from "device.js";
import { tell, words } from "page.js";

export async function leave(event) {
  const form = event.target;
  if (form.dataset.left) return;
  event.preventDefault();
  // The server would not hear of it, and the work would be gone.
  if (!navigator.onLine) return tell(words.stay, "warn");
  if ((await all()).length && !confirm(words.leave)) return;
  // Not while an item is being sent: it would have nowhere to be ticked off.
  await alone(forget);
  form.dataset.left = "yes";
  form.requestSubmit();
}
