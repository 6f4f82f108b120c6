"""Results on disk: JSON for programs, a table and figures for a paper."""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ganzoo.study import figures
from ganzoo.study.analysis import analyse
from ganzoo.study.progress import model_line
from ganzoo.study.records import design_of, people
from ganzoo.study.register import state_of
from ganzoo.study.statistics import RESAMPLES
from ganzoo.study.store import Event, Store

COLUMNS = (
    ("hype", "HYPE∞, %", 1),
    ("hype_time_ms", "HYPE-time, ms", 0),
    ("error", "judged wrong, %", 1),
    ("fooled", "fooled, %", 1),
    ("strength", "strength", 2),
    ("error_fakes", "error on fakes, %", 1),
    ("error_reals", "error on reals, %", 1),
    ("d_prime", "d′", 2),
    ("bias", "bias", 2),
    ("accuracy", "accuracy", 3),
)


def write(store: Store, study: str, folder: Path, resamples: int = RESAMPLES) -> dict[str, Any]:
    """Analyses a study, writes everything into a folder, and records whom the rules leave out."""
    design = design_of(store, study)
    record_exclusions(store, study)
    results = analyse(store, design, resamples)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(
        json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8"
    )
    rows = table(results)
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    (folder / "table.md").write_text(markdown(rows), "utf-8")
    (folder / "table.tex").write_text(latex(rows), "utf-8")
    figures.draw(results, folder)
    return results


def record_exclusions(store: Store, study: str) -> None:
    """Writes down whom the pre-registered rules leave out, when that can change no more."""
    closed = state_of(store, study) == "closed"
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    facts = [
        Event(
            study, "exclusion", at, person.participant.id,
            f"exclusion {rule} {person.participant.id}", {"rule": rule, "value": value},
        )
        for person in people(store, design_of(store, study))
        if person.finished or person.unqualified is not None or closed
        for rule, value in person.excluded.items()
    ]  # fmt: skip
    if facts:
        store.add(*facts)


def table(results: dict[str, Any]) -> list[list[str]]:
    """A row per model, a column per measure: value [95 % interval]."""
    columns = [c for c in COLUMNS if any(c[0] in row for row in results["models"])]
    rows = [["model", "participants", *(name for _, name, _ in columns)]]
    for row in results["models"]:
        told = [_told(row.get(key), digits) for key, _, digits in columns]
        rows.append([row["model"], str(row["participants"]), *told])
    return rows


def _told(interval: dict[str, float] | None, digits: int) -> str:
    if interval is None:
        return ""
    value, low, high = (interval[key] for key in ("value", "low", "high"))
    return f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """As a GitHub table."""
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body]) + "\n"


def latex(rows: Sequence[Sequence[str]]) -> str:
    """As a booktabs table."""
    words = {"∞": r"$_\infty$", "′": r"$'$", "%": r"\%", "_": r"\_"}
    lines = []
    for row in rows:
        cells = ["".join(words.get(letter, letter) for letter in cell) for cell in row]
        lines.append(" & ".join(cells) + r" \\")
    head, *body = lines
    shape = "l" + "r" * (len(rows[0]) - 1)
    whole = [rf"\begin{{tabular}}{{{shape}}}", r"\toprule", head, r"\midrule", *body]
    return "\n".join([*whole, r"\bottomrule", r"\end{tabular}"]) + "\n"


def lines(results: dict[str, Any]) -> list[str]:
    """For a terminal."""
    counts = results["people"]
    said = [
        f"{counts['came']} came, {counts['finished']} finished, {counts['analysed']} analysed",
        *(f"left out, {rule}: {count}" for rule, count in results["exclusions"].items()),
        *(model_line(row) for row in results["models"]),
    ]
    if test := results.get("test"):
        first, second = test["df"]
        said.append(
            f"{test['name']} of {test['measure']}: "
            f"F({first:.4g}, {second:.4g}) = {test['statistic']:.2f}, "
            f"p = {test['p']:.3g}"
        )
    return said + [
        f"{one['first']} − {one['second']}: {one['difference']:+.1f} "
        f"[{one['low']:.1f}, {one['high']:.1f}], p = {one['p']:.3g}"
        for one in results.get("contrasts", [])
    ]
