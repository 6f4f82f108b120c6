"""What an architecture file declares about itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import Field
from torch import nn

from ganzoo.options import Options
from ganzoo.papers import Paper

# segment: it names each pixel's class; dissect: its layers' units can be read and set;
# blend: it paints between classes, told shares of them; truncate: from latents cut at a threshold;
# move: the picture is moved and turned through the network's input; adapt: what it learned in one
# domain is to hold in another; single_image: it knows a single one, and dreams others of the place;
# retarget: it knows a single one, and remakes it at other sizes and shapes; dance: from poses to
# frames, each told the last; invert: from what a classifier knows of a picture at some depth to
# pictures of which it knows the same
Ability = Literal[
    "sample",
    "classes",
    "blend",
    "truncate",
    "style",
    "move",
    "translate",
    "there_and_back",
    "classify",
    "adapt",
    "segment",
    "dissect",
    "single_image",
    "retarget",
    "dance",
    "invert",
]
ABILITIES: tuple[Ability, ...] = get_args(Ability)


Channels = Annotated[
    int,
    Field(ge=1, le=16, description="1 or 3 of pictures; imported networks may have others"),
]


class ImageOptions(Options):
    """What every network that sees images must know."""

    image_size: int = Field(default=64, ge=4, le=1024, description="side in pixels")
    image_channels: Channels = 3


class LatentOptions(ImageOptions):
    """What every generator that starts from a latent must know."""

    z_dim: int = Field(default=100, ge=1, le=4096)


class TranslatorOptions(Options):
    """Of a network from pictures to pictures; both may have any number of channels."""

    image_size: int = Field(
        default=256, ge=4, le=2048, description="side in pixels that it was trained on"
    )
    input_channels: int = Field(
        default=3, ge=1, le=256, description="of the picture that it is given"
    )
    output_channels: int = Field(
        default=3, ge=1, le=256, description="of the picture that it makes"
    )
    z_dim: int = Field(
        default=0, ge=0, le=256, description="latent beside the picture; 0: there is none"
    )

    @property
    def multiple(self) -> int:
        """Sides of a picture must be multiples of this."""
        return 1

    def channels_of(self, player: str) -> int:
        """Channels of the pictures that a player is called with."""
        return self.input_channels


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """One paper's networks, and the smallest instance of them that still works.

    Attributes:
        options: the hyper-parameters; their defaults are the paper's.
        networks: a constructor for each player, by the player's name, from the options. A
            generator is called ``net(z)`` or ``net(z, y)``, one that retargets
            ``net(image, shape)``, a translator ``net(image)`` or ``net(image, z)``; a
            discriminator ``net(image)`` or ``net(image, y)`` and returns logits; a classifier or
            segmenter ``net(image)``, and a domain classifier ``net(features)`` with that
            classifier's features.
        tiny: options small enough for a test to train a step in milliseconds.
        abilities: what may be asked of the shown network; with ``num_classes: 0`` among the
            options, without ``classes`` and ``blend``.
        shown: the player that a bundle is about.
        game: that its players play unless a recipe says otherwise.
        bounded: whether its images cannot leave [-1, 1]; where they can, whoever shows them clips.
    """

    paper: Paper
    options: type[Options]
    networks: Mapping[str, Callable[[Any], nn.Module]]
    tiny: Options
    abilities: frozenset[Ability] = frozenset({"sample"})
    shown: str = "generator"
    game: str = "adversarial"
    bounded: bool = True

    def able(self, options: Options) -> frozenset[Ability]:
        """What may be asked of the shown network that these options build."""
        told = getattr(options, "num_classes", 1)
        return self.abilities if told else self.abilities - {"classes", "blend"}
