// <ganzoo-study study="NAME" deck="7" visitors>: asks the desk what comes next, and shows it.
import { Desk, Refused } from "./desk.js";
import { choice, h } from "./dom.js";
import { load } from "./pictures.js";
import * as screens from "./screens.js";
import { refreshRate, watchFocus } from "./timing.js";

const style = new URL("player.css", import.meta.url).href;
const protocols = {};
const protocol = async (kind) => (protocols[kind] ??= await import(`./protocols/${kind}.js`));
const attempt = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");

class Study extends HTMLElement {
  connectedCallback() {
    this.left = new AbortController();
    this.notice = h("p", { class: "notice", role: "alert" });
    this.stage = h("div", { class: "stage" });
    // A tree of its own: the page around, whatever it is, does not restyle what people are shown.
    const inside = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    inside.replaceChildren(h("link", { rel: "stylesheet", href: style }), this.notice, this.stage);
    this.desk = new Desk(this.getAttribute("study"), (said) => (this.notice.textContent = said));
    this.visitors = this.hasAttribute("visitors");
    this.row = 0; // right answers in a row
    this.longest = 0;
    this.missed = []; // pictures that fooled a visitor
    this.start().catch((error) => this.fail(error));
  }

  disconnectedCallback() {
    this.left.abort();
  }

  get link() {
    return Object.fromEntries(new URLSearchParams(location.search));
  }

  get signal() {
    return this.left.signal;
  }

  place(...children) {
    this.stage.replaceChildren(...children);
    this.stage.querySelector("h2[tabindex]")?.focus({ preventScroll: true });
  }

  fail(error) {
    if (error.name === "AbortError") return;
    const again = h("button", { type: "button", onclick: () => this.connectedCallback() }, "Go on");
    this.place(h("p", { class: "notice", role: "alert" }, error.message), again);
  }

  async start() {
    const deck = this.hasAttribute("deck") ? Number(this.getAttribute("deck")) : null;
    if (this.visitors && deck !== null && this.desk.recall("deck") !== deck) this.desk.token = null;
    this.desk.keep("deck", deck);
    this.hz = this.desk.recall("hz") ?? 60;
    let step = await this.enter(deck);
    while (step && !this.signal.aborted) step = await this.show(step);
  }

  async show(step) {
    try {
      if (step.step === "trial") return await this.trial(step);
      return await (screens[step.step] ?? screens.message)(this, step);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Another tab was faster, or this round is over: the desk knows where we are.
      if (this.visitors && /over/.test(error.message)) this.desk.token = null;
      return await this.enter(null);
    }
  }

  enter(deck) {
    return this.desk.enter(this.link, this.desk.recall("kept") === true, deck);
  }

  async trial(step) {
    const bitmaps = await Promise.all(step.pictures.map((path) => load(this.desk.url(path))));
    for (const path of step.following) load(this.desk.url(path)).catch(() => {});
    const { run } = await protocol(step.kind);
    this.signal.throwIfAborted();
    const body = h("div", { class: "trial" });
    const check = step.check && h("p", { class: "notice" }, step.check);
    this.place(...screens.head(this, step), check || "", body);
    const focus = watchFocus();
    const limit = new AbortController();
    const timer = step.limit_s && setTimeout(() => limit.abort(), step.limit_s * 1000);
    let given;
    try {
      given = await run({
        place: (...children) => body.replaceChildren(...children),
        bitmaps,
        wanted: Math.min(320, this.clientWidth, Math.max(140, innerHeight * 0.36)),
        width: this.clientWidth,
        asks: step.asks,
        hz: this.hz,
        signal: AbortSignal.any([this.signal, limit.signal]),
      });
    } catch (error) {
      if (error.name !== "AbortError" || this.signal.aborted) throw error;
      given = { answer: null, rt_ms: null };
    } finally {
      clearTimeout(timer);
    }
    const measured = {
      ...given.measured,
      focus_lost: focus(),
      hz: this.hz,
      width: innerWidth,
      height: innerHeight,
      dpr: devicePixelRatio,
      shown_px: Math.round(body.querySelector("canvas")?.getBoundingClientRect().width ?? 0),
    };
    for (const button of body.querySelectorAll("button")) button.disabled = true;
    const { trial, ticket } = step;
    const rt_ms = given.rt_ms === null ? null : Math.max(0, Math.round(given.rt_ms * 10) / 10);
    const stored = await this.desk.answer({
      trial, ticket, attempt: attempt(), answer: given.answer, rt_ms, measured,
    });
    if (!stored.feedback) return stored.step;
    await screens.feedback(this, { step, given, stored, bitmaps, body });
    // The desk's clock of the next trial starts when it is asked for, now that this was read.
    return stored.step.limit_s ? await this.enter(null) : stored.step;
  }

  async pressed(buttons, keys = {}) {
    return (await choice(keys, buttons, this.signal)).value;
  }

  async measureScreen() {
    this.hz = await refreshRate();
    this.desk.keep("hz", this.hz);
    return this.hz;
  }
}

customElements.define("ganzoo-study", Study);
