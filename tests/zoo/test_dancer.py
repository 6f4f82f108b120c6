"""Films of poses, as the bare network would paint them."""

import pytest
import torch
from shelf import dancer as bundle_of
from shelf import hang

from ganzoo.errors import InputError
from ganzoo.zoo import Dancer, Model

pytestmark = pytest.mark.usefixtures("in_float32")

POSES = torch.rand(4, 3, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.fixture(scope="module")
def dancer(tmp_path_factory) -> Dancer:
    return Dancer(Model(bundle_of(tmp_path_factory.mktemp("shelf"))))


def test_it_paints_what_the_bare_network_paints(dancer):
    wanted = dancer.model.network().film(POSES)
    torch.testing.assert_close(dancer.film(POSES), wanted, rtol=0, atol=0.05)


def test_unsmoothed_each_frame_is_a_first_one(dancer):
    wanted = dancer.model.network()(POSES)
    torch.testing.assert_close(dancer.film(POSES, smooth=False), wanted, rtol=0, atol=0.05)
    assert (dancer.film(POSES) - wanted).abs().max() > 0.1


def test_only_who_dances_is_asked(tmp_path):
    with pytest.raises(InputError, match="dcgan-mnist does not dance"):
        Dancer(Model(hang(tmp_path, "dcgan-mnist")))


def test_stick_figures_have_the_trained_size(dancer):
    with pytest.raises(InputError, match="of 3 x 16 x 16; got 3 x 8 x 8"):
        dancer.film(POSES[:, :, :8, :8])
