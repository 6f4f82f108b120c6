"""The interval of a share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzoo.errors import MetricError
from ganzoo.shares import wilson


@given(st.integers(0, 50), st.integers(1, 8))
def test_it_holds_the_share_and_narrows(part, times):
    low, high = wilson(part * times, 50 * times)
    assert 0 <= low <= part / 50 <= high <= 1
    wider = wilson(part, 50)
    assert wider[1] - wider[0] >= high - low - 1e-12


def test_it_is_wilsons():
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=2e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=2e-4)
    with pytest.raises(MetricError, match="share of 0"):
        wilson(0, 0)
