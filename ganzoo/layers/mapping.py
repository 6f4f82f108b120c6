"""The mapping network (Karras et al. 2019, arXiv:1812.04948, Sec. 2) and truncation (App. B).

    w = f([unit(z), unit(E y)]),    f = [linear, LeakyReLU] * layers
    psi:  w <- mean(w) + psi (w - mean(w))    in the first ``cutoff`` layers, or in all

Latents fill a ball evenly, the data do not: a learned map may warp the one to the other, so that
styles need not be entangled. The mean style gives the average picture, and near it all is safer.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import one_hot

from ganzoo.layers.activations import Activation, Bend
from ganzoo.layers.equalized import EqualLinear, unit
from ganzoo.layers.processes import mean_of_all
from ganzoo.shapes import Features, Labels, Latent, Style

MEMORY = 0.998  # of the mean style, at each batch

Classes = Labels | Float[Tensor, "b classes"]  # one each, or a share of each


class Perceptron(nn.Module):
    """From a latent, a class, or both, to a vector.

    Args:
        num_classes: 0 if there are none.
        embed: width of a class's embedding.
    """

    def __init__(
        self,
        z_dim: int,
        num_classes: int,
        width: int,
        *,
        layers: int,
        hidden: int | None = None,
        embed: int | None = None,
        rate: float = 0.01,
        activation: Activation = "lrelu",
    ) -> None:
        super().__init__()
        embed = (embed or width) if num_classes else 0
        self.num_classes, self.bend = num_classes, Bend(activation)
        self.embed = EqualLinear(num_classes, embed) if num_classes else None
        widths = [z_dim + embed, *[hidden or width] * (layers - 1), width]
        self.layers = nn.ModuleList(
            EqualLinear(widths[i], widths[i + 1], rate=rate, gain=self.bend.before)
            for i in range(layers)
        )

    def forward(self, z: Latent | None, y: Classes | None) -> Features:
        known = [] if z is None else [unit(z.float())]
        if self.embed is not None and y is not None:
            shares = y if y.is_floating_point() else one_hot(y.long(), self.num_classes)
            known.append(unit(self.embed(shares.float())))
        features = torch.cat(known, 1)
        for layer in self.layers:
            features = self.bend(layer(features))
        return features


class Mapping(Perceptron):
    """``mapping(z, y)`` gives the styles of all layers, which are alike until someone mixes them.

    Attributes:
        mean: the mean style, followed while training.
    """

    mean: Tensor

    def __init__(
        self, z_dim: int, num_classes: int, w_dim: int, styles: int, **rest: object
    ) -> None:
        super().__init__(z_dim, num_classes, w_dim, **rest)  # type: ignore[arg-type]
        self.styles = styles
        self.register_buffer("mean", torch.zeros(w_dim))

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, z: Latent, y: Classes | None = None, psi: float = 1.0, cutoff: int | None = None
    ) -> Style:
        w = super().forward(z, y)
        if self.training:
            with torch.no_grad():
                self.mean.lerp_(mean_of_all(w.mean(0)), 1 - MEMORY)
        return self.truncate(w[:, None].expand(-1, self.styles, -1), psi, cutoff)

    def truncate(self, w: Style, psi: float, cutoff: int | None = None) -> Style:
        """Styles nearer to their mean: a psi of 1 leaves them, 0 is the mean itself."""
        if psi == 1:
            return w
        near = torch.lerp(self.mean, w[:, :cutoff], psi)
        return near if cutoff is None else torch.cat([near, w[:, cutoff:]], 1)
