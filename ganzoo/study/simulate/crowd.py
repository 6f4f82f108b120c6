"""Many simulated participants at once; afterwards every acknowledged answer is looked for."""

import itertools
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from threading import Lock, Thread

import numpy as np

from ganzoo.study.manifest import Prepared
from ganzoo.study.simulate.guest import Guest
from ganzoo.study.simulate.observers import Observer
from ganzoo.study.simulate.servant import Servant
from ganzoo.study.store import Store


@dataclass
class Crowd:
    """Who comes.

    Attributes:
        participants: at once.
        spread: standard deviation of d' between them.
        pace: the share of their reaction time that they really wait.
    """

    observer: Observer
    participants: int = 200
    spread: float = 0.0
    pace: float = 0.0
    seed: int = 0

    def guests(self, study: Prepared, home: str) -> Iterator[Guest]:
        """One after the other, without end, each with a sensitivity of their own."""
        dice = random.Random(self.seed)
        for i in itertools.count():
            shift = dice.gauss(0, self.spread)
            own = {
                **vars(self.observer),
                "d_prime": self.observer.d_prime + shift,
                "d_primes": {k: v + shift for k, v in self.observer.d_primes.items()},
            }
            name, seed = f"{self.seed}-{i}", dice.getrandbits(32)
            yield Guest(home, study.manifest, Observer(**own), name, seed, self.pace)


@dataclass
class Outcome:
    """What became of a crowd's answers.

    Attributes:
        lost: acknowledged, and not in the store as they were given.
        doubled: in the store more than once.
    """

    participants: int
    acknowledged: int
    stored: int
    lost: int
    doubled: int
    kills: int
    wall_s: float
    seconds: list[float] = field(repr=False, default_factory=list)
    errors: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For a terminal."""
        said = [
            f"{self.participants} participants, {self.acknowledged} answers acknowledged, "
            f"{self.stored} stored in {self.wall_s:.1f} s ({self.stored / self.wall_s:.0f} a "
            f"second): {self.lost} lost, {self.doubled} doubled"
        ]
        if self.kills:
            said.append(f"the server was killed {self.kills} times (SIGKILL)")
        if self.seconds:
            low, high, worst = np.percentile(self.seconds, [50, 95, 100]) * 1000
            said.append(
                f"acknowledged in {low:.0f} ms (median), {high:.0f} ms (95 %), "
                f"{worst:.0f} ms (worst)"
            )
        return said + [f"failed: {error}" for error in self.errors[:5]]


def send(
    study: Prepared,
    url: str,
    crowd: Crowd,
    kills: int = 0,
    between_s: tuple[float, float] = (0.2, 1.5),
    report: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Sends a crowd to a server of its own over the store at ``url``.

    Args:
        kills: how often the server is killed meanwhile, and started again; until then, whoever
            has finished is followed by another participant.
        between_s: how long it lives, from its first answer on: drawn evenly between these.
        report: called with the number of kills so far.
    """
    start, over = time.perf_counter(), Flag()
    with Servant(study.folder, url) as servant:
        door, came, lock = crowd.guests(study, servant.home), list[Guest](), Lock()

        def attend() -> None:
            while True:
                with lock:
                    came.append(guest := next(door))
                guest.take_part()
                if servant.kills >= kills or over.is_set():
                    return

        with ThreadPoolExecutor(crowd.participants) as pool:
            running = [pool.submit(attend) for _ in range(crowd.participants)]
            killer = Thread(target=_torment, args=(servant, kills, between_s, over, report))
            killer.start()
            errors = [str(e) for e in (future.exception() for future in running) if e is not None]
            over.set()
            killer.join()
        wall = time.perf_counter() - start
    return _compare(study.design.name, url, came, servant, wall, errors)


def _torment(
    servant: Servant,
    kills: int,
    between_s: tuple[float, float],
    over: Flag,
    report: Callable[[int], None],
) -> None:
    dice = random.Random()
    try:
        while servant.kills < kills and not over.wait(dice.uniform(*between_s)):
            servant.kill()
            report(servant.kills)
            servant.start()
    finally:
        over.set()  # should it not start again, nobody follows


def _compare(
    name: str, url: str, guests: Sequence[Guest], servant: Servant, wall: float, errors: list[str]
) -> Outcome:
    store = Store(url)
    found = [(a.participant, a.trial, a.attempt, repr(a.answer)) for a in store.answers(name)]
    store.close()
    stored = set(found)
    told = {
        (guest.token.partition(".")[0], trial, attempt, repr(answer))
        for guest in guests
        for trial, (attempt, answer) in guest.acknowledged.items()
    }
    keys = [(who, trial) for who, trial, _, _ in found]
    return Outcome(
        participants=len(guests),
        acknowledged=len(told),
        stored=len(found),
        lost=len(told - stored),
        doubled=len(keys) - len(set(keys)),
        kills=servant.kills,
        wall_s=wall,
        seconds=[s for guest in guests for s in guest.seconds],
        errors=errors,
    )


def fresh(folder: Path) -> str:
    """The address of a store that is new."""
    path = folder / "simulated.sqlite"
    path.unlink(missing_ok=True)
    return f"sqlite:///{path}"
