"""Classes: the same latents as this class or that, and how far they may stray.

Layout and wiring only; see :mod:`ganzoo.gallery.conditional`, :mod:`ganzoo.explore.classes` and
:func:`ganzoo.latents.truncated`.
"""

import gradio as gr

from ganzoo.architectures import architectures
from ganzoo.gallery import placard, widgets
from ganzoo.gallery.address import Model, Real, Whole, seed
from ganzoo.gallery.conditional import panels, programs
from ganzoo.gallery.conditional.controls import LAST, Several
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab

FULL = 2.0  # the slider's end


def build(stage: Stage) -> None:
    with stage.controls():
        truncation = gr.Slider(
            0, FULL, step=0.01, label="Truncation", scale=4, min_width=260, buttons=[],
            info="0: the one typical picture of the class; 2: nearly all that it can.",
        )  # fmt: skip
        classes = widgets.menu(label="Classes", multiselect=True, scale=4, min_width=240)
        seed = widgets.whole("Seed", min_width=110)
        lucky = gr.Button("Surprise me", variant="primary", min_width=140)
    with gr.Row(elem_classes="controls"):
        model = widgets.menu(stage.names, label="Model", scale=3, min_width=200)
        count = gr.Slider(1, 32, step=1, label="How many of each", scale=2, min_width=180)
    with stage.wall():
        with gr.Column(scale=5, min_width=320):
            sheet = widgets.html()
        with gr.Column(scale=3, min_width=300):
            curve = widgets.html()
    gr.HTML('<h2 class="part">One latent, every class</h2>', apply_default_css=False)
    everyone = widgets.html(elem_classes="later")
    gr.HTML(
        '<h2 class="part">From class to class, from latent to latent</h2>', apply_default_css=False
    )
    with gr.Row(elem_classes="controls"):
        to = widgets.menu(label="To the class", min_width=160)
        end = widgets.whole("Down to the seed", min_width=130)
        roll = gr.Button("Roll", min_width=90)
    way = widgets.html(elem_classes="later")
    placard.hang(stage)
    stage.bind(
        model=model, classes=classes, seed=seed, truncation=truncation, count=count, to=to, end=end
    )
    stage.bounds(panels.bound_classes)
    stage.bounds(panels.bound_to)
    stage.draws(panels.draw_choice, [classes, to])
    stage.draws(panels.draw_sheet, sheet)
    stage.draws(panels.draw_curve, curve)
    stage.draws(panels.draw_everyone, everyone, slow=True)
    stage.draws(panels.draw_field, way, slow=True)
    stage.sets(lucky, seed="ganzoo.luck()")
    stage.sets(roll, end="ganzoo.luck()")
    stage.action(programs.sample_classes, "classes")
    stage.action(programs.blend_classes, "blend")
    stage.action(programs.truncation_curve, "truncation")


ENTRY = Tab(
    room="Create",
    title="Classes",
    heading="Ask for what you want",
    order=40,
    needs=("sample", "classes", "blend"),
    explainer=Explainer(
        sentence="Choose a class, then move the slider. To the left every picture is the safest "
        "one that the generator knows; to the right there is more to see, and more that fails.",
        equation=r"\operatorname{cBN}(h \mid y) = \left(1 + \gamma_y\right) \odot "
        r"\frac{h - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta_y, \qquad "
        r"z \sim \mathcal{N}(0, I), \; |z_i| \le \tau",
        paper=architectures["biggan"].paper,
        more="**Conditional batch norm** tells a class to every layer: all classes share the "
        "statistics $\\mu$ and $\\sigma$ of a feature map, and each has gains $\\gamma_y$ and "
        "shifts $\\beta_y$ of its own, looked up in a table. Between two rows of that table lies "
        "what no training picture was called.\n\n**Truncation** draws every number of the latent "
        "anew until it is at most $\\tau$. Training never saw so many small numbers, so the "
        "pictures move towards the middle of what was learned: quality rises, variety falls, and "
        "at $\\tau = 0$ one picture is left for each class. Here a seed keeps its picture while "
        "the slider moves: its numbers are squeezed into the cut distribution by rank, which "
        "has the same law as drawing them anew.",
    ),
    address=(
        Model(default="biggan-cifar10"),
        Several(name="classes", default=(1, 8)),
        seed(),
        Real(name="truncation", default=1.0, low=0.0, high=FULL),
        Whole(name="count", default=16, low=1, high=32),
        Whole(name="to", default=7, low=0, high=LAST),
        seed("end", default=2),
    ),
    slider=Slider(endpoint="classes", control="truncation", low=0.0, high=2.0),
    build=build,
)
