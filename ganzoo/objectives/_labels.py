"""One-sided label smoothing (Salimans et al. 2016, arXiv:1606.03498, Sec. 3.4)."""

from torch.nn.functional import softplus

from ganzoo.errors import InputError
from ganzoo.shapes import Logits, Scalar


def soft_reals(real: Logits, smoothing: float) -> Scalar:
    """Cross-entropy of reals with the label 1 - s: lowest at the logit log((1 - s) / s).

    (1 - s) softplus(-l) + s softplus(l)  =  softplus(-l) + s l
    """
    return (softplus(-real) + smoothing * real).mean()


def no_smoothing(objective: str, smoothing: float) -> None:
    """Refuses to soften labels where there are none.

    Raises:
        InputError: if ``smoothing`` is not 0.
    """
    if smoothing:
        raise InputError(
            f"label smoothing softens labels, and {objective} has none; "
            f"got label_smoothing = {smoothing!r}, expected 0"
        )
