// <ganzoo-standing study="NAME">: whom people take for real, by the rounds that count.
import { h } from "./dom.js";
import { away, deceivers } from "./screens.js";

const style = new URL("player.css", import.meta.url).href;

class Standing extends HTMLElement {
  async connectedCallback() {
    const inside = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const reply = await fetch(new URL(`../${this.getAttribute("study")}/standing`, import.meta.url));
    if (!reply.ok) return; // without a store there are no rounds to show
    const found = await reply.json();
    inside.replaceChildren(
      h("link", { rel: "stylesheet", href: style }),
      ...deceivers(found),
      ...away(found),
      h("p", { class: "quiet" }, found.models.length ? "" : "No round counts yet. ",
        h("a", { href: "?view=turing" }, "Play a round: real or fake?")),
    );
  }
}

if (!customElements.get("ganzoo-standing")) customElements.define("ganzoo-standing", Standing);
