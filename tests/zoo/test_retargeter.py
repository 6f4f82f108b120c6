"""One image at any size: what is remade, what is only stretched, and what is white."""

import pytest
import torch
from shelf import hang, retargeter

from ganzoo.architectures.ingan import inside, trapezoid
from ganzoo.errors import InputError
from ganzoo.explore.retarget import GAP, broader
from ganzoo.images import resized, to_pictures
from ganzoo.zoo import Model, Retargeter

pytestmark = pytest.mark.usefixtures("in_float32")


@pytest.fixture(scope="module")
def painter(tmp_path_factory):
    return Retargeter(Model(retargeter(tmp_path_factory.mktemp("one"))))


def close(one, other):
    torch.testing.assert_close(one, other, rtol=1e-3, atol=2e-2)


def test_it_remakes_what_the_bare_network_remakes(painter):
    bare = painter.model.network()
    assert torch.equal(painter.image, bare.own())
    close(painter.remake(), bare(bare.own()))
    close(painter.remake(tall=0.5, wide=2.0), bare(bare.own(), (12, 64)))
    places = trapezoid(0.4)
    wanted = bare(bare.own(), (24, 32), places).where(inside((24, 32), places), 1)
    close(painter.remake(narrow=0.4), wanted)


def test_the_same_picture_every_time(painter):
    assert torch.equal(painter.remake(1.5, 0.7), painter.remake(1.5, 0.7))


def test_stretched_is_the_image_itself(painter):
    assert torch.equal(painter.stretched(), painter.image)
    wanted = resized(painter.image, (48, 16)).clamp(-1, 1)
    assert torch.equal(painter.stretched(tall=2.0, wide=0.5), wanted)


@pytest.mark.parametrize("narrow", [0.5, -0.5])
def test_outside_a_trapezoid_both_are_white(painter, narrow):
    outside = ~inside((24, 32), trapezoid(narrow))
    assert outside.any()
    for picture in (painter.remake(narrow=narrow), painter.stretched(narrow=narrow)):
        assert (picture[:, :, outside] == 1).all()


def test_the_way_back_has_the_images_size(painter):
    wide = painter.remake(wide=2.0)
    bare = painter.model.network()
    close(painter.back(wide), bare(wide, (24, 32)))


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"tall": 3.0}, "0.4 to 2.2 times as tall and as wide; got 3 times as tall and 1"),
        ({"wide": 0.1}, "got 1 times as tall and 0.1 times as wide"),
        ({"narrow": 0.9}, "at most 0.5 of the width; got narrow = 0.9"),
        ({"narrow": float("nan")}, "got narrow = nan"),
    ],
)
def test_what_cannot_be_remade_is_refused(painter, wish, said):
    with pytest.raises(InputError, match=said):
        painter.remake(**wish)
    with pytest.raises(InputError, match=said):
        painter.stretched(**wish)


def test_models_that_know_no_image_are_refused(tmp_path):
    with pytest.raises(InputError, match="does not remake an image"):
        Retargeter(Model(hang(tmp_path, "dcgan-mnist")))


def test_a_film_grows_from_half_to_twice_the_width(painter):
    film = broader(painter, 4)
    assert film.shape == (4, 2 * 24 + GAP, 64, 3)
    for frame, wide in zip(film, (0.5, 1.0, 1.5, 2.0), strict=True):
        end = round(wide * 32)
        assert (frame[:24, :end] == to_pictures(painter.remake(wide=wide))[0]).all()
        assert (frame[24 + GAP :, :end] == to_pictures(painter.stretched(wide=wide))[0]).all()
        assert (frame[:, end:] == 255).all()
    with pytest.raises(InputError, match="at least one frame; got 0"):
        broader(painter, 0)
