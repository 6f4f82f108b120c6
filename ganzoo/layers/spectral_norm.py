"""Spectral normalisation (Miyato, Kataoka, Koyama & Yoshida 2018, arXiv:1802.05957, Eq. 8).

    W_SN = W / sigma(W),   sigma(W) = max |W h| / |h|  ~  u . W v

``u`` and ``v`` are the leading singular vectors, followed by power iteration (Algorithm 1): one
round per forward pass in training, because W moves little between steps; none in eval mode.
A moving average of networks has singular vectors of its own: :func:`follow` finds them.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils import parametrize

Matrix = Float[Tensor, "rows columns"]
EAGER_ROUNDS = 15  # at the start, when u and v are random
LAYERS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d, nn.Embedding)


def _drawn(matrix: Tensor, axis: int) -> Tensor:
    return matrix.new_empty(matrix.shape[axis]).normal_()


class SpectralNorm(nn.Module):
    """The parametrisation: maps a layer's free weight to the weight that it uses.

    Args:
        axis: the weight's axis of output channels; all others together are the input.
        eps: keeps vectors of length zero finite.
    """

    u: Tensor
    v: Tensor

    def __init__(self, weight: Tensor, axis: int = 0, eps: float = 1e-12) -> None:
        super().__init__()
        self.axis, self.eps = axis, eps
        matrix = self._matrix(weight.detach())
        self.register_buffer("u", _drawn(matrix, 0))
        self.register_buffer("v", _drawn(matrix, 1))
        if not weight.is_meta:
            self.u, self.v = self._unit(self.u), self._unit(self.v)
            self._iterate(matrix, EAGER_ROUNDS)

    def forward(self, weight: Tensor) -> Tensor:
        if weight.is_meta:  # only shapes are asked for
            return weight
        with torch.autocast(weight.device.type, enabled=False):  # sigma needs its digits
            matrix = self._matrix(weight)
            if self.training:
                self._iterate(matrix.detach(), 1)
            # Copies: the next forward pass moves u and v, and this one's backward needs its own.
            sigma = torch.dot(self.u.clone(), matrix @ self.v.clone())
            return weight / sigma

    @torch.no_grad()
    def follow(self, weight: Tensor, rounds: int = 1) -> None:
        """Turns ``u`` and ``v`` towards the singular vectors of a weight changed from outside."""
        self._iterate(self._matrix(weight), rounds)

    def right_inverse(self, weight: Tensor) -> Tensor:
        """Lets a weight be assigned: it becomes the free one."""
        return weight

    @torch.no_grad()
    def _iterate(self, matrix: Matrix, rounds: int) -> None:
        for _ in range(0 if matrix.is_meta else rounds):
            self.v.copy_(self._unit(matrix.mT @ self.u))
            self.u.copy_(self._unit(matrix @ self.v))

    def _matrix(self, weight: Tensor) -> Matrix:
        return weight.movedim(self.axis, 0).flatten(1)

    def _unit(self, vector: Tensor) -> Tensor:
        return nn.functional.normalize(vector, dim=0, eps=self.eps)


def spectral_norm(layer: nn.Module) -> nn.Module:
    """Normalises one linear, convolutional or embedding layer's weight, in place; returns it."""
    if not isinstance(layer, LAYERS):
        raise TypeError(
            f"spectral norm is for linear, convolutional and embedding layers; got {layer!r}"
        )
    axis = 1 if isinstance(layer, nn.ConvTranspose2d) else 0
    parametrization = SpectralNorm(layer.weight, axis)
    parametrize.register_parametrization(layer, "weight", parametrization)
    return layer


def spectral_norm_everywhere(network: nn.Module) -> nn.Module:
    """Normalises every layer of a network that has a matrix, in place, and returns it.

    Call it once the weights have their initial values.
    """
    for layer in [m for m in network.modules() if isinstance(m, LAYERS)]:
        spectral_norm(layer)
    return network


def follow(network: nn.Module, rounds: int = 1) -> None:
    """Lets every spectral norm of a network catch up with weights that were set from outside.

    The mean of unit vectors is shorter than they are, so sigma of blended weights would come out
    too small, and the layers too strong.
    """
    for module in network.modules():
        if isinstance(module, parametrize.ParametrizationList):
            for norm in module:
                if isinstance(norm, SpectralNorm):
                    norm.follow(module.original, rounds)
