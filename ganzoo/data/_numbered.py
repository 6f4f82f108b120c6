"""Labels as somebody else numbers them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ganzoo.data._base import Dataset
from ganzoo.errors import DataError, listed


def numbered(dataset: Dataset, classes: Sequence[str], whose: str) -> Dataset:
    """The same images, their labels as ``classes`` numbers those names; as they are if either side
    has no names.

    Args:
        whose: the network's name, for the error.

    Raises:
        DataError: if a class is none of those.
    """
    names, known = dataset.class_names, tuple(classes)
    if dataset.labels is None or not names or not known or names == known:
        return dataset
    if strange := [name for name in names if name not in known]:
        raise DataError(
            f"{dataset.name} has classes that {whose} does not know: {listed(strange)}. "
            f"It knows {listed(known)}"
        )
    places = np.array([known.index(name) for name in names], np.int64)
    return replace(dataset, labels=places[dataset.labels], class_names=known)
