"""A model that paints films, asked for one."""

import torch

from ganzoo.architectures.dance import Options
from ganzoo.errors import InputError
from ganzoo.shapes import Image
from ganzoo.zoo.model import Model


class Dancer:
    """What a painter of films makes of poses, by the prepared copy that everyone shares.

    Raises:
        InputError: if the model paints no films.
    """

    def __init__(self, model: Model) -> None:
        options = model.bundle.recipe.options
        if "dance" not in model.bundle.abilities or not isinstance(options, Options):
            raise InputError(f"{model.bundle.name} does not dance")
        self.model, self.options = model, options
        self._fast = model.prepared()

    def film(self, poses: Image, smooth: bool = True) -> Image:
        """A frame for each stick figure, in order.

        Args:
            poses: of the size and channels that it was trained on, [-1, 1].
            smooth: tell it its last frame, as it was trained; else each is painted like a first.

        Raises:
            InputError: if the stick figures have another shape.
        """
        side, channels = self.options.image_size, self.options.input_channels
        if tuple(poses.shape[1:]) != (channels, side, side):
            raise InputError(
                f"{self.model.bundle.name} dances after stick figures of {channels} x {side} x "
                f"{side}; got {' x '.join(map(str, poses.shape[1:]))}"
            )
        device = next(self._fast.parameters()).device
        zeros = torch.zeros(1, self.options.output_channels, side, side, device=device)
        if not smooth:
            still = zeros.expand(len(poses), -1, -1, -1)
            return self._fast(poses.to(device), still).cpu().clamp(-1, 1)
        last, frames = zeros, []
        for pose in poses.to(device).split(1):
            last = self._fast(pose, last)
            frames.append(last.cpu())
        return torch.cat(frames).clamp(-1, 1)
