"""Pictures by class: a sheet, one latent as every class, a field between two."""

from html import escape
from typing import Any

import gradio as gr
import torch

from ganzoo import images
from ganzoo.explore.classes import as_every_class, between_classes, field
from ganzoo.explore.walk import walk
from ganzoo.gallery import placard, tradeoff, widgets
from ganzoo.gallery.address import Whole, href
from ganzoo.gallery.conditional.controls import Several
from ganzoo.gallery.paint import style
from ganzoo.latents import SEED_LIMIT, truncated
from ganzoo.shapes import Pictures
from ganzoo.zoo import Zoo

MOST = 64  # pictures of all chosen classes together
SHOWN = 100  # classes among which one latent is shown
ACROSS, DOWN = 7, 4  # of the field between two classes and two latents


def known(zoo: Zoo, model: str, classes: tuple[int, ...]) -> tuple[int, ...]:
    """Those of the classes that this model has; its first, if it has none of them."""
    count = zoo.model(model).num_classes
    return tuple(y for y in classes if y < count) or (0,)


def paint_classes(
    zoo: Zoo, model: str, classes: tuple[int, ...], first: int, count: int, truncation: float
) -> Pictures:
    """The seeds ``first``, ``first + 1``, … as each class in turn."""
    artist = zoo.model(model)
    each = max(1, min(count, MOST // len(classes)))
    z = artist.latents(first, each, truncation).repeat(len(classes), 1)
    y = torch.tensor(classes).repeat_interleave(each)
    return images.to_pictures(artist.generate(z, y, truncation))


def bound_classes(zoo: Zoo, model: str) -> Several:
    """Classes that a model has."""
    return Several(name="classes", high=zoo.model(model).num_classes - 1)


def bound_to(zoo: Zoo, model: str) -> Whole:
    """A class that a model has, to go to."""
    return Whole(name="to", low=0, high=zoo.model(model).num_classes - 1)


def draw_choice(zoo: Zoo, model: str, classes: tuple[int, ...], to: int) -> tuple[Any, Any]:
    """The choice of classes, and of the one at which the way between two ends."""
    choices = [(name, str(i)) for i, name in enumerate(zoo.model(model).class_names)]
    return (
        gr.update(choices=choices, value=[str(y) for y in known(zoo, model, classes)]),
        gr.update(choices=choices, value=str(min(to, len(choices) - 1))),
    )


def draw_sheet(
    zoo: Zoo, model: str, classes: tuple[int, ...], seed: int, count: int, truncation: float
) -> str:
    """The chosen classes, each below its name."""
    chosen, names = known(zoo, model, classes), zoo.model(model).class_names
    pictures = paint_classes(zoo, model, chosen, seed, count, truncation)
    each = len(pictures) // len(chosen)
    rows = []
    for i, y in enumerate(chosen):
        tiles = "".join(
            f'<img src="{widgets.png(pictures[i * each + k])}" '
            f'alt="{escape(names[y])}, seed {(seed + k) % SEED_LIMIT}" '
            f'title="seed {(seed + k) % SEED_LIMIT}">'
            for k in range(each)
        )
        rows.append(f'<h3>{escape(names[y])}</h3><div class="tiles">{tiles}</div>')
    fewer = f'<p class="fine">{MOST} at most at once: {each} of each.</p>' if each < count else ""
    columns = each if len(chosen) > 1 else min(each, 8)  # a class begins a row
    side = pictures.shape[2]
    file = f"{model}-{'-'.join(map(str, chosen))}-seed{seed}-truncation{truncation:g}.png"
    return (
        f'<div class="sheet kinds" style="{style(side, wide=widgets.roomy(side), narrow=64)}">'
        f'{"".join(rows)}{fewer}<button type="button" class="link" data-columns="{columns}" '
        f'data-save-sheet="{escape(file)}">Download the sheet</button></div>'
    )


def draw_curve(zoo: Zoo, model: str, truncation: float) -> str:
    """What was measured of this bundle, with the present place marked."""
    curve = zoo.bundle(model).config.truncation
    if curve is None or not curve.points:
        return (
            '<p class="fine">What quality costs in variety has not been measured for this model: '
            f"<code>ganzoo truncate {escape(model)} --write</code>.</p>"
        )
    variety, quality = tradeoff.here(curve, truncation)
    return (
        f"{tradeoff.drawing(curve, truncation)}"
        f"<p><b>{quality:.0%}</b> look real; <b>{variety:.0%}</b> of the real ones could be "
        'made.</p><details class="score"><summary>how it was measured</summary>'
        f"{placard.protocol(curve.protocol)}</details>"
    )


def draw_everyone(
    zoo: Zoo, model: str, classes: tuple[int, ...], seed: int, truncation: float
) -> str:
    """One latent as every class; each picture chooses its class."""
    artist = zoo.model(model)
    names = artist.class_names
    z, y = as_every_class(artist.latents(seed, 1, truncation), min(len(names), SHOWN))
    pictures = images.to_pictures(artist.generate(z, y, truncation))
    chosen = known(zoo, model, classes)
    tiles = []
    for i, picture in enumerate(pictures):
        here = ' aria-current="true"' if i in chosen else ""
        link = href("classes", model=model, classes=i, seed=seed, truncation=f"{truncation:g}")
        tiles.append(
            f'<a href="{escape(link)}"{here}><img src="{widgets.png(picture)}" alt="">'
            f"<span>{escape(names[i])}</span></a>"
        )
    side = pictures.shape[2]
    return (
        f'<div class="everyone" style="{style(side, wide=widgets.roomy(side), narrow=64)}">'
        f"{''.join(tiles)}</div>"
    )


def paint_field(
    zoo: Zoo, model: str, y: int, to: int, first: int, end: int, truncation: float
) -> Pictures:
    """Latents go down, from seed to seed; classes go across."""
    artist = zoo.model(model)
    way = walk(artist.latents(first, 1), artist.latents(end, 1), DOWN)
    shares = between_classes(y, to, ACROSS, artist.num_classes)
    z, told = field(truncated(way, truncation), shares)
    return images.to_pictures(artist.generate(z, told, truncation))


def draw_field(
    zoo: Zoo, model: str, classes: tuple[int, ...], to: int, seed: int, end: int, truncation: float
) -> str:
    """From class to class, and from latent to latent."""
    names, y = zoo.model(model).class_names, known(zoo, model, classes)[0]
    to = min(to, len(names) - 1)
    pictures = paint_field(zoo, model, y, to, seed, end, truncation)
    tiles = "".join(f'<img src="{widgets.png(picture)}" alt="">' for picture in pictures)
    said = f"From {names[y]} to {names[to]} across, from seed {seed} to {end} downwards"
    return (
        f'<figure class="sheet field" style="--columns:{ACROSS};'
        f'{style(pictures.shape[2], wide=widgets.TILE, narrow=40)}">'
        f"<figcaption><span>{escape(names[y])}</span><span>{escape(names[to])}</span></figcaption>"
        f'<div class="tiles" role="img" aria-label="{escape(said)}">{tiles}</div>'
        f'<button type="button" class="link" data-columns="{ACROSS}" '
        f'data-save-sheet="{escape(model)}-{y}-{to}.png">Download the field</button></figure>'
    )
