"""What ``ganzoo bench`` found, as tables."""

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

Report = dict[str, Any]
NAMES = {
    "images_per_second": "images per second",
    "latency_ms": "one image, ms",
    "step_ms": "one step, ms",
    "peak_memory_mib": "peak memory, MiB",
}


def print_race(report: Report) -> None:
    """Two ways side by side, and by how much the second is faster."""
    ways = [key for key in ("plain", "prepared", "trainer") if key in report]
    table = Table(box=box.SIMPLE_HEAD)
    for column in (report["measured"], *ways, "ratio"):
        table.add_column(column, justify="left" if column == report["measured"] else "right")
    ratio = report["ratio"]
    for key, name in NAMES.items():
        if key not in report[ways[0]]:
            continue
        gain = ratio.get(key, ratio.get(key.removesuffix("_ms")))
        values = [report[way][key] for way in ways]
        table.add_row(
            name,
            *("–" if value is None else f"{value:,.4g}" for value in values),
            f"{gain:.2f}×" if gain else "",
        )
    console = Console(highlight=False)
    console.print(
        f"[bold]{report['bundle']}[/] on {report['processor']}, {report['threads']} threads, "
        f"torch {report['torch']}, {report['precision']}, batch {report['batch']}"
    )
    console.print(table)
    if "psnr_db" in report:
        agreement = report["psnr_db"]
        said = "are equal" if agreement is None else f"agree to {agreement} dB (PSNR)"
        console.print(f"Their results {said}.")


def print_waits(report: Report) -> None:
    """How long a visitor waits in each view."""
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("view", "moved", "median, ms", "95 %, ms"):
        table.add_column(column, justify="right" if "ms" in column else "left")
    for one in report["views"]:
        waited = (f"{one[key]:,.0f}" for key in ("median_ms", "p95_ms"))
        table.add_row(one["view"], one["slider"], *waited)
    console = Console(highlight=False)
    console.print(
        f"[bold]{report['bundle']}[/] on {report['processor']}, torch {report['torch']}: from "
        f"slider to picture, over HTTP, {report['rounds']} moves"
    )
    console.print(table)


def print_public(report: Report) -> None:
    """Public code, or the textbook's way, beside ganzoo, at the same weights."""
    kind = "public" if "public" in report else "textbook"
    table = Table(box=box.SIMPLE_HEAD)
    for column in (report["measured"], f"{kind}, ms", "ganzoo, ms", "ratio"):
        table.add_column(column, justify="left" if column == report["measured"] else "right")
    for what, one in report["races"].items():
        values = (f"{one[key]:,.1f}" for key in (f"{kind}_ms", "ganzoo_ms"))
        table.add_row(what, *values, f"{one['ratio']:.2f}×")
    console = Console(highlight=False)
    console.print(
        f"[bold]{report[kind]}[/] in eager float32 against ganzoo in {report['precision']} on "
        f"{report['processor']}, {report['threads']} threads, torch {report['torch']}"
    )
    if kind == "textbook":
        console.print(
            "The textbook is ganzoo's own rendering of the reference path: not public code."
        )
    console.print(table)
    if report["psnr_db"] is not None:
        console.print(f"Their pictures agree to {report['psnr_db']} dB (PSNR).")
