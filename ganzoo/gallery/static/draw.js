// A canvas to draw on. Its lines are kept as lines, so that undo, redo and another paper are exact.
const canvas = element.querySelector("canvas");
const tools = element.querySelector(".tools");
const view = () => element.closest(".view");
const context = canvas.getContext("2d");
let [strokes, undone, current] = [[], [], null];
let [colour, width, paper, waiting] = ["rgb(0, 0, 0)", 4, "rgb(255, 255, 255)", 0];

// Drawn by ourselves: a cat's face, as a few strokes in a square of 128.
const CAT = [
  [22, 60, 20, 18, 46, 36, 64, 32, 82, 36, 108, 18, 106, 60, 110, 86, 92, 108, 64, 112, 36, 108, 18, 86, 22, 60],
  [40, 62, 46, 57, 54, 62, 47, 67, 40, 62], [74, 62, 82, 57, 88, 62, 81, 67, 74, 62],
  [58, 80, 70, 80, 64, 87, 58, 80], [64, 87, 64, 93, 56, 97], [64, 93, 72, 97],
];
const boxes = (x, y, w, h, name) => ({ box: [x, y, w, h], name });
const FACADE = [
  boxes(0, 0, 128, 18, "background"), boxes(0, 16, 128, 7, "cornice"), boxes(52, 96, 24, 32, "door"),
  ...[16, 54, 92].flatMap((x) => [30, 62].map((y) => boxes(x, y, 20, 24, "window"))),
  ...[16, 92].map((x) => boxes(x, 96, 20, 24, "window")),
];

function paint() {
  context.fillStyle = paper;
  context.fillRect(0, 0, 512, 512);
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) {
    context.strokeStyle = context.fillStyle = stroke.eraser ? paper : stroke.colour;
    if (stroke.box) { context.fillRect(...stroke.box.map((n) => 4 * n)); continue; }
    context.lineWidth = stroke.width;
    context.beginPath();
    const [x, y, ...rest] = stroke.points;
    context.moveTo(x, y);
    if (!rest.length) context.lineTo(x + 0.1, y);
    for (let i = 0; i < rest.length; i += 2) context.lineTo(rest[i], rest[i + 1]);
    context.stroke();
  }
}
function send() {
  clearTimeout(waiting);
  waiting = setTimeout(() => ganzoo.wire?.(canvas.toDataURL("image/png")), 80);
}
const show = () => { paint(); send(); };
const at = (event) => {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) * 512 / box.width, (event.clientY - box.top) * 512 / box.height];
};

canvas.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  current = { points: at(event), colour, width, eraser: colour === "eraser" };
  strokes.push(current);
  undone = [];
  show();
});
canvas.addEventListener("pointermove", (event) => {
  if (!current) return;
  for (const one of event.getCoalescedEvents?.() ?? [event]) current.points.push(...at(one));
  show();
});
for (const end of ["pointerup", "pointercancel"])
  canvas.addEventListener(end, () => { current = null; });

const act = {
  undo: () => strokes.length && undone.push(strokes.pop()),
  redo: () => undone.length && strokes.push(undone.pop()),
  clear: () => { undone = strokes.reverse(); strokes = []; },
  example: () => start(),
};
function start() {
  const marks = Object.fromEntries([...view().querySelectorAll(".wants [data-colour]")]
    .map((mark) => [mark.dataset.name, mark.dataset.colour]));
  undone = [];
  strokes = marks.window
    ? FACADE.map(({ box, name }) => ({ box, colour: marks[name] }))
    : CAT.map((points) => ({ points: points.map((n) => 4 * n), colour: "rgb(0, 0, 0)", width }));
}
tools.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.act) { act[button.dataset.act](); show(); return; }
  if (button.dataset.ink) colour = button.dataset.ink;
  if (button.dataset.width) width = Number(button.dataset.width);
  press();
});
canvas.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  event.preventDefault();
  (event.shiftKey ? act.redo : act.undo)();
  show();
});
function press() {
  for (const button of tools.querySelectorAll("[data-ink], [data-width]"))
    button.setAttribute("aria-pressed",
      button.dataset.ink === colour || Number(button.dataset.width) === width);
}

// Another model wants another pencil and other colours; the drawing stays.
function tool() {
  const wants = view()?.querySelector(".wants");
  if (!wants || tools.dataset.for === wants.outerHTML) return;
  const first = !tools.dataset.for;
  tools.dataset.for = wants.outerHTML;
  paper = wants.dataset.paper;
  width = 4 * Number(wants.dataset.pencil);
  const marks = [...wants.querySelectorAll("[data-colour]")];
  colour = marks[0].dataset.colour;
  tools.innerHTML = marks.map((mark) => `<button type="button" class="ink" data-ink="${mark.dataset.colour}"
      title="${mark.dataset.name}" aria-label="${mark.dataset.name}"
      style="--ink-colour: ${mark.dataset.colour}"></button>`).join("")
    + `<button type="button" data-ink="eraser">Eraser</button>`
    + [1, 2, 5].map((times) => `<button type="button" data-width="${width * times}"
      aria-label="Pencil of ${width * times / 4} pixels">${["Fine", "Medium", "Broad"][[1, 2, 5].indexOf(times)]}</button>`).join("")
    + ["Undo", "Redo", "Clear", "Example"].map((word) =>
      `<button type="button" data-act="${word.toLowerCase()}">${word}</button>`).join("");
  press();
  if (first) start();
  show();
}
new MutationObserver(tool).observe(view() ?? document.body, { childList: true, subtree: true });
tool();
