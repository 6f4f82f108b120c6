"""A classifier's game, with and without an attack inside."""

from itertools import combinations

import pytest
import torch
from world import digits, tiny

from ganzoo import config
from ganzoo.attacks import Goal, Victim
from ganzoo.draws import Draws
from ganzoo.errors import GanzooError, RecipeError
from ganzoo.games._shift import shifted
from ganzoo.training import Trainer

INSIDE = "game_options.attack={name: pgd, options: {epsilon: 0.2, steps: 3}"


def player(*changes: str) -> Trainer:
    return Trainer(tiny("cnn-mnist", "game_options={}", *changes), digits(), cpu=True)


def seen(trainer: Trainer, step: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A batch, and what the network is shown of it at a step."""
    batch = next(trainer.batches)
    assert batch.y is not None
    return batch.image, trainer.game._attacked(batch.image, batch.y, step)


def test_the_network_learns_from_attacked_pictures():
    image, attacked = seen(player(INSIDE + "}"), 0)
    change = (attacked - image) / 2  # images are in [-1, 1], epsilon in units of [0, 1]
    assert 0.15 < change.abs().max() <= 0.2 + 1e-6
    assert attacked.abs().max() <= 1


def test_the_attacked_pictures_are_harder():
    trainer = player(INSIDE + "}")
    batch = next(trainer.batches)
    network = trainer.players["classifier"].eval()
    victim = Victim(network=network, num_classes=10)
    goal = Goal(batch.y)
    attacked = trainer.game._attacked(batch.image, batch.y, 0)
    plain, hard = (goal.gain(victim((image + 1) / 2)) for image in (batch.image, attacked))
    assert (hard > plain).all()


def test_the_radius_grows_from_nothing():
    trainer = player(INSIDE + ", ramp: 0.5}", "kimg=0.8")  # 100 steps of 8
    reach = []
    for step in (0, 25, 50, 99):
        image, attacked = seen(trainer, step)
        reach.append((attacked - image).abs().max().item() / 2)
    assert reach == pytest.approx([0, 0.1, 0.2, 0.2], abs=1e-5)


def test_the_attack_leaves_no_trace_on_the_network():
    """Without an attack or with one of radius 0 the same weights are learned."""
    plain, idle = player(), player("game_options.attack={name: pgd, options: {epsilon: 0}}")
    for _ in range(3):
        plain.step()
        idle.step()
    assert all(
        torch.allclose(ours, theirs, atol=1e-6)
        for ours, theirs in zip(
            plain.players.state_dict().values(), idle.players.state_dict().values(), strict=True
        )
    )


def test_running_statistics_come_from_what_is_learned_alone():
    """The attack's own passes do not count."""
    trainer = player(INSIDE + "}")
    trainer.step()
    counts = {v.item() for k, v in trainer.players.state_dict().items() if "num_batches" in k}
    assert counts == {1}


def test_every_step_draws_other_starts_but_the_same_ones_again():
    first, again = player(INSIDE + "}"), player(INSIDE + "}")
    for _ in range(2):
        first.step()
        again.step()
    ours, theirs = first.players.state_dict(), again.players.state_dict()
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)
    batch = next(first.batches)
    one, other = (first.game._attacked(batch.image, batch.y, step) for step in (0, 1))
    assert not torch.equal(one, other)


def test_every_process_draws_starts_of_its_own_and_one_by_the_step():
    trainer = player(INSIDE + "}")
    batch, draws = next(trainer.batches), trainer.draws

    def attacked(step, rank, world):
        draws.rank, draws.world = rank, world
        return trainer.game._attacked(batch.image, batch.y, step)

    shares = [attacked(step, rank, 2) for step in (0, 1) for rank in (0, 1)]
    assert not any(torch.equal(one, two) for one, two in combinations(shares, 2))
    assert torch.equal(shares[3], attacked(3, 0, 1))


@pytest.mark.parametrize("name", ["cnn_pgd-mnist", "cnn_denoise-fashion"])
def test_the_defended_recipes_train_on_attacks(name):
    _, attacked = seen(Trainer(tiny(name), digits(), cpu=True), 999)
    image, _ = seen(Trainer(tiny(name), digits(), cpu=True), 999)
    assert not torch.equal(image, attacked)
    assert config.load(name).game_options["attack"]["options"]["epsilon"] in (0.1, 0.3)


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("{name: pdg}", "Did you mean 'pgd'"),
        ("{name: pgd, options: {epsilon: -1}}", "epsilon = -1"),
        ("{name: pgd, options: {stepz: 3}}", "nobody reads 'stepz'"),
        ("{name: pgd, options: {epsilon: null}}", "needs an epsilon"),
        ("{name: pgd, ramp: 2}", "ramp = 2"),
        ("{nam: pgd}", "nobody reads 'attack.nam'"),
    ],
)
def test_mistakes_are_quoted(choice, sentence):
    with pytest.raises(GanzooError, match=sentence):
        player(f"game_options.attack={choice}")


def test_squares_are_cut_out_of_what_is_learned_from():
    trainer = player("game_options.cutout=4")
    seen: list[torch.Tensor] = []
    look = lambda _, given: seen.append(given[0])  # noqa: E731
    trainer.players["classifier"].register_forward_pre_hook(look)
    trainer.step()
    hidden = seen[0][:, 0] == 0
    rows, columns = hidden.any(2).sum(1), hidden.any(1).sum(1)
    assert (hidden.flatten(1).sum(1) >= rows * columns).all()
    assert rows.max() >= 4


def test_what_is_learned_from_is_shifted():
    trainer, seen = player("game_options.shift=2"), []
    look = lambda _, given: seen.append(given[0])  # noqa: E731
    trainer.players["classifier"].register_forward_pre_hook(look)
    trainer.step()
    trainer.batches.restore(0)
    batch = next(trainer.batches)
    assert torch.equal(seen[0], shifted(batch.image, 2, Draws(trainer.recipe.seed)))
    assert not torch.equal(seen[0], batch.image)


def test_smoothing_leaves_a_share_to_all_classes_alike():
    trainer = player("game_options.smoothing=0.2")
    batch = next(trainer.batches)
    assert batch.y is not None
    surprise = -trainer.players["classifier"](batch.image).log_softmax(1)
    named = surprise.gather(1, batch.y[:, None])[:, 0]
    expected = (0.8 * named + 0.2 * surprise.mean(1)).mean()
    torch.testing.assert_close(trainer.game._terms(batch, 0)["c/cross_entropy"], expected)


def test_images_without_labels_are_no_lesson():
    data = digits()
    object.__setattr__(data, "labels", None)
    with pytest.raises(RecipeError, match="needs labels"):
        Trainer(tiny("cnn-mnist"), data, cpu=True).step()
