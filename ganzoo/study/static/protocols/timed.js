// One picture for a flash: 3, 2, 1, the picture, its masks, the question.
import { h } from "../dom.js";
import { mask, paint } from "../pictures.js";
import { expose, rest, until } from "../timing.js";
import { question } from "./ask.js";

export async function run({ place, bitmaps, wanted, asks, hz, signal }) {
  const picture = paint(bitmaps[0], wanted, "The picture to judge");
  const masks = Array.from({ length: asks.masks }, () => mask(bitmaps[0], wanted));
  const count = h("div", { class: "count", "aria-live": "assertive" });
  const layers = [picture, ...masks];
  for (const layer of layers) layer.classList.add("hidden");
  const { row, answered } = question();
  row.classList.add("hidden");
  place(h("div", { class: "field" }, ...layers, count), row);
  for (const number of ["3", "2", "1"]) {
    count.textContent = number;
    await rest(asks.countdown_ms);
    signal.throwIfAborted();
  }
  count.textContent = "";
  const seen = await expose(
    asks.exposure_ms,
    hz,
    () => picture.classList.remove("hidden"),
    () => {
      picture.classList.add("hidden");
      masks[0]?.classList.remove("hidden");
    },
  );
  let now = seen.end;
  for (const [i, layer] of masks.entries()) {
    now = await until(now + asks.mask_ms, hz);
    layer.classList.add("hidden");
    masks[i + 1]?.classList.remove("hidden");
  }
  row.classList.remove("hidden");
  const question_ms = Math.round((now - seen.start) * 10) / 10;
  const { value, at } = await answered(signal);
  const measured = { asked_ms: asks.exposure_ms, shown_ms: seen.shown_ms, frames: seen.frames, question_ms };
  const tell = (_, again) => again && picture.classList.remove("hidden");
  return { answer: value, rt_ms: at - seen.start, measured, tell };
}
