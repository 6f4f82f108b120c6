"""The contract of every objective: finite scalars, honest slopes, labels only where there are some."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganzoo.errors import InputError
from ganzoo.objectives import Objective, objectives

each = pytest.mark.parametrize("name", list(objectives))
scores = st.floats(-1e4, 1e4, width=32)
batch = st.lists(scores, min_size=1, max_size=8).map(torch.tensor)
pairs = st.lists(st.tuples(scores, scores), min_size=1, max_size=8).map(torch.tensor)


@each
@given(pairs=pairs)
def test_losses_are_finite_scalars_with_finite_slopes(name, pairs):
    real, fake = pairs.requires_grad_().unbind(1)
    for loss in (objectives[name].d_loss(real, fake), objectives[name].g_loss(fake)):
        (slope,) = torch.autograd.grad(loss, pairs, retain_graph=True)
        assert loss.shape == ()
        assert loss.isfinite()
        assert slope.isfinite().all()


@each
@given(pairs=pairs)
def test_nobody_gains_by_going_the_wrong_way(name, pairs):
    """The discriminator wants reals up and fakes down, the generator fakes up."""
    if name == "least_squares":
        pairs = pairs.clamp(0, 1)  # beyond its targets it pulls back, which is its point
    pairs = pairs.clone().requires_grad_()
    real, fake = pairs.unbind(1)
    (down,) = torch.autograd.grad(objectives[name].d_loss(real, fake), pairs)
    assert (down[:, 0] <= 0).all()
    assert (down[:, 1] >= 0).all()
    (up,) = torch.autograd.grad(objectives[name].g_loss(pairs.unbind(1)[1]), pairs)
    assert (up[:, 1] <= 0).all()


@each
@given(scores=batch)
def test_a_map_of_logits_is_their_mean(name, scores):
    """A patch judge gives many logits per image: each counts alike."""
    flat, folded = torch.cat([scores, scores]), torch.stack([scores, scores])
    both = objectives[name]
    torch.testing.assert_close(both.d_loss(flat, -flat), both.d_loss(folded, -folded))
    torch.testing.assert_close(both.g_loss(flat), both.g_loss(folded))


@each
def test_only_labels_can_be_smoothed(name):
    entry, undecided = objectives[name], torch.zeros(3)
    assert isinstance(entry, Objective)
    if entry.has_labels:
        sharp = entry.d_loss(undecided + 2, undecided)
        assert entry.d_loss(undecided + 2, undecided, smoothing=0.1) != sharp
        return
    with pytest.raises(InputError, match=rf"{name} has none; got label_smoothing = 0\.1"):
        entry.d_loss(undecided, undecided, smoothing=0.1)


@each
def test_gradients_survive_bfloat16(name):
    logits = torch.linspace(-8, 8, 9, dtype=torch.bfloat16, requires_grad=True)
    objectives[name].g_loss(logits).backward()
    assert logits.grad.isfinite().all()
