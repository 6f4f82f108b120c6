"""One attack on one classifier: who is attacked, with what, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import torch
from PIL import Image as Pillow

from ganzoo import __version__, images
from ganzoo.attacks import Attacked, AttackOptions, Victim, attacks
from ganzoo.attacks import attack as run_attack
from ganzoo.attacks import read as read_attack
from ganzoo.bundle import MODEL, Bundle
from ganzoo.config import DataChoice
from ganzoo.data import DataRequest, Dataset, read
from ganzoo.errors import InputError, UnknownNameError, suggestion
from ganzoo.evaluation import reals
from ganzoo.evaluation.robustness import interval
from ganzoo.evaluation.robustness_trials import CHUNK, drawn
from ganzoo.explore import fooled, imagenet
from ganzoo.shapes import Labels, Pixels

RADII: Mapping[str, float] = {"mnist": 0.3, "fashion_mnist": 0.1}  # by custom; of the others:
RADIUS = 8 / 255
ROWS = 8  # of a sheet


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
            MetricError: if they are too few, or have no labels.
        """
        if self.dataset is None:
            raise InputError(f"{self.name} knows no pictures of its own: say where, with --data")
        if self.labelled:
            return drawn(self.dataset, count, seed)
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
        DataError: if its pictures are not at hand.
    """
    victim = fooled.victim(bundle)
    choice = bundle.recipe.data
    if data:
        choice = choice.model_copy(update={"path": data})
    dataset, split = _pictures(choice)
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


def options(attack: str, radius: float, given: Mapping[str, Any]) -> AttackOptions:
    """An attack's options: those given; else the usual radius, where it needs one.

    Raises:
        UnknownNameError: if there is no such attack.
        RecipeError: if one is unknown or out of range.
    """
    entry = attacks[attack]
    fallback: dict[str, Any] = {} if entry.minimal else {"epsilon": radius}
    return read_attack(entry, attack, {**fallback, **given})


class Share(NamedTuple):
    """So many of so many."""

    right: int
    out_of: int

    @property
    def value(self) -> float:
        return self.right / self.out_of

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, Wilson's."""
        return interval(self.value, self.out_of)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.1%}  [{low:.1%}, {high:.1%}]"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an attack on many pictures."""

    attack: str
    subject: Subject
    options: AttackOptions
    image: Pixels
    y: Labels
    target: int | None
    crafted_on: str | None
    parts: tuple[Attacked, ...]

    @property
    def title(self) -> str:
        made = f", made for {self.crafted_on}" if self.crafted_on else ""
        return f"{attacks[self.attack].paper.nickname} on {self.subject.name}{made}"

    def before(self) -> Share:
        """Right answers to the clean pictures."""
        said = torch.cat([part.before.argmax(1) for part in self.parts])
        return Share(int((said == self.y).sum()), len(self.y))

    def after(self) -> Share:
        """Right answers to the attacked ones."""
        return self._right(torch.cat([part.after.argmax(1) for part in self.parts]))

    def rounded(self) -> Share:
        """Right answers once the attacked pictures were rounded to 8 bits."""
        said = [
            fooled.probabilities(self.subject.victim, fooled.eight_bits(part.image)).argmax(1)
            for part in self.parts
        ]
        return self._right(torch.cat(said))

    def reached(self) -> Share:
        """Where the target was reached."""
        return Share(sum(int(part.reached.sum()) for part in self.parts), len(self.y))

    def silent(self) -> int:
        """Pictures at which the gradient is zero in every pixel."""
        return sum(int(part.silent.sum()) for part in self.parts)

    def lengths(self) -> tuple[float, float]:
        """The median change, by its largest pixel and by its Euclidean length."""
        linf, l2 = (
            float(torch.cat([part.length(norm) for part in self.parts]).median())
            for norm in ("linf", "l2")
        )
        return linf, l2

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """For a table: what, how much, a remark."""
        word = "named right" if self.subject.labelled else "answers kept"
        yield f"{word}, clean", str(self.before()), "95 %"
        yield f"{word}, attacked", str(self.after()), ""
        yield f"{word}, attacked, rounded to 8 bits", str(self.rounded()), ""
        if self.target is not None:
            yield f"taken for {self.subject.classes[self.target]}", str(self.reached()), ""
        linf, l2 = self.lengths()
        yield "median change, largest pixel", f"{linf:.4f}", f"{linf * 255:.1f}/255"
        yield "median change, Euclidean", f"{l2:.3f}", ""

    def warnings(self) -> Iterator[str]:
        """What must be known to read the numbers right."""
        if silent := self.silent():
            yield (
                f"{silent} of {len(self.y)} pictures have no gradient at all: attacks that follow "
                "it cannot move them. That is no proof of robustness."
            )

    def plain(self) -> dict[str, Any]:
        """Everything, for programs."""
        linf, l2 = self.lengths()
        shares = {"clean": self.before(), "attacked": self.after(), "rounded": self.rounded()}
        if self.target is not None:
            shares["reached"] = self.reached()
        return {
            "classifier": self.subject.name,
            "attack": self.attack,
            **{
                name: {"share": share.value, "interval": list(share.interval)}
                for name, share in shares.items()
            },
            "median_linf": linf,
            "median_l2": l2,
            "silent": self.silent(),
            "protocol": self.protocol(),
        }

    def protocol(self) -> dict[str, Any]:
        """How it was measured."""
        data = self.subject.dataset
        return {
            "n": len(self.y),
            "data": data.name if data else None,
            "split": self.subject.split,
            "data_sha256": data.fingerprint if data else None,
            **self.options.model_dump(mode="json"),
            "target": None if self.target is None else self.subject.classes[self.target],
            "crafted_on": self.crafted_on,
            "network_sha256": self.subject.sha256,
            "precision": "float32",
            "ganzoo": __version__,
            "torch": str(torch.__version__),
        }

    def protocol_line(self) -> str:
        """The same in one line."""
        said = {key: value for key, value in self.protocol().items() if value not in (None, "")}
        return ", ".join(f"{key} {value}" for key, value in said.items())

    def sheet(self) -> Pillow.Image:
        """Picture, change (its largest pixel made full) and sum, row by row."""
        image = self.image[:ROWS]
        change = torch.cat([part.change for part in self.parts])[:ROWS]
        loudest = change.flatten(1).abs().amax(1).clamp_min(1e-12)[:, None, None, None]
        rows = torch.stack([image, change / loudest / 2 + 0.5, image + change], 1).flatten(0, 1)
        return images.to_pillow(images.grid(images.to_pictures(2 * rows - 1), columns=3))

    def _right(self, said: Labels) -> Share:
        return Share(int((said == self.y).sum()), len(self.y))


def run(
    attack: str,
    subject: Subject,
    image: Pixels,
    y: Labels | None,
    *,
    options: AttackOptions,
    target: int | None = None,
    crafted_on: Subject | None = None,
) -> Outcome:
    """Attacks all pictures, a few at a time; a universal change is learned from them all.

    Raises:
        InputError: if the pictures or classes do not fit the network.
    """
    if y is None:
        y = fooled.probabilities(subject.victim, image).argmax(1)
    size = len(image) if attack == "universal" else CHUNK
    parts = tuple(
        run_attack(
            attack,
            subject.victim,
            some,
            labels,
            target=None if target is None else torch.full_like(labels, target),
            crafted_on=crafted_on.victim if crafted_on else None,
            **options.model_dump(),
        )
        for some, labels in zip(image.split(size), y.split(size), strict=True)
    )
    return Outcome(
        attack=attack,
        subject=subject,
        options=options,
        image=image,
        y=y,
        target=target,
        crafted_on=crafted_on.name if crafted_on else None,
        parts=parts,
    )


def _pictures(choice: DataChoice) -> tuple[Dataset, str]:
    """The test split; where a source keeps none apart, what it has."""
    test = reals.test_split(choice)
    return (test, "test") if test is not None else (reals.load(choice), choice.split)
