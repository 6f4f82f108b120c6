"""Adaptation: who moves, in which direction, and what nobody looks at."""

from copy import deepcopy
from dataclasses import replace
from math import exp, log

import pytest
import torch
from world import digits, tiny

from ganzoo.errors import RecipeError
from ganzoo.training import Trainer


def player(*changes: str) -> Trainer:
    return Trainer(tiny("dann-mnist_m", *changes), digits(), cpu=True)


def gradients(trainer: Trainer, step: int) -> dict[str, torch.Tensor]:
    """Of the domain term alone, at a step."""
    trainer.players.zero_grad()
    next(trainer.game.turns(step)).terms()["d/domain"].backward()
    return {name: p.grad for name, p in trainer.players.named_parameters() if p.grad is not None}


def test_both_move_in_one_turn():
    trainer = player()
    trainer.step()  # at the first step the reversed gradient is nothing
    before = {name: p.clone() for name, p in trainer.players.named_parameters()}
    (turn,) = trainer.game.turns(1)
    trainer._play(turn, 1.0)
    after = dict(trainer.players.named_parameters())
    assert all(not torch.equal(old, after[name]) for name, old in before.items())


def test_the_strength_follows_the_paper():
    """2 / (1 + exp(-10 p)) - 1 at a share p of 32 images by steps of 8, and 1 beyond."""
    game = player().game
    shares = [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    wanted = [2 / (1 + exp(-10 * p)) - 1 for p in shares]
    assert [game.strength(step) for step in range(6)] == pytest.approx(wanted)
    half = player("game_options.strength=0.5", "game_options.gamma=2").game
    assert half.strength(2) == pytest.approx(0.5 * (2 / (1 + exp(-1)) - 1))


def test_features_climb_what_the_judge_descends():
    """With the reversal the features' gradient is -strength times that without; the judge's own
    is the same.
    """
    reversed_, plain = gradients(player(), 2), gradients(player("game_options.strength=0"), 2)
    strength = player().game.strength(2)
    straight = player()
    batch = next(straight.batches)
    network, judge = straight.players["classifier"], straight.players["domain_classifier"]
    features = network.features(torch.cat([batch.image, batch.input]))
    here, there = judge(features).chunk(2)
    straight.game.objective.d_loss(here, there).backward()
    for name, parameter in network.named_parameters():
        if name.startswith("layers"):
            key = f"classifier.{name}"
            torch.testing.assert_close(reversed_[key], -strength * parameter.grad)
            assert not plain[key].any(), "with strength 0 the judge merely looks on"
    for name, parameter in judge.named_parameters():
        torch.testing.assert_close(reversed_[f"domain_classifier.{name}"], parameter.grad)


def test_an_undecided_judge_pays_log_4():
    trainer = player()
    for parameter in trainer.players["domain_classifier"].parameters():
        torch.nn.init.zeros_(parameter)
    terms = next(trainer.game.turns(0)).terms()
    assert terms["d/domain"].item() == pytest.approx(log(4))


def test_labels_are_the_sources():
    """Other labels change the label term; other targets do not, though they change the judge's."""
    plain = player()
    mislabelled, elsewhere = player(), player()
    data = plain.batches.dataset
    mislabelled.batches.dataset = replace(data, labels=(data.labels + 1) % 10)
    elsewhere.batches.dataset = replace(data, inputs=data.inputs // 2)
    one, other, third = (next(t.game.turns(0)).terms() for t in (plain, mislabelled, elsewhere))
    assert one["c/label"] != other["c/label"]
    assert one["d/domain"] == other["d/domain"]
    assert one["c/label"] == third["c/label"]
    assert one["d/domain"] != third["d/domain"]


def test_with_strength_0_it_is_the_game_of_a_classifier_alone():
    """Of the source: whatever the target is, and as if there were none."""
    data, strengthless = digits(), tiny("dann-mnist_m", "game_options.strength=0")
    ours, elsewhere, alone = (
        Trainer(recipe, images, cpu=True)
        for recipe, images in (
            (strengthless, data),
            (strengthless, replace(data, inputs=data.inputs // 2)),
            (tiny("source_only-mnist_m"), data),
        )
    )
    for _ in range(3):
        for trainer in (ours, elsewhere, alone):
            trainer.step()
    weights = [dict(t.players["classifier"].named_parameters()) for t in (ours, elsewhere, alone)]
    for name, mine in weights[0].items():
        assert torch.equal(mine, weights[1][name])
        torch.testing.assert_close(mine, weights[2][name])


def test_it_goes_on_exactly():
    first, second = player(), player()
    first.step()
    second.restore(deepcopy(first.state()))
    first.step()
    second.step()
    ours, theirs = (t.players.state_dict() for t in (first, second))
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)


def test_what_it_needs_is_asked_for():
    with pytest.raises(RecipeError, match="needs an objective"):
        player("objective=null")
    with pytest.raises(RecipeError, match="needs a domain_classifier; 'cnn' has none"):
        Trainer(
            tiny("cnn-mnist", "game=domain_adversarial", "game_options={}", "objective=minimax"),
            digits(),
            cpu=True,
        )
    for field, said in (("labels", "digits has no labels"), ("inputs", "digits has no others")):
        data = replace(digits(), **{field: None})
        with pytest.raises(RecipeError, match=said):
            Trainer(tiny("dann-mnist_m"), data, cpu=True).step()
