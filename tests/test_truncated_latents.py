"""Latents of the truncated normal, and what they do to pictures."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest, truncnorm
from shelf import exhibit

from ganzoo.errors import InputError
from ganzoo.latents import latents, truncated
from ganzoo.zoo import Model

z = latents(0, 4000, 2)


@pytest.mark.parametrize("threshold", [0.1, 0.5, 1.0, 2.0])
def test_their_law_is_that_of_drawing_anew_until_within(threshold):
    cut = truncated(z, threshold).flatten().double().numpy()
    assert kstest(cut, truncnorm(-threshold, threshold).cdf).pvalue > 0.01


@settings(max_examples=30)
@given(threshold=st.floats(0, 40))
def test_they_lie_within_and_keep_their_order(threshold):
    some = z[:50, :1].sort(0).values
    cut = truncated(some, threshold)
    assert cut.abs().max() <= threshold + 1e-6
    assert (cut.diff(dim=0) >= 0).all()
    assert (cut * some >= 0).all()


def test_what_is_beyond_all_odds_lies_at_the_threshold():
    assert truncated(torch.tensor([[50.0, -50.0]]), 30).tolist() == [[30, -30]]


def test_a_seed_moves_smoothly_from_nothing_to_itself():
    assert not truncated(z, 0).any()
    torch.testing.assert_close(truncated(z, math.inf), z)
    steps = torch.stack([truncated(z[:99], t / 100) for t in range(201)])
    assert steps.diff(dim=0).abs().max() < 0.011


@pytest.mark.parametrize("wrong", [-0.1, float("nan"), -1])
def test_a_truncation_is_a_number_of_at_least_0(wrong):
    with pytest.raises(InputError, match="a truncation is a number of at least 0; got "):
        truncated(z, wrong)


def test_truncation_0_gives_every_seed_the_same_picture(tmp_path):
    model = Model(exhibit(tmp_path, "biggan-fashion"))
    image = model.sample(seed=3, count=4, y=1, truncation=0)
    assert torch.allclose(image, image[:1].expand(4, -1, -1, -1), atol=1e-2)
    assert (model.sample(seed=3, count=4, y=1) - image).abs().max() > 0.05
    assert not torch.allclose(model.sample(3, 1, 2, 0), image[:1], atol=1e-2)
    with pytest.raises(InputError, match="got -1"):
        model.sample(truncation=-1)
