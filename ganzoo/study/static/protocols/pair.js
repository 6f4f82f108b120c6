// Two pictures side by side: which one is real?
import { choice, h } from "../dom.js";
import { paint } from "../pictures.js";
import { expose, frame } from "../timing.js";

export async function run({ place, bitmaps, wanted, width, asks, hz, signal }) {
  const each = Math.min(wanted, width / 2.4);
  const pictures = bitmaps.map((bitmap, i) => paint(bitmap, each, ["Left", "Right"][i]));
  const names = [["Left", "←"], ["Right", "→"]];
  const buttons = pictures.map((picture, i) =>
    h("button", { type: "button" }, h("div", { class: "plate" }, picture), h("span", {}, names[i][0], h("kbd", {}, names[i][1]))),
  );
  for (const picture of pictures) picture.classList.add("hidden");
  place(h("p", {}, "Which one looks more real?"), h("div", { class: "side" }, buttons));
  const keys = { ArrowLeft: 0, ArrowRight: 1 };
  const answered = choice(keys, buttons.map((button, i) => [button, i]), signal);
  answered.catch(() => {}); // whoever leaves during the exposure is noticed below
  const show = (visible) => () => {
    for (const picture of pictures) picture.classList.toggle("hidden", !visible);
  };
  let measured;
  let start;
  if (asks.exposure_ms) {
    const seen = await expose(asks.exposure_ms, hz, show(true), show(false));
    start = seen.start;
    measured = { asked_ms: asks.exposure_ms, shown_ms: seen.shown_ms, frames: seen.frames };
  } else {
    start = await frame();
    show(true)();
  }
  const { value, at } = await answered;
  const tell = (_, again) => again && show(true)();
  return { answer: value, rt_ms: at - start, measured, tell };
}
