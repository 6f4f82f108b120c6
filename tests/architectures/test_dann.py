"""The domain-adversarial network: sizes, features, two heads."""

import pytest
import torch

from ganzoo.architectures import architectures
from ganzoo.errors import RecipeError

DANN = architectures["dann"]


def test_it_has_the_papers_layers():
    """Fig. 4a on 28 x 28 in colour: 48 maps of 4 x 4 are 768 features."""
    classifier, judge = (build(DANN.options()) for build in DANN.networks.values())
    shapes = [tuple(p.shape) for p in classifier.parameters() if p.ndim > 1]
    assert shapes == [(32, 3, 5, 5), (48, 32, 5, 5), (100, 768), (100, 100), (10, 100)]
    assert [tuple(p.shape) for p in judge.parameters() if p.ndim > 1] == [(100, 768), (1, 100)]


@pytest.mark.parametrize("size", [16, 28, 32, 33])
def test_images_may_have_any_side(size):
    options = DANN.options(image_size=size)
    network = DANN.networks["classifier"](options).eval()
    features = network.features(torch.randn(2, 3, size, size))
    assert features.shape == (2, options.features)
    assert features.min() >= 0
    assert DANN.networks["domain_classifier"](options)(features).shape == (2,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"image_size": 15}, "leave nothing of an image of 15x15"),
        ({"widths": (32, 0)}, r"at least 1 wide; got widths \(32, 0\)"),
    ],
)
def test_what_leaves_nothing_is_refused(changes, said):
    with pytest.raises(RecipeError, match=said):
        DANN.options.read(changes, "options")
