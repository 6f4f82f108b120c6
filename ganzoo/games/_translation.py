"""What the games of translators share: conditional judges, jitter, sheets of held-out inputs."""

from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from ganzoo.data import Batch
from ganzoo.draws import Draws
from ganzoo.errors import RecipeError
from ganzoo.games import Match
from ganzoo.latents import latents
from ganzoo.objectives import Objective
from ganzoo.shapes import Scalar

VGG = "vgg19-dcbb9e9d.pth"  # as torchvision names it
EYE_LAYERS = {1: 1 / 32, 6: 1 / 16, 11: 1 / 8, 20: 1 / 4, 29: 1.0}  # and their weights
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))

Verdict = Tensor | list[Tensor]  # a map of logits, or one for each scale


def check_sides(match: Match) -> None:
    """Whether the painters can halve the pictures as often as they do.

    Raises:
        RecipeError: if not, saying of what a side is a multiple.
    """
    multiple: int = getattr(match.recipe.options, "multiple", 1)
    if match.recipe.data.size % multiple:
        raise RecipeError(
            f"these options halve pictures whose side is a multiple of {multiple}; "
            f"got data.size = {match.recipe.data.size}"
        )


def given(batch: Batch, game: str) -> Tensor:
    """The pictures to translate.

    Raises:
        RecipeError: if the data set has none.
    """
    if batch.input is None:
        raise RecipeError(f"the {game} game needs pictures to translate; the data set has none")
    return batch.input


def d_loss(objective: Objective, real: Verdict, fake: Verdict) -> Scalar:
    """The judges' loss, averaged over scales."""
    pairs = list(zip(scales(real), scales(fake), strict=True))
    losses = [objective.d_loss(ours.float(), theirs.float()) for ours, theirs in pairs]
    return torch.stack(losses).mean()


def g_loss(objective: Objective, fake: Verdict) -> Scalar:
    """The painter's loss, averaged over scales."""
    return torch.stack([objective.g_loss(logits.float()) for logits in scales(fake)]).mean()


def scales(verdict: Verdict) -> list[Tensor]:
    """The maps of logits, however many there are."""
    return verdict if isinstance(verdict, list) else [verdict]


def jitter(draws: Draws, reach: int, *pictures: Tensor) -> tuple[Tensor, ...]:
    """Enlarges by ``reach`` pixels and cuts back at random: the same place in all (Sec. 6.2)."""
    if not reach:
        return pictures
    count, _, height, width = pictures[0].shape
    top, left = draws.integers(count, reach + 1).tolist(), draws.integers(count, reach + 1).tolist()
    larger = (
        interpolate(one, (height + reach, width + reach), mode="bilinear", align_corners=False)
        for one in pictures
    )
    return tuple(
        torch.stack(
            [
                one[i, :, y : y + height, x : x + width]
                for i, (y, x) in enumerate(zip(top, left, strict=True))
            ]
        ).contiguous(memory_format=torch.channels_last)
        for one in larger
    )


def translate(network: nn.Module, image: Tensor, z: Tensor | None = None) -> Tensor:
    """A picture's translation; latents go along where the network has any."""
    return network(image) if z is None else network(image, z)


def sheet(match: Match, shown: nn.Module) -> Tensor | None:
    """The translations of held-out inputs: never the inputs themselves, which are others' work."""
    glimpse = match.batches.dataset.held_out
    if glimpse is None or glimpse.inputs is None:
        return None
    z_dim = getattr(match.recipe.options, "z_dim", 0)
    device = match.draws.device
    image = glimpse.images(slice(None), device, inputs=True)
    z = latents(0, len(image), z_dim).to(device) if z_dim else None
    return translate(shown, image, z)


def eye(device: torch.device) -> "Eye":
    """VGG's features, if its weights are at hand.

    Raises:
        RecipeError: saying where they are looked for.
    """
    path = Path(torch.hub.get_dir()) / "checkpoints" / VGG
    if not path.is_file():
        raise RecipeError(
            f"game_options.perceptual needs the weights of VGG-19, and '{path}' is not there: "
            "download them with torchvision, or set perceptual to 0"
        )
    from torchvision.models import vgg19  # slow to import, and rarely wanted

    network = vgg19()
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return Eye(network.features.eval().requires_grad_(False).to(device))


class Eye:
    """The distance of two pictures in VGG's features (Johnson et al. 2016; Wang et al. 2017).

    sum_i weight_i * E|VGG_i(fake) - VGG_i(real)|,   after the first ReLU of each of five blocks
    """

    def __init__(self, features: nn.Module) -> None:
        self.features = features

    def __call__(self, fake: Tensor, real: Tensor) -> Scalar:
        with torch.no_grad():
            wanted = self._look(real)
        pairs = zip(EYE_LAYERS.values(), self._look(fake), wanted, strict=True)
        return torch.stack([w * (a - b).abs().mean() for w, a, b in pairs]).sum()

    def _look(self, image: Tensor) -> list[Tensor]:
        mean, deviation = (image.new_tensor(one).view(1, 3, 1, 1) for one in IMAGENET)
        features = ((image.expand(-1, 3, -1, -1) + 1) / 2 - mean) / deviation
        seen = []
        for place, layer in enumerate(cast(nn.Sequential, self.features)):
            features = layer(features)
            if place in EYE_LAYERS:
                seen.append(features.float())
        return seen
