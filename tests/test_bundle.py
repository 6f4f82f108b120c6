"""Bundles: what is written is what is read, and nothing else is believed."""

import errno
import json
import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from world import tiny

from ganzoo import bundle, files
from ganzoo.architectures import architectures
from ganzoo.bundle import Bundle
from ganzoo.errors import BundleError, UnknownNameError
from ganzoo.outline import outline
from ganzoo.record import Score


@pytest.fixture
def made(tmp_path) -> Bundle:
    recipe = tiny("dcgan-mnist", "data.path=somewhere/on/this/machine")
    networks = {name: build(recipe.options) for name, build in recipe.card.networks.items()}
    score = Score(name="fid_test", value=12.5, protocol={"n_fake": 10})
    return bundle.write(tmp_path / "dcgan-mnist", recipe, networks, metrics=(score,))


def edit(made: Bundle, **changes) -> None:
    path = made.folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_what_is_written_is_read(made):
    read = bundle.load(made.folder)
    assert read.config == made.config
    assert read.players == ("generator", "discriminator")
    for player in read.players:
        network = read.network(player)
        assert not network.training
        assert all(p.dtype == torch.float32 and not p.requires_grad for p in network.parameters())
        assert read.parameters(player) == sum(p.numel() for p in network.parameters())
    assert read.network()(torch.zeros(2, read.recipe.options.z_dim)).shape == (2, 1, 8, 8)


def test_the_number_of_parameters_is_told_without_building_a_network(made, monkeypatch):
    told = bundle.load(made.folder).parameters()
    edit(made, parameters={})  # as in bundles of older versions
    assert bundle.load(made.folder).parameters() == told
    edit(made, parameters={"generator": told})
    monkeypatch.setattr(bundle, "outline", None)
    assert bundle.load(made.folder).parameters() == told


def test_a_wrong_number_of_parameters_is_refused(made):
    told = bundle.load(made.folder).parameters()
    edit(made, parameters={"generator": 7})
    with pytest.raises(BundleError, match=f"generator has 7 parameters; it has {told:,}"):
        bundle.load(made.folder).network()


def test_a_machine_s_paths_stay_on_it(made):
    assert "somewhere" not in (made.folder / "config.json").read_text()


def test_weights_are_halved_on_disk(made):
    halved = load_file(made.folder / "model.safetensors")
    assert {w.dtype for w in halved.values() if w.is_floating_point()} == {torch.float16}


def test_a_tampered_weight_is_caught(made):
    path = made.folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BundleError, match="not the file its config vouches for"):
        bundle.load(made.folder).network()


def test_a_missing_weight_is_named_and_pickles_are_not_read(made):
    (made.folder / "model.safetensors").rename(made.folder / "model.bin")
    with pytest.raises(
        BundleError, match=r"model.safetensors is missing; model\.bin may hold code"
    ):
        bundle.load(made.folder).network()


def test_weights_that_do_not_fit_are_refused(made):
    small = json.loads((made.folder / "config.json").read_text())["recipe"]
    small["options"]["base_channels"] = 2
    edit(made, recipe=small)
    with pytest.raises(BundleError, match="does not fit"):
        bundle.load(made.folder).network()


def test_something_else_that_says_safetensors_is_refused(made):
    path = made.folder / "model.safetensors"
    path.write_bytes(b"\xff" * 100)
    hashes = made.config.sha256 | {path.name: files.sha256(path)}
    edit(made, sha256=hashes)
    with pytest.raises(BundleError, match="not a safetensors file"):
        bundle.load(made.folder).network()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "format 2; this ganzoo reads format 1"),
        ({"format": None}, "format None"),
        ({"library": "other"}, "does not describe a ganzoo bundle"),
        ({"name": "../../escape"}, r"name: .*\.\./\.\./escape"),
        ({"surprise": 1}, "surprise"),
        ({"recipe": {"architecture": "os.system"}}, "os.system"),
        ({"recipe": 3}, "recipe"),
        ({"sha256": ["a"]}, "sha256"),
        ({"cost": {"kimg": math.nan}}, "is not JSON: NaN is no number"),
        ({"cost": {"kimg": -math.inf}}, "is not JSON: -Infinity is no number"),
        ({"metrics": [{"name": "fid", "value": 1e308}]}, r"metrics\.0\.value"),
        ({"metrics": [{"name": "fid", "value": 1, "deviation": -1}]}, r"metrics\.0\.deviation"),
        ({"parameters": {"generator": 10**400}}, "parameters.generator"),
        ({"classes": ["\ud800"]}, "is not JSON: .*surrogates not allowed"),
    ],
)
def test_configs_that_are_wrong_are_quoted(made, changes, said):
    edit(made, **changes)
    with pytest.raises(BundleError, match=said):
        bundle.load(made.folder)


def test_a_number_too_large_for_a_number_is_refused(made):
    path = made.folder / "config.json"
    path.write_text(path.read_text().replace("12.5", "1e400"))
    with pytest.raises(BundleError, match="is not JSON: 1e400 is no number"):
        bundle.load(made.folder)


def test_a_network_of_very_many_parts_is_refused_before_it_is_built(made):
    card = architectures["biggan_deep"]
    many = card.tiny.model_copy(update={"g_blocks": ((False, 1, 1),) * 2000})
    with pytest.raises(ValueError, match=r"g_blocks has 2,000 entries; at most 256 are built"):
        outline(card.networks["generator"], many)


def test_weights_of_another_kind_are_refused(made):
    path = made.folder / "model.safetensors"
    whole = {name: value.to(torch.int64) for name, value in load_file(path).items()}
    save_file(whole, path)
    edit(made, sha256={**made.config.sha256, path.name: files.sha256(path)})
    with pytest.raises(BundleError, match="is of the type I64"):
        bundle.load(made.folder).network()


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '"ganzoo"', "[" * 100_000])
def test_files_that_are_no_configs_are_refused(made, text):
    (made.folder / "config.json").write_text(text)
    with pytest.raises(BundleError):
        bundle.load(made.folder)


def test_a_folder_without_config_is_no_bundle(tmp_path):
    with pytest.raises(BundleError, match=r"is not a bundle: it has no config\.json"):
        bundle.load(tmp_path)


def test_a_huge_config_is_not_even_read(made):
    (made.folder / "config.json").write_text(" " * (bundle.CONFIG_LIMIT + 1))
    with pytest.raises(BundleError, match="larger than"):
        bundle.load(made.folder)


def test_unknown_players_get_suggestions(made):
    with pytest.raises(UnknownNameError, match="Did you mean 'discriminator'"):
        made.network("discriminater")


def test_weights_beyond_float16_are_refused(made):
    network = made.network()
    next(network.parameters()).data.fill_(1e6)
    with pytest.raises(BundleError, match="float16 cannot hold"):
        bundle.write(made.folder, made.recipe, {"generator": network})


def test_loading_costs_the_caller_no_luck(made):
    torch.manual_seed(5)
    made.network()
    drawn = torch.rand(3)
    torch.manual_seed(5)
    assert torch.equal(drawn, torch.rand(3))


def test_weights_that_cannot_be_kept_leave_the_bundle_that_lies_there(made):
    network = made.network()
    with torch.no_grad():
        next(network.parameters()).fill_(torch.nan)
    with pytest.raises(BundleError):
        bundle.write(made.folder, made.recipe, {"generator": network})
    assert bundle.load(made.folder).config == made.config


@pytest.mark.parametrize("room", range(3))
def test_a_disk_without_room_leaves_the_bundle_that_lies_there(made, monkeypatch, room):
    """For two networks and a config, where so many files of them still find room."""
    before = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    recipe, written = bundle.load(made.folder).recipe, iter(range(room))

    def full(_):
        if next(written, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")

    networks = {name: build(recipe.options) for name, build in recipe.card.networks.items()}
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        bundle.write(made.folder, recipe, networks)
    assert {path.name: path.read_bytes() for path in made.folder.iterdir()} == before


def test_no_config_vouches_for_weights_that_are_not_its_own(made, monkeypatch):
    """Whoever looks in at the moment when a file takes its name."""
    seen, plain = [], Path.replace

    def looked_at(self, target):
        seen.append((made.folder / "config.json").exists())
        return plain(self, target)

    recipe = bundle.load(made.folder).recipe
    networks = {name: build(recipe.options) for name, build in recipe.card.networks.items()}
    monkeypatch.setattr(Path, "replace", looked_at)
    again = bundle.write(made.folder, recipe, networks)
    assert seen == [False, False, False]
    assert bundle.load(made.folder).config == again.config
    again.check()
