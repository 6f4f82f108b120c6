"""The Models view: who lives here, who is brought in from a Hub on this machine, who may not."""

import json
from contextlib import nullcontext
from unittest.mock import MagicMock, Mock

import pytest
from huggingface_hub import constants
from loopback import COMMIT, Hub, Repo, serving
from shelf import exhibit

from ganzoo import bundle
from ganzoo.errors import BundleError, GanzooError, HubError, InputError, UnknownNameError
from ganzoo.gallery import address, guests
from ganzoo.gallery.address import Model
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import models
from ganzoo.hub import card, keep, pull
from ganzoo.record import Beginning
from ganzoo.zoo import Zoo

ID = f"me--animal--{COMMIT}"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "ours"))
    made = exhibit(tmp_path / "elsewhere", "dcgan-mnist")
    with serving() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        hub.repos["me/animal"] = publish(made)
        yield hub


def publish(made: bundle.Bundle) -> Repo:
    files = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    return Repo(files | {"README.md": card.card(made, home="me/animal").encode()})


@pytest.fixture
def house(tmp_path) -> Zoo:
    exhibit(tmp_path / "shelf", "gan-mnist")
    return Zoo([tmp_path / "shelf"], guest_bytes=2**20)


def test_the_residents_say_what_they_are(house):
    house.model("gan-mnist").sample(count=1)
    shown = models.draw_residents(house)
    assert "gan-mnist" in shown
    assert "1 models are here, 1 of them awake" in shown
    assert "Digits &lt;8×8&gt;" in shown
    assert "CC BY 4.0" in shown
    assert "awake</b>" in shown
    (told,) = models.models(house)
    assert (told["name"], told["licence"]) == ("gan-mnist", "cc-by-4.0")
    assert told["memory_bytes"] == 2 * told["disk_bytes"] > 0


def test_weights_that_began_with_others_say_so(house):
    begun = Beginning(name="<p>", sha256="0", kimg=1, continued=False, licences=("CC BY-NC 4.0",))
    bundle.rewrite(house.bundle("gan-mnist"), beginning=begun)
    shown = models.draw_residents(Zoo(house.roots))
    assert "from the weights of &lt;p&gt;" in shown
    assert "as its data and the weights it began with" in shown


def test_a_guest_paints_for_whoever_knows_its_name(house, hub: Hub):
    shown = models.bring(house, "me/animal")
    assert f"?view=sample&amp;model={ID}" in shown
    assert f"ganzoo pull me/animal@{COMMIT} --keep" in shown
    assert house.names() == ["gan-mnist"], "a guest is offered to nobody"
    assert house.guests("sample") == [ID]
    assert house.model(ID).sample(seed=3, count=2).shape == (2, 1, 8, 8)
    assert models.draw_guest(house, "me/animal") == shown
    assert models.add_model(house, "hub:me/animal") == ID


def test_an_address_finds_a_guest_and_its_menu_offers_it_only_there(house, hub):
    models.bring(house, "me/animal")
    control = Model(options=("gan-mnist",), guests=((guests.label(ID), ID),))
    assert control.read(ID) == ID
    assert ("me/animal at c0ffee0", ID) in control.show(ID).choices
    assert (guests.label(ID), ID) not in control.show("gan-mnist").choices
    with pytest.raises(UnknownNameError):
        Model(options=("gan-mnist",)).read(ID)


def test_a_link_outlives_the_server(house, hub, tmp_path, monkeypatch):
    models.bring(house, "me/animal")
    another = Zoo([tmp_path / "shelf"], guest_bytes=2**20)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    query = f"?view=sample&model={ID}"
    assert guests.recall(another, query, ["sample"]) == query
    assert another.guests() == [ID]
    assert guests.recall(another, query + "&seed=1", ["style"]) == "?view=sample&seed=1"
    closed = Zoo([tmp_path / "shelf"])
    assert guests.recall(closed, query, ["sample"]) == query
    assert closed.guests() == []


@pytest.mark.parametrize("name", [
    "me--animal--" + "0" * 39, "..--..--" + "0" * 40, "a--b--c--" + "0" * 40, "me--ani/mal--" + "0" * 40, "", "--", "me/animal",
])  # fmt: skip
def test_no_address_reaches_elsewhere(house, hub, name):
    query = f"?model={name}"
    assert guests.recall(house, query, ["sample"]) == query
    assert house.guests() == []
    assert guests.origin(name) is None or "/" in str(guests.origin(name))


def test_the_room_is_bounded(house, hub, tmp_path, monkeypatch):
    monkeypatch.setattr("ganzoo.zoo.zoo.GUESTS", 2)
    monkeypatch.setattr(guests, "GUESTS", 2)
    for number in range(4):
        hub.repos[f"me/animal{number}"] = hub.repos["me/animal"]
        guests.bring(house, f"me/animal{number}")
    assert len(house.guests()) == 2
    kept = {path.name for path in (tmp_path / "ours" / "guests").iterdir()}
    assert kept == {f"me--animal{number}--{COMMIT}" for number in (2, 3)}


def test_who_is_not_let_in_leaves_nothing_behind(house, hub, tmp_path):
    broken = hub.repos["me/animal"].files | {"config.json": b"{}"}
    hub.repos["me/broken"] = Repo(broken)
    with pytest.raises(GanzooError):
        guests.bring(house, "me/broken")
    assert list((tmp_path / "ours" / "guests").iterdir()) == []


def test_visitors_do_not_see_what_the_operator_may(house, hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", hub.token)
    hub.repos["me/animal"].private = True
    with pytest.raises(HubError, match="or it is private"):
        guests.bring(house, "me/animal")
    assert pull("me/animal").commit == COMMIT  # the operator's own command


def test_a_guest_points_at_no_file_of_this_machine(house, hub, tmp_path):
    files = dict(hub.repos["me/animal"].files)
    config = json.loads(files["config.json"])
    config["recipe"]["data"] |= {"name": "folder", "path": str(tmp_path)}
    files["config.json"] = json.dumps(config).encode()
    hub.repos["me/spy"] = Repo(files)
    with pytest.raises(BundleError, match="its recipe names files of one machine: '/"):
        guests.bring(house, "me/spy")


def test_a_long_address_is_looked_at_once(house):
    query = "?model=" + "-" * 8000
    assert guests.recall(house, query, ["sample"]) == query


def test_one_too_large_stays_outside(hub, tmp_path):
    small = Zoo([tmp_path / "shelf"], guest_bytes=1000)
    with pytest.raises(HubError, match="at most 0 are read"):
        models.bring(small, "me/animal")
    assert not [path for path in hub.asked if "/resolve/" in path]


@pytest.mark.parametrize(("add", "said"), [
    ("", "which model"), ("animal", "user/name"), ("../../etc", "user/name"), ("me/nobody", "has no 'me/nobody'"),
    ("<script>", "user/name"), ("me/animal@v9", "no revision"),
])  # fmt: skip
def test_every_failure_is_a_sentence(house, hub, add, said):
    with pytest.raises(GanzooError, match=said):
        models.bring(house, add)


def test_an_operator_may_close_the_door(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(models, "gr", MagicMock())
    monkeypatch.setattr(models.widgets, "html", MagicMock())
    exhibit(tmp_path / "shelf", "gan-mnist")
    closed = Zoo([tmp_path / "shelf"])
    with pytest.raises(InputError, match="switched adding models off"):
        models.bring(closed, "me/animal")
    assert not hub.asked
    assert offered(closed) == {"draw_residents", "models"}
    assert {"bring", "add_model", "draw_found"} <= offered(Zoo([tmp_path / "shelf"], guest_bytes=9))


def offered(zoo: Zoo) -> set[str]:
    """The handlers that the view is wired to."""
    stage = Mock(spec=Stage, zoo=zoo, controls=nullcontext)
    models.build(stage)
    calls = [*stage.draws.call_args_list, *stage.action.call_args_list]
    return {call.args[0].__name__ for call in calls}


def test_what_the_hub_has_is_listed_and_leads_to_the_door(house, hub):
    hub.repos["me/other"] = Repo({"README.md": b"---\ntags: [gan]\n---\n"})
    hub.repos["me/<b>"] = hub.repos["me/animal"]
    shown = models.draw_found(house, "")
    assert "?view=models&amp;add=me%2Fanimal" in shown
    assert "fetched 7 times" in shown
    assert "me/other" not in shown
    assert "<b>" not in shown
    assert "nothing called" in models.draw_found(house, "zebra")


def test_nothing_in_a_bundle_becomes_html(house, hub, tmp_path):
    evil = "<img src=x onerror=alert(1)>"
    made = bundle.load(tmp_path / "elsewhere" / "dcgan-mnist")
    data = made.config.data.model_copy(
        update={"title": evil, "licence": evil, "url": 'https://a.test/"onclick="alert(1)'}
    )
    source = bundle.Provenance(format=evil, source=evil, sha256="0", repository=evil, licence=evil)
    score = made.config.metrics[0].model_copy(update={"name": evil, "protocol": {evil: evil}})
    hub.repos["me/animal"] = publish(
        bundle.rewrite(made, data=data, provenance=source, metrics=(score,))
    )
    shown = models.bring(house, "me/animal") + models.draw_guest(house, evil)
    house.add(pull("me/animal").folder)
    from ganzoo.gallery import placard
    from ganzoo.gallery.front import cards, tree

    shown += models.draw_residents(house) + cards.draw_cards(house) + tree.draw_tree(house)
    shown += placard.label(house.bundle("dcgan-mnist"))
    assert "<img src=x" not in shown
    assert '"onclick=' not in shown


def test_where_a_resident_from_the_hub_comes_from(house, hub, tmp_path):
    pulled = pull("me/animal")
    house.add(pulled.folder)
    assert f"the Hub: me/animal<small>at {COMMIT[:12]}" in models.draw_residents(house)
    kept = keep(pulled, tmp_path / "shelf2")
    assert "the Hub" not in models.draw_residents(Zoo([kept.parent]))


@pytest.mark.parametrize("text", ["x" * 300, "two\nlines", "\x00", 3])
def test_words_are_one_short_line(text):
    with pytest.raises(InputError):
        models.Words(name="add").read(text)
    assert address.check({"add": text}, [models.Words(name="add")])[0] == {"add": ""}
