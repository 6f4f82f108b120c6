"""The family tree: papers on a line of time, and who grew from whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from ganzoo.papers import Paper


@dataclass(frozen=True)
class Place:
    """Where a paper hangs: in which column of time, and how far down."""

    paper: Paper
    column: int
    row: int


@dataclass(frozen=True)
class Family:
    """Papers in their places, the year of each column, and the lines from parents to children."""

    places: tuple[Place, ...]
    years: tuple[int, ...]
    lines: tuple[tuple[Place, Place], ...]

    @property
    def rows(self) -> int:
        return max((place.row for place in self.places), default=-1) + 1


def family(papers: Iterable[Paper]) -> Family:
    """Places papers so that every child hangs to the right of its parents.

    A year has as many columns as its longest line of descent has members. Within a column papers
    hang near their parents. Parents that are not among the papers draw no line.
    """
    known = {paper.nickname: paper for paper in papers}
    columns = sorted({_column(paper, known) for paper in known.values()})
    places: dict[str, Place] = {}
    ranked = sorted(known.values(), key=lambda paper: (_column(paper, known), paper.nickname))
    for column, here in groupby(ranked, key=lambda paper: _column(paper, known)):
        by_kin = sorted(here, key=lambda paper: _kin_row(paper, places))
        for row, paper in enumerate(by_kin):
            places[paper.nickname] = Place(paper, columns.index(column), row)
    lines = tuple(
        (places[parent], child)
        for child in places.values()
        for parent in child.paper.parents
        if parent in places and places[parent].column < child.column
    )
    return Family(tuple(places.values()), tuple(year for year, _ in columns), lines)


def _column(paper: Paper, known: dict[str, Paper], seen: Sequence[str] = ()) -> tuple[int, int]:
    """The year, and how many generations of the same year came before."""
    parents = (known[name] for name in paper.parents if name in known and name not in seen)
    peers = [_column(p, known, (*seen, paper.nickname)) for p in parents if p.year == paper.year]
    return (paper.year, 1 + max((generation for _, generation in peers), default=-1))


def _kin_row(paper: Paper, places: dict[str, Place]) -> float:
    rows = [places[name].row for name in paper.parents if name in places]
    return sum(rows) / len(rows) if rows else 0.0
