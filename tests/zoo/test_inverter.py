"""Pictures of which a classifier knows the same: at one level, or at one in a part only."""

import pytest
import torch
from shelf import hang, mirror

from ganzoo import bundle
from ganzoo.architectures.semantic_pyramid import masks
from ganzoo.errors import BundleError, InputError
from ganzoo.zoo import Inverter, Model, Zoo

pytestmark = pytest.mark.usefixtures("in_float32")

NAME = "semantic_pyramid-cifar10"
IMAGE = torch.rand(1, 1, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
HALF = torch.tensor([[[True, False], [True, False]]])


@pytest.fixture
def shelf(tmp_path):
    mirror(tmp_path)
    return tmp_path


@pytest.fixture
def inverter(shelf):
    return Inverter.of(Zoo([shelf]), NAME)


def test_it_paints_what_the_bare_network_paints(inverter):
    network, options = inverter.model.network(), inverter.options
    known = inverter.classifier.network().levels(IMAGE)
    for level in range(4):
        told = network.told(known, masks(options, [one == level for one in range(4)]))
        given = [one.expand(3, *one.shape[1:]) for one in told]
        wanted = network(inverter.model.latents(5, 3), *given)
        made = inverter.invert(IMAGE, level, seed=5, count=3)
        torch.testing.assert_close(made, wanted, rtol=1e-3, atol=1e-3)


def test_a_seed_keeps_its_picture(inverter):
    several = inverter.invert(IMAGE, 1, seed=3, count=3)
    torch.testing.assert_close(several[1:2], inverter.invert(IMAGE, 1, 4, 1), rtol=1e-4, atol=1e-4)
    assert (several[0] - several[1]).abs().mean() > 0.001


def test_a_level_may_be_told_in_a_part_only(inverter):
    network, known = inverter.model.network(), inverter.look(IMAGE)
    told = [HALF, False, False, True]
    given = network.told(known, masks(inverter.options, told))
    wanted = network(inverter.model.latents(2, 1), *given)
    made = inverter.paint(known, told, seed=2, count=1)
    torch.testing.assert_close(made, wanted, rtol=1e-3, atol=1e-3)


def test_another_classifier_is_refused_and_a_missing_one_named(shelf, tmp_path):
    config = bundle.load(shelf / NAME).config
    hang(shelf, "cnn-cifar10")  # trained anew
    with pytest.raises(
        BundleError, match=f"cnn-cifar10 with the SHA-256 {config.classifier.sha256[:12]}"
    ):
        Inverter.of(Zoo([shelf]), NAME)
    (shelf / "cnn-cifar10" / "config.json").unlink()
    with pytest.raises(BundleError, match="the eyes of cnn-cifar10, and that bundle is not here"):
        Inverter.of(Zoo([shelf]), NAME)


def test_who_inverts_nothing_says_so(tmp_path):
    model = Model(hang(tmp_path, "dcgan-mnist"))
    with pytest.raises(InputError, match="dcgan-mnist does not paint what a classifier knows"):
        Inverter(model, model)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda one: one.invert(IMAGE, 4), "a level is 0 to 3; got 4"),
        (lambda one: one.invert(IMAGE, -1), "a level is 0 to 3; got -1"),
        (lambda one: one.invert(IMAGE, 1, count=65), "at most 64 pictures"),
        (lambda one: one.invert(IMAGE[:, :, :4], 1), "pictures of 1 x 8 x 8; got 1 x 4 x 8"),
    ],
)
def test_mistakes_are_answered_in_plain_words(inverter, ask, said):
    with pytest.raises(InputError, match=said):
        ask(inverter)
