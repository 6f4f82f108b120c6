"""The desk: what is taken, what is refused, and that nobody is told the truth too early."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from threading import Thread

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from ganzoo.errors import InputError, RefusedError, StoreError, StudyError
from ganzoo.study import ledger
from ganzoo.study.desk import Desk
from ganzoo.study.halls import Halls, find
from ganzoo.study.intake import GRACE_S
from ganzoo.study.records import design_of
from ganzoo.study.server import alone
from ganzoo.study.standing import Standing
from ganzoo.study.store import Registered, Store

LINK = {"PROLIFIC_PID": "5f1c-someone", "STUDY_ID": "st", "SESSION_ID": "se"}


class Clock:
    """Both of a desk's clocks, moved by hand."""

    def __init__(self) -> None:
        self.wall, self.steady = 1.8e9, 100.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.wall, UTC)

    def ticks(self) -> float:
        return self.steady


@pytest.fixture
def kept(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'a.sqlite'}")
    yield store
    store.close()


def begin(desk, link=LINK):
    told = desk.enter(link)
    for kind in ("consent", "check", "instructions"):
        assert told["step"]["step"] == kind
        told = {"token": told["token"], "step": desk.tell(told["token"], kind, {})}
    return told["token"], told["step"]


def given(step, answer="real", attempt="attempt-1", **changes):
    about = {"trial": step["trial"], "ticket": step["ticket"]}
    return {**about, "attempt": attempt, "answer": answer, "rt_ms": 500.0, **changes}


def refusals(desk):
    return [event.detail["why"] for event in desk.store.events("tiny", "refused")]


def finish(desk, token, step):
    while step["step"] == "trial":
        step = desk.answer(token, given(step))["step"]
    return step


def test_from_the_link_to_the_code_and_only_when_all_is_stored(make, kept):
    study = make(completion={"code": "C0DE", "redirect": "https://panel.test/?cc={code}"})
    desk = Desk(study, kept)
    token, step = begin(desk)
    while step["step"] == "trial":
        assert "C0DE" not in json.dumps(step)
        step = desk.answer(token, given(step))["step"]
    assert step["code"] == "C0DE"
    assert step["redirect"] == "https://panel.test/?cc=C0DE"
    assert len(kept.answers("tiny")) == 6
    assert [e.kind for e in kept.events("tiny")][-1] == "completion"
    consent = kept.events("tiny", "consent")[0]
    assert consent.detail == {"version": "7"}


def test_who_comes_back_goes_on_where_they_were_even_at_another_server(make, kept):
    study = make()
    token, step = begin(desk := Desk(study, kept))
    following = desk.answer(token, given(step))["step"]
    again = Desk(study, kept)
    for link, pass_ in ((LINK, None), ({}, token)):
        told = again.enter(link, pass_)
        assert told["token"] == token
        assert told["step"] == following
    assert len(kept.participants("tiny")) == 1


def test_two_servers_that_take_turns_agree(make, kept):
    study = make()
    first, second = Desk(study, kept), Desk(study, kept)
    token, step = begin(first)
    second.enter(LINK)
    step = second.answer(token, given(step))["step"]
    step = first.answer(token, given(step))["step"]
    assert step["trial"] == 2
    assert refusals(first) == []


def test_what_was_told_at_one_server_is_known_at_the_other(make, kept):
    study = make()
    desks = [Desk(study, kept), Desk(study, kept)]
    told = desks[0].enter(LINK)
    token = desks[1].enter(LINK)["token"]
    for i, kind in enumerate(("consent", "check", "instructions")):
        told = desks[i % 2].tell(token, kind, {})
    assert told["step"] == "trial"
    assert desks[1].answer(token, given(told))["step"]["trial"] == 1
    assert desks[0].enter(LINK)["step"]["trial"] == 1
    assert refusals(desks[0]) == []


def test_the_same_answer_twice_is_one_and_another_is_refused(make, kept):
    desk = Desk(make(), kept)
    token, step = begin(desk)
    assert desk.answer(token, given(step)) == desk.answer(token, given(step))
    assert len(kept.answers("tiny")) == 1
    with pytest.raises(RefusedError, match="repeated"):
        desk.answer(token, given(step, "fake", "attempt-2"))
    assert kept.answers("tiny")[0].answer == "real"
    assert refusals(desk) == ["repeated"]


def test_forged_and_out_of_order_answers_are_refused_and_recorded(make, kept):
    desk = Desk(make(), kept)
    token, step = begin(desk)
    with pytest.raises(RefusedError, match="forged"):
        desk.answer(token, given(step, ticket="0" * 24))
    with pytest.raises(RefusedError, match="out of order"):
        desk.answer(token, given(step, trial=3))
    with pytest.raises(RefusedError, match="forged"):
        desk.answer(token[:-1] + ("0" if token[-1] != "0" else "1"), given(step))
    with pytest.raises(RefusedError, match="malformed"):
        desk.answer(token, given(step, "perhaps"))
    with pytest.raises(RefusedError, match="malformed"):
        desk.answer(token, given(step, rt_ms=-1))
    assert refusals(desk) == ["forged", "out of order", "forged", "malformed", "malformed"]
    assert kept.answers("tiny") == []


def test_before_consent_nothing_is_taken(make, kept):
    desk = Desk(make(), kept)
    token = desk.enter(LINK)["token"]
    ticket = desk.identity.ticket(token.partition(".")[0], 0)
    with pytest.raises(RefusedError, match="out of order"):
        desk.answer(token, given({"trial": 0, "ticket": ticket}))
    assert desk.tell(token, "refusal", {}) == {"step": "declined", "panel": True}


def test_of_strangers_so_many_refusals_are_recorded_in_each_hour(make, kept, monkeypatch):
    monkeypatch.setattr(ledger, "MOST_REFUSALS", 2)
    clock = Clock()
    desk = Desk(make(), kept, clock.now, clock.ticks)

    def knock(times: int) -> None:
        for _ in range(times):
            with pytest.raises(RefusedError):
                desk.tell("nobody.x", "consent", {})

    knock(3)
    assert len(refusals(desk)) == 2
    clock.wall += 3600
    knock(3)
    assert len(refusals(desk)) == 4


def test_once_agreed_to_it_cannot_be_refused(make, kept):
    desk = Desk(make(), kept)
    token = desk.enter(LINK)["token"]
    desk.tell(token, "consent", {})
    assert desk.tell(token, "refusal", {})["step"] == "check"
    assert kept.events("tiny", "refusal") == []


@pytest.mark.parametrize("fixed", [False, True])
def test_the_instructions_speak_of_an_exposure_that_changes_where_it_does(make, kept, fixed):
    desk = Desk(make(protocol="timed", options={"fixed": fixed}), kept)
    token = desk.enter(LINK)["token"]
    for kind in ("consent", "check"):
        step = desk.tell(token, kind, {})
    assert "flashes up" in step["task"]
    assert ("gets shorter" in step["task"]) is not fixed


def test_the_instructions_show_real_ones_as_real_and_fakes_as_fake(make, kept):
    desk = Desk(make(examples=3), kept)
    token = desk.enter(LINK)["token"]
    for kind in ("consent", "check"):
        step = desk.tell(token, kind, {})
    for kind, real in (("real", True), ("fake", False)):
        parts = [path.split("/")[1:] for path in step[kind]]
        shown = [desk.picture(who, int(t), int(slot), mark) for who, t, slot, mark in parts]
        names = [sha256(content).hexdigest() for content in shown]
        assert [desk.study.manifest.by_name[name].real for name in names] == [real] * 3


def test_late_is_refused_and_a_clock_that_jumps_makes_nobody_late(make, kept):
    clock = Clock()
    desk = Desk(make(time_limit_s=5), kept, clock.now, clock.ticks)
    token, step = begin(desk)
    clock.wall -= 86_400
    step = desk.answer(token, given(step))["step"]
    clock.wall += 10 * 86_400
    step = desk.answer(token, given(step))["step"]
    clock.steady += 5 + GRACE_S + 0.1
    step = desk.answer(token, given(step))["step"]
    assert [answer.answer for answer in kept.answers("tiny")] == ["real", "real", None]
    assert refusals(desk) == ["late"]
    assert step["trial"] == 3


def test_time_spent_on_what_was_right_makes_nobody_late(make, kept):
    clock = Clock()
    desk = Desk(make(time_limit_s=5, practice=2), kept, clock.now, clock.ticks)
    token, step = begin(desk)
    for _ in range(2):
        told = desk.answer(token, given(step))
        assert told["feedback"]
        clock.steady += 60  # reads it
        step = told["step"]
    step = desk.answer(token, given(step))["step"]
    assert refusals(desk) == []
    clock.steady += 60
    desk.answer(token, given(step))
    assert refusals(desk) == ["late"]


def test_a_page_that_asks_anew_starts_the_clock(make, kept):
    clock = Clock()
    desk = Desk(make(time_limit_s=5, feedback=True), kept, clock.now, clock.ticks)
    token, step = begin(desk)
    desk.answer(token, given(step))
    step = desk.enter(LINK, token)["step"]
    clock.steady += 60
    desk.answer(token, given(step))
    assert refusals(desk) == ["late"]


def test_a_page_that_is_loaded_anew_gets_what_is_left_of_the_time(make, kept):
    clock = Clock()
    desk = Desk(make(time_limit_s=10, feedback=True), kept, clock.now, clock.ticks)
    token, step = begin(desk)
    assert step["limit_s"] == 10
    clock.steady += 8
    assert desk.enter(LINK, token)["step"]["limit_s"] == pytest.approx(2)
    clock.steady += 3
    step = desk.enter(LINK, token)["step"]
    assert 0 < step["limit_s"] < 1  # 0 would be no limit
    clock.steady += GRACE_S
    told = desk.answer(token, given(step))
    assert (told["feedback"]["late"], kept.answers("tiny")[0].answer) == (True, None)
    assert told["step"]["limit_s"] == 10  # there is feedback to read first
    clock.steady += 60
    step = desk.enter(LINK, token)["step"]
    assert step["limit_s"] == 10
    assert not desk.answer(token, given(step, attempt="attempt-2"))["feedback"]["late"]


def test_who_loads_a_page_anew_has_looked_again_and_that_is_stored(make, kept):
    desk = Desk(make(), kept)
    token, step = begin(desk)
    for _ in range(2):
        step = desk.enter(LINK, token)["step"]
    answer = given(step, measured={"focus_lost": 0, "looks": 1})
    step = desk.answer(token, answer)["step"]
    desk.answer(token, answer)  # sent again: the page has not seen the next one yet
    desk.decide("pause")
    desk.enter(LINK, token)  # shows no trial
    desk.decide("resume")
    desk.answer(token, given(step, attempt="attempt-2"))
    stored = [one.measured for one in kept.answers("tiny")]
    assert stored == [{"focus_lost": 0, "looks": 3}, {"looks": 1}]


def test_a_trial_that_waits_behind_feedback_was_not_looked_at(make, kept):
    desk = Desk(make(time_limit_s=60, feedback=True), kept)
    token, step = begin(desk)
    desk.answer(token, given(step))
    step = desk.enter(LINK, token)["step"]
    desk.answer(token, given(step, attempt="attempt-2"))
    assert [one.measured["looks"] for one in kept.answers("tiny")] == [1, 1]


def test_of_a_screen_only_what_was_asked_is_kept(make, kept):
    desk = Desk(make(), kept)
    token = desk.enter(LINK)["token"]
    desk.tell(token, "consent", {"name": "a name"})
    with pytest.raises(RefusedError, match="nobody reads 'name'"):
        desk.tell(token, "check", {"hz": 60.0, "name": "a name"})
    desk.tell(token, "check", {"hz": 60.0, "touch": False, "dpr": None})
    desk.tell(token, "instructions", {"name": "a name"})
    told = {event.kind: event.detail for event in kept.events("tiny")}
    assert told["check"] == {"hz": 60.0, "touch": False}
    assert "a name" not in str([told["consent"], told["instructions"]])


def test_what_cannot_be_stored_is_not_acknowledged_and_is_taken_later(make, kept):
    desk = Desk(make(), kept)
    token, step = begin(desk)

    def broken(*_):
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    sa.event.listen(kept._engine, "before_cursor_execute", broken)
    with pytest.raises(StoreError, match="the disk is full: nothing was stored"):
        desk.answer(token, given(step))
    sa.event.remove(kept._engine, "before_cursor_execute", broken)
    assert kept.answers("tiny") == []
    assert desk.answer(token, given(step))["stored"]


def test_a_closed_study_takes_no_answer_and_a_paused_one_goes_on(make, kept):
    desk = Desk(make(), kept)
    token, step = begin(desk)
    desk.decide("pause")
    eraser = desk.identity.eraser(token.partition(".")[0])
    assert desk.enter(LINK)["step"] == {"step": "paused", "eraser": eraser}
    assert desk.enter({})["step"] == {"step": "paused"}
    desk.decide("resume")
    step = desk.answer(token, given(step))["step"]
    desk.decide("close")
    with pytest.raises(RefusedError, match="late: the study is closed"):
        desk.answer(token, given(step))
    with pytest.raises(StudyError, match="stays closed"):
        desk.decide("resume")


def test_who_has_finished_sees_the_end_of_a_closed_study_too(make, kept):
    desk = Desk(make(completion={"code": "C0DE"}), kept)
    finish(desk, *begin(desk))
    desk.decide("close")
    assert desk.enter(LINK)["step"]["code"] == "C0DE"
    assert desk.enter({"PROLIFIC_PID": "another"})["step"] == {"step": "closed"}


def test_practice_is_in_no_score(make, kept):
    desk = Desk(make(practice=4, training=4), kept)
    step = finish(desk, *begin(desk))
    assert len(kept.answers("tiny")) == 14
    assert (step["right"], step["judged"]) == (3, 6)


def test_between_two_fakes_nobody_is_told_what_was_right(make, kept):
    fakes = {"protocol": "pair", "options": {"against": "model"}, "assign": "within"}
    desk = Desk(make(**fakes, practice=2), kept)
    token, step = begin(desk)
    for side in (0, 1):
        assert (step["part"], step["feedback"]) == ("practice", False)
        told = desk.answer(token, given(step, side))
        assert told["feedback"] is None
        step = told["step"]
    assert step["part"] == "main"


def test_what_is_on_record_is_read_even_if_it_would_be_refused_today(make, kept):
    fakes = {"protocol": "pair", "options": {"against": "model"}, "assign": "within"}
    study = make(**fakes)
    old = json.loads(study.design.model_dump_json()) | {"feedback": True}
    pictures = study.manifest.model_dump_json()
    kept.add(Registered("tiny", "t", json.dumps(old), pictures, "0", "salt", "secret"))
    assert design_of(kept, "tiny").feedback
    with pytest.raises(StudyError, match="never changed"):
        Desk(study, kept)


@pytest.mark.parametrize("audience", ["panel", "visitors"])
def test_only_visitors_are_told_whose_the_fakes_were(make, kept, audience):
    desk = Desk(make(audience=audience, assign="within", feedback=True), kept)
    told = desk.enter(LINK)
    token, step = begin(desk) if audience == "panel" else (told["token"], told["step"])
    feedback = desk.answer(token, given(step))["feedback"]
    assert {"right", "judged", "real"} <= set(feedback)
    assert ("models" in feedback) is (audience == "visitors")


def test_ids_are_hashed_and_deleted_data_are_gone(make, kept):
    desk = Desk(make(), kept)
    step = finish(desk, *begin(desk))
    everything = repr([kept.participants("tiny"), kept.events("tiny"), kept.answers("tiny")])
    assert "someone" not in everything
    with pytest.raises(RefusedError, match="no data belong to the code"):
        desk.erase("AAAA-BBBB")
    assert desk.erase(f" {step['eraser'].lower()} ") == 6
    assert kept.answers("tiny") == []
    assert desk.enter(LINK)["step"] == {"step": "erased"}


def test_data_deleted_on_one_server_are_not_added_to_by_another(make, kept):
    study = make()
    here, there = Desk(study, kept), Desk(study, kept)
    token, step = begin(here)
    step = here.answer(token, given(step))["step"]
    owner = here.identity.owner(token)
    there.erase(there.identity.eraser(owner))
    for _ in range(2):
        with pytest.raises(RefusedError, match="its data were deleted"):
            here.answer(token, given(step))
    assert kept.answers("tiny") == []
    assert [event.kind for event in kept.events("tiny", participant=owner)] == ["deletion"]
    assert here.enter(LINK)["step"] == {"step": "erased"}


def test_a_worker_of_mturk_may_look_first_and_comes_once(make, kept):
    desk = Desk(make(), kept)
    task = {"hitId": "H1", "workerId": "W1", "assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE"}
    assert desk.enter(task) == {"step": {"step": "preview", "consent": "May we?"}}
    assert kept.participants("tiny") == []
    first = desk.enter({**task, "assignmentId": "A1"})
    assert desk.enter({**task, "assignmentId": "A2"})["token"] == first["token"]
    (one,) = kept.participants("tiny")
    assert one.source == "mturk"
    assert set(one.link) == {"hitId", "assignmentId"}
    assert not {"W1", "H1", "A1"} & {one.person, *one.link.values()}


def test_of_two_people_at_one_browser_the_panels_id_decides(make, kept):
    desk = Desk(make(), kept)
    first, second = (desk.enter({"PROLIFIC_PID": who})["token"] for who in ("one", "other"))
    assert desk.enter({"PROLIFIC_PID": "other"}, first)["token"] == second
    assert desk.enter({"PROLIFIC_PID": "third"}, first)["token"] not in (first, second)


def test_of_too_many_visitors_who_was_away_longest_is_forgotten(make, kept, monkeypatch):
    monkeypatch.setattr("ganzoo.study.seats.REMEMBERED", 2)
    desk = Desk(make(audience="visitors"), kept)
    first, second = (desk.enter({}, keep=False)["token"] for _ in range(2))
    desk.seated(first)
    third = desk.enter({}, keep=False)["token"]
    assert desk.seated(first).id != desk.seated(third).id
    with pytest.raises(RefusedError, match="this round is over"):
        desk.seated(second)


def test_a_visitor_is_not_remembered_unless_they_say_so(make, kept):
    desk = Desk(make(audience="visitors", assign="within", feedback=True), kept)
    told = desk.enter({}, keep=False)
    step = finish(desk, told["token"], told["step"])
    assert kept.participants("tiny") == []
    assert "eraser" not in step
    step = desk.keep(told["token"])
    assert len(kept.answers("tiny")) == 6
    assert step["eraser"]
    assert desk.keep(told["token"]) == step
    assert len(kept.participants("tiny")) == 1


def test_a_crowd_of_newcomers_ends_no_round(make, kept, monkeypatch):
    monkeypatch.setattr("ganzoo.study.seats.REMEMBERED", 3)
    desk = Desk(make(audience="visitors", assign="within", feedback=True), kept)
    first, second = (desk.enter({}, keep=False) for _ in range(2))
    step = desk.answer(first["token"], given(first["step"]))["step"]
    for _ in range(8):
        desk.enter({}, keep=False)
    step = desk.answer(first["token"], given(step))["step"]
    with pytest.raises(RefusedError, match="start anew"):
        desk.answer(second["token"], given(second["step"]))
    for _ in range(3):
        busy = desk.enter({}, keep=False)
        desk.answer(busy["token"], given(busy["step"]))
    desk.enter({}, keep=False)
    with pytest.raises(RefusedError, match="start anew"):  # somebody has to go
        desk.answer(first["token"], given(step))


def test_what_gave_a_fake_away_is_counted_once_the_round_is_kept(make, kept):
    desk = Desk(make(audience="visitors", assign="within", feedback=True), kept)
    told = desk.enter({}, keep=False)
    token = told["token"]
    finish(desk, token, told["step"])
    desk.note(token, 2, "texture")
    desk.note(token, 2, "edges")  # the first word stays
    with pytest.raises(InputError, match="got 'a rude word'"):
        desk.note(token, 1, "a rude word")
    with pytest.raises(RefusedError, match="was not answered yet"):
        desk.note(token, 6, "texture")
    assert kept.events("tiny") == []
    step = desk.keep(token)
    assert step["reasons"] == [{"words": "texture", "times": 1}]
    assert desk.told()["rounds"] == 1
    assert {one["model"] for one in desk.told()["models"]} == {"anna", "bert"}
    desk.note(token, 3, "shape")
    assert len(kept.events("tiny", "note")) == 2


def test_how_a_panels_study_stands_is_not_for_everybody(client):
    assert client.get("standing").status_code == 404
    assert "for its researcher" in client.get("standing").text


def test_a_score_is_set_against_everybody_elses(make, kept):
    desk = Desk(make(), kept)
    first = finish(desk, *begin(desk))
    assert first["others"] == 0
    second = finish(desk, *begin(desk, {"PROLIFIC_PID": "another"}))
    assert second["others"] == 1
    assert second["mean"] == first["right"] / first["judged"]


def test_who_did_as_well_counts_half(make, kept):
    desk = Desk(make(), kept)
    finish(desk, *begin(desk))  # calls everything real, and half of it is
    standing = Standing(kept, desk.design)
    above = [standing.compare(score, "me")["above"] for score in (0.4, 0.5, 0.6)]
    assert above == [0, 0.5, 1]


def test_a_rehearsal_takes_nobodys_place(make, kept):
    desk = Desk(make(stop_when_full=True, planned=1), kept)
    finish(desk, *begin(desk, {"SIMULATED": "1"}))
    assert desk.enter({"SIMULATED": "2"})["step"]["step"] == "full"
    finish(desk, *begin(desk))
    assert desk.enter({"PROLIFIC_PID": "another"})["step"]["step"] == "full"


def test_who_starts_over_while_answers_are_counted_counts_them_all(make, kept, monkeypatch):
    desk = Desk(make(), kept)
    finish(desk, *begin(desk))
    standing, numbered = Standing(kept, desk.design), kept.numbered

    def interrupted(*args, **keys):
        first, *rest = numbered(*args, **keys)
        yield first
        Thread(target=standing.forget).start()
        time.sleep(0.05)
        yield from rest

    monkeypatch.setattr(kept, "numbered", interrupted)
    standing.models()
    time.sleep(0.05)
    monkeypatch.setattr(kept, "numbered", numbered)
    assert sum(one["shown"] for one in standing.models()) == 3


def test_an_answer_with_a_smaller_number_may_come_later(make, kept, monkeypatch):
    """Of two servers the slower one commits what it numbered first."""
    desk = Desk(make(), kept)
    finish(desk, *begin(desk))
    numbered, late = kept.numbered, True
    first = numbered(desk.design.name)[0][0]

    def slow(*args, **keys):
        return [(n, one) for n, one in numbered(*args, **keys) if n != first or not late]

    monkeypatch.setattr(kept, "numbered", slow)
    monkeypatch.setattr("ganzoo.study.standing.FRESH_S", 0.0)
    standing = Standing(kept, desk.design)
    before = sum(one["shown"] for one in standing.models())
    late = False
    after = sum(one["shown"] for one in standing.models())
    assert after == sum(one["shown"] for one in standing.models()) == 3 > before


def test_readers_of_the_standing_do_not_meet_its_writer(make, kept, monkeypatch):
    desk = Desk(make(), kept)
    finish(desk, *begin(desk))
    (_, answer), *_ = kept.numbered(desk.design.name)
    monkeypatch.setattr("ganzoo.study.standing.FRESH_S", 0.0)
    count = iter(range(1, 10**6))
    monkeypatch.setattr(
        kept,
        "numbered",
        lambda *_, **__: [(n, replace(answer, participant=f"p{n}")) for n in islice(count, 50)],
    )
    standing = Standing(kept, desk.design)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as crowd:
            list(crowd.map(lambda _: (standing.compare(0.5, "p1"), standing.models()), range(400)))
    finally:
        sys.setswitchinterval(before)


def test_a_registered_study_never_changes(make, kept):
    Desk(make(), kept)
    with pytest.raises(StudyError, match="registered study is never changed"):
        Desk(make(planned=31), kept)


def test_a_study_is_called_after_its_folder_from_within_too(make, monkeypatch):
    monkeypatch.chdir(make().folder)
    assert Halls([find(".")]).names == Halls([find("study.yaml")]).names == ["tiny"]


def test_a_study_of_an_earlier_version_goes_on(make, kept):
    """Choices that did not exist then stand at their defaults, and its digest may be another."""
    study = make()
    made = json.loads(study.design.model_dump_json())
    assert made.pop("time_limit_s") == 0
    del made["stimuli"]["truncation"]
    pictures = study.manifest.model_copy(update={"design": "0" * 64}).model_dump_json()
    kept.add(Registered("tiny", "t", json.dumps(made), pictures, "0", "salt", "secret"))
    _, step = begin(Desk(study, kept))
    assert step["trial"] == 0
    with pytest.raises(StudyError, match="never changed"):
        Desk(make(time_limit_s=3), kept)


def test_who_fails_the_qualification_goes_no_further(make, kept):
    desk = Desk(make(qualification={"trials": 4, "passes": 0.65}), kept)
    step = finish(desk, *begin(desk))
    assert step["step"] == "unqualified"
    assert len(kept.answers("tiny")) == 4
    desk.decide("close")
    assert desk.enter(LINK)["step"]["step"] == "unqualified"


def test_who_fails_the_qualification_is_handed_no_code(make, kept):
    completion = {"code": "C0DE", "redirect": "https://panel.test/?cc={code}"}
    desk = Desk(make(qualification={"trials": 4}, completion=completion), kept)
    step = finish(desk, *begin(desk))
    assert set(step) == {"step", "eraser"}


def test_who_is_just_good_enough_goes_on(make, kept):
    desk = Desk(make(qualification={"trials": 4, "passes": 1.0}), kept)
    token, step = begin(desk)
    for _ in range(4):
        assert step["part"] == "qualification"
        (slot,) = desk.seated(token).trials[step["trial"]].slots
        step = desk.answer(token, given(step, "fake" if slot.model else "real"))["step"]
    assert step["part"] == "main"


# -- over HTTP --------------------------------------------------------------------------------


@pytest.fixture
def client(make, tmp_path):
    study = make(feedback=True, examples=1)
    halls = Halls([study.folder], f"sqlite:///{tmp_path / 'b.sqlite'}", password="open sesame")
    with TestClient(alone(halls), base_url="http://here/study/tiny/") as client:
        client.study = study  # type: ignore[attr-defined]
        yield client
    halls.close()


def post(client, path, **content):
    reply = client.post(path, json=content)
    return reply.status_code, reply.json()


def test_the_truth_does_not_leave_before_the_answer(client):
    """Nothing that comes over the line differs between reals and fakes but the pixels."""
    manifest = client.study.manifest
    _, told = post(client, "enter", link=LINK)
    token, step = told["token"], told["step"]
    heads, said = {True: set(), False: set()}, [client.get("").text, json.dumps(told)]
    for kind in ("consent", "check", "instructions"):
        step = post(client, "tell", token=token, kind=kind)[1]["step"]
    while step["step"] == "trial":
        said.append(json.dumps({k: v for k, v in step.items()}))
        reply = client.get(step["pictures"][0], headers={"Accept-Encoding": "br, gzip"})
        real = manifest.by_name[sha256(reply.content).hexdigest()].real
        heads[real].add(tuple(sorted(reply.headers.items())))
        step = post(client, "answer", token=token, **given(step))[1]["step"]
    assert heads[True] == heads[False]
    assert len(heads[True]) == 1
    text = "".join(said)
    assert not any(name in text for name in manifest.by_name)
    for word in ("anna", "bert", "sha256", "share_real_of", "truth"):
        assert word not in text


def test_pictures_are_opened_by_tickets_and_in_turn(client):
    _, told = post(client, "enter", link=LINK)
    token = told["token"]
    for kind in ("consent", "check", "instructions"):
        step = post(client, "tell", token=token, kind=kind)[1]["step"]
    assert client.get(step["pictures"][0]).status_code == 200
    assert client.get(step["following"][0]).status_code == 200
    who, ticket = token.partition(".")[0], step["ticket"]
    assert client.get(f"picture/{who}/2/0/{ticket}").status_code == 409
    assert client.get(f"picture/{who}/0/7/{ticket}").status_code == 409
    assert client.get(f"picture/nobody/0/0/{ticket}").status_code == 409


def test_mistakes_are_sentences(client):
    assert client.post("answer", content=b"[1]").status_code == 422
    assert client.post("answer", content=b"x" * 70_000).status_code == 422
    for content in (b'{"link": {"STUDY_ID": "\\ud800"}}', b'{"x": NaN}', b"[" * 60_000):
        assert client.post("enter", content=content).status_code == 422
    assert post(client, "answer", token="x.y")[0] == 409
    assert client.get("/study/other/").status_code == 404
    assert post(client, "tell", token="x", kind="completion")[0] == 422


def test_the_researchers_page_lets_nobody_in_without_the_password(client):
    page = client.get("researcher")
    assert page.status_code == 200
    assert "sesame" not in page.text
    inside = ("researcher/progress", "researcher/data.zip")
    assert [client.get(path).status_code for path in inside] == [401, 401]
    assert client.post("researcher/decide/close").status_code == 401
    assert post(client, "researcher/login", password="open sesamf")[0] == 401
    client.cookies.set("ganzoo-researcher", "9999999999." + "0" * 64)
    assert client.get(inside[0]).status_code == 401
    client.cookies.clear()
    assert post(client, "researcher/login", password="open sesame")[0] == 200
    assert client.get(inside[0]).json()["state"] == "open"
    assert client.get(inside[1]).content[:2] == b"PK"
    assert client.get(inside[0], headers={"Sec-Fetch-Site": "cross-site"}).status_code == 401
    assert client.post("researcher/decide/pause").json() == {"state": "paused"}
    client.post("researcher/logout")
    assert client.get(inside[0]).status_code == 401
