"""What each norm averages over."""

import pytest
import torch
from torch import nn

from ganzoo.layers.instance_norm import InstanceNorm2d
from ganzoo.layers.norms import norm
from ganzoo.layers.translation import Mirror, Stretch

OVER = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3)}


@pytest.mark.parametrize(("kind", "over"), OVER.items())
def test_it_takes_away_mean_and_deviation(kind, over):
    image = 3 + 2 * torch.randn(4, 6, 5, 5)
    mean = image.mean(over, keepdim=True)
    deviation = (image.var(over, unbiased=False, keepdim=True) + 1e-5).sqrt()
    torch.testing.assert_close(norm(kind, 6)(image), (image - mean) / deviation)


@pytest.mark.parametrize("kind", ["layer", "instance", "none"])
def test_these_treat_each_image_alone(kind):
    image, layer = torch.randn(4, 6, 5, 5), norm(kind, 6)
    torch.testing.assert_close(layer(image)[:1], layer(image[:1]))


@pytest.mark.parametrize("kind", OVER)
def test_each_channel_has_its_own_gain_and_bias(kind):
    layer = norm(kind, 6)
    assert [tuple(p.shape) for p in layer.parameters()] == [(6,), (6,)]


def test_none_is_the_identity():
    assert isinstance(norm("none", 6), nn.Identity)


@pytest.mark.parametrize("affine", [False, True])
def test_an_instance_norm_is_torchs_and_stays_channels_last(affine):
    ours, theirs = (kind(5, affine=affine) for kind in (InstanceNorm2d, nn.InstanceNorm2d))
    if affine:
        nn.init.normal_(ours.weight)
        theirs.load_state_dict(ours.state_dict())
    image = torch.randn(3, 5, 4, 6).to(memory_format=torch.channels_last)
    mine, other = image.clone().requires_grad_(), image.clone().requires_grad_()
    out = ours(mine)
    assert out.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(out, theirs(other))
    weights = torch.randn_like(out)
    (out * weights).sum().backward()
    (theirs(other) * weights).sum().backward()
    torch.testing.assert_close(mine.grad, other.grad)


@pytest.mark.parametrize("affine", [False, True])
@pytest.mark.parametrize(("channels", "side"), [(5, 4), (5, 32), (12, 32), (16, 32), (12, 27)])
@torch.no_grad()
def test_an_instance_norm_without_gradients_is_torchs_too(affine, channels, side):
    ours, theirs = (kind(channels, affine=affine) for kind in (InstanceNorm2d, nn.InstanceNorm2d))
    if affine:
        nn.init.normal_(ours.weight)
        theirs.load_state_dict(ours.state_dict())
    image = 3 + 2 * torch.randn(3, channels, side, 40).to(memory_format=torch.channels_last)
    out = ours(image)
    assert out.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(out, theirs(image))


@torch.no_grad()
def test_statistics_of_bfloat16_maps_are_float32_even_far_from_zero():
    image = 40 + torch.randn(2, 12, 32, 40).to(memory_format=torch.channels_last)
    halved = image.bfloat16()
    layer = InstanceNorm2d(12)
    for one in (halved, halved.contiguous(), halved[:, :, :4]):
        wanted = nn.InstanceNorm2d(12)(one.float())
        with torch.autocast("cpu"):
            normed = layer(one)
        torch.testing.assert_close(normed.float(), wanted, atol=2e-2, rtol=1e-2)


@pytest.mark.parametrize(("layer", "mode"), [(Mirror(2), "reflect"), (Stretch(2), "replicate")])
def test_padding_keeps_the_precision_it_is_given(layer, mode):
    image = torch.randn(1, 2, 4, 4, dtype=torch.bfloat16)
    with torch.autocast("cpu"):
        padded = layer(image)
    assert padded.dtype == torch.bfloat16
    assert torch.equal(padded, nn.functional.pad(image, [2] * 4, mode=mode))
