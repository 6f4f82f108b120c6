"""EQ-T and EQ-R: of generators that follow their input exactly, and of some that do not."""

import math

import pytest
import torch
from torch.nn.functional import avg_pool2d, interpolate

from ganzoo.architectures import architectures
from ganzoo.errors import MetricError
from ganzoo.latents import latents
from ganzoo.metrics import Probe, metrics
from ganzoo.metrics.eq_r import turn
from ganzoo.metrics.eq_t import parts, whole
from ganzoo.motion import moved

SIDE = 32


def waves(w: torch.Tensor, transform: torch.Tensor) -> torch.Tensor:
    """A Fourier input: of each code, waves of its frequencies (cycles per picture) and phases."""
    line = (torch.arange(SIDE) + 0.5) / SIDE - 0.5
    down, right = torch.meshgrid(line, line, indexing="ij")
    places = torch.stack([right.flatten(), down.flatten(), torch.ones(SIDE**2)])
    x, y, _ = (transform @ places)[:, :, None].unbind(1)
    across, along, phase = w[..., None].unbind(2)
    return (2 * math.pi * (across * x + along * y + phase)).sin().unflatten(2, (SIDE, SIDE))


def codes(count: int, seed: int) -> torch.Tensor:
    dice = torch.Generator().manual_seed(seed)
    return torch.randn(count, 4, 3, generator=dice) * torch.tensor([3.0, 3.0, 1.0])


def toy(paint) -> Probe:
    """Layers above a Fourier input."""
    return Probe(
        space="w",
        draw=codes,
        render=lambda w: paint(waves(w, moved(0, 0, 0))),
        features=lambda image: image.flatten(1),
        move=lambda w, transform: paint(waves(w, transform)),
    )


def mixed(maps: torch.Tensor) -> torch.Tensor:
    """A pointwise layer: to three channels."""
    dice = torch.Generator().manual_seed(7)
    return torch.einsum("ji,bihw->bjhw", torch.randn(3, 4, generator=dice) / 4, maps)


def bent(maps: torch.Tensor) -> torch.Tensor:
    return mixed(maps.relu())


def coarse(maps: torch.Tensor) -> torch.Tensor:
    """A layer that forgets where in a square of two by two pixels something was."""
    return mixed(interpolate(avg_pool2d(maps, 2), scale_factor=2))


def scores(paint, count: int = 24) -> dict[str, float]:
    asked = toy(paint)
    found = {}
    for name in ("eq_t", "eq_r"):
        judge = metrics[name].probe
        assert judge is not None
        found |= {kind: one.value for kind, one in judge(asked, count, 3).items()}
    return found


def test_pointwise_layers_follow_by_whole_pixels_to_rounding():
    """T moves samples onto samples, and what is done to each alone does not care where it is."""
    for paint in (mixed, bent):
        assert scores(paint)["eq_t"] > 90


def test_linear_pointwise_layers_follow_everywhere():
    found = scores(mixed)
    assert found["eq_t_frac"] > 55
    assert found["eq_r"] > 60


def test_layers_that_alias_score_lower():
    """A ReLU makes frequencies that the grid cannot hold; a coarse grid holds fewer from the start."""
    found = {paint: scores(paint) for paint in (mixed, bent, coarse)}
    for kind in ("eq_t_frac", "eq_r"):
        assert found[mixed][kind] > found[bent][kind] + 10
        assert found[bent][kind] > found[coarse][kind] + 3
    assert found[coarse]["eq_t"] < found[bent]["eq_t"] - 50


def test_a_picture_that_stays_where_it_is_has_its_own_difference():
    """g(T z) = g(z): the error of a wave of amplitude a, moved at random, is near a^2."""
    asked = toy(lambda maps: maps)
    deaf = Probe(
        space="w",
        draw=lambda count, seed: codes(count, seed) * torch.tensor([4.0, 4.0, 1.0]),
        render=asked.render, features=asked.features,
        move=lambda w, transform: asked.render(w),
    )  # fmt: skip
    judge = metrics["eq_t"].probe
    assert judge is not None
    found = judge(deaf, 100, 0)["eq_t"]
    assert found.value == pytest.approx(10 * math.log10(4), abs=0.5)  # error 1 = 2 * (1 / 2)
    assert found.deviation is not None
    assert 0.01 < found.deviation < 1


def test_pictures_that_agree_in_every_bit_have_a_hundred():
    asked = toy(lambda maps: 0 * maps)
    for name in ("eq_t", "eq_r"):
        judge = metrics[name].probe
        assert judge is not None
        for found in judge(asked, 4, 0).values():
            assert (found.value, found.deviation) == (100.0, 0.0)


def test_the_error_is_that_of_all_pictures_together():
    """Not a mean of decibels: one bad picture in two costs 3 dB of its own score, not half."""

    def paint(maps):
        image = mixed(maps)
        return torch.cat([image[:-1], 0 * image[-1:]])

    asked = toy(mixed)
    half = Probe(
        space="w", draw=codes, render=asked.render, features=asked.features,
        move=lambda w, transform: paint(waves(w, transform)) if transform[0, 0, 2] else mixed(waves(w, transform)),
    )  # fmt: skip
    judge = metrics["eq_t"].probe
    assert judge is not None
    both = judge(half, 2, 5)["eq_t"].value
    still = mixed(waves(codes(2, 5), moved(0, 0, 0)))[1:]
    alone = -10 * math.log10(still.square().mean().item() / 4)
    assert both == pytest.approx(alone + 10 * math.log10(2), abs=1.5)


def test_moves_are_as_large_as_the_protocol_says():
    dice = torch.Generator().manual_seed(0)
    made = torch.cat([draw(dice, SIDE) for draw in (whole, parts) for _ in range(300)])
    far = made[:, :2, 2] * SIDE
    assert far.abs().max().item() == pytest.approx(4, abs=0.05)
    torch.testing.assert_close(far[:300], far[:300].round(), rtol=0, atol=1e-5)
    assert (far[300:] - far[300:].round()).abs().max() > 0.4
    assert {-4.0, 4.0} < set(far[:300].round().flatten().tolist())
    turns = torch.cat([turn(dice, SIDE) for _ in range(200)])
    angles = torch.atan2(turns[:, 0, 1], turns[:, 0, 0])
    assert angles.min() < -3
    assert angles.max() > 3
    assert metrics["eq_t"].protocol["shift_most"] == 1 / 8


@pytest.mark.parametrize("name", ["eq_t", "eq_r"])
def test_an_input_that_cannot_be_moved(name):
    still = Probe(
        space="w", draw=codes, render=lambda w: w[:, None], features=lambda image: image.flatten(1)
    )
    judge = metrics[name].probe
    assert judge is not None
    with pytest.raises(MetricError, match="input cannot be moved"):
        judge(still, 4, 0)


@pytest.mark.parametrize(
    ("paint", "why"),
    [(lambda maps: maps / 0 * 0, "not finite"), (lambda maps: maps[..., :4, :4], "too small")],
)
def test_pictures_that_cannot_be_judged(paint, why):
    judge = metrics["eq_t"].probe
    assert judge is not None
    with pytest.raises(MetricError, match=why):
        judge(toy(paint), 2, 0)


@torch.no_grad()
def test_radial_filters_turn_and_a_bend_on_the_coarse_grid_sticks():
    """StyleGAN3, untrained: R turns with its input, T does not; both need the finer grid."""
    entry = architectures["stylegan3"]
    sound = {"image_size": 32, "num_classes": 0, "g_layers": 5, "g_margin": 10, "g_most": 16,
             "g_base": 512}  # fmt: skip
    radial = {"g_kernel": 1, "g_radial": True}
    found = {}
    for kind, changed in {"T": {}, "R": radial, "aliased": radial | {"g_finer": 1}}.items():
        torch.manual_seed(1)
        network = entry.networks["generator"](entry.tiny.model_copy(update=sound | changed)).eval()
        asked = Probe(
            space="w",
            draw=lambda count, seed, net=network: net.mapping(latents(seed, count, 8)),
            render=network.synthesis,
            features=lambda image: image.flatten(1),
            move=lambda w, transform, net=network: net.synthesis(w, transform=transform),
        )
        found[kind] = {}
        for name in ("eq_t", "eq_r"):
            judge = metrics[name].probe
            assert judge is not None
            found[kind] |= {kind: one.value for kind, one in judge(asked, 4, 0).items()}
    assert min(found["R"].values()) > 65
    assert found["T"]["eq_t_frac"] > 65
    assert found["T"]["eq_r"] < 45
    assert all(found["aliased"][kind] < found["R"][kind] - 10 for kind in found["R"])
