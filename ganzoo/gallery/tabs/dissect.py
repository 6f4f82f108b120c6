"""Dissect: which units of a generator draw windows, and a picture without them, or with more.

Layout and wiring only; the work is done by :mod:`ganzoo.explore.dissect`, what is drawn and handed
to programs by :mod:`ganzoo.gallery.dissecting`.
"""

import gradio as gr

from ganzoo.gallery import cells as grid
from ganzoo.gallery import placard, widgets
from ganzoo.gallery.address import Flag, Model, Real, Whole, Word, seed
from ganzoo.gallery.cells import Cells
from ganzoo.gallery.dissecting.panels import (
    LISTED,
    MOST,
    SMALL,
    bound_concept,
    bound_units,
    draw_choices,
    draw_measured,
    draw_operation,
    draw_units,
)
from ganzoo.gallery.dissecting.programs import dissect_picture, rank_units
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.papers import Paper

STRONGEST = 8.0  # times what units answer on average

UNITS = """
<div class="units" role="radiogroup" aria-label="${label}" style="--wide: ${wide}px">
  ${titles.map((title, i) => `<button type="button" class="tile" role="radio" data-index="${i}"
    aria-checked="${i === value}" tabindex="${i === value ? 0 : -1}" title="${title}">
    <img src="${pictures[i]}" alt="${title}"><span>${names[i]}</span>
    <b style="--share: ${agreements[i]}">${agreements[i].toFixed(2)}</b></button>`).join("")}
</div>"""


def build(stage: Stage) -> None:
    with stage.controls():
        concept = widgets.menu(label="Concept", scale=2, min_width=150)
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
    with placard.beneath(stage):
        model = widgets.menu(stage.names, label="Model", min_width=200)
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
    stage.bounds(bound_concept)
    stage.bounds(bound_units)
    stage.draws(draw_choices, [concept, units], still=("concept", "units"))
    stage.draws(draw_operation, [before, after, changed, named])
    stage.draws(draw_units, [strip, unit])
    stage.draws(draw_measured, measured)
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
