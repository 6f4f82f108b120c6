// Every page of a study but the trials themselves. Each resolves with the step that follows.
import { h, percent } from "./dom.js";
import { eraser, erasure } from "./erasure.js";
import { load, paint } from "./pictures.js";

const title = (text) => h("h2", { tabindex: "-1" }, text);
const first = (text, key) =>
  h("button", { type: "button", class: "first" }, text, key ? h("kbd", {}, key) : null);
const plain = (text) => h("button", { type: "button", class: "plain" }, text);
const PARTS = { practice: "Practice", training: "Training", qualification: "Qualification", main: "Picture" };

export async function consent(player, step) {
  const yes = first("I agree, begin");
  const no = h("button", { type: "button" }, "I do not agree");
  player.place(
    title("Before you begin"),
    h("p", { class: "text" }, step.text),
    h("p", { class: "quiet" }, `Version ${step.version} of this text.`),
    h("div", { class: "row" }, yes, no),
    erasure(player),
  );
  const agreed = await player.pressed([[yes, true], [no, false]]);
  return player.desk.tell(agreed ? "consent" : "refusal");
}

export async function check(player) {
  player.place(title("Your screen"), h("p", {}, "Measuring how fast it is. This takes a second."));
  const hz = await player.measureScreen();
  const probe = document.createElement("canvas").getContext("2d");
  const detail = {
    hz,
    width: innerWidth,
    height: innerHeight,
    dpr: devicePixelRatio,
    touch: matchMedia("(pointer: coarse)").matches,
    canvas: Boolean(probe),
  };
  if (innerWidth < 320) {
    player.place(title("Your screen"), h("p", {}, "This window is too narrow: make it wider."));
    await player.pressed([], {});
  }
  return player.desk.tell("check", detail);
}

export async function instructions(player, step) {
  const shelf = async (paths, what) => {
    const bitmaps = await Promise.all(paths.map((path) => load(player.desk.url(path))));
    return h("div", { class: "shelf" }, bitmaps.map((b, i) => paint(b, 84, `${what} ${i + 1}`)));
  };
  const begin = first("Start", "Enter");
  const told =
    step.share_real === null ? "" : ` ${percent(step.share_real)} of the pictures are real.`;
  const examples = step.real.length
    ? [
        h("h3", {}, "These are real"), await shelf(step.real, "Real example"),
        h("h3", {}, "These are fake"), await shelf(step.fake, "Fake example"),
      ]
    : [];
  player.place(
    title("What you do"),
    h("p", {}, step.task + told),
    step.text ? h("p", { class: "text" }, step.text) : "",
    h("p", { class: "quiet" }, `${step.trials} questions${step.practice ? `, the first ${step.practice} for practice` : ""}. ` +
      "If you close this page, open the same link again: you will find your place."),
    ...examples,
    h("div", { class: "row" }, begin),
    ...eraser(player, step),
  );
  await player.pressed([[begin, true]], { Enter: true });
  return player.desk.tell("instructions");
}

export function head(player, step) {
  const many = step.kind === "single" || step.kind === "timed" ? "Picture" : "Question";
  const name = step.part === "main" ? many : PARTS[step.part];
  const row = player.visitors && player.row > 1 ? h("span", {}, `${player.row} right in a row`) : null;
  const done = h("i", { style: { width: `${((step.number - 1) / step.of) * 100}%` } });
  return [
    h("div", { class: "head" }, h("span", {}, `${name} ${step.number} of ${step.of}`), row),
    h("div", { class: "bar" }, done),
  ];
}

export async function feedback(player, { step, given, stored, bitmaps, body }) {
  const { right, judged, late, real, models, reasons } = stored.feedback;
  const good = judged > 0 && right === judged;
  player.row = good ? player.row + 1 : 0;
  player.longest = Math.max(player.longest, player.row);
  if (!good && models)
    bitmaps.forEach((bitmap, i) => player.missed.push({ bitmap, real: real[i], model: models[i] }));
  given.tell?.(real, step.part !== "main"); // while practising, what flashed by is shown once more
  const next = first("Next", "Enter");
  const asked = models && good && !real.includes(true);
  const said = h(
    "div",
    { class: "said" },
    h("div", { role: "status" },
      h("strong", {}, verdict(late, good, right, judged, real)),
      h("span", { class: "quiet" }, truth(real, models))),
    next,
    asked ? h("span", { id: "away" }, "What gave it away?") : null,
    asked ? chips(player, step.trial, reasons, next) : null,
  );
  body.querySelector(".ask")?.remove();
  body.append(said);
  next.focus({ preventScroll: true });
  await player.pressed([[next, true]], { Enter: true, " ": true, ArrowRight: true });
}

// What gave it away: one word, by its button or its digit; then "Next" is at hand again.
function chips(player, trial, reasons, next) {
  const choose = (event) => {
    event.currentTarget.setAttribute("aria-pressed", true);
    for (const one of row.children) one.disabled = true;
    const words = reasons[[...row.children].indexOf(event.currentTarget)];
    player.desk.post("note", { trial, words }).catch(() => {});
    next.focus({ preventScroll: true });
  };
  const row = h("div", { class: "chips", role: "group", "aria-labelledby": "away" }, reasons.map((words, i) =>
    h("button", { type: "button", "aria-pressed": "false", onclick: choose }, words, h("kbd", {}, `${i + 1}`))));
  const typed = (event) => {
    if (!row.isConnected) removeEventListener("keydown", typed);
    else if (!event.ctrlKey && !event.metaKey && !event.altKey) row.children[Number(event.key) - 1]?.click();
  };
  addEventListener("keydown", typed);
  return row;
}

function verdict(late, good, right, judged, real) {
  if (late) return "Time is up";
  if (judged > 1) return `${right} of ${judged} right`;
  if (good) return "Right.";
  return real.length === 1 && real[0] ? "Wrong." : "Fooled.";
}

function truth(real, models) {
  if (real.length > 1 && real.length !== 2) return "";
  if (real.length === 2) return `The ${real[0] ? "left" : "right"} one is real.`;
  if (real[0]) return "It is real.";
  return models?.[0] ? `Made by ${models[0]}.` : "It was made by a computer.";
}

export async function debriefing(player, step) {
  if (player.visitors) return round(player, step);
  player.place(
    title("Thank you"),
    step.text ? h("p", { class: "text" }, step.text) : "",
    ...score(step),
    ...completion(player, step),
  );
  return null;
}

export async function unqualified(player, step) {
  player.place(
    title("Thank you"),
    h("p", {}, "The first part was a qualification, and it ends here for you: the study goes on with those who told apart most of its pictures. Your answers are stored."),
    ...completion(player, step),
  );
  return null;
}

function score(step) {
  if (!step.judged) return [];
  const share = step.right / step.judged;
  const mark = (at, name, kind = "") =>
    h("span", { class: kind, style: { left: `${at * 100}%` } }, name);
  const marks = [mark(0.5, "chance"), mark(share, "you", "you")];
  if (step.others > 0) marks.push(mark(step.mean, `everyone, ${percent(step.mean)}`, "low"));
  const place = step.others > 4 ? `Better than ${percent(step.above)} of the ${step.others} others so far.` : "";
  return [
    h("p", { class: "score" }, `${step.right}`, h("small", {}, ` of ${step.judged} right`)),
    h("div", { class: "scale", role: "img", "aria-label":
      `You ${percent(share)}, chance 50\u00a0%${step.others ? `, everyone ${percent(step.mean)}` : ""}` },
      h("i", {}), ...marks),
    place ? h("p", {}, place) : "",
  ];
}

function completion(player, step) {
  const parts = [];
  if (step.code)
    parts.push(h("h3", {}, "Your completion code"), h("p", { class: "code" }, step.code));
  if (step.redirect)
    parts.push(h("p", {}, h("a", { href: step.redirect, rel: "noreferrer" }, "Back to the panel: this completes the study")));
  return [...parts, ...eraser(player, step)];
}

async function round(player, step) {
  const again = first("Play again");
  const buttons = [[again, "again"]];
  const row = h("div", { class: "row" }, again);
  if (step.deck !== null) {
    const share = h("button", { type: "button" }, "Copy a link to these pictures");
    share.addEventListener("click", () => copy(share, `?view=turing&deck=${step.deck}`));
    row.append(share);
  }
  const keep = step.eraser ? [] : [keepBox(player, buttons)];
  const kept = step.eraser
    ? h("p", { class: "quiet" }, "This round counts on the leaderboard. To take it back, keep this code: ",
        h("span", { class: "code" }, step.eraser))
    : "";
  const streak = player.longest > 1 ? h("p", { class: "quiet" }, `Longest streak: ${player.longest} right in a row.`) : "";
  player.place(title("Your round"), ...score(step), streak, ...keep, row, kept, erasure(player, step.eraser), ...deceivers(step), ...away(step), ...missed(player));
  const pressed = await player.pressed(buttons);
  if (pressed === "keep") {
    player.desk.keep("kept", true);
    return (await player.desk.post("keep", {})).step;
  }
  player.desk.token = null;
  player.row = player.longest = 0;
  player.missed = [];
  return player.desk.enter({}, player.desk.recall("kept") === true, null);
}

function keepBox(player, buttons) {
  const yes = h("button", { type: "button" }, "Yes, count my rounds");
  buttons.push([yes, "keep"]);
  return h(
    "div",
    { class: "notice" },
    h("p", {}, "May this round count on the leaderboard? Your answers and their times are kept, and nothing that tells who you are. Nothing is kept unless you say yes."),
    yes,
  );
}

function level(name, share, said) {
  const bar = h("i", { style: { width: `${share * 100}%` } });
  return h("tr", {}, h("td", {}, name), h("td", { class: "level" }, bar), h("td", {}, said));
}

// What gave the fakes away that were seen through.
export function away(step) {
  const total = (step.reasons ?? []).reduce((sum, one) => sum + one.times, 0);
  if (!total) return [];
  const rows = step.reasons.map((one) => level(one.words, one.times / total, `${one.times}`));
  return [
    h("h3", {}, "What gives them away"),
    h("p", { class: "quiet" }, "As those said who saw through a fake."),
    h("table", {}, h("tbody", {}, rows)),
  ];
}

export function deceivers(step) {
  if (!step.models?.length) return [];
  const rows = step.models.map((one) =>
    level(one.model, one.fooled, `${percent(one.fooled)} of ${one.shown}`));
  return [
    h("h3", {}, "Who fools people"),
    h("p", { class: "quiet" }, "How often each model's pictures were taken for real, over all rounds that count."),
    h("table", {}, h("tbody", {}, rows)),
  ];
}

function missed(player) {
  if (!player.missed.length) return [];
  const figures = player.missed.map(({ bitmap, real, model }) =>
    h("figure", {}, paint(bitmap, 112, real ? "a real one" : `by ${model}`),
      h("figcaption", {}, real ? "was real" : `by ${model}`)),
  );
  return [h("h3", {}, "What fooled you"), h("div", { class: "shelf" }, figures)];
}

async function copy(button, query) {
  const address = new URL(query, location.href).href;
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(address);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = said), 1500);
  } catch {
    button.textContent = address; // no clipboard without https: select it by hand
    getSelection().selectAllChildren(button);
  }
}

const MESSAGES = {
  declined: ["Thank you", "You did not agree, so nothing was asked and no answer is stored. You can close this page."],
  paused: ["Please wait", "The study is paused for a moment. Your answers are stored; this page looks again by itself."],
  storing: ["Almost done", "Your answers are being copied to where they will be kept. This can take a minute; this page goes on by itself."],
  closed: ["This study is closed", "Thank you for coming. Every answer that was acknowledged is stored."],
  full: ["This study is complete", "Thank you for coming: all of its places are taken."],
  erased: ["Your data were deleted", "As you asked. A person takes part once, so this study does not start again."],
};
const CAME = "On record is only that somebody came and declined";
const HASHED = ", and the panel's ids as hashes, so that you are not asked again";

export async function preview(player, step) {
  player.place(title("A preview"), h("p", { class: "text" }, step.consent), h("p", { class: "quiet" }, "Accept the task to begin."));
  return null;
}

export async function message(player, step) {
  const [head, text] = MESSAGES[step.step] ?? ["Something is wrong", `The desk answered ${step.step}.`];
  const kept = step.step === "declined" ? h("p", { class: "quiet" }, `${CAME}${step.panel ? HASHED : ""}.`) : "";
  const mine = ["paused", "closed", "full"].includes(step.step) ? eraser(player, step) : [];
  player.place(title(head), h("p", {}, text), kept, ...mine);
  if (step.step !== "paused" && step.step !== "storing") return null;
  for (;;) { // the page stays as it is: somebody may be typing their code
    await new Promise((resolve) => setTimeout(resolve, 5000));
    player.signal.throwIfAborted();
    const now = await player.enter(null);
    if (now.step !== step.step) return now;
  }
}
