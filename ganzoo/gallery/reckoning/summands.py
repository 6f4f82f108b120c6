"""The widgets of arithmetic: a group of pictures behind each letter, and a pool to fill them."""

import gradio as gr

from ganzoo.gallery import widgets

SIGNS = {"a": "A", "b": "− B", "c": "+ C"}
GROUP = """
<div class="group" style="${style}">
  <div class="letter">${sign}</div>
  <div class="members">
    ${pictures.map((picture, i) => `<button type="button" class="tile" data-seed="${seeds[i]}"
      title="Seed ${seeds[i]}: take it out of ${letter}"><img src="${picture}"
      alt="Seed ${seeds[i]}"></button>`).join("")}
  </div>
  <label><span class="fine">seeds</span> <input type="text" inputmode="numeric" autocomplete="off"
    aria-label="Seeds of group ${letter}" value="${String(value ?? "").replace(/[&"<]/g, "")}">
  </label>
  <figure class="mean" ${mean ? "" : "hidden"}><img src="${mean}" alt="The mean of ${letter}">
    <figcaption class="fine">mean of ${letter}</figcaption></figure>
</div>"""
EDIT = """
const set = (text) => { props.value = text; trigger("input"); };
const seeds = () => String(props.value ?? "").split(/[ ,]+/).filter(Boolean);
const toggle = (seed) => {
  const all = seeds();
  set((all.includes(seed) ? all.filter((s) => s !== seed) : [...all, seed]).join(", "));
};
element.addEventListener("change", (event) => {
  if (event.target.matches("input")) set(event.target.value);
});
element.addEventListener("click", (event) => {
  const tile = event.target.closest("[data-seed]");
  if (tile) toggle(tile.dataset.seed);
});
element.addEventListener("toggle-seed", (event) => toggle(event.detail));
"""
CHOICE = """
<div class="sheet pool" style="${style}">
  <fieldset><legend>A click on a picture puts it into group</legend>
    ${["A", "B", "C"].map((letter) => `<label><input type="radio" name="pool" value="${letter}"
      ${letter === value ? "checked" : ""}> ${letter}</label>`).join("")}
  </fieldset>
  <div class="tiles">
    ${pictures.map((picture, i) => `<button type="button" class="tile" data-seed="${seeds[i]}"
      aria-pressed="${marks[i].includes(value)}" title="Seed ${seeds[i]}${
        marks[i] ? `, in ${marks[i].split("").join(" and ")}` : ""}">
      <img src="${picture}" alt="Seed ${seeds[i]}">${
        marks[i] ? `<span class="mark" aria-hidden="true">${marks[i]}</span>` : ""}
    </button>`).join("")}
  </div>
</div>"""
CHOOSE = """
element.addEventListener("change", (event) => {
  if (event.target.name === "pool") props.value = event.target.value;
});
element.addEventListener("click", (event) => {
  const tile = event.target.closest("[data-seed]");
  if (!tile) return;
  const group = element.closest(".view").querySelector(`.group-${props.value} .group`);
  group.dispatchEvent(new CustomEvent("toggle-seed", { detail: tile.dataset.seed, bubbles: true }));
});
"""


def group_widget(name: str) -> gr.HTML:
    """A letter's seeds as pictures and as text, and their mean; a click takes one out."""
    letter = name.upper()
    return widgets.html(
        "",
        html_template=GROUP,
        js_on_load=EDIT,
        elem_classes=f"group-{letter}",
        sign=SIGNS[name],
        letter=letter,
        seeds=[],
        pictures=[],
        mean="",
        style="",
    )


def pool_widget() -> gr.HTML:
    """Pictures to choose from: a click puts one into a group, or takes it out."""
    return widgets.html(
        "A",
        html_template=CHOICE,
        js_on_load=CHOOSE,
        seeds=[],
        pictures=[],
        marks=[],
        style="",
    )
