// The researcher's page: asks for the password, then shows how the study stands.
import { h, percent } from "./dom.js";

const place = document.getElementById("researcher");
const at = (path) => new URL(`researcher/${path}`, location.href);
const EVERY = 5000;
let timer = null;

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
  const { status, said } = await ask("progress");
  if (status === 401) return door("");
  if (status !== 200) return place.replaceChildren(h("p", { class: "notice" }, said.detail));
  show(said);
  timer = setTimeout(open, EVERY);
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
    const { status, said } = await ask("login", { password: input.value });
    status === 200 ? open() : door(said.detail);
  }
  place.replaceChildren(form);
  input.focus();
}

function figure(number, name) {
  return h("div", {}, h("b", {}, `${number}`), h("span", {}, name));
}

const COLUMNS = [
  ["hype", "HYPE∞, %", 1], ["hype_time_ms", "HYPE-time, ms", 0], ["fooled", "fooled, %", 1],
  ["strength", "strength", 2], ["error_fakes", "error on fakes, %", 1],
  ["error_reals", "error on reals, %", 1], ["d_prime", "d′", 2], ["bias", "bias", 2],
];

function models(found) {
  const columns = COLUMNS.filter(([key]) => found.models.some((row) => key in row));
  const told = (row, key, digits) => row[key]
    ? `${row[key].value.toFixed(digits)} [${row[key].low.toFixed(digits)}, ${row[key].high.toFixed(digits)}]`
    : "";
  const drawn = columns.find(([key]) => key === "hype" || key === "fooled");
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

function counts(title, found, empty) {
  const rows = Object.entries(found);
  return [h("h3", {}, title), rows.length
    ? h("table", {}, h("tbody", {}, rows.map(([key, n]) => h("tr", {}, h("td", {}, key), h("td", {}, `${n}`)))))
    : h("p", { class: "quiet" }, empty)];
}

async function decide(kind) {
  if (kind === "close" && !confirm("End the study for good? Nobody can answer any more.")) return;
  await ask(`decide/${kind}`, {});
  open();
}

function show(found) {
  const button = (kind, name) => h("button", { type: "button", onclick: () => decide(kind) }, name);
  const decisions = { open: [button("pause", "Pause"), button("close", "Close")],
    paused: [button("resume", "Resume"), button("close", "Close")], closed: [] }[found.state];
  const out = h("button", { type: "button", class: "plain", onclick: async () => { await ask("logout", {}); open(); } }, "Leave");
  place.replaceChildren(
    h("h2", {}, `${found.title} `, h("span", { class: "quiet" }, `${found.study}, ${found.protocol}: ${found.state}`)),
    h("div", { class: "figures" },
      figure(`${found.finished} / ${found.planned}`, "finished of planned"), figure(found.came, "came"),
      figure(found.consented, "consented"), figure(found.analysed, "analysed"), figure(found.answers, "answers stored")),
    h("p", { class: "quiet" }, `On record since ${found.registered}. Last answer: ${found.last_answer ?? "none yet"}. ` +
      `Of those who came, ${found.came ? percent(1 - found.finished / found.came) : "0 %"} have not finished.`),
    h("h3", {}, "So far"),
    found.models.length ? models(found) : h("p", { class: "quiet" }, "Intervals need two participants who finished."),
    h("p", { class: "quiet" }, "Means over participants with 95 % bootstrap intervals, exclusions applied. Looking at them is no reason to stop: the planned number is."),
    ...counts("Not finished, last seen at", found.left_at, "Everybody who came has finished."),
    ...counts("Left out by the rules", found.exclusions, "Nobody."),
    ...counts("Refused", found.refused, "Nothing forged, repeated, late or out of order."),
    h("div", { class: "row" }, decisions, h("a", { class: "button", href: at("data.zip").href, download: "" }, "Download the data"), out),
  );
}

open();
