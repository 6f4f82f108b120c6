"""A run's state on disk: whose it is, and what may change before it is taken up again."""

import errno
import resource
from dataclasses import replace

import pytest
import torch
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


def test_the_same_images_may_lie_elsewhere_and_be_credited_otherwise(tmp_path):
    mine = "data.name=folder"
    was = tiny("dcgan-mnist", mine, "data.path=here", "data.licence=CC BY 4.0")
    now = tiny("dcgan-mnist", mine, "data.path=there", "data.title=Mine", "data.url=https://x.org")
    assert taken_up(tmp_path, was, now) == {"steps": 7}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("data.flip=true", r"data\.flip was False, is True$"),
        ("data.split=test", r"data\.split was 'train', is 'test'$"),
        ("data.name=folder", r"data\.name was 'digits', is 'folder'$"),
    ],
)
def test_what_is_shown_of_them_may_not_change(tmp_path, change, said):
    with pytest.raises(TrainingError, match=f"a run of another recipe: {said}"):
        taken_up(tmp_path, tiny("dcgan-mnist"), tiny("dcgan-mnist", change))


def test_the_same_images_in_other_classes_are_another_run_where_classes_are_learned(tmp_path):
    data = digits()
    others = replace(data, labels=(data.labels + 1) % 10)
    renamed = replace(data, class_names=data.class_names[::-1])
    plain, told = tiny("dcgan-mnist"), tiny("cgan-mnist")
    for name in ("plain", "told"):
        (tmp_path / name).mkdir()
    state.save(tmp_path / "plain", plain, data, {"steps": 7})
    state.save(tmp_path / "told", told, data, {"steps": 7})
    for other in (others, renamed):
        assert state.load(tmp_path / "plain", plain, other) == {"steps": 7}
        with pytest.raises(TrainingError, match="a run on these images in other classes than dig"):
            state.load(tmp_path / "told", told, other)
    assert state.load(tmp_path / "told", told, data) == {"steps": 7}


def test_a_state_that_does_not_say_its_classes_is_taken_up(tmp_path):
    recipe = tiny("cgan-mnist")
    state.save(tmp_path, recipe, digits(), {"steps": 7})
    content = torch.load(tmp_path / state.STATE, weights_only=True)
    assert content.pop("labels")
    torch.save(content, tmp_path / state.STATE)
    assert state.load(tmp_path, recipe, digits()) == {"steps": 7}


@pytest.fixture
def small_disk():
    """No file may grow beyond 64 KiB: a write fails as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("side", [100, 1000])  # fails as it is closed, and while it is written
def test_a_state_that_finds_no_room_leaves_the_earlier_one(tmp_path, side, small_disk):
    recipe = tiny("dcgan-mnist")
    state.save(tmp_path, recipe, digits(), {"steps": 7})
    with pytest.raises(OSError, match=r"File too large: '.*state\.pt'") as refused:
        state.save(tmp_path, recipe, digits(), {"weights": torch.zeros(2 * side, side)})
    assert refused.value.errno == errno.EFBIG
    assert [path.name for path in tmp_path.iterdir()] == ["state.pt"]
    assert state.load(tmp_path, recipe, digits()) == {"steps": 7}
