"""What a metric may look at, and what it declares about itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import MetricError
from ganzoo.latents import SEED_LIMIT
from ganzoo.papers import Paper
from ganzoo.shapes import Features, Image

Better = Literal["lower", "higher"]
Probabilities: TypeAlias = Float[Tensor, "b k"]  # each row sums to 1


class Estimate(NamedTuple):
    """A value, and how sure it is.

    Attributes:
        deviation: the value's standard error; over ``splits``, whose mean it is, theirs.
        over: what the deviation is over.
        parts: how many of those there are; None if they are not counted.
    """

    value: float
    deviation: float | None = None
    over: str = "parts of the sample"
    parts: int | None = None


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One side of a comparison: images, real or generated, as one network saw them.

    Attributes:
        seen_by: name and hash of the network; samples seen by different ones never meet.
        probabilities: of the classes, where the network is a classifier.
        sharpness: of each image, from :func:`ganzoo.metrics.sharpness.sharpness`.

    Raises:
        MetricError: if there are fewer than two images, a number is not finite, or every image
            looks the same.
    """

    seen_by: str
    features: Features
    probabilities: Probabilities | None = None
    sharpness: Float[Tensor, " b"] | None = None

    def __post_init__(self) -> None:
        if len(self) < 2:
            raise MetricError(f"a metric needs at least 2 images; got {len(self)}")
        for what in ("features", "probabilities", "sharpness"):
            values = getattr(self, what)
            if values is not None and not values.isfinite().all():
                raise MetricError(f"{what} of some images are not finite (NaN or infinite)")
        if bool((self.features == self.features[0]).all()):
            raise MetricError(f"all {len(self)} images look the same to {self.seen_by}")

    def __len__(self) -> int:
        return len(self.features)

    def half(self, which: int) -> "Sample":
        """The first or the second half of the images; of an odd number one is left out."""
        wide = len(self) // 2
        rows = slice(which * wide, (which + 1) * wide)
        return replace(
            self,
            features=self.features[rows],
            probabilities=None if self.probabilities is None else self.probabilities[rows],
            sharpness=None if self.sharpness is None else self.sharpness[rows],
        )


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A generator that can be asked for images anywhere in a space of codes, and a network's eye.

    Attributes:
        space: ``w`` for styles, where straight lines are walked; ``z`` for latents, where arcs are.
        draw: random codes, one per image, the same for the same seed.
        far: codes of seeds so far apart have nothing in common but their classes.
        render: the images of codes.
        features: what the network sees in images.
        move: the images of codes from an input moved by inverse transforms, in widths of the
            image; None where the input cannot be moved.
    """

    space: Literal["w", "z"]
    draw: Callable[[int, int], Tensor]
    render: Callable[[Tensor], Image]
    features: Callable[[Image], Features]
    move: Callable[[Tensor, Float[Tensor, "b 3 3"]], Image] | None = None
    far: int = SEED_LIMIT // 2


Estimates = Mapping[str, Estimate]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A way to judge generated images.

    Attributes:
        yields: the name of each number it may give, and which way is better.
        words: what each of those numbers is called in plain English.
        explains: other numbers it gives, which say more about these: they belong in the protocol.
        measure: from the real sample and the generated one to those numbers
            (``measure_pairs``: where real ``i`` and fake ``i`` belong together, if it matters); or
        probe: from a generator, a count and a seed to those numbers; or
        compare: from translations and the pictures wanted in their place to one number for each.
        needs_classes: whether the network must also give class probabilities.
        uses_network: whether the network's eye matters, and so belongs in the score's name.
        moves: whether it moves a generator's input.
        patches: whether a sample is one picture, and its features those of its patches.
        protocol: what never changes about how it is measured, beyond what the plan says
            (``protocol_of_pairs``: what pairs change).
    """

    paper: Paper
    yields: Mapping[str, Better]
    words: Mapping[str, str]
    explains: tuple[str, ...] = ()
    measure: Callable[[Sample, Sample], Estimates] | None = None
    measure_pairs: Callable[[Sample, Sample], Estimates] | None = None
    probe: Callable[[Probe, int, int], Estimates] | None = None
    compare: Callable[[Image, Image], Float[Tensor, " b"]] | None = None
    needs_classes: bool = False
    uses_network: bool = True
    moves: bool = False
    patches: bool = False
    protocol: Mapping[str, str | int | float] = field(default_factory=dict)
    protocol_of_pairs: Mapping[str, str | int | float] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """Whether a generator is all that it needs: no real images, and nobody's eye."""
        return self.probe is not None and not self.uses_network

    def of_pairs(self) -> "Metric":
        """The same, for samples of which real ``i`` and fake ``i`` belong together."""
        if self.measure_pairs is None:
            return self
        protocol = {**self.protocol, **self.protocol_of_pairs}
        return replace(self, measure=self.measure_pairs, protocol=protocol)

    def score(self, real: Sample, fake: Sample) -> Estimates:
        """Measures, after making sure that both sides can be compared.

        Raises:
            MetricError: if two networks saw them, or the samples do not suffice.
        """
        if self.measure is None:
            judged = (
                "pairs of images, not samples" if self.compare else "a generator, not its images"
            )
            raise MetricError(f"{', '.join(self.yields)}: judges {judged}")
        if real.seen_by != fake.seen_by:
            raise MetricError(
                f"features of {real.seen_by} cannot be compared with features of {fake.seen_by}"
            )
        if self.needs_classes and (real.probabilities is None or fake.probabilities is None):
            raise MetricError(
                f"{', '.join(self.yields)}: needs a classifier, and {real.seen_by} is none"
            )
        return self.measure(real, fake)


def classes_of(sample: Sample) -> Probabilities:
    """The class probabilities of a sample that is known to have them."""
    if sample.probabilities is None:
        raise MetricError(f"{sample.seen_by} gives no class probabilities")
    return sample.probabilities


def mean_and_error(values: list[float]) -> Estimate:
    """The mean of independent estimates, one for each block, and that mean's standard error."""
    column = torch.tensor(values, dtype=torch.float64)
    if len(values) < 2:
        return Estimate(float(column.mean()))
    error = float(column.std() / len(values) ** 0.5)
    return Estimate(float(column.mean()), error, "blocks", len(values))
