"""Dissect: which units of a generator draw windows, and a picture without them, or with more.

Layout and wiring only; the work is done by :mod:`ganzoo.explore.dissect`, the pictures are made by
:mod:`ganzoo.gallery.dissecting`.
"""

from html import escape
from typing import Any, TypedDict

import gradio as gr
from gradio.data_classes import FileData

from ganzoo.explore.dissect import best
from ganzoo.gallery import cells as grid
from ganzoo.gallery import dissecting, widgets
from ganzoo.gallery.address import Flag, Model, Real, Whole, Word, seed
from ganzoo.gallery.cells import Cells
from ganzoo.gallery.dissecting import Look
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.papers import Paper
from ganzoo.zoo import Zoo

LISTED = 8  # units of a concept that are shown
MOST = 64  # units that are set together
STRONGEST = 8.0  # times what units answer on average
WIDE, SMALL = 320, 192  # CSS pixels that a picture wants to be wide
FAINT = 0.002  # share of a picture below which a concept is not listed

UNITS = """
<div class="units" role="radiogroup" aria-label="${label}" style="--wide: ${wide}px">
  ${titles.map((title, i) => `<button type="button" class="tile" role="radio" data-index="${i}"
    aria-checked="${i === value}" tabindex="${i === value ? 0 : -1}" title="${title}">
    <img src="${pictures[i]}" alt="${title}"><span>${names[i]}</span>
    <b style="--share: ${agreements[i]}">${agreements[i].toFixed(2)}</b></button>`).join("")}
</div>"""


class Dissected(TypedDict):
    """What a program gets: PNGs, the units that were set, and each concept's share of both."""

    before: FileData
    after: FileData
    segments_before: FileData
    segments_after: FileData
    units: list[int]
    shares_before: dict[str, float]
    shares_after: dict[str, float]


class Ranking(TypedDict):
    """A layer's units, best first, and how well each agrees with the concept."""

    layer: str
    units: list[int]
    iou: list[float]
    threshold: list[float]
    protocol: dict[str, str | int | float | bool | None]


def draw_choices(zoo: Zoo, model: str, concept: str, units: int) -> tuple[Any, Any]:
    """The concepts that a model draws, and how many units there are to set."""
    found = dissecting.known(zoo, model)
    names = dissecting.concepts(found)
    chosen = found.concepts[dissecting.number(found, concept)]
    most = min(MOST, len(found.iou))
    return (
        gr.update(choices=names, value=chosen),
        gr.update(maximum=most, value=min(units, most)),
    )


def draw_operation(
    zoo: Zoo,
    model: str,
    seed: int,
    concept: str,
    units: int,
    off: bool,
    cells: tuple[int, ...],
    strength: float,
) -> tuple[str, Any, str, str]:
    """Before, after, what changed, and what both show by name."""
    found = dissecting.known(zoo, model)
    place = dissecting.number(found, concept)
    named = found.concepts[place]
    units = min(units, len(found.iou))
    done = dissecting.operate(zoo, model, seed, place, units, off, cells, strength)
    wide = _wide(done.before, WIDE)
    after = grid.show(
        cells,
        found.side,
        picture=widgets.png(done.after.picture),
        label=f"The picture after: paint {escape(named)} in with the pointer, or move with the "
        "arrows and press space",
        alt=f"{escape(model)}, seed {seed}, after",
        title="After: paint here",
        caption=_told(units, off, bool(cells), named),
        file=f"{escape(model)}-{seed}-{escape(named)}.png",
    )
    return (
        _figure(done.before, f"{model}, seed {seed}, before", f"Seed {seed}, untouched.", wide),
        after,
        _plain(
            widgets.png(done.changed),
            "What changed",
            "The darker, the more: black is a quarter of the range, or more.",
            wide,
        ),
        _segments(zoo, model, done, place),
    )


def draw_units(zoo: Zoo, model: str, seed: int, concept: str, pick: int) -> tuple[Any, str]:
    """The units that agree with the concept best, each where it answers; one of them large."""
    found, seen = dissecting.known(zoo, model), dissecting.look(zoo, model, seed)
    place = dissecting.number(found, concept)
    ranked = best(found.iou, place, LISTED)
    lit = [dissecting.lit(seen, unit, found.thresholds[unit][place]) for unit in ranked]
    agreements = [found.iou[unit][place] for unit in ranked]
    pick = min(pick, len(ranked) - 1)
    unit, named = ranked[pick], found.concepts[place]
    strip = gr.update(
        value=pick,
        pictures=[widgets.png(picture) for picture in lit],
        names=[f"unit {one}" for one in ranked],
        titles=[
            f"unit {one}, IoU {iou:.2f} with {escape(named)}"
            for one, iou in zip(ranked, agreements, strict=True)
        ],
        agreements=agreements,
        label=f"Units that draw {escape(named)}, the best first",
        wide=_wide(seen, 96),
    )
    others = sorted(range(len(found.concepts)), key=lambda c: -found.iou[unit][c])[:3]
    listed = ", ".join(f"{escape(found.concepts[c])} {found.iou[unit][c]:.2f}" for c in others)
    caption = (
        f"<p>Unit {unit} of layer {escape(found.layer)} answers where the picture is lit. It "
        f"agrees best with: {listed} (IoU).</p>"
    )
    large = _plain(widgets.png(lit[pick]), f"Unit {unit}", caption, _wide(seen, WIDE))
    return strip, large


def draw_measured(zoo: Zoo, model: str, concept: str, units: int) -> str:
    """What setting the units does on average, and how all of it was measured."""
    found = dissecting.known(zoo, model)
    place = dissecting.number(found, concept)
    named, one = escape(found.concepts[place]), dissecting.effect(found, place, units)
    said = (
        f"<p>On average, over other pictures, switching its <b>{len(one.units)}</b> best units off "
        f"{_gone(one.removed)} of what is called {named}. Set high at a random place, they make "
        f"<b>{one.caused:.0%}</b> more of that place {named} than when they are off there.</p>"
        if one
        else f"<p>There is too little {named} in its pictures for an average.</p>"
    )
    protocol = "".join(
        f"<dt>{escape(key)}</dt><dd>{escape(str(value))}</dd>"
        for key, value in found.protocol.items()
    )
    return (
        f'<div class="averages">{said}<details class="score"><summary>how it was measured'
        f"</summary><dl>{protocol}</dl></details></div>"
    )


def draw_label(zoo: Zoo, model: str) -> str:
    """The museum label."""
    return widgets.label(zoo.bundle(model))


def dissect_picture(
    zoo: Zoo,
    model: str,
    seed: int = 1,
    concept: str = "window",
    units: int = 8,
    off: bool = True,
    cells: tuple[int, ...] = (),
    strength: float = 3.0,
) -> Dissected:
    """Paints `seed` before and after the `units` best units of `concept` are set.

    With `off` they are 0 everywhere. At `cells` of the layer's map (numbers, row by row, such as
    `"102-105,118"`) they are set to `strength` times what they answer on average where the concept
    is. Shares are of the picture's pixels, as the segmenter names them.
    """
    found = dissecting.known(zoo, model)
    place = dissecting.number(found, concept, strict=True)
    done = dissecting.operate(zoo, model, seed, place, units, off, cells, strength)
    colours = dissecting.palette(zoo, found)
    pictures = {
        "before": done.before.picture,
        "after": done.after.picture,
        "segments_before": dissecting.coloured(done.before.classes, colours),
        "segments_after": dissecting.coloured(done.after.classes, colours),
    }
    files = {
        key: widgets.file(widgets.png_bytes(one), f"{model}-{seed}-{key}.png")
        for key, one in pictures.items()
    }
    before, after = (
        {name: round(share, 6) for name, share in zip(found.concepts, one.shares, strict=True)}
        for one in (done.before, done.after)
    )
    return Dissected(**files, units=list(done.units), shares_before=before, shares_after=after)


def rank_units(zoo: Zoo, model: str, concept: str = "window") -> Ranking:
    """A layer's units, those that agree best with `concept` first, as they were measured."""
    found = dissecting.known(zoo, model)
    place = dissecting.number(found, concept, strict=True)
    ranked = best(found.iou, place, len(found.iou))
    return Ranking(
        layer=found.layer,
        units=list(ranked),
        iou=[found.iou[unit][place] for unit in ranked],
        threshold=[found.thresholds[unit][place] for unit in ranked],
        protocol=found.protocol,
    )


def _segments(zoo: Zoo, model: str, done: dissecting.Operation, chosen: int) -> str:
    """Both pictures by name: their parts in colour, and a list of these."""
    found = dissecting.known(zoo, model)
    colours = dissecting.palette(zoo, found)
    wide = _wide(done.before, SMALL)
    pictures = "".join(
        _plain(widgets.png(dissecting.coloured(one.classes, colours)), title, "", wide)
        for title, one in (("Named, before", done.before), ("Named, after", done.after))
    )
    rows = []
    for place in sorted(range(len(found.concepts)), key=lambda c: -done.before.shares[c]):
        was, now = done.before.shares[place], done.after.shares[place]
        if max(was, now) < FAINT and place != chosen:
            continue
        here = ' aria-current="true"' if place == chosen else ""
        red, green, blue = colours[found.concepts[place]]
        rows.append(
            f'<tr{here}><th scope="row"><i style="background: rgb({red} {green} {blue})"></i>'
            f"{escape(found.concepts[place])}</th><td>{was:.1%}</td><td>{now:.1%}</td></tr>"
        )
    return (
        f'<div class="named">{pictures}<table><thead><tr><th scope="col">of the picture</th>'
        f'<th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>'
        f"{''.join(rows)}</tbody></table></div>"
    )


def _told(units: int, off: bool, painted: bool, concept: str) -> str:
    """What was done, in a sentence or two."""
    name = escape(concept)
    said = f"The {units} best units of {name} are off." if off and units else "No unit is off."
    if painted:
        said += f" Where it is painted, they are set to draw {name}."
    return f"<p>{said} Paint here to put {name} in.</p>"


def _gone(removed: float) -> str:
    return f"removes <b>{removed:.0%}</b>" if removed >= 0 else f"adds <b>{-removed:.0%}</b>"


def _figure(seen: Look, name: str, caption: str, wide: int) -> str:
    return _plain(widgets.png(seen.picture), "Before", caption, wide, alt=name)


def _plain(uri: str, title: str, caption: str, wide: int, alt: str = "") -> str:
    """A picture beneath its title."""
    return (
        f'<figure class="large plate"><h3>{escape(title)}</h3><img src="{uri}" '
        f'alt="{escape(alt or title)}" width="{wide}"><figcaption>{caption}</figcaption></figure>'
    )


def _wide(seen: Look, wanted: int) -> int:
    side = seen.picture.shape[1]
    return round(side * widgets.factor(side, wanted))


def build(stage: Stage) -> None:
    with stage.controls():
        concept = gr.Dropdown(label="Concept", scale=2, min_width=150)
        units = gr.Slider(
            0, MOST, step=1, label="How many of its best units", scale=4, min_width=220, buttons=[]
        )
        off = gr.Checkbox(label="Switch off", min_width=130)
        number = widgets.whole("Seed", min_width=100)
        lucky = gr.Button("Surprise me", variant="primary", min_width=130)
    with stage.wall():
        with gr.Column(scale=4, min_width=320):
            before = widgets.html()
        with gr.Column(scale=4, min_width=320):
            after = grid.board()
            strength = gr.Slider(
                0, STRONGEST, step=0.5, label="Strength of the paint", min_width=170, buttons=[]
            )
        with gr.Column(scale=4, min_width=320):
            changed = widgets.html()
    named = widgets.html()
    widgets.html('<h2 class="part">The units that draw it</h2>')
    with gr.Row():
        with gr.Column(scale=8, min_width=320):
            strip = gr.HTML(
                None,
                apply_default_css=False,
                html_template=UNITS,
                js_on_load=widgets.PICK,
                pictures=[],
                titles=[],
                names=[],
                agreements=[],
                label="",
                wide=SMALL,
            )
            measured = widgets.html()
        with gr.Column(scale=4, min_width=320):
            unit = widgets.html()
    with gr.Row(elem_classes="beside"):
        with gr.Column(scale=8, min_width=300):
            label = widgets.html()
        with gr.Column(scale=4, min_width=300):
            model = gr.Dropdown(stage.names, label="Model", min_width=200)
    stage.bind(
        model=model,
        seed=number,
        concept=concept,
        units=units,
        off=off,
        cells=after,
        strength=strength,
        pick=strip,
    )
    stage.draws(draw_choices, [concept, units], still=("concept", "units"))
    stage.draws(draw_operation, [before, after, changed, named])
    stage.draws(draw_units, [strip, unit])
    stage.draws(draw_measured, measured)
    stage.draws(draw_label, label)
    stage.sets(lucky, seed="ganzoo.luck()")
    stage.action(dissect_picture, "dissect")
    stage.action(rank_units, "units")


ENTRY = Tab(
    room="Look inside",
    title="Dissect",
    heading="Open a generator, and switch its windows off",
    order=70,
    needs=("sample", "dissect"),
    explainer=Explainer(
        sentence="Inside the generator, some units answer only where a window will be, others "
        "only for the sky. Switch a concept’s best units off and see what is left; then paint it "
        "in where it never was.",
        equation=r"\mathrm{IoU}_{u,c} = \frac{\mathbb{E}_z \left| (r_u^\uparrow > t_{u,c}) "
        r"\wedge s_c(x) \right|}{\mathbb{E}_z \left| (r_u^\uparrow > t_{u,c}) \vee s_c(x) "
        r"\right|}, \qquad \delta_{U \to c} = \mathbb{E}_{z, P}\left[s_c(x_i)\right] - "
        r"\mathbb{E}_{z, P}\left[s_c(x_a)\right]",
        paper=Paper(
            nickname="GAN Dissection",
            title="GAN Dissection: Visualizing and Understanding Generative Adversarial Networks",
            authors="David Bau, Jun-Yan Zhu, Hendrik Strobelt, Bolei Zhou, Joshua B. Tenenbaum, "
            "William T. Freeman, Antonio Torralba",
            year=2019,
            arxiv="1811.10597",
            venue="ICLR 2019",
            idea="Compare each unit's map with the parts of the picture, then set units by hand: "
            "what appears or vanishes is what they cause.",
            equation=r"\delta_{U \to c} = \mathbb{E}\left[s_c(x_i)\right] - "
            r"\mathbb{E}\left[s_c(x_a)\right]",
        ),
        more="A **unit** is one channel $r_u$ of a layer’s map. Enlarged to the picture and "
        "cut at a threshold $t_{u,c}$, it is a set of pixels; a **segmenter**, another network "
        "that learned to name the parts of photographs, gives another, $s_c(x)$. Their "
        "intersection over their union says how well they **agree**. The threshold is the one "
        "that tells most about the concept: the highest ratio of mutual information to joint "
        "entropy.\n\nAgreement is no cause. So the best units $U$ of a concept are **set** while "
        "the picture is painted: to 0 everywhere (ablation), or, in painted cells $P$ of the map, "
        "to what they answer on average where the concept is, or some times that (insertion, "
        "$x_i$; the same cells at 0 are $x_a$). The **average causal effect** $\\delta$ is how "
        "much more of $P$ the segmenter then calls $c$.\n\n"
        "The paper learns by gradient descent which units to set; "
        "here they are those that agree best. And the segmenter errs, most of all on pictures "
        "that are none too real: a wall whose windows are gone may be called something else.",
    ),
    address=(
        Model(default="dcgan-facades"),
        seed(default=47),
        Word(name="concept", default="window"),
        Whole(name="units", default=8, low=0, high=MOST),
        Flag(name="off", default=True),
        Cells(),
        Real(name="strength", default=3.0, low=0.0, high=STRONGEST),
        Whole(name="pick", default=0, low=0, high=LISTED - 1),
    ),
    slider=Slider(endpoint="dissect", control="units", low=0.0, high=16.0, whole=True),
    build=build,
)
