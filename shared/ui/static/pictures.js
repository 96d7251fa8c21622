// Pictures: a phone's is larger than a file needs, and knows where it was taken. What cannot be drawn goes as it is.
const LONGEST = 1600;

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.round(side * scale));
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    return new File([made], file.name.replace(/\.\w+$/, ".jpg"), { type: made.type });
  } catch {
    return file;
  }
}

const namesOf = (files) => [...files].map(({ name, size }) => `${name} ${size}`).join();
let drawing = Promise.resolve();
// Nothing is kept or sent while a picture is still being drawn.
export const drawn = () => drawing;

async function draw(input) {
  const files = await Promise.all([...input.files].map(smaller));
  if (files.every((file, place) => file === input.files[place])) return false;
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  input.files = chosen.files;
  input.dataset.shrunk = namesOf(input.files);
  return true;
}

document.addEventListener("change", ({ target: input }) => {
  // What we put there ourselves is no news.
  if (!input.matches("[data-shrink]") || input.dataset.shrunk === namesOf(input.files)) return;
  drawing = drawing.then(() => draw(input)).then((changed) => { if (changed) input.dispatchEvent(new Event("change", { bubbles: true })); });
}, { capture: true });
