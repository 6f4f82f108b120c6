"""Facts written by hand: whom the rules leave out, and what is made of the others' answers."""

from dataclasses import replace
from itertools import cycle

import pytest
from studies import raw

from ganzoo.study.analysis import analyse
from ganzoo.study.design import Design
from ganzoo.study.records import people
from ganzoo.study.store import Answered, Participant, Registered, Store

ANSWER = Answered("", 0, "attempt", "t", "main", 0, (("x", None),), "real", 1, 1, 700.0)


@pytest.fixture
def kept():
    store = Store("sqlite://")
    store.add(Registered("tiny", "t", "{}", "{}", "1", "salt", "secret"))
    yield store
    store.close()


def design(**changes):
    return Design.parse(raw(**changes))


def come(store, who, answers):
    """A participant with these answers, one trial after the other."""
    seat = store.seats("tiny")
    store.add(Participant(who, "tiny", seat, "t", "link", f"eraser {who}"))
    store.add(*(replace(one, participant=who, trial=i) for i, one in enumerate(answers)))


def left_out(store, **rules):
    found = people(store, design(exclude={"incomplete": False, **rules}))
    return {one.participant.id: one.excluded for one in found if one.excluded}


def test_one_hasty_answer_leaves_nobody_out(kept):
    """It is the median that must not be too fast."""
    come(kept, "anna", [replace(ANSWER, rt_ms=ms) for ms in (90.0, 500.0, 600.0)])
    come(kept, "bert", [replace(ANSWER, rt_ms=ms) for ms in (90.0, 200.0, 900.0)])
    assert left_out(kept, fastest_ms=300) == {"bert": {"fastest_ms": 200.0}}


def test_who_looked_away_more_often_than_allowed_is_left_out(kept):
    away = replace(ANSWER, measured={"focus_lost": 1})
    come(kept, "anna", [away, ANSWER, ANSWER, ANSWER])
    come(kept, "bert", [away, away, ANSWER, ANSWER])
    come(kept, "cleo", [away, away, away, ANSWER])
    assert left_out(kept, focus_lost=0.5) == {"cleo": {"focus_lost": 0.75}}


def test_of_each_block_one_mode_and_of_blocks_their_mean(kept):
    """However many answers a block has."""
    shown = [(0, 200)] * 3 + [(0, 230), (1, 230)] + [(1, 400)] * 5
    answers = [
        replace(ANSWER, block=block, asked={"exposure_ms": ms}, slots=(("x", painter),))
        for (block, ms), painter in zip(shown, cycle([None, "gan"]))
    ]
    for who in ("anna", "bert"):
        come(kept, who, answers)
    timed = design(protocol="timed", blocks=2, exclude={"incomplete": False})
    (row,) = analyse(kept, timed, resamples=20)["models"]
    assert row["hype_time_ms"]["value"] == 300
