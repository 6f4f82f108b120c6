"""Facts written by hand: whom the rules leave out, and what is made of the others' answers."""

import csv
from dataclasses import replace
from itertools import cycle

import pytest
from studies import raw

from ganzoo.study import export, report
from ganzoo.study.analysis import analyse
from ganzoo.study.design import Design
from ganzoo.study.records import people
from ganzoo.study.store import Answered, Event, Participant, Registered, Store

ANSWER = Answered("", 0, "attempt", "t", "main", 0, (("x", None),), "real", 1, 1, 700.0)


@pytest.fixture
def kept():
    store = Store("sqlite://")
    store.add(Registered("tiny", "t", "{}", "{}", "1", "salt", "secret"))
    yield store
    store.close()


def design(**changes):
    return Design.parse(raw(**changes))


OPEN = design(exclude={"incomplete": False})


def judged(said, model=None):
    """An answer to one picture of a model, or a real one."""
    right = said is not None and (said == "real") == (model is None)
    return replace(
        ANSWER, answer=said, slots=(("x", model),), right=int(right), judged=int(said is not None)
    )


def come(store, who, answers, source="link"):
    """A participant with these answers, one trial after the other."""
    seat = store.seats("tiny")
    store.add(Participant(who, "tiny", seat, "t", source, f"eraser {who}"))
    store.add(*(replace(one, participant=who, trial=i) for i, one in enumerate(answers)))


def left_out(store, **rules):
    found = people(store, design(exclude={"incomplete": False, **rules}))
    return {one.participant.id: one.excluded for one in found if one.excluded}


def test_one_hasty_answer_leaves_nobody_out(kept):
    """It is the median that must not be too fast."""
    come(kept, "anna", [replace(ANSWER, rt_ms=ms) for ms in (90.0, 500.0, 600.0)])
    come(kept, "bert", [replace(ANSWER, rt_ms=ms) for ms in (90.0, 200.0, 900.0)])
    assert left_out(kept, fastest_ms=300) == {"bert": {"fastest_ms": 200.0}}


def test_after_a_flash_the_time_counts_from_the_question_on(kept, tmp_path):
    """Who clicks 60 ms after it never thought, though the picture came long before."""
    blind = replace(ANSWER, rt_ms=680.0, measured={"question_ms": 620.0})
    come(kept, "anna", [blind, blind, replace(blind, rt_ms=None)])
    come(
        kept, "bert", [replace(blind, rt_ms=1100.0), replace(blind, measured={"question_ms": "?"})]
    )
    assert left_out(kept, fastest_ms=300) == {"anna": {"fastest_ms": 60.0}}
    kept.add(
        replace(kept.study("tiny"), name="other", design=design(name="other").model_dump_json())
    )
    kept.add(Participant("cleo", "other", 0, "t", "link", "eraser"))
    kept.add(replace(blind, participant="cleo"))
    export.write(kept, "other", tmp_path)
    with (tmp_path / "answers.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert (row["rt_ms"], row["question_rt_ms"]) == ("680.0", "60.0")


def test_who_looked_away_more_often_than_allowed_is_left_out(kept):
    away = replace(ANSWER, measured={"focus_lost": 1})
    come(kept, "anna", [away, ANSWER, ANSWER, ANSWER])
    come(kept, "bert", [away, away, ANSWER, ANSWER])
    come(kept, "cleo", [away, away, away, ANSWER])
    assert left_out(kept, focus_lost=0.5) == {"cleo": {"focus_lost": 0.75}}


def test_who_looked_again_more_often_than_allowed_is_left_out(kept):
    once, twice = (replace(ANSWER, measured={"looks": count}) for count in (1, 2))
    come(kept, "anna", [twice, once, ANSWER, ANSWER])
    come(kept, "bert", [twice, twice, once, once])
    assert left_out(kept, looked_again=0.25) == {"bert": {"looked_again": 0.5}}


def test_so_many_failed_checks_are_forgiven_and_no_more(kept):
    passed = replace(ANSWER, phase="check", answer="fake", asked={"expected": "fake"})
    failed = replace(passed, answer="real")
    come(kept, "anna", [ANSWER, failed, passed, passed])
    come(kept, "bert", [ANSWER, failed, failed, passed])
    assert left_out(kept, failed_checks=1) == {"bert": {"failed_checks": 2}}


def test_who_did_not_finish_is_left_out(kept):
    for who in ("anna", "bert"):
        come(kept, who, [ANSWER, replace(ANSWER, phase="practice"), ANSWER])
    kept.add(Event("tiny", "completion", "t", "anna"))
    assert left_out(kept, incomplete=True) == {"bert": {"incomplete": 2}}


def test_who_failed_the_entrance_test_is_unqualified_and_not_incomplete(kept, tmp_path):
    entrance = replace(ANSWER, phase="qualification")
    wrong = replace(judged("real", "gan"), phase="qualification")
    right = replace(judged("fake", "gan"), phase="qualification")
    come(kept, "anna", [entrance, entrance, wrong, right])
    come(kept, "bert", [entrance, entrance, right, right, ANSWER])
    come(kept, "cleo", [entrance, wrong])
    way = design(qualification={"trials": 4, "passes": 0.6})
    found = {one.participant.id: one.excluded for one in people(kept, way)}
    assert found == {
        "anna": {"unqualified": 0.5}, "bert": {"incomplete": 1}, "cleo": {"incomplete": 0},
    }  # fmt: skip
    assert analyse(kept, way, 20)["exclusions"] == {"unqualified": 1, "incomplete": 2}


def test_it_is_a_column_and_on_record_before_the_study_is_closed(kept, tmp_path):
    way = design(name="other", qualification={"trials": 2})
    kept.add(replace(kept.study("tiny"), name="other", design=way.model_dump_json()))
    kept.add(Participant("anna", "other", 0, "t", "link", "eraser"))
    wrong = replace(judged("real", "gan"), phase="qualification", participant="anna")
    kept.add(wrong, replace(wrong, trial=1))
    report.record_exclusions(kept, "other")
    (event,) = kept.events("other", "exclusion")
    assert event.detail == {"rule": "unqualified", "value": 0.0}
    export.write(kept, "other", tmp_path)
    with (tmp_path / "participants.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert row["unqualified"] == "0.0"


def test_a_rehearsal_counts_until_the_first_one_comes(kept):
    come(kept, "anna", [ANSWER], source="simulated")
    assert left_out(kept) == {}
    come(kept, "bert", [ANSWER])
    assert left_out(kept) == {"anna": {"simulated": True}}


def test_errors_are_shares_of_what_each_person_was_asked_and_answered(kept):
    """Anna takes 1 of 4 fakes for real and 1 of 2 reals for fake; Bert is fooled by all fakes."""
    fakes, reals = ("real", "fake", "fake", "fake"), ("fake", "real")
    come(kept, "anna", [*(judged(one, "gan") for one in fakes), *map(judged, reals)])
    silent = judged(None, "gan")
    come(kept, "bert", [*[judged("real", "gan")] * 2, silent, *[judged("real")] * 2])
    results = analyse(kept, OPEN, resamples=20)
    (row,) = results["models"]
    found = {key: row[key]["value"] for key in ("error_fakes", "error_reals", "hype", "accuracy")}
    assert found == pytest.approx(
        {"error_fakes": 62.5, "error_reals": 25, "hype": 43.75, "accuracy": 7 / 12}
    )
    assert results["accuracy"]["value"] == pytest.approx(7 / 12)
    assert (row["participants"], row["judgements"]) == (2, 10)


def test_a_models_times_are_those_of_its_own_pictures(kept):
    for who in ("anna", "bert"):
        fakes = [
            replace(judged("fake", "gan"), rt_ms=ms) for ms in (100.0, 200.0, 300.0, 400.0, 500.0)
        ]
        come(kept, who, [*fakes, *[replace(judged("real"), rt_ms=9000.0)] * 3])
    (row,) = analyse(kept, OPEN, resamples=20)["models"]
    assert row["rt_ms"] == {"median": 300, "q1": 200, "q3": 400}


def test_in_pairs_fooled_is_the_share_that_took_the_fake_for_the_real_one(kept):
    right = replace(ANSWER, slots=(("x", None), ("y", "gan")), answer=0)
    wrong, silent = (
        replace(right, answer=1, right=0),
        replace(right, answer=None, right=0, judged=0),
    )
    come(kept, "anna", [right, right, wrong, wrong])
    come(kept, "bert", [right, right, wrong, right, silent])
    (row,) = analyse(kept, design(protocol="pair", exclude={"incomplete": False}), 20)["models"]
    assert (row["fooled"]["value"], row["accuracy"]["value"]) == (37.5, 0.625)
    assert (row["participants"], row["judgements"]) == (2, 8)


def test_of_models_that_meet_every_victory_is_counted(kept):
    met = replace(ANSWER, slots=(("x", "anna"), ("y", "bert")))
    turned = replace(met, slots=(("y", "bert"), ("x", "anna")))
    for who in ("one", "other"):
        answers = [replace(met, answer=0), replace(met, answer=1), replace(turned, answer=1)]
        come(kept, who, [*answers, replace(met, answer=None)])
    options = {"protocol": "pair", "options": {"against": "model"}, "assign": "within"}
    found = analyse(kept, design(**options, exclude={"incomplete": False}), 20)
    assert found["wins"] == {"models": ["anna", "bert"], "matrix": [[0, 4], [2, 0]]}
    assert [(row["won"], row["judgements"]) for row in found["models"]] == [(4, 6), (2, 6)]


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
