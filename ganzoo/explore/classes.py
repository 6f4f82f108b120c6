"""Classes: one latent as every class, and what lies between two classes.

    as every class   x_y = G(z, y),  y = 0, 1, ...
    between classes  x = G(z, (1 - s) e_a + s e_b),  e_y the y-th unit vector

A class-conditional generator looks a class up in a table of embeddings; of shares among classes it
takes the rows' mean, and so paints what no picture of its training was called.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ganzoo.errors import InputError
from ganzoo.shapes import Latent, OneLatent

Shares = Float[Tensor, "n classes"]


def as_every_class(z: OneLatent, num_classes: int) -> tuple[Latent, Int[Tensor, " classes"]]:
    """One latent for each class, and the classes in order."""
    return z.expand(num_classes, -1), torch.arange(num_classes)


def between_classes(first: int, last: int, count: int, num_classes: int) -> Shares:
    """``count`` evenly spaced shares, all ``first`` to begin with, all ``last`` in the end.

    Raises:
        InputError: if the count is below 2, or a class is not there.
    """
    if count < 2:
        raise InputError(f"a way between two classes shows at least 2 pictures; got {count}")
    for y in (first, last):
        if not 0 <= y < num_classes:
            raise InputError(f"a class is 0 to {num_classes - 1}; got {y}")
    ends = torch.eye(num_classes)[[first, last]]
    share = torch.linspace(0, 1, count)[:, None]
    return (1 - share) * ends[:1] + share * ends[1:]


def field(z: Latent, shares: Shares) -> tuple[Float[Tensor, "all z"], Float[Tensor, "all classes"]]:
    """Every latent with every mixture of classes, row by row: latents go down, classes across."""
    rows, columns = len(z), len(shares)
    return z.repeat_interleave(columns, 0), shares.repeat(rows, 1)
