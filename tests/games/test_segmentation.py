"""A segmenter's game."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy
from world import digits, tiny

from ganzoo.errors import RecipeError
from ganzoo.games.segmentation import _weights
from ganzoo.training import Trainer


def player(*changes: str) -> Trainer:
    return Trainer(tiny("unet-facades", "game_options={}", *changes), digits(), cpu=True)


@pytest.mark.parametrize("balance", [0.0, 0.5, 1.0])
def test_the_loss_is_cross_entropy_over_pixels_of_rare_classes_most(balance):
    trainer = player(f"game_options.balance={balance}")
    batch = next(trainer.batches)
    assert batch.classes is not None
    network = trainer.players["segmenter"]
    each = cross_entropy(network(batch.image), batch.classes, reduction="none")
    count = torch.from_numpy(digits().maps).flatten().long().bincount()
    weights = count[batch.classes] ** -balance
    expected = (weights * each).sum() / weights.sum()
    torch.testing.assert_close(trainer.game._terms(batch)["s/cross_entropy"], expected)


def test_with_full_balance_all_classes_weigh_alike():
    maps = np.array([0, 0, 0, 0, 0, 0, 1, 2], np.uint8)[None, :, None].repeat(8, 2)
    data = replace(digits(1), maps=maps)
    weights = _weights(data, 4, 1.0)
    counts = torch.tensor([6.0, 1.0, 1.0])
    torch.testing.assert_close(weights[:3] * counts, torch.full((3,), 8.0))
    assert weights[3] == weights[2]  # nobody saw it: it weighs as the rarest does
    assert _weights(data, 4, 0.0).tolist() == [1, 1, 1, 1]


def test_a_shift_moves_pictures_and_maps_together():
    trainer = player("game_options.shift=3")
    image = torch.rand(8, 1, 8, 8)
    classes = (image[:, 0] * 100).long()
    moved, named = trainer.game._shifted(image, classes)
    torch.testing.assert_close((moved[:, 0] * 100).long(), named)
    assert not torch.equal(moved, image)


def test_a_shift_beyond_the_picture_is_refused():
    with pytest.raises(RecipeError, match="less than the picture's 8 pixels; got 8"):
        Trainer(tiny("cnn-mnist", "game_options.shift=8"), digits(8), cpu=True)
    with pytest.raises(RecipeError, match="less than the picture's 8 pixels; got 8"):
        player("game_options.shift=8")


def test_it_learns_what_can_be_learned():
    trainer = player("kimg=8", "lr=0.01", "schedule=constant", "batch_size=16")
    first = float(trainer.step()["s/cross_entropy"])
    for _ in range(60):
        last = float(trainer.step()["s/cross_entropy"])
    assert last < first / 2


def test_what_has_no_classes_cannot_be_learned_from():
    recipe = tiny("unet-facades")
    with pytest.raises(RecipeError, match="digits does not say it"):
        Trainer(recipe, replace(digits(), maps=None), cpu=True)
    beyond = replace(digits(), maps=np.full((64, 8, 8), 11, np.uint8))
    with pytest.raises(RecipeError, match="pixels of 12 classes; the network knows 10"):
        Trainer(recipe, beyond, cpu=True)
