"""What several tests of prepared networks need."""

from collections.abc import Iterator
from importlib import import_module

import pytest


@pytest.fixture(scope="module")
def in_float32() -> Iterator[None]:
    """Networks are prepared in float32, whatever the processor is fastest in: tests that compare
    what is painted with the bare network's pictures ask for the right sums, not for exact ones.
    """
    module = import_module("ganzoo.zoo.prepare")
    with pytest.MonkeyPatch.context() as patch:
        for has in ("has_bfloat16", "has_int8"):
            patch.setattr(module, has, lambda *_: False)
        yield
