"""The bricks of translators: what a judge sees, what a skip carries, what a block leaves alone."""

import pytest
import torch
from torch.nn.functional import interpolate, l1_loss, pad

from ganzoo.layers.patch import PatchJudge, sees
from ganzoo.layers.residual_translator import ResidualTranslator
from ganzoo.layers.translation import ResizeConv
from ganzoo.layers.unet import UNet


def seen_by_one_logit(judge, size):
    """How many pixels wide the area is that moves the logit in the middle of the map."""
    image = torch.rand(1, 1, size, size, requires_grad=True)
    logits = judge(image)
    middle = logits.shape[2] // 2
    logits[0, 0, middle, middle].backward()
    assert image.grad is not None
    columns = image.grad.abs().sum((0, 1, 2)).nonzero().flatten()
    return int(columns.max() - columns.min()) + 1


@pytest.mark.parametrize(("layers", "width"), [(0, 1), (1, 16), (2, 34), (3, 70), (4, 142)])
def test_a_logit_sees_a_patch_of_the_papers_size(layers, width):
    judge = PatchJudge(1, 2, layers, "none", padding=1).eval()
    assert sees(layers) == width
    assert seen_by_one_logit(judge, 256) == width


def test_a_unet_learns_to_leave_a_picture_alone_in_a_few_steps():
    torch.manual_seed(0)
    network = UNet(1, 1, 8, 3, "batch", dropout=False)
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    image = torch.rand(8, 1, 16, 16) * 1.6 - 0.8
    first = l1_loss(network(image), image).item()
    for _ in range(60):
        optimizer.zero_grad()
        loss = l1_loss(network(image), image)
        loss.backward()
        optimizer.step()
    assert loss.item() < first / 4


def test_without_skips_lines_do_not_get_across():
    network = UNet(1, 1, 4, 3, "none", dropout=False).eval()
    for up in list(network.up)[:-1]:
        half = up.weight.shape[0] // 2
        torch.nn.init.zeros_(up.weight[:half])  # what comes across
    torch.nn.init.zeros_(network.down[-1].weight)  # and what goes through the bottleneck
    image = torch.rand(2, 1, 16, 16)
    torch.testing.assert_close(network(image)[0], network(image)[1])


def test_dropout_sits_where_the_public_code_has_it():
    kinds = [type(m).__name__ for m in UNet(1, 1, 2, 8, "batch", dropout=True).drop]
    assert kinds == ["Identity"] * 4 + ["Dropout"] * 3 + ["Identity"]


def test_a_resizing_convolution_has_no_checkerboard():
    layer = ResizeConv(1, 1)
    image = layer(torch.ones(1, 1, 4, 4))
    torch.testing.assert_close(image, image[:, :, :1, :1].expand_as(image))


def test_a_resizing_convolution_is_its_three_steps():
    layer, image = ResizeConv(3, 5), torch.randn(2, 3, 4, 6)
    doubled = interpolate(image, scale_factor=2)
    wanted = layer.conv(pad(doubled, (1, 1, 1, 1), mode="replicate"))
    torch.testing.assert_close(layer(image), wanted)
    torch.testing.assert_close(layer.plain()(image), wanted)


@pytest.mark.parametrize("padding", ["reflect", "replicate", "zero"])
@pytest.mark.parametrize("enlarging", ["deconv", "resize"])
def test_a_residual_translator_keeps_the_size(padding, enlarging):
    network = ResidualTranslator(3, 2, 4, 2, 1, "instance", padding, enlarging=enlarging)
    assert network(torch.rand(1, 3, 16, 24)).shape == (1, 2, 16, 24)
