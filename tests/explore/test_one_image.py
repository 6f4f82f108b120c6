"""Rearranged by hand, and set in motion."""

import pytest
import torch
from shelf import pyramid

from ganzoo.errors import InputError, UnknownNameError
from ganzoo.explore.one_image import EDITS, edited, film
from ganzoo.zoo import Dreamer, Model


@pytest.fixture
def dreamer(tmp_path):
    return Dreamer(Model(pyramid(tmp_path)))


def image():
    return torch.randint(0, 256, (1, 3, 12, 16)).float() / 127.5 - 1


@pytest.mark.parametrize("edit", ["mirrored", "halves_swapped", "upside_down"])
def test_to_rearrange_twice_is_to_leave_alone(edit):
    one = image()
    assert not torch.equal(edited(one, edit), one)
    assert torch.equal(edited(edited(one, edit), edit), one)
    assert torch.equal(edited(one, edit).flatten().sort().values, one.flatten().sort().values)


def test_six_colours_are_six_colours():
    for channels in (3, 1):
        flat = edited(image()[:, :channels], "few_colours")
        assert flat.shape == (1, channels, 12, 16)
        assert len({tuple(c) for c in flat[0].flatten(1).T.tolist()}) == 6


def test_unknown_edits_get_suggestions():
    with pytest.raises(UnknownNameError, match="Did you mean 'mirrored'"):
        edited(image(), "miror")
    assert edited(image(), next(iter(EDITS))).shape == (1, 3, 12, 16)


def test_a_film_that_stays_close_stands_still(dreamer):
    frames = film(dreamer, 1, 4, near=1.0)
    assert frames.shape == (4, 3, 12, 16)
    for frame in frames[1:]:
        torch.testing.assert_close(frame, dreamer.known()[0], rtol=1e-3, atol=1e-3)


@pytest.fixture
def walked(dreamer, monkeypatch):
    """Of a film, the noise in each frame of each scale."""
    seen = []
    monkeypatch.setattr(dreamer, "noises", lambda noise, start: seen.append(noise) or noise[0])
    return lambda *wish, **options: (film(dreamer, *wish, **options), seen.pop())[1]


def test_a_calm_film_that_is_not_drawn_back_walks_straight_on(dreamer, walked):
    """Every step of the noise is the first one."""
    for own, path in zip(dreamer.anchored(), walked(1, 5, near=0.0, calm=1.0), strict=True):
        first = path[0] - own[0]
        for frame in range(5):
            torch.testing.assert_close(path[frame], own[0] + (frame + 1) * first)


def test_a_film_walks_as_the_supplement_says(dreamer, walked):
    """Its fresh noise is what a film of no calm, never drawn back, adds at each frame."""
    near, calm = 0.2, 0.7
    wild, tame = walked(1, 4, near=0.0, calm=0.0), walked(1, 4, near=near, calm=calm)
    for own, fresh, path in zip(dreamer.anchored(), wild, tame, strict=True):
        before, here = own[0], path[0]
        assert torch.equal(here, fresh[0])
        for frame in range(1, 4):
            moved = calm * (here - before) + (1 - calm) * (fresh[frame] - fresh[frame - 1])
            before, here = here, near * own[0] + (1 - near) * (here + moved)
            torch.testing.assert_close(path[frame], here, atol=1e-5, rtol=1e-5)


def test_a_film_begins_a_twentieth_of_the_way_from_the_image(dreamer, walked):
    """Towards noise of deviation 1, as all that comes later has."""
    for own, path in zip(dreamer.anchored(), walked(1, 2, near=0.0, calm=0.0), strict=True):
        for drawn in ((path[0] - 0.95 * own[0]) / 0.05, path[1] - path[0]):
            assert drawn.std().item() == pytest.approx(1, abs=0.25)


def test_films_are_named_by_their_seeds(dreamer):
    assert torch.equal(film(dreamer, 1, 3), film(dreamer, 1, 3))
    assert not torch.allclose(film(dreamer, 1, 3), film(dreamer, 2, 3))


def test_a_film_may_keep_the_coarse_scales(dreamer):
    still = film(dreamer, 1, 3, start=3)
    moving = film(dreamer, 1, 3)
    known = dreamer.known()
    assert (still - known).abs().mean() < (moving - known).abs().mean()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"near": 1.5}, "near is a number from 0 to 1; got 1.5"),
        ({"calm": -0.1}, "calm is a number from 0 to 1; got -0.1"),
    ],
)
def test_films_that_cannot_be_are_refused(dreamer, wish, said):
    with pytest.raises(InputError, match=said):
        film(dreamer, 1, 3, **wish)
    with pytest.raises(InputError, match="at least one frame; got 0"):
        film(dreamer, 1, 0)
