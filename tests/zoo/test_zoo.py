"""All bundles of some folders: found, shared, put to sleep, and never hidden by a broken one."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from shelf import hang

from ganzoo import bundle
from ganzoo.errors import BundleError, UnknownNameError, suggestion
from ganzoo.zoo import Zoo
from ganzoo.zoo.zoo import _weight

THREE = ["cgan-mnist", "dcgan-mnist", "gan-mnist"]


@pytest.fixture
def root(tmp_path):
    for name in THREE:
        hang(tmp_path / "shelf", name)
    return tmp_path / "shelf"


def test_bundles_are_found_by_what_they_can_do(root):
    zoo = Zoo([root])
    assert zoo.names() == THREE
    assert zoo.names("sample", "classes") == ["cgan-mnist"]
    assert zoo.names("style") == []


def test_of_many_names_a_message_lists_a_few():
    names = [f"gan-{number:02}" for number in range(30)]
    assert suggestion("gan-3", names).startswith("Did you mean")
    assert suggestion("zebra", names).endswith("gan-18, gan-19 and 10 more.")
    assert suggestion("zebra", names[:21]).endswith("gan-19, gan-20.")


def test_an_unknown_name_is_met_with_a_suggestion(root):
    with pytest.raises(UnknownNameError, match=r"'dcgan-mnst'.*Did you mean 'dcgan-mnist'"):
        Zoo([root]).model("dcgan-mnst")


def test_a_broken_bundle_is_reported_and_hides_no_other(root):
    (root / "gan-mnist" / "config.json").write_text('{"library": "ganzoo", "format": 99}')
    zoo = Zoo([root])
    assert zoo.names() == THREE[:2]
    assert "format 99" in zoo.problems["gan-mnist"]
    with pytest.raises(BundleError, match="format 99"):
        zoo.model("gan-mnist")


def test_what_changes_on_disk_is_seen(root):
    zoo = Zoo([root])
    model, other = zoo.model("dcgan-mnist"), zoo.model("gan-mnist")
    shutil.rmtree(root / "cgan-mnist")
    score = bundle.Score(name="fid_test", value=1.0)
    bundle.rewrite(model.bundle, metrics=(score,))
    assert zoo.names() == THREE[1:]
    assert zoo.bundle("dcgan-mnist").config.metrics == (score,)
    assert zoo.model("dcgan-mnist") is not model
    assert zoo.model("gan-mnist") is other


def test_configs_are_read_once(root, monkeypatch):
    zoo = Zoo([root])
    first = zoo.bundle("dcgan-mnist")
    monkeypatch.setattr(bundle, "load", lambda _: pytest.fail("read again"))
    assert zoo.bundle("dcgan-mnist") is first
    assert zoo.names() == THREE


def test_models_longest_out_of_use_go_to_sleep(root):
    unlimited = Zoo([root])
    weights = {name: _weight(unlimited.model(name)) for name in THREE}
    zoo = Zoo([root], limit_bytes=sum(weights.values()) - 1)
    first, second = zoo.model("cgan-mnist"), zoo.model("dcgan-mnist")
    assert zoo.model("cgan-mnist") is first  # used again: now dcgan-mnist is the oldest
    zoo.model("gan-mnist")
    assert zoo.model("cgan-mnist") is first
    assert zoo.model("dcgan-mnist") is not second


def test_the_weight_of_a_model_is_what_its_networks_take(root):
    model = Zoo([root]).model("gan-mnist")
    players = [model.network(player) for player in model.bundle.players]
    taken = sum(4 * one.numel() for player in players for one in player.state_dict().values())
    assert taken <= _weight(model) <= taken + 8192  # the files' headers


def test_the_model_in_use_stays_awake_whatever_the_limit(root):
    zoo = Zoo([root], limit_bytes=0)
    assert zoo.model("dcgan-mnist") is zoo.model("dcgan-mnist")


def test_everyone_gets_the_same_model(root):
    zoo = Zoo([root])
    with ThreadPoolExecutor(8) as crowd:
        models = list(crowd.map(lambda i: zoo.model(THREE[i % 3]), range(60)))
    assert len({id(model) for model in models}) == 3


def test_a_bundle_from_elsewhere_can_be_added(root, tmp_path):
    hang(tmp_path / "elsewhere", "lsgan-fashion")
    zoo = Zoo([root])
    added = zoo.add(tmp_path / "elsewhere" / "lsgan-fashion")
    assert added.name in zoo.names()
    assert zoo.add(added.folder) is added
    assert zoo.model(added.name).sample(count=1).shape == (1, 1, 8, 8)


def test_a_second_bundle_of_a_name_is_refused(root, tmp_path):
    hang(tmp_path / "elsewhere", "gan-mnist")
    with pytest.raises(BundleError, match="is called 'gan-mnist', and so is"):
        Zoo([root]).add(tmp_path / "elsewhere" / "gan-mnist")
    zoo = Zoo([root, tmp_path / "elsewhere"])
    assert zoo.bundle("gan-mnist").folder.parent == root
    assert "both called" in zoo.problems["gan-mnist"]


def test_an_empty_or_missing_folder_is_an_empty_zoo(tmp_path):
    assert Zoo([tmp_path, tmp_path / "nowhere"]).names() == []
