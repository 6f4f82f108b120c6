"""Leaderboard: who does best on the same pictures, at what cost, and how anybody knows.

Layout and wiring only; which numbers may share a column is decided by :mod:`ganzoo.evaluation`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypedDict

import gradio as gr

from ganzoo.bundle import Bundle, Score
from ganzoo.data import sources
from ganzoo.errors import UnknownNameError, suggestion
from ganzoo.evaluation.comparison import Column, columns, interval
from ganzoo.gallery import widgets
from ganzoo.gallery.address import Choice, Word, href
from ganzoo.gallery.quiz import STUDY, script
from ganzoo.gallery.scatter import Point, scatter, short
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.zoo import Zoo

SPEED = "images_per_second"
PEOPLE = f'<ganzoo-standing study="{STUDY}"></ganzoo-standing>'
JUDGES = script("standing.js")


def _parameters(bundle: Bundle) -> float:
    return float(bundle.parameters())


def _speed(bundle: Bundle) -> float | None:
    return next((s.value for s in bundle.config.metrics if s.name == SPEED), None)


def _shown(bundle: Bundle) -> float | None:
    return bundle.config.cost and bundle.config.cost.kimg * 1000


def _minutes(bundle: Bundle) -> float | None:
    return bundle.config.cost and bundle.config.cost.seconds / 60


@dataclass(frozen=True)
class Cost:
    """What a score is set against.

    Attributes:
        title: on the axis; ``short`` in a table's head.
        of: its value for a bundle; None if it is not known.
    """

    title: str
    short: str
    of: Callable[[Bundle], float | None]


COSTS: Mapping[str, Cost] = {
    "parameters": Cost("parameters of the generator", "parameters", _parameters),
    "shown": Cost("images shown in training", "images shown", _shown),
    "minutes": Cost("minutes of training", "minutes", _minutes),
    "speed": Cost("images per second when sampling", "images/s", _speed),
}
BY_SCORE = "score"


class Place(TypedDict):
    """A bundle's row, for a program."""

    model: str
    method: str
    year: int
    value: float | None
    interval: tuple[float, float] | None
    tied_with_best: bool
    protocol: dict[str, str | int | float | bool | None]
    costs: dict[str, float | None]


class Board(TypedDict):
    data: str
    score: str
    better: str
    places: list[Place]


def competitors(zoo: Zoo, data: str) -> list[Bundle]:
    """The scored bundles that learned from a data set, but for those that only look.

    Raises:
        UnknownNameError: if none did.
    """
    found = data_sets(zoo)
    if data and data not in found:
        raise UnknownNameError(f"nothing here learned from {data!r}. {suggestion(data, found)}")
    return found.get(data) or next(iter(found.values()), [])


def data_sets(zoo: Zoo) -> dict[str, list[Bundle]]:
    """Scored bundles by what they learned from, the largest company first."""
    found: dict[str, list[Bundle]] = {}
    for bundle in map(zoo.bundle, zoo.names()):
        if bundle.config.metrics and "classify" not in bundle.abilities:
            found.setdefault(bundle.recipe.data.name, []).append(bundle)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def scores(bundles: Sequence[Bundle]) -> list[Column]:
    """The columns of numbers that may be compared, without those that are a cost."""
    return [column for column in columns(bundles) if not column.title.startswith(SPEED)]


def chosen(found: Sequence[Column], score: str) -> Column | None:
    """The column of that title; the first if none is named.

    Raises:
        UnknownNameError: if there is none of that title.
    """
    if not score:
        return found[0] if found else None
    for column in found:
        if column.title == score:
            return column
    titles = [column.title for column in found]
    raise UnknownNameError(f"nobody here was scored by {score!r}. {suggestion(score, titles)}")


def ranked(bundles: Sequence[Bundle], column: Column | None, sort: str) -> list[Bundle]:
    """Best score first, or smallest cost first; those without the number come last.

    Raises:
        UnknownNameError: if there is nothing of that name to sort by.
    """
    known = [BY_SCORE, "year", *COSTS]
    if sort not in known:
        raise UnknownNameError(f"there is no order {sort!r}. {suggestion(sort, known)}")
    sign = -1 if column and column.better == "higher" else 1

    def key(bundle: Bundle) -> tuple[float, str]:
        value: float | None = float(bundle.paper.year)
        if sort == BY_SCORE:
            mine = column.scores.get(bundle.name) if column else None
            value = None if mine is None else sign * mine.value
        elif sort in COSTS:
            value = COSTS[sort].of(bundle)
        return (float("inf") if value is None else value, bundle.name)

    return sorted(bundles, key=key)


def draw_choices(zoo: Zoo, data: str, score: str) -> tuple[Any, Any]:
    """What may be chosen from: data sets, and the scores that were measured on this one."""
    found, bundles = data_sets(zoo), competitors(zoo, data)
    titles = [column.title for column in scores(bundles)]
    here = bundles[0].recipe.data.name if bundles else ""
    return (
        gr.Dropdown(choices=[(sources[name].title, name) for name in found], value=here),
        gr.Dropdown(choices=titles, value=score if score in titles else next(iter(titles), "")),
    )


def draw_plot(zoo: Zoo, data: str, score: str, against: str) -> str:
    """The score against a cost, a point for each bundle that has both."""
    bundles = competitors(zoo, data)
    column, cost = chosen(scores(bundles), _kept(bundles, score)), COSTS[against]
    if column is None:
        return "<p>Nothing here has been scored yet: <code>ganzoo evaluate NAME --write</code>.</p>"
    points = list(_points(bundles, column, cost))
    if not points:
        return f"<p class='fine'>The {cost.title} of these models are not known.</p>"
    lower = f"{column.title} ({column.better} is better)"
    return scatter(points, cost.title, lower)


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
                href=_play(bundle),
                title=f"{bundle.name}: {mine.value:.4g} at {short(x)} {cost.short}",
            )


def draw_table(zoo: Zoo, data: str, score: str, against: str, sort: str) -> str:
    """A row for each bundle; heads sort, and every number opens its protocol."""
    bundles = competitors(zoo, data)
    found = scores(bundles)
    first = chosen(found, _kept(bundles, score))
    if first is None:
        return ""
    others = [column for column in found if column is not first]

    def sorter(title: str, by: str, of: str = score) -> str:
        here = ' aria-sort="ascending"' if by == sort and of == score else ""
        to = href("leaderboard", data=data, score=of, against=against, sort=by)
        return f'<th scope="col"{here}><a href="{escape(to)}">{escape(title)}</a></th>'

    head = (
        '<th scope="col">model</th>'
        + sorter("year", "year")
        + sorter(_arrowed(first), BY_SCORE)
        + "".join(sorter(cost.short, name) for name, cost in COSTS.items())
        + "".join(sorter(_arrowed(column), BY_SCORE, column.title) for column in others)
    )
    rows = "".join(
        _row(bundle, first, others, number)
        for number, bundle in enumerate(ranked(bundles, first, sort))
    )
    return (
        f'<div class="board" tabindex="0" role="region" aria-label="Leaderboard"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        "<p class='fine'>An asterisk marks the best, a tilde what cannot be told from the best "
        "(95 % intervals meet). A click on a number shows how it was measured.</p>"
    )


def _row(bundle: Bundle, first: Column, others: Sequence[Column], number: int) -> str:
    costs = "".join(f"<td>{_said(cost.of(bundle))}</td>" for cost in COSTS.values())
    rest = "".join(_cell(bundle, column, f"{number}-{i}") for i, column in enumerate(others))
    return (
        f'<tr><th scope="row"><a href="{escape(_play(bundle))}">'
        f"{escape(bundle.paper.nickname)}</a><span>{escape(bundle.name)}</span></th>"
        f"<td>{bundle.paper.year}</td>{_cell(bundle, first, f'{number}')}{costs}{rest}</tr>"
    )


def _cell(bundle: Bundle, column: Column, place: str) -> str:
    score = column.scores.get(bundle.name)
    if score is None:
        return "<td class='fine'>–</td>"
    low, high = interval(score)
    mark = ""
    if len(column.scores) > 1:
        tied = high > low and column.tied(bundle.name)
        mark = " *" if bundle.name == column.best else " ~" if tied else ""
    spread = f"<span>{low:.3g} to {high:.3g}</span>" if high > low else ""
    return (
        f'<td><button type="button" class="link" popovertarget="board-{place}">'
        f"{score.value:.4g}{mark}</button>{spread}"
        f'<div popover id="board-{place}" class="protocol">{_protocol(bundle, score)}</div></td>'
    )


def _protocol(bundle: Bundle, score: Score) -> str:
    rows = "".join(
        f"<dt>{escape(key)}</dt><dd>{escape(str(value))}</dd>"
        for key, value in score.protocol.items()
        if value is not None
    )
    return (
        f"<h3>{escape(bundle.name)}</h3><p><code>{escape(score.name)}</code>, "
        f"{score.better} is better</p><dl>{rows}</dl>"
    )


def _arrowed(column: Column) -> str:
    return f"{column.title} {'↓' if column.better == 'lower' else '↑'}"


def _said(value: float | None) -> str:
    return "–" if value is None else short(value)


def _kept(bundles: Sequence[Bundle], score: str) -> str:
    """A score left over from another data set means the first one of this."""
    return score if score in {column.title for column in scores(bundles)} else ""


def _play(bundle: Bundle) -> str:
    return href("sample", model=bundle.name) if "sample" in bundle.abilities else "?"


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
        data = gr.Dropdown([], label="Learned from", allow_custom_value=True, min_width=180)
        score = gr.Dropdown([], label="Score", allow_custom_value=True, scale=2, min_width=220)
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
        "of real against real, in each protocol, is the best that can be expected.",
    ),
    address=(
        Word(name="data", default=""),
        Word(name="score", default=""),
        Choice(name="against", default="minutes", options=tuple(COSTS)),
        Word(name="sort", default=BY_SCORE),
    ),
    build=build,
)
