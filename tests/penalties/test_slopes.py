"""R1, R2 and the gradient penalty on critics whose slopes are known."""

import pytest
import torch
from torch import nn

from ganzoo.draws import Draws
from ganzoo.penalties import penalties

R1, R2, PENALTY = (penalties[name].term for name in ("r1", "r2", "gradient_penalty"))
PIXELS = penalties["pixel_gradient_penalty"].term
between = pytest.mark.parametrize("term", [PENALTY, PIXELS], ids=["of pictures", "of pixels"])


class Linear(nn.Module):
    """D(x) = <a, x>: its slope is ``a`` everywhere, so every penalty is known exactly."""

    def __init__(self, a):
        super().__init__()
        self.a = nn.Parameter(a)

    def forward(self, image):
        return (image * self.a).flatten(1).sum(1)


class Quadratic(nn.Module):
    """D(x) = |x|^2 / 2: its slope is where it stands; it remembers where that was."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def forward(self, image):
        self.seen.append(image.detach())
        return image.square().flatten(1).sum(1) / 2


class Patches(nn.Module):
    """A map of logits, each the sum of one pixel's channels."""

    def forward(self, image):
        return image.sum(1, keepdim=True)


class Labelled(nn.Module):
    """D(x, y) = y * sum(x): as steep as its label says."""

    def forward(self, image, y):
        return y * image.flatten(1).sum(1)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (R1, lambda norm: norm**2 / 2),
        (R2, lambda norm: norm**2 / 2),
        (PENALTY, lambda norm: (norm - 1) ** 2),
    ],
    ids=["r1", "r2", "gradient_penalty"],
)
@pytest.mark.parametrize("length", [0.3, 1.0, 4.0])
def test_a_linear_critic_pays_by_its_length(meet, term, expected, length):
    a = torch.randn(1, 4, 4)
    critic = Linear(a * length / a.norm())
    paid = term(meet(critic))
    assert paid.item() == pytest.approx(expected(length), rel=1e-4, abs=1e-6)
    paid.backward()
    assert critic.a.grad is not None


def test_r1_looks_at_reals_and_r2_at_fakes(meet):
    round = meet(Quadratic())
    for term, image in ((R1, round.real), (R2, round.fake)):
        expected = image.square().flatten(1).sum(1).mean() / 2
        torch.testing.assert_close(term(round), expected)


def test_a_map_of_logits_is_summed(meet):
    """Each pixel feeds one logit of slope 1, so an image of 2 x 2 x 3 has a slope of length 12^.5."""
    assert R1(meet(Patches(), (5, 3, 2, 2))).item() == pytest.approx(6)
    assert PENALTY(meet(Patches(), (5, 3, 2, 2))).item() == pytest.approx((12**0.5 - 1) ** 2)


def test_what_is_judged_is_seen_first(meet):
    """Where images are seen twice as bright a critic is twice as steep."""
    critic = Linear(torch.randn(1, 4, 4))
    brighter = R1(meet(critic, see=lambda image: 2 * image))
    torch.testing.assert_close(brighter, 4 * R1(meet(critic)))


def test_each_side_is_judged_by_its_own_label(meet):
    round = meet(Labelled(), (4, 1, 1, 1), y=torch.full((4,), 2), fake_y=torch.full((4,), 3))
    assert R1(round).item() == pytest.approx(2)
    assert R2(round).item() == pytest.approx(4.5)
    assert PENALTY(round).item() == pytest.approx(1)


@between
def test_the_gradient_penalty_mixes_each_image_by_its_own_amount(meet, term):
    """Algorithm 1, line 6 draws one epsilon per sample; a quadratic critic shows every mix."""
    critic, shape = Quadratic(), (64, 1, 2, 2)
    term(meet(critic, shape, real=torch.ones(shape), fake=torch.zeros(shape)))
    mixes = critic.seen[0].flatten(1)
    assert (mixes == mixes[:, :1]).all()  # one for all pixels of an image
    assert len(mixes[:, 0].unique()) == 64  # and another for each image
    assert 0 <= mixes.min() < 0.1
    assert 0.9 < mixes.max() <= 1


@between
def test_the_mixes_come_from_the_rounds_draws(meet, term):
    """So that two processes share them out, and a resumed run goes on as it would have."""
    critic, shape = Quadratic(), (8, 1, 1, 1)
    halves = [Quadratic(), Quadratic()]
    term(meet(critic, shape, real=torch.ones(shape), fake=torch.zeros(shape)))
    for rank, half in enumerate(halves):
        part, draws = (4, 1, 1, 1), Draws(0, rank=rank, world=2)
        term(meet(half, part, real=torch.ones(part), fake=torch.zeros(part), draws=draws))
        assert torch.equal(half.seen[0], critic.seen[0][rank::2])


@between
def test_mixes_lie_between_fake_and_real(meet, term):
    critic = Quadratic()
    round = meet(critic)
    term(round)
    low, high = torch.minimum(round.real, round.fake), torch.maximum(round.real, round.fake)
    assert (low - 1e-6 <= critic.seen[0]).all()
    assert (critic.seen[0] <= high + 1e-6).all()


def test_a_flat_critic_does_not_break_the_penalty(meet):
    critic = Linear(torch.zeros(1, 4, 4))
    paid = PENALTY(meet(critic))
    paid.backward()
    assert paid == 1
    assert critic.a.grad.isfinite().all()


def test_images_keep_no_gradient(meet):
    round = meet(Linear(torch.randn(1, 4, 4)))
    (R1(round) + R2(round) + PENALTY(round)).backward()
    assert round.real.grad is None
    assert not round.real.requires_grad
    assert round.fake.grad is None
    assert not round.fake.requires_grad


class Places(nn.Module):
    """A map of logits, D(x)[q] = sum_c a[c] x[c, q]: the slope by each pixel is ``a``."""

    def __init__(self, a):
        super().__init__()
        self.a = nn.Parameter(a)

    def forward(self, image):
        return (image * self.a[:, None, None]).sum(1, keepdim=True)


@pytest.mark.parametrize("side", [2, 9])
def test_each_pixel_owes_a_slope_of_one_however_large_the_picture(meet, side):
    a = torch.tensor([3.0, 0.0, 4.0])
    round = meet(Places(a), (2, 3, side, side))
    assert PIXELS(round).item() == pytest.approx((5 - 1) ** 2)
