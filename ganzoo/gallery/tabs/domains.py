"""Two worlds: where a classifier puts pictures of two domains, adapted to the second or not.

Layout and wiring only; the maps were drawn by :mod:`ganzoo.evaluation.domains`.
"""

from html import escape
from typing import TypedDict

import gradio as gr

from ganzoo.architectures import architectures
from ganzoo.bundle import Bundle
from ganzoo.data import sources
from ganzoo.errors import InputError
from ganzoo.evaluation.domains import SIDE, Atlas, load
from ganzoo.gallery import placard, widgets
from ganzoo.gallery.address import Choice, Model
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.zoo import Zoo

MARGIN = 30  # of the drawing, on a plane that is SIDE wide
ALL, DIGITS = "all", tuple("0123456789")


class Placed(TypedDict):
    """One test picture: what it shows, and where it lies."""

    domain: str
    label: int
    x: int
    y: int


class Mapped(TypedDict):
    """What a program gets: a classifier's map of both domains, and what it gets right there."""

    accuracy: dict[str, float]
    told_apart: float
    places: list[Placed]


def atlas(bundle: Bundle) -> Atlas:
    """A bundle's map.

    Raises:
        InputError: if none was drawn with its weights.
    """
    if (found := load(bundle)) is None:
        raise InputError(
            f"{bundle.name} has no map of its domains: ganzoo domains {bundle.name} --write "
            "draws it"
        )
    return found


def accuracies(bundle: Bundle) -> dict[str, float]:
    """Share of test pictures named right, by domain, as far as it was measured."""
    named = {f"accuracy_{domain}_test": domain for domain in sources[_data(bundle)].domains}
    return {
        named[score.name]: score.value for score in bundle.config.metrics if score.name in named
    }


def draw_map(zoo: Zoo, model: str, digit: str) -> str:
    """One classifier's map."""
    return _map(zoo.bundle(model), digit)


def draw_beside(zoo: Zoo, beside: str, digit: str) -> str:
    """The other's map."""
    return _map(zoo.bundle(beside), digit)


def domains(zoo: Zoo, model: str) -> Mapped:
    """Tells where a classifier puts test pictures of its two domains.

    Places are those of a t-SNE map of what its last layer reads, from 0 to 1000. `told_apart` is
    the share of them whose domain a linear judge names right: 0.5 is chance. `accuracy` is that on
    each domain's whole test set.
    """
    bundle = zoo.bundle(model)
    found = atlas(bundle)
    places = [
        Placed(domain=domain.name, label=label, x=x, y=y)
        for domain in found.domains
        for label, x, y in zip(domain.labels, domain.x, domain.y, strict=True)
    ]
    return Mapped(accuracy=accuracies(bundle), told_apart=found.told_apart, places=places)


def _data(bundle: Bundle) -> str:
    return bundle.recipe.data.name


def _title(domain: str) -> str:
    return sources[domain].title if domain in sources else domain


def _map(bundle: Bundle, digit: str) -> str:
    found, right = atlas(bundle), accuracies(bundle)
    names = bundle.config.classes
    layers = []
    for number, domain in enumerate(found.domains):
        marks = "".join(
            f'<text x="{x}" y="{y}"{"" if digit in (ALL, names[label]) else faint}>'
            f"{escape(names[label])}</text>"
            for label, x, y in zip(domain.labels, domain.x, domain.y, strict=True)
            for faint in (' class="faint"',)
        )
        layers.append(f'<g class="world w{number}">{marks}</g>')
    told = "".join(
        f'<li class="w{number}"><i></i>{escape(_title(domain.name))}'
        + (f": <b>{right[domain.name]:.1%}</b> named right" if domain.name in right else "")
        + "</li>"
        for number, domain in enumerate(found.domains)
    )
    count = sum(len(domain.labels) for domain in found.domains)
    chance = 1 / len(found.domains)
    size = SIDE + 2 * MARGIN
    return (
        f'<figure class="worlds"><h3>{escape(bundle.name)}</h3>'
        f'<svg viewBox="{-MARGIN} {-MARGIN} {size} {size}" role="img" '
        f'aria-label="A map of {count} test pictures, each drawn as the digit that it shows">'
        f"{''.join(layers)}</svg><figcaption><ul>{told}</ul>"
        f"<p>A linear judge of what the last layer reads tells the worlds apart in "
        f"<b>{found.told_apart:.1%}</b> of {count} pictures; {chance:.0%} is chance.</p>"
        "</figcaption></figure>"
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu(stage.names, label="Classifier", scale=2, min_width=200)
        beside = widgets.menu(stage.names, label="Beside", scale=2, min_width=200)
        digit = gr.Radio(
            [ALL, *DIGITS],
            label="Look at one digit",
            elem_classes="digits",
            scale=3,
            min_width=300,
        )
    with stage.wall():
        with gr.Column(scale=1, min_width=300):
            left = widgets.html()
        with gr.Column(scale=1, min_width=300):
            right = widgets.html()
    placard.hang(stage)
    stage.bind(model=model, beside=beside, digit=digit)
    stage.draws(draw_map, left)
    stage.draws(draw_beside, right)
    stage.action(domains, "domains")


ENTRY = Tab(
    room="Look inside",
    title="Two worlds",
    heading="One network, two worlds",
    order=66,
    needs=("classify", "adapt"),
    explainer=Explainer(
        sentence="Each figure is a test picture, placed by what the network’s last layer reads in "
        "it. One world came with labels, the other without. Look whether a digit’s two colours lie "
        "together: where they do, what was learned in the one holds in the other.",
        equation=architectures["dann"].paper.equation,
        paper=architectures["dann"].paper,
        more="A second network, the judge, reads the same features and says which world a picture "
        "comes from. It learns to; but on the way back its gradient is **reversed**, so that the "
        "features learn to leave it guessing. It is a GAN without a painter: the features play the "
        "fake, and what they imitate is each other’s world. The labels of the second world are "
        "never looked at. The maps are t-SNE’s (van der Maaten & Hinton 2008): neighbours in them "
        "are neighbours to the network, distances between far groups mean little.",
    ),
    address=(
        Model(default="dann-mnist_m"),
        Model(name="beside", default="source_only-mnist_m"),
        Choice(name="digit", default=ALL, options=(ALL, *DIGITS)),
    ),
    build=build,
)
