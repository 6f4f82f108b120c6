"""A participant's code: when it is shown, and what it deletes, at the desk and by the command."""

import pytest
from typer.testing import CliRunner

from ganzoo.cli import build
from ganzoo.commands import commands
from ganzoo.study.desk import Desk
from ganzoo.study.store import Store


@pytest.fixture
def url(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    monkeypatch.setenv("GANZOO_DATABASE_URL", url)
    monkeypatch.delenv("GANZOO_STUDY_JOURNAL", raising=False)
    return url


@pytest.fixture
def desk(make, url):
    store = Store(url)
    yield Desk(make(), store)
    store.close()


def call(*arguments):
    return CliRunner().invoke(build(*commands), ["study", "erase", *arguments])


def answered(desk):
    """A participant after one answer; their code."""
    token = desk.enter({"PROLIFIC_PID": "anna"})["token"]
    steps = [desk.tell(token, kind, {}) for kind in ("consent", "check", "instructions")]
    told = {"trial": 0, "ticket": steps[-1]["ticket"], "attempt": "attempt-1", "answer": "real"}
    desk.answer(token, told)
    return steps[1]["eraser"]


def test_the_code_is_shown_before_the_first_picture_and_not_before_consent(desk):
    told = desk.enter({})
    assert "eraser" not in told["step"]
    desk.tell(told["token"], "consent", {})
    step = desk.tell(told["token"], "check", {})
    assert step["eraser"] == desk.identity.eraser(told["token"].partition(".")[0])


def test_who_agreed_to_nothing_needs_no_code_where_the_study_is_closed(desk):
    desk.enter({"PROLIFIC_PID": "anna"})
    desk.decide("close")
    assert desk.enter({"PROLIFIC_PID": "anna"})["step"] == {"step": "closed"}


def test_a_code_is_read_without_its_hyphens_too(desk):
    code = answered(desk)
    assert desk.erase(f" {code.replace('-', ' ').lower()} ") == 1
    assert desk.erase(code.replace("-", "")) == 0


def test_the_command_deletes_what_a_running_server_then_adds_nothing_to(desk, url):
    code = answered(desk)
    done = call("tiny", code)
    assert done.exit_code == 0, done.output
    assert "was deleted, answers: 1" in done.stdout
    assert desk.store.answers("tiny") == []
    assert [event.kind for event in desk.store.events("tiny")] == ["deletion"]
    assert desk.enter({"PROLIFIC_PID": "anna"})["step"] == {"step": "erased"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tiny", "1234"), "no data belong to the code '1234'"),
        (("tiyn", "1234"), "no study 'tiyn' is on record"),
    ],
)
def test_what_the_command_does_not_find_it_says(desk, arguments, said):
    done = call(*arguments)
    assert done.exit_code != 0
    assert said in done.stderr


def test_beside_a_journal_the_command_deletes_nothing(desk, monkeypatch):
    code = answered(desk)
    monkeypatch.setenv("GANZOO_STUDY_JOURNAL", "me/answers")
    done = call("tiny", code)
    assert done.exit_code != 0
    assert "enter the code on the study's page" in done.stderr
    assert len(desk.store.answers("tiny")) == 1
