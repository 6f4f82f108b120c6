// A pencil for the keyboard: on every canvas with data-pencil, arrows move it (with Shift further),
// Space lets it down and lifts it. It tells the canvas what a finger would, so that both draw alike.
(() => {
  const STEP = 1 / 64; // of the canvas
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const pencils = new WeakMap(); // canvas -> where its pencil is, and whether it is down
  const mark = Object.assign(document.createElement("i"), { className: "pencil", hidden: true });

  function tell(canvas, kind, pencil) {
    const box = canvas.getBoundingClientRect();
    canvas.dispatchEvent(new PointerEvent(kind, {
      bubbles: true, cancelable: true, pointerId: -1,
      clientX: box.left + pencil.x * box.width, clientY: box.top + pencil.y * box.height,
    }));
  }
  function show(canvas, pencil) {
    if (mark.previousElementSibling !== canvas) canvas.after(mark);
    mark.hidden = false;
    mark.classList.toggle("down", pencil.down);
    mark.style.left = `${canvas.offsetLeft + pencil.x * canvas.offsetWidth}px`;
    mark.style.top = `${canvas.offsetTop + pencil.y * canvas.offsetHeight}px`;
  }
  function lift(canvas, pencil) {
    if (!pencil.down) return;
    pencil.down = false;
    tell(canvas, "pointerup", pencil);
  }

  document.addEventListener("keydown", (event) => {
    const canvas = event.target.closest?.("canvas[data-pencil]");
    const way = WAYS[event.key];
    if (!canvas || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!way && event.key !== " " && event.key !== "Escape") return;
    event.preventDefault();
    if (!pencils.has(canvas)) pencils.set(canvas, { x: 0.5, y: 0.5, down: false });
    const pencil = pencils.get(canvas);
    if (way) {
      const far = event.shiftKey ? 4 * STEP : STEP;
      pencil.x = Math.min(1, Math.max(0, pencil.x + way[0] * far));
      pencil.y = Math.min(1, Math.max(0, pencil.y + way[1] * far));
      if (pencil.down) tell(canvas, "pointermove", pencil);
    } else if (event.key === " " && !pencil.down && !event.repeat) {
      pencil.down = true;
      tell(canvas, "pointerdown", pencil);
    } else if (!event.repeat) lift(canvas, pencil);
    show(canvas, pencil);
  });
  document.addEventListener("focusout", (event) => {
    const canvas = event.target.closest?.("canvas[data-pencil]");
    if (!canvas) return;
    mark.hidden = true;
    if (pencils.has(canvas)) lift(canvas, pencils.get(canvas));
  });
})();
