"""So many of so many, and how far that share may be off."""

from ganzoo.errors import MetricError


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927): honest near 0 and 1, and for few.

    Raises:
        MetricError: if there is nothing to have a share of.
    """
    from scipy.stats import binomtest  # it takes half a second to load

    if count < 1:
        raise MetricError(f"a share of {count} has no interval: at least one is needed")
    found = binomtest(right, count).proportion_ci(method="wilson")
    return float(found.low), float(found.high)
