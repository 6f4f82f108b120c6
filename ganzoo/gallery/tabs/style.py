"""Style mixing: what is coarse from one picture, what is fine from another.

Layout and wiring only; the painting is done by :mod:`ganzoo.gallery.mixing`.
"""

from html import escape
from typing import Any

import gradio as gr

from ganzoo import images
from ganzoo.architectures import architectures
from ganzoo.gallery import mixed, mixing, moving, placard, reel, strata, widgets
from ganzoo.gallery.address import Model, Real, Seeds, Whole, seed
from ganzoo.gallery.crossing import crossing, show_crossing
from ganzoo.gallery.paint import draw_class, style, width
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.strata import Chosen, Layers
from ganzoo.gallery.tabs import Explainer, Slider, Tab
from ganzoo.latents import SEED_LIMIT
from ganzoo.zoo import Zoo

MOST_ROWS, MOST_COLUMNS = 6, 8
WALL = 680  # CSS pixels that the grid may be wide
LARGEST_TILE, PHONE_TILE = 128, 64


def draw_layers(zoo: Zoo, model: str, layers: Chosen) -> dict[str, Any]:
    """The buttons for the layers of this network."""
    return strata.show(_known(zoo, model, layers), mixing.stylist(zoo, model).sides)


def bound_layers(zoo: Zoo, model: str) -> Layers:
    """Layers that a model has."""
    return Layers(high=len(mixing.stylist(zoo, model).sides) - 1)


def draw_grid(
    zoo: Zoo,
    model: str,
    a: tuple[int, ...],
    b: tuple[int, ...],
    layers: Chosen,
    psi: float,
    y: int | None,
    pick: int,
) -> dict[str, Any]:
    """The grid, with one cell picked."""
    grid = mixing.paint_grid(zoo, model, a, b, _known(zoo, model, layers), psi, y)
    side = grid.cells.shape[2]
    return show_crossing(
        _picked(pick, a, b),
        grid,
        a,
        b,
        f"{model}-mix-{'-'.join(map(str, a))}-with-{'-'.join(map(str, b))}.png",
        wide=width(side, min(LARGEST_TILE, WALL // (len(b) + 1))),
        narrow=width(side, PHONE_TILE),
    )


def draw_cell(
    zoo: Zoo,
    model: str,
    a: tuple[int, ...],
    b: tuple[int, ...],
    layers: Chosen,
    psi: float,
    y: int | None,
    pick: int,
) -> str:
    """The picked cell, large, and where it comes from."""
    artist, (one, other) = mixing.stylist(zoo, model), _parents(pick, a, b)
    layers = _known(zoo, model, layers)
    picture = images.to_pictures(artist.paint(mixing.cell(artist, one, other, layers, psi, y)))[0]
    said = strata.words(layers, artist.sides)
    return widgets.figure(
        picture,
        f"{model}-a{one}-b{other}",
        f"<h3>A {one} × B {other}</h3><p>The {said} from B’s seed {other}, "
        f"all others from A’s seed {one}.</p>",
    )


def draw_rolls(zoo: Zoo, model: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The choice of a noise, for networks that take one."""
    noisy = gr.update(visible=mixing.stylist(zoo, model).noisy)
    return noisy, noisy


def draw_noise(
    zoo: Zoo,
    model: str,
    a: tuple[int, ...],
    b: tuple[int, ...],
    layers: Chosen,
    psi: float,
    y: int | None,
    pick: int,
    noise: int,
) -> str:
    """The picked cell's style under several noises, and where they make a difference."""
    artist, (one, other) = mixing.stylist(zoo, model), _parents(pick, a, b)
    if not artist.noisy:
        return (
            f'<p class="fine">{escape(model)} takes no noise beside its styles: '
            "every detail follows from them.</p>"
        )
    w = mixing.cell(artist, one, other, _known(zoo, model, layers), psi, y)
    strays = mixing.stray(artist, w, noise, mixed.NOISES)
    tiles = "".join(
        widgets.tile(picture, f"Noise {(noise + k) % SEED_LIMIT}")
        for k, picture in enumerate(strays.pictures)
    )
    side = strays.map.shape[1]
    return (
        f'<div class="strays" style="{style(side, wide=widgets.roomy(side))}">'
        f'<div class="sheet"><div class="tiles">{tiles}</div><button type="button" class="link" '
        f'data-columns="{mixed.NOISES}" data-save-sheet="{escape(model)}-noise{noise}.png">'
        "Download these pictures</button></div>"
        f"<figure>{widgets.tile(strays.map, 'Where the noise makes a difference')}<figcaption>"
        f"Where the noise matters: white strays by {strays.farthest:.2g} of 255 grey levels, "
        f"black by none. Of {mixing.STRAYING} noises.</figcaption></figure></div>"
    )


def draw_film(
    zoo: Zoo,
    model: str,
    a: tuple[int, ...],
    b: tuple[int, ...],
    layers: Chosen,
    psi: float,
    y: int | None,
    pick: int,
) -> str:
    """A walk among A's styles; the chosen layers stay those of the picked column."""
    artist, (_, other) = mixing.stylist(zoo, model), _parents(pick, a, b)
    layers = _known(zoo, model, layers)
    pictures = mixing.frames(artist, a, other, layers, psi, y)
    seeds = ", ".join(map(str, a))
    return reel.figure(
        pictures,
        f"{model}-styles-{'-'.join(map(str, a))}-b{other}",
        f"A’s seeds {seeds}, and back; the {strata.words(layers, artist.sides)} "
        f"stay those of B’s seed {other}",
        f"Seed {a[0]}, the chosen layers from seed {other}",
        f"A film through the styles of seeds {seeds}",
    )


def _known(zoo: Zoo, model: str, layers: Chosen) -> Chosen:
    """Layers left over from another model mean those that this one has, too."""
    return strata.within(layers, len(mixing.stylist(zoo, model).sides))


def _parents(pick: int, a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, int]:
    """The seeds of A and of B that meet in a cell."""
    row, column = divmod(_picked(pick, a, b), len(b))
    return a[row], b[column]


def _picked(pick: int, a: tuple[int, ...], b: tuple[int, ...]) -> int:
    """The picked cell; the last one, where the grid became smaller."""
    return min(pick, len(a) * len(b) - 1)


def build(stage: Stage) -> None:
    with stage.controls():
        psi = gr.Slider(
            -1, 1.5, step=0.01, label="ψ, truncation", scale=4, min_width=260, buttons=[],
            info="1: as it was trained; 0: the mean picture; below: the opposite.",
        )  # fmt: skip
        model = widgets.menu(stage.names, label="Model", scale=2, min_width=200)
        y = widgets.menu(label="Class", visible=False, min_width=110)
    with gr.Row(elem_classes="controls"):
        with gr.Column(scale=5, min_width=320):
            layers = strata.strata()
        a, roll_a = _seeds("Seeds of A, the rows", "Roll A")
        b, roll_b = _seeds("Seeds of B, the columns", "Roll B")
    with stage.wall():
        with gr.Column(scale=8, min_width=320):
            grid = crossing()
        with gr.Column(scale=4, min_width=320, elem_classes="follows"):
            cell = widgets.html()
    with gr.Row():
        with gr.Column(scale=8, min_width=320):
            _part("The same style, new noise")
            with gr.Row(elem_classes="controls roll"):
                noise = widgets.whole("Seed of the noise", min_width=130)
                roll_noise = gr.Button("Roll the noise", min_width=120)
            strays = widgets.html(elem_classes="later")
        with gr.Column(scale=4, min_width=320):
            _part("A walk among styles")
            film = widgets.html(js_on_load=reel.STOP, elem_classes="screen")
    stage.bind(model=model, layers=layers, psi=psi, a=a, b=b, pick=grid, noise=noise, y=y)
    stage.draws(draw_class, y)
    stage.draws(draw_layers, layers, still=("layers",))
    stage.bounds(bound_layers)
    stage.draws(draw_grid, grid, still=("pick",))
    stage.draws(draw_cell, cell)
    stage.draws(draw_rolls, [noise, roll_noise])
    stage.draws(draw_noise, strays, slow=True)
    stage.draws(draw_film, film, slow=True)
    if moving.names(stage.zoo):
        moving.build(stage)
    placard.hang(stage)
    stage.sets(roll_a, a="ganzoo.lucks(v.a)")
    stage.sets(roll_b, b="ganzoo.lucks(v.b)")
    stage.sets(roll_noise, noise="ganzoo.luck()")
    stage.action(mixed.mix_styles, "mix")
    stage.action(mixed.vary_noise, "noise")
    stage.action(mixed.walk_styles, "style_walk", slow=True)
    stage.action(moving.move_picture, "move_input")


def _part(title: str) -> None:
    gr.HTML(f'<h2 class="part">{title}</h2>', apply_default_css=False)


def _seeds(label: str, roll: str) -> tuple[gr.Textbox, gr.Button]:
    box = gr.Textbox(label=label, max_lines=1, scale=2, min_width=150)
    return box, gr.Button(roll, min_width=80)


ENTRY = Tab(
    room="Create",
    title="Style mixing",
    heading="Mix two pictures, layer by layer",
    order=50,
    needs=("sample", "style"),
    explainer=Explainer(
        sentence="Every picture in the grid takes some layers’ styles from the picture above it "
        "and all others from the one at its left. Coarse layers carry what a thing is and where "
        "it stands; fine ones, its shades and texture.",
        equation=r"\operatorname{AdaIN}(x_i, w) = y_{s,i} \, "
        r"\frac{x_i - \mu(x_i)}{\sigma(x_i)} + y_{b,i}, \qquad (y_s, y_b) = A\,w",
        paper=architectures["stylegan"].paper,
        more="A **mapping network** turns the latent into a style, $w = f(z)$, and every layer is "
        "told the style, not the latent. In StyleGAN it sets the mean and the deviation of each "
        "map anew, by adaptive instance normalisation, above: what the layer before had said by "
        "them is wiped out, so each layer’s style works on its own. StyleGAN2 found that this "
        "makes droplets, and scales the kernels instead, then scales them back (**weight "
        "demodulation**):\n\n"
        r"$$w'_{ijk} = s_i \, w_{ijk}, \qquad w''_{ijk} = w'_{ijk} \Big/ "
        r"\sqrt{\textstyle\sum_{i,k} {w'_{ijk}}^2 + \epsilon}, \qquad s = A\,w$$"
        "\n\nIn training, the styles of a share of the pictures are mixed in just this way, so "
        "that layers do not count on each other. **Truncation** pulls every style towards the mean "
        r"of all, $w \leftarrow \bar w + \psi\,(w - \bar w)$: less variety, fewer failures. "
        "**Noise** is added after each convolution, by a learned strength; what is left to chance "
        "need not be in the style. Coarse, middle and fine are each a third of the layers here.",
    ),
    address=(
        Model(default="stylegan2-cats"),
        Layers(),
        Real(name="psi", default=0.7, low=-1.0, high=1.5),
        Seeds(name="a", default=(13, 128, 45, 131), most=MOST_ROWS),
        Seeds(name="b", default=(10, 120, 140, 59), most=MOST_COLUMNS),
        Whole(name="pick", default=0, low=0, high=MOST_ROWS * MOST_COLUMNS - 1),
        seed("noise"),
        Whole(name="y", low=0, high=9999),
        *moving.CONTROLS,
    ),
    slider=Slider(endpoint="mix", control="psi", low=0.0, high=1.0),
    build=build,
)
