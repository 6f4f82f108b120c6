"""A bundle that can be asked for pictures."""

from collections.abc import Sequence
from contextlib import nullcontext
from numbers import Integral
from threading import Lock

import torch
from torch import nn

from ganzoo.architectures import TranslatorOptions
from ganzoo.bundle import Bundle
from ganzoo.errors import BundleError, InputError, UnknownNameError, suggestion
from ganzoo.latents import SEED_LIMIT, latents, truncated
from ganzoo.layers.dropout import Dropout, drawn
from ganzoo.processor import device
from ganzoo.shapes import Image, Labels, Latent, Told, Translation, Verdicts
from ganzoo.zoo._examples import example
from ganzoo.zoo._tiles import padded, tiled
from ganzoo.zoo._told import check, check_latents
from ganzoo.zoo.prepare import Precision, Prepared, prepare

COUNT_LIMIT = 1024  # pictures sampled at once
TILE = 512  # pixels: larger pictures are translated tile by tile
EXAMPLES = 8  # in the batch on which a prepared network is checked; a pair of large pictures
LARGE = 64  # pixels beyond which pictures are large


class Model:
    """A bundle's networks, prepared when first asked for and then shared by everyone.

    Painting and judging use the prepared copies; :meth:`network` builds a bare one to look
    inside, to differentiate or to change. Safe to use from several threads.

    Args:
        precision: of the prepared copies; None: what this processor is fastest in. In float32
            processors of other kinds paint the same picture, but for a rounding.
    """

    def __init__(self, bundle: Bundle, precision: Precision | None = None) -> None:
        self.bundle = bundle
        self._precision: Precision | None = precision
        self._prepared: dict[str, Prepared] = {}
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Model({str(self.bundle.folder)!r})"

    @property
    def z_dim(self) -> int:
        """Width of its latents; 0 if it starts from none."""
        return getattr(self.bundle.recipe.options, "z_dim", 0)

    @property
    def num_classes(self) -> int:
        """How many classes it paints, tells apart or finds; 0 if it knows none."""
        knows = self.bundle.abilities & {"classes", "classify", "segment"}
        return getattr(self.bundle.recipe.options, "num_classes", 0) if knows else 0

    @property
    def class_names(self) -> tuple[str, ...]:
        """What its classes are called, or their numbers; none if it knows none."""
        named = self.bundle.config.classes
        return named if len(named) == self.num_classes else tuple(map(str, range(self.num_classes)))

    @property
    def image_size(self) -> int:
        """Side of its images in pixels."""
        return self.bundle.recipe.data.size

    @property
    def image_channels(self) -> int:
        """1 for grey, 3 for colour; of an imported network that knows no pictures others."""
        return self.bundle.recipe.channels

    def network(self, player: str | None = None) -> nn.Module:
        """A bare network of one's own (the shown one by default): float32, eval, no gradients.

        Raises:
            UnknownNameError: if the bundle holds no such player.
            BundleError: if its weights are missing, were tampered with, or do not fit.
        """
        return self.bundle.network(player)

    def prepared(self, player: str | None = None) -> Prepared:
        """The fast copy that everyone shares: called like the bare network, gives the same.

        Raises:
            As :meth:`network`.
            BundleError: if what it paints is no number: damaged weights, a diverged training.
        """
        player = player or self.bundle.architecture.shown
        with self._lock:
            if player not in self._prepared:
                torch.backends.cudnn.deterministic = True  # the same seed, the same bits
                network = self.network(player).to(device())
                example = self.example(player, self._examples)
                try:
                    self._prepared[player] = prepare(network, *example, precision=self._precision)
                except InputError as error:
                    raise BundleError(f"{self.bundle.folder}: {player}: {error}") from None
            return self._prepared[player]

    @property
    def _examples(self) -> int:
        return EXAMPLES if self.image_size <= LARGE else 2

    def translate(
        self,
        image: Image,
        seed: int | None = None,
        back: bool = False,
        z: Latent | None = None,
    ) -> Translation:
        """Each picture's translation; pictures may have any size.

        Args:
            image: as many channels as it was trained on (``given_channels``), [-1, 1].
            seed: one of several answers, where it has any: of its latent, or else of the dropout
                that it was trained with. None: the latent of seed 0; without latents, no dropout.
            back: the other way round, where it learned both.
            z: one latent for all pictures, instead of a seed's.

        Raises:
            InputError: if it translates no pictures, not this way, or not pictures of so many
                channels.
        """
        options = self.bundle.recipe.options
        if not isinstance(options, TranslatorOptions):
            raise InputError(f"{self.bundle.name} does not translate pictures")
        if image.shape[1] != (channels := self.given_channels(back)):
            raise InputError(
                f"{self.bundle.name} translates pictures of {channels} channels; "
                f"got {image.shape[1]}"
            )
        player = self._translator(back)
        latent = None
        if self.z_dim:
            latent = (self.latents(seed or 0, 1) if z is None else z).expand(len(image), -1)
        noisy = seed is not None and latent is None and self.has_dropout

        def paint(part: torch.Tensor) -> torch.Tensor:
            given = [part.to(device())]
            if latent is not None:
                given.append(latent.to(device()))
            with drawn(seed or 0) if noisy else nullcontext():
                return self.prepared(player)(*given).cpu()

        tile = max(TILE // options.multiple, 1) * options.multiple
        return tiled(image, tile, lambda part: padded(part, options.multiple, paint))

    @property
    def answers(self) -> bool:
        """Whether one picture has several translations."""
        return bool(self.z_dim) or self.has_dropout

    @property
    def has_dropout(self) -> bool:
        """Whether it was trained with dropout as its noise."""
        return "translate" in self.bundle.abilities and any(
            isinstance(module, Dropout) for module in self.prepared().modules()
        )

    def given_channels(self, back: bool = False) -> int:
        """Channels of the pictures that it translates."""
        options = self.bundle.recipe.options
        return getattr(options, "output_channels" if back else "input_channels", 3)

    def _translator(self, back: bool) -> str:
        if not back:
            return self.bundle.architecture.shown
        if "back_generator" not in self.bundle.players:
            raise InputError(f"{self.bundle.name} knows no way back")
        return "back_generator"

    def latents(self, seed: int, count: int, truncation: float | int | None = None) -> Latent:
        """``count`` latents: the one at index ``i`` is named by the seed ``seed + i``.

        Args:
            truncation: the threshold of :func:`ganzoo.latents.truncated`; None: no bound.

        Raises:
            InputError: if seed, count or truncation is out of range, or it does not start from
                latents.
        """
        if not self.z_dim:
            raise InputError(f"{self.bundle.name} does not start from latents")
        z = latents(seed, count, self.z_dim)
        return z if truncation is None else truncated(z, truncation)

    def label(self, name: str | int) -> int:
        """The number of a class, given by name or by number.

        Raises:
            InputError: if it knows no classes, the number is out of range, or it is neither.
            UnknownNameError: if it knows no class of that name.
        """
        names = self.bundle.config.classes
        if not self.num_classes:
            raise InputError(f"{self.bundle.name} knows no classes; got class {name!r}")
        if isinstance(name, bool) or not isinstance(name, str | Integral):
            raise InputError(f"a class is a name or a whole number; got {name!r}")
        if isinstance(name, str) and name in names:
            return names.index(name)
        if isinstance(name, str) and not name.removeprefix("-").isdecimal():
            raise UnknownNameError(
                f"{self.bundle.name} has no class {name!r}. {suggestion(name, names)}"
            )
        if not 0 <= int(name) < self.num_classes:
            raise InputError(f"a class is 0 to {self.num_classes - 1}; got {name}")
        return int(name)

    def labels(self, seed: int, count: int) -> Labels | None:
        """A class for each seed, all in turn (``(seed + i) mod num_classes``); None without."""
        if "classes" not in self.bundle.abilities:
            return None
        return torch.arange(seed, seed + count) % SEED_LIMIT % self.num_classes

    def generate(
        self, z: Latent, y: Told | None = None, truncation: float | int | None = None
    ) -> Image:
        """Images from latents, and from classes where it paints those.

        Args:
            y: labels; or shares among the classes, (b, classes), where it can blend them.
            truncation: of these latents, for a network that keeps statistics for several.

        Raises:
            InputError: if the latents have the wrong width or are no numbers; if classes are
                missing, superfluous or out of range, or shares are not a whole.
        """
        check_latents(z, self.z_dim, self.bundle.name)
        return self._run(self.prepared(), z, y, **self._statistics(truncation)).clamp(-1, 1)

    def sample(
        self,
        seed: int = 0,
        count: int = 16,
        y: Labels | Sequence[int | str] | int | str | None = None,
        truncation: float | int | None = None,
    ) -> Image:
        """Pictures of the seeds ``seed``, ``seed + 1``, …: the same ones every time.

        Args:
            y: a class for each, one class (number or name) for all, or None for each in turn.
            truncation: latents are cut at this threshold: less variety, more quality.

        Raises:
            InputError: if an argument is out of range.
        """
        if isinstance(count, int) and count > COUNT_LIMIT:
            raise InputError(f"at most {COUNT_LIMIT} pictures at once; got {count}")
        z = self.latents(seed, count, truncation)
        if y is None:
            y = self.labels(seed, count)
        elif isinstance(y, int | str):
            y = torch.full((count,), self.label(y))
        elif not isinstance(y, torch.Tensor):
            y = torch.tensor([self.label(one) for one in y], dtype=torch.long)
        return self.generate(z, *self.told(y, count), truncation=truncation)

    def judge(self, image: Image, y: Labels | None = None) -> Verdicts | None:
        """The discriminator's logit for each image (a map's mean); None if it is not at hand, or
        judges other things than images alone.
        """
        if "discriminator" not in self.bundle.players or "sample" not in self.bundle.abilities:
            return None
        logits = self._run(self.prepared("discriminator"), image, y)
        return logits.flatten(1).mean(1) if logits.ndim > 1 else logits

    def _run(
        self, network: nn.Module, given: torch.Tensor, y: Told | None, **settings: float
    ) -> torch.Tensor:
        where = device()
        told = (one.to(where) for one in self.told(y, len(given)))
        return network(given.to(where), *told, **settings).cpu()

    def _statistics(self, truncation: float | int | None) -> dict[str, float]:
        """Which statistics a network with several is to use: those for z in [-2 s, 2 s], s <= 1."""
        several = getattr(self.bundle.recipe.options, "statistics", 1)
        if several == 1 or truncation is None:
            return {}
        return {"truncation": min(max(truncation / 2, 1 / (several - 1)), 1.0)}

    def told(self, y: Told | None, count: int) -> tuple[Told, ...]:
        """What the network is told beside ``count`` latents: classes, checked, or nothing.

        Raises:
            As :meth:`generate`.
        """
        if "classes" not in self.bundle.abilities:
            if y is not None:
                raise InputError(f"{self.bundle.name} knows no classes")
            return ()
        if y is None:
            raise InputError(f"{self.bundle.name} must be told a class for each image")
        blends = "blend" in self.bundle.abilities
        check(y, count, self.num_classes, self.bundle.name, blends)
        return (y,)

    def example(self, player: str, count: int) -> tuple[torch.Tensor, ...]:
        """A batch as that player's network is called with."""
        batch = example(self.bundle, player, count, self.labels(0, count))
        return tuple(one.to(device()) for one in batch)
