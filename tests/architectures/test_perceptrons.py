"""GAN and cGAN: the sizes of the papers, and classes that reach both players."""

import itertools

import pytest
import torch
from torch import nn

from ganzoo.architectures import architectures
from ganzoo.layers.maxout import Maxout

GAN, CGAN = architectures["gan"], architectures["cgan"]


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def dense(*widths):
    return sum((a + 1) * b for a, b in itertools.pairwise(widths))


def test_gan_has_the_published_sizes():
    assert count(GAN.networks["generator"](GAN.options())) == dense(100, 1200, 1200, 784)
    maxout = dense(784, 240 * 5) + dense(240, 240 * 5) + dense(240, 1)
    assert count(GAN.networks["discriminator"](GAN.options())) == maxout


def test_cgan_has_the_papers_sizes():
    """Sec. 4.1: 200 and 1000 ReLUs join in 1200; maxouts of 240 x 5 and 50 x 5 in 240 x 4."""
    generator = dense(100, 200) + dense(10, 1000) + dense(1200, 1200, 784)
    assert count(CGAN.networks["generator"](CGAN.options())) == generator
    judge = dense(784, 240 * 5) + dense(10, 50 * 5) + dense(290, 240 * 4) + dense(240, 1)
    assert count(CGAN.networks["discriminator"](CGAN.options())) == judge


@pytest.mark.parametrize("entry", [GAN, CGAN], ids=["gan", "cgan"])
def test_the_judge_drops_out_in_training_only(entry):
    network = entry.networks["discriminator"](entry.tiny)
    given = (torch.randn(4, 1, 8, 8), torch.arange(4) % 2)[: 2 if entry is CGAN else 1]
    assert any(isinstance(m, nn.Dropout) and m.p > 0 for m in network.modules())
    assert any(isinstance(m, Maxout) for m in network.modules())
    assert not torch.equal(network(*given), network(*given))
    network.eval()
    assert torch.equal(network(*given), network(*given))


def test_the_class_reaches_both_players():
    z, zero, one = torch.randn(3, 8), torch.zeros(3).long(), torch.ones(3).long()
    generator = CGAN.networks["generator"](CGAN.tiny).eval()
    judge = CGAN.networks["discriminator"](CGAN.tiny).eval()
    image = generator(z, zero)
    assert not torch.allclose(image, generator(z, one))
    assert not torch.allclose(judge(image, zero), judge(image, one))


def test_a_class_that_does_not_exist_is_refused():
    generator = CGAN.networks["generator"](CGAN.tiny)
    with pytest.raises(RuntimeError, match="Class values"):
        generator(torch.randn(1, 8), torch.tensor([3]))
