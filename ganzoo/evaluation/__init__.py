"""Metrics with their protocol: who looked, at how many images, from which seeds.

Everything impure about measuring lives here: feature networks and their weights, generators,
files of features. :mod:`ganzoo.metrics` holds the mathematics.
"""

from ganzoo.evaluation.curve import Mark, marks
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.evaluation.plan import Plan, Progress
from ganzoo.evaluation.protocol import alone, between, evaluate
from ganzoo.evaluation.reals import Reals, Yardstick, yardstick
from ganzoo.evaluation.watch import AnyWatch, Watch, watch
from ganzoo.evaluation.watch_held_out import HeldOutWatch

__all__ = [
    "AnyWatch",
    "FeatureNetwork",
    "HeldOutWatch",
    "Mark",
    "Plan",
    "Progress",
    "Reals",
    "Watch",
    "Yardstick",
    "alone",
    "between",
    "evaluate",
    "marks",
    "watch",
    "yardstick",
]
