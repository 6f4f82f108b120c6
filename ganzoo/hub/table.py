"""All bundles side by side, as Markdown: for the README and for ``checkpoints/README.md``."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ganzoo.bundle import Bundle, Score
from ganzoo.hub.prospects import prospects

FLOOR = "real_vs_real"


def headline(bundle: Bundle) -> Score | None:
    """The score that stands for a bundle: its Fréchet distance, a classifier's accuracy, or a
    translator's kernel distance.
    """
    for kind in ("fid", "accuracy", "kid"):
        for score in bundle.config.metrics:
            if score.name.startswith(kind) and FLOOR not in score.name:
                return score
    return None


def short(bundles: Iterable[Bundle]) -> str:
    """One row each: what it is, what it learned from, how good it is."""
    lines = ["| bundle | method | data | parameters | score |", "|---|---|---|---:|---|"]
    for one in sorted(bundles, key=_by_year):
        paper, data = one.paper, one.config.data
        lines.append(
            f"| [`{one.name}`](checkpoints/{one.name}) "
            f"| [{paper.nickname}]({paper.url}), {paper.year} | {data.title if data else '—'} "
            f"| {one.parameters():,} | {_told(headline(one))} |"
        )
    return "\n".join(lines)


def long(bundles: Iterable[Bundle]) -> str:
    """A section each: data, what was spent, every score with its protocol, what more would buy."""
    return "\n\n".join("\n".join(_section(one)) for one in sorted(bundles, key=_by_year))


def insert(path: Path, table: str, mark: str = "bundles") -> None:
    """Puts a table between the marks in a file, ``<!-- bundles -->`` and ``<!-- /bundles -->``.

    Raises:
        ValueError: if the file lacks the marks.
    """
    path.write_text(inserted(path.read_text("utf-8"), table, mark), "utf-8")


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
        yield f"- Data: {data.title}, {data.count:,} images ({data.licence})"
    if cost:
        yield (
            f"- Spent: {cost.kimg:,.0f} thousand images shown, {cost.steps:,} steps, "
            f"{cost.seconds / 60:.0f} minutes on {cost.threads} thread of {cost.processor}"
        )
    for score in one.config.metrics:
        protocol = ", ".join(f"{key} {value}" for key, value in score.protocol.items())
        yield f"- {_told(score)} ({protocol})"
    yield f"- More training: {prospects(one)}"


def _told(score: Score | None) -> str:
    if score is None:
        return "not measured"
    spread = f" ± {score.deviation:.2g}" if score.deviation is not None else ""
    return f"{score.value:.4g}{spread} `{score.name}`"


def _by_year(bundle: Bundle) -> tuple[int, str]:
    return bundle.paper.year, bundle.name
