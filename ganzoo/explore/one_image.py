"""What can be done with a pyramid that knows one image (Shaham et al. 2019, arXiv:1905.01164).

    edit    a picture is rearranged by hand; its coarse scales are kept, the finer ones drawn afresh
    film    a walk of the noise near the image's own (supplement, "Single image animation"):

            z_{t+1} = alpha z_rec + (1 - alpha) (z_t + d_{t+1})
            d_{t+1} = beta (z_t - z_{t-1}) + (1 - beta) u_t,    u_t ~ N(0, I)

Deviations from the paper: none.
"""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from PIL import Image as Pillow

from ganzoo.errors import InputError, UnknownNameError, suggestion
from ganzoo.images import from_pictures, to_pictures
from ganzoo.latents import maps
from ganzoo.shapes import AnySize, Image, OneImage
from ganzoo.zoo import Dreamer

COLOURS = 6  # that a picture is painted with when it has few
FIRST_STEP = 0.05  # how far a film's first frame is from the image itself


def few_colours(image: OneImage) -> OneImage:
    """Flat patches of six colours, chosen by median cut: as if cut out of paper."""
    flat = to_pictures(image)[0]
    colour = Pillow.fromarray(flat.repeat(3 // flat.shape[2], axis=2))
    cut = np.asarray(colour.quantize(COLOURS, dither=Pillow.Dither.NONE).convert("RGB"))
    return from_pictures(cut[None, :, :, : flat.shape[2]].copy())


EDITS: Mapping[str, Callable[[OneImage], OneImage]] = {
    "as_it_is": lambda image: image,
    "mirrored": lambda image: image.flip(3),
    "halves_swapped": lambda image: image.roll(image.shape[3] // 2, 3),
    "upside_down": lambda image: image.flip(2),
    "few_colours": few_colours,
}


def edited(image: OneImage, edit: str) -> OneImage:
    """The image, rearranged.

    Raises:
        UnknownNameError: if there is no such edit.
    """
    if edit not in EDITS:
        raise UnknownNameError(f"there is no edit {edit!r}. {suggestion(edit, EDITS)}")
    return EDITS[edit](image)


def film(
    dreamer: Dreamer,
    seed: int,
    frames: int,
    *,
    start: int = 0,
    near: float = 0.1,
    calm: float = 0.9,
) -> Image:
    """The image in motion: (frames, c, h, w).

    Args:
        seed: of all noise.
        start: the first scale that moves.
        near: alpha, how strongly each frame is drawn back to the image itself, in [0, 1].
        calm: beta, how much of its direction a movement keeps, in [0, 1].

    Raises:
        InputError: if an argument is out of range.
    """
    for name, value in (("near", near), ("calm", calm)):
        if not 0 <= value <= 1:
            raise InputError(f"{name} is a number from 0 to 1; got {value!r}")
    if frames < 1:
        raise InputError(f"a film has at least one frame; got {frames}")
    walked = [
        _walk(own, drawn, near, calm)
        for own, drawn in zip(dreamer.anchored(), _draws(dreamer, seed, frames), strict=True)
    ]
    return dreamer.noises(walked, start=start)


def _draws(dreamer: Dreamer, seed: int, frames: int) -> list[AnySize]:
    """Every frame's u at each scale, all of one seed: the next seed's film shares nothing."""
    shapes = [tuple(z.shape[1:]) for z in dreamer.anchored()]
    drawn = maps(seed, 1, [(frames * c, h, w) for c, h, w in shapes])
    return [z[0].view(frames, *one) for z, one in zip(drawn, shapes, strict=True)]


def _walk(own: AnySize, u: Image, near: float, calm: float) -> Image:
    """One scale's noise in every frame."""
    before, here = own[0], torch.lerp(own[0], u[0], FIRST_STEP)
    path = [here]
    for step in u[1:]:
        moved = calm * (here - before) + (1 - calm) * step
        before, here = here, torch.lerp(here + moved, own[0], near)
        path.append(here)
    return torch.stack(path)
