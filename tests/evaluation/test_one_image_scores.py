"""Patches of one image: who rearranges them is not told apart, who changes them is."""

import numpy as np
import pytest
import torch
from shelf import hang, pyramid

from ganzoo.architectures import architectures
from ganzoo.data import DataRequest, Dataset, sources
from ganzoo.errors import MetricError
from ganzoo.evaluation import Plan, between
from ganzoo.evaluation.networks import FeatureNetwork, Look
from ganzoo.evaluation.one_image import distance, diversity, one_image
from ganzoo.evaluation.reals import Reals


def pixels_apart(image):
    """Each pixel is a patch, and its channels are the features."""
    return image[0].flatten(1).T


EYE = FeatureNetwork(
    name="pixels_apart",
    sha256="0123456789abcdef",
    resize="none",
    look=lambda image: Look(image.flatten(1), None),
    patches=pixels_apart,
)


@pytest.fixture
def known():
    dice = np.random.default_rng(0)
    return Dataset(name="photograph", pictures=dice.integers(0, 256, (1, 3, 12, 16), np.uint8))


def image():
    return torch.rand(1, 3, 12, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_who_only_rearranges_patches_is_not_told_apart():
    one = image()
    shuffled = one.flatten(2)[:, :, torch.randperm(192)].view_as(one)
    assert distance(one, shuffled, "eye", pixels_apart) == pytest.approx(0, abs=1e-6)
    brighter = distance(one, one + 0.5, "eye", pixels_apart)
    assert brighter == pytest.approx(3 * 0.5**2, rel=1e-4)


def test_diversity_is_that_of_the_pixels_in_terms_of_the_image():
    one = image()[:, :1]
    dreams = torch.cat([torch.full_like(one, level) for level in (-0.5, 0.0, 0.5)])
    assert diversity(one, dreams) == pytest.approx(0.5 / float(one.std()), rel=1e-5)
    assert diversity(one, one.expand(5, -1, -1, -1)) == 0


def test_scores_say_how_they_were_made(tmp_path, known):
    made = pyramid(tmp_path)
    sifid, many = one_image(made, known, EYE, Plan(count=4, seed=2))
    assert sifid.name == "sifid_pixels_apart_4"
    assert sifid.better == "lower"
    assert sifid.value > sifid.protocol["mirrored_image"] == pytest.approx(0, abs=1e-6)
    assert sifid.protocol["places"] == 12 * 16
    assert sifid.protocol["n_fake"] == 4
    assert sifid.protocol["data_sha256"] == known.fingerprint
    assert many.name == "diversity_4"
    assert many.value > 0.05
    assert one_image(made, known, EYE, Plan(count=4, seed=2)) == (sifid, many)
    assert one_image(made, known, EYE, Plan(metrics=("diversity",), count=4, seed=2)) == (many,)


def test_what_cannot_be_judged_is_refused(tmp_path, known):
    made = pyramid(tmp_path)
    with pytest.raises(MetricError, match="fid compares sets of images"):
        one_image(made, known, EYE, Plan(metrics=("fid",)))
    blind = FeatureNetwork(name="blind", sha256="", resize="", look=EYE.look)
    with pytest.raises(MetricError, match="blind sees whole images"):
        one_image(made, known, blind, Plan())
    other = hang(tmp_path, "dcgan-mnist")
    with pytest.raises(MetricError, match="did not learn from one image"):
        one_image(other, known, EYE, Plan())


def test_sets_of_images_are_not_judged_by_patches():
    digits = sources["digits"].load(DataRequest(size=8, channels=1))
    reals = Reals(digits, "train", np.arange(20))
    with pytest.raises(MetricError, match="sifid judges the patches of one image"):
        between(reals, reals, EYE, Plan(metrics=("sifid",)))


def test_the_first_stage_of_a_classifier_sees_patches_of_any_image():
    entry = architectures["airbench"]
    network = entry.networks["classifier"](entry.tiny).eval()
    narrow = torch.rand(1, 1, 13, 21) * 2 - 1
    seen = network.patches(narrow)
    assert seen.shape == (6 * 10, entry.tiny.widths[0])
    further = network.patches(narrow[:, :, :, 4:])
    torch.testing.assert_close(
        seen.view(6, 10, -1)[:, 4:], further.view(6, 8, -1)[:, 2:], rtol=1e-4, atol=1e-5
    )
