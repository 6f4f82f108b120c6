"""Drawings of the Dissect tab: before and after, units that draw a concept, averages."""

from html import escape
from typing import Any

import gradio as gr

from ganzoo.explore.dissect import best
from ganzoo.gallery import cells as grid
from ganzoo.gallery import placard, widgets
from ganzoo.gallery.address import Choice, Whole
from ganzoo.gallery.dissecting import looks
from ganzoo.gallery.dissecting.looks import Look
from ganzoo.zoo import Zoo

LISTED = 8  # units of a concept that are shown
MOST = 64  # units that are set together
WIDE, SMALL = 320, 192  # CSS pixels that a picture wants to be wide
FAINT = 0.002  # share of a picture below which a concept is not listed


def bound_concept(zoo: Zoo, model: str) -> Choice:
    """A concept that was looked for in a model's pictures."""
    return Choice(name="concept", options=looks.known(zoo, model).concepts)


def bound_units(zoo: Zoo, model: str) -> Whole:
    """No more units than the dissected layer has."""
    return Whole(name="units", low=0, high=min(MOST, len(looks.known(zoo, model).iou)))


def draw_choices(zoo: Zoo, model: str, concept: str, units: int) -> tuple[Any, Any]:
    """The concepts that a model draws, and how many units there are to set."""
    found = looks.known(zoo, model)
    names = looks.concepts(found)
    chosen = found.concepts[looks.number(found, concept)]
    most = bound_units(zoo, model).high
    return (
        gr.update(choices=names, value=chosen),
        gr.update(maximum=most, value=min(units, most)),
    )


def draw_operation(
    zoo: Zoo,
    model: str,
    seed: int,
    concept: str,
    units: int,
    off: bool,
    cells: tuple[int, ...],
    strength: float,
) -> tuple[str, Any, str, str]:
    """Before, after, what changed, and what both show by name."""
    found = looks.known(zoo, model)
    place = looks.number(found, concept)
    named = found.concepts[place]
    units = min(units, len(found.iou))
    done = looks.operate(zoo, model, seed, place, units, off, cells, strength)
    wide = _wide(done.before, WIDE)
    after = grid.show(
        cells,
        found.side,
        picture=widgets.png(done.after.picture),
        label=f"The picture after: paint {escape(named)} in with the pointer, or move with the "
        "arrows and press space",
        alt=f"{escape(model)}, seed {seed}, after",
        title="After: paint here",
        caption=_told(units, off, bool(cells), named),
        file=f"{escape(model)}-{seed}-{escape(named)}.png",
    )
    return (
        _figure(done.before, f"{model}, seed {seed}, before", f"Seed {seed}, untouched.", wide),
        after,
        _plain(
            widgets.png(done.changed),
            "What changed",
            "The darker, the more: black is a quarter of the range, or more.",
            wide,
        ),
        _segments(zoo, model, done, place),
    )


def draw_units(zoo: Zoo, model: str, seed: int, concept: str, pick: int) -> tuple[Any, str]:
    """The units that agree with the concept best, each where it answers; one of them large."""
    found, seen = looks.known(zoo, model), looks.look(zoo, model, seed)
    place = looks.number(found, concept)
    ranked = best(found.iou, place, LISTED)
    lit = [looks.lit(seen, unit, found.thresholds[unit][place]) for unit in ranked]
    agreements = [found.iou[unit][place] for unit in ranked]
    pick = min(pick, len(ranked) - 1)
    unit, named = ranked[pick], found.concepts[place]
    strip = gr.update(
        value=pick,
        pictures=[widgets.png(picture) for picture in lit],
        names=[f"unit {one}" for one in ranked],
        titles=[
            f"unit {one}, IoU {iou:.2f} with {escape(named)}"
            for one, iou in zip(ranked, agreements, strict=True)
        ],
        agreements=agreements,
        label=f"Units that draw {escape(named)}, the best first",
        wide=_wide(seen, 96),
    )
    others = sorted(range(len(found.concepts)), key=lambda c: -found.iou[unit][c])[:3]
    listed = ", ".join(f"{escape(found.concepts[c])} {found.iou[unit][c]:.2f}" for c in others)
    caption = (
        f"<p>Unit {unit} of layer {escape(found.layer)} answers where the picture is lit. It "
        f"agrees best with: {listed} (IoU).</p>"
    )
    large = _plain(widgets.png(lit[pick]), f"Unit {unit}", caption, _wide(seen, WIDE))
    return strip, large


def draw_measured(zoo: Zoo, model: str, concept: str, units: int) -> str:
    """What setting the units does on average, and how all of it was measured."""
    found = looks.known(zoo, model)
    place = looks.number(found, concept)
    named, one = escape(found.concepts[place]), looks.effect(found, place, units)
    said = (
        f"<p>On average, over other pictures, switching its <b>{len(one.units)}</b> best units off "
        f"{_gone(one.removed)} of what is called {named}. Set high at a random place, they make "
        f"<b>{one.caused:.0%}</b> more of that place {named} than when they are off there.</p>"
        if one
        else f"<p>There is too little {named} in its pictures for an average.</p>"
    )
    return (
        f'<div class="averages">{said}<details class="score"><summary>how it was measured'
        f"</summary>{placard.protocol(found.protocol)}</details></div>"
    )


def _segments(zoo: Zoo, model: str, done: looks.Operation, chosen: int) -> str:
    """Both pictures by name: their parts in colour, and a list of these."""
    found = looks.known(zoo, model)
    colours = looks.palette(zoo, found)
    wide = _wide(done.before, SMALL)
    pictures = "".join(
        _plain(widgets.png(looks.coloured(one.classes, colours)), title, "", wide)
        for title, one in (("Named, before", done.before), ("Named, after", done.after))
    )
    rows = []
    for place in sorted(range(len(found.concepts)), key=lambda c: -done.before.shares[c]):
        was, now = done.before.shares[place], done.after.shares[place]
        if max(was, now) < FAINT and place != chosen:
            continue
        here = ' aria-current="true"' if place == chosen else ""
        red, green, blue = colours[found.concepts[place]]
        rows.append(
            f'<tr{here}><th scope="row"><i style="background: rgb({red} {green} {blue})"></i>'
            f"{escape(found.concepts[place])}</th><td>{was:.1%}</td><td>{now:.1%}</td></tr>"
        )
    return (
        f'<div class="named">{pictures}<table><thead><tr><th scope="col">of the picture</th>'
        f'<th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>'
        f"{''.join(rows)}</tbody></table></div>"
    )


def _told(units: int, off: bool, painted: bool, concept: str) -> str:
    """What was done, in a sentence or two."""
    name = escape(concept)
    said = f"The {units} best units of {name} are off." if off and units else "No unit is off."
    if painted:
        said += f" Where it is painted, they are set to draw {name}."
    return f"<p>{said} Paint here to put {name} in.</p>"


def _gone(removed: float) -> str:
    return f"removes <b>{removed:.0%}</b>" if removed >= 0 else f"adds <b>{-removed:.0%}</b>"


def _figure(seen: Look, name: str, caption: str, wide: int) -> str:
    return _plain(widgets.png(seen.picture), "Before", caption, wide, alt=name)


def _plain(uri: str, title: str, caption: str, wide: int, alt: str = "") -> str:
    """A picture beneath its title."""
    return (
        f'<figure class="large plate"><h3>{escape(title)}</h3><img src="{uri}" '
        f'alt="{escape(alt or title)}" width="{wide}"><figcaption>{caption}</figcaption></figure>'
    )


def _wide(seen: Look, wanted: int) -> int:
    side = seen.picture.shape[1]
    return round(side * widgets.factor(side, wanted))
