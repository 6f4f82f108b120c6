"""Geometry of the latent walk, as properties."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganzoo.errors import InputError, UnknownNameError
from ganzoo.explore.walk import MOST_FRAMES, PATHS, between, lerp, loop, slerp, walk
from ganzoo.latents import latents

seeds = st.integers(0, 2**32 - 1)
each_path = pytest.mark.parametrize("path", PATHS)


def pair(s: int, t: int, z_dim: int = 16) -> tuple[torch.Tensor, torch.Tensor]:
    return latents(s, 1, z_dim), latents(t, 1, z_dim)


@each_path
@given(s=seeds, t=seeds, count=st.integers(2, 9))
def test_a_walk_begins_and_ends_exactly_where_asked(path, s, t, count) -> None:
    z0, z1 = pair(s, t)
    steps = walk(z0, z1, count, path)
    assert steps.shape == (count, 16)
    assert torch.equal(steps[:1], z0)
    assert torch.equal(steps[-1:], z1)


@given(seeds, seeds, st.floats(0, 1, width=32))
def test_the_arc_never_leaves_the_shell(s, t, u) -> None:
    """Its length is the blend of its ends' lengths: no dip through the inside."""
    z0, z1 = pair(s, t)
    length = slerp(z0, z1, torch.tensor([u])).norm()
    torch.testing.assert_close(length, (1 - u) * z0.norm() + u * z1.norm(), rtol=1e-5, atol=1e-5)


@given(seeds, seeds, st.floats(0, 1, width=32))
def test_the_arc_turns_at_a_steady_pace(s, t, u) -> None:
    """At share u of the way, the angle walked is u times the whole angle."""
    z0, z1 = pair(s, t)
    cosine = torch.nn.functional.cosine_similarity
    whole = cosine(z0.double(), z1.double()).clamp(-1, 1).arccos().item()
    walked = cosine(z0.double(), slerp(z0, z1, torch.tensor([u])).double()).clamp(-1, 1).arccos()
    assert walked.item() == pytest.approx(u * whole, abs=1e-3)


def test_the_chord_dips_to_seven_tenths_halfway() -> None:
    """Two latents at a right angle, as random ones nearly are: their midpoint is 1/sqrt(2) long."""
    z0, z1 = torch.tensor([[3.0, 0.0]]), torch.tensor([[0.0, 3.0]])
    half = torch.tensor([0.5])
    assert lerp(z0, z1, half).norm().item() == pytest.approx(3 / math.sqrt(2))
    assert slerp(z0, z1, half).norm().item() == pytest.approx(3)


def test_alpha_is_the_share_of_the_first() -> None:
    """The lectures' formula, by hand: 0.25 (4, 0) + 0.75 (0, 8)."""
    z0, z1 = torch.tensor([[4.0, 0.0]]), torch.tensor([[0.0, 8.0]])
    assert lerp(z0, z1, torch.tensor([0.25])).tolist() == [[1.0, 6.0]]


@each_path
@given(s=seeds, t=seeds, alpha=st.floats(0, 1, width=32))
def test_the_way_back_is_the_way_there(path, s, t, alpha) -> None:
    z0, z1 = pair(s, t)
    there = between(z0, z1, torch.tensor([alpha]), path)
    back = between(z1, z0, torch.tensor([1 - alpha]), path)
    torch.testing.assert_close(there, back, rtol=1e-4, atol=1e-4)


@each_path
def test_a_walk_to_the_same_place_stays_there(path) -> None:
    z, _ = pair(5, 5)
    torch.testing.assert_close(walk(z, z, 4, path), z.expand(4, -1))


def test_nearly_equal_latents_have_an_arc() -> None:
    z = torch.tensor([[1.0, 0.0]])
    for step in (1e-12, 1e-7, 1e-4):
        near = torch.tensor([[math.cos(step), math.sin(step)]])
        middle = slerp(z.double(), near.double(), torch.tensor([0.5]))
        assert middle[0, 1].item() == pytest.approx(math.sin(step / 2), rel=1e-3)


def test_opposite_latents_have_no_shortest_arc_but_a_chord() -> None:
    z, _ = pair(1, 1)
    with pytest.raises(InputError, match="opposite"):
        walk(z, -2 * z, 3)
    assert walk(z, -z, 3, "chord")[1].abs().max() < 1e-6


def test_a_latent_without_length_has_no_arc() -> None:
    with pytest.raises(InputError, match="length 0"):
        slerp(torch.zeros(1, 3), torch.ones(1, 3), torch.tensor([0.5]))


@each_path
@given(start=st.integers(0, 99), stops=st.integers(1, 4), count=st.integers(1, 5))
def test_a_loop_passes_each_stop_once_and_closes(path, start, stops, count) -> None:
    z = latents(start, stops, 8)
    closed = loop(z, count, path)
    assert closed.shape == (stops * count, 8)
    assert torch.equal(closed[::count], z)
    if stops > 1 and count > 1:  # the frame after the last would be the first again
        last_leg = between(z[-1:], z[:1], torch.tensor([1 / count]), path)
        torch.testing.assert_close(closed[-1:], last_leg)


def test_two_stops_make_a_walk_there_and_back() -> None:
    closed = loop(latents(3, 2, 8), 4)
    torch.testing.assert_close(closed[1:4], closed[5:8].flip(0))


@pytest.mark.parametrize("count", [1, 0, -3, MOST_FRAMES + 1])
def test_an_impossible_length_is_quoted(count) -> None:
    with pytest.raises(InputError, match=rf"2 to 1024 pictures; got {count}"):
        walk(*pair(1, 2), count)


@pytest.mark.parametrize("count", [0, MOST_FRAMES + 1])
def test_an_impossible_leg_is_quoted(count) -> None:
    with pytest.raises(InputError, match=rf"1 to 1024 pictures; got {count}"):
        loop(latents(1, 2, 8), count)


def test_a_loop_needs_a_stop() -> None:
    with pytest.raises(InputError, match="got 0"):
        loop(torch.zeros(0, 8), 3)


def test_an_unknown_path_gets_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match=r"'cord'.*'chord'"):
        walk(*pair(1, 2), 3, "cord")
