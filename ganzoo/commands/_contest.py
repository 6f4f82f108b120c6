"""A fair race: two ways of doing one thing, each in a process of its own, taking turns.

Turns are interleaved, so that whatever else the machine does meets both; the ratio is the median
over the rounds. A process of its own gives each its own peak memory.
"""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any

LEAST = 0.1  # seconds that one turn should last, at least

Act = Callable[..., object]
_stage: dict[str, Act] = {}  # in a contestant's process: what it can do, by name


class Contestant:
    """A process that builds something once and then does what it is told, against the clock.

    Args:
        build: returns what it can do, by name; must be importable, as must its arguments.
    """

    def __init__(self, build: Callable[..., dict[str, Act]], *given: object) -> None:
        spawn = get_context("spawn")  # a forked torch may hang
        self._pool = ProcessPoolExecutor(1, spawn)
        self._built = self._pool.submit(_set, build, given)

    def __enter__(self) -> "Contestant":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def do(self, name: str, *given: object) -> Any:
        """What an act returns."""
        return self._ask(_do, name, given)

    def seconds(self, name: str, times: int) -> float:
        """How long an act takes, on average."""
        seconds: float = self._ask(_seconds, name, times)
        return seconds

    def peak_bytes(self) -> int | None:
        """The most memory that its process has held; None where the system does not say."""
        most: int | None = self._ask(_peak_bytes)
        return most

    def _ask(self, act: Callable[..., Any], *given: object) -> Any:
        self._built.result()  # what went wrong there is raised here
        return self._pool.submit(act, *given).result()


def race(plain: Contestant, other: Contestant, act: str, rounds: int) -> tuple[float, float, float]:
    """Median seconds of both, and by how much the second is faster (median over the rounds)."""
    for one in (plain, other):
        one.seconds(act, 2)
    times = max(1, round(LEAST / plain.seconds(act, 1)))
    turns = [(plain.seconds(act, times), other.seconds(act, times)) for _ in range(rounds)]
    ratio = median(first / second for first, second in turns)
    return median(first for first, _ in turns), median(second for _, second in turns), ratio


def _set(build: Callable[..., dict[str, Act]], given: tuple[object, ...]) -> None:
    _stage.update(build(*given))


def _do(name: str, given: tuple[object, ...]) -> object:
    return _stage[name](*given)


def _seconds(name: str, times: int) -> float:
    act, began = _stage[name], time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - began) / times


def _peak_bytes() -> int | None:
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(fields["VmHWM"].split()[0]) * 1024
