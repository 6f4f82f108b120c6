"""Nobody is turned away for want of pictures: the worst case of every seat."""

from collections import Counter

import pytest
from studies import raw

from ganzoo.errors import StudyError
from ganzoo.study.design import Design
from ganzoo.study.desk import Desk
from ganzoo.study.enough import check_enough, needs
from ganzoo.study.manifest import Manifest, Prepared, Stimulus
from ganzoo.study.protocols import protocols
from ganzoo.study.store import Store
from ganzoo.study.trials import examples, plan

MODELS = ("anna", "bert", "cleo")
FAKES = {"protocol": "pair", "options": {"against": "model"}, "assign": "within"}


def design(**changes):
    way = {"models": MODELS, "reals": {"name": "digits"}, "per_model": 60, "real_count": 400}
    return Design.parse(raw(stimuli=way, **changes))


def pictures(fakes, reals, models=MODELS):
    painters = [*(model for model in models for _ in range(fakes)), *[None] * reals]
    made = [Stimulus(sha256=f"{i:064x}", model=painter) for i, painter in enumerate(painters)]
    return Manifest(design="d", encoder="e", side=8, licences={}, stimuli=tuple(made))


def most(way, manifest, seats=300):
    """What the seats really see, at most: real pictures, and fakes of one model."""
    shown = examples(way, manifest)
    seen = [
        Counter(s.model for t in plan(way, manifest, seat) for s in t.slots)
        + Counter(s.model for s in shown)
        for seat in range(seats)
    ]
    return max(one[None] for one in seen), max(one[m] for one in seen for m in MODELS)


@pytest.mark.parametrize(
    "changes",
    [
        *({"protocol": name} for name in protocols),
        {"assign": "within", "trials": 7, "blocks": 3, "practice": 4, "checks": 2},
        {"assign": "within", "order": "blocked", "blocks": 3, "trials": 5, "checks": 4},
        {"share_real": 0.8, "checks": 3, "qualification": {"trials": 5}, "examples": 2},
        {**FAKES, "trials": 8, "practice": 1, "checks": 1},
        {**FAKES, "trials": 7},
    ],
)
def test_no_seat_sees_more_than_is_reckoned_and_some_see_as_many(changes):
    way = design(**changes)
    wanted = needs(way, len(MODELS))
    assert most(way, pictures(60, 400)) == (wanted.reals, wanted.fakes)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_accepted_has_enough_for_everybody_and_one_less_is_refused(seed):
    way = design(assign="within", trials=20, blocks=3, practice=4, checks=2, seed=seed)
    wanted = needs(way, 3)
    enough = pictures(wanted.fakes, wanted.reals)
    check_enough(way, enough)
    for seat in range(200):
        assert plan(way, enough, seat)
    with pytest.raises(StudyError, match=rf"{wanted.fakes} pictures by anna.*per_model to 61"):
        check_enough(way, pictures(wanted.fakes - 1, 400))
    with pytest.raises(StudyError, match=rf"{wanted.reals} real pictures.*real_count to 402"):
        check_enough(way, pictures(60, wanted.reals - 2))


def test_of_translators_every_pair_may_take_what_another_needs():
    """All answer the same inputs, so that a pair with one takes a real answer from the others."""
    way = design(protocol="pair", assign="within", trials=9, examples=1)
    rows = [{"data": "d", "split": "test", "row": row} for row in range(20)]
    made = [
        Stimulus(sha256=f"{1000 * k + i:064x}", model=model, **rows[i])
        for k, model in enumerate((*MODELS, None))
        for i in range(20)
    ]

    def first(count):
        kept = tuple(one for one in made if one.row < count)
        return Manifest(design="d", encoder="e", side=8, licences={}, stimuli=kept)

    check_enough(way, first(11))
    for seat in range(100):
        assert plan(way, first(11), seat)
    with pytest.raises(StudyError, match=r"11 pictures by anna.*there are 10"):
        check_enough(way, first(10))


@pytest.fixture
def kept():
    store = Store("sqlite://")
    yield store
    store.close()


class Thin(Prepared):
    """A study that an earlier version prepared, with too few pictures for some seats."""

    def __init__(self, fakes: int) -> None:
        self.design = design(assign="within", trials=20, blocks=3, practice=4, checks=2, seed=1)
        self.manifest = pictures(fakes, 400)


def test_a_newcomer_gets_a_seat_that_has_pictures_enough(kept):
    study = Thin(13)

    def has_enough(seat):
        try:
            return bool(plan(study.design, study.manifest, seat))
        except StudyError:
            return False

    good = [seat for seat in range(200) if has_enough(seat)]
    assert good[:8] != list(range(8))
    desk = Desk(study, kept)
    for i in range(8):
        assert desk.enter({"PROLIFIC_PID": f"p{i}"})["step"]["step"] == "consent"
    assert [one.seat for one in kept.participants("tiny")] == good[:8]


def test_where_no_seat_has_enough_none_is_taken(kept):
    with pytest.raises(StudyError, match="too few pictures for one more participant"):
        Desk(Thin(5), kept).enter({"PROLIFIC_PID": "anna"})
    assert kept.participants("tiny") == []
