"""A latent's projection is a transposed convolution, only faster."""

import pytest
import torch
from torch import nn

from ganzoo.layers.project import Project, ToMap


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("memory", [torch.contiguous_format, torch.channels_last])
def test_it_is_the_transposed_convolution_of_one_pixel(bias, memory):
    fast, slow = Project(6, 5, bias=bias), nn.ConvTranspose2d(6, 5, 4, bias=bias)
    slow.load_state_dict(fast.state_dict())
    z = torch.randn(3, 6)
    maps = fast.to(memory_format=memory)(z)
    torch.testing.assert_close(maps, slow(z[:, :, None, None]))
    assert maps.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("layer", [Project(6, 5, bias=True), Project(6, 5), ToMap(6, 5)])
def test_its_plain_form_paints_the_same(layer):
    z = torch.randn(3, 6)
    maps = layer.plain()(z)
    torch.testing.assert_close(maps, layer(z))
    assert maps.is_contiguous(memory_format=torch.channels_last)
