"""One attack on one classifier, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from PIL import Image as Pillow

from ganzoo import __version__, images
from ganzoo.attacks import Attacked, AttackOptions, attacks
from ganzoo.attacks import attack as run_attack
from ganzoo.attacks import read as read_attack
from ganzoo.evaluation.robustness_trials import CHUNK
from ganzoo.evaluation.subject import Subject
from ganzoo.explore import fooled
from ganzoo.record import line
from ganzoo.shapes import Labels, Pixels
from ganzoo.shares import wilson

ROWS = 8  # of a sheet


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
        return wilson(self.right, self.out_of)

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
        """Right answers once the attacked pictures were rounded to 8 bits.

        In the maximum norm the rounded ones stay within the radius; a Euclidean length may grow.
        """
        said = [
            fooled.probabilities(self.subject.victim, self._written(part)).argmax(1)
            for part in self.parts
        ]
        return self._right(torch.cat(said))

    def _written(self, part: Attacked) -> Pixels:
        epsilon = self.options.epsilon
        if epsilon is None or self.options.norm != "linf":
            return fooled.eight_bits(part.image)
        return fooled.eight_bits_within(part.image, part.image - part.change, epsilon)

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
        return line(self.protocol())

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
