"""Figures fit for a paper: vector and raster, readable in grey."""

from pathlib import Path
from typing import Any

WIDE, ROW = 5.2, 0.42  # inches
KINDS = {
    "hype": ("HYPE∞ (% judged wrong)", 50.0),
    "error": ("Judged wrong (%)", 50.0),
    "fooled": ("Fakes taken for the real one (%)", 50.0),
    "hype_time_ms": ("HYPE-time (ms)", None),
    "strength": ("Bradley–Terry log-strength", 0.0),
    "d_prime": ("d′", 0.0),
}


def draw(results: dict[str, Any], folder: Path) -> list[Path]:
    """One figure for each measure that the results have: means with 95 % intervals."""
    from matplotlib import rc_context

    written: list[Path] = []
    with rc_context({"svg.hashsalt": "ganzoo", "pdf.fonttype": 42, "font.size": 9}):
        for key, (name, chance) in KINDS.items():
            rows = [row for row in results["models"] if key in row]
            if rows:
                written += _forest(rows, key, name, chance, folder)
    return written


def _forest(
    rows: list[dict[str, Any]], key: str, name: str, chance: float | None, folder: Path
) -> list[Path]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDE, 0.9 + ROW * len(rows)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for place, row in enumerate(reversed(rows)):
        told = row[key]
        axes.plot([told["low"], told["high"]], [place, place], color="0.45", lw=1.4)
        axes.plot([told["value"]], [place], "o", color="#a63d26", ms=5)
    if chance is not None:
        axes.axvline(chance, color="0.7", lw=0.8, ls=(0, (4, 3)), zorder=0)
    labels = [f"{row['model']} (n = {row['participants']})" for row in reversed(rows)]
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel(name)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    written = []
    for suffix in ("pdf", "png"):
        path = folder / f"{key}.{suffix}"
        figure.savefig(path, dpi=200, metadata={"CreationDate": None} if suffix == "pdf" else None)
        written.append(path)
    return written
