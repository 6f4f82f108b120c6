"""How pix2pixHD's way up is built, in the whole and in the detail."""

import pytest
import torch
from torch import nn

from ganzoo.architectures import architectures

ENTRY = architectures["pix2pixhd"]


@pytest.mark.parametrize("kind", ["global", "local"])
@pytest.mark.parametrize(("enlarging", "transposed"), [("deconv", True), ("resize", False)])
def test_the_option_holds_for_the_whole_and_for_the_detail(kind, enlarging, transposed):
    options = ENTRY.tiny.model_copy(update={"g_kind": kind, "g_enlarging": enlarging})
    generator = ENTRY.networks["generator"](options)
    ups = [isinstance(part, nn.ConvTranspose2d) for part in generator.modules()]
    assert any(ups) == transposed
    picture = torch.rand(1, options.input_channels, 8 * options.multiple, 4 * options.multiple)
    assert generator(picture).shape == (1, options.output_channels, *picture.shape[2:])
