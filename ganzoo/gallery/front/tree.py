"""The family tree of the methods that are here."""

from html import escape

from ganzoo.bundle import Bundle
from ganzoo.gallery import hung
from ganzoo.gallery.family import Family, Place, family
from ganzoo.gallery.front.views import painters, play
from ganzoo.images import GAP
from ganzoo.zoo import Zoo

APART, LANES = 4, 4  # pixels between the lines of parents in one column
CLEAR, BEND = 2, 5  # pixels between a line and a picture; the radius of its turns
POINTED = "stroke: var(--accent); stroke-width: 2"  # lines of whom the visitor points at
TILE, COLUMN, ROW, MARGIN = 64, 92, 118, 40  # in CSS pixels: twelve columns fit the wall


def draw_tree(zoo: Zoo) -> str:
    """The family tree of what is here, as a drawing for wide screens and a list for narrow ones."""
    bundles = {}
    for bundle in painters(zoo):
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
    number = {place: i for i, place in enumerate(tree.places)}
    lines = "".join(
        _line(parent, child, f"n{number[parent]} n{number[child]}") for parent, child in tree.lines
    )
    nodes = "".join(_node(p, bundles[p.paper.nickname], number[p]) for p in tree.places)
    pointed = "".join(
        f'.tree:has([data-n="{i}"]:is(:hover, :focus-visible)) .n{i} {{ {POINTED} }}'
        for i in number.values()
    )
    return (
        '<div class="tree" role="group" aria-label="Family tree" tabindex="0">'
        f"<style>{pointed}</style>"
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"{years}<g class='lines' aria-hidden='true'>{lines}</g>{nodes}</svg></div>"
    )


def _line(parent: Place, child: Place, kind: str) -> str:
    """To the child's row at once, then straight ahead; those of parents in one column lie apart."""
    (x0, y0), (x1, y1) = _centre(parent), _centre(child)
    x0, x1 = x0 + TILE / 2 + CLEAR, x1 - TILE / 2 - CLEAR
    if y0 == y1:
        return f'<path class="{kind}" d="M{x0} {y0}H{x1}"/>'
    trunk = COLUMN * (parent.column + 1) + APART * (parent.row % LANES - (LANES - 1) / 2)
    turn = BEND if y1 > y0 else -BEND
    return (
        f'<path class="{kind}" d="M{x0} {y0}H{trunk - BEND}q{BEND} 0 {BEND} {turn}'
        f'V{y1 - turn}q0 {turn} {BEND} {turn}H{max(x1, trunk + BEND)}"/>'
    )


def _node(place: Place, bundle: Bundle, number: int) -> str:
    x, y = _centre(place)
    left, top = x - TILE / 2, y - TILE / 2
    return (
        f'<a href="{escape(play(bundle))}" data-n="{number}"><title>{escape(place.paper.idea)}'
        f'</title><rect x="{left}" y="{top}" width="{TILE}" height="{TILE}"/>'
        f"{_thumb(bundle, number, left, top)}"
        f'<text x="{x}" y="{top + TILE + 19}">{escape(place.paper.nickname)}</text></a>'
    )


def _thumb(bundle: Bundle, number: int, left: float, top: float) -> str:
    """A picture of the preview's first row: of those who paint the same things not the same."""
    side, step = min(bundle.recipe.shape), bundle.recipe.shape[1] + GAP
    preview, size = hung.preview(bundle), hung.preview_size(bundle)
    if preview is None or size is None:
        return ""
    columns, rest = divmod(size[0] + GAP, step)
    first = 0 if rest else number % columns * step
    return (
        f'<image href="{escape(hung.part(preview, side, side, first))}" '
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
            f'<a href="{escape(play(bundle))}">{escape(paper.nickname)}</a>'
            f"<span class='fine'>{grew}</span></li>"
        )
    return f'<ol class="descent">{"".join(items)}</ol>'
