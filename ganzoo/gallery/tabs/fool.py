"""Fool: picture + epsilon x perturbation = adversarial picture.

Layout, choices and what programs get; the attacks are :mod:`ganzoo.attacks`, what a visit needs of
them is computed and drawn by :mod:`ganzoo.gallery.fooling`.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import gradio as gr

from ganzoo.attacks import attacks
from ganzoo.gallery import translating, widgets
from ganzoo.gallery.address import Choice, Upload, Whole
from ganzoo.gallery.chooser import chooser
from ganzoo.gallery.fooling import fetching
from ganzoo.gallery.fooling.controls import Beside, Classifier, PictureControl
from ganzoo.gallery.fooling.insides import draw_both, draw_maps
from ganzoo.gallery.fooling.limits import draw_curve, draw_robustness, draw_smallest
from ganzoo.gallery.fooling.panels import draw_panels
from ganzoo.gallery.fooling.programs import fool, fool_photograph, smallest_step
from ganzoo.gallery.fooling.sides import draw_sides
from ganzoo.gallery.fooling.subjects import ATTACKS, MOST, OFFERED, subject
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.gallery.titles import titles
from ganzoo.zoo import Zoo

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
FETCHED = """
new MutationObserver(() => {
  const done = element.querySelector("[data-fetched]:not([data-told])");
  if (!done) return;
  done.dataset.told = "yes";
  element.closest(".view").querySelector(".chooser").dispatchEvent(
    new Event("again", { bubbles: true }));
}).observe(element, { childList: true, subtree: true });
"""


def draw_target(zoo: Zoo, model: str, target: int | None) -> Any:
    """The choice of a class to be taken for."""
    names = subject(zoo, model).classes
    chosen = ANY if target is None or target >= len(names) else str(target)
    choices = [("any other class", ANY), *((name, str(i)) for i, name in enumerate(names))]
    return gr.Dropdown(choices=choices, value=chosen)


def draw_beside(zoo: Zoo, model: str, beside: str) -> Any:
    """The choice of the other network."""
    mine = subject(zoo, model)
    others = [name for name in mine.kin if name != model]
    here = titles(zoo.bundle(name) for name in others if name in zoo.names())
    chosen = mine.sibling(beside)
    return gr.Dropdown(choices=here or others, value=chosen, visible=bool(others))


def draw_bring(zoo: Zoo, model: str) -> dict[str, Any]:
    """Where a photograph is brought, for networks that were trained on photographs."""
    return gr.update(visible=not subject(zoo, model).pace.quick)


def draw_fetch(zoo: Zoo, model: str, picture: str) -> tuple[str, Any]:
    """What must be fetched before anything is drawn."""
    said, button = fetching.draw_fetch(zoo, model)
    return said, gr.update(visible=bool(button), value=button)


def draw_chooser(zoo: Zoo, model: str, picture: str) -> dict[str, Any]:
    """Pictures to attack."""
    return subject(zoo, model).offered(picture)


def quick(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A drawing of small networks; of a large one that is not here nothing, else it comes later."""

    @wraps(handler)
    def draw(zoo: Zoo, model: str, **rest: Any) -> Any:
        wanted = subject(zoo, model)
        if not wanted.ready:
            return ""
        return handler(zoo, model=model, **rest) if wanted.pace.quick else gr.skip()

    return draw


def patient(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The same drawing of large networks, for the line of what takes long."""

    @wraps(handler)
    def draw(zoo: Zoo, model: str, **rest: Any) -> Any:
        wanted = subject(zoo, model)
        late = wanted.ready and not wanted.pace.quick
        return handler(zoo, model=model, **rest) if late else gr.skip()

    return draw


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu([*stage.names, *OFFERED], label="Classifier", scale=2, min_width=180)
        beside = widgets.menu(label="Beside it", scale=2, min_width=180)
        attack = widgets.menu(
            [(attacks[name].paper.nickname, name) for name in ATTACKS],
            label="Attack",
            min_width=120,
        )
        target = widgets.menu([("any other class", ANY)], label="To be taken for", min_width=180)
    asked = widgets.html()
    fetch = gr.Button("Fetch its weights", visible=False, min_width=200, elem_classes="alone")
    fetched = widgets.html(js_on_load=FETCHED)
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
    brought = translating.bring("Or drop, paste or take a photograph", visible=False)
    with gr.Row(elem_classes="wall"):
        with gr.Column(min_width=320):
            maps = widgets.html()
        with gr.Column(min_width=320):
            sides = widgets.html()
    with gr.Accordion("The smallest changes", open=False, elem_classes="more"):
        search = gr.Button("Search for the smallest changes", min_width=200)
        smallest = widgets.html()
    measured = widgets.html()
    stage.bind(
        model=model,
        beside=beside,
        picture=picture,
        attack=attack,
        epsilon=epsilon,
        target=target,
        brought=brought,
    )
    stage.draws(draw_fetch, [asked, fetch])
    stage.draws(draw_bring, brought)
    stage.draws(draw_target, target)
    stage.draws(draw_beside, beside)
    stage.draws(draw_chooser, picture)
    drawings = {draw_panels: panels, draw_curve: curve, draw_both: both, draw_maps: maps}
    for handler, output in drawings.items():
        stage.draws(quick(handler), output)
        stage.draws(patient(handler), output, slow=True)
    stage.draws(draw_sides, sides, slow=True)
    stage.draws(draw_robustness, measured)
    stage.draws(draw_smallest, smallest, on=search, slow=True, unasked=False)
    stage.action(fool, "fool")
    stage.action(fool_photograph, "fool_photograph", slow=True)
    stage.action(smallest_step, "smallest")

    def come(name: str) -> Iterator[str]:
        yield from fetching.proceed(stage.zoo, stage.control("model").read(name))

    gr.on(
        [fetch.click], come, [model], [fetched],
        show_progress="hidden", api_visibility="private",
        concurrency_id="weights", concurrency_limit=1,
    )  # fmt: skip


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
        Classifier(default="cnn-cifar10", others=OFFERED),
        Beside(name="beside", default=""),
        PictureControl(name="picture", default="107"),
        Choice(name="attack", default="fgsm", options=ATTACKS),
        Whole(name="epsilon", default=2, low=0, high=MOST),
        Whole(name="target", low=0, high=9999),
        Upload(name="brought"),
    ),
    slider=Slider(endpoint="fool", control="epsilon", low=1.0, high=128.0, whole=True),
    build=build,
)
