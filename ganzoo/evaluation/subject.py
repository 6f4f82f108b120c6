"""Who is attacked: a classifier, its classes, and the pictures it is attacked on."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from pathlib import Path

import torch

from ganzoo import images
from ganzoo.attacks import Victim
from ganzoo.bundle import MODEL, Bundle
from ganzoo.choices import DataChoice
from ganzoo.data import DataRequest, Dataset, numbered, read
from ganzoo.errors import InputError, MetricError, UnknownNameError, suggestion
from ganzoo.evaluation import reals
from ganzoo.evaluation.robustness_trials import drawn
from ganzoo.explore import fooled, imagenet
from ganzoo.shapes import Labels, Pixels

RADII: Mapping[str, float] = {"mnist": 0.3, "fashion_mnist": 0.1}  # by custom; of the others:
RADIUS = 8 / 255


def usual(data: str) -> float:
    """The radius at which robustness is usually told for a data set, in the maximum norm."""
    return RADII.get(data, RADIUS)


def radius(text: str) -> float:
    """A radius as people write it: ``0.03`` or ``8/255``.

    Raises:
        InputError: if it is no number, or below 0.
    """
    try:
        value = float(Fraction(text.replace(" ", "")))
    except (ValueError, ZeroDivisionError, OverflowError):
        raise InputError(f"epsilon is a number such as 0.03 or 8/255; got {text!r}") from None
    if value < 0 or not isfinite(value):
        raise InputError(f"epsilon is 0 or more; got {text!r}")
    return value


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A classifier under attack, its classes, and the pictures it is attacked on.

    Attributes:
        labelled: whether the pictures' classes are the network's; if not, its own answers count.
    """

    name: str
    victim: Victim
    classes: tuple[str, ...]
    sha256: str
    dataset: Dataset | None
    split: str
    radius: float
    labelled: bool = True

    def drawn(self, count: int, seed: int) -> tuple[Pixels, Labels | None]:
        """Pictures in [0, 1], and their classes where they are known.

        Raises:
            InputError: if it has no pictures.
            MetricError: if ``count`` is below 1 or, of labelled ones, above how many there are, or
                if they should have labels and have none.
        """
        if self.dataset is None:
            raise InputError(f"{self.name} knows no pictures of its own: say where, with --data")
        if self.labelled:
            return drawn(self.dataset, count, seed)
        if count < 1:
            raise MetricError(f"at least one picture is attacked; got {count}")
        rows = torch.arange(min(count, len(self.dataset))).numpy()
        name = self.name.removeprefix(imagenet.PREFIX)
        pictures = images.to_pictures(self.dataset.images(rows))
        return torch.cat([imagenet.prepared(name, one) for one in pictures]), None

    def label(self, name: str) -> int:
        """The number of a class, given by name or by number.

        Raises:
            UnknownNameError: if it knows no class of that name.
            InputError: if the number is out of range.
        """
        if name in self.classes:
            return self.classes.index(name)
        if not name.removeprefix("-").isdecimal():
            raise UnknownNameError(
                f"{self.name} has no class {name!r}. {suggestion(name, self.classes)}"
            )
        if not 0 <= int(name) < self.victim.num_classes:
            raise InputError(f"a class is 0 to {self.victim.num_classes - 1}; got {name}")
        return int(name)


def of_bundle(bundle: Bundle, data: str | None = None) -> Subject:
    """A classifier's bundle with the test split of what it learned from, or other pictures.

    Raises:
        InputError: if it is no classifier.
        DataError: if its pictures are not at hand, or of classes that it does not know.
    """
    victim = fooled.victim(bundle)
    choice = bundle.recipe.data
    if data:
        choice = choice.model_copy(update={"path": data})
    dataset, split = _pictures(choice)
    dataset = numbered(dataset, bundle.config.classes, bundle.name)
    return Subject(
        name=bundle.name,
        victim=victim,
        classes=tuple(fooled.named(bundle.config.classes, victim.num_classes)),
        sha256=bundle.config.sha256[MODEL],
        dataset=dataset,
        split=split,
        radius=usual(bundle.recipe.data.name),
    )


def of_imagenet(name: str, data: str | None = None) -> Subject:
    """A network of torchvision with a folder of anyone's pictures.

    Raises:
        As :func:`ganzoo.explore.imagenet.imagenet`.
    """
    victim = imagenet.imagenet(name)
    dataset = None
    if data:
        dataset = read(Path(data), DataRequest(size=imagenet.resized(name), channels=3))
    return Subject(
        name=f"{imagenet.PREFIX}{name}",
        victim=victim,
        classes=imagenet.classes(name),
        sha256="",
        dataset=dataset,
        split="given",
        radius=RADIUS,
        labelled=False,
    )


def _pictures(choice: DataChoice) -> tuple[Dataset, str]:
    """The test split; where a source keeps none apart, what it has."""
    test = reals.test_split(choice)
    return (test, "test") if test is not None else (reals.load(choice), choice.split)
