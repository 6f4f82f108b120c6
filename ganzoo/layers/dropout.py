"""Dropout that can be drawn from a seed, by one caller and nobody else (Srivastava et al. 2014).

    y = x * m / (1 - p),    m ~ Bernoulli(1 - p)

A translator's only noise is its dropout (Isola et al. 2017, arXiv:1611.07004, Sec. 3.2), awake when
it paints. Its network is shared: its mode and the process's luck stay untouched.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import Tensor, nn

_luck: ContextVar[torch.Generator | None] = ContextVar("luck", default=None)


@contextmanager
def drawn(seed: int) -> Iterator[None]:
    """Within, in this thread alone, every :class:`Dropout` is awake and draws from the seed."""
    before = _luck.set(torch.Generator().manual_seed(seed))
    try:
        yield
    finally:
        _luck.reset(before)


def is_drawn() -> bool:
    """Whether dropout is awake here, so that no two passes are alike."""
    return _luck.get() is not None


class Dropout(nn.Dropout):
    """As :class:`torch.nn.Dropout`; and from a seed within :func:`drawn`, alike on all devices."""

    def forward(self, input: Tensor) -> Tensor:
        luck = _luck.get()
        if luck is None:
            return super().forward(input)
        kept = torch.empty_like(input, device="cpu").bernoulli_(1 - self.p, generator=luck)
        return input * kept.div_(1 - self.p).to(input.device)
