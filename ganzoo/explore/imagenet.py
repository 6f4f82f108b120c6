"""torchvision's ImageNet classifiers by name, as attacks meet them.

Their weights are fetched on first use, with a progress bar, into torch's own cache
(``TORCH_HOME``); a file that lies there already is all that is needed.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import interpolate

from ganzoo.attacks import Victim
from ganzoo.errors import HubError, InputError, UnknownNameError, suggestion
from ganzoo.shapes import Pixels

PREFIX = "torchvision:"


def names() -> list[str]:
    """Every ImageNet classifier of torchvision."""
    from torchvision import models

    return models.list_models(module=models)


def path(name: str) -> Path:
    """Where a network's weights lie once they were fetched."""
    return Path(torch.hub.get_dir()) / "checkpoints" / Path(urlsplit(_weights(name).url).path).name


@lru_cache(maxsize=2)
def imagenet(name: str) -> Victim:
    """A classifier of ImageNet's thousand classes, in eval mode, with its normalisation.

    Raises:
        UnknownNameError: if torchvision has no such network.
        HubError: if its weights are not at hand and cannot be fetched.
    """
    weights = _weights(name)
    how: Any = weights.transforms()
    from torchvision import models

    network = models.get_model(name)
    try:
        state = weights.get_state_dict(progress=True, check_hash=True, weights_only=True)
    except (URLError, OSError) as error:
        raise HubError(
            f"the weights of {name} are not at hand, and fetching them failed ({error}). On a "
            f"machine with internet, {weights.url} is the file; it belongs into {path(name).parent}"
        ) from None
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise HubError(f"{path(name)} does not hold the weights of {name}: {error}") from None
    network = network.eval().requires_grad_(False).to(memory_format=torch.channels_last)
    (side,) = how.crop_size
    return Victim(
        network=network,
        num_classes=len(weights.meta["categories"]),
        shape=(3, side, side),
        mean=tuple(how.mean),
        std=tuple(how.std),
    )


def classes(name: str) -> tuple[str, ...]:
    """The names of the thousand classes."""
    return tuple(_weights(name).meta["categories"])


def cropped(image: Pixels, shape: tuple[int, int, int]) -> Float[Tensor, "b _ side side"]:
    """The middle of colour pictures at the network's size, the shorter side shrunk or grown to it.

    Raises:
        InputError: if they have neither one nor three channels.
    """
    channels, side, _ = shape
    if image.shape[1] not in (1, channels):
        raise InputError(f"a picture is grey or colour; got {image.shape[1]} channels")
    height, width = image.shape[2:]
    scale = side / min(height, width)
    size = (max(side, round(height * scale)), max(side, round(width * scale)))
    if size != (height, width):
        image = interpolate(image, size, mode="bilinear", antialias=True).clamp(0, 1)
    top, left = (size[0] - side) // 2, (size[1] - side) // 2
    return image[:, :, top : top + side, left : left + side].expand(-1, channels, -1, -1)


def _weights(name: str) -> Any:
    from torchvision import models

    if name not in names():
        raise UnknownNameError(
            f"torchvision has no ImageNet classifier {name!r}. {suggestion(name, names())}"
        )
    return list(models.get_model_weights(name))[-1]
