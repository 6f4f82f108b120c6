// Real or fake: two buttons and their keys, shared by the protocols that ask it.
import { choice, h } from "../dom.js";

export function question() {
  const fake = h("button", { type: "button" }, "Fake", h("kbd", {}, "F ←"));
  const real = h("button", { type: "button" }, "Real", h("kbd", {}, "R →"));
  const keys = { f: "fake", ArrowLeft: "fake", r: "real", ArrowRight: "real" };
  const row = h("div", { class: "ask", inert: true }, fake, real); // until somebody listens
  return {
    row,
    answered(signal) {
      row.inert = false;
      return choice(keys, [[fake, "fake"], [real, "real"]], signal);
    },
  };
}
