"""Games of translation: who moves, what the pool remembers, what a cycle costs."""

from copy import deepcopy
from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn.functional import interpolate, l1_loss
from world import digits, tiny

from ganzoo.draws import Draws
from ganzoo.errors import RecipeError
from ganzoo.games import _translation
from ganzoo.games._translation import d_loss, g_loss, jitter
from ganzoo.games.unpaired import Pool
from ganzoo.objectives import objectives
from ganzoo.training import Trainer

MOVED = "augment={name: diffaugment, options: {policy: [translation, cutout]}}"


def moved(trainer, turn):
    before = {name: p.clone() for name, p in trainer.players.named_parameters()}
    trainer._play(turn, 1.0)
    after = dict(trainer.players.named_parameters())
    return {k.split(".")[0] for k, old in before.items() if not torch.equal(old, after[k])}


def test_both_painters_move_in_one_turn_and_each_judge_in_its_own():
    trainer = Trainer(tiny("cyclegan-noto2fluent"), digits(), cpu=True)
    moves = [moved(trainer, turn) for turn in trainer.game.turns(0)]
    painters = {"generator", "back_generator"}
    assert moves == [painters, {"discriminator"}, {"back_discriminator"}]


def test_a_cycle_starts_from_pictures_alone():
    with pytest.raises(RecipeError, match="z_dim = 4: expected at most 0"):
        tiny("cyclegan-noto2fluent", "options.z_dim=4")


def test_a_pool_swaps_one_in_two_and_never_invents():
    pool, given = Pool(50, Draws(0)), torch.arange(4050.0).view(-1, 1, 1, 1)
    out = torch.cat([pool.swap(batch) for batch in given.split(9)])
    assert torch.equal(out[:45], given[:45])
    later = out[54:].flatten() != given[54:].flatten()
    assert 0.45 < later.float().mean() < 0.55
    assert len(pool.kept) == 50
    assert set(out.flatten().tolist()) <= set(given.flatten().tolist())
    assert torch.equal(Pool(0, Draws(0)).swap(given[:9]), given[:9])


class Linear(nn.Module):
    def __init__(self, slope):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(slope))

    def forward(self, image):
        return self.slope * image


@pytest.mark.parametrize(("back", "costs"), [(2.0, False), (1.0, True)])
def test_two_inverse_painters_arrive_where_they_began(back, costs):
    trainer = Trainer(tiny("cyclegan-noto2fluent"), digits(), cpu=True)
    trainer.players["generator"], trainer.players["back_generator"] = Linear(0.5), Linear(back)
    turn = next(trainer.game.turns(0))
    terms = turn.terms()
    assert (terms["g/cycle"].item() > 1e-6) == costs
    assert (terms["back_g/cycle"].item() > 1e-6) == costs


def paler(recipe: str, *changes: str):
    """A trainer whose inputs are no mere negatives, its next inputs, and the pictures to learn."""
    data = digits()
    data = replace(data, inputs=data.pictures // 2)
    trainer = Trainer(tiny(recipe, "objective=wasserstein", *changes), data, cpu=True)
    batch = next(trainer.batches)
    trainer.batches.restore(0)
    assert batch.input is not None
    return trainer, batch.input, batch.image


def test_a_cycles_terms_and_its_judges_are_those_of_the_docstring():
    """G = x / 2, F = 3 y; judges as steep as 1 and 10; Wasserstein's losses are their means."""
    options = "game_options={cycle: 4, identity: 0.5}"
    trainer, x, y = paler("cyclegan-noto2fluent", options)
    slopes = {"generator": 0.5, "back_generator": 3.0, "discriminator": 1.0,
              "back_discriminator": 10.0}  # fmt: skip
    for name, slope in slopes.items():
        trainer.players[name] = Linear(slope)
    terms = [turn.terms() for turn in trainer.game.turns(0)]
    found = {key: term.item() for each in terms for key, term in each.items()}
    wanted = {
        "g/adversarial": -0.5 * x.mean(),
        "g/cycle": 4 * (1.5 - 1) * x.abs().mean(),
        "g/identity": 0.5 * 4 * (1 - 0.5) * y.abs().mean(),
        "back_g/adversarial": -10 * 3 * y.mean(),
        "back_g/cycle": 4 * (1.5 - 1) * y.abs().mean(),
        "back_g/identity": 0.5 * 4 * (3 - 1) * x.abs().mean(),
        "d/adversarial": (0.5 * x.mean() - y.mean()) / 2,
        "back_d/adversarial": 10 * (3 * y.mean() - x.mean()) / 2,
    }
    assert found == pytest.approx({key: value.item() for key, value in wanted.items()}, rel=1e-4)


class Steep(nn.Module):
    """Looks at the picture below its input: a layer of 7 times as much, and logits of 3 times."""

    def forward(self, told):
        return 3 * told[:, 1:]

    def features(self, told):
        return [7 * told[:, 1:], self(told)]


@pytest.mark.parametrize("features", [0, 4])
def test_a_pairs_terms_and_its_judge_are_those_of_the_docstring(features):
    """G = x / 2; of the judge's layers the last, its logits, is no feature."""
    options = f"game_options={{l1: 5, adversarial: 2, features: {features}}}"
    trainer, x, y = paler("pix2pix-facades", "augment=null", options)
    trainer.players["generator"], trainer.players["discriminator"] = Linear(0.5), Steep()
    terms = [turn.terms() for turn in trainer.game.turns(0)]
    found = {key: term.item() for each in terms for key, term in each.items()}
    off = (0.5 * x - y).abs().mean()
    wanted = {
        "g/l1": 5 * off,
        "g/adversarial": -2 * 3 * 0.5 * x.mean(),
        "g/features": features * 7 * off,
        "d/adversarial": (3 * 0.5 * x.mean() - 3 * y.mean()) / 2,
    }
    wanted = {key: value.item() for key, value in wanted.items() if value}
    assert found == pytest.approx(wanted, rel=1e-4)


def test_judges_of_several_scales_count_alike_however_large_their_maps():
    """Wasserstein's losses: the means of each map, averaged."""
    real = [torch.full((2, 1, 4, 4), 5.0), torch.full((2, 1, 2, 2), 9.0)]
    fake = [torch.full((2, 1, 4, 4), 1.0), torch.full((2, 1, 2, 2), 3.0)]
    objective = objectives["wasserstein"]
    assert g_loss(objective, fake) == -(1 + 3) / 2
    assert d_loss(objective, real, fake) == ((1 - 5) + (3 - 9)) / 2
    assert g_loss(objective, fake[0]) == -1


def test_jitter_cuts_all_pictures_of_a_pair_at_the_place_that_is_drawn():
    """First how far from the top, then how far from the left."""
    pair, draws = torch.randn(2, 5, 1, 6, 8), Draws(0)
    top, left = draws.integers(5, 4).tolist(), draws.integers(5, 4).tolist()
    assert top != left
    for made, image in zip(jitter(Draws(0), 3, *pair), pair, strict=True):
        larger = interpolate(image, (9, 11), mode="bilinear")
        for one, whole, y, x in zip(made, larger, top, left, strict=True):
            assert torch.equal(one, whole[:, y : y + 6, x : x + 8])


def test_what_fits_is_left_alone_in_every_so_many_steps_and_as_much_heavier():
    def costs(every, step):
        changes = ["game_options.identity=0.5", f"game_options.identity_every={every}"]
        trainer = Trainer(tiny("cyclegan-noto2fluent", *changes), digits(), cpu=True)
        return next(trainer.game.turns(step)).terms()

    once = costs(1, 0)["g/identity"].item()
    assert once > 0
    assert costs(4, 4)["g/identity"].item() == pytest.approx(4 * once, rel=1e-5)
    assert "g/identity" not in costs(4, 3)


def test_the_pool_survives_an_interruption():
    first = Trainer(tiny("cyclegan-noto2fluent"), digits(), cpu=True)
    first.step()
    second = Trainer(tiny("cyclegan-noto2fluent"), digits(), cpu=True)
    second.restore(deepcopy(first.state()))
    assert first.step().keys() == second.step().keys()
    for ours, theirs in zip(first.players.parameters(), second.players.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_the_ablation_leaves_out_what_it_says():
    l1 = Trainer(tiny("pix2pix_l1-facades"), digits(), cpu=True).step()
    judge = Trainer(tiny("pix2pix_cgan-facades"), digits(), cpu=True).step()
    both = Trainer(tiny("pix2pix-facades"), digits(), cpu=True).step()
    assert set(l1) == {"g/l1"}
    assert set(judge) == {"g/adversarial", "d/adversarial"}
    assert set(both) == set(l1) | set(judge)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["game_options.features=10"], r"nobody reads game_options\.features; got 10"),
        ([MOVED], "nobody reads augment; got 'diffaugment'"),
        (["game_options.l1=0"], "l1, adversarial and perceptual all 0"),
    ],
)
def test_what_only_a_judge_would_read_is_refused_where_there_is_none(changes, said):
    with pytest.raises(RecipeError, match=said):
        Trainer(tiny("pix2pix_l1-facades", *changes), digits(), cpu=True)


def test_features_of_a_trained_network_are_lesson_enough(monkeypatch):
    monkeypatch.setattr(_translation, "eye", lambda device: l1_loss)
    options = "game_options={l1: 0, adversarial: 0, perceptual: 10}"
    terms = Trainer(tiny("pix2pix_l1-facades", options), digits(), cpu=True).step()
    assert set(terms) == {"g/perceptual"}


def test_mode_seeking_pays_for_two_answers_that_are_one():
    changes = ["options.z_dim=4", "penalties=[{name: mode_seeking, weight: 1}]"]
    trainer = Trainer(tiny("pix2pix-facades", *changes), digits(), cpu=True)
    polite = trainer.players["generator"]
    first = polite.translate.down[0].weight
    deaf = first.data.clone()
    deaf[:, 1:] = 0  # hears no latent
    listening = next(trainer.game.turns(0)).terms()["g/mode_seeking"].item()
    first.data = deaf
    assert next(trainer.game.turns(0)).terms()["g/mode_seeking"].item() > 10 * listening
    with pytest.raises(RecipeError, match="z_dim above 0"):
        Trainer(tiny("pix2pix-facades", changes[1]), digits(), cpu=True).step()


def test_a_pair_is_moved_and_cut_in_one_piece():
    trainer = Trainer(tiny("pix2pix-facades", MOVED), digits(), cpu=True)
    picture = torch.rand(8, 1, 8, 8) * 2 - 1
    wanted, painted = trainer.game._told(picture, picture, picture)
    assert torch.equal(wanted, painted)
    assert torch.equal(wanted[:, :1], wanted[:, 1:])
    assert not torch.equal(wanted[:, :1], picture)


def test_the_painter_learns_through_the_change_and_the_judge_never_sees_the_pair_itself():
    trainer = Trainer(tiny("pix2pix-facades", MOVED, "game_options.l1=0"), digits(), cpu=True)
    moves = [moved(trainer, turn) for turn in trainer.game.turns(0)]
    assert moves == [{"generator"}, {"discriminator"}]
    plain = Trainer(tiny("pix2pix-facades", "game_options.l1=0"), digits(), cpu=True)
    assert plain.step()["d/adversarial"] != trainer.step()["d/adversarial"]


@pytest.mark.parametrize("augment", ["{name: ada}", "{name: diffaugment}"])
def test_what_would_tint_a_label_map_is_refused(augment):
    with pytest.raises(RecipeError, match="pairs are moved and cut, and no more"):
        Trainer(tiny("pix2pix-facades", f"augment={augment}"), digits(), cpu=True)


def test_sheets_show_translations_of_what_nobody_learned_from():
    trainer = Trainer(tiny("pix2pix-facades"), digits(), cpu=True)
    sheet = trainer.game.sheet(trainer.shown)
    assert sheet is not None
    assert sheet.shape == (4, 1, 8, 8)


def test_a_game_without_what_it_needs_is_refused():
    unpaired = tiny("pix2pix-facades", "game=unpaired", "augment=null", "game_options={}")
    with pytest.raises(RecipeError, match="has none"):
        Trainer(unpaired, digits(), cpu=True)
    with pytest.raises(RecipeError, match="g_coarse"):
        Trainer(tiny("pix2pixhd-flat2emoji", "options.g_coarse=false"), digits(), cpu=True)
    with pytest.raises(RecipeError, match="needs an objective"):
        Trainer(tiny("pix2pix-facades", "objective=null"), digits(), cpu=True)
    with pytest.raises(RecipeError, match=r"a multiple of 16; got data\.size = 8"):
        Trainer(tiny("pix2pix-facades", "options.g_downs=4"), digits(), cpu=True)
