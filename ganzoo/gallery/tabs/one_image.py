"""One image: a pyramid that has seen a single picture, and dreams of the place in it.

Layout and wiring only; the dreaming is done by :class:`ganzoo.zoo.Dreamer` and
:mod:`ganzoo.explore.one_image`, what is drawn and handed to programs by
:mod:`ganzoo.gallery.dreaming`.
"""

import gradio as gr

from ganzoo.architectures import architectures
from ganzoo.explore.one_image import EDITS
from ganzoo.gallery import placard, reel, translating, widgets
from ganzoo.gallery.address import Choice, Model, Real, Upload, Whole, seed
from ganzoo.gallery.dreaming.panels import (
    DREAMS,
    bound_start,
    draw_ascent,
    draw_dream,
    draw_film,
    draw_kept,
    draw_reach,
    draw_sheet,
)
from ganzoo.gallery.dreaming.programs import dream
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.zoo.dreamer import STRETCH

FINEST = 31  # more scales than any pyramid has
NAMES = {
    "as it is": "as_it_is",
    "mirrored": "mirrored",
    "halves swapped": "halves_swapped",
    "upside down": "upside_down",
    "in six colours": "few_colours",
}


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu(stage.names, label="Model", scale=2, min_width=180)
        seed = widgets.whole("Seed", min_width=90)
        lucky = gr.Button("Surprise me", variant="primary", min_width=130)
        start = gr.Slider(
            0, 6, step=1, label="Dream from scale", scale=3, min_width=200, buttons=[]
        )
    with stage.wall():
        with gr.Column(scale=8, min_width=320):
            shown = widgets.html()
            with gr.Row(elem_classes="frame"):
                wide = gr.Slider(*STRETCH, step=0.1, label="How wide", min_width=140, buttons=[])
                tall = gr.Slider(*STRETCH, step=0.1, label="How tall", min_width=140, buttons=[])
            origin = gr.Radio(
                list(NAMES.items()), label="What is kept of the picture, rearranged by hand"
            )
        with gr.Column(scale=5, min_width=320):
            kept = widgets.html()
            sheet = widgets.sheet()
    ascent = widgets.html(elem_classes="later")
    with gr.Row():
        with gr.Column(scale=8, min_width=320):
            widgets.html('<h2 class="small">The picture in motion</h2>')
            moving = widgets.html(js_on_load=reel.STOP, elem_classes="screen")
            near = gr.Slider(0, 0.5, step=0.05, label="How calm it is", buttons=[])
        with gr.Column(scale=5, min_width=320):
            brought = translating.bring("Or dream on with a picture of yours")
    placard.hang(stage)
    stage.bind(
        model=model, seed=seed, start=start, pick=sheet, wide=wide, tall=tall, origin=origin,
        near=near, brought=brought,
    )  # fmt: skip
    stage.bounds(bound_start)
    stage.draws(draw_reach, start)
    stage.draws(draw_dream, shown)
    stage.draws(draw_kept, kept)
    stage.draws(draw_sheet, sheet, slow=True)
    stage.draws(draw_ascent, ascent, slow=True)
    stage.draws(draw_film, moving, slow=True)
    stage.sets(lucky, seed="ganzoo.luck()")
    stage.action(dream, "dream")


ENTRY = Tab(
    room="Look inside",
    title="One image",
    heading="All from a single picture",
    order=60,
    needs=("single_image",),
    explainer=Explainer(
        sentence="It has seen one photograph in its life, and never another. At scale 0 it dreams "
        "the whole place anew. From 1 on it keeps the coarse shape, of the picture or of what "
        "you make of it, and dreams what is finer: swap the halves, and look at the seam.",
        equation=architectures["singan"].paper.equation,
        paper=architectures["singan"].paper,
        more="A single picture is many patches, and the same kinds of them return at every scale: "
        "eaves above eaves, leaves beside leaves. A pyramid of small networks learns them, the "
        "coarsest first. Each sees only a window of 11 × 11 pixels, which at the coarsest scale is "
        "nearly half of the picture and at the finest a detail, so none can learn the picture by "
        "heart; and each has a judge of its own that asks only whether every patch could have been "
        "one of the photograph's. All layers are convolutions: stretch the frame, and towers are "
        "added rather than pulled wide. A picture of yours can enter at any scale: what is coarser "
        "is yours, what is finer is the photograph's.",
    ),
    address=(
        Model(default="singan-pagoda"),
        seed(default=22),
        Whole(name="start", default=0, low=0, high=FINEST),
        Whole(name="pick", default=0, low=0, high=DREAMS - 1),
        Real(name="wide", default=1.0, low=STRETCH[0], high=STRETCH[1]),
        Real(name="tall", default=1.0, low=STRETCH[0], high=STRETCH[1]),
        Choice(name="origin", default="as_it_is", options=tuple(EDITS)),
        Real(name="near", default=0.1, low=0.0, high=0.5),
        Upload(name="brought"),
    ),
    slider=Slider(endpoint="dream", control="seed", low=1000.0, high=2000.0, whole=True),
    build=build,
)
