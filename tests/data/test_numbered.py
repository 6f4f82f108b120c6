"""Labels as a network numbers its classes."""

from dataclasses import replace

import numpy as np
import pytest
from world import digits

from ganzoo.data import numbered
from ganzoo.errors import DataError

PETS = replace(digits(4), labels=np.array([0, 1, 1, 0]), class_names=("cat", "ship"))
KNOWN = ("airplane", "cat", "dog", "ship")


def test_names_decide_and_not_places():
    found = numbered(PETS, KNOWN, "cnn-pets")
    assert found.labels is not None
    assert found.labels.tolist() == [1, 3, 3, 1]
    assert found.class_names == KNOWN


def test_a_class_that_the_network_does_not_know_is_refused():
    strange = replace(PETS, class_names=("cat", "zebra"))
    with pytest.raises(DataError, match=r"cnn-pets does not know: zebra\. It knows airplane, cat"):
        numbered(strange, KNOWN, "cnn-pets")


@pytest.mark.parametrize(
    ("dataset", "classes"),
    [(PETS, ()), (PETS, ("cat", "ship")), (replace(PETS, class_names=()), KNOWN),
     (replace(PETS, labels=None), KNOWN)],
)  # fmt: skip
def test_without_two_lists_of_names_nothing_changes(dataset, classes):
    assert numbered(dataset, classes, "cnn-pets") is dataset
