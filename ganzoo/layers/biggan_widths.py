"""Channels of BigGAN's and BigGAN-deep's maps, by image size (Brock et al. 2018, App. B, Tables 4
to 9), in units of one base width.

Sizes of 32 and 64 pixels are the author's later code's; 16 and 8 are ours.
"""

from collections.abc import Sequence

Widths = tuple[int, ...]

# The generator's: first those of its first map, then those behind each stage.
G_WIDTHS: dict[int, Widths] = {
    8: (4, 4),
    16: (4, 4, 4),
    32: (4, 4, 4, 4),
    64: (16, 16, 8, 4, 2),
    128: (16, 16, 8, 4, 2, 1),
    256: (16, 16, 8, 8, 4, 2, 1),
    512: (16, 16, 8, 8, 4, 2, 1, 1),
}
# The discriminator's: BigGAN's behind each block, BigGAN-deep's before and behind each stage.
D_WIDTHS: dict[int, Widths] = {
    8: (4, 4),
    16: (4, 4, 4),
    32: (4, 4, 4, 4),
    64: (1, 2, 4, 8, 16),
    128: (1, 2, 4, 8, 16, 16),
    256: (1, 2, 4, 8, 8, 16, 16),
    512: (1, 1, 2, 4, 8, 8, 16, 16),
}
HALVINGS = {8: 1, 16: 2, 32: 2, 64: 4, 128: 5, 256: 6, 512: 7}  # the discriminator's


def layout(image_size: int, bottom: int) -> int:
    """The size whose widths a network has: its own, if its first map is 4x4.

    Raises:
        ValueError: if there is none such.
    """
    size = 4 * image_size // bottom
    if 4 * image_size % bottom or size not in G_WIDTHS:
        known = ", ".join(str(size * bottom // 4) for size in G_WIDTHS)
        raise ValueError(f"no BigGAN paints {image_size} pixels; known: {known}")
    return size


def check_places(key: str, places: Sequence[int], blocks: int) -> None:
    """Whether attention stands behind blocks that there are.

    Raises:
        ValueError: naming the first that is not there.
    """
    if absent := [place for place in places if not 0 <= place < blocks]:
        raise ValueError(f"{key}: there is no block {absent[0]}, only 0 to {blocks - 1}")
