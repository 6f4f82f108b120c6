"""Dreams of one image: the picked one, what it keeps, a sheet, the way up, a film."""

from html import escape
from typing import Any

import gradio as gr
import numpy as np

from ganzoo import images
from ganzoo.explore.one_image import film
from ganzoo.gallery import reel, translating, widgets
from ganzoo.gallery.address import Whole
from ganzoo.gallery.dreaming.dreams import begin, dreams, known
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Picture
from ganzoo.zoo import Dreamer, Zoo

DREAMS = 6  # on a sheet
FRAMES = 16  # of a film, there; as many come back
LARGE, FILM, SMALL = 480, 320, 160  # CSS pixels, about


def bound_start(zoo: Zoo, model: str) -> Whole:
    """A scale that the pyramid has."""
    return Whole(name="start", low=0, high=len(Dreamer(zoo.model(model)).shapes) - 1)


def draw_reach(zoo: Zoo, model: str) -> Any:
    """As many scales as the pyramid has."""
    return gr.update(maximum=bound_start(zoo, model).high)


def draw_dream(
    zoo: Zoo,
    model: str,
    seed: int,
    pick: int,
    start: int,
    tall: float,
    wide: float,
    origin: str,
    brought: str | None,
) -> str:
    """The picked dream, large."""
    own = (seed + pick) % SEED_LIMIT
    picture = dreams(zoo, model, own, 1, start, (tall, wide), origin, brought)[0]
    return widgets.figure(picture, f"{model}-seed{own}", f"<h3>Seed {own}</h3>", LARGE)


def draw_kept(zoo: Zoo, model: str, start: int, origin: str, brought: str | None) -> str:
    """The image that it knows, and what is kept of it, or of the one in its place."""
    dreamer = Dreamer(zoo.model(model))
    begun = begin(dreamer, start, origin, translating.opened(brought) if brought else None)
    memory = known(zoo, model, tuple(zoo.bundle(model).config.sha256.values()))
    panels = [_panel(memory, "The one picture it knows", "as it paints it from memory")]
    if not begun.start:
        said = "Nothing of it is kept: noise alone decides what is where."
        return f'<div class="kept">{panels[0]}<p class="fine">{said}</p></div>'
    rows, columns = dreamer.shapes[begun.start - 1]
    below = dreamer.below(begun.start, dreamer.anchored(), begun.picture)
    coarse = images.to_pictures(below)[0]
    panels.append(
        _panel(coarse, "What is kept", f"{columns} × {rows} pixels; all that is finer is dreamt")
    )
    return f'<div class="kept">{"".join(panels)}</div>'


def draw_sheet(
    zoo: Zoo,
    model: str,
    seed: int,
    pick: int,
    start: int,
    tall: float,
    wide: float,
    origin: str,
    brought: str | None,
) -> dict[str, Any]:
    """Several dreams, one of them picked."""
    pictures = dreams(zoo, model, seed, DREAMS, start, (tall, wide), origin, brought)
    titles = [f"Seed {(seed + i) % SEED_LIMIT}" for i in range(DREAMS)]
    return widgets.show_sheet(min(pick, DREAMS - 1), pictures, titles, f"{model}-seed{seed}.png")


def draw_ascent(zoo: Zoo, model: str, seed: int, pick: int) -> str:
    """What each scale paints on the way to one dream of noise alone."""
    dreamer = Dreamer(zoo.model(model))
    steps = dreamer.ascent(dreamer.noise((seed + pick) % SEED_LIMIT))
    figures = "".join(
        f'<figure><img src="{widgets.png(images.to_pictures(step)[0])}" alt="Scale {scale}">'
        f'<figcaption class="fine">{scale}: {step.shape[3]} × {step.shape[2]}</figcaption></figure>'
        for scale, step in enumerate(steps)
    )
    return f'<h2 class="small">From coarse to fine</h2><div class="ascent">{figures}</div>'


def draw_film(zoo: Zoo, model: str, seed: int, near: float) -> str:
    """The image in motion, there and back."""
    dreamer = Dreamer(zoo.model(model))
    frames = images.to_pictures(film(dreamer, seed, FRAMES, start=0, near=near))
    there_and_back = np.concatenate([frames, frames[-2:0:-1]])
    says = "The picture it knows, its noise on a walk"
    name = f"{model}-film{seed}"
    return reel.figure(there_and_back, name, says, "The first frame", says, wide=FILM)


def _panel(picture: Picture, title: str, fine: str) -> str:
    return (
        f'<figure class="step"><h3>{escape(title)}</h3><img src="{widgets.png(picture)}" '
        f'alt="{escape(title)}" width="{SMALL}"><figcaption class="fine">{escape(fine)}'
        "</figcaption></figure>"
    )
