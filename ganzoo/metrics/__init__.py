"""One file per metric: pure functions of what a feature network saw; no files, no generators.

The network, the counts and the seeds that make a number reproducible are added one layer up, in
:mod:`ganzoo.evaluation`.
"""

from ganzoo.metrics._base import Better, Estimate, Estimates, Metric, Probabilities, Probe, Sample
from ganzoo.metrics._moments import Gaussian, Moments
from ganzoo.registry import Folder

metrics: Folder[Metric] = Folder(__name__, Metric)

__all__ = [
    "Better",
    "Estimate",
    "Estimates",
    "Gaussian",
    "Metric",
    "Moments",
    "Probabilities",
    "Probe",
    "Sample",
    "metrics",
]
