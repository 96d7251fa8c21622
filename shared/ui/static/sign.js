// A signature drawn with a finger, a pen or a mouse: it goes along in the form as a small picture. Without this script
// the name that was written is the signature.
for (const box of document.querySelectorAll("[data-sign]")) {
  const pad = box.querySelector("canvas"), kept = box.querySelector("input");
  const ink = pad.getContext("2d");
  const clear = () => { ink.fillStyle = "#fff"; ink.fillRect(0, 0, pad.width, pad.height); };
  const at = (event) => {
    const edge = pad.getBoundingClientRect();
    return [(event.clientX - edge.left) * pad.width / edge.width, (event.clientY - edge.top) * pad.height / edge.height];
  };
  let drawing = false;
  clear();
  ink.lineWidth = 3; ink.lineCap = ink.lineJoin = "round"; ink.strokeStyle = "#0c3527";
  if (kept.value) {
    const before = new Image();
    before.onload = () => ink.drawImage(before, 0, 0);
    before.src = kept.value;
  }
  pad.addEventListener("pointerdown", (event) => {
    drawing = true;
    pad.setPointerCapture(event.pointerId);
    ink.beginPath(); ink.moveTo(...at(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (drawing) { ink.lineTo(...at(event)); ink.stroke(); }
  });
  const end = () => {
    if (drawing) { drawing = false; kept.value = pad.toDataURL("image/png"); }
  };
  pad.addEventListener("pointerup", end);
  pad.addEventListener("pointercancel", end);
  box.querySelector("[data-sign-clear]").addEventListener("click", () => { clear(); kept.value = ""; });
  box.hidden = false;
}
