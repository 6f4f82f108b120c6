"""Walk: what lies between two pictures.

Layout and wiring only; the walking is done by :mod:`ganzoo.explore.walk`.
"""

from dataclasses import dataclass
from html import escape
from typing import TypedDict

import gradio as gr
import numpy as np
import torch
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.architectures import architectures
from ganzoo.explore.arithmetic import group
from ganzoo.explore.walk import PATHS, Points, between, loop, walk
from ganzoo.gallery import placard, reel, widgets
from ganzoo.gallery.address import Choice, Model, Real, Seeds, Whole, seed
from ganzoo.gallery.paint import check_class, draw_class, paint, style
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.shapes import Picture, Pictures
from ganzoo.zoo import Zoo

MOST = 25  # pictures on a strip
MOST_STOPS = 6  # further ones, of the film
ROADS = {"great arc": "arc", "straight chord": "chord"}
MOVE = """
element.addEventListener("click", (event) => {
  const tile = event.target.closest("[data-alpha]");
  const slider = tile && element.closest(".view").querySelector(".alpha input[type=range]");
  if (!slider) return;
  slider.value = tile.dataset.alpha;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
});
"""


@dataclass(frozen=True, kw_only=True)
class Stops(Seeds):
    """Further seeds that a film passes: there may be none."""

    def read(self, value: object) -> tuple[int, ...]:
        return () if value in (None, "", (), []) else super().read(value)


class Walked(TypedDict):
    """What a program gets: the strip at its true size, what is between, and the film, twice."""

    strip: FileData
    alphas: list[float]
    film: FileData
    mp4: FileData


class Between(TypedDict):
    """One picture on the way, at its true size, and how long its latent is (1 is typical)."""

    picture: FileData
    length: float


def stretch(zoo: Zoo, model: str, start: int, end: int, count: int, path: str) -> Points:
    """The latents of a strip."""
    artist = zoo.model(model)
    return walk(artist.latents(start, 1), artist.latents(end, 1), count, path)


def point(zoo: Zoo, model: str, start: int, end: int, alpha: float, path: str) -> Points:
    """The one latent that is to the share ``alpha`` like the first."""
    artist = zoo.model(model)
    share = torch.tensor([alpha], dtype=torch.float32)
    return between(artist.latents(start, 1), artist.latents(end, 1), share, path)


def length(z: Points) -> float:
    """Of one latent, where sqrt(z_dim) is the length of a typical one."""
    return z.norm().item() / z.shape[1] ** 0.5


def frames(
    zoo: Zoo, model: str, start: int, end: int, path: str, via: tuple[int, ...], y: int | None
) -> Pictures:
    """A film that comes back to where it started; from a single end it is the same way back."""
    artist = zoo.model(model)
    leg = reel.leg(artist.image_size)
    stops = group((start, end, *via), artist.z_dim)
    if via:
        return paint(zoo, model, loop(stops, leg, path), y)
    there = paint(zoo, model, walk(stops[:1], stops[1:], leg + 1, path), y)
    return np.concatenate([there, there[-2:0:-1]])


def draw_between(
    zoo: Zoo, model: str, start: int, end: int, alpha: float, path: str, y: int | None
) -> str:
    """The picture at alpha, large, between the two ends of its way."""
    middle = point(zoo, model, start, end, alpha, path)
    ends = group((start, end), zoo.model(model).z_dim)
    first, shown, last = paint(zoo, model, torch.cat([ends[:1], middle, ends[1:]]), y)
    side = shown.shape[1]
    sizes = style(side, end=160, middle=320, middle_wide=448, end_narrow=64, middle_narrow=160)
    formula = f"{alpha:.2f} <i>z</i><sub>0</sub> + {1 - alpha:.2f} <i>z</i><sub>1</sub>"
    said = formula if path == "chord" else f"{1 - alpha:.0%} of the way"
    file = f"{model}-{start}-{end}-alpha{alpha:g}.png"
    return (
        f'<div class="between" style="{sizes}">'
        f"{_picture(first, f'z0: seed {start}', f'<i>z</i><sub>0</sub><br>seed {start}')}"
        '<figure class="middle">'
        f'<img src="{widgets.png(shown)}" alt="{1 - alpha:.0%} of the way from seed {start} '
        f'to seed {end}"><figcaption><b>{said}</b><br><span class="fine">its latent is '
        f"{length(middle):.0%} as long as usual</span><br>"
        f'<a class="link" download="{escape(file)}" href="{widgets.png(shown)}">'
        "Download the picture</a></figcaption></figure>"
        f"{_picture(last, f'z1: seed {end}', f'<i>z</i><sub>1</sub><br>seed {end}')}</div>"
    )


def draw_strip(
    zoo: Zoo, model: str, start: int, end: int, count: int, path: str, y: int | None
) -> str:
    """The whole way in a few pictures; each of them moves the slider to itself."""
    pictures = paint(zoo, model, stretch(zoo, model, start, end, count, path), y)
    side = pictures.shape[2]
    tiles = "".join(
        f'<button type="button" class="tile" data-alpha="{alpha:g}" title="alpha {alpha:.2g}">'
        f'<img src="{widgets.png(picture)}" alt="{1 - alpha:.0%} of the way"></button>'
        for alpha, picture in zip(alphas(count), pictures, strict=True)
    )
    return (
        f'<div class="sheet strip" style="{style(side, wide=widgets.TILE, narrow=64)}">'
        f'<div class="tiles">{tiles}</div>'
        f'<button type="button" class="link" data-columns="{count}" '
        f'data-save-sheet="{escape(model)}-{start}-{end}.png">Download the strip</button></div>'
    )


def draw_film(
    zoo: Zoo, model: str, start: int, end: int, path: str, via: tuple[int, ...], y: int | None
) -> str:
    """The way there and back, moving, and the same to take home."""
    pictures = frames(zoo, model, start, end, path, via, y)
    name = "-".join(map(str, (model, start, end, *via)))
    alt = "A film from " + " to ".join(f"seed {s}" for s in (start, end, *via, start))
    return reel.figure(pictures, name, _stops(start, end, via), f"Seed {start}", alt)


def alphas(count: int) -> list[float]:
    """Evenly spaced shares of the first seed, from 1 to 0."""
    return [round(1 - i / (count - 1), 4) for i in range(count)]


def between_seeds(
    zoo: Zoo,
    model: str,
    start: int = 22,
    end: int = 8,
    alpha: float = 0.5,
    path: str = "arc",
    y: int | None = None,
) -> Between:
    """Draws one picture between two seeds.

    `alpha` is the share of `start`: 1 is its picture, 0 that of `end`. `path` is `arc` (the great
    arc, which keeps the latents' length) or `chord` (`alpha z0 + (1 - alpha) z1`). `y` is the
    class, for a conditional model. Returns a PNG at its true size and the length of the latent,
    where 1 is that of a typical one.
    """
    check_class(zoo, model, y)
    z = point(zoo, model, start, end, alpha, path)
    picture = paint(zoo, model, z, y)[0]
    name = f"{model}-{start}-{end}-alpha{alpha:g}.png"
    return Between(picture=widgets.file(widgets.png_bytes(picture), name), length=length(z))


def walk_between(
    zoo: Zoo,
    model: str,
    start: int = 22,
    end: int = 8,
    count: int = 9,
    path: str = "arc",
    via: tuple[int, ...] = (),
    y: int | None = None,
) -> Walked:
    """Walks from the picture of one seed to that of another.

    `count` evenly spaced pictures come as one PNG, a strip at their true size, with the share of
    `start` in each. The film walks on from `end` over the seeds in `via` (such as `[3, 4]`; there
    may be none) and back to `start`; it comes as an endless animated WebP and as MP4. `path` is
    `arc` (the great arc, which keeps the latents' length) or `chord`
    (`alpha z0 + (1 - alpha) z1`). `y` is the class, for a conditional model.
    """
    check_class(zoo, model, y)
    strip = paint(zoo, model, stretch(zoo, model, start, end, count, path), y)
    made = reel.both(frames(zoo, model, start, end, path, via, y))
    name = f"{model}-{start}-{end}"
    return Walked(
        strip=widgets.file(widgets.png_bytes(images.grid(strip, columns=count)), f"{name}.png"),
        alphas=alphas(count),
        film=widgets.file(made["image/webp"], f"{name}.webp"),
        mp4=widgets.file(made["video/mp4"], f"{name}.mp4"),
    )


def _stops(start: int, end: int, via: tuple[int, ...]) -> str:
    if not via:
        return f"Seed {start} to {end} and back"
    return f"Seed {start} to {', '.join(map(str, (end, *via)))} and back to {start}"


def _picture(picture: Picture, alt: str, caption: str) -> str:
    return (
        f'<figure><img src="{widgets.png(picture)}" alt="{escape(alt)}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = widgets.menu(stage.names, label="Model", scale=3, min_width=200)
        y = widgets.menu(label="Class", visible=False, min_width=110)
        start, roll_start = _seed("Seed of z₀", "Roll z₀")
        end, roll_end = _seed("Seed of z₁", "Roll z₁")
    with gr.Row(elem_classes="wall"):
        with gr.Column(scale=3, min_width=320):
            shown = widgets.html()
            with gr.Row(elem_classes="way"):
                alpha = gr.Slider(
                    0, 1, step=0.01, label="α, the share of z₀", elem_classes="alpha", buttons=[]
                )
                path = gr.Radio(
                    list(ROADS.items()),
                    label="Path",
                    info="The arc keeps the latents’ length; the chord, the equation, cuts inside.",
                    elem_classes="path",
                )
        with gr.Column(scale=1, min_width=256):
            moving = widgets.html(js_on_load=reel.STOP, elem_classes="screen")
    strip = widgets.html(js_on_load=MOVE)
    with stage.more():
        count = gr.Slider(3, MOST, step=1, label="Pictures on the strip")
        via = gr.Textbox(label="Further stops of the film: seeds, such as 3, 4", max_lines=1)
    placard.hang(stage)
    stage.bind(model=model, start=start, end=end, alpha=alpha, path=path, count=count, via=via, y=y)
    stage.draws(draw_class, y)
    stage.draws(draw_between, shown)
    stage.draws(draw_strip, strip)
    stage.draws(draw_film, moving, slow=True)
    stage.sets(roll_start, start="ganzoo.luck()")
    stage.sets(roll_end, end="ganzoo.luck()")
    stage.action(between_seeds, "between")
    stage.action(walk_between, "walk", slow=True)


def _seed(label: str, roll: str) -> tuple[gr.Number, gr.Button]:
    number = widgets.whole(label, min_width=110)
    button = gr.Button(roll, min_width=90, elem_classes="roll")
    return number, button


ENTRY = Tab(
    room="Create",
    title="Walk",
    heading="A walk between two pictures",
    order=20,
    needs=("sample",),
    explainer=Explainer(
        sentence="Two random vectors, and all that lies between them. A generator that has "
        "understood its pictures changes one into the other by small, plausible steps; one that "
        "has learned them by heart jumps.",
        equation=r"z = \alpha z_0 + (1 - \alpha) z_1, \qquad x = G(z)",
        paper=architectures["dcgan"].paper,
        more="A random vector of many dimensions is nearly always about as long as the next: "
        r"$\lVert z \rVert \approx \sqrt{d}$, so they all lie near a sphere. The straight "
        "**chord** between two of them, which the equation describes, cuts through the inside: "
        r"halfway it is only $1/\sqrt{2}$, or 71 %, as long as they are, where the generator was "
        "hardly ever trained, and pictures tend to lose contrast. The **great arc** (Shoemake "
        "1985) stays on the sphere:\n\n"
        r"$$z = \frac{\sin(\alpha\omega)}{\sin\omega} z_0 + "
        r"\frac{\sin((1-\alpha)\omega)}{\sin\omega} z_1, \qquad "
        r"\omega = \angle(z_0, z_1)$$",
    ),
    address=(
        Model(default="stylegan2-cats"),
        seed("start", default=13),
        seed("end", default=128),
        Real(name="alpha", default=0.5, low=0.0, high=1.0),
        Choice(name="path", default="arc", options=PATHS),
        Whole(name="count", default=9, low=3, high=MOST),
        Stops(name="via", default=(), most=MOST_STOPS),
        Whole(name="y", low=0, high=9999),
    ),
    slider=Slider(endpoint="between", control="alpha", low=0.0, high=1.0),
    build=build,
)
