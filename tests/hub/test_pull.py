"""Pulling from a Hub on the loopback interface, with the real client."""

import json

import pytest
from huggingface_hub import constants
from loopback import Fault, Hub, Repo
from shelf import hang

import ganzoo
from ganzoo import bundle
from ganzoo.errors import BundleError, HubError, UnknownNameError
from ganzoo.hub import find, pull


@pytest.fixture
def repo(tmp_path, hub: Hub) -> Repo:
    made = hang(tmp_path / "shelf", "dcgan-mnist")
    files = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    hub.repos["me/dcgan"] = Repo(files | {"README.md": b"# card", "train.py": b"import os"})
    return hub.repos["me/dcgan"]


def test_a_bundle_comes_over_whole_and_nothing_else(hub, repo):
    folder = pull("me/dcgan").folder
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
    hub.repos["me/closed"] = Repo(refuses=refuses)
    with pytest.raises(HubError, match=said):
        pull("me/closed")


def test_a_repository_that_is_not_there(hub):
    with pytest.raises(HubError, match="the Hub has no 'me/nothing'"):
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
    with pytest.raises(HubError, match=r"discriminator\.safetensors is missing"):
        pull("me/dcgan")


def test_a_config_cannot_reach_outside_its_folder(repo):
    config = json.loads(repo.files["config.json"])
    config["sha256"]["../../secret.safetensors"] = "0" * 64
    repo.files["config.json"] = json.dumps(config).encode()
    with pytest.raises((HubError, BundleError)):
        pull("me/dcgan")


def test_out_of_reach_what_was_fetched_still_serves(hub, repo, monkeypatch):
    folder = pull("me/dcgan").folder
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert pull("me/dcgan").folder == folder
    with pytest.raises(HubError, match=r"not fetched before.*out of reach"):
        pull("me/unseen")


def test_a_broken_line_is_taken_up_where_it_broke(hub, repo, monkeypatch):
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 100)  # what is kept of a broken line
    hub.faults.append(Fault("/stored/", cut=400))
    folder = pull("me/dcgan").folder
    assert bundle.load(folder).network()
    assert hub.ranges == ["bytes=400-"]


def test_a_line_that_breaks_all_the_time_leaves_nothing_half_done(hub, repo):
    hub.faults.append(Fault("/stored/", times=99, cut=0))
    with pytest.raises(HubError, match=r"not fetched before.*out of reach"):
        pull("me/dcgan")
    hub.faults.clear()
    assert bundle.load(pull("me/dcgan").folder).network()


def test_a_slow_line_is_waited_for(hub, repo):
    hub.faults.append(Fault("/stored/", times=2, pause=0.05))
    assert pull("me/dcgan").folder.is_dir()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_stumbles_is_asked_again(hub, repo, status):
    hub.faults.append(Fault("/api/models", status=status))
    assert pull("me/dcgan").folder.is_dir()


def test_what_answers_must_be_a_hub(hub, monkeypatch):
    hub.repos["me/dcgan"] = Repo(refuses=(200, ""))  # a page of a hotel's network, say
    with pytest.raises(HubError, match=r"not fetched before.*out of reach"):
        pull("me/dcgan")


def test_a_commit_pins_what_a_branch_moves(hub, repo):
    first = pull("me/dcgan")
    repo.move_on(repo.files | {"README.md": b"# another card"}, "edit")
    assert pull("me/dcgan").commit != first.commit
    again = pull(first.pinned)
    assert (again.folder / "README.md").read_bytes() == b"# card"


@pytest.mark.parametrize("path", ["config.json", "README.md", "model.safetensors"])
def test_a_file_swapped_on_its_way_is_found_out(hub, repo, path):
    """The listing says one thing, the line brings another."""

    class Swapped(dict):
        def items(self):
            return {**self, path: b"what was listed"}.items()

    repo.files = Swapped(repo.files)
    with pytest.raises(HubError, match="is not the file that the Hub lists"):
        pull("me/dcgan")


@pytest.mark.parametrize("name", ["config.json", "README.md", "model.safetensors"])
@pytest.mark.parametrize("through", [False, True], ids=["replaced", "through the link"])
def test_a_file_changed_in_the_cache_is_fetched_again_once(hub, repo, name, through):
    path = pull("me/dcgan").folder / name
    if not through:
        path.unlink()
    path.write_bytes(b"changed")
    hub.asked.clear()
    assert pull("me/dcgan").folder == path.parent
    assert path.read_bytes() == repo.files[name]
    fetched = {asked.rpartition("/")[2] for asked in hub.asked if "/resolve/" in asked}
    assert fetched == {name}, "only what was not right"


@pytest.mark.parametrize(("name", "content"), [
    ("preview.png", b"<svg onload='alert(1)'>"), ("film.webp", b"RIFF????WEBP"), ("preview.png", b""),
])  # fmt: skip
def test_pictures_must_be_pictures(repo, name, content):
    repo.files[name] = content
    with pytest.raises(HubError, match=f"{name} is no"):
        pull("me/dcgan")


def test_a_picture_that_would_fill_the_memory_is_refused(repo):
    import struct
    import zlib

    size = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    head = b"IHDR" + size
    repo.files["preview.png"] = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
        + b"\0\0\0\0IEND\xaeB`\x82"
    )  # fmt: skip
    with pytest.raises(HubError, match=r"preview\.png"):
        pull("me/dcgan")


def test_a_full_disk_is_not_taken_for_a_broken_line(repo, monkeypatch):
    import errno

    from huggingface_hub import HfApi

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(HfApi, "snapshot_download", full)
    with pytest.raises(HubError, match="no room left on the disk"):
        pull("me/dcgan")


def test_a_fault_of_ones_own_is_not_hidden(repo, monkeypatch):
    from huggingface_hub import HfApi

    monkeypatch.setattr(HfApi, "snapshot_download", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pull("me/dcgan")


def test_a_smaller_limit_may_be_set(repo):
    with pytest.raises(HubError, match="at most 0 are read"):
        pull("me/dcgan", limit=100)


def test_offline_nobody_is_asked(hub, repo, monkeypatch):
    folder = pull("me/dcgan@main").folder
    hub.asked.clear()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)  # the client reads it at its start
    assert pull("me/dcgan@main").folder == folder
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
