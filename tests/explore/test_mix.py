"""Styles exchanged layer by layer, and where noise makes a difference."""

import pytest
import torch

from ganzoo.errors import InputError
from ganzoo.explore.mix import deviation, mix, thirds


def test_chosen_layers_are_those_of_b_and_the_others_those_of_a():
    a, b = torch.randn(2, 5, 3), torch.randn(3, 5, 3)
    mixed = mix(a, b, [1, 4]).unflatten(0, (2, 3))
    for i in range(2):
        for j in range(3):
            assert torch.equal(mixed[i, j, [1, 4]], b[j, [1, 4]])
            assert torch.equal(mixed[i, j, [0, 2, 3]], a[i, [0, 2, 3]])


def test_all_layers_of_b_are_b():
    a, b = torch.randn(1, 4, 3), torch.randn(2, 4, 3)
    assert torch.equal(mix(a, b, range(4)), b)


@pytest.mark.parametrize("count", range(3, 35))
def test_every_layer_is_coarse_middle_or_fine(count):
    groups = thirds(count)
    assert [k for layers in groups.values() for k in layers] == list(range(count))
    assert all(groups.values())


@pytest.mark.parametrize(
    ("count", "sizes"), [(3, [1, 1, 1]), (10, [3, 4, 3]), (14, [5, 4, 5]), (18, [6, 6, 6])]
)
def test_each_group_is_a_third_of_the_layers(count, sizes):
    assert [len(layers) for layers in thirds(count).values()] == sizes


@pytest.mark.parametrize(("layers", "said"), [([], "no layer is chosen"), ([0, 5, -1], "5, -1")])
def test_what_is_not_there_cannot_be_mixed(layers, said):
    with pytest.raises(InputError, match=said):
        mix(torch.zeros(1, 4, 2), torch.zeros(1, 4, 2), layers)


def test_a_pixel_between_black_and_white_strays_by_half():
    image = torch.full((4, 3, 2, 2), -1.0)
    image[::2, :, 0, 0] = 1.0
    assert deviation(image).tolist() == [[127.5, 0], [0, 0]]
