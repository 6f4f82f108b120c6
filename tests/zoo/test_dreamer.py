"""Dreams of one image: named by seeds, of any size, from any scale on."""

import pytest
import torch
from shelf import hang, pyramid

from ganzoo.errors import InputError
from ganzoo.images import resized
from ganzoo.zoo import Dreamer, Model

pytestmark = pytest.mark.usefixtures("in_float32")


@pytest.fixture
def dreamer(tmp_path):
    return Dreamer(Model(pyramid(tmp_path)))


def test_a_seed_keeps_its_dream(dreamer):
    several = dreamer.dream(3, 3)
    torch.testing.assert_close(several[1:2], dreamer.dream(4), rtol=1e-4, atol=1e-4)
    assert (several[0] - several[1]).abs().mean() > 0.01
    assert several.shape == (3, 3, 12, 16)
    assert several.abs().max() <= 1


def test_it_paints_what_the_bare_network_paints(dreamer):
    noise = dreamer.noise(0, 2)
    bare = dreamer.model.network()
    torch.testing.assert_close(
        dreamer.noises(noise), bare(*noise).clamp(-1, 1), rtol=1e-3, atol=1e-3
    )


def test_the_known_image_is_painted_from_its_anchor(dreamer):
    bare = dreamer.model.network()
    wanted = bare(*bare.anchored(len(bare.shapes) - 1)).clamp(-1, 1)
    torch.testing.assert_close(dreamer.known(), wanted, rtol=1e-3, atol=1e-3)


def test_the_later_it_starts_the_more_is_kept(dreamer):
    known = dreamer.known()
    far = [
        float((dreamer.dream(7, 4, start=start) - known).square().mean())
        for start in range(len(dreamer.shapes))
    ]
    assert far[0] == max(far)
    assert far[-1] == min(far)


def test_a_picture_enters_at_the_scale_that_is_asked_for(dreamer):
    picture = torch.rand(1, 3, 12, 16) * 2 - 1
    noise = dreamer.noise(5)
    bare = dreamer.model.network()
    below = resized(picture, dreamer.shapes[1])
    wanted = bare(*noise[2:], start=below).clamp(-1, 1)
    made = dreamer.dream(5, start=2, picture=picture)
    torch.testing.assert_close(made, wanted, rtol=1e-3, atol=1e-3)


def test_frames_stretch(dreamer):
    assert dreamer.dream(1, stretch=(1.5, 0.5)).shape == (1, 3, 18, 8)
    assert dreamer.dream(1, start=1, stretch=(1.0, 2.0)).shape == (1, 3, 12, 32)


def test_the_ascent_ends_at_the_dream(dreamer):
    steps = dreamer.ascent(dreamer.noise(9))
    assert [tuple(step.shape[2:]) for step in steps] == dreamer.shapes
    torch.testing.assert_close(steps[-1], dreamer.dream(9), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"count": 65}, "at most 64 pictures are dreamt at once; got 65"),
        ({"start": 4}, "a scale is 0 to 3; got 4"),
        ({"start": -1}, "got -1"),
        ({"stretch": (1.0, 9.0)}, "got 1 times as tall and 9 times as wide"),
        ({"stretch": (float("nan"), 1.0)}, "stretched"),
    ],
)
def test_what_cannot_be_dreamt_is_refused(dreamer, wish, said):
    with pytest.raises(InputError, match=said):
        dreamer.dream(1, **wish)


def test_others_do_not_dream(tmp_path):
    with pytest.raises(InputError, match="dcgan-mnist did not learn from one image"):
        Dreamer(Model(hang(tmp_path, "dcgan-mnist")))
