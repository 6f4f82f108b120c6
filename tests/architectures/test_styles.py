"""What the networks with styles, and those that grow, promise."""

import pytest
import torch
from torch.nn.functional import avg_pool2d

from ganzoo.architectures import architectures
from ganzoo.architectures._growing import Block
from ganzoo.errors import InputError
from ganzoo.layers.activations import bend
from ganzoo.layers.growing import STEPS, grow
from ganzoo.motion import errors, moved

STYLED = [name for name, entry in architectures.items() if "style" in entry.abilities]
GROWING = ["progan", "stylegan"]


def built(name):
    entry = architectures[name]
    return entry.networks["generator"](entry.tiny).eval()


def told(name):
    return (torch.tensor([0, 1]),) if "classes" in architectures[name].abilities else ()


@pytest.mark.parametrize("name", STYLED)
@torch.no_grad()
def test_psi_zero_is_the_mean_picture(name):
    network, z = built(name), torch.randn(2, 8)
    network.mapping.mean.normal_()
    mean = network.mapping.mean.expand(1, network.mapping.styles, -1)
    picture = network.synthesis(mean)
    for one in network(z, *told(name), psi=0.0):
        torch.testing.assert_close(one[None], picture, rtol=1e-4, atol=1e-5)
    half = network.mapping(z, *told(name), psi=0.5, cutoff=2)
    whole = network.mapping(z, *told(name))
    assert torch.equal(half[:, 2:], whole[:, 2:])
    torch.testing.assert_close(half[:, :2], (whole[:, :2] + mean[:, :2]) / 2)


@pytest.mark.parametrize("name", STYLED)
def test_what_cannot_be_is_refused(name):
    network, z = built(name), torch.randn(2, 8)
    with pytest.raises(InputError, match=r"psi is a number.*nan"):
        network(z, *told(name), psi=float("nan"))
    with pytest.raises(InputError, match=r"cutoff is 0 to .*99"):
        network(z, *told(name), cutoff=99)


@pytest.mark.parametrize("name", GROWING)
@pytest.mark.parametrize("player", ["generator", "discriminator"])
@torch.no_grad()
def test_alpha_one_is_the_next_stage_at_alpha_zero(name, player):
    entry = architectures[name]
    network = entry.networks[player](entry.tiny).eval()
    given = torch.randn(2, 8) if player == "generator" else torch.randn(2, 3, 16, 16)
    grow(network, 1.0)
    before = network(given)
    grow(network, 1.0 + 1 / STEPS)
    torch.testing.assert_close(network(given), before, rtol=1e-3, atol=1e-3)
    grow(network, 1.5)
    assert not torch.allclose(network(given), before, rtol=1e-2, atol=1e-2)


def agreement(network, w, right, down):
    """PSNR of pictures painted from a moved input with the still ones, moved."""
    where = moved(right, down, 0).expand(len(w), -1, -1)
    still, after = (
        network.synthesis(w, transform=one) for one in (moved(0, 0, 0).expand_as(where), where)
    )
    error, pixels = errors(still, after, where, turned=False)
    return (10 * (still.square().mean() * pixels.sum() / error.sum()).log10()).item()


@pytest.mark.parametrize("radial", [False, True])
@torch.no_grad()
def test_a_moved_input_gives_the_moved_picture(radial):
    """By parts of a pixel, too; with activations on the coarse grid, pictures stick to it."""
    entry = architectures["stylegan3"]
    sound = {"image_size": 32, "num_classes": 0, "g_layers": 5, "g_margin": 10, "g_most": 16,
             "g_base": 512, "g_kernel": 1 if radial else 3, "g_radial": radial}  # fmt: skip
    w = torch.randn(2, 1, 8).expand(-1, 7, -1)
    found = {}
    for finer in (1, 2):
        torch.manual_seed(1)
        options = entry.tiny.model_copy(update=sound | {"g_finer": finer})
        network = entry.networks["generator"](options).eval()
        found[finer] = agreement(network, w, 0.043, -0.07)
    assert found[2] > 25
    assert found[2] > found[1] + 3


def test_sides_that_are_not_doubled_are_painted_but_not_judged():
    entry = architectures["stylegan3"]
    options = entry.options.read(entry.tiny.model_dump() | {"image_size": 24}, "options")
    assert entry.networks["generator"](options)(torch.randn(1, 8), torch.tensor([0])).shape[2:] == (
        24,
        24,
    )
    with pytest.raises(InputError, match="a judge of 24 pixels: the side is doubled from 4 on"):
        entry.networks["discriminator"](options)


def test_each_channel_has_a_strength_of_noise_where_styles_are_mixed_in_by_adain():
    def strengths(modulation: str) -> list[list[int]]:
        options = architectures["stylegan"].tiny.model_copy(update={"modulation": modulation})
        network = architectures["stylegan"].networks["generator"](options)
        return [[*layer.noise.strength.shape] for layer in network.synthesis.layers]

    assert strengths("adain") == [[w, 1, 1] for w in (8, 8, 8, 8, 4, 4)]
    assert strengths("demodulated")[1:] == [[]] * 5


@torch.no_grad()
def test_a_blurring_judge_halves_before_it_bends():
    """As its convolution is halved in one step: the mean of bent values is not the bent mean."""
    block = Block(3, 5, blur=True)
    image = torch.randn(2, 3, 8, 8)
    inner = block.second(block.resample.blur(bend(block.first(image), "lrelu"), 1, 1))
    torch.testing.assert_close(block(image), bend(avg_pool2d(inner, 2), "lrelu"))
    plain = Block(3, 5, blur=False)
    inner = bend(plain.second(bend(plain.first(image), "lrelu")), "lrelu")
    torch.testing.assert_close(plain(image), avg_pool2d(inner, 2))
