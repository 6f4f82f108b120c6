"""The leaderboard's table: a row for each bundle, and behind every number its protocol."""

from collections.abc import Sequence
from html import escape

from ganzoo.bundle import Bundle
from ganzoo.evaluation.comparison import Column
from ganzoo.evaluation.confidence import interval
from ganzoo.evaluation.wording import plain
from ganzoo.gallery.address import href
from ganzoo.gallery.front.views import play
from ganzoo.gallery.placard import protocol
from ganzoo.gallery.scatter import short
from ganzoo.gallery.standings import BY_SCORE, COSTS, ranked
from ganzoo.record import Score


def table(
    bundles: Sequence[Bundle],
    first: Column,
    others: Sequence[Column],
    *,
    data: str,
    score: str,
    against: str,
    sort: str,
) -> str:
    """Heads sort, once more the other way round, and every number opens its protocol.

    Args:
        first: the column that ranks; ``others`` follow the costs.
        data, score, against, sort: the present address, which the heads' links keep.
    """

    def sorter(title: str, by: str, of: str = score, code: str = "") -> str:
        here = ""
        if by == sort.removeprefix("-") and of == score:
            turned = sort.startswith("-")
            falls = turned != (by == BY_SCORE and first.better == "higher")  # the best comes first
            here = f' aria-sort="{"descending" if falls else "ascending"}"'
            by = by if turned else f"-{by}"
        to = href("leaderboard", data=data, score=of, against=against, sort=by)
        small = f"<span><code>{escape(code)}</code></span>" if code else ""
        return f'<th scope="col"{here}><a href="{escape(to)}">{escape(title)}</a>{small}</th>'

    head = (
        '<th scope="col">model</th>'
        + sorter("year", "year")
        + sorter(_arrowed(first), BY_SCORE, code=first.title)
        + "".join(sorter(cost.short, name) for name, cost in COSTS.items())
        + "".join(
            sorter(_arrowed(column), BY_SCORE, column.title, column.title) for column in others
        )
    )
    rows = "".join(
        _row(bundle, first, others, number)
        for number, bundle in enumerate(ranked(bundles, first, sort))
    )
    return (
        f'<div class="board" tabindex="0" role="region" aria-label="Leaderboard"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        "<p class='fine'>An asterisk marks the best, a tilde what cannot be told from the best (at "
        "5 % for the column). A click on a number shows how it was measured.</p>"
    )


def _row(bundle: Bundle, first: Column, others: Sequence[Column], number: int) -> str:
    costs = "".join(f"<td>{_said(cost.of(bundle))}</td>" for cost in COSTS.values())
    rest = "".join(_cell(bundle, column, f"{number}-{i}") for i, column in enumerate(others))
    return (
        f'<tr><th scope="row"><a href="{escape(play(bundle))}">'
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
    return (
        f"<h3>{escape(bundle.name)}</h3><p>{escape(plain(score.name))} "
        f"<code>{escape(score.name)}</code>, {score.better} is better</p>{protocol(score.protocol)}"
    )


def _arrowed(column: Column) -> str:
    return f"{column.words} {'↓' if column.better == 'lower' else '↑'}"


def _said(value: float | None) -> str:
    return "–" if value is None else short(value)
