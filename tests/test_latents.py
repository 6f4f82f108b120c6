"""Each latent and each map is named by a seed of its own."""

import pytest
import torch

from ganzoo.errors import InputError
from ganzoo.latents import SEED_LIMIT, arc, latents, maps

SHAPES = [(2, 4, 4), (1, 8, 8)]


@pytest.mark.parametrize("seed", [7, SEED_LIMIT - 3])
def test_a_latent_is_the_same_alone_and_among_others(seed):
    """After the last seed comes the first."""
    together = latents(seed, 4, 3)
    alone = [latents((seed + i) % SEED_LIMIT, 1, 3) for i in range(4)]
    assert torch.equal(together, torch.cat(alone))
    assert len({tuple(one) for one in together.tolist()}) == 4


def test_maps_are_the_same_alone_and_among_others():
    together = maps(7, 3, SHAPES)
    assert [one.shape for one in together] == [(3, 2, 4, 4), (3, 1, 8, 8)]
    for i in range(3):
        for all_of_them, alone in zip(together, maps(7 + i, 1, SHAPES), strict=True):
            assert torch.equal(all_of_them[i], alone[0])


@pytest.mark.parametrize(
    ("seed", "count"), [(True, 1), (-1, 1), (SEED_LIMIT, 1), (0, 0), (0, True)]
)
def test_what_is_no_seed_and_no_count_is_refused(seed, count):
    with pytest.raises(InputError, match="is a whole number"):
        maps(seed, count, SHAPES)


def test_on_an_arc_directions_turn_evenly_and_lengths_are_blended():
    """Over a right angle, from a length of 3 to one of 1: two thirds of the way at 60 degrees."""
    a, b = torch.tensor([[3.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    found = arc(a, b, torch.tensor([2 / 3]))
    length = 3 / 3 + 2 / 3
    torch.testing.assert_close(found, torch.tensor([[length / 2, length * 3**0.5 / 2]]))
