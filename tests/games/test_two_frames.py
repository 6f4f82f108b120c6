"""Two frames at a time: who is told what, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from world import digits, tiny

from ganzoo.errors import RecipeError
from ganzoo.training import Trainer

RECIPE = tiny("dance-puppets")


def trainer(*changes: str, data=None) -> Trainer:
    return Trainer(tiny("dance-puppets", *changes), data or digits(), cpu=True)


def test_pairs_are_neighbours_in_the_data_set():
    training, data = trainer(), digits()
    rows = Trainer(RECIPE, digits(), cpu=True).batches.__next__().rows
    image, real = training.game._pair()
    assert image.shape == real.shape == (8, 2, 8, 8)
    for pair, pictures in ((image, data.inputs), (real, data.pictures)):
        for row, (before, now) in zip(rows.clip(1), pair, strict=True):
            for frame, at in ((before, row - 1), (now, row)):
                wanted = torch.from_numpy(pictures[at, 0].astype(np.float32)) / 127.5 - 1
                torch.testing.assert_close(frame, wanted)


def test_the_first_frame_stands_for_the_second():
    data = digits(2)
    image, real = trainer(data=data).game._pair()
    assert (image[:1] == image).all()
    torch.testing.assert_close(
        real[0, 1], torch.from_numpy(data.pictures[1, 0] / 127.5 - 1).float()
    )


def test_the_second_frame_is_painted_from_the_first():
    training = trainer()
    painter = training.players["generator"]
    image, _ = training.game._pair()
    with torch.no_grad():
        painted = training.game._paint(image, None)
        first = painter(image[:, :1])
        torch.testing.assert_close(painted[:, :1], first)
        torch.testing.assert_close(painted[:, 1:], painter(image[:, 1:], first))


def test_a_mistake_in_the_second_frame_teaches_the_first():
    training = trainer()
    image, _ = training.game._pair()
    painter, seen = training.players["generator"], []

    def watch(_, __, made):
        made.retain_grad()
        seen.append(made)

    painter.register_forward_hook(watch)
    training.game._paint(image, None)[:, 1:].square().sum().backward()
    assert seen[0].grad.any()


def test_each_player_moves_in_its_own_turn():
    training = trainer()
    assert [turn.player for turn in training.game.turns(0)] == ["generator", "discriminator"]
    terms = training.step()
    assert set(terms) == {"g/l1", "g/adversarial", "g/features", "d/adversarial"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["data.flip=true"], "mirrors nothing"),
        (["game_options.perceptual=1", "game_options.features=0"], "perceptual"),
    ],
)
def test_what_films_cannot_have_is_refused(changes, said):
    with pytest.raises(RecipeError, match=said):
        trainer(*changes)


def test_a_film_needs_frames_in_order():
    loose = replace(digits(), paired=False)
    with pytest.raises(RecipeError, match="needs a film"):
        trainer(data=loose)
    with pytest.raises(RecipeError, match="needs a film"):
        trainer(data=digits(1))


def test_a_painter_without_memory_does_not_dance():
    recipe = tiny("pix2pix-facades", "game=dance", "game_options={}")
    with pytest.raises(RecipeError, match="'pix2pix' is told none"):
        Trainer(recipe, digits(), cpu=True)
