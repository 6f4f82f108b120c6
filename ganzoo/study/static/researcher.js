// The researcher's page: asks for the password, then shows how the study stands.
import { h, percent } from "./dom.js";

const place = document.getElementById("researcher");
const at = (path) => new URL(`researcher/${path}`, location.href);
const EVERY = 5000;
const notice = h("p", { class: "notice", role: "alert" });
const RULES = {
  incomplete: "not finished", unqualified: "failed the qualification", failed_checks: "failed attention checks", fastest_ms: "too fast",
  one_answer: "always the same answer", focus_lost: "left the page", looked_again: "loaded the page anew", simulated: "simulated, and people have come",
};
let timer = null;
let shown = "";

const moment = (iso) => new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

async function ask(path, content) {
  const post = content === undefined ? {} : {
    method: "POST", body: JSON.stringify(content), headers: { "Content-Type": "application/json" },
  };
  const reply = await fetch(at(path), post);
  const said = await reply.json();
  return { status: reply.status, said };
}

async function open() {
  clearTimeout(timer);
  try {
    const { status, said } = await ask("progress");
    if (status === 401) return door("");
    if (status === 200) refresh(said);
    else complain(said.detail);
  } catch {
    complain("The server does not answer. Trying again…");
  }
  timer = setTimeout(open, EVERY);
}

function complain(words) {
  if (!notice.isConnected) place.replaceChildren(notice);
  notice.textContent = words;
}

// Draws anew only what is new, and leaves the keyboard where it was.
function refresh(found) {
  notice.textContent = "";
  const now = JSON.stringify(found);
  if (now === shown && notice.isConnected) return;
  shown = now;
  const held = document.activeElement?.textContent;
  show(found);
  const same = [...place.querySelectorAll("button, a")].find((one) => one.textContent === held);
  same?.focus({ preventScroll: true });
}

function door(complaint) {
  const input = h("input", { type: "password", autocomplete: "current-password", required: true });
  const form = h("form", { onsubmit: enter },
    h("h2", {}, "Researcher"),
    h("p", { class: "notice", role: "alert" }, complaint),
    h("label", { class: "field-label" }, "Password", input),
    h("div", { class: "row" }, h("button", { class: "first" }, "Come in")),
  );
  async function enter(event) {
    event.preventDefault();
    try {
      const { status, said } = await ask("login", { password: input.value });
      status === 200 ? open() : door(said.detail);
    } catch {
      door("The server does not answer: try again.");
    }
  }
  place.replaceChildren(form);
  input.focus();
}

function figure(number, name) {
  return h("div", {}, h("b", {}, `${number}`), h("span", {}, name));
}

const COLUMNS = [
  ["hype", "HYPE∞, %", 1], ["hype_time_ms", "HYPE-time, ms", 0], ["error", "judged wrong, %", 1],
  ["fooled", "fooled, %", 1], ["strength", "strength", 2], ["error_fakes", "error on fakes, %", 1],
  ["error_reals", "error on reals, %", 1], ["d_prime", "d′", 2], ["bias", "bias", 2],
];

function models(found) {
  const columns = COLUMNS.filter(([key]) => found.models.some((row) => key in row));
  const told = (row, key, digits) => row[key]
    ? `${row[key].value.toFixed(digits)} [${row[key].low.toFixed(digits)}, ${row[key].high.toFixed(digits)}]`
    : "";
  const drawn = columns.find(([key]) => ["hype", "error", "fooled"].includes(key));
  const bar = (row) => h("td", {}, h("div", { class: "interval", role: "img", "aria-label": "interval" },
    h("u", {}),
    h("i", { style: { left: `${row[drawn[0]].low}%`, width: `${row[drawn[0]].high - row[drawn[0]].low}%` } }),
    h("b", { style: { left: `${row[drawn[0]].value}%` } })));
  return h("div", { class: "wide", tabindex: "0" }, h("table", {},
    h("thead", {}, h("tr", {}, h("th", {}, "model"), h("th", {}, "people"),
      columns.map(([, name]) => h("th", {}, name)), drawn ? h("th", {}, "0 · 50 · 100 %") : null)),
    h("tbody", {}, found.models.map((row) => h("tr", {}, h("td", {}, row.model), h("td", {}, `${row.participants}`),
      columns.map(([key, , digits]) => h("td", {}, told(row, key, digits))), drawn ? bar(row) : null))),
  ));
}

function counts(title, found, empty, names = {}) {
  const rows = Object.entries(found);
  return [h("h3", {}, title), rows.length
    ? h("table", {}, h("tbody", {}, rows.map(([key, n]) => h("tr", {}, h("td", {}, names[key] ?? key), h("td", {}, `${n}`)))))
    : h("p", { class: "quiet" }, empty)];
}

function journal({ repo, waiting, pushed, every_s, error }) {
  const said = `Copied to ${repo} every ${Math.round(every_s / 6) / 10} minutes, last ${pushed ? moment(pushed) : "never yet"}; ` +
    `${waiting} facts wait, and would be lost with this server's disk.`;
  return error ? `${said} The last attempt failed: ${error}.` : said;
}

async function decide(kind) {
  if (kind === "close" && !confirm("End the study for good? Nobody can answer any more.")) return;
  let refused = "";
  try {
    const { status, said } = await ask(`decide/${kind}`, {});
    if (status !== 200) refused = said.detail;
  } finally {
    await open(); // says how it stands, or that nobody answers
    if (refused) complain(refused);
  }
}

function show(found) {
  const button = (kind, name) => h("button", { type: "button", onclick: () => decide(kind) }, name);
  const decisions = { open: [button("pause", "Pause"), button("close", "Close")],
    paused: [button("resume", "Resume"), button("close", "Close")], closed: [] }[found.state];
  const out = h("button", { type: "button", class: "plain", onclick: async () => { await ask("logout", {}); open(); } }, "Leave");
  place.replaceChildren(
    h("h2", {}, found.title),
    h("p", { class: "quiet" }, `${found.study} · ${found.protocol} · `, h("b", {}, found.state)),
    notice,
    h("div", { class: "figures" },
      figure(`${found.finished} / ${found.planned}`, "finished of planned"), figure(found.came, "came"),
      figure(found.consented, "consented"), figure(found.analysed, "analysed"), figure(found.answers, "answers stored")),
    h("p", { class: "quiet" }, `On record since ${moment(found.registered)}. Last answer: ${found.last_answer ? moment(found.last_answer) : "none yet"}. ` +
      `Of those who came, ${found.came ? percent(1 - found.finished / found.came) : percent(0)} have not finished.`),
    found.journal ? h("p", { class: "quiet" }, journal(found.journal)) : "",
    h("h3", {}, "So far"),
    found.models.length ? models(found) : h("p", { class: "quiet" }, "Intervals need two participants who finished."),
    h("p", { class: "quiet" }, "Means over participants with 95 % bootstrap intervals, exclusions applied. Looking at them is no reason to stop: the planned number is."),
    ...counts("Not finished, last seen at", found.left_at, "Everybody who came has finished."),
    ...counts("Left out by the rules", found.exclusions, "Nobody.", RULES),
    ...counts("Refused", found.refused, "Nothing forged, repeated, late or out of order."),
    h("div", { class: "row" }, decisions, h("a", { class: "button", href: at("data.zip").href, download: "" }, "Download the data"), out),
  );
}

open();
