"""First the whole, then the detail: what learns when, and that nobody is sent back."""

import pytest
import torch
from world import digits, tiny

from ganzoo.errors import RecipeError
from ganzoo.games.coarse_to_fine import CoarseToFine
from ganzoo.training import Start, Trainer, fit

RECIPE = tiny("pix2pixhd-flat2emoji").model_copy(update={"kimg": 0.08})  # ten steps of 8 images


def trainer(kimg: float = RECIPE.kimg) -> Trainer:
    return Trainer(RECIPE.model_copy(update={"kimg": kimg}), digits(), cpu=True)


def stretch(trainer: Trainer) -> str:
    assert isinstance(trainer.game, CoarseToFine)
    return trainer.game.stretch


def stirred(trainer: Trainer) -> set[str]:
    """The parts of the generator that a step moves."""
    before = {k: p.clone() for k, p in trainer.players["generator"].named_parameters()}
    trainer.step()
    now = dict(trainer.players["generator"].named_parameters())
    return {k.split(".")[0] for k, old in before.items() if not torch.equal(old, now[k])}


def test_the_whole_learns_first_then_the_detail_then_both():
    training = trainer()
    seen = [(stirred(training), stretch(training)) for _ in range(10)]
    detail = {"enhancers", "paint"}
    assert seen == (
        [({"coarse"}, "coarse")] * 3 + [(detail, "fine")] * 2 + [({"coarse", *detail}, "all")] * 5
    )


def test_a_larger_budget_sends_nobody_back():
    short = trainer()
    for _ in range(4):
        short.step()
    assert stretch(short) == "fine"
    longer = trainer(10 * RECIPE.kimg)
    longer.restore(short.state())
    longer.step()
    assert stretch(longer) == "fine"


def test_weights_that_come_finished_learn_together_from_the_start(tmp_path):
    made = fit(RECIPE, digits(), tmp_path, cpu=True)
    assert made
    begun = trainer(10 * RECIPE.kimg)
    Start.of(made, begun.recipe, digits()).apply(begun)
    begun.step()
    assert stretch(begun) == "all"


@pytest.mark.parametrize(
    ("fresh", "reached"),
    [({"generator.enhancers.0.weight"}, "coarse"), ({"discriminator.weight"}, "all"), ((), "all")],
)
def test_painters_that_come_in_part_begin_at_the_beginning(fresh, reached):
    begun = trainer()
    begun.game.take_over(fresh)
    assert stretch(begun) == reached


def test_shares_of_a_budget_are_no_more_than_it():
    with pytest.raises(RecipeError, match=r"together at most 1; got 0\.9 and 0\.2"):
        Trainer(tiny(RECIPE.name, "game_options={coarse: 0.9, fine: 0.2}"), digits(), cpu=True)
    Trainer(tiny(RECIPE.name, "game_options={coarse: 0.9, fine: 0.1}"), digits(), cpu=True)
