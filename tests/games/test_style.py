"""Mixing regularisation: how many images have two styles, and where the second begins."""

import pytest
import torch
from world import digits, tiny

from ganzoo.errors import RecipeError
from ganzoo.layers.noise import AddNoise
from ganzoo.training import Trainer


def test_a_share_of_the_images_has_two_styles_and_any_layer_may_be_the_first_of_the_second():
    game = Trainer(tiny("stylegan2-fashion", "game_options.mixing=0.5"), digits(), cpu=True).game
    count, layers = 6000, 6
    mixed = game._mixed(torch.zeros(count, layers, 1), torch.ones(count, layers, 1), layers)[..., 0]  # type: ignore[attr-defined]
    assert torch.equal(mixed.cummax(1).values, mixed)  # once the second style, always
    assert not mixed[:, 0].any()
    late = mixed.sum(1)
    shares = [float((late == k).float().mean()) for k in range(layers)]
    assert shares == pytest.approx([0.5, *[0.1] * 5], abs=0.02)


@pytest.mark.parametrize(("level", "used"), [(0.0, 2), (0.5, 4), (1.0, 4)])
def test_while_it_grows_styles_are_mixed_among_the_layers_that_paint(monkeypatch, level, used):
    trainer = Trainer(
        tiny("stylegan-fashion", "game_options={start: 4, mixing: 1}"), digits(), cpu=True
    )
    trainer.game.level = level
    next(trainer.game.turns(0))
    generator, seen = trainer.players["generator"], []
    paint = generator.synthesis.forward
    monkeypatch.setattr(
        generator.synthesis, "forward", lambda w, noise: (seen.append(w), paint(w, noise))[1]
    )
    trainer.game._paint(torch.randn(64, trainer.recipe.options.z_dim), None)
    alike = (seen[0] == seen[0][:, :1]).all(2)
    assert bool((alike[:, :used].sum(1) < used).all())


def test_noise_is_drawn_anew_at_each_turn():
    trainer = Trainer(tiny("stylegan2-fashion", "game_options.mixing=0"), digits(), cpu=True)
    for module in trainer.players["generator"].modules():
        if isinstance(module, AddNoise):
            torch.nn.init.ones_(module.strength)
    z, y = torch.randn(2, trainer.recipe.options.z_dim), torch.tensor([3, 7])
    once, again = (trainer.game._paint(z, y) for _ in range(2))  # type: ignore[attr-defined]
    assert not torch.equal(once, again)


@pytest.mark.parametrize("name", ["progan-fashion", "stylegan-fashion"])
def test_what_grows_is_told_no_class(name):
    with pytest.raises(RecipeError, match="num_classes = 10"):
        tiny(name, "options.num_classes=10")


@pytest.mark.parametrize(
    ("name", "game"), [("progan-fashion", "progressive"), ("dcgan-mnist", "style")]
)
def test_what_has_no_styles_mixes_none(name, game):
    with pytest.raises(RecipeError, match=r"has no styles to mix: .*mixing; got 0\.5"):
        Trainer(tiny(name, f"game={game}", "game_options.mixing=0.5"), digits(), cpu=True)
    assert Trainer(tiny(name, f"game={game}", "game_options.mixing=0"), digits(), cpu=True).step()
