"""Two servers over one PostgreSQL: whoever is answered by which, no answer is lost or doubled."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from ganzoo.errors import GanzooError
from ganzoo.study.serve import bound
from ganzoo.study.simulate import Observer, Servant
from ganzoo.study.simulate.guest import Guest
from ganzoo.study.store import Store


@dataclass
class Wanderer(Guest):
    """A participant whom a load balancer sends to another server with every request."""

    homes: tuple[str, ...] = field(default=())
    turn: int = 0

    def _ask(self, method, path, content=None):
        self.turn += 1
        self.home = self.homes[self.turn % len(self.homes)]
        try:
            return super()._ask(method, path, content)
        finally:
            if self._line is not None:
                self._line.close()
            self._line = None


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_two_servers_with_one_store_are_one_study(url, make):
    study = make(trials=5, assign="between", completion={"code": "C0DE"})
    with Servant(study.folder, url) as first, Servant(study.folder, url) as second:
        homes = (first.home, second.home)
        guests = [
            Wanderer(first.home, study.manifest, Observer(), f"{i}", i, homes=homes, turn=i)
            for i in range(10)
        ]
        with ThreadPoolExecutor(len(guests)) as crowd:
            for done in [crowd.submit(guest.take_part) for guest in guests]:
                done.result()
    store = Store(url)
    told = {
        (guest.token.partition(".")[0], trial, attempt)
        for guest in guests
        for trial, (attempt, _) in guest.acknowledged.items()
    }
    kept = [(a.participant, a.trial, a.attempt) for a in store.answers("tiny")]
    seats = [one.seat for one in store.participants("tiny")]
    finished = store.events("tiny", "completion")
    refused = store.events("tiny", "refused")
    store.close()
    assert len(kept) == 50
    assert set(kept) == told
    assert sorted(seats) == list(range(10))  # so that the models stay balanced
    assert len(finished) == 10
    assert refused == []


def test_nobody_is_told_of_a_door_that_is_taken():
    first = bound("127.0.0.1", 0)
    first.listen()
    port = first.getsockname()[1]
    with pytest.raises(GanzooError, match=rf"127.0.0.1:{port}: Address already in use; --port"):
        bound("127.0.0.1", port)
    first.close()
    with pytest.raises(GanzooError, match=r"cannot serve at 203.0.113.7:\d+"):
        bound("203.0.113.7", port)
