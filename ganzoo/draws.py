"""Random numbers of a training round: the same however many processes share the batch."""

import torch
from torch import Tensor, distributed


class Draws:
    """Draws for a whole batch, and hands this process its share of it.

    Every process keeps the same generator and draws the same numbers; process ``rank`` of
    ``world`` keeps every ``world``-th row, just as it keeps every ``world``-th image. So two
    processes of 32 images see what one process of 64 sees.
    """

    def __init__(
        self, seed: int, device: torch.device | str = "cpu", rank: int = 0, world: int = 1
    ) -> None:
        self.generator = torch.Generator().manual_seed(seed)  # on the CPU: alike on every device
        self.device, self.rank, self.world = torch.device(device), rank, world

    def normal(self, share: int, *shape: int) -> Tensor:
        """Rows from N(0, I): (share, *shape)."""
        return self._share(torch.randn(share * self.world, *shape, generator=self.generator))

    def uniform(self, share: int, *shape: int) -> Tensor:
        """Rows from U[0, 1): (share, *shape)."""
        return self._share(torch.rand(share * self.world, *shape, generator=self.generator))

    def integers(self, share: int, limit: int) -> Tensor:
        """Whole numbers from 0 up to, but not including, ``limit``: (share,)."""
        drawn = torch.randint(limit, (share * self.world,), generator=self.generator)
        return self._share(drawn)

    def gathered(self, share: Tensor) -> Tensor:
        """All rows of a batch of which every process holds its share."""
        if self.world == 1:
            return share
        share = share.contiguous()  # the parts must lie in memory as it does
        parts = [torch.empty_like(share) for _ in range(self.world)]
        distributed.all_gather(parts, share)
        return torch.stack(parts, 1).flatten(0, 1)

    def _share(self, drawn: Tensor) -> Tensor:
        return drawn[self.rank :: self.world].to(self.device, non_blocking=True)
