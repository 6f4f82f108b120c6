"""Climbing: one scale at a time, and what lies below stays as it is."""

import numpy as np
import pytest
import torch
from world import tiny

from ganzoo import config
from ganzoo.data import Dataset
from ganzoo.errors import RecipeError
from ganzoo.games.pyramid import Pyramid
from ganzoo.training import Trainer, fit

STEPS = 4  # at each of the three scales


def recipe(*changes, scales=3):
    raw = config.read("singan-pagoda")
    raw |= {
        "options": {"rows": 12, "coarsest": 6, "base_channels": 4, "layers": 2, "factor": 0.7},
        "data": {"name": "pagoda", "size": 16},
        "kimg": STEPS * scales * 3 / 1000,
        "precision": "float32",
    }
    return config.parse(config.override(raw, changes))


def image(shape=(1, 3, 12, 16)):
    dice = np.random.default_rng(0)
    return Dataset(name="one", pictures=dice.integers(0, 256, shape, np.uint8))


def trainer(*changes):
    return Trainer(recipe(*changes), image(), cpu=True)


def game(training) -> Pyramid:
    assert isinstance(training.game, Pyramid)
    return training.game


def weights(player, scale):
    return [p.clone() for p in player.scales[scale].parameters()]


def test_every_scale_has_an_equal_share():
    training, seen, tops = trainer(), [], []
    while not training.done:
        training.step()
        seen.append(game(training).scale)
        tops.append({int(player.top) for player in training.players.values()})
    assert seen == [scale for scale in range(3) for _ in range(STEPS)]
    assert tops == [{scale} for scale in seen]
    assert int(training.shown.top) == 2


def test_only_the_scale_that_is_climbed_moves():
    training = trainer()
    for _ in range(STEPS + 1):
        training.step()
    for player in training.players.values():
        before = [weights(player, scale) for scale in range(3)]
        training.step()
        moved = [
            not all(map(torch.equal, before[scale], player.scales[scale].parameters()))
            for scale in range(3)
        ]
        assert moved == [False, True, False]


def test_noise_follows_what_the_scales_below_miss():
    training = trainer("game_options.noise=0.5")
    for _ in range(STEPS):
        training.step()
    generator = training.players["generator"]
    with torch.no_grad():
        below = generator.paint(0, generator.anchor, None)
        real = training.batches.dataset.images(slice(None))
        at = [
            torch.nn.functional.interpolate(
                one, generator.shapes[1], mode="bicubic", antialias=True
            )
            for one in (below, real)
        ]
        expected = 0.5 * (at[0] - at[1]).square().mean().sqrt()
    training.step()
    assert generator.amplitudes[0] == 1
    torch.testing.assert_close(generator.amplitudes[1], expected)
    assert generator.amplitudes[2] == 0


def test_players_slow_down_late_in_each_scale():
    training = trainer("game_options.late=0.5", "game_options.slower=0.25", "lr=0.008")
    rates = []
    for _ in range(2 * STEPS):
        training.step()
        rates.append({o.param_groups[0]["lr"] for o in training.optimizers.values()})
    assert rates == 2 * ([{0.008}] * 2 + [{0.002}] * 2)


def test_the_turns_of_a_step_are_the_papers():
    training = trainer("game_options.g_turns=2")
    turns = [turn.player for turn in training.game.turns(0)]
    assert turns == ["discriminator"] * 3 + ["generator"] * 2
    assert training.batches.position == 3


def test_painting_the_image_itself_weighs_as_asked():
    def costs(weight):
        training = trainer(f"game_options.reconstruction={weight}", "penalties=[]")
        *_, last = training.game.turns(0)
        return last.terms()["g/reconstruction"]

    torch.testing.assert_close(costs(7), 7 * costs(1))


def test_the_generator_learns_to_paint_the_image_itself():
    training = trainer("kimg=1.5", "lr=0.01", "game_options.reconstruction=100")
    misses = [float(training.step()["g/reconstruction"]) for _ in range(150)]
    assert sum(misses[-10:]) < sum(misses[:10]) / 2


def test_a_larger_budget_does_not_lead_down_again():
    short = trainer()
    for _ in range(STEPS + 1):
        short.step()
    longer = trainer("kimg=3.6")
    longer.restore(short.state())
    longer.step()
    assert game(longer).scale == 1


@pytest.mark.parametrize("precision", ["precision=float32", "precision=bfloat16"])
def test_a_resumed_run_goes_on_as_if_nothing_had_happened(precision):
    whole, half = trainer(precision), trainer(precision)
    for _ in range(STEPS + 2):
        whole.step()
        half.step()
    again = trainer(precision)
    again.restore(half.state())
    for _ in range(STEPS):
        whole.step()
        again.step()
    pairs = zip(whole.players.parameters(), again.players.parameters(), strict=True)
    assert all(torch.equal(mine, theirs) for mine, theirs in pairs)


def test_a_bundle_paints_what_was_trained(tmp_path):
    made = fit(recipe(), image(), tmp_path, cpu=True)
    assert made is not None
    network = made.network()
    assert int(network.top) == 2
    assert (network.amplitudes > 0).all()
    assert (tmp_path / "singan-pagoda" / "preview.png").is_file()
    assert made.abilities == {"single_image"}


@pytest.mark.parametrize(
    ("changes", "shape", "said"),
    [
        ((), (2, 3, 12, 16), "learns from one image, one at a time; got 2 images"),
        (("batch_size=4",), (1, 3, 12, 16), "batch_size = 4"),
        ((), (1, 3, 10, 16), "set options.rows=10 and options.columns=16"),
        (("objective=null",), (1, 3, 12, 16), "needs an objective"),
        (
            ("penalties=[{name: orthogonal, weight: 1}]",),
            (1, 3, 12, 16),
            "penalises the discriminator; 'orthogonal' is for the generator",
        ),
    ],
)
def test_what_cannot_be_climbed_is_refused(changes, shape, said):
    with pytest.raises(RecipeError, match=said):
        Trainer(recipe(*changes), image(shape), cpu=True)


def test_networks_without_scales_are_refused():
    changes = {"game": "pyramid", "batch_size": 1}
    flat = tiny("dcgan-digits").model_copy(update=changes)
    with pytest.raises(RecipeError, match="'dcgan' has none"):
        Trainer(flat, image((1, 1, 8, 8)), cpu=True)
