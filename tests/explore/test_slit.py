"""One column of many pictures."""

import torch

from ganzoo.explore.slit import slit


def test_a_slit_shows_one_column_after_the_other():
    image = torch.randn(5, 3, 4, 6)
    seen = slit(image)
    assert seen.shape == (1, 3, 4, 5)
    assert torch.equal(seen[0, :, :, 2], image[2, :, :, 3])
    assert torch.equal(slit(image, 0)[0, :, :, 4], image[4, :, :, 0])
