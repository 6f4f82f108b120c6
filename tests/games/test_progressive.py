"""Growing: when each size comes, and that what has grown stays grown."""

import pytest
import torch
from world import digits, tiny

from ganzoo.errors import RecipeError
from ganzoo.games.progressive import Progressive
from ganzoo.layers.growing import faded, grown
from ganzoo.training import Start, Trainer, fit

BUDGET = "kimg=0.16"  # 20 steps of 8 images, of which 16 grow from 4x4 to 8x8


def trainer(*changes: str) -> Trainer:
    recipe = tiny("progan-fashion", BUDGET, "game_options.start=4", "game_options.grown=0.8")
    recipe = recipe.model_copy(update={"kimg": float(changes[0])}) if changes else recipe
    return Trainer(recipe, digits(), cpu=True)


def level(trainer: Trainer) -> float:
    assert isinstance(trainer.game, Progressive)
    return trainer.game.level


def test_half_of_growing_is_stable_and_half_fades():
    training = trainer()
    levels, told = [], []
    for _ in range(20):
        training.step()
        levels.append(level(training))
        told.append(training.game.gauges(training.steps))
    assert levels[:9] == [0.0] * 9
    assert levels[9:17] == pytest.approx([k / 8 for k in range(1, 9)])
    assert levels[17:] == [1.0] * 3
    assert told[:9] == [{"side": 4, "alpha": 1}] * 9
    assert told[9:17] == [{"side": 8, "alpha": pytest.approx(k / 8)} for k in range(1, 9)]
    assert {grown(player) for player in training.players.values()} == {1.0}
    assert grown(training.shown) == 1.0


@pytest.mark.parametrize("level", [0.0, 0.25, 1.0])
def test_reals_are_as_coarse_as_what_is_painted(level):
    image = torch.randn(2, 1, 8, 8)
    squares = image.unfold(2, 2, 2).unfold(3, 2, 2).mean((4, 5))
    coarse = squares.repeat_interleave(2, 2).repeat_interleave(2, 3)
    torch.testing.assert_close(faded(image, level), torch.lerp(coarse, image, level))


def test_the_judge_is_shown_reals_of_the_size_that_is_learned(monkeypatch):
    training, seen = trainer(), []
    judge = training.players["discriminator"]
    plain = judge.forward
    monkeypatch.setattr(judge, "forward", lambda image: (seen.append(image), plain(image))[1])
    training.step()
    training.batches.restore(0)
    torch.testing.assert_close(seen[0], faded(next(training.batches).image, 0.0))


def test_a_larger_budget_does_not_shrink_what_has_grown():
    short = trainer()
    for _ in range(13):
        short.step()
    assert level(short) == pytest.approx(0.5)
    longer = trainer("1.6")
    longer.restore(short.state())
    longer.step()
    assert level(longer) == pytest.approx(0.5)
    assert grown(longer.players["generator"]) == pytest.approx(0.5)


def test_weights_that_come_grown_stay_grown(tmp_path):
    recipe = trainer().recipe
    made = fit(recipe, digits(), tmp_path, cpu=True)
    assert made
    other = recipe.model_copy(update={"seed": 1})
    begun = Trainer(other, digits(), cpu=True)
    Start.of(made, other, digits()).apply(begun)
    begun.step()
    assert level(begun) == 1.0


def test_only_networks_that_grow_are_grown():
    with pytest.raises(RecipeError, match="does not grow"):
        Trainer(tiny("stylegan2-fashion", "game=progressive"), digits(), cpu=True)


def test_the_first_size_is_one_it_has():
    with pytest.raises(RecipeError, match="start is a side from 4 to 8, doubled; got 6"):
        Trainer(tiny("progan-fashion", "game_options.start=6"), digits(), cpu=True)
