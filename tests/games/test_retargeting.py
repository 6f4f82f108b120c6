"""One image at ever more sizes: what is drawn, what is judged, and the way back."""

import numpy as np
import pytest
import torch
from world import tiny

from ganzoo import config
from ganzoo.data import Dataset
from ganzoo.errors import RecipeError
from ganzoo.games.retargeting import GAP, HEIGHTS, WIDTHS, Retargeting, collage
from ganzoo.training import Trainer, fit

STEPS = 20


def recipe(*changes):
    raw = config.read("ingan-pagoda")
    raw |= {
        "options": {"rows": 24, "base_channels": 4, "levels": 2, "blocks": 1, "d_channels": 4,
                    "crop": 20},
        "game_options": {"smallest": 0.5, "largest": 2.0, "grown": 0.5},
        "data": {"name": "pagoda", "size": 32},
        "kimg": STEPS / 1000,
        "precision": "float32",
        "lr": 0.001,
    }  # fmt: skip
    return config.parse(config.override(raw, changes))


def image(shape=(1, 3, 24, 32)):
    dice = np.random.default_rng(0)
    return Dataset(name="one", pictures=dice.integers(0, 256, shape, np.uint8))


def trainer(*changes):
    return Trainer(recipe(*changes), image(), cpu=True)


def game(training) -> Retargeting:
    assert isinstance(training.game, Retargeting)
    return training.game


def test_sizes_spread_until_the_whole_range_is_drawn():
    playing = game(trainer())
    for grown, low, high in ((0.0, 1.0, 1.0), (0.5, 0.75, 1.5), (1.0, 0.5, 2.0)):
        drawn = [playing._drawn((100, 200), grown) for _ in range(300)]
        assert all(places is None for _, places in drawn)
        shares = torch.tensor([[h / 100, w / 200] for (h, w), _ in drawn])
        assert float(shares.min()) == pytest.approx(low, abs=0.03)
        assert float(shares.max()) == pytest.approx(high, abs=0.03)
        if grown:
            sides = torch.corrcoef(shares.T)[0, 1]
            assert abs(float(sides)) < 0.2, "each side for itself"


def test_trapezoids_are_drawn_where_they_are_asked_for():
    playing = game(trainer("game_options.narrow=0.4"))
    drawn = [playing._drawn((100, 200), 1.0)[1] for _ in range(50)]
    assert all(places is not None and places.shape == (3, 3) for places in drawn)
    assert playing._drawn((100, 200), 0.0)[1] is None


def test_crops_lie_everywhere_within_the_image():
    playing = game(trainer())
    rows = torch.arange(24.0)[None, None, :, None].expand(1, 1, 24, 32)
    columns = torch.arange(32.0)[None, None, None].expand(1, 1, 24, 32)
    cut = [playing._cut(torch.cat([rows, columns], 1)) for _ in range(200)]
    assert {tuple(one.shape[2:]) for one in cut} == {(20, 20)}
    assert {int(one[0, 0, 0, 0]) for one in cut} == set(range(5))
    assert {int(one[0, 1, 0, 0]) for one in cut} == set(range(13))


def test_coarse_judges_are_louder_at_first_and_fine_ones_in_the_end():
    training, tilts = trainer("game_options.tilt=1.5", "game_options.even=0.5"), []
    while not training.done:
        training.step()
        tilts.append(float(training.players["discriminator"].tilt))
    assert tilts[0] == pytest.approx(1.5)
    assert tilts[STEPS // 2] == pytest.approx(1.0)
    assert tilts[-1] == pytest.approx(1.5 ** (2 / STEPS - 1))
    assert tilts == sorted(tilts, reverse=True)


def test_the_generator_moves_first_and_its_fake_is_judged_next():
    training = trainer()
    turns = list(training.game.turns(0))
    assert [turn.player for turn in turns] == ["generator", "discriminator"]
    assert set(turns[0].terms()) == {"g/adversarial", "g/reconstruction"}
    assert set(turns[1].terms()) == {"d/adversarial"}
    alone = trainer("game_options.reconstruction=0")
    assert set(next(alone.game.turns(0)).terms()) == {"g/adversarial"}


def test_noise_lies_on_what_the_generator_begins_with_and_on_all_that_is_judged():
    """As wide as asked where white is 1 and black 0: twice that where black is -1."""
    training, seen = trainer("instance_noise=0.1"), {"generator": [], "discriminator": []}
    for name, given in seen.items():
        look = lambda _, told, given=given: given.append(told[0])  # noqa: E731
        training.players[name].register_forward_pre_hook(look)
    grey, fakes = torch.zeros(1, 3, 20, 20), []
    game(training)._generator_terms(grey, (20, 20), None, fakes)
    game(training)._discriminator_terms(grey, [grey])
    painted, *judged = seen["discriminator"]
    assert torch.equal(painted, fakes[0])
    for image in (seen["generator"][0], *judged):
        assert 0.09 < image.abs().max() <= 0.1
    assert not torch.equal(*judged)


@pytest.mark.parametrize("narrow", [0.0, 0.4])
def test_the_way_back_leads_to_the_crop(narrow):
    """A generator that only moves pixels loses nothing but sharpness."""
    training = trainer(f"game_options.narrow={narrow}", "instance_noise=0")
    playing, generator = game(training), training.players["generator"]
    generator.enter = torch.nn.Identity()
    generator.down = generator.up = torch.nn.ModuleList()
    generator.middle = generator.leave = torch.nn.Identity()
    ramp = torch.linspace(-1, 1, 20)[None, None, :, None] * torch.ones(1, 3, 1, 20)
    shape, places = playing._drawn((20, 20), 1.0)
    terms = playing._generator_terms(ramp, shape, places, [])
    assert float(terms["g/reconstruction"]) < 0.05 * playing.options.reconstruction


def test_the_image_is_learnt_by_heart_and_shipped(tmp_path):
    training = trainer()
    wanted = image().pictures[0]
    assert np.array_equal(training.players["generator"].known.numpy(), wanted)
    made = fit(recipe(), image(), tmp_path, cpu=True)
    assert made is not None
    assert np.array_equal(made.network().known.numpy(), wanted)
    assert (tmp_path / "ingan-pagoda" / "preview.png").is_file()
    assert made.abilities == {"retarget"}


def test_trained_weights_of_another_image_do_not_bring_it_along():
    training = trainer()
    training.players["generator"].known.zero_()
    training.game.take_over(())
    assert np.array_equal(training.players["generator"].known.numpy(), image().pictures[0])


def test_the_sheet_shows_every_size():
    generator = trainer().players["generator"].eval()
    with torch.no_grad():
        sheet = collage(generator)
        rows, columns = round(HEIGHTS[0] * 24), round(WIDTHS[0] * 32)
        first = generator(generator.own(), (rows, columns))
    assert torch.equal(sheet[:, :, :rows, :columns], first)
    assert (sheet[:, :, rows : rows + GAP] == 1).all()
    high, wide = (sum(round(share * side) for share in shares) + GAP * (len(shares) - 1)
                  for shares, side in ((HEIGHTS, 24), (WIDTHS, 32)))  # fmt: skip
    assert sheet.shape == (1, 3, high, wide)


def test_it_learns_to_come_back():
    grey = Dataset(name="grey", pictures=np.full((1, 3, 24, 32), 170, np.uint8))
    changes = ("kimg=0.4", "lr=0.001", "game_options.reconstruction=50")
    training = Trainer(recipe(*changes), grey, cpu=True)
    misses = [float(training.step()["g/reconstruction"]) for _ in range(60)]
    assert sum(misses[-10:]) < sum(misses[:10]) / 2


def test_a_resumed_run_goes_on_as_if_nothing_had_happened():
    whole, half = trainer(), trainer()
    for _ in range(4):
        whole.step()
        half.step()
    again = trainer()
    again.restore(half.state())
    for _ in range(4):
        whole.step()
        again.step()
    pairs = zip(whole.players.parameters(), again.players.parameters(), strict=True)
    assert all(torch.equal(mine, theirs) for mine, theirs in pairs)


@pytest.mark.parametrize(
    ("changes", "shape", "said"),
    [
        ((), (2, 3, 24, 32), "the retargeting game learns from one image, one at a time; got 2"),
        (("batch_size=4",), (1, 3, 24, 32), "batch_size = 4"),
        ((), (1, 3, 20, 32), "set options.rows=20 and options.columns=32"),
        (("objective=null",), (1, 3, 24, 32), "needs an objective"),
        (
            ("penalties=[{name: r1, weight: 1}]",),
            (1, 3, 24, 32),
            "does not read 'penalties'; got 'r1'",
        ),
    ],
)
def test_what_cannot_be_learnt_is_refused(changes, shape, said):
    with pytest.raises(RecipeError, match=said):
        Trainer(recipe(*changes), image(shape), cpu=True)


def test_networks_that_remake_nothing_are_refused():
    flat = tiny("dcgan-digits").model_copy(update={"game": "retargeting", "batch_size": 1})
    with pytest.raises(RecipeError, match="remakes an image; 'dcgan' does not"):
        Trainer(flat, image((1, 1, 8, 8)), cpu=True)
