"""What becomes of the learning rate as the budget is spent."""

import math
from typing import Literal

WARM = 0.05  # share of the budget in which a cosine schedule rises


def factor(schedule: Literal["constant", "linear", "cosine", "inverse"], spent: float) -> float:
    """The learning rate's factor when a share ``spent`` in [0, 1] of the budget is gone.

    ``linear`` stays at 1 for the first half, then falls to 0 (Zhu et al. 2017, Sec. 4);
    ``cosine`` rises from 0, then falls as (1 + cos(pi t)) / 2 (Loshchilov & Hutter 2016);
    ``inverse`` falls as (1 + 10 t)^(-3/4), to a sixth (Ganin et al. 2016, Sec. 5.2).
    """
    spent = min(max(spent, 0.0), 1.0)
    match schedule:
        case "constant":
            return 1.0
        case "linear":
            return min(1.0, 2 * (1 - spent))
        case "cosine":
            if spent < WARM:
                return (spent + 1e-3) / (WARM + 1e-3)
            return (1 + math.cos(math.pi * (spent - WARM) / (1 - WARM))) / 2
        case "inverse":
            return (1 + 10 * spent) ** -0.75
