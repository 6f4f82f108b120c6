"""Who moves when, and what they are told."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from world import digits, learnt, tiny

from ganzoo import config
from ganzoo.augment import Augment
from ganzoo.draws import Draws
from ganzoo.errors import RecipeError
from ganzoo.games._shift import shifted
from ganzoo.layers.minibatch_std import MinibatchStd
from ganzoo.penalties import penalties
from ganzoo.training import Trainer

RECIPES = config.names()


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_takes_two_steps_with_finite_terms(name):
    recipe = tiny(name)
    trainer = Trainer(recipe, learnt(recipe), cpu=True)
    for _ in range(2):
        terms = trainer.step()
        assert all(term.isfinite() for term in terms.values())
    assert trainer.finite()


@pytest.mark.parametrize("name", [n for n in RECIPES if config.load(n).penalties])
def test_penalties_are_logged_or_obeyed(name):
    recipe = tiny(name)
    trainer = Trainer(recipe, learnt(recipe), cpu=True)
    terms = trainer.step()
    for choice in recipe.penalties:
        if choice.name == "weight_clipping":
            weights = trainer.players["discriminator"].parameters()
            assert max(float(w.abs().max()) for w in weights) <= choice.weight
        else:
            assert f"{penalties[choice.name].player[0]}/{choice.name}" in terms


def test_a_lazy_penalty_comes_rarer_and_stronger():
    eager = Trainer(tiny("r1-fashion", "penalties=[{name: r1, weight: 10}]"), digits(), cpu=True)
    lazy = Trainer(
        tiny("r1-fashion", "penalties=[{name: r1, weight: 10, every: 4}]"), digits(), cpu=True
    )
    once, strong = eager.step()["d/r1"], lazy.step()["d/r1"]
    torch.testing.assert_close(strong, 4 * once)
    assert ["d/r1" in lazy.step() for _ in range(4)] == [False, False, False, True]


def test_the_generator_too_can_be_penalised():
    recipe = tiny("dcgan-mnist", "penalties=[{name: orthogonal, weight: 0.5}]")
    trainer = Trainer(recipe, digits(), cpu=True)
    terms = trainer.step()
    assert terms["g/orthogonal"] > 0
    assert "d/orthogonal" not in terms


def test_only_the_player_whose_turn_it_is_moves():
    trainer = Trainer(tiny("dcgan-mnist"), digits(), cpu=True)
    for turn in trainer.game.turns(0):
        before = {name: p.clone() for name, p in trainer.players.named_parameters()}
        trainer._play(turn, 1.0)
        after = dict(trainer.players.named_parameters())
        moved = {k.split(".")[0] for k, old in before.items() if not torch.equal(old, after[k])}
        assert moved == {turn.player}


def test_d_turns_count():
    trainer = Trainer(tiny("wgan-fashion", "d_turns=5"), digits(), cpu=True)
    players = [turn.player for turn in trainer.game.turns(0)]
    assert players == ["discriminator"] * 5 + ["generator"]


def looked_at(name: str) -> bool:
    """Whether a recipe's penalties look at the judge image by image."""
    return any(penalties[choice.name].per_image for choice in config.load(name).penalties)


@pytest.mark.parametrize("name", [name for name in RECIPES if looked_at(name)])
def test_a_penalised_critic_judges_each_image_alone(name):
    """Gulrajani 2017, Sec. 4: the penalty is per image, so batch norm is out."""
    recipe = config.load(name)
    critic = recipe.card.networks["discriminator"](recipe.options)
    if any(isinstance(module, MinibatchStd) for module in critic.modules()):
        pytest.skip("its authors let it compare the batch")
    for module in critic.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    batch = torch.randn(3, recipe.data.channels, recipe.data.size, recipe.data.size)
    told = (batch, torch.arange(3)) if "classes" in recipe.card.abilities else (batch,)
    alone = critic(*(one[:1] for one in told))
    torch.testing.assert_close(critic(*told)[:1], alone, rtol=1e-4, atol=1e-4)


def test_instance_noise_is_as_wide_as_asked():
    trainer = Trainer(tiny("dcgan-mnist", "instance_noise=0.25"), digits(), cpu=True)
    real = torch.zeros(8, 1, 8, 8)
    noise = trainer.game._with_noise(real)  # type: ignore[attr-defined]
    assert noise.abs().max() <= 0.25
    assert noise.abs().max() > 0.2
    assert abs(float(noise.mean())) < 0.05


def test_both_players_are_told_the_class(monkeypatch):
    trainer = Trainer(tiny("cgan-mnist"), digits(), cpu=True)
    told = []
    judge = trainer.players["discriminator"]
    plain = judge.forward
    monkeypatch.setattr(judge, "forward", lambda image, y: (told.append(y), plain(image, y))[1])
    trainer.step()
    assert torch.equal(told[0], torch.as_tensor(_first_labels(trainer)))
    assert all(y is not None and len(y) == 8 for y in told)


def watched(monkeypatch, network):
    """All that a network is given from here on, and what it makes of it."""
    seen, plain = [], network.forward

    def forward(*given):
        seen.append((*given, plain(*given)))
        return seen[-1][-1]

    monkeypatch.setattr(network, "forward", forward)
    return seen


def test_a_fake_is_judged_by_the_class_that_it_was_painted_for(monkeypatch):
    trainer = Trainer(tiny("cgan-mnist", "penalties=[]"), digits(), cpu=True)
    painted = watched(monkeypatch, trainer.players["generator"])
    judged = watched(monkeypatch, trainer.players["discriminator"])
    trainer.step()
    assert len(judged) == 3  # reals, their fakes, and the generator's
    for (_, wanted, _), (_, y, _) in zip(painted, judged[1:], strict=True):
        assert torch.equal(y, wanted)


def test_fakes_are_of_every_class():
    trainer = Trainer(tiny("cgan-mnist"), digits(), cpu=True)
    assert trainer.game._latents(500)[1].unique().tolist() == list(range(10))  # type: ignore[attr-defined]


def test_reals_are_as_little_to_be_believed_as_the_recipe_says():
    trainer = Trainer(tiny("dcgan-mnist", "label_smoothing=0.1"), digits(), cpu=True)
    told, game = [], trainer.game

    def d_loss(real, fake, smoothing=0.0):
        told.append(smoothing)
        return (real - fake).mean()

    game.objective = replace(game.objective, d_loss=d_loss)  # type: ignore[attr-defined]
    trainer.step()
    assert told == [0.1]


class Brighter(Augment):
    """Shows everything twice as bright, and keeps the verdicts that it is told."""

    def __init__(self):
        self.heard = []

    def change(self, image, draws):
        return 2 * image

    def heed(self, real):
        self.heard.append(real)


def test_nobody_is_judged_but_as_the_augmentation_shows_it(monkeypatch):
    trainer = Trainer(tiny("dcgan-mnist"), digits(), cpu=True)
    trainer.game.augment = brighter = Brighter()  # type: ignore[attr-defined]
    painted = watched(monkeypatch, trainer.players["generator"])
    judged = watched(monkeypatch, trainer.players["discriminator"])
    trainer.step()
    trainer.batches.restore(0)
    shown = [next(trainer.batches).image, *(made for _, made in painted)]
    for image, (seen, _) in zip(shown, judged, strict=True):
        assert torch.equal(seen, 2 * image)
    (heard,) = brighter.heard
    assert torch.equal(heard, judged[0][1])


def test_what_an_augmentation_has_learned_survives_an_interruption():
    recipe = tiny("dcgan-mnist", "augment={name: ada}")
    first, second = (Trainer(recipe, digits(), cpu=True) for _ in range(2))
    first.game.augment.p = 0.7  # type: ignore[attr-defined]
    second.restore(first.state())
    assert second.game.gauges(0) == {"augment/p": 0.7}


def test_either_player_works_through_its_batch_in_parts(monkeypatch):
    trainer = Trainer(tiny("dcgan-mnist", "game_options.accumulate=4"), digits(), cpu=True)
    painted = watched(monkeypatch, trainer.players["generator"])
    assert [turn.parts for turn in trainer.game.turns(0)] == [4, 4]
    trainer.step()
    assert [len(z) for z, _ in painted] == [2] * 8


def _first_labels(trainer):
    trainer.batches.restore(0)
    return next(trainer.batches).y


def test_a_game_without_what_it_needs_is_refused():
    with pytest.raises(RecipeError, match="needs an objective"):
        Trainer(tiny("dcgan-mnist", "objective=null"), digits(), cpu=True)
    with pytest.raises(RecipeError, match="'cnn' has none"):
        Trainer(
            tiny("cnn-mnist", "game=adversarial", "game_options={}", "objective=hinge"),
            digits(),
            cpu=True,
        )
    unlabelled = replace(digits(), labels=None, class_names=())
    with pytest.raises(RecipeError, match="no labels"):
        Trainer(tiny("cgan-mnist"), unlabelled, cpu=True).step()
    with pytest.raises(RecipeError, match=r"game_options.*'shfit'.*Did you mean 'shift'"):
        Trainer(tiny("cnn-mnist", "game_options={shfit: 1}"), digits(), cpu=True)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "cyclegan-noto2fluent",
            "augment={name: ada}",
            "unpaired game does not read 'augment'; got 'ada'",
        ),
        ("pix2pix-facades", "label_smoothing=0.1", "paired game does not read 'label_smoothing'"),
        ("cyclegan-noto2fluent", "penalties=[{name: r1, weight: 1}]", "'penalties'; got 'r1'"),
        ("cyclegan-noto2fluent", "d_turns=5", "unpaired game does not read 'd_turns'; got 5"),
        ("cnn-mnist", "objective=hinge", "classification game does not read 'objective'"),
        ("cnn-mnist", "instance_noise=0.1", "does not read 'instance_noise'; got 0.1"),
        ("unet-facades", "penalties=[{name: drift, weight: 1}]", "segmentation game does not read"),
    ],
)
def test_what_a_game_does_not_read_is_refused(name, change, said):
    with pytest.raises(RecipeError, match=said):
        Trainer(tiny(name, change), digits(), cpu=True)


@pytest.mark.parametrize("name", [n for n, penalty in penalties.items() if penalty.per_image])
def test_what_is_asked_of_each_image_alone_is_not_asked_of_a_batch_norm(name):
    def trainer(norm: str) -> Trainer:
        asked = f"penalties=[{{name: {name}, weight: 1}}]"
        sized = ("data.size=16", "options.image_size=16", f"options.d_norm={norm}")
        return Trainer(tiny("dcgan-mnist", asked, *sized), digits(size=16), cpu=True)

    with pytest.raises(RecipeError, match=f"'{name}' looks at each image alone, .* batch norm"):
        trainer("batch")
    assert f"d/{name}" in trainer("layer").step()


@pytest.mark.parametrize("name", ["singan-pagoda", "semantic_pyramid-cifar10"])
def test_weights_are_clipped_or_the_recipe_is_refused(name):
    recipe = tiny(name, "penalties=[{name: weight_clipping, weight: 0.01}]")
    with pytest.raises(RecipeError, match="changes no weights in place, as 'weight_clipping'"):
        Trainer(recipe, learnt(recipe), cpu=True)


def test_weights_are_clipped_after_every_step_and_not_after_some():
    recipe = tiny("wgan-fashion", "penalties=[{name: weight_clipping, weight: 0.01, every: 4}]")
    with pytest.raises(RecipeError, match=r"'weight_clipping' .* every step; got every = 4"):
        Trainer(recipe, digits(), cpu=True)


def test_a_generator_without_styles_has_no_path_length():
    trainer = Trainer(
        tiny("dcgan-mnist", "penalties=[{name: path_length, weight: 2}]"), digits(), cpu=True
    )
    with pytest.raises(RecipeError, match="needs a generator with styles"):
        trainer.step()


def test_shifts_move_whole_pixels_and_lose_nothing_else():
    image = torch.zeros(32, 1, 8, 8)
    image[:, :, 4, 4] = 1
    moved = shifted(image, 2, Draws(0))
    spots = moved.flatten(1).argmax(1)
    assert bool((moved.sum((1, 2, 3)) == 1).all())
    rows, columns = spots // 8 - 4, spots % 8 - 4
    assert set(rows.tolist()) == set(columns.tolist()) == {-2, -1, 0, 1, 2}
