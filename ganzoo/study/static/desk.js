// Talks to the desk. An answer counts when the desk says that it is stored; until then it is kept
// here and sent again, after a reload too.
const BASE = new URL("../", import.meta.url);

export class Refused extends Error {}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Desk {
  constructor(study, said) {
    this.study = study;
    this.said = said; // shows a sentence while something is not stored, or ""
    this.key = `ganzoo-study-${study}`;
  }

  url(path) {
    return new URL(`${this.study}/${path}`, BASE).href;
  }

  recall(name) {
    try {
      return JSON.parse(localStorage.getItem(`${this.key}-${name}`));
    } catch {
      return null;
    }
  }

  keep(name, value) {
    try {
      if (value === null) localStorage.removeItem(`${this.key}-${name}`);
      else localStorage.setItem(`${this.key}-${name}`, JSON.stringify(value));
    } catch {
      // No storage here: the round ends with the page.
    }
  }

  get token() {
    return this.pass ?? this.recall("token");
  }

  set token(value) {
    this.pass = value;
    this.keep("token", value);
  }

  // Sends until it is taken or refused; the line may break and the server may be restarting.
  async post(path, content) {
    for (let tries = 0; ; tries += 1) {
      try {
        const reply = await fetch(this.url(path), {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ ...content, token: this.token }),
        });
        if (reply.ok) {
          this.said("");
          return await reply.json();
        }
        const { detail } = await reply.json();
        if (reply.status < 500 && reply.status !== 429) throw new Refused(detail);
        this.said(`Not stored yet: ${detail}. Trying again…`);
      } catch (error) {
        if (error instanceof Refused) throw error;
        this.said("Not stored yet: the connection is broken. Trying again…");
      }
      await wait(Math.min(10_000, 500 * 2 ** tries));
    }
  }

  async enter(link, keep, deck) {
    const { token, step } = await this.post("enter", { link, keep, deck });
    if (token) this.token = token;
    const pending = this.recall("pending");
    this.keep("pending", null);
    if (pending && step.step === "trial" && pending.trial === step.trial)
      return (await this.answer(pending)).step;
    return step;
  }

  async answer(content) {
    this.keep("pending", content);
    try {
      return await this.post("answer", content);
    } finally {
      this.keep("pending", null);
    }
  }

  async tell(kind, detail = {}) {
    return (await this.post("tell", { kind, detail })).step;
  }
}
