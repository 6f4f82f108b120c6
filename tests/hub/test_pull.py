"""Pulling from a Hub on the loopback interface, with the real client."""

import json

import pytest
from huggingface_hub import constants
from loopback import Hub, Repo, serving
from shelf import hang

import ganzoo
from ganzoo import bundle
from ganzoo.errors import BundleError, HubError, UnknownNameError
from ganzoo.hub import find, pull


@pytest.fixture
def hub(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    with serving() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub


@pytest.fixture
def repo(tmp_path, hub: Hub) -> Repo:
    made = hang(tmp_path / "shelf", "dcgan-mnist")
    files = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    hub.repos["me/dcgan"] = Repo(files | {"README.md": b"# card", "train.py": b"import os"})
    return hub.repos["me/dcgan"]


def test_a_bundle_comes_over_whole_and_nothing_else(hub, repo):
    folder = pull("me/dcgan")
    assert {path.name for path in folder.iterdir()} == {
        "config.json", "model.safetensors", "discriminator.safetensors", "README.md",
    }  # fmt: skip
    assert bundle.load(folder).network()
    assert any(path.startswith("/stored/") for path in hub.asked), "redirects were not followed"


def test_load_reads_straight_from_the_hub(repo):
    model = ganzoo.load("hub:me/dcgan@main")
    assert model.sample(seed=3, count=2).shape == (2, 1, 8, 8)


def test_what_was_fetched_is_not_fetched_again(hub, repo):
    pull("me/dcgan")
    hub.asked.clear()
    pull("me/dcgan")
    assert not [path for path in hub.asked if "/resolve/" in path or "/stored/" in path]


@pytest.mark.parametrize("ref", [
    "dcgan", "../dcgan", "me/../dcgan", "me/..", "/etc/passwd", "me/dc gan", "me/dcgan@", "a/b/c",
    "me/dcgan@../../x", "me/dcgan@a/../../b", "", "me--you/x", "https://huggingface.co/me/dcgan", "me/x.git@-f",
])  # fmt: skip
def test_a_malformed_name_asks_nobody(hub, ref):
    with pytest.raises(HubError, match="user/name"):
        pull(ref)
    assert not hub.asked


@pytest.mark.parametrize(("refuses", "said"), [
    ((401, ""), "log in"),
    ((401, "RepoNotFound"), "log in"),
    ((403, "GatedRepo"), "accept its terms"),
    ((403, ""), "does not let you read"),
    ((429, ""), "too many requests"),
    ((418, ""), "answered 418"),
])  # fmt: skip
def test_refusals_become_sentences(hub, refuses, said, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)  # the client waits before it asks again
    hub.repos["me/closed"] = Repo(refuses=refuses)
    with pytest.raises(HubError, match=said):
        pull("me/closed")


def test_a_repository_that_is_not_there(hub):
    with pytest.raises(HubError, match="no model 'me/nothing'"):
        pull("me/nothing")


def test_a_revision_that_is_not_there(repo):
    with pytest.raises(HubError, match="no revision 'v9'"):
        pull("me/dcgan@v9")


@pytest.mark.parametrize("name", ["pytorch_model.bin", "network.pkl"])
def test_pickles_are_named_and_not_read(hub, name):
    hub.repos["me/old"] = Repo({"config.json": b"{}", name: b"\x80\x04."})
    with pytest.raises(HubError, match=f"{name} may hold code"):
        pull("me/old")
    assert not [path for path in hub.asked if "/resolve/" in path]


def test_a_repository_without_config_is_no_bundle(hub):
    hub.repos["me/other"] = Repo({"model.safetensors": b"?"})
    with pytest.raises(HubError, match=r"no config\.json"):
        pull("me/other")


def test_another_librarys_config_is_no_bundle(hub):
    hub.repos["me/other"] = Repo({"model.safetensors": b"?", "config.json": b'{"a": 1}'})
    with pytest.raises(BundleError, match="does not describe a ganzoo bundle"):
        pull("me/other")


def test_files_too_large_are_not_begun(hub, repo):
    repo.sizes["model.safetensors"] = 3 * 2**30
    with pytest.raises(HubError, match=r"3,072 MiB"):
        pull("me/dcgan")
    assert not [path for path in hub.asked if "/resolve/" in path]


def test_a_tampered_file_is_found_out(repo):
    weights = repo.files["model.safetensors"]
    repo.files["model.safetensors"] = weights[:-1] + bytes([weights[-1] ^ 1])
    with pytest.raises(HubError, match=r"model\.safetensors is not the file its config"):
        pull("me/dcgan")


def test_a_file_that_the_config_promises_must_be_there(repo):
    del repo.files["discriminator.safetensors"]
    with pytest.raises(HubError, match=r"lacks discriminator\.safetensors"):
        pull("me/dcgan")


def test_a_config_cannot_reach_outside_its_folder(repo):
    config = json.loads(repo.files["config.json"])
    config["sha256"]["../../secret.safetensors"] = "0" * 64
    repo.files["config.json"] = json.dumps(config).encode()
    with pytest.raises((HubError, BundleError)):
        pull("me/dcgan")


def test_out_of_reach_what_was_fetched_still_serves(hub, repo, monkeypatch):
    folder = pull("me/dcgan")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert pull("me/dcgan") == folder
    with pytest.raises(HubError, match=r"not fetched before.*out of reach"):
        pull("me/unseen")


def test_offline_nobody_is_asked(hub, repo, monkeypatch):
    folder = pull("me/dcgan@main")
    hub.asked.clear()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)  # the client reads it at its start
    assert pull("me/dcgan@main") == folder
    with pytest.raises(HubError, match="not fetched before, and HF_HUB_OFFLINE is set"):
        pull("me/unseen")
    assert not hub.asked


def test_a_bundle_is_found_by_name_and_by_folder(tmp_path, monkeypatch):
    made = hang(tmp_path / "shelf", "dcgan-mnist")
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path / "shelf"))
    assert find("dcgan-mnist") == made.folder
    assert find(made.folder) == made.folder
    monkeypatch.chdir(tmp_path)
    assert find("shelf/dcgan-mnist").resolve() == made.folder
    (tmp_path / "dcgan-mnist").mkdir()  # a run's folder of that name is no bundle
    assert find("dcgan-mnist") == made.folder


def test_unknown_and_wrong_places_are_told_apart(tmp_path, monkeypatch):
    hang(tmp_path, "dcgan-mnist")
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path))
    with pytest.raises(UnknownNameError, match=r"'dcgan-mnits'.*Did you mean 'dcgan-mnist'"):
        find("dcgan-mnits")
    with pytest.raises(UnknownNameError, match="Did you mean 'dcgan-mnist'"):
        find("checkpoints/dcgan-mnis")
    (tmp_path / "old.bin").write_bytes(b"\x80")
    with pytest.raises(BundleError, match="may hold code"):
        find(tmp_path / "old.bin")
    with pytest.raises(BundleError, match="is a file"):
        find(tmp_path / "dcgan-mnist" / "config.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BundleError, match=r"no config\.json"):
        ganzoo.load(tmp_path / "empty")
