"""Standings: who learned from the same pictures, and in what order they come."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ganzoo.bundle import Bundle
from ganzoo.errors import UnknownNameError, suggestion
from ganzoo.evaluation.comparison import Column, columns
from ganzoo.zoo import Zoo

SPEED = "images_per_second"
PIXELS = "_pixels"  # in the names of scores


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
ONLY_LOOK = frozenset({"classify", "segment"})


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
    bundles = map(zoo.bundle, zoo.names())
    return by_data(b for b in bundles if b.config.metrics and not b.abilities & ONLY_LOOK)


def by_data(bundles: Iterable[Bundle]) -> dict[str, list[Bundle]]:
    """Bundles by what they learned from, the largest company first."""
    found: dict[str, list[Bundle]] = {}
    for bundle in bundles:
        found.setdefault(bundle.recipe.data.name, []).append(bundle)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def scores(bundles: Sequence[Bundle]) -> list[Column]:
    """The columns of numbers that may be compared, without those that are a cost."""
    return [column for column in columns(bundles) if not column.title.startswith(SPEED)]


def chosen(found: Sequence[Column], score: str) -> Column | None:
    """The column of that title; the leading one if none is named: the first, or if it looks at
    blurred pixels, its like through a network's eyes.

    Raises:
        UnknownNameError: if there is none of that title.
    """
    if not score:
        return _leading(found) if found else None
    for column in found:
        if column.title == score:
            return column
    titles = [column.title for column in found]
    raise UnknownNameError(f"nobody here was scored by {score!r}. {suggestion(score, titles)}")


def _leading(found: Sequence[Column]) -> Column:
    kind, blurred, _ = found[0].title.partition(PIXELS)
    seen = (one for one in found if blurred and one.title.startswith(kind))
    return next((one for one in seen if PIXELS not in one.title), found[0])


def ranked(bundles: Sequence[Bundle], column: Column | None, sort: str) -> list[Bundle]:
    """Best score first, or smallest cost first; those without the number come last.

    Args:
        sort: by what; with a minus before it, the other way round.

    Raises:
        UnknownNameError: if there is nothing of that name to sort by.
    """
    known = [BY_SCORE, "year", *COSTS]
    by = sort.removeprefix("-")
    if by not in known:
        raise UnknownNameError(f"there is no order {sort!r}. {suggestion(by, known)}")
    falling = -1 if sort.startswith("-") else 1
    sign = -1 if column and column.better == "higher" else 1

    def key(bundle: Bundle) -> tuple[float, str]:
        value: float | None = float(bundle.paper.year)
        if by == BY_SCORE:
            mine = column.scores.get(bundle.name) if column else None
            value = None if mine is None else sign * mine.value
        elif by in COSTS:
            value = COSTS[by].of(bundle)
        return (float("inf") if value is None else falling * value, bundle.name)

    return sorted(bundles, key=key)


def better_half(bundles: Sequence[Bundle]) -> list[Bundle]:
    """The first half by the leading score; all of them where there is none."""
    column = chosen(scores(bundles), "")
    if column is None:
        return list(bundles)
    return ranked(bundles, column, BY_SCORE)[: (len(bundles) + 1) // 2]


def kept(bundles: Sequence[Bundle], score: str) -> str:
    """A score left over from another data set means the first one of this."""
    return score if score in {column.title for column in scores(bundles)} else ""
