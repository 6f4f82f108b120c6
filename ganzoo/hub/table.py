"""All bundles side by side, as Markdown: for the README and for ``checkpoints/README.md``."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ganzoo import config
from ganzoo.bundle import Bundle
from ganzoo.errors import InputError
from ganzoo.hub.prospects import prospects
from ganzoo.hub.verbatim import verbatim
from ganzoo.record import Score, line

FLOOR = "real_vs_real"
PIXELS = "pixels"  # whose means of patches see no edges
CIRCUMSTANCES = ("data_sha256", "n_real", "n_fake", "seed", "attack", "rounds")


def headline(bundle: Bundle) -> Score | None:
    """The score that stands for a bundle: its Fréchet distance, of patches if it knows one image,
    through a network's eyes rather than as blurred pixels; a classifier's accuracy, a segmenter's
    mean IoU, a translator's kernel distance, a film's nearness to the true one, or how often what
    was painted from a name alone is called so.
    """
    for kind in ("fid", "sifid", "accuracy", "mean_iou", "kid", "psnr", "level"):
        found = [
            score
            for score in bundle.config.metrics
            if score.name.startswith(kind) and FLOOR not in score.name
        ]
        if found:
            return min(found, key=lambda score: f"{kind}_{PIXELS}" in score.name)
    return None


def short(bundles: Iterable[Bundle]) -> str:
    """One row each: what it is, what it learned from, how good it is."""
    lines = ["| bundle | method | data | parameters | score |", "|---|---|---|---:|---|"]
    for one in sorted(bundles, key=_by_year):
        paper, data = one.paper, one.config.data
        title = verbatim(data.title) if data else "—"
        lines.append(
            f"| [`{one.name}`](checkpoints/{one.name}) "
            f"| [{paper.nickname}]({paper.url}), {paper.year} | {title} "
            f"| {one.parameters():,} | {_told(headline(one))} |"
        )
    return "\n".join(lines)


def waiting(bundles: Iterable[Bundle]) -> str:
    """The recipes that no bundle hangs from yet."""
    here = {one.name for one in bundles}
    listed = ", ".join(f"`{name}`" for name in config.names() if name not in here)
    return f"Recipes without a bundle here (`ganzoo train NAME`): {listed or 'none'}."


def long(bundles: Iterable[Bundle]) -> str:
    """A section each: data, what was spent, every score with its protocol, what more would buy."""
    return "\n\n".join("\n".join(_section(one)) for one in sorted(bundles, key=_by_year))


def insert(path: Path, table: str, mark: str = "bundles") -> None:
    """Puts a table between the marks in a file, ``<!-- bundles -->`` and ``<!-- /bundles -->``.

    Raises:
        InputError: if the file cannot be read as text, or lacks the marks.
    """
    path.write_text(_with(path, table, mark), "utf-8")


def check(path: Path, *marks: str) -> None:
    """Sees that tables can be put into a file.

    Raises:
        As :func:`insert`.
    """
    for mark in marks:
        _with(path, "", mark)


def _with(path: Path, table: str, mark: str) -> str:
    try:
        return inserted(path.read_text("utf-8"), table, mark)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}") from None
    except ValueError as error:  # no text, or without marks
        raise InputError(f"{str(path)!r}: {error}") from None


def inserted(text: str, table: str, mark: str = "bundles") -> str:
    """The text with a table between its marks."""
    first, last = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, begin, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        raise ValueError(f"the text lacks {first} … {last}")
    return f"{before}{first}\n{table}\n{last}{after}"


def _section(one: Bundle) -> Iterator[str]:
    data, cost = one.config.data, one.config.cost
    yield f"### {one.name}\n"
    if data:
        told = f"{verbatim(data.title)}, {data.count:,} images ({verbatim(data.licence)})"
        yield f"- Data: {told}"
    if cost:
        yield (
            f"- Spent: {cost.kimg:,.0f} thousand images shown, {cost.steps:,} steps, "
            f"{cost.seconds / 60:.0f} minutes on {cost.threads} thread of {cost.processor}"
        )
    yield f"- More training: {prospects(one)}"
    for scores in _measured_together(one.config.metrics):
        shared = {
            key: value
            for key, value in scores[0].protocol.items()
            if key != FLOOR and all(score.protocol.get(key) == value for score in scores)
        }
        yield "\n| score | value | real against real | besides |\n|---|---:|---:|---|"
        for score in scores:
            floor = score.protocol.get(FLOOR)
            own = {
                key: value
                for key, value in score.protocol.items()
                if key not in shared and key != FLOOR
            }
            yield (
                f"| `{score.name}` | {_value(score)} "
                f"| {'' if floor is None else f'{floor:.4g}'} | {line(own)} |"
            )
        yield f"\nProtocol: {line(shared)}."


def _measured_together(scores: Iterable[Score]) -> Iterable[list[Score]]:
    """Scores of the same pictures, in their order: their protocols are nearly one."""
    groups: dict[tuple[object, ...], list[Score]] = {}
    for score in scores:
        circumstances = tuple(score.protocol.get(key) for key in CIRCUMSTANCES)
        groups.setdefault(circumstances, []).append(score)
    return groups.values()


def _told(score: Score | None) -> str:
    return "not measured" if score is None else f"{_value(score)} `{score.name}`"


def _value(score: Score) -> str:
    spread = f" ± {score.deviation:.2g}" if score.deviation is not None else ""
    return f"{score.value:.4g}{spread}"


def _by_year(bundle: Bundle) -> tuple[int, str]:
    return bundle.paper.year, bundle.name
