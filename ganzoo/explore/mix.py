"""Style mixing (Karras et al. 2019, arXiv:1812.04948, Sec. 3.1 and Fig. 3).

    w[l] = w_B[l] for the layers l that are chosen,    w_A[l] for the others

Coarse layers decide what a thing is and where it stands, fine ones how it is coloured; that they
can be exchanged shows that each layer means something by itself.

Coarse, middle and fine are each a third of the layers here, whatever the pictures' size. For
pictures of 1024 pixels, the paper's are those up to 8x8, 16x16 to 32x32, and the rest.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import InputError
from ganzoo.shapes import Image, Style

GROUPS = ("coarse", "middle", "fine")
Columns = Float[Tensor, "columns layers style"]
Mixed = Float[Tensor, "all layers style"]


def thirds(count: int) -> dict[str, tuple[int, ...]]:
    """The layers of each group, of ``count`` layers; every group has one, if there are three."""
    first, second = max(1, round(count / 3)), max(2, round(2 * count / 3))
    layers = tuple(range(count))
    groups = layers[:first], layers[first:second], layers[second:]
    return dict(zip(GROUPS, groups, strict=True))


def mix(a: Style, b: Columns, layers: Sequence[int]) -> Mixed:
    """Each style of A with the chosen layers of each of B: a row for each of A.

    Raises:
        InputError: if no layer is chosen, or one that is not there.
    """
    check_layers(layers, a.shape[1])
    chosen = torch.zeros(a.shape[1], dtype=torch.bool)
    chosen[list(layers)] = True
    rows, columns = a.repeat_interleave(len(b), 0), b.repeat(len(a), 1, 1)
    return torch.where(chosen[:, None], columns, rows)


def check_layers(layers: Sequence[int], count: int) -> None:
    """Refuses an empty choice, and layers that are not there.

    Raises:
        InputError: quoting what was received.
    """
    if len(layers) == 0:
        raise InputError(f"no layer is chosen: at least one of the {count} must come from B")
    if wrong := [one for one in layers if not 0 <= one < count]:
        raise InputError(f"a layer is 0 to {count - 1}; got {', '.join(map(str, wrong))}")


def deviation(image: Image) -> Float[Tensor, "h w"]:
    """How far each pixel strays among pictures, in grey levels of 255 (Karras 2019, Fig. 4c)."""
    return image.std(0, unbiased=False).mean(0) * 127.5
