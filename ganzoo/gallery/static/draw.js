// A canvas to draw on. Its lines are kept as lines, so that undo, redo and another paper are exact.
const canvas = element.querySelector("canvas");
const tools = element.querySelector(".tools");
const view = () => element.closest(".view");
const context = canvas.getContext("2d");
let [strokes, current] = [[], null];
let [past, future] = [[], []]; // the strokes as they were before each step, and after those undone
let [colour, width, paper, waiting, boxes] = ["rgb(0, 0, 0)", 4, "rgb(255, 255, 255)", 0, false];
let [finest, drawnFor] = [4, null]; // the thinnest pencil, and what was drawn with it
let begun = {}; // the example that was last begun with, and whether anything was drawn since

function paint() {
  context.fillStyle = paper;
  context.fillRect(0, 0, 512, 512);
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) {
    context.strokeStyle = context.fillStyle = stroke.eraser ? paper : stroke.colour;
    if (stroke.box) { context.fillRect(...stroke.box); continue; }
    context.lineWidth = stroke.width;
    context.beginPath();
    if (stroke.disc) { context.arc(...stroke.disc, 0, 2 * Math.PI); context.fill(); continue; }
    const [x, y, ...rest] = stroke.points;
    context.moveTo(x, y);
    if (!rest.length) context.lineTo(x + 0.1, y);
    for (let i = 0; i < rest.length; i += 2) context.lineTo(rest[i], rest[i + 1]);
    context.stroke();
  }
}
function send() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (ganzoo.wire) ganzoo.wire(canvas.toDataURL("image/png"));
    else send(); // the page is still being built
  }, 80);
}
const show = () => { paint(); send(); };
const at = (event) => {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) * 512 / box.width, (event.clientY - box.top) * 512 / box.height];
};

canvas.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  if (event.isTrusted) canvas.setPointerCapture(event.pointerId); // not the keyboard's pencil
  const eraser = colour === "eraser";
  current = { points: at(event), colour, width, eraser };
  if (boxes && !eraser) current = { corner: at(event), box: [...at(event), 1, 1], colour };
  step([...strokes, current]);
  begun.touched = true;
  show();
});
canvas.addEventListener("pointermove", (event) => {
  if (!current) return;
  if (current.box) {
    const [[x0, y0], [x1, y1]] = [current.corner, at(event)];
    current.box = [Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0)];
  } else {
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) current.points.push(...at(one));
  }
  show();
});
for (const end of ["pointerup", "pointercancel"])
  canvas.addEventListener(end, () => { current = null; });

function step(next) {
  past.push(strokes);
  [strokes, future] = [next, []];
}
function turn(from, to) {
  if (!from.length) return;
  to.push(strokes);
  strokes = from.pop();
}
const acts = {
  undo: () => turn(past, future),
  redo: () => turn(future, past),
  clear: () => strokes.length && step([]),
};
function act(name) {
  acts[name]();
  begun.touched = true;
  show();
}
// The example that the address names, as strokes like one's own; undo goes back before it.
function start(wants) {
  step(JSON.parse(wants.dataset.marks).map(({ line, box, disc, colour }) => ({
    points: line?.map((n) => 4 * n), box: box?.map((n) => 4 * n), disc: disc?.map((n) => 4 * n),
    colour: colour ?? "rgb(0, 0, 0)", width: 4 * Number(wants.dataset.pencil),
  })));
  if (!begun.kind) past = []; // nothing lay there before
  begun = { example: wants.dataset.example, kind: wants.dataset.kind, touched: false };
}
tools.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.act) return act(button.dataset.act);
  if (button.dataset.box) boxes = !boxes;
  if (button.dataset.ink) colour = button.dataset.ink;
  if (button.dataset.width) width = Number(button.dataset.width);
  press();
});
canvas.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  event.preventDefault();
  act(event.shiftKey ? "redo" : "undo");
});
function press() {
  for (const button of tools.querySelectorAll("[data-ink], [data-width], [data-box]"))
    button.setAttribute("aria-pressed", button.dataset.box ? boxes
      : button.dataset.ink === colour || Number(button.dataset.width) === width);
}

// Another model wants another pencil and other colours; what was drawn stays.
function tool() {
  const wants = view()?.querySelector(".wants");
  if (!wants) return;
  const { example, kind, paper: sheet, pencil, named } = wants.dataset;
  const anew = example !== begun.example || (kind !== begun.kind && !begun.touched);
  const looks = [kind, sheet, pencil, wants.children.length].join();
  if (!anew && tools.dataset.for === looks) return;
  if (tools.dataset.for !== looks) {
    tools.dataset.for = looks;
    if (drawnFor === kind) // finer or coarser, the same lines
      for (const stroke of new Set([...past, ...future, strokes].flat()))
        if (stroke.width) stroke.width *= 4 * Number(pencil) / finest;
    [paper, width, finest, drawnFor] = [sheet, 4 * Number(pencil), 4 * Number(pencil), kind];
    const marks = [...wants.querySelectorAll("[data-colour]")];
    colour = marks[0].dataset.colour;
    boxes = marks.length > 1;
    tools.innerHTML = `<div class="inks">${marks.map((mark) => `<button type="button"
      class="ink${named === "true" ? " named" : ""}" data-ink="${mark.dataset.colour}"
      title="${mark.dataset.name}" aria-label="${mark.dataset.name}"
      style="--ink-colour: ${mark.dataset.colour}"><i></i>${named === "true" ? mark.dataset.name : ""}
      </button>`).join("")}</div><div><button type="button" data-ink="eraser">Eraser</button>`
      + (boxes ? `<button type="button" data-box="true">Boxes</button>` : "")
      + [1, 2, 5].map((times) => `<button type="button" data-width="${width * times}"
        aria-label="Pencil of ${width * times / 4} pixels">${["Fine", "Medium", "Broad"][[1, 2, 5].indexOf(times)]}</button>`).join("")
      + `</div><div>${["Undo", "Redo", "Clear"].map((word) =>
        `<button type="button" data-act="${word.toLowerCase()}">${word}</button>`).join("")}</div>`;
    press();
  }
  if (anew) start(wants);
  show();
}
new MutationObserver(tool).observe(view() ?? document.body,
  { childList: true, subtree: true, attributes: true, attributeFilter: ["data-example"] });
tool();
