"""Zoo: the front door. A sheet drawn as you come in, the family tree, a card for each bundle."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from html import escape
from itertools import zip_longest
from threading import Lock
from typing import Any

import gradio as gr

from ganzoo import images
from ganzoo.bundle import Bundle
from ganzoo.errors import GanzooError
from ganzoo.gallery import hung, widgets
from ganzoo.gallery.address import Model, Whole, href
from ganzoo.gallery.family import Family, Place, family
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.standings import better_half
from ganzoo.gallery.tabs import Explainer, Tab, tabs
from ganzoo.hub.table import headline
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Picture
from ganzoo.zoo import Zoo

GUESTS, PIECES = 6, 5  # bundles on the day's sheet, and pictures of each
TILE, COLUMN, ROW, MARGIN = 64, 92, 118, 40  # of the tree, in CSS pixels: twelve fit the wall
EMPTY = "".join(f'<i style="--turn: {k}"></i>' for k in range(GUESTS * PIECES))
WAITING = f'<div class="salon" role="status" aria-label="Being painted">{EMPTY}</div>'
CARD = (272, 204)  # the most of a preview that a card shows, in CSS pixels
GAP = 2  # pixels between a preview's pictures, as images.grid leaves them

_painting = Lock()


@dataclass(frozen=True, kw_only=True)
class DaySeed(Whole):
    """A seed that is today's date unless the address says otherwise."""

    def among(self, names: Sequence[str]) -> "DaySeed":
        return replace(self, default=today())


def today() -> int:
    """The seed of the day's sheet."""
    return int(f"{date.today():%Y%m%d}")


@dataclass(frozen=True)
class Piece:
    """One picture of the day's sheet, and the view that shows it again."""

    picture: Picture
    title: str
    href: str


def plays(bundle: Bundle) -> list[tuple[str, Tab]]:
    """The views that can show a bundle, in order."""
    fitting = [
        (view, tab)
        for view, tab in tabs.items()
        if tab.needs
        and bundle.abilities.issuperset(tab.needs)
        and any(isinstance(control, Model) for control in tab.address)
    ]
    return sorted(fitting, key=lambda item: item[1].order)


def invited(zoo: Zoo, dice: random.Random) -> list[str]:
    """Who paints the day's sheet: one of each data set in turn, by lot, the better half first."""
    worlds: dict[str, list[Bundle]] = {}
    for bundle in map(zoo.bundle, zoo.names("sample")):
        worlds.setdefault(bundle.recipe.data.name, []).append(bundle)
    queues = []
    for bundles in worlds.values():
        first = better_half(bundles)
        rest = [bundle for bundle in bundles if bundle not in first]
        queues.append(dice.sample(first, len(first)) + dice.sample(rest, len(rest)))
    turns = [bundle.name for turn in zip_longest(*queues) for bundle in turn if bundle]
    return turns[:GUESTS]


def hang(zoo: Zoo, seed: int, versions: tuple[tuple[str, ...], ...]) -> tuple[Piece, ...]:
    """A sheet of fresh pictures by a few bundles; which pictures they are, nobody chose.

    Who comes while it is being painted waits for it.
    """
    with _painting:
        return _painted(zoo, seed, versions)


@lru_cache(maxsize=8)
def _painted(zoo: Zoo, seed: int, versions: tuple[tuple[str, ...], ...]) -> tuple[Piece, ...]:
    dice = random.Random(seed)
    pieces: list[Piece] = []
    for name in invited(zoo, dice):
        first = dice.randrange(SEED_LIMIT - PIECES)
        try:
            image = zoo.model(name).sample(first, PIECES)
        except GanzooError:  # one damaged bundle does not close the house; its own view says why
            continue
        title = f"{zoo.bundle(name).paper.nickname} ({name})"
        pieces += [
            Piece(picture, f"{title}, seed {first + i}", href("sample", model=name, seed=first + i))
            for i, picture in enumerate(images.to_pictures(image))
        ]
    dice.shuffle(pieces)
    return tuple(pieces)


def draw_sheet(zoo: Zoo, seed: int) -> str:
    """The day's sheet: each picture leads to where it was made."""
    versions = tuple(tuple(zoo.bundle(n).config.sha256.values()) for n in zoo.names("sample"))
    tiles = (
        f'<a href="{escape(piece.href)}" title="{escape(piece.title)}">'
        f'<img src="{widgets.png(piece.picture)}" alt="{escape(piece.title)}" '
        f'width="{TILE}" height="{TILE}"></a>'
        for piece in hang(zoo, seed, versions)
    )
    return f'<div class="salon">{"".join(tiles)}</div>'


def draw_tree(zoo: Zoo) -> str:
    """The family tree of what is here, as a drawing for wide screens and a list for narrow ones."""
    bundles = {}
    for bundle in _painters(zoo):
        bundles.setdefault(bundle.paper.nickname, bundle)
    if not bundles:
        return ""
    tree = family(bundle.paper for bundle in bundles.values())
    return (
        '<h2 class="part">The family</h2><p class="sentence">Each method with the year of its '
        f"first paper, and what it grew from.</p>{_drawing(tree, bundles)}"
        f"{_list(tree, bundles)}"
    )


def _drawing(tree: Family, bundles: dict[str, Bundle]) -> str:
    width = COLUMN * len(tree.years)
    height = MARGIN + ROW * tree.rows
    years = "".join(
        f'<text class="year" x="{COLUMN * i + COLUMN / 2:.0f}" y="16">{year}</text>'
        for i, year in enumerate(tree.years)
        if i == 0 or tree.years[i - 1] != year
    )
    lines = "".join(_line(parent, child) for parent, child in tree.lines)
    nodes = "".join(_node(place, bundles[place.paper.nickname]) for place in tree.places)
    return (
        '<div class="tree" role="group" aria-label="Family tree" tabindex="0">'
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"{years}<g class='lines' aria-hidden='true'>{lines}</g>{nodes}</svg></div>"
    )


def _line(parent: Place, child: Place) -> str:
    """To the child's row at once, then straight ahead."""
    (x0, y0), (x1, y1) = _centre(parent), _centre(child)
    x0, x1 = x0 + TILE / 2 + 6, x1 - TILE / 2 - 6
    turned = COLUMN * (parent.column + 1.5) - TILE / 2 - 6
    bend = (turned - x0) / 2
    turn = f"C{x0 + bend} {y0} {turned - bend} {y1} {turned} {y1}"
    return f'<path d="M{x0} {y0}{turn}H{max(x1, turned)}"/>'


def _node(place: Place, bundle: Bundle) -> str:
    x, y = _centre(place)
    left, top = x - TILE / 2, y - TILE / 2
    return (
        f'<a href="{escape(_play(bundle))}"><title>{escape(place.paper.idea)}</title>'
        f'<rect x="{left}" y="{top}" width="{TILE}" height="{TILE}"/>{_thumb(bundle, left, top)}'
        f'<text x="{x}" y="{top + TILE + 19}">{escape(place.paper.nickname)}</text></a>'
    )


def _thumb(bundle: Bundle, left: float, top: float) -> str:
    """The first picture of the preview."""
    side = min(bundle.recipe.shape)
    if (preview := hung.preview(bundle)) is None:
        return ""
    return (
        f'<image href="{escape(hung.corner(preview, side, side))}" '
        f'x="{left}" y="{top}" width="{TILE}" height="{TILE}"/>'
    )


def _centre(place: Place) -> tuple[float, float]:
    return COLUMN * (place.column + 0.5), MARGIN + ROW * place.row + TILE / 2


def _list(tree: Family, bundles: dict[str, Bundle]) -> str:
    items = []
    for place in tree.places:
        bundle, paper = bundles[place.paper.nickname], place.paper
        kin = [name for name in paper.parents if name in bundles]
        grew = f" from {escape(' and '.join(kin))}" if kin else ""
        items.append(
            f"<li><span class='year'>{paper.year}</span> "
            f'<a href="{escape(_play(bundle))}">{escape(paper.nickname)}</a>'
            f"<span class='fine'>{grew}</span></li>"
        )
    return f'<ol class="descent">{"".join(items)}</ol>'


def _play(bundle: Bundle) -> str:
    fitting = plays(bundle)
    return href(fitting[0][0], model=bundle.name) if fitting else "?"


def _painters(zoo: Zoo) -> list[Bundle]:
    """The bundles that some tab plays with, but those that only look."""
    return [bundle for bundle in map(zoo.bundle, zoo.names()) if _paints(bundle)]


def _paints(bundle: Bundle) -> bool:
    """Whether some tab shows its pictures; a classifier looks at those of others."""
    return bool(plays(bundle)) and "classify" not in bundle.abilities


def draw_cards(zoo: Zoo) -> str:
    """A card for each bundle, oldest paper first; folders that cannot be read say why."""
    bundles = [zoo.bundle(name) for name in zoo.names()]
    ranked = sorted(bundles, key=lambda b: (b.paper.year, b.paper.nickname, b.name))
    problems = "".join(
        f"<p class='problem'><b>{escape(name)}</b>: {escape(why)}</p>"
        for name, why in zoo.problems.items()
    )
    if not ranked:
        return (
            "<p>The zoo is empty. <code>ganzoo train dcgan-digits</code> trains a first animal in "
            f"a few minutes.</p>{problems}"
        )
    painters = "".join(_card(bundle, bundles) for bundle in ranked if _paints(bundle))
    lookers = "".join(_card(bundle, bundles) for bundle in ranked if not _paints(bundle))
    return _part("The collection", painters) + _part("Those who only look", lookers) + problems


def _part(title: str, cards: str) -> str:
    return f'<h2 class="part">{title}</h2><div class="cards">{cards}</div>' if cards else ""


def _card(bundle: Bundle, others: Sequence[Bundle]) -> str:
    paper, data = bundle.paper, bundle.config.data
    on = f" <span>on {escape(data.title)}</span>" if data else ""
    links = " ".join(
        f'<a href="{escape(href(view, model=bundle.name))}">{escape(tab.title)}</a>'
        for view, tab in plays(bundle)
    )
    return (
        f'<article class="card" id="card-{escape(bundle.name)}">{_picture(bundle)}'
        f"<h3>{escape(paper.nickname)}{on}</h3>"
        f"<p class='fine'>{escape(widgets.authors(paper))}, {paper.year}</p>"
        f"<p class='idea'>{escape(paper.idea)}</p><p class='fine'>{widgets.training(bundle)}</p>"
        f"{widgets.scores(bundle)}{_standing(bundle, others)}"
        f"<p class='plays'>{links}</p></article>"
    )


def _picture(bundle: Bundle) -> str:
    """As many whole pictures of the preview as a card has room for; of large ones all, shrunk."""
    if (shown := hung.preview(bundle)) is None:
        return ""
    sheet, side = hung.preview_size(bundle), bundle.recipe.data.size
    if times := TILE // side:
        corner = [(most // times + GAP) // (side + GAP) * (side + GAP) - GAP for most in CARD]
        width, height = (min(pair) for pair in zip(corner, sheet, strict=True))
        shown, scale, kind = hung.corner(shown, width, height), float(times), "peep"
    else:
        width, height = sheet
        scale = min(most / whole for most, whole in zip(CARD, sheet, strict=True))
        kind = "peep shrunk"
    wide, tall = round(width * scale), round(height * scale)
    return (
        f'<a class="{kind}" href="{escape(_play(bundle))}" tabindex="-1" '
        f'style="max-width:{wide}px;height:{tall}px;--short:{CARD[1] - tall}px">'
        f'<img src="{escape(shown)}" alt="Samples of {escape(bundle.name)}" '
        f'loading="lazy" width="{wide}" height="{tall}"></a>'
    )


def _standing(bundle: Bundle, others: Sequence[Bundle]) -> str:
    """Its place among those that learned from the same images, for as long, judged alike."""
    if (own := headline(bundle)) is None:
        return ""
    rivals = [headline(other) for other in others if _budget(other) == _budget(bundle)]
    values = [rival.value for rival in rivals if rival and rival.name == own.name]
    if len(values) < 2:
        return ""
    better = sum(v < own.value if own.better == "lower" else v > own.value for v in values)
    places = {0: "best", len(values) - 1: "last"}
    said = places.get(better, f"place {better + 1}")
    return f"<p class='fine'>{said.capitalize()} of {len(values)} trained under one budget.</p>"


def _budget(bundle: Bundle) -> tuple[Any, ...]:
    data, cost = bundle.config.data, bundle.config.cost
    return (data and data.fingerprint, cost and round(cost.kimg))


def build(stage: Stage) -> None:
    sheet = widgets.html(WAITING, elem_classes="hung")
    with stage.controls():
        seed = widgets.whole("Seed of this sheet", visible=False)
        others = gr.Button("Hang others", min_width=140)
    tree = widgets.html()
    cards = widgets.html()
    stage.bind(seed=seed)
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
        sentence="Two networks play against each other: one paints, the other tells its pictures "
        "from real ones, until it no longer can. None of these pictures existed before you came "
        "in. Pick one to meet its painter.",
    ),
    address=(DaySeed(name="seed", default=0, low=0, high=SEED_LIMIT - 1),),
    build=build,
)
