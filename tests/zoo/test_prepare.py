"""The prepared copy paints the same pictures; the original never notices."""

from copy import deepcopy
from typing import Any, cast

import pytest
import torch
from shelf import lively
from torch import nn
from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import spectral_norm

from ganzoo.architectures import TranslatorOptions, architectures
from ganzoo.architectures.dcgan import Generator, Options
from ganzoo.latents import latents, maps
from ganzoo.layers.resample import DoublingConv2d
from ganzoo.zoo import Prepared, prepare, psnr
from ganzoo.zoo._fold import fold, watch
from ganzoo.zoo._phases import DoublingPhases, Phases, unfold
from ganzoo.zoo.prepare import _reduced, _sides


def kinds(network: nn.Module) -> list[str]:
    return [type(module).__name__ for module in network.modules()]


def painter(**options) -> nn.Module:
    return lively(Generator(Options(image_size=16, z_dim=8, base_channels=8, **options)))


def inputs(name: str, player: str, count: int) -> tuple[torch.Tensor, ...]:
    options = cast(Any, architectures[name].tiny)
    if isinstance(options, TranslatorOptions):
        side = options.image_size
        return (torch.rand(count, options.channels_of(player), side, side) * 2 - 1,)
    if "single_image" in architectures[name].abilities and player == "generator":
        return tuple(maps(3, count, [(options.image_channels, *one) for one in options.shapes]))
    told = "invert" in architectures[name].abilities
    if told and player == "generator":
        known = [torch.randn(count, 1 + channels, *at) for channels, *at in options.shapes]
        return (latents(3, count, options.z_dim), *known)
    if player == "generator" and "retarget" not in architectures[name].abilities:
        given = latents(3, count, options.z_dim)
    elif player == "domain_classifier":
        given = torch.rand(count, options.features)
    else:
        given = torch.rand(count, options.image_channels, options.image_size, options.image_size)
    classes = told or "classes" in architectures[name].abilities
    return (given, torch.arange(count) % options.num_classes) if classes else (given,)


# judges of several scales, which nobody prepares
SEVERAL_MAPS = {("pix2pixhd", "discriminator"), ("dance", "discriminator")}


def every_player() -> list[tuple[str, str]]:
    every = [(name, player) for name in architectures for player in architectures[name].networks]
    return [one for one in every if one not in SEVERAL_MAPS]


@pytest.mark.parametrize(("name", "player"), every_player())
def test_every_network_stays_what_it_is(name, player):
    network = lively(architectures[name].networks[player](architectures[name].tiny))
    before = deepcopy(network.state_dict())
    fast = prepare(network, *inputs(name, player, 8), precision="float32")
    given = inputs(name, player, 21)
    with torch.no_grad():
        wanted = network(*given)
    torch.testing.assert_close(fast(*given), wanted, rtol=1e-4, atol=1e-4)
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())


@pytest.mark.parametrize("exact", [1, 4])
@pytest.mark.parametrize(("name", "player"), every_player())
def test_layers_kept_in_float32_fit_in_every_network(name, player, exact):
    network = lively(architectures[name].networks[player](architectures[name].tiny)).eval()
    given = inputs(name, player, 4)
    with torch.no_grad():
        wanted = network(*given)
        mixed = _reduced(network, _sides(network, *given), exact)
        found = Prepared(mixed, None, precision="bfloat16")(*given)
    assert found.dtype == torch.float32
    assert (found - wanted).abs().max() <= 0.3 * wanted.abs().max()


def test_dcgan_keeps_no_batch_norm_and_paints_in_phases():
    fast = prepare(painter(), latents(0, 8, 8))
    assert "BatchNorm2d" not in kinds(fast)
    assert kinds(fast).count("DoublingPhases") == 1


@pytest.mark.parametrize("layer", [
    nn.Linear(6, 5), nn.Linear(6, 5, bias=False), nn.Conv2d(6, 5, 3), nn.Conv2d(6, 6, 3, groups=3),
    nn.ConvTranspose2d(6, 5, 4, 2, 1, bias=False), nn.ConvTranspose2d(6, 6, 3, groups=2),
    nn.Conv1d(6, 5, 3),
])  # fmt: skip
@pytest.mark.parametrize("affine", [True, False])
def test_batch_norm_merges_exactly(layer, affine):
    """gain (W x + b - mean) / sqrt(variance + eps) + shift, for every kind of layer."""
    two = isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
    width = getattr(layer, "out_channels", 5)
    norm = (nn.BatchNorm2d if two else nn.BatchNorm1d)(width, affine=affine)
    nn.init.normal_(cast(torch.Tensor, norm.running_mean))
    nn.init.uniform_(cast(torch.Tensor, norm.running_var), 0.3, 3)
    if affine:
        nn.init.normal_(norm.weight)
        nn.init.normal_(norm.bias)
    network = nn.Sequential(layer, norm).eval()
    shape = {nn.Linear: (2, 6), nn.Conv1d: (2, 6, 5)}.get(type(layer), (2, 6, 5, 5))
    given = torch.randn(shape)
    with torch.no_grad():
        wanted = network(given)
        folded = deepcopy(network)
        fold(folded, watch(folded, given))
        torch.testing.assert_close(folded(given), wanted, rtol=1e-4, atol=1e-5)
    grouped = isinstance(layer, nn.ConvTranspose2d) and layer.groups > 1
    assert kinds(folded)[-1] == ("BatchNorm2d" if grouped else "Identity")


def test_batch_norm_does_not_merge_past_a_relu_in_place():
    """The tensor that reaches the norm is the very object that left the layer, but changed."""
    network = nn.Sequential(nn.Linear(4, 4), nn.ReLU(inplace=True), nn.BatchNorm1d(4)).eval()
    given = torch.randn(8, 4)
    fast = prepare(network, given, precision="float32")
    torch.testing.assert_close(fast(given), network(given).detach())
    assert "BatchNorm1d" in kinds(fast)


def test_batch_norm_that_serves_twice_is_left_alone_and_others_still_merge():
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two, self.three = (nn.Linear(4, 4) for _ in range(3))
            self.norm, self.last = nn.BatchNorm1d(4), nn.BatchNorm1d(4)
            nn.init.uniform_(cast(torch.Tensor, self.norm.running_var), 2, 3)

        def forward(self, given: torch.Tensor) -> torch.Tensor:
            return self.last(self.three(self.norm(self.two(self.norm(self.one(given))))))

    network, given = Twice().eval(), torch.randn(8, 4)
    fast = prepare(network, given, precision="float32")
    torch.testing.assert_close(fast(given), network(given).detach())
    assert kinds(fast).count("BatchNorm1d") == 1


def test_network_that_looks_between_layer_and_norm_stays_whole():
    class Peeks(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.norm = nn.Linear(4, 4), nn.BatchNorm1d(4)
            nn.init.uniform_(cast(torch.Tensor, self.norm.running_var), 2, 3)

        def forward(self, given: torch.Tensor) -> torch.Tensor:
            between = self.layer(given)
            return between + self.norm(between)

    network, given = Peeks().eval(), torch.randn(8, 4)
    torch.testing.assert_close(
        prepare(network, given, precision="float32")(given), network(given).detach()
    )


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("channels", [1, 3])
def test_phases_are_the_transposed_convolution(bias, channels):
    deconv = nn.ConvTranspose2d(5, channels, 4, 2, 1, bias=bias)
    image = torch.randn(2, 5, 7, 6)
    torch.testing.assert_close(DoublingPhases(deconv)(image), deconv(image).detach())


@pytest.mark.parametrize("kernel", [2, 3, (4, 7)])
@pytest.mark.parametrize("padding", [0, 1, (1, 0)])
@pytest.mark.parametrize("side", [8, 9])
def test_phases_are_the_convolution(kernel, padding, side):
    conv = nn.Conv2d(5, 2, kernel, padding=padding)
    image = torch.randn(2, 5, side, 11)
    torch.testing.assert_close(Phases(conv)(image), conv(image).detach())


def test_only_thin_layers_are_taken_apart():
    network = nn.Sequential(
        nn.Conv2d(8, 3, 3), nn.Conv2d(3, 8, 3), nn.Conv2d(8, 3, 1), nn.Conv2d(3, 3, 3, 2)
    )
    unfold(network)
    assert [type(layer).__name__ for layer in network] == ["Phases", "Conv2d", "Conv2d", "Conv2d"]


def test_baking_spectral_norm_leaves_the_original_trainable():
    network = nn.Sequential(spectral_norm(nn.Conv2d(1, 4, 3)), nn.Flatten(), nn.LazyLinear(1))
    given = torch.randn(8, 1, 6, 6)
    network(given)
    fast = prepare(network, given, precision="float32")
    torch.testing.assert_close(fast(given), network.eval()(given).detach())
    assert not any(parametrize.is_parametrized(module) for module in fast.modules())
    first = network.train()[0]
    assert parametrize.is_parametrized(first, "weight")
    network(given).sum().backward()  # the property still leads to the free weight
    assert cast(Any, first).parametrizations.weight.original.grad is not None


def test_batches_are_cut_so_that_activations_stay_in_the_cache():
    fast = prepare(painter(), latents(0, 8, 8))
    largest = 3 * 16 * 16 * 4  # here the picture itself, float32
    assert fast.chunk == 4 * 2**20 // largest

    seen = []
    cut = Prepared(nn.Sequential(nn.Linear(8, 8)).eval(), chunk=8)
    cut.network.register_forward_hook(lambda _m, given, _o: seen.append(len(given[0])))
    z = torch.randn(33, 8)
    torch.testing.assert_close(cut(z), cut.network(z).detach())
    assert seen[:-1] == [7, 7, 7, 7, 5]


def test_network_that_looks_at_its_batch_gets_all_of_it():
    class Crowd(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 1)

        def forward(self, given: torch.Tensor) -> torch.Tensor:
            return self.layer(given - given.mean(0))

    network, given = Crowd(), torch.randn(3, 4)
    fast = prepare(network, given, precision="float32")
    assert fast.chunk is None
    torch.testing.assert_close(fast(given), network(given).detach())


def test_bfloat16_runs_where_it_is_asked_for_and_good_enough():
    network, z = painter(), latents(0, 24, 8)
    fast = prepare(network, z[:8], precision="bfloat16")
    with torch.no_grad():
        wanted = network(z)
    assert fast.precision == "bfloat16"
    assert {p.dtype for p in fast.parameters()} == {torch.bfloat16}
    assert fast(z).dtype == torch.float32
    assert 40 <= psnr(fast(z), wanted) < 90


def test_bfloat16_runs_where_a_network_calls_convolutions_by_itself():
    class Own(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.randn(3, 4, 3, 3) / 6)
            self.seen: list[torch.dtype] = []

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            made = nn.functional.conv2d(image, self.weight, padding=1)
            self.seen.append(made.dtype)
            return made.tanh()

    network, image = Own(), torch.randn(8, 4, 6, 6)
    fast = prepare(network, image, precision="bfloat16")
    assert fast.precision == "bfloat16"
    assert fast.network.seen[-1] == torch.bfloat16
    assert psnr(fast(image), network(image).detach()) >= 40


def test_bfloat16_is_given_up_where_it_would_show():
    class Delicate(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 4)

        def forward(self, given: torch.Tensor) -> torch.Tensor:
            return torch.sin(1000 * self.layer(given))

    network, given = Delicate(), torch.randn(8, 4)
    fast = prepare(network, given, precision="bfloat16")
    assert fast.precision == "float32"
    torch.testing.assert_close(fast(given), network(given).detach(), rtol=0, atol=1e-3)


def test_the_smallest_maps_stay_exact_where_their_errors_would_show():
    class Chaotic(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.last = nn.Linear(4, 64), nn.Conv2d(1, 2, 3, padding=1)

        def forward(self, given: torch.Tensor) -> torch.Tensor:
            start = torch.sin(100 * self.first(given))
            return self.last(start.view(-1, 1, 8, 8))

    network, given = Chaotic(), torch.randn(8, 4)
    fast = prepare(network, given, precision="bfloat16")
    assert fast.precision == "bfloat16"
    kept = {name: p.dtype for name, p in fast.named_parameters() if "weight" in name}
    assert set(kept.values()) == {torch.float32, torch.bfloat16}
    assert kept["network.first.weight"] == torch.float32
    assert psnr(fast(given), network(given).detach()) >= 40


def test_preparing_twice_gives_the_same_bits():
    network, z = painter(), latents(0, 16, 8)
    one, two = (prepare(network, z)(z) for _ in range(2))
    assert torch.equal(one, two)


def test_preparing_inside_inference_mode_works():
    network, z = painter(), latents(0, 8, 8)
    with torch.inference_mode():
        fast = prepare(network, z)
    assert "BatchNorm2d" not in kinds(fast)


def test_psnr_is_the_formula():
    reference = torch.zeros(1, 1, 2, 2)
    assert psnr(reference + 0.02, reference) == pytest.approx(40)
    assert psnr(reference, reference) == float("inf")


def test_an_unconditional_residual_generator_is_prepared_whole():
    """Its first layer's rows are places and channels; the norm behind it must not merge with it."""
    entry = architectures["sngan"]
    options = entry.tiny.model_copy(update={"num_classes": 0})
    network, z = lively(entry.networks["generator"](options)), torch.randn(6, options.z_dim)
    prepared = prepare(network, z, precision="float32")
    torch.testing.assert_close(prepared(z), network(z), atol=1e-4, rtol=1e-3)
    assert not any(isinstance(m, DoublingConv2d) for m in prepared.modules())
