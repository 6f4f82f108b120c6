"""A dissection: measured, kept in the bundle, told by the command; then the bundle can be opened."""

import json

import pytest
import torch
from shelf import exhibit, hang
from typer.testing import CliRunner

from ganzoo import bundle
from ganzoo.cli import build
from ganzoo.errors import InputError, UnknownNameError
from ganzoo.evaluation import dissection as measuring
from ganzoo.evaluation.dissection import dissection
from ganzoo.explore import dissect
from ganzoo.latents import latents

LAYER = "4x4"


@pytest.fixture
def pair(tmp_path):
    return exhibit(tmp_path, "dcgan-mnist"), hang(tmp_path, "unet-facades")


def test_it_is_what_the_mathematics_says_of_these_seeds(pair):
    generator, segmenter = pair
    found = dissection(generator, segmenter, LAYER, count=12, seed=3)
    network, judge = generator.network(), segmenter.network()
    image, units = dissect.paint(network, LAYER, latents(3, 12, 8))
    classes = dissect.segmented(judge, image)
    torch.testing.assert_close(
        torch.tensor(found.shares), dissect.shares(classes, 10), rtol=1e-3, atol=1e-4
    )
    torch.testing.assert_close(
        torch.tensor(found.means), dissect.means(units, classes, 10), rtol=1e-3, atol=1e-4
    )
    levels = dissect.levels(units[:6])
    iou, _ = dissect.agreement(
        dissect.counted(units[:6], classes[:6], levels, 10),
        dissect.counted(units[6:], classes[6:], levels, 10),
    )
    torch.testing.assert_close(torch.tensor(found.iou), iou, rtol=1e-3, atol=1e-4)
    assert (found.layer, found.side, found.segmenter) == (LAYER, 4, segmenter.name)
    assert found.protocol["n_fake"] == 12
    assert found.protocol["seed"] == 3


def test_effects_are_those_of_the_best_units(pair, monkeypatch):
    monkeypatch.setattr(measuring, "SETS", (2, 4))
    found = dissection(*pair, LAYER, count=8)
    present = [c for c, share in enumerate(found.shares) if share >= measuring.PRESENT]
    assert [(one.concept, len(one.units)) for one in found.effects] == [
        (found.concepts[c], size) for c in present for size in (2, 4)
    ]
    for one in found.effects:
        concept = found.concepts.index(one.concept)
        assert one.units == dissect.best(found.iou, concept, len(one.units))
        assert one.removed <= 1
        assert -1 <= one.caused <= 1


def test_effects_are_what_becomes_of_the_same_pictures(pair, monkeypatch):
    """Worked out again, picture by picture, for all units together."""
    generator, segmenter = pair
    monkeypatch.setattr(dissect, "segmented", lambda _, image: ((image[:, 0] + 1) * 4.99).long())
    monkeypatch.setattr(measuring, "SETS", (4,))  # all there are
    found = dissection(generator, segmenter, LAYER, count=8)
    assert len(found.effects) >= 2
    network, z, reach = generator.network(), latents(8, 48, 8), 1
    dice = torch.Generator().manual_seed(8)
    squares = torch.stack([
        dissect.square(4, *corner, reach)
        for corner in torch.randint(4, (48, 2), generator=dice).tolist()
    ])  # fmt: skip

    def share(concept, *changes, within=None):
        image = dissect.paint(network, LAYER, z, changes).image
        return float(dissect.shares(dissect.segmented(None, image), 10, within)[concept])

    moved = 0
    for one in found.effects:
        c = found.concepts.index(one.concept)
        after = share(c, dissect.Change(one.units))
        assert one.removed == pytest.approx(dissect.removed(share(c), after), abs=1e-3)
        values = torch.tensor(found.means[c])[list(one.units)]
        high = share(c, dissect.Change(one.units, values, squares), within=squares)
        low = share(c, dissect.Change(one.units, None, squares), within=squares)
        assert one.caused == pytest.approx(high - low, abs=1e-3)
        moved += one.removed != 0 and one.caused != 0
    assert moved


def test_what_does_not_fit_is_refused(pair, tmp_path):
    generator, segmenter = pair
    with pytest.raises(InputError, match="dcgan-mnist is no segmenter"):
        dissection(generator, generator, LAYER, 8)
    with pytest.raises(InputError, match="gan-mnist has no layers that can be opened"):
        dissection(exhibit(tmp_path, "gan-mnist"), segmenter, None, 8)
    with pytest.raises(InputError, match="at least 4 pictures; got 2"):
        dissection(generator, segmenter, LAYER, 2)
    with pytest.raises(UnknownNameError, match="no layer '5x5'"):
        dissection(generator, segmenter, "5x5", 8)


def asked(generator, segmenter):
    return ["dissect", str(generator.folder), "--segmenter", str(segmenter.folder), "--count", "8"]


def test_the_command_keeps_it_and_the_bundle_can_be_opened(pair):
    generator, segmenter = pair
    assert "dissect" not in generator.abilities
    done = CliRunner().invoke(
        build("dissect", "list"),
        [*asked(generator, segmenter), "--write", "--json"],
    )
    assert done.exit_code == 0, done.output
    kept = bundle.load(generator.folder)
    assert "dissect" in kept.abilities
    assert kept.config.sha256 == generator.config.sha256
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert kept.config.dissection is not None
    assert kept.config.dissection.model_dump(mode="json") == told


def test_the_command_prints_a_row_for_each_concept(pair):
    generator, segmenter = pair
    done = CliRunner().invoke(
        build("dissect", "list"),
        asked(generator, segmenter),
    )
    assert done.exit_code == 0, done.output
    for word in ("concept", "removed", "caused", "4x4", "information quality ratio"):
        assert word in done.stdout
    assert bundle.load(generator.folder).config.dissection is None


def test_a_config_has_one_line_for_a_long_row_of_numbers(pair):
    generator, segmenter = pair
    kept = bundle.rewrite(generator, dissection=dissection(generator, segmenter, LAYER, 8))
    lines = (kept.folder / bundle.CONFIG).read_text("utf-8").splitlines()
    rows = [line for line in lines if line.count(",") >= 9 and "[" in line and '"' not in line]
    assert len(rows) >= 2 * len(kept.config.dissection.iou)
    assert bundle.load(kept.folder).config == kept.config
