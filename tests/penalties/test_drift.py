"""Drift on a critic whose verdicts are known."""

import pytest
import torch
from torch import nn

from ganzoo.penalties import penalties

DRIFT = penalties["drift"].term
PAIR = (2, 1, 1, 1)  # images of one pixel, which is their verdict


def test_reals_pay_the_squares_of_their_verdicts_and_fakes_nothing(meet):
    real, fake = torch.tensor([1.0, 3.0]).view(PAIR), torch.tensor([50.0, 70.0]).view(PAIR)
    paid = DRIFT(meet(nn.Flatten(), PAIR, real=real, fake=fake))
    assert paid.item() == pytest.approx((1 + 9) / 2)


def test_verdicts_on_either_side_of_zero_do_not_make_up_for_each_other(meet):
    real = torch.tensor([-2.0, 2.0]).view(PAIR)
    assert DRIFT(meet(nn.Flatten(), PAIR, real=real)).item() == pytest.approx(4)
