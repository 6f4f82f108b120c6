"""A run's state on disk: whose it is, and what may change before it is taken up again."""

import pytest
from world import digits, tiny

from ganzoo.errors import TrainingError
from ganzoo.training import state


def taken_up(folder, was, now):
    """A state of one recipe, loaded for another."""
    state.save(folder, was, digits(), {"steps": 7})
    return state.load(folder, now, digits())


def test_a_longer_budget_or_an_augmentation_that_adapts_faster_is_the_same_run(tmp_path):
    slow = tiny("dcgan-mnist", "augment={name: ada}")
    fast = tiny("dcgan-mnist", "augment={name: ada, options: {kimg: 100}}", "kimg=1")
    assert taken_up(tmp_path, slow, fast) == {"steps": 7}


def test_another_augmentation_is_another_recipe(tmp_path):
    ada = tiny("dcgan-mnist", "augment={name: ada}")
    with pytest.raises(TrainingError, match=r"augment was \{'name': 'ada'.*, is None$"):
        taken_up(tmp_path, ada, tiny("dcgan-mnist"))
    with pytest.raises(TrainingError, match=r"augment\.name was 'ada', is 'diffaugment'"):
        taken_up(tmp_path, ada, tiny("dcgan-mnist", "augment={name: diffaugment}"))


def test_what_differs_is_told_by_itself(tmp_path):
    narrow, wide = (tiny("dcgan-mnist", f"options.base_channels={width}") for width in (8, 16))
    with pytest.raises(
        TrainingError, match=r"another recipe: options\.base_channels was 8, is 16$"
    ):
        taken_up(tmp_path, narrow, wide)
