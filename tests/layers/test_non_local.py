"""Non-local means: against explicit sums over all pairs of places."""

import pytest
import torch

from ganzoo.layers.non_local import GAIN, NonLocal, weights


def test_the_dot_product_is_the_sum_over_all_pairs():
    block, x = NonLocal(6, "dot"), torch.randn(2, 6, 4, 5)
    places = x.flatten(2)
    wanted = torch.zeros_like(places)
    for i in range(20):
        for j in range(20):
            likeness = (places[:, :, i] * places[:, :, j]).sum(1, keepdim=True)
            wanted[:, :, i] += likeness * places[:, :, j] / 20
    torch.testing.assert_close(block.denoised(x).flatten(2), wanted, rtol=1e-4, atol=1e-4)


def test_the_gaussian_is_a_weighted_mean_over_all_places():
    block, x = NonLocal(6, "gaussian"), torch.randn(2, 6, 3, 3)
    theta, phi = block.embed(x).flatten(2).chunk(2, 1)
    wanted = torch.zeros(2, 6, 9)
    for i in range(9):
        power = torch.stack([(theta[:, :, i] * phi[:, :, j]).sum(1) for j in range(9)], 1)
        share = (power / 3**0.5).exp()
        share = share / share.sum(1, keepdim=True)
        wanted[:, :, i] = torch.einsum("bj,bcj->bc", share, x.flatten(2))
    torch.testing.assert_close(block.denoised(x).flatten(2), wanted, rtol=1e-4, atol=1e-5)


def test_weights_are_shares():
    shares = weights(torch.randn(2, 3, 7), torch.randn(2, 3, 7))
    assert shares.shape == (2, 7, 7)
    assert (shares > 0).all()
    torch.testing.assert_close(shares.sum(2), torch.ones(2, 7))


@pytest.mark.parametrize("likeness", ["gaussian", "dot"])
def test_noise_that_no_two_places_share_is_averaged_away(likeness):
    """A flat map with noise: its denoised self is flatter, whatever its scale."""
    block, noisy = NonLocal(4, likeness), 1 + 0.3 * torch.randn(1, 4, 16, 16)
    cleaned = block.denoised(noisy)
    spread = cleaned.flatten(2).std(2) / cleaned.flatten(2).mean(2)
    assert (spread < 0.6 * noisy.flatten(2).std(2) / noisy.flatten(2).mean(2)).all()


def test_at_first_the_block_hardly_speaks():
    block, x = NonLocal(4, "dot").train(), torch.randn(8, 4, 6, 6)
    change = block(x) - x
    assert change.std().item() == pytest.approx(GAIN, rel=0.1)
