// "Delete my answers": a participant's code, and what became of what they left.
import { Refused } from "./desk.js";
import { h } from "./dom.js";

const STAYS =
  "What stays on record is when you came, that you asked for this and, if a panel sent you, its ids as hashes.";

export function erasure(player, code = "") {
  const input = h("input", {
    type: "text", value: code, required: true, maxlength: 40, size: 22, autocomplete: "off", spellcheck: "false",
  });
  const button = h("button", {}, "Delete");
  const said = h("p", { role: "status" });
  async function ask(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      const { erased } = await player.desk.post("erase", { code: input.value });
      const count = `${erased} ${erased === 1 ? "answer was" : "answers were"}`;
      said.textContent = `${count} deleted, and everything else that you told. ${STAYS}`;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      said.textContent = `Nothing was deleted: ${error.message}.`;
    } finally {
      button.disabled = false;
    }
  }
  return h("details", { class: "erasure" },
    h("summary", {}, "Delete my answers"),
    h("form", { class: "row", onsubmit: ask }, h("label", {}, "Your code ", input), button),
    said,
  );
}

// The code, to be kept, and the form that takes it.
export function eraser(player, step) {
  const kept = step.eraser && h("p", { class: "quiet" }, "To have your answers deleted at any time, keep this code: ",
    h("span", { class: "code" }, step.eraser));
  return [kept || "", erasure(player, step.eraser)];
}
