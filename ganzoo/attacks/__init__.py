"""One file per attack: a small change of a picture that makes a classifier say something else.

Pictures are in [0, 1] here, and so is epsilon, whatever the network itself wants to see; see
:class:`Victim`.
"""

from ganzoo.attacks._base import Attack, AttackOptions, Goal, Norm
from ganzoo.attacks._run import Attacked, attack, attacks, crafted, read
from ganzoo.attacks._victim import Victim, undisturbed

__all__ = [
    "Attack",
    "AttackOptions",
    "Attacked",
    "Goal",
    "Norm",
    "Victim",
    "attack",
    "attacks",
    "crafted",
    "read",
    "undisturbed",
]
