// A grid: tick the fakes, submit, see the truth.
import { choice, h } from "../dom.js";
import { paint } from "../pictures.js";
import { frame } from "../timing.js";

export async function run({ place, bitmaps, width, asks, signal }) {
  const boxes = bitmaps.map((_, i) =>
    h("input", { type: "checkbox", "aria-label": `Picture ${i + 1} is fake` }),
  );
  const each = Math.max(28, Math.min(160, width / asks.columns - 20, (innerHeight * 0.6) / asks.rows - 36));
  const cells = bitmaps.map((bitmap, i) =>
    h("label", {}, paint(bitmap, each, `Picture ${i + 1}`), boxes[i], h("em", {})),
  );
  const submit = h("button", { type: "button", class: "first" }, "Submit", h("kbd", {}, "Enter"));
  const grid = h("div", { class: "cells", style: { "--columns": asks.columns } }, cells);
  place(h("p", {}, "Tick the fakes."), grid, submit);
  const typed = (event) => {
    if (event.key === "Enter" && event.composedPath()[0].closest?.("input")) submit.click();
    const number = Number(event.key) - 1;
    if (boxes[number] && !event.ctrlKey && !event.metaKey && !event.altKey) boxes[number].click();
  };
  addEventListener("keydown", typed);
  try {
    const start = await frame();
    const { at } = await choice({ Enter: true }, [[submit, true]], signal);
    const ticked = boxes.flatMap((box, i) => (box.checked ? [i] : []));
    const tell = (real) => {
      submit.remove();
      for (const [i, cell] of cells.entries()) {
        boxes[i].disabled = true;
        cell.querySelector("em").textContent = real[i] ? "real" : "fake";
        cell.classList.toggle("wrong", boxes[i].checked === real[i]);
      }
    };
    return { answer: ticked, rt_ms: at - start, tell };
  } finally {
    removeEventListener("keydown", typed);
  }
}
