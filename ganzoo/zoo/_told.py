"""What a network may be told beside its latents: classes, or shares among them."""

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import InputError
from ganzoo.shapes import Labels, Latent, Told

ROUNDING = 1e-3  # by which shares may miss a whole


def check_latents(z: Latent, z_dim: int, name: str) -> None:
    """Raises InputError unless these are latents of a width, and numbers."""
    if z.ndim != 2 or z.shape[1] != z_dim:
        raise InputError(f"{name} starts from latents (b, {z_dim}); got {tuple(z.shape)}")
    if not z.isfinite().all():
        raise InputError("a latent holds values that are not numbers")


def check(y: Told, count: int, num_classes: int, name: str, blends: bool) -> None:
    """Raises InputError unless each of ``count`` pictures is told a class, or shares of all."""
    if y.is_floating_point():
        _check_shares(y, num_classes, name, blends)
    else:
        _check_labels(y, num_classes)
    if len(y) != count:
        raise InputError(f"{count} pictures are told a class each; got {len(y)}")


def _check_labels(y: Labels, num_classes: int) -> None:
    if bool(((y < 0) | (y >= num_classes)).any()):
        raise InputError(f"a class is 0 to {num_classes - 1}; got {y.tolist()}")


def _check_shares(y: Float[Tensor, "b classes"], num_classes: int, name: str, blends: bool) -> None:
    if not blends or y.ndim != 2 or y.shape[1] != num_classes:
        raise InputError(f"{name} cannot be told shares of {y.shape[-1]} classes")
    whole = torch.ones(len(y), dtype=y.dtype, device=y.device)
    if bool((y < 0).any()) or not torch.allclose(y.sum(1), whole, atol=ROUNDING):
        raise InputError(f"shares are 0 or more, and a whole together; got {y.tolist()}")
