"""Fool: picture + epsilon x perturbation = adversarial picture.

Layout, choices and what programs get; the attacks are :mod:`ganzoo.attacks`, what a visit needs of
them is computed and drawn by :mod:`ganzoo.gallery.fooling`.
"""

from typing import Any, TypedDict

import gradio as gr
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.attacks import attacks
from ganzoo.gallery import widgets
from ganzoo.gallery.address import Choice, Model, Whole
from ganzoo.gallery.chooser import chooser, offered
from ganzoo.gallery.fooling import attempts, subjects
from ganzoo.gallery.fooling.attempts import MOST, QUICK
from ganzoo.gallery.fooling.controls import Beside, PictureControl
from ganzoo.gallery.fooling.insides import draw_both, draw_maps
from ganzoo.gallery.fooling.limits import draw_curve, draw_robustness, draw_smallest
from ganzoo.gallery.fooling.marks import file, top, visible
from ganzoo.gallery.fooling.panels import QUALITY, draw_panels
from ganzoo.gallery.paint import width
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.latents import SEED_LIMIT
from ganzoo.zoo import Zoo

EXAMPLES = 10  # pictures to choose from
ANY = ""  # the choice of no target in particular
STEER = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-epsilon]");
  const slider = button && element.closest(".view").querySelector(".epsilon input[type=range]");
  if (!slider) return;
  slider.value = button.dataset.epsilon;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
});
"""


class Fooled(TypedDict):
    """What a program gets: PNGs at true size, what the network says, and what endures."""

    picture: FileData
    perturbation: FileData
    adversarial: FileData
    before: str
    before_confidence: float
    after: str
    after_confidence: float
    fooled: bool
    survives_8_bits: bool
    survives_jpeg: bool
    silent: bool


class Smallest(TypedDict):
    """The smallest FGSM step that fools, in [0, 1]; null if none up to 128/255 does."""

    epsilon: float | None
    before: str
    after: str | None


def draw_target(zoo: Zoo, model: str, target: int | None) -> Any:
    """The choice of a class to be taken for."""
    names = subjects.classes(zoo, model)
    chosen = ANY if target is None or target >= len(names) else str(target)
    choices = [("any other class", ANY), *((name, str(i)) for i, name in enumerate(names))]
    return gr.Dropdown(choices=choices, value=chosen)


def draw_beside(zoo: Zoo, model: str, beside: str) -> Any:
    """The choice of the other network."""
    others = [name for name in subjects.kin(zoo, model) if name != model]
    chosen = subjects.sibling(zoo, model, beside)
    return gr.Dropdown(choices=others, value=chosen, visible=bool(others))


def draw_chooser(zoo: Zoo, model: str, picture: str) -> dict[str, Any]:
    """Pictures to attack."""
    subject, painter = subjects.victim(zoo, model), subjects.painter(zoo, model)
    assert subject.shape is not None
    seeds: list[int] = []
    if painter:
        first = int(picture) // EXAMPLES * EXAMPLES if picture.isdecimal() else 0
        seeds = [(first + i) % SEED_LIMIT for i in range(EXAMPLES)]
    painted = images.to_pictures(zoo.model(painter).sample(seeds[0], EXAMPLES)) if painter else []
    return offered(
        picture,
        pictures=[widgets.png(one) for one in painted],
        seeds=list(map(str, seeds)),
        painter=painter or "",
        side=subject.shape[1],
        grey=subject.shape[0] == 1,
        wide=width(subject.shape[1], 64),
    )


def fool(
    zoo: Zoo,
    model: str,
    picture: str = "4",
    attack: str = "fgsm",
    epsilon: int = 24,
    target: int | None = None,
) -> Fooled:
    """Attacks one picture, as picture + epsilon x perturbation = adversarial picture.

    `picture` is the seed of one that a generator of the same data paints, or a PNG in base64 of
    the network's own size. `epsilon` counts 255ths of the pixel range; `target` is a class number
    to be taken for (None: any other class). Returns the three panels as PNGs at true size, what
    the network says of the picture before and after, whether it is still fooled once the result
    was rounded to 8 bits or saved as JPEG, and whether the gradient is zero everywhere.
    """
    subjects.check_target(zoo, model, target)
    done = attempts.perform(zoo, model, picture, attack, epsilon, target)
    names, image = subjects.classes(zoo, model), subjects.shown(zoo, model, picture)
    (before, sure), (after, still) = top(done.before), top(done.after)
    return Fooled(
        picture=file(image, f"{model}-picture.png"),
        perturbation=file(visible(done.change), f"{model}-perturbation.png"),
        adversarial=file(done.image, f"{model}-{attack}-{epsilon}.png"),
        before=names[before],
        before_confidence=sure,
        after=names[after],
        after_confidence=still,
        fooled=bool(done.reached),
        survives_8_bits=attempts.persists(zoo, model, done, None)[0],
        survives_jpeg=attempts.persists(zoo, model, done, QUALITY)[0],
        silent=bool(done.silent),
    )


def smallest_step(zoo: Zoo, model: str, picture: str = "4", target: int | None = None) -> Smallest:
    """The smallest epsilon at which one FGSM step fools the network, found to one millionth.

    `picture` and `target` as in /fool. Returns epsilon in [0, 1] (null if no step up to 128/255
    succeeds), and what the network says before and after.
    """
    subjects.check_target(zoo, model, target)
    names = subjects.classes(zoo, model)
    found = attempts.way(zoo, model, picture, "fgsm", 1, target)
    return Smallest(
        epsilon=found.failure,
        before=names[found.own],
        after=None if found.failure is None else names[found.rival],
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = gr.Dropdown(stage.names, label="Classifier", scale=2, min_width=180)
        beside = gr.Dropdown(label="Beside it", scale=2, min_width=180)
        attack = gr.Dropdown(
            [(attacks[name].paper.nickname, name) for name in QUICK],
            label="Attack",
            min_width=120,
        )
        target = gr.Dropdown([("any other class", ANY)], label="To be taken for", min_width=180)
    panels = widgets.html(elem_classes="hung-equation")
    epsilon = gr.Slider(
        0, MOST, step=1, label="ε, in 255ths of the pixel range", elem_classes="epsilon", buttons=[]
    )
    with gr.Row(elem_classes="wall"):
        with gr.Column(min_width=320):
            curve = widgets.html(js_on_load=STEER)
        with gr.Column(min_width=320):
            both = widgets.html()
    picture = chooser()
    maps = widgets.html()
    with gr.Accordion("The smallest changes", open=False, elem_classes="more"):
        search = gr.Button("Search for the smallest changes", min_width=200)
        smallest = widgets.html()
    measured = widgets.html()
    stage.bind(
        model=model, beside=beside, picture=picture, attack=attack, epsilon=epsilon, target=target
    )
    stage.draws(draw_target, target)
    stage.draws(draw_beside, beside)
    stage.draws(draw_chooser, picture)
    stage.draws(draw_panels, panels)
    stage.draws(draw_curve, curve)
    stage.draws(draw_both, both)
    stage.draws(draw_maps, maps)
    stage.draws(draw_robustness, measured)
    stage.draws(draw_smallest, smallest, on=search, slow=True)
    stage.action(fool, "fool")
    stage.action(smallest_step, "smallest")


ENTRY = Tab(
    room="Fool",
    title="Fool",
    heading="Fool a classifier",
    order=60,
    needs=("classify",),
    explainer=Explainer(
        sentence="Add to each pixel a step too small to matter, all in the direction that the "
        "network likes least, and it names something else, and is sure of it. Move ε until it "
        "fails; then see how a network trained on such pictures holds out.",
        equation=r"x' = x + \epsilon \operatorname{sign}\left(\nabla_x J(\theta, x, y)\right)",
        paper=attacks["fgsm"].paper,
        more="A network is nearly linear: over a thousand pixels, a step of $\\epsilon$ in each "
        "adds up to $\\epsilon \\lVert w \\rVert_1$ at its output, however small $\\epsilon$ is. "
        "**I-FGSM** takes many small steps, **PGD** starts them from a random point of the ball "
        "and is the yardstick of defences; **EOT** follows the mean gradient over turned, moved "
        "and lit views, so that the picture fools from several sides. The defence is the same "
        "game: train on the worst picture near each one (Madry et al. 2018), with denoised "
        "features (Xie et al. 2019) if one likes. Robustness rises, accuracy on clean pictures "
        "does not.\n\nThese attacks are for testing networks that are yours, or that you may "
        "test. A network that keeps its answers here is robust against *these* attacks, within "
        "*this* radius, and no more than that.",
    ),
    address=(
        Model(default="cnn-mnist"),
        Beside(name="beside", default=""),
        PictureControl(name="picture", default="4"),
        Choice(name="attack", default="fgsm", options=tuple(QUICK)),
        Whole(name="epsilon", default=24, low=0, high=MOST),
        Whole(name="target", low=0, high=9999),
    ),
    slider=Slider(endpoint="fool", control="epsilon", low=1.0, high=128.0, whole=True),
    build=build,
)
