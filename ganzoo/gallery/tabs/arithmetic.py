"""Arithmetic: A - B + C, where each letter is the average of a few latents.

Layout and wiring only; the reckoning is done by :mod:`ganzoo.explore.arithmetic`, what is drawn
and handed to programs by :mod:`ganzoo.gallery.reckoning`.
"""

import gradio as gr

from ganzoo.architectures import architectures
from ganzoo.explore.arithmetic import PAPER_SPREAD
from ganzoo.gallery import placard, widgets
from ganzoo.gallery.address import Model, Real, Seeds, Whole, seed
from ganzoo.gallery.paint import draw_class
from ganzoo.gallery.reckoning.panels import (
    draw_a,
    draw_b,
    draw_c,
    draw_pool,
    draw_result,
    draw_turn,
)
from ganzoo.gallery.reckoning.programs import reckon, turn_all
from ganzoo.gallery.reckoning.summands import SIGNS, group_widget, pool_widget
from ganzoo.gallery.reckoning.sums import FOURS, OTHERS, SLANTED, UPRIGHT, Chosen
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Tab

MOST = 8  # pictures in a group


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu(stage.names, label="Model", scale=3, min_width=200)
        y = widgets.menu(label="Class", visible=False, min_width=110)
        first = widgets.whole("Samples from seed", min_width=110)
        lucky = gr.Button("Other samples", min_width=140)
    with gr.Row(elem_classes="wall"):
        with gr.Column(min_width=320):
            groups = {name: group_widget(name) for name in SIGNS}
        with gr.Column(min_width=320):
            result = widgets.html()
    pool = pool_widget()
    widgets.html(
        '<h2 class="part">The turn</h2><p class="sentence">A − B is a direction. Added in steps, '
        "it takes the one group to the other, and anything else the same way.</p>"
    )
    strips = widgets.html()
    with stage.more():
        spread = gr.Slider(0, 1, step=0.01, label="Noise around the result, in deviations of z")
        noise = widgets.whole("Seed of that noise")
        others = gr.Textbox(label="Seeds to turn as well, such as 10, 11", max_lines=1)
    placard.hang(stage)
    stage.bind(model=model, **groups, first=first, others=others, spread=spread, seed=noise, y=y)
    stage.draws(draw_class, y)
    for name, draw in {"a": draw_a, "b": draw_b, "c": draw_c}.items():
        stage.draws(draw, groups[name])
    stage.draws(draw_result, result)
    stage.draws(draw_pool, pool)
    stage.draws(draw_turn, strips)
    stage.sets(lucky, first="ganzoo.luck()")
    stage.action(reckon, "arithmetic")
    stage.action(turn_all, "turn")


def _seeds(name: str, default: Chosen) -> Seeds:
    return Seeds(name=name, default=default, most=MOST)


ENTRY = Tab(
    room="Create",
    title="Arithmetic",
    heading="Arithmetic with pictures",
    order=30,
    needs=("sample",),
    explainer=Explainer(
        sentence="Choose three pictures that share something for A, three that lack just that for "
        "B, and three others that lack it for C. The sum should give it to C: “smiling woman − "
        "woman + man” made a smiling man.",
        equation=r"x = G(\bar{z}_A - \bar{z}_B + \bar{z}_C), \qquad "
        r"\bar{z}_A = \tfrac{1}{|A|}\sum_{i \in A} z_i",
        paper=architectures["dcgan"].paper,
        more="A mean keeps what its latents share, and what they differ in cancels; the paper "
        "found single pictures too unsteady, three enough. The mean of three random vectors is "
        r"only $1/\sqrt{3}$, or 58 %, as long as one, so means look averaged; but "
        r"$\bar{z}_A - \bar{z}_B + \bar{z}_C$ is as long as one again, because "
        r"$\tfrac13 + \tfrac13 + \tfrac13 = 1$. The eight pictures around the result have uniform "
        "noise added, as in the paper's figure 7 (whose latents were uniform: its ±0.25 is ±0.43 "
        "standard deviations, and so it is here). The **turn** is the paper's as well: it turned "
        "faces from left to right by adding the difference of two averages.",
    ),
    address=(
        Model(default="dcgan-mnist"),
        _seeds("a", SLANTED),
        _seeds("b", UPRIGHT),
        _seeds("c", FOURS),
        seed("first", default=84),
        _seeds("others", OTHERS),
        Real(name="spread", default=round(PAPER_SPREAD, 2), low=0.0, high=1.0),
        seed("seed", default=0),
        Whole(name="y", low=0, high=9999),
    ),
    build=build,
)
