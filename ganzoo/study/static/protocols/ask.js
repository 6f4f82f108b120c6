// Real or fake: two buttons and their keys, shared by the protocols that ask it.
import { choice, h } from "../dom.js";

export function question() {
  const fake = h("button", { type: "button" }, "Fake", h("kbd", {}, "F ←"));
  const real = h("button", { type: "button" }, "Real", h("kbd", {}, "R →"));
  const keys = { f: "fake", ArrowLeft: "fake", r: "real", ArrowRight: "real" };
  return {
    row: h("div", { class: "ask" }, fake, real),
    answered: (signal) => choice(keys, [[fake, "fake"], [real, "real"]], signal),
  };
}
