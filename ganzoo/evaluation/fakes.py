"""The images that a generator is judged by: those of the seeds from one on, as they are shown."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import torch
from torch import Tensor, nn

from ganzoo.bundle import Bundle
from ganzoo.config import Recipe
from ganzoo.errors import MetricError
from ganzoo.evaluation.extraction import BATCH
from ganzoo.evaluation.networks import FeatureNetwork, eight_bits
from ganzoo.latents import SEED_LIMIT, latents, truncated
from ganzoo.metrics import Probe
from ganzoo.processor import device
from ganzoo.shapes import Features, Image, Labels


def paints(recipe: Recipe) -> bool:
    """Whether the shown network starts from latents, so that seeds name its images."""
    return "sample" in recipe.abilities and hasattr(recipe.options, "z_dim")


def generator(bundle: Bundle) -> nn.Module:
    """The shown network in float32: a score must not depend on what a processor is good at.

    Raises:
        MetricError: if it does not paint from latents.
    """
    if not paints(bundle.recipe):
        raise MetricError(f"{bundle.name} does not paint from latents: there is nothing to judge")
    return bundle.network().to(device()).to(memory_format=torch.channels_last)


@torch.inference_mode()
def fakes(
    network: nn.Module,
    recipe: Recipe,
    count: int,
    seed: int = 0,
    truncation: float | None = None,
) -> Iterator[Image]:
    """The images of ``seed``, ``seed + 1``, …, rounded to 8 bits; classes in turn, as sampled."""
    for start in range(0, count, BATCH):
        first, many = (seed + start) % SEED_LIMIT, min(BATCH, count - start)
        z = _latents(network, recipe, many, first)
        if truncation is not None:
            z = truncated(z, truncation)
        yield eight_bits(_painter(network, recipe, first, many)(z))


def probe(network: nn.Module, recipe: Recipe, eye: FeatureNetwork) -> Probe:
    """The generator as something to walk in: among styles where it has them, else latents.

    A generator with styles is called ``synthesis(w)`` and ``mapping(z)``.
    """
    if "style" not in recipe.abilities:
        return Probe(
            space="z",
            draw=lambda count, seed: _latents(network, recipe, count, seed),
            render=lambda z: _painter(network, recipe, 0, len(z))(z),
            features=_quietly(eye),
        )
    styled, classes = cast(Any, network), _classes(recipe) or 1

    def styles(count: int, seed: int) -> Tensor:
        z, y = _latents(network, recipe, count, seed), _labels(recipe, seed, count)
        told = [part.split(BATCH) for part in (z, y) if part is not None]
        return torch.cat(
            [
                styled.mapping(*(one.to(z.device) for one in some))
                for some in zip(*told, strict=True)
            ]
        )

    return Probe(
        space="w",
        draw=styles,
        render=styled.synthesis,
        features=_quietly(eye),
        move=(lambda w, transform: styled.synthesis(w, transform=transform))
        if "move" in recipe.abilities
        else None,
        far=SEED_LIMIT // 2 // classes * classes,
    )


def _quietly(eye: FeatureNetwork) -> Callable[[Image], Features]:
    @torch.inference_mode()
    def features(image: Image) -> Features:
        return eye.look(image).features

    return features


def _painter(
    network: nn.Module, recipe: Recipe, seed: int, count: int
) -> Callable[[Tensor], Image]:
    y = _labels(recipe, seed, count)
    return network if y is None else lambda z: network(z, y.to(z.device))


def _labels(recipe: Recipe, seed: int, count: int) -> Labels | None:
    """Classes in turn; None where it knows none."""
    classes = _classes(recipe)
    return torch.arange(seed, seed + count) % SEED_LIMIT % classes if classes else None


def _classes(recipe: Recipe) -> int:
    """How many it is told apart; 0 where it knows none."""
    return getattr(recipe.options, "num_classes", 1) if "classes" in recipe.abilities else 0


def _latents(network: nn.Module, recipe: Recipe, count: int, seed: int) -> Tensor:
    where = next(network.parameters()).device
    return latents(seed, count, getattr(recipe.options, "z_dim", 0)).to(where)
