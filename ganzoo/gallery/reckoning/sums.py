"""Groups of seeds, their means, and the turn from one to another."""

import torch

from ganzoo.explore.arithmetic import average, group, turn, turned
from ganzoo.gallery.paint import paint
from ganzoo.shapes import OneLatent, Pictures
from ganzoo.zoo import Zoo

Chosen = tuple[int, ...]

# What hangs there at first: slanted zeros - upright zeros + upright fours, in dcgan-mnist.
SLANTED, UPRIGHT, FOURS, OTHERS = (93, 100, 110), (40, 46, 64), (54, 84, 102), (8, 120)
STEPS = 9  # of a turn


def means(zoo: Zoo, model: str, *groups: Chosen) -> list[OneLatent]:
    """The average latent of each group of seeds."""
    z_dim = zoo.model(model).z_dim
    return [average(group(seeds, z_dim)) for seeds in groups]


def turning(
    zoo: Zoo, model: str, a: Chosen, b: Chosen, c: Chosen, others: Chosen, y: int | None
) -> list[Pictures]:
    """Strips along the turn from B to A: of B's mean, of C's, and of single latents."""
    z_dim = zoo.model(model).z_dim
    vector = turn(group(b, z_dim), group(a, z_dim))
    starts = torch.cat([*means(zoo, model, b, c), group(others, z_dim)])
    steps = turned(starts, vector, torch.tensor(amounts()))
    pictures = paint(zoo, model, steps.flatten(0, 1), y)
    return list(pictures.reshape(len(starts), STEPS, *pictures.shape[1:]))


def amounts() -> list[float]:
    """How much of the turn each picture of a strip has taken."""
    return [i / (STEPS - 1) for i in range(STEPS)]
