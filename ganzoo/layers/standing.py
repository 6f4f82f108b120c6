"""Batch norm whose statistics stand (Brock, Donahue & Simonyan 2018, arXiv:1809.11096, App. C.1).

A running average of batch statistics lags behind the weights, and one network's are not another's:
neither its moving average's, nor those that truncated latents would cause. Standing statistics are
measured afresh: the plain mean of each batch's mean and variance over several passes.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from ganzoo.errors import InputError
from ganzoo.shapes import Image


class TruncatedBatchNorm2d(nn.Module):
    """Mean and variance for ``statistics`` truncations, evenly spaced from 0 to 1.

    Between two truncations they are blended as the public code of BigGAN-deep does it: the
    *lower* one weighs more the nearer the upper one is. Training uses and keeps those of
    truncation 1.
    """

    running_means: Tensor
    running_vars: Tensor

    def __init__(
        self, channels: int, statistics: int, eps: float = 1e-5, affine: bool = True
    ) -> None:
        super().__init__()
        if statistics < 2:
            raise ValueError(f"several truncations are two or more; got {statistics}")
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(channels)) if affine else None
        self.bias = nn.Parameter(torch.zeros(channels)) if affine else None
        self.register_buffer("running_means", torch.zeros(statistics, channels))
        self.register_buffer("running_vars", torch.ones(statistics, channels))

    def forward(self, image: Image, truncation: float | int = 1.0) -> Image:
        if self.training:
            mean, variance = self.running_means[-1], self.running_vars[-1]
        else:
            mean, variance = self.at(truncation)
        return nn.functional.batch_norm(
            image, mean, variance, self.weight, self.bias, self.training, eps=self.eps
        )

    def at(self, truncation: float | int) -> tuple[Float[Tensor, " c"], Float[Tensor, " c"]]:
        """The mean and variance under a truncation.

        Raises:
            InputError: if it is not in (0, 1].
        """
        if not 0 < truncation <= 1:
            raise InputError(f"these statistics are of truncations from 0 to 1; got {truncation!r}")
        share, below = math.modf(truncation / (1.0 / (len(self.running_means) - 1)))
        here = int(below)
        if not share:
            return self.running_means[here], self.running_vars[here]
        return (
            torch.lerp(self.running_means[here + 1], self.running_means[here], share),
            torch.lerp(self.running_vars[here + 1], self.running_vars[here], share),
        )


@torch.no_grad()
def stand(network: nn.Module, passes: Iterable[Callable[[], object]]) -> None:
    """Replaces every batch norm's running statistics by the mean over some training passes.

    Each pass calls the network once; weights stay as they are. Networks without batch norm are
    left alone, and none of the passes is made.
    """
    norms = [module for module in network.modules() if isinstance(module, _BatchNorm)]
    if not norms:
        return
    with _measuring(network, norms):
        for one in passes:
            one()


@contextmanager
def _measuring(network: nn.Module, norms: list[_BatchNorm]) -> Iterator[None]:
    """Batch norms in training mode, that average all batches alike; everything else in eval."""
    modes = {module: module.training for module in network.modules()}
    momenta = {norm: norm.momentum for norm in norms}
    network.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # torch: the plain average of all batches so far
        norm.train()
    try:
        yield
    finally:
        for norm in norms:
            norm.momentum = momenta[norm]
        for module, training in modes.items():
            module.training = training
