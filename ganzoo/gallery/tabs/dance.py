"""Dance: one puppet moves, and another is painted doing the same.

Layout and wiring only; poses are brought over by :mod:`ganzoo.explore.dance`, and frames painted by
:class:`ganzoo.zoo.Dancer`.
"""

from functools import lru_cache
from html import escape
from typing import TypedDict

import gradio as gr
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.architectures import architectures
from ganzoo.data import puppets
from ganzoo.explore.dance import Transfer, transfer
from ganzoo.gallery import placard, reel, widgets
from ganzoo.gallery.address import Choice, Flag, Model, seed
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.latents import SEED_LIMIT
from ganzoo.metrics.psnr import psnr
from ganzoo.zoo import Dancer, Zoo

FRAMES = 64
WIDE = 640  # CSS pixels of the film, about
KEPT = 8  # films that were shown last


class Danced(TypedDict):
    """What a program gets: dancer, stick figure and painted target side by side; the target alone;
    ``agreement``: PSNR in dB with what the target truly looks like in these poses.
    """

    film: FileData
    painted: FileData
    agreement: float


@lru_cache(maxsize=KEPT)
def _danced(
    zoo: Zoo, model: str, version: tuple[str, ...], source: str, seed: int, fit: bool, smooth: bool
) -> Transfer:
    dancer = Dancer(zoo.model(model))
    return transfer(dancer, source, seed % SEED_LIMIT, FRAMES, normalise=fit, smooth=smooth)


def danced(zoo: Zoo, model: str, source: str, seed: int, fit: bool, smooth: bool) -> Transfer:
    """A source's dance on the model's target."""
    version = tuple(zoo.bundle(model).config.sha256.values())
    return _danced(zoo, model, version, source, seed, fit, smooth)


def agreement(made: Transfer) -> float:
    """PSNR in dB with the target as it truly looks in these poses, on average over frames."""
    painted, wanted = (images.from_pictures(film) for film in (made.painted, made.wanted))
    return float(psnr(painted, wanted).mean())


def draw_film(zoo: Zoo, model: str, source: str, seed: int, fit: bool, smooth: bool) -> str:
    """Who dances, what is told of it, and who is painted, all at the same moment."""
    made = danced(zoo, model, source, seed, fit, smooth)
    who, target = source.capitalize(), puppets.TARGET.capitalize()
    titles = (
        f"{who} dances",
        f"the poses, where {target} would stand" if fit else "the poses, as they were danced",
        f"{target}, painted by the network",
    )
    over = "".join(f"<span>{escape(title)}</span>" for title in titles)
    says = f"{who} is drawn by a program. All that the network is told is the stick figure."
    alt = ", ".join(titles)
    film = reel.figure(
        made.side_by_side(), f"{model}-{source}{seed}", says, "The first frame", alt, WIDE
    )
    return f'<div class="trio"><div class="titles">{over}</div>{film}</div>'


def draw_truth(zoo: Zoo, model: str, source: str, seed: int, fit: bool, smooth: bool) -> str:
    """The painted target beside what the program draws of it in the same poses."""
    made = danced(zoo, model, source, seed, fit, smooth)
    target = puppets.TARGET.capitalize()
    middle = FRAMES // 2
    panels = "".join(
        f"<figure>{widgets.tile(picture, title)}<figcaption>{title}</figcaption></figure>"
        for picture, title in (
            (made.painted[middle], "painted"),
            (made.wanted[middle], "drawn by the program"),
        )
    )
    return (
        f'<div class="truth">{panels}</div><p class="fine">{target} is drawn by a program, so it '
        f"is known what she looks like in any pose: over this film the network agrees with it to "
        f"{agreement(made):.1f} dB.</p>"
    )


def let_dance(
    zoo: Zoo, model: str, source: str = "otto", seed: int = 1, fit: bool = True, smooth: bool = True
) -> Danced:
    """Lets the model's target do what another puppet (`otto`, `pip`, `lola`) dances to a seed.

    With `fit` the poses are brought to where the target stands, and to its height; with `smooth`
    the network is told its last frame. Returns two films as WebP, source, stick figure and target
    side by side, and the target alone; and the PSNR in dB with the target as it truly looks.
    """
    made = danced(zoo, model, source, seed, fit, smooth)
    films = {"film": made.side_by_side(), "painted": made.painted}
    files = {
        key: widgets.file(reel.both(pictures, WIDE)["image/webp"], f"{source}-{seed}-{key}.webp")
        for key, pictures in films.items()
    }
    return Danced(**files, agreement=round(agreement(made), 2))


def build(stage: Stage) -> None:
    names = [(name.capitalize(), name) for name in puppets.PUPPETS]
    with stage.controls():
        model = widgets.menu(stage.names, label="Model", scale=2, min_width=180)
        source = gr.Radio(names, label="Who dances", scale=2, min_width=220)
        seed = widgets.whole("Seed of the dance", min_width=90)
        lucky = gr.Button("Another dance", variant="primary", min_width=130)
    with stage.wall():
        with gr.Column(scale=8, min_width=320):
            shown = widgets.html(js_on_load=reel.STOP, elem_classes="screen")
        with gr.Column(scale=4, min_width=280):
            fit = gr.Checkbox(label="Bring the poses to the target's place and height")
            smooth = gr.Checkbox(label="Tell the network its last frame")
            truth = widgets.html()
    placard.hang(stage)
    stage.bind(model=model, source=source, seed=seed, fit=fit, smooth=smooth)
    stage.draws(draw_film, shown, slow=True)
    stage.draws(draw_truth, truth, slow=True)
    stage.sets(lucky, seed="ganzoo.luck()")
    stage.action(let_dance, "let_dance")


ENTRY = Tab(
    room="Look inside",
    title="Dance",
    heading="One dances, another is painted",
    order=62,
    needs=("dance",),
    explainer=Explainer(
        sentence="The network has only ever seen Lola. Someone else dances, a stick figure says "
        "how, and Lola is painted doing the same. Leave the poses where they were danced, and see "
        "why they must be brought to her place and height.",
        equation=r"\text{ankle}' = t_{\text{far}} + \frac{a - s_{\text{far}}}{s_{\text{near}} - "
        r"s_{\text{far}}} \, (t_{\text{near}} - t_{\text{far}}), \qquad \text{scale} = "
        r"c_{\text{far}} + \frac{a - s_{\text{far}}}{s_{\text{near}} - s_{\text{far}}} \, "
        r"(c_{\text{near}} - c_{\text{far}})",
        paper=architectures["dance"].paper,
        more="Two people in the same pose share a stick figure, and so a stick figure can carry a "
        "dance from one to the other. The painter learns from one dancer's frames and poses alone. "
        "At a dance by someone shorter, or nearer to the camera, its stick figures would stand "
        "where none ever stood: so the ankle's height $a$ is mapped from between the source's "
        "nearest and farthest, $s$, to between the target's, $t$, and so is the ratio $c$ of their "
        "heights. To keep what is painted from flickering, the painter is told its own last frame, "
        "and its judges see two frames at a time. A puppet's pose leaves little to guess, so here "
        "that changes little: the scores say how much. These dancers are puppets, drawn by a "
        "program that stands in for a video and a pose detector: that is why it can be measured "
        "how right a transferred dance is. Two limits remain: bones keep the source's proportions, "
        "and a body as broad as the source's has never been seen in a stick figure.",
    ),
    address=(
        Model(default="dance-puppets"),
        Choice(name="source", default="otto", options=tuple(puppets.PUPPETS)),
        seed(),
        Flag(name="fit", default=True),
        Flag(name="smooth", default=True),
    ),
    slider=Slider(endpoint="let_dance", control="seed", low=1000.0, high=2000.0, whole=True),
    build=build,
)
