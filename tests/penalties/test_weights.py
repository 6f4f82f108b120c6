"""Penalties on weights: clipping and orthogonality."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from ganzoo.errors import InputError
from ganzoo.penalties import penalties

CLIP, ORTHOGONAL = penalties["weight_clipping"].project, penalties["orthogonal"].term


def network(rows):
    layer = nn.Linear(len(rows[0]), len(rows))
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(rows))
    return layer


@given(bound=st.floats(1e-4, 10))
def test_clipping_keeps_every_parameter_in_the_box(bound):
    player = nn.Sequential(nn.Conv2d(1, 3, 2), nn.BatchNorm2d(3))
    for parameter in player.parameters():
        nn.init.normal_(parameter, std=3)
    before = [p.detach().clone() for p in player.parameters()]
    CLIP(player, bound)
    for old, new in zip(before, player.parameters(), strict=True):
        torch.testing.assert_close(new.detach(), old.clip(-bound, bound), rtol=0, atol=0)


@pytest.mark.parametrize("bound", [0.0, -0.01, float("nan")])
def test_a_box_has_a_size(bound):
    with pytest.raises(InputError, match="c above 0"):
        CLIP(nn.Linear(1, 1), bound)


def test_orthogonal_filters_cost_nothing_whatever_their_length(meet):
    round = meet(
        nn.Identity(), players=nn.ModuleDict({"generator": network([[3.0, 4.0], [-8.0, 6.0]])})
    )
    assert ORTHOGONAL(round).item() == pytest.approx(0, abs=1e-9)


def test_parallel_filters_pay_for_both_their_meetings(meet):
    """<(1, 2), (2, 4)> = 10, at two places of W W^T."""
    round = meet(
        nn.Identity(), players=nn.ModuleDict({"generator": network([[1.0, 2.0], [2.0, 4.0]])})
    )
    assert ORTHOGONAL(round).item() == pytest.approx(200)


def test_orthogonality_is_about_filters_not_biases_or_gains(meet):
    generator = nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3))
    weight = generator[0].weight.flatten(1)
    expected = ((weight @ weight.T) * (1 - torch.eye(3))).square().sum()
    round = meet(nn.Identity(), players=nn.ModuleDict({"generator": generator}))
    torch.testing.assert_close(ORTHOGONAL(round), expected)


def test_orthogonality_keeps_its_digits_under_autocast(meet):
    generator = nn.Conv2d(16, 32, 3)
    round = meet(nn.Identity(), players=nn.ModuleDict({"generator": generator}))
    wanted = ORTHOGONAL(round)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(ORTHOGONAL(round), wanted)
