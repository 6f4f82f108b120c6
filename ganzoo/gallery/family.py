"""The family tree: papers on a line of time, and who grew from whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

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
        """How many rows are needed."""
        return max((place.row for place in self.places), default=-1) + 1


def family(papers: Iterable[Paper]) -> Family:
    """Places papers so that no line runs behind a picture.

    A paper hangs to the right of its parents, in the row nearest to its first parent's that is
    free from its earliest parent on: a line leaves its parent to that row at once and then runs
    straight. Columns are years; a year has as many as the longest line of descent within it has
    members. Parents that are not among the papers draw no line.
    """
    known = {paper.nickname: paper for paper in papers}
    moments = {name: _moment(paper, known) for name, paper in known.items()}
    columns = {moment: i for i, moment in enumerate(sorted(set(moments.values())))}
    places: dict[str, Place] = {}
    lines: list[tuple[Place, Place]] = []
    taken: set[tuple[int, int]] = set()  # columns and rows
    for name in sorted(known, key=lambda name: (moments[name], name)):
        column = columns[moments[name]]
        kin = [places[parent] for parent in known[name].parents if parent in places]
        parents = [place for place in kin if place.column < column]
        first = min((parent.column + 1 for parent in parents), default=column)
        wish = parents[0].row if parents else 0
        row = next(
            row
            for row in sorted(range(len(known)), key=lambda row: (abs(row - wish), row))
            if not any((between, row) in taken for between in range(first, column + 1))
        )
        taken |= {(between, row) for between in range(first, column + 1)}
        places[name] = Place(known[name], column, row)
        lines += [(parent, places[name]) for parent in parents]
    return Family(tuple(places.values()), tuple(year for year, _ in columns), tuple(lines))


def _moment(paper: Paper, known: Mapping[str, Paper]) -> tuple[int, int]:
    """The year, and how many generations of the same year came before."""
    generation, seen = [paper], {paper.nickname}
    for age in count():
        names = {name for one in generation for name in one.parents} - seen
        generation = [known[n] for n in names if n in known and known[n].year == paper.year]
        if not generation:
            return paper.year, age
        seen |= names
    raise AssertionError
