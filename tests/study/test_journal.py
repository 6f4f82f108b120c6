"""A journal on a Hub on this machine: what was pushed comes back, and nobody is told more than that."""

import time
from dataclasses import replace

import pytest
from huggingface_hub import constants
from loopback import COMMIT, Fault, Hub, Repo, serving

from ganzoo.errors import HubError, StoreError
from ganzoo.study import journal as journals
from ganzoo.study.desk import Desk
from ganzoo.study.halls import Halls
from ganzoo.study.journal import Journal
from ganzoo.study.progress import progress
from ganzoo.study.simulate import Observer, Servant
from ganzoo.study.simulate.guest import Guest
from ganzoo.study.store import Answered, Event, Participant, Registered, Store

REPO, KEY = "me/answers", "datasets/me/answers"
STUDY = Registered("s", "t", "{}", "{}", "1", "salt", "secret")
ANNA = Participant("anna", "s", 0, "t", "link", "eraser", person="p")
BERT = Participant("bert", "s", 1, "t", "link", "other")
ANSWER = Answered("anna", 0, "attempt-1", "t", "main", 0, (("x", None), ("y", "m")), [1], 2, 2, 3.5)
NOTE = Event("s", "refused", "t", "anna", detail={"why": "“late”"})


@pytest.fixture
def hub(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    monkeypatch.setattr("ganzoo.hub.client.PATIENCE", (0.0, 0.0))
    with serving() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("HF_TOKEN", hub.token)
        yield hub


@pytest.fixture
def disk(tmp_path):
    """A server's disk, again and again a new one."""
    stores: list[Store] = []

    def new() -> tuple[Store, Journal]:
        stores.append(Store(f"sqlite:///{tmp_path / f'{len(stores)}.sqlite'}"))
        return stores[-1], Journal(REPO)

    yield new
    for store in stores:
        store.close()


def told(hub: Hub) -> str:
    files = hub.repos[KEY].files
    return "".join(files[path].decode() for path in files if path.startswith("facts/"))


def test_what_was_pushed_comes_back_on_a_new_disk(hub, disk):
    store, journal = disk()
    assert journal.restore(store) == 0
    assert hub.repos[KEY].private
    store.add(STUDY, ANNA, BERT)
    store.add(ANSWER, NOTE, NOTE)  # the same twice is two
    journal.push()
    store.add(replace(ANSWER, trial=1))
    journal.push()
    journal.push()  # nothing new: no commit
    assert len([path for path in hub.repos[KEY].files if path.startswith("facts/")]) == 2
    again, other = disk()
    assert other.restore(again) == 7
    assert list(again.everything()) == list(store.everything())
    assert again.answers("s") == [ANSWER, replace(ANSWER, trial=1)]
    assert other.status()["waiting"] == 0


def test_a_crash_between_pushes_loses_what_waited_and_nothing_else(hub, disk):
    store, journal = disk()
    journal.restore(store)
    store.add(STUDY, ANNA, ANSWER)
    journal.push()
    store.add(replace(ANSWER, trial=1))  # then the server is gone with its disk
    assert journal.status()["waiting"] == 1
    assert not journal.settled("anna")
    assert journal.settled("bert")
    again, other = disk()
    other.restore(again)
    assert again.answers("s") == [ANSWER]
    assert other.settled("anna")


def test_a_disk_that_outlives_the_server_gives_the_journal_what_it_lacks(hub, disk):
    store, journal = disk()
    journal.restore(store)
    store.add(STUDY, ANNA, ANSWER)
    journal.push()
    store.add(replace(ANSWER, trial=1), NOTE)
    other = Journal(REPO)
    assert other.restore(store) == 0
    assert other.status()["waiting"] == 2
    other.push()
    last = Journal(REPO)
    assert last.restore(store) == 0
    assert last.status()["waiting"] == 0


def test_while_the_hub_is_away_everything_waits(hub, disk):
    store, journal = disk()
    journal.restore(store)
    store.add(STUDY, ANNA, ANSWER)
    hub.faults.append(Fault("/commit/", times=3, status=503))
    with pytest.raises(HubError, match="503"):
        journal.push()
    assert journal.status()["waiting"] == 3
    hub.faults.append(Fault("/commit/", times=1, status=503))  # once is asked again
    journal.push()
    assert journal.status()["waiting"] == 0
    assert told(hub).count('"fact": "answers"') == 1


def test_deleted_data_leave_the_data_set_and_its_history(hub, disk):
    store, journal = disk()
    journal.restore(store)
    store.add(STUDY, ANNA, BERT, ANSWER, NOTE, replace(ANSWER, participant="bert"))
    journal.push()
    store.add(replace(ANSWER, trial=1))  # waits
    store.erase(Event("s", "deletion", "t", "anna", "deletion anna"))
    assert journal.status()["waiting"] == 1  # the deletion itself
    journal.push()
    assert told(hub).count('"fact": "answers"') == 1
    assert told(hub).count('"kind": "deletion"') == 1
    assert "“late”" not in told(hub)
    assert hub.repos[KEY].past == {}
    again, other = disk()
    other.restore(again)
    assert again.participants("s") == [BERT]
    assert again.participant(person="p") == ANNA  # who does not come again


def test_a_deletion_that_never_reached_the_files_is_carried_out_at_the_start(hub, disk):
    store, journal = disk()
    journal.restore(store)
    store.add(STUDY, ANNA, ANSWER)
    journal.push()
    hub.faults.append(Fault("/super-squash/", times=3, status=503))
    store.erase(Event("s", "deletion", "t", "anna", "deletion anna"))
    deleting = "".join(journals._line(event) for event in store.events("s", "deletion"))
    hub.repos[KEY].files["facts/later.jsonl"] = deleting.encode()
    again, other = disk()
    other.restore(again)
    assert again.answers("s") == []
    hub.faults.clear()
    other.push()
    assert '"fact": "answers"' not in told(hub)


def test_what_everybody_can_read_or_nobody_can_is_said(hub, disk):
    store, journal = disk()
    hub.repos[KEY] = Repo(private=False)
    with pytest.raises(HubError, match="everybody can read the data set me/answers"):
        journal.restore(store)
    hub.repos[KEY] = Repo({"facts/a.jsonl": b'{"fact": "answers"\n'}, private=True)
    with pytest.raises(StoreError, match=r"line 1 of facts/a\.jsonl in the journal is no fact"):
        journal.restore(store)
    hub.repos[KEY] = Repo({"facts/a.jsonl": b'{"fact": "sqlite_master"}\n'}, private=True)
    with pytest.raises(StoreError, match="no fact"):
        journal.restore(store)
    with pytest.raises(HubError):
        Journal("no name at all")
    with pytest.raises(HubError, match="latest revision"):
        Journal(f"me/answers@{COMMIT}")


def test_a_journal_of_another_server_is_not_mixed_in(hub, disk):
    store, journal = disk()
    journal.restore(store)
    store.add(STUDY)
    journal.push()
    other, mine = disk()
    other.add(replace(STUDY, secret="another"))
    with pytest.raises(StoreError, match="contradict each other"):
        mine.restore(other)


def test_no_code_before_the_answers_are_in_the_data_set(hub, disk, make):
    store, journal = disk()
    journal.restore(store)
    desk = Desk(make(trials=2, completion={"code": "C0DE"}), store)
    told = desk.enter({"PROLIFIC_PID": "anna"})
    token, step = told["token"], told["step"]
    for kind in ("consent", "check", "instructions"):
        step = desk.tell(token, kind, {})
    while step["step"] == "trial":
        about = {"trial": step["trial"], "ticket": step["ticket"], "answer": "real"}
        step = desk.answer(token, {**about, "attempt": f"attempt-{step['trial']}"})["step"]
    assert step == {"step": "storing"}
    assert progress(store, "tiny", 100)["journal"]["waiting"] > 0
    journal.push()
    assert desk.enter({"PROLIFIC_PID": "anna"})["step"]["code"] == "C0DE"
    # Another server, another disk: the same participant is known, with everything.
    again, other = disk()
    other.restore(again)
    step = Desk(make(trials=2, completion={"code": "C0DE"}), again).enter({}, token)["step"]
    assert step["code"] == "C0DE"


def test_it_pushes_by_the_clock_at_once_if_asked_and_at_the_end(hub, make, tmp_path):
    study = make(trials=2)
    journal = Journal(REPO, every_s=3600.0, gap_s=0.05)
    halls = Halls([study.folder], f"sqlite:///{tmp_path / 'a.sqlite'}", journal=journal)
    desk = halls.desk("tiny")  # registers: its secret does not wait for an hour
    until = time.monotonic() + 10
    while journal.status()["waiting"] and time.monotonic() < until:
        time.sleep(0.01)
    assert '"fact": "studies"' in told(hub)
    token = desk.enter({})["token"]
    assert not journal.settled(token.partition(".")[0])
    halls.close()
    assert '"fact": "participants"' in told(hub)
    assert journal.status()["error"] is None


def test_a_server_that_is_told_to_leave_says_goodbye_and_one_that_is_killed_cannot(
    hub, make, tmp_path, monkeypatch
):
    monkeypatch.setenv("GANZOO_STUDY_JOURNAL", REPO)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    study = make(trials=3, completion={})
    first = Servant(study.folder, f"sqlite:///{tmp_path / '1.sqlite'}")
    with first:  # on its own disk
        until = time.monotonic() + 20
        while KEY not in hub.repos or '"fact": "studies"' not in told(hub):
            assert time.monotonic() < until
            time.sleep(0.05)
        Guest(first.home, study.manifest, Observer(), "anna", 1).take_part()
        assert first.stop() == 0
    assert told(hub).count('"fact": "answers"') == 3
    second = Servant(study.folder, f"sqlite:///{tmp_path / '2.sqlite'}")
    with second:  # on another one: anna has finished, and bert comes
        Guest(second.home, study.manifest, Observer(), "bert", 2).take_part()
        second.kill()
    third = Store(f"sqlite:///{tmp_path / '3.sqlite'}")
    Journal(REPO).restore(third)
    kept = third.answers("tiny")
    third.close()
    assert [answer.trial for answer in kept][:3] == [0, 1, 2]
    assert len({answer.participant for answer in kept}) in (1, 2)  # bert, if he was in time


def test_the_environment_names_it(monkeypatch):
    monkeypatch.delenv("GANZOO_STUDY_JOURNAL", raising=False)
    assert journals.configured() is None
    monkeypatch.setenv("GANZOO_STUDY_JOURNAL", REPO)
    monkeypatch.setenv("GANZOO_STUDY_JOURNAL_MINUTES", "2")
    made = journals.configured()
    assert made is not None
    assert made.every_s == 120
    monkeypatch.setenv("GANZOO_STUDY_JOURNAL_MINUTES", "soon")
    with pytest.raises(StoreError, match="got 'soon'"):
        journals.configured()
