"""The widget in which a visitor picks, draws or brings a picture, to attack it, say.

Its value is that of :class:`ganzoo.gallery.fooling.PictureControl`: a seed, or a PNG in base64.
Drawing and shrinking happen in the browser; a drawing is brought to where the data sets have
theirs, 20/28 of the side large, its centre of mass in the middle.
"""

from typing import Any

import gradio as gr

from ganzoo.gallery.widgets import html

TEMPLATE = """
<div class="chooser" data-side="${side}" data-grey="${grey}">
  <div class="painted" ${pictures.length ? "" : "hidden"}>
    <h3>${heading}</h3>
    <div class="tiles" role="radiogroup" aria-label="Pictures to pick" style="--wide: ${wide}px">
      ${pictures.map((picture, i) => `<button type="button" class="tile" role="radio"
        aria-checked="${String(value) === seeds[i]}" data-seed="${seeds[i]}"
        tabindex="${i === Math.max(0, seeds.indexOf(String(value))) ? 0 : -1}"
        title="Seed ${seeds[i]}"><img src="${picture}" alt="Seed ${seeds[i]}"></button>`).join("")}
    </div>
    <button type="button" class="link" data-others ${painter ? "" : "hidden"}>Paint others</button>
  </div>
  <div class="drawn" ${grey ? "" : "hidden"}>
    <h3>Or draw</h3>
    <canvas class="pad" width="168" height="168" tabindex="0" role="application" data-pencil
      aria-label="Draw here with the mouse or a finger. With the keyboard: arrows move the pencil,
      Space lets it down and lifts it."></canvas>
    <button type="button" class="link" data-clear>Start anew</button>
  </div>
  <div class="brought" ${small ? "" : "hidden"}>
    <h3>Or bring a picture</h3>
    <label class="link">Choose a file
      <input type="file" accept="image/png,image/jpeg,image/webp" class="file"></label>
    <p class="fine">It is cut to a square of ${side} pixels in your browser.</p>
    <p class="fine complaint" role="alert" hidden></p>
  </div>
</div>"""
SCRIPT = """
const set = (value) => { props.value = value; trigger("input"); };
const root = () => element.querySelector(".chooser");
const plain = (url) => url.split(",")[1].replaceAll("+", "-").replaceAll("/", "_")
  .replaceAll("=", "");
const blank = (side) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "black";
  context.fillRect(0, 0, side, side);
  context.imageSmoothingQuality = "high";
  return [canvas, context];
};
const clear = (pad) => {
  const context = pad.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "black";
  context.fillRect(0, 0, pad.width, pad.height);
  pad.dataset.ready = "yes";
};
// Where the strokes are, and their centre of mass; null if there are none.
const measured = (pad) => {
  const data = pad.getContext("2d").getImageData(0, 0, pad.width, pad.height).data;
  let [x0, y0, x1, y1, mass, mx, my] = [pad.width, pad.height, -1, -1, 0, 0, 0];
  for (let y = 0; y < pad.height; y++) for (let x = 0; x < pad.width; x++) {
    const v = data[4 * (y * pad.width + x)];
    if (!v) continue;
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
    mass += v; mx += v * x; my += v * y;
  }
  return mass ? { x0, y0, size: Math.max(x1 - x0, y1 - y0, 8) + 1, mx: mx / mass, my: my / mass }
    : null;
};
const finished = (pad) => {
  const found = measured(pad);
  if (!found) return;
  const side = Number(root().dataset.side);
  const inner = side === 32 ? 28 : side; // 28 pixels with two of margin, as the digits have
  const scale = (20 / 28) * inner / found.size;
  const [canvas, context] = blank(side);
  context.drawImage(pad, side / 2 - found.mx * scale, side / 2 - found.my * scale,
    pad.width * scale, pad.height * scale);
  set(plain(canvas.toDataURL("image/png")));
};
let stroke = null;
const at = (pad, event) => {
  const box = pad.getBoundingClientRect();
  return [(event.clientX - box.left) * pad.width / box.width,
    (event.clientY - box.top) * pad.height / box.height];
};
element.addEventListener("pointerdown", (event) => {
  const pad = event.target.closest(".pad");
  if (!pad) return;
  event.preventDefault();
  if (!pad.dataset.ready) clear(pad);
  if (event.isTrusted) pad.setPointerCapture(event.pointerId); // not the keyboard's pencil
  stroke = at(pad, event);
  draw(pad, event);
});
const draw = (pad, event) => {
  const context = pad.getContext("2d"), [x, y] = at(pad, event);
  Object.assign(context, { strokeStyle: "white", lineWidth: 14, lineCap: "round" });
  context.beginPath();
  context.moveTo(...stroke);
  context.lineTo(x, y + 0.01);
  context.stroke();
  stroke = [x, y];
};
element.addEventListener("pointermove", (event) => {
  const pad = event.target.closest(".pad");
  if (pad && stroke) draw(pad, event);
});
element.addEventListener("pointerup", (event) => {
  const pad = event.target.closest(".pad");
  if (pad && stroke) { stroke = null; finished(pad); }
});
element.addEventListener("pointercancel", () => { stroke = null; });
element.addEventListener("click", (event) => {
  const tile = event.target.closest("[data-seed]");
  if (tile) set(tile.dataset.seed);
  if (event.target.closest("[data-others]")) set(String(ganzoo.luck()));
  if (event.target.closest("[data-clear]")) clear(root().querySelector(".pad"));
});
element.addEventListener("again", () => trigger("input")); // what it depends on has come
element.addEventListener("keydown", (event) => {
  const tile = event.target.closest("[data-seed]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tile || !step) return;
  event.preventDefault();
  const all = [...element.querySelectorAll("[data-seed]")];
  const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(tile) + step))];
  set(next.dataset.seed);
  requestAnimationFrame(() => requestAnimationFrame(() =>
    element.querySelector(`[data-seed="${next.dataset.seed}"]`)?.focus()));
});
element.addEventListener("change", async (event) => {
  const file = event.target.matches(".file") && event.target.files[0];
  if (!file) return;
  const complaint = root().querySelector(".complaint");
  try {
    const bitmap = await createImageBitmap(file);
    const side = Number(root().dataset.side), cut = Math.min(bitmap.width, bitmap.height);
    const [canvas, context] = blank(side);
    context.drawImage(bitmap, (bitmap.width - cut) / 2, (bitmap.height - cut) / 2, cut, cut,
      0, 0, side, side);
    complaint.hidden = true;
    set(plain(canvas.toDataURL("image/png")));
  } catch {
    complaint.textContent = `“${file.name}” is no picture that this browser can read.`;
    complaint.hidden = false;
  }
});
"""


def chooser() -> gr.HTML:
    """Pictures to pick from, a pad to draw on, and a way to bring one's own."""
    return html(
        "",
        html_template=TEMPLATE,
        js_on_load=SCRIPT,
        elem_classes="choose",
        pictures=[],
        seeds=[],
        heading="",
        painter="",
        small=True,
        side=32,
        grey=True,
        wide=64,
    )


def offered(value: str, **shown: Any) -> dict[str, Any]:
    """What a :func:`chooser` is to show, and which picture is picked."""
    return gr.update(value=value, **shown)
