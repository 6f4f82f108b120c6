"""How a classifier is fooled, looked at from several sides: along a way, inside, and after a file.

Pictures are in [0, 1], as :mod:`ganzoo.attacks` has them.
"""

from collections.abc import Iterator
from io import BytesIO
from threading import get_ident

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image as Pillow
from torch import Tensor, nn

from ganzoo.attacks import Victim, undisturbed
from ganzoo.bundle import Bundle
from ganzoo.errors import InputError
from ganzoo.processor import has_bfloat16
from ganzoo.shapes import Pixels

LEVELS = 255
HAIR = 1e-3  # of a level: what rounding may have cost
AT_ONCE = 256  # pictures


def victim(bundle: Bundle) -> Victim:
    """A classifier's bundle as attacks meet it: its images are in [-1, 1], its pictures in [0, 1].

    Raises:
        InputError: if it is no classifier.
        BundleError: if its weights are missing, were tampered with, or do not fit.
    """
    if "classify" not in bundle.abilities:
        raise InputError(f"{bundle.name} is no classifier: there is nothing to fool")
    data = bundle.recipe.data
    return Victim(
        network=bundle.network().to(memory_format=torch.channels_last),
        num_classes=getattr(bundle.recipe.options, "num_classes", 0),
        shape=(data.channels, data.size, data.size),
    )


@torch.no_grad()
def probabilities(victim: Victim, image: Pixels) -> Float[Tensor, "b classes"]:
    """What the network says of each picture."""
    with undisturbed(victim.network):
        return torch.cat([victim(part).softmax(1) for part in image.split(AT_ONCE)])


def along(
    victim: Victim,
    image: Float[Tensor, "1 c h w"],
    direction: Float[Tensor, "1 c h w"],
    epsilon: Float[Tensor, " steps"],
) -> Float[Tensor, "steps classes"]:
    """What it says of clip(image + epsilon * direction), for one picture and many epsilons.

    In bfloat16 where the processor is faster in it: good to a few hundredths, enough for a curve.
    """
    way = victim.clip(image + epsilon[:, None, None, None] * direction)
    device = image.device.type
    with torch.autocast(device, torch.bfloat16, enabled=has_bfloat16(device == "cpu")):
        return probabilities(victim, way)


def eight_bits(image: Pixels) -> Pixels:
    """As a picture file holds it: 256 levels."""
    return (image.clamp(0, 1) * LEVELS).round() / LEVELS


def eight_bits_within(image: Pixels, clean: Pixels, epsilon: float) -> Pixels:
    """The same, no pixel farther than epsilon from the clean picture: 0.1 is 25.5 levels, and the
    nearest level may be the 26th."""
    low = ((clean - epsilon) * LEVELS - HAIR).ceil()
    high = ((clean + epsilon) * LEVELS + HAIR).floor()
    return (image * LEVELS).round().clamp(low, high).clamp(0, LEVELS) / LEVELS


def jpeg(image: Pixels, quality: int) -> Pixels:
    """As it comes back from a JPEG file.

    Raises:
        InputError: if the quality is not from 1 to 100.
    """
    if not 1 <= quality <= 100:
        raise InputError(f"a JPEG's quality is 1 to 100; got {quality}")
    return torch.stack([_through_jpeg(one, quality) for one in image])


def _through_jpeg(one: Float[Tensor, "c h w"], quality: int) -> Float[Tensor, "c h w"]:
    levels = (one.clamp(0, 1) * LEVELS).round().to(torch.uint8).permute(1, 2, 0).numpy()
    picture = Pillow.fromarray(levels[:, :, 0] if levels.shape[2] == 1 else levels)
    memory = BytesIO()
    picture.save(memory, "JPEG", quality=quality)
    back = np.atleast_3d(np.asarray(Pillow.open(memory)))
    return torch.from_numpy(back.copy()).permute(2, 0, 1).float() / LEVELS


@torch.no_grad()
def feature_maps(victim: Victim, image: Pixels) -> dict[int, Float[Tensor, "b maps side across"]]:
    """The last feature maps at each resolution inside a network, by their side; largest first.

    Nothing is known of the network: its modules are watched as pictures pass through.
    """
    seen: dict[int, Tensor] = {}
    here = get_ident()  # others may be looking at the same network

    def watch(_: nn.Module, __: object, output: object) -> None:
        if get_ident() != here:
            return
        if isinstance(output, Tensor) and output.ndim == 4 and output.shape[2] > 1:
            seen[output.shape[2]] = output

    hooks = [module.register_forward_hook(watch) for module in victim.network.modules()]
    try:
        with undisturbed(victim.network):
            victim(image)
    finally:
        for hook in hooks:
            hook.remove()
    return {side: seen[side].float().clone() for side in sorted(seen, reverse=True)}


def loudest(
    clean: Float[Tensor, "maps h w"], attacked: Float[Tensor, "maps h w"], count: int
) -> list[int]:
    """The maps that speak most of the clean picture, loudest first."""
    assert clean.shape == attacked.shape
    return clean.abs().mean((1, 2)).topk(min(count, len(clean))).indices.tolist()


def disturbance(clean: Float[Tensor, "maps h w"], attacked: Float[Tensor, "maps h w"]) -> float:
    """How loud the change is on the maps: |f(x') - f(x)| / |f(x)|, Euclidean."""
    return float((attacked - clean).norm() / clean.norm().clamp_min(1e-12))


def named(classes: tuple[str, ...], count: int) -> Iterator[str]:
    """A name for each class: its own, or its number."""
    for y in range(count):
        yield classes[y] if len(classes) == count else str(y)
