"""Leaderboard: who does best on the same pictures, at what cost, and how anybody knows.

Layout and wiring only; which numbers may share a column is decided by :mod:`ganzoo.evaluation`.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

import gradio as gr

from ganzoo.bundle import Bundle
from ganzoo.data import sources
from ganzoo.evaluation.comparison import Column
from ganzoo.evaluation.confidence import interval
from ganzoo.gallery import board, widgets
from ganzoo.gallery.address import Choice, Word
from ganzoo.gallery.front.views import play
from ganzoo.gallery.quiz import STUDY, script
from ganzoo.gallery.scatter import Point, scatter, short
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.standings import (
    BY_SCORE,
    COSTS,
    Cost,
    chosen,
    competitors,
    data_sets,
    kept,
    ranked,
    scores,
)
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.record import Protocol
from ganzoo.zoo import Zoo

PEOPLE = f'<ganzoo-standing study="{STUDY}"></ganzoo-standing>'
JUDGES = script("standing.js")


class Place(TypedDict):
    """A bundle's row, for a program."""

    model: str
    method: str
    year: int
    value: float | None
    interval: tuple[float, float] | None
    tied_with_best: bool
    protocol: Protocol
    costs: dict[str, float | None]


class Board(TypedDict):
    data: str
    score: str
    better: str
    places: list[Place]


def bound_score(zoo: Zoo, data: str) -> Choice:
    """A score that was measured of those who learned from a data set."""
    titles = tuple(column.title for column in scores(competitors(zoo, data)))
    return Choice(name="score", options=titles)


def draw_choices(zoo: Zoo, data: str, score: str) -> tuple[Any, Any]:
    """What may be chosen from: data sets, and the scores that were measured on this one."""
    found, bundles = data_sets(zoo), competitors(zoo, data)
    measured = scores(bundles)
    titles = [column.title for column in measured]
    here = bundles[0].recipe.data.name if bundles else ""
    return (
        gr.Dropdown(choices=[(sources[name].title, name) for name in found], value=here),
        gr.Dropdown(
            choices=[(f"{column.words}: {column.title}", column.title) for column in measured],
            value=score if score in titles else next(iter(titles), ""),
        ),
    )


def draw_plot(zoo: Zoo, data: str, score: str, against: str) -> str:
    """The score against a cost, a point for each bundle that has both."""
    bundles = competitors(zoo, data)
    column, cost = chosen(scores(bundles), kept(bundles, score)), COSTS[against]
    if column is None:
        return "<p>Nothing here has been scored yet: <code>ganzoo evaluate NAME --write</code>.</p>"
    points = list(_points(bundles, column, cost))
    if not points:
        return f"<p class='fine'>The {cost.title} of these models are not known.</p>"
    return scatter(
        points, cost.title, f"{column.words}: {column.title} ({column.better} is better)"
    )


def _points(bundles: Sequence[Bundle], column: Column, cost: Cost) -> Iterator[Point]:
    for bundle in bundles:
        mine, x = column.scores.get(bundle.name), cost.of(bundle)
        if mine is not None and x is not None:
            low, high = interval(mine)
            yield Point(
                name=bundle.paper.nickname,
                x=x,
                y=mine.value,
                low=low,
                high=high,
                href=play(bundle),
                title=f"{bundle.name}: {mine.value:.4g} at {short(x)} {cost.short}",
            )


def draw_table(zoo: Zoo, data: str, score: str, against: str, sort: str) -> str:
    """A row for each bundle; heads sort, and every number opens its protocol."""
    bundles = competitors(zoo, data)
    found = scores(bundles)
    first = chosen(found, kept(bundles, score))
    if first is None:
        return ""
    others = [column for column in found if column is not first]
    return board.table(bundles, first, others, data=data, score=score, against=against, sort=sort)


def leaderboard(zoo: Zoo, data: str = "", score: str = "") -> Board:
    """Ranks all models of a data set by a score, with 95 % intervals, protocols and costs.

    `data` is a data set such as "fashion_mnist" (the one with most models if empty), `score` the
    title of a column such as "fid_fashion_cnn_10k" (the leading one if empty).
    """
    bundles = competitors(zoo, data)
    column = chosen(scores(bundles), score)
    places = []
    for bundle in ranked(bundles, column, BY_SCORE):
        mine = column.scores.get(bundle.name) if column else None
        places.append(
            Place(
                model=bundle.name,
                method=bundle.paper.nickname,
                year=bundle.paper.year,
                value=mine and mine.value,
                interval=mine and interval(mine),
                tied_with_best=bool(mine and column and column.tied(bundle.name)),
                protocol=mine.protocol if mine else {},
                costs={name: cost.of(bundle) for name, cost in COSTS.items()},
            )
        )
    return Board(
        data=bundles[0].recipe.data.name if bundles else "",
        score=column.title if column else "",
        better=column.better if column else "",
        places=places,
    )


def build(stage: Stage) -> None:
    with stage.controls():
        data = widgets.menu([], label="Learned from", min_width=180)
        score = widgets.menu([], label="Score", scale=2, min_width=220)
        against = gr.Dropdown(
            [(cost.title, name) for name, cost in COSTS.items()],
            label="Set against",
            scale=2,
            min_width=200,
        )
        sort = gr.Textbox(visible=False)
    with stage.wall():
        plot = widgets.html()
    table = widgets.html()
    widgets.html(PEOPLE, js_on_load=JUDGES, elem_classes="quiz")
    stage.bind(data=data, score=score, against=against, sort=sort)
    stage.bounds(bound_score)
    stage.draws(draw_choices, [data, score])
    stage.draws(draw_plot, plot)
    stage.draws(draw_table, table)
    stage.action(leaderboard, "leaderboard")


ENTRY = Tab(
    room="Judge",
    title="Leaderboard",
    heading="Who does best, and how we know",
    order=60,
    needs=("sample",),
    explainer=Explainer(
        sentence="Every number was measured on the trained networks that hang here, and opens the "
        "protocol that made it. Only numbers of one protocol share a column.",
        equation=r"\mathrm{FD} = \lVert \mu_r - \mu_g \rVert^2 + \operatorname{tr}\left(\Sigma_r "
        r"+ \Sigma_g - 2 (\Sigma_r \Sigma_g)^{1/2}\right)",
        more="The Fréchet distance compares two clouds of features: those of real pictures and "
        "those of generated ones, each summed up by its mean and covariance. The features come "
        "from a network that learned to classify the same kind of pictures, and the score's name "
        "says which. Two scores of different networks, different numbers of pictures or different "
        "real pictures cannot be compared, which is why they never share a column here. The value "
        "of real against real, in each protocol, is what real pictures score: those of the test "
        "split where there is one, else half of the pictures against the other half, which are "
        "fewer and look farther apart.",
    ),
    address=(
        Word(name="data", default=""),
        Word(name="score", default=""),
        Choice(name="against", default="minutes", options=tuple(COSTS)),
        Word(name="sort", default=BY_SCORE),
    ),
    build=build,
)
