"""The moving average of spectrally normalised networks, batches in parts, and settled pictures."""

import pytest
import torch
from torch import nn
from world import digits, tiny

from ganzoo.errors import RecipeError
from ganzoo.layers.spectral_norm import spectral_norm
from ganzoo.training import Trainer
from ganzoo.training.ema import blend


def test_the_averages_largest_singular_value_is_one_too():
    torch.manual_seed(0)
    kept, live = spectral_norm(nn.Linear(12, 9)), spectral_norm(nn.Linear(12, 9))
    for _ in range(60):
        live.parametrizations.weight.original.data += 0.05 * torch.randn(9, 12)
        live(torch.zeros(1, 12))
        blend(kept, live, 0.9)
    largest = torch.linalg.svdvals(kept.eval().weight.detach())[0]
    assert largest.item() == pytest.approx(1, abs=0.02)


def test_a_batch_in_parts_gives_the_discriminator_the_gradient_of_the_whole(monkeypatch):
    """Its generator is in eval mode, so that no batch norm tells the parts apart."""
    weights = []
    for parts in (1, 4):
        changes = [
            f"game_options.accumulate={parts}",
            "optimizer=sgd",
            "lr=0.001",
            "betas=[0.5, 0.999]",
        ]
        trainer = Trainer(tiny("sngan-fashion", *changes), digits(), cpu=True)
        trainer.players.eval()
        z, y = torch.randn(8, 8, generator=torch.Generator().manual_seed(1)), torch.arange(8)
        shares = zip(z.chunk(parts), y.chunk(parts), strict=True)
        monkeypatch.setattr(trainer.game, "_latents", lambda _, shares=shares: next(shares))
        turn = next(iter(trainer.game.turns(0)))
        trainer._play(turn, 1.0)
        judge = trainer.players["discriminator"]
        weights.append(torch.cat([p.detach().flatten() for p in judge.parameters()]))
    torch.testing.assert_close(*weights, atol=1e-6, rtol=1e-5)


def test_parts_must_share_a_batch_evenly():
    with pytest.raises(RecipeError, match="a batch of 8 cannot be worked through in 3"):
        Trainer(tiny("sngan-fashion", "game_options.accumulate=3"), digits(), cpu=True)


def test_the_shown_networks_statistics_are_measured_before_it_is_looked_at():
    trainer = Trainer(tiny("biggan-fashion"), digits(), cpu=True)
    trainer.step()
    running = trainer.shown.norm.running_var.clone()
    trainer.settle()
    settled = trainer.shown.norm.running_var.clone()
    trainer.settle()
    assert not torch.equal(running, settled)
    assert torch.equal(trainer.shown.norm.running_var, settled)
    weight = next(trainer.shown.parameters())
    assert weight.isfinite().all()
