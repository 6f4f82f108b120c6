"""Zoo: the front door. A sheet drawn as you come in, the family tree, a card for each bundle.

Layout and wiring only; see :mod:`ganzoo.gallery.front`.
"""

import gradio as gr

from ganzoo.gallery import widgets
from ganzoo.gallery.address import Word
from ganzoo.gallery.front.cards import draw_cards
from ganzoo.gallery.front.sheet import WAITING, DaySeed, draw_sheet
from ganzoo.gallery.front.tree import draw_tree
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.latents import SEED_LIMIT


def build(stage: Stage) -> None:
    sheet = widgets.html(WAITING, elem_classes="hung")
    with stage.controls():
        seed = widgets.whole("Seed of this sheet", visible=False)
        data = gr.Textbox(visible=False)
        others = gr.Button("Hang others", min_width=140)
    tree = widgets.html()
    cards = widgets.html()
    stage.bind(seed=seed, data=data)
    stage.draws(draw_sheet, sheet, slow=True)
    stage.draws(draw_tree, tree)
    stage.draws(draw_cards, cards)
    stage.sets(others, seed="ganzoo.luck()")


ENTRY = Tab(
    room="Zoo",
    title="Zoo",
    order=0,
    heading="A zoo of networks that paint",
    explainer=Explainer(
        sentence="Two networks play against each other: one paints, the other tries to tell the "
        "paintings from real pictures, until it no longer can. Those on this wall were painted "
        "today, and nobody has seen them before. Pick one to meet its painter.",
    ),
    address=(
        DaySeed(name="seed", default=0, low=0, high=SEED_LIMIT - 1),
        Word(name="data", default=""),
    ),
    build=build,
)
