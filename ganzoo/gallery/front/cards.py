"""A card for each bundle: a few samples, its scores, its place among others, where to meet it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ganzoo.bundle import Bundle
from ganzoo.data import sources
from ganzoo.errors import UnknownNameError, suggestion
from ganzoo.evaluation.comparison import conditions
from ganzoo.gallery import hung, placard
from ganzoo.gallery.address import href
from ganzoo.gallery.front.views import paints, play, plays
from ganzoo.gallery.standings import by_data
from ganzoo.hub.table import headline
from ganzoo.images import GAP
from ganzoo.zoo import Zoo

COMPANY, OTHERS = 3, "others"  # so many learned from the same; the name of all the rest
TILE = 64  # CSS pixels: smaller pictures are enlarged to at most that
CARD = (272, 204)  # the most of a preview that a card shows, in CSS pixels


def draw_cards(zoo: Zoo, data: str = "") -> str:
    """A card for each bundle, oldest paper first; folders that cannot be read say why.

    Args:
        data: what they learned from: one of :func:`companies`; all of them if empty.

    Raises:
        UnknownNameError: if there is no such company.
    """
    bundles = [zoo.bundle(name) for name in zoo.names()]
    found = companies(bundles)
    if data and data not in found:
        raise UnknownNameError(f"nothing here learned from {data!r}. {suggestion(data, found)}")
    chosen = found[data] if data else bundles
    ranked = sorted(chosen, key=lambda b: (b.paper.year, b.paper.nickname, b.name))
    problems = "".join(
        f"<p class='problem'><b>{escape(name)}</b>: {escape(why)}</p>"
        for name, why in zoo.problems.items()
    )
    if not ranked:
        return (
            "<p>The zoo is empty. <code>ganzoo train dcgan-digits</code> trains a first animal in "
            f"a few minutes.</p>{problems}"
        )
    painters = _cards([bundle for bundle in ranked if paints(bundle)], bundles)
    lookers = _cards([bundle for bundle in ranked if not paints(bundle)], bundles)
    return (
        f'<h2 class="part">The collection</h2>{_choice(found, len(bundles), data)}{_hung(painters)}'
        + (f'<h2 class="part">Those who only look</h2>{_hung(lookers)}' if lookers else "")
        + problems
    )


def companies(bundles: Sequence[Bundle]) -> dict[str, list[Bundle]]:
    """Those that learned from the same images, the largest company first; the few go together."""
    found = by_data(bundles)
    large = {name: members for name, members in found.items() if len(members) >= COMPANY}
    rest = [bundle for name, members in found.items() if name not in large for bundle in members]
    return {**large, OTHERS: rest} if rest else large


def _choice(found: Mapping[str, Sequence[Bundle]], count: int, data: str) -> str:
    """Links to the companies, where there are several."""
    if len(found) < 2:
        return ""
    links = [_link("", "all", count, data)]
    for name, members in found.items():
        title = "other pictures" if name == OTHERS else sources[name].title
        links.append(_link(name, title, len(members), data))
    return f'<nav class="companies" aria-label="Learned from">{"".join(links)}</nav>'


def _link(name: str, title: str, count: int, data: str) -> str:
    here = ' aria-current="true"' if name == data else ""
    where = href("zoo", data=name) if name else href("zoo")
    return f'<a href="{escape(where)}"{here}>{escape(title)} <span>{count}</span></a>'


def _hung(cards: str) -> str:
    return f'<div class="cards">{cards}</div>' if cards else ""


def _cards(bundles: Sequence[Bundle], others: Sequence[Bundle]) -> str:
    """Cards in this order; what a paper is about stands on its first one."""
    cards, told = [], set()
    for bundle in bundles:
        cards.append(_card(bundle, others, bundle.paper.title not in told))
        told.add(bundle.paper.title)
    return "".join(cards)


def _card(bundle: Bundle, others: Sequence[Bundle], first: bool = True) -> str:
    paper, data = bundle.paper, bundle.config.data
    on = f" <span>on {escape(data.title)}</span>" if data else ""
    links = " ".join(
        f'<a href="{escape(href(view, model=bundle.name))}">{escape(tab.title)}</a>'
        for view, tab in plays(bundle)
    )
    about = (
        f"<p class='fine'>{escape(placard.authors(paper))}, {paper.year}</p>"
        f"<p class='idea'>{escape(paper.idea)}</p>"
    )
    return (
        f'<article class="card" id="card-{escape(bundle.name)}">{_picture(bundle)}'
        f"<h3>{escape(paper.nickname)}{on}</h3>{about if first else ''}"
        f"<p class='fine'><code>{escape(bundle.name)}</code>: {placard.training(bundle)}</p>"
        f"{placard.scores(bundle)}{_standing(bundle, others)}"
        f"<p class='plays'>{links}</p></article>"
    )


def _picture(bundle: Bundle) -> str:
    """As many whole pictures of the preview as a card has room for; of large ones all, shrunk."""
    shown, side = hung.preview(bundle), bundle.recipe.data.size
    if shown is None or (sheet := hung.preview_size(bundle)) is None:
        return ""
    if times := TILE // side:
        part = [(most // times + GAP) // (side + GAP) * (side + GAP) - GAP for most in CARD]
        width, height = (min(pair) for pair in zip(part, sheet, strict=True))
        shown, scale, kind = hung.part(shown, width, height), float(times), "peep"
    else:
        width, height = sheet
        scale = min(most / whole for most, whole in zip(CARD, sheet, strict=True))
        kind = "peep shrunk"
    wide, tall = round(width * scale), round(height * scale)
    return (
        f'<a class="{kind}" href="{escape(play(bundle))}" tabindex="-1" '
        f'style="max-width:{wide}px;height:{tall}px;--short:{CARD[1] - tall}px">'
        f'<img src="{escape(shown)}" alt="Samples of {escape(bundle.name)}" '
        f'loading="lazy" width="{wide}" height="{tall}"></a>'
    )


def _standing(bundle: Bundle, others: Sequence[Bundle]) -> str:
    """Its place among those that learned from the same images, for as long, judged alike."""
    if (own := headline(bundle)) is None:
        return ""
    rivals = [headline(other) for other in others if _budget(other) == _budget(bundle)]
    alike = [rival for rival in rivals if rival and rival.name == own.name]
    values = [rival.value for rival in alike if conditions(rival) == conditions(own)]
    if len(values) < 2:
        return ""
    better = sum(v < own.value if own.better == "lower" else v > own.value for v in values)
    places = {0: "best", len(values) - 1: "last"}
    said = places.get(better, f"place {better + 1}")
    return f"<p class='fine'>{said.capitalize()} of {len(values)} trained under one budget.</p>"


def _budget(bundle: Bundle) -> tuple[Any, ...]:
    data, cost = bundle.config.data, bundle.config.cost
    return (data and data.fingerprint, cost and round(cost.kimg))
