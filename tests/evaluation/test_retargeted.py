"""Patches at eight sizes, beside those of plain stretching, and the way back."""

import numpy as np
import pytest
import torch
from shelf import hang, retargeter
from torch import nn
from torch.nn.functional import interpolate

from ganzoo import bundle
from ganzoo.architectures.ingan import Generator
from ganzoo.data import Dataset
from ganzoo.errors import MetricError
from ganzoo.evaluation import Plan
from ganzoo.evaluation.networks import FeatureNetwork, Look, eight_bits
from ganzoo.evaluation.one_image import distance
from ganzoo.evaluation.retargeting import SHARES, retargeting
from ganzoo.images import resized


def pixels_apart(image):
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
    coarse = torch.from_numpy(dice.integers(0, 256, (1, 3, 6, 8), np.uint8)).float()
    pictures = interpolate(coarse, (24, 32), mode="bilinear").to(torch.uint8).numpy()
    return Dataset(name="photograph", pictures=pictures)


def test_scores_say_how_they_were_made(tmp_path, known):
    made = retargeter(tmp_path)
    sifid, back = retargeting(made, known, EYE, Plan())
    assert sifid.name == "sifid_pixels_apart_8"
    assert sifid.better == "lower"
    image, network = known.images(slice(0, 1)), made.network()
    shapes = [(24, round(s * 32)) for s in SHARES] + [(round(s * 24), 32) for s in SHARES]
    far = [
        distance(image, eight_bits(network(image, shape).clamp(-1, 1)), "eye", pixels_apart)
        for shape in shapes
    ]
    assert sifid.value == pytest.approx(np.mean(far), rel=1e-4)
    assert sifid.deviation == pytest.approx(np.std(far, ddof=1) / 8**0.5, rel=1e-4)
    assert sifid.protocol["sizes"].startswith("width 0.5, width 0.75")
    assert f"height 2: {far[-1]:.4g}" in sifid.protocol["at_each_size"]
    assert 0 < sifid.protocol["stretched"] < sifid.value
    assert sifid.protocol["places"] == 24 * 32
    assert sifid.protocol["data_sha256"] == known.fingerprint
    assert back.name == "psnr_back_8"
    assert back.better == "higher"
    assert retargeting(made, known, EYE, Plan(metrics=("psnr-back",))) == (back,)


def test_who_only_moves_pixels_comes_back_and_is_no_better_than_stretching(tmp_path, known):
    made = retargeter(tmp_path)

    class Plain(Generator):
        def __init__(self):
            nn.Module.__init__(self)

        def forward(self, image, shape=None, places=None):
            return resized(image, shape)

    class Bundle(bundle.Bundle):
        def network(self, player=None):
            return Plain()

    sifid, back = retargeting(Bundle(made.folder, made.config), known, EYE, Plan())
    assert sifid.value == sifid.protocol["stretched"]
    assert sifid.protocol["at_each_size"] == sifid.protocol["stretched_at_each_size"]
    assert back.value > 25


def test_what_cannot_be_judged_is_refused(tmp_path, known):
    made = retargeter(tmp_path)
    with pytest.raises(MetricError, match="fid does not say how well an image is remade; sifid, "):
        retargeting(made, known, EYE, Plan(metrics=("fid",)))
    with pytest.raises(MetricError, match="does not remake an image"):
        retargeting(hang(tmp_path, "dcgan-mnist"), known, EYE, Plan())
    blind = FeatureNetwork(name="blind", sha256="", resize="", look=EYE.look)
    with pytest.raises(MetricError, match="blind sees whole images"):
        retargeting(made, known, blind, Plan())
