"""Latent arithmetic, as properties."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganzoo.errors import InputError
from ganzoo.explore.arithmetic import (
    PAPER_SPREAD,
    analogy,
    average,
    group,
    neighbours,
    turn,
    turned,
)
from ganzoo.latents import latents

seeds = st.integers(0, 2**32 - 1)
groups = st.lists(seeds, min_size=1, max_size=5)


@given(groups)
def test_a_group_keeps_its_seeds_in_order(chosen) -> None:
    z = group(chosen, 8)
    for row, seed in zip(z, chosen, strict=True):
        assert torch.equal(row[None], latents(seed, 1, 8))


@given(seeds)
def test_the_average_of_one_is_itself(seed) -> None:
    z = latents(seed, 1, 8)
    assert torch.equal(average(z), z)


@given(groups, st.randoms())
def test_the_average_does_not_depend_on_the_order(chosen, dice) -> None:
    shuffled = dice.sample(chosen, len(chosen))
    torch.testing.assert_close(
        average(group(chosen, 8)), average(group(shuffled, 8)), rtol=1e-5, atol=1e-5
    )


@given(seeds, seeds)
def test_a_minus_a_plus_c_is_c(s, t) -> None:
    a, c = latents(s, 1, 8), latents(t, 1, 8)
    assert torch.equal(analogy(a, a, c), c)


def test_analogy_by_hand() -> None:
    a, b, c = (torch.tensor([[value, 1.0]]) for value in (5.0, 2.0, 10.0))
    assert analogy(a, b, c).tolist() == [[13.0, 1.0]]


def test_three_groups_of_three_land_on_the_shell_again() -> None:
    """Var(A - B + C) = 3 * 1/3: the length of a latent, though each mean is 1/sqrt(3) of it."""
    means = [average(latents(3 * i, 3, 50_000)) for i in range(3)]
    shell = math.sqrt(50_000)
    for mean in means:
        assert mean.norm().item() / shell == pytest.approx(1 / math.sqrt(3), rel=0.02)
    assert analogy(*means).norm().item() / shell == pytest.approx(1, rel=0.02)


@given(seeds, seeds, st.floats(0, 2), st.sampled_from([1, 3, 5]))
def test_neighbours_keep_the_centre_and_their_distance(s, seed, spread, side) -> None:
    centre = latents(s, 1, 8)
    sheet = neighbours(centre, seed, spread, side)
    assert sheet.shape == (side * side, 8)
    assert torch.equal(sheet[side * side // 2][None], centre)
    assert (sheet - centre).abs().max() <= spread + 1e-5


def test_neighbours_use_all_the_spread_on_both_sides() -> None:
    """Uniform noise of half-width s has deviation s / sqrt(3); here the paper's 0.25."""
    noise = neighbours(torch.zeros(1, 20_000), 7)
    noise = noise[torch.arange(9) != 4]
    assert noise.std().item() == pytest.approx(0.25, rel=0.02)
    assert noise.mean().item() == pytest.approx(0, abs=0.01)
    assert noise.max() > 0.99 * PAPER_SPREAD
    assert noise.min() < -0.99 * PAPER_SPREAD


def test_neighbours_are_named_by_their_seed() -> None:
    centre = latents(1, 1, 8)
    assert torch.equal(neighbours(centre, 5), neighbours(centre, 5))
    assert not torch.equal(neighbours(centre, 5), neighbours(centre, 6))


@given(groups, groups)
def test_a_whole_turn_moves_one_mean_onto_the_other(first, second) -> None:
    start, end = group(first, 8), group(second, 8)
    steps = turned(average(start), turn(start, end), torch.tensor([0.0, 1.0]))
    assert torch.equal(steps[:, 0], average(start))
    torch.testing.assert_close(steps[:, 1], average(end), rtol=1e-5, atol=1e-5)


@given(seeds, st.floats(-2, 2, width=32))
def test_every_latent_turns_alike(seed, amount) -> None:
    """The same vector is added to all, and twice the amount goes twice as far."""
    z, vector = latents(seed, 3, 8), torch.arange(8.0)[None]
    steps = turned(z, vector, torch.tensor([0.0, amount, 2 * amount]))
    assert steps.shape == (3, 3, 8)
    moved = steps - z[:, None]
    torch.testing.assert_close(moved[:, 1], amount * vector.expand(3, -1), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(moved[:, 2], 2 * moved[:, 1], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_bad_seed_is_quoted(seed) -> None:
    with pytest.raises(InputError, match=str(seed)):
        group([1, seed], 8)
    with pytest.raises(InputError, match=str(seed)):
        neighbours(torch.zeros(1, 8), seed)


def test_empty_groups_are_refused() -> None:
    with pytest.raises(InputError, match="none"):
        group([], 8)
    for nothing in (lambda z: average(z), lambda z: turn(z, z)):
        with pytest.raises(InputError, match="empty"):
            nothing(torch.zeros(0, 8))


@pytest.mark.parametrize("spread", [-0.1, math.inf, math.nan])
def test_an_impossible_spread_is_quoted(spread) -> None:
    with pytest.raises(InputError, match=str(spread)):
        neighbours(torch.zeros(1, 8), 1, spread)


@pytest.mark.parametrize("side", [0, 2, -1])
def test_a_sheet_without_a_middle_is_refused(side) -> None:
    with pytest.raises(InputError, match=f"got {side}"):
        neighbours(torch.zeros(1, 8), 1, 0.1, side)
