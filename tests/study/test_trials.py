"""Who sees what: a function of the seat, balanced, and never the same picture twice."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from studies import raw

from ganzoo.errors import InputError, StudyError, UnknownNameError
from ganzoo.study import template
from ganzoo.study.design import Design
from ganzoo.study.manifest import Manifest, Stimulus
from ganzoo.study.protocols import Slot, protocols
from ganzoo.study.protocols.timed import TimedOptions, exposure
from ganzoo.study.trials import examples, plan, williams

FAKES = {"protocol": "pair", "options": {"against": "model"}, "assign": "within"}
SLOTS = (Slot("r", None), Slot("f", "m"))


def all_slots(trials):
    return [slot for trial in trials for slot in trial.slots]


@pytest.mark.parametrize("protocol", protocols)
def test_a_seat_always_sees_the_same_and_nothing_twice(make, protocol):
    study = make(protocol=protocol, practice=1, training=1, checks=2, examples=2, trials=3)
    trials = plan(study.design, study.manifest, 3)
    assert trials == plan(study.design, study.manifest, 3)
    assert trials != plan(study.design, study.manifest, 5)
    names = [slot.name for slot in (*examples(study.design, study.manifest), *all_slots(trials))]
    assert len(set(names)) == len(names)
    assert Counter(t.phase for t in trials) == {"practice": 1, "training": 1, "check": 2, "main": 3}
    assert [t.index for t in trials] == list(range(7))
    assert [t.feedback for t in trials if t.phase in ("main", "check")] == [False] * 5


@pytest.mark.parametrize("protocol", protocols)
def test_the_order_says_nothing_of_the_truth(make, protocol):
    """Over many seats each place of the main part is as often real as the share says."""
    study = make(protocol=protocol, trials=4)
    seen = Counter()
    for seat in range(400):
        for i, slot in enumerate(all_slots(plan(study.design, study.manifest, seat))):
            seen[i] += slot.model is None
    assert all(150 < count < 250 for count in seen.values())


def test_between_subjects_each_model_is_met_in_turn(make):
    study = make(assign="between")
    met = [{s.model for s in all_slots(plan(study.design, study.manifest, i))} for i in range(4)]
    assert met == [{"anna", None}, {"bert", None}] * 2


def test_within_subjects_everybody_meets_all_models_equally(make):
    study = make(assign="within", trials=12)
    counts = Counter(s.model for s in all_slots(plan(study.design, study.manifest, 0)))
    assert counts == {None: 6, "anna": 3, "bert": 3}


def test_blocks_in_counterbalanced_order(make):
    study = make(assign="within", order="blocked", blocks=2)
    first = [plan(study.design, study.manifest, seat)[0].block for seat in range(2)]
    assert first == [0, 0]
    orders = [
        tuple(
            dict.fromkeys(t.models[0] for t in plan(study.design, study.manifest, seat) if t.models)
        )
        for seat in range(2)
    ]
    assert orders == [("anna", "bert"), ("bert", "anna")]


@pytest.mark.parametrize("count", range(2, 8))
def test_a_williams_design_balances_place_and_carry_over(count):
    rows = williams(count)
    for place in range(count):
        assert len(set(Counter(row[place] for row in rows).values())) == 1
    follows = Counter(pair for row in rows for pair in pairwise(row))
    assert len(follows) == count * (count - 1)
    assert len(set(follows.values())) == 1


def test_a_deck_is_the_same_for_a_friend(make):
    study = make(audience="visitors", assign="within")
    mine = plan(study.design, study.manifest, 4, deck=9)
    assert mine == plan(study.design, study.manifest, 77, deck=9)
    assert mine != plan(study.design, study.manifest, 4, deck=10)


def test_a_deck_has_the_same_model_wherever_a_friend_sits(make):
    study = make(audience="visitors", assign="between")
    decks = [
        [plan(study.design, study.manifest, seat, deck) for seat in (4, 77)] for deck in (0, 1)
    ]
    assert all(mine == theirs for mine, theirs in decks)
    assert [{s.model for s in all_slots(mine)} for mine, _ in decks] == [
        {"anna", None}, {"bert", None}
    ]  # fmt: skip


def test_the_qualification_is_about_all_models_whomever_one_meets_later(make):
    study = make(assign="between", qualification={"trials": 8})
    trials = plan(study.design, study.manifest, 0)
    met = {
        phase: {s.model for s in all_slots(t for t in trials if t.phase == phase)}
        for phase in ("qualification", "main")
    }
    assert met == {"qualification": {"anna", "bert", None}, "main": {"anna", None}}


def test_checks_are_spread_over_the_main_part_and_come_anywhere_in_their_stretch(make):
    study = make(checks=3, trials=3, blocks=2)
    seen = [Counter() for _ in range(3)]
    for seat in range(40):
        trials = plan(study.design, study.manifest, seat)
        checks = [t.index for t in trials if t.phase == "check"]
        for stretch, index in enumerate(checks):
            seen[stretch][index - stretch] += 1  # so many of the main part came before it
    assert [set(each) for each in seen] == [{0, 1}, {2, 3}, {4, 5}]


def test_too_few_pictures_are_said(make):
    study = make(trials=100)
    with pytest.raises(StudyError, match="too few pictures"):
        plan(study.design, study.manifest, 0)


def test_an_adaptive_exposure_by_the_rules():
    way = TimedOptions()
    assert exposure([], way) == 500
    assert exposure([True, True, False], way) == 510
    assert exposure([True] * 100, way) == 100
    assert exposure([False] * 100, way) == 1000
    other = TimedOptions(rule="three_up_one_down")
    assert exposure([True, True], other) == 500
    assert exposure([True] * 3, other) == 470
    assert exposure([True, True, False, True], other) == 510
    assert exposure([False], TimedOptions(fixed=True)) == 500


def test_the_weighted_staircase_settles_at_three_quarters():
    dice, past = random.Random(0), []
    for _ in range(4000):
        now = exposure(past[-400:], TimedOptions(start=400)) if not past else now  # noqa: F821
        right = dice.random() < 0.5 + 0.5 / (1 + 2.718281828 ** (-(now - 400) / 80))
        now = min(max(now + (-10 if right else 30), 100), 1000)
        past.append(right)
    assert sum(past) / len(past) == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize(
    ("protocol", "good", "bad"),
    [
        ("single", ["real", "fake", None], ["yes", 1, ["real"]]),
        ("timed", ["real", "fake", None], ["", 0]),
        ("pair", [0, 1, None], [2, True, "0"]),
        ("grid", [[], [1], [0, 1], None], [[2], [0, 0], "01", [True], 1]),
    ],
)
def test_answers_are_read_with_care(protocol, good, bad):
    for answer in good:
        assert protocols[protocol].read(answer, SLOTS) == answer
    for answer in bad:
        with pytest.raises(InputError, match="got"):
            protocols[protocol].read(answer, SLOTS)


def test_what_is_right():
    single, grid, pair = protocols["single"], protocols["grid"], protocols["pair"]
    assert single.score("real", SLOTS[:1]) == (1, 1)
    assert single.score("real", SLOTS[1:]) == (0, 1)
    assert single.score(None, SLOTS[1:]) == (0, 0)
    assert grid.score([1], SLOTS) == (2, 2)
    assert grid.score([0], SLOTS) == (0, 2)
    assert pair.score(0, SLOTS) == (1, 1)
    assert pair.score(1, SLOTS) == (0, 1)
    assert pair.score(1, (SLOTS[1], SLOTS[1])) == (0, 0)


@pytest.mark.parametrize("protocol", protocols)
def test_the_template_is_a_study(protocol):
    import yaml

    text = template.template("my-study", protocol)
    assert Design.parse(yaml.safe_load(text)).protocol == protocol


@pytest.mark.parametrize("protocol", protocols)
def test_the_templates_pictures_are_enough(protocol):
    import yaml

    design = Design.parse(yaml.safe_load(template.template("my-study", protocol)))
    count, (model,) = design.stimuli.per_model, design.stimuli.models
    stimuli = [
        Stimulus(sha256=f"{2 * row + fake:064x}", model=model if fake else None)
        for row in range(count)
        for fake in (False, True)
    ]
    manifest = Manifest(design="d", encoder="e", side=28, licences={}, stimuli=tuple(stimuli))
    for seat in range(4):
        assert plan(design, manifest, seat)


def test_names_are_checked_in_the_template():
    with pytest.raises(StudyError, match="got 'My Study'"):
        template.template("My Study", "single")
    with pytest.raises(UnknownNameError, match="Did you mean 'timed'"):
        template.template("a", "timd")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"protocl": "x"}, "nobody reads 'protocl'. Did you mean 'protocol'"),
        ({"protocol": "singel"}, "Did you mean 'single'"),
        ({"options": {"rows": 3}}, "nobody reads 'rows'"),
        ({"order": "blocked"}, "order: blocked is for assign: within"),
        ({"checks": 7}, "7 checks in 6 trials"),
        ({**FAKES, "feedback": True}, r"no answer is right or wrong.*leave feedback out"),
        ({**FAKES, "training": 4}, r"no answer is right or wrong.*leave training out"),
        ({**FAKES, "qualification": {"trials": 4}}, r"nothing to tell or to pass; leave qualif"),
        ({"completion": {"redirect": "http://a"}}, "starts with https://"),
        ({"name": "No Spaces"}, "'No Spaces'"),
    ],
)
def test_a_wrong_design_is_quoted(changes, said):
    with pytest.raises(StudyError, match=said):
        Design.parse(raw(**changes))
