"""torchvision's ImageNet classifiers by name, as attacks meet them.

Their weights are fetched on first use into torch's own cache
(``TORCH_HOME``); a file that lies there already is all that is needed.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from pickle import UnpicklingError
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo import images
from ganzoo.attacks import Victim
from ganzoo.errors import HubError, UnknownNameError, suggestion
from ganzoo.files import replacing
from ganzoo.shapes import Picture, Sheet

PREFIX = "torchvision:"
ITSELF = ("googlenet", "inception_v3")  # those whose trained weights expect a renormalised input
PIECE = 2**18  # bytes read at once
PATIENCE = 30  # seconds without a byte
LEVELS = 255
LONG = 4


def names() -> list[str]:
    """Every ImageNet classifier of torchvision."""
    from torchvision import models

    return models.list_models(module=models)


def path(name: str) -> Path:
    """Where a network's weights lie once they were fetched."""
    return Path(torch.hub.get_dir()) / "checkpoints" / Path(urlsplit(source(name)).path).name


def source(name: str) -> str:
    """The address that a network's weights are fetched from."""
    return _weights(name).url


def size(name: str) -> int:
    """Bytes of a network's weights, as torchvision says."""
    return round(_weights(name).meta["_file_size"] * 2**20)


def fetch(name: str) -> Iterator[int]:
    """Fetches a network's weights, and tells how many bytes have come so far.

    Who stops listening stops the fetching; nothing but a whole, checked file is ever kept.

    Raises:
        HubError: if they cannot be fetched, or are not what their name promises.
    """
    target, most = path(name), 2 * size(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, come = sha256(), 0
    try:
        with replacing(target) as part, urlopen(source(name), timeout=PATIENCE) as answer:
            while (piece := answer.read(PIECE)) and come <= most:
                part.write(piece)
                digest.update(piece)
                come += len(piece)
                yield come
            promised = re.search(r"-([a-f0-9]{8,})\.", target.name)
            if promised and not digest.hexdigest().startswith(promised[1]):
                raise HubError(f"what came from {source(name)} is not the weights of {name}")
    except (OSError, HTTPException) as error:
        said = getattr(error, "reason", None) or error
        raise HubError(f"the weights of {name} could not be fetched: {said}") from None


def bring(name: str, come: Callable[[int], object] = lambda _: None) -> None:
    """Fetches a network's weights unless they are at hand.

    Args:
        come: told how many bytes have come so far.

    Raises:
        HubError: as :func:`fetch`; it says which file is missing, and where it belongs.
    """
    if path(name).is_file():
        return
    try:
        for so_far in fetch(name):
            come(so_far)
    except HubError as error:
        raise HubError(
            f"{error}. They are not at hand: on a machine with internet, {source(name)} is the "
            f"file; it belongs into {path(name).parent}"
        ) from None


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

    told = {"transform_input": True, "init_weights": False} if name in ITSELF else {}
    network = models.get_model(name, **told)
    bring(name)
    try:
        state = torch.load(path(name), map_location="cpu", weights_only=True)
    except (RuntimeError, UnpicklingError, EOFError):  # torch would advise to trust it
        raise HubError(
            f"{path(name)} does not hold the weights of {name}: it is no file of weights"
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


def prepared(name: str, picture: Sheet) -> Float[Tensor, "1 3 side side"]:
    """A picture as the weights' own transforms prepare it, up to the normalisation.

    Its shorter side is brought to ``resize_size``, the middle cut out; values in [0, 1]. Of a very
    long picture only the middle is looked at in the first place.
    """
    from torchvision.transforms import functional

    how: Any = _weights(name).transforms()
    upright: Any = images.to_pillow(_middle(picture)).convert("RGB")
    sized: Any = functional.resize(upright, how.resize_size, how.interpolation)
    middle = np.array(functional.center_crop(sized, how.crop_size))
    return torch.from_numpy(middle).permute(2, 0, 1)[None].float() / LEVELS


def _middle(picture: Sheet) -> Picture:
    """Of a picture more than ``LONG`` times as long as it is wide, so much as is not."""
    most = LONG * min(picture.shape[:2])
    top, left = (max(0, (side - most) // 2) for side in picture.shape[:2])
    return picture[top : top + most, left : left + most]


def resized(name: str) -> int:
    """The side that a picture's shorter one is brought to, before the middle is cut out."""
    how: Any = _weights(name).transforms()
    return how.resize_size[0]


def _weights(name: str) -> Any:
    from torchvision import models

    if name not in names():
        raise UnknownNameError(
            f"torchvision has no ImageNet classifier {name!r}. {suggestion(name, names())}"
        )
    return list(models.get_model_weights(name))[-1]
