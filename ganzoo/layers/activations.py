"""Activations by name, and the gains that make up for what they lose.

    out = gain f(x)

Where f(g x) = g f(x) for every g > 0, as of ReLUs, the gain stands in the weights before, where it
costs nothing. Elsewhere it stands behind.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import elu, leaky_relu, relu, selu, silu, softplus

SLOPE = 0.2  # of LeakyReLU below zero
GAIN = math.sqrt(2)  # keeps the size of a signal of which a ReLU loses half

Activation = Literal[
    "lrelu", "relu", "linear", "tanh", "sigmoid", "elu", "selu", "softplus", "swish"
]
Signal = Float[Tensor, "b ..."]
BENT: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": Tensor.tanh,
    "sigmoid": Tensor.sigmoid,
    "elu": elu,
    "selu": selu,
    "softplus": softplus,
    "swish": silu,
}
GAINS = {"lrelu": GAIN, "relu": GAIN, "swish": GAIN}  # of the others: 1


def bend(features: Signal, activation: str, slope: float = SLOPE) -> Signal:
    """The activation of that name.

    Args:
        slope: of LeakyReLU below zero.
    """
    match activation:
        case "lrelu":
            return leaky_relu(features, slope)
        case "relu":
            return relu(features)
        case "linear":
            return features
        case _:
            return BENT[activation](features)


@dataclass(frozen=True)
class Bend:
    """An activation with its gain, times another one, and a bound in the same measure.

    Attributes:
        gain: beside the activation's own.
        bound: of what comes out, before ``gain`` is applied.
    """

    activation: Activation
    gain: float = 1.0
    bound: float | None = None

    @property
    def before(self) -> float:
        """What the layer before multiplies its outputs by."""
        return 1.0 if self.activation in BENT else self._whole

    def __call__(self, features: Signal) -> Signal:
        bent = bend(features, self.activation)
        if self.activation in BENT and self._whole != 1:
            bent = bent * self._whole
        if self.bound is None:
            return bent
        limit = self.bound * self.gain
        return bent.clamp(-limit, limit)

    @property
    def _whole(self) -> float:
        return self.gain * GAINS.get(self.activation, 1.0)
