"""Whether an attack survives being seen: the reason for expectation over transformations.

Pictures are attacked once, then looked at through random views (turned, zoomed, moved, lit, noisy),
ever stronger ones. A plain attack is made for one view and loses its hold; EOT's is made for all
of them and keeps it. What the unchanged pictures are taken for under the same views stands beside:
only what is above that was the attack's doing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ganzoo.attacks import Attacked, Victim, attacks
from ganzoo.attacks.eot import EotOptions, scaled, survival
from ganzoo.evaluation import trial

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the views that EOT is made for


@dataclass(frozen=True)
class Seen:
    """The share of views, over all pictures, in which a goal is reached: at each strength.

    Attributes:
        name: of the attack, or of the pictures as they were.
    """

    name: str
    shares: tuple[float, ...]


def seen(
    name: str,
    victim: Victim,
    attacked: Sequence[Attacked],
    options: EotOptions,
    views: int,
    *,
    clean: bool = False,
) -> Seen:
    """How often pictures still reach the goal of their attack when they are looked at.

    Args:
        options: of the views at full strength.
        views: of each picture, at each strength; the same ones for every attack.
        clean: look at the pictures before they were attacked.
    """
    count = sum(len(part.image) for part in attacked)
    shares = []
    for strength in STRENGTHS:
        views_of = scaled(options, strength)
        reached = 0.0
        for part in attacked:
            image = part.image - part.change if clean else part.image
            image = victim.clip(image)
            reached += survival(victim, image, part.goal, views_of, views).sum().item()
        shares.append(round(reached / count, 6))
    return Seen(name, tuple(shares))


def looked_at(outcome: trial.Outcome, views: int) -> tuple[Seen, ...]:
    """How much of an attack survives random views, beside the clean pictures and EOT's.

    EOT gets the same radius and norm, and its own default steps.
    """
    told = outcome.options.model_dump(include={"epsilon", "norm", "seed"})
    if told["epsilon"] is None:  # the attack looked for the smallest change
        told["epsilon"] = outcome.subject.radius
    every = trial.options("eot", outcome.subject.radius, told)
    assert isinstance(every, EotOptions)
    parts = outcome.parts
    found = [
        seen("clean pictures", outcome.subject.victim, parts, every, views, clean=True),
        seen(attacks[outcome.attack].paper.nickname, outcome.subject.victim, parts, every, views),
    ]
    if outcome.attack != "eot":
        made = trial.run(
            "eot", outcome.subject, outcome.image, outcome.y, options=every, target=outcome.target
        )
        found.append(seen("EOT", outcome.subject.victim, made.parts, every, views))
    return tuple(found)
