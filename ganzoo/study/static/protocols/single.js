// One picture, as long as you like.
import { frame } from "../timing.js";
import { paint } from "../pictures.js";
import { h } from "../dom.js";
import { question } from "./ask.js";

export async function run({ place, bitmaps, wanted, signal }) {
  const { row, answered } = question();
  const picture = paint(bitmaps[0], wanted, "The picture to judge");
  place(h("div", { class: "field" }, picture), row);
  const start = await frame();
  const { value, at } = await answered(signal);
  return { answer: value, rt_ms: at - start };
}
