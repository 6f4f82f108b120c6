"""Beginning with a bundle's weights: what goes on, what is new, and what cannot be."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as Pillow
from torch import nn
from world import digits, tiny

from ganzoo import bundle
from ganzoo.errors import BundleError, TrainingError
from ganzoo.record import Provenance, Score
from ganzoo.training import Start, Trainer, fit


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    run = tmp_path_factory.mktemp("run")
    scores = iter([3.0, 1.0, 2.0, 2.5])
    made = fit(tiny("dcgan-mnist"), digits(), run, watch=watching(scores), cpu=True,
               snapshot_kimg=0.008)  # fmt: skip
    assert made
    assert made.config.cost
    return bundle.rewrite(made, cost=made.config.cost.model_copy(update={"seconds": 60.0}))


def watching(values):
    def watch(shown: nn.Module) -> tuple[Score, ...]:
        return (Score(name="made_up", value=next(values)),)

    return watch


def equal(one: nn.Module, other: nn.Module) -> bool:
    theirs = other.state_dict()
    return all(torch.equal(value, theirs[key]) for key, value in one.state_dict().items())


def longer(*changes: str):
    return tiny("dcgan-mnist", "kimg=0.048", *changes)


def further(made: bundle.Bundle, folder: Path, scores: list[float]) -> bundle.Bundle:
    """The bundle after a longer training, whose snapshots are scored like this."""
    again = fit(longer(), digits(), folder, start=Start.of(made, longer(), digits()),
                watch=watching(iter(scores)), snapshot_kimg=0.008, cpu=True)  # fmt: skip
    assert again
    return again


def test_the_same_recipe_and_images_go_on(made):
    start = Start.of(made, longer(), digits())
    assert (start.continued, start.fresh) == (True, ())
    assert start.kimg == 0.016  # of the best moment, whose weights the bundle holds
    assert [point.kimg for point in start.curve] == [0.008]
    assert str(start) == "goes on with dcgan-mnist, from 0.016 kimg"
    trainer = Trainer(longer(), digits(), cpu=True)
    start.apply(trainer)
    assert (trainer.kimg, trainer.steps) == (0.016, 2)
    assert equal(trainer.players["generator"], made.network())
    assert equal(trainer.averages["generator"], made.network())
    assert equal(trainer.players["discriminator"], made.network("discriminator"))


def test_a_rate_may_fall_at_the_end_of_a_training_that_goes_on(made):
    recipe = longer("schedule=linear")
    start = Start.of(made, recipe, digits())
    assert (start.continued, start.kimg) == (True, 0.016)
    trainer = Trainer(recipe, digits(), cpu=True)
    start.apply(trainer)
    while trainer.kimg < 0.04:  # of 0.048
        trainer.step()
    rate = trainer.optimizers["generator"].param_groups[0]["lr"]
    assert 0 < rate < recipe.rate("generator")


def test_steps_of_several_turns_are_counted_as_they_were(tmp_path):
    """A step with two discriminator turns takes two batches of reals."""
    made = fit(tiny("dcgan-mnist", "d_turns=2"), digits(), tmp_path, cpu=True)
    assert made
    recipe = longer("d_turns=2", "kimg=0.064")
    trainer = Trainer(recipe, digits(), cpu=True)
    Start.of(made, recipe, digits()).apply(trainer)
    assert (trainer.kimg, trainer.steps) == (0.032, 2)
    trainer.step()
    assert (trainer.kimg, trainer.steps) == (0.048, 3)


def test_a_continued_run_adds_to_curve_cost_and_film(made, tmp_path):
    again = further(made, tmp_path, [1.1, 5.0, 0.5, 7.0, 8.0])
    points = [(point.kimg, point.values["made_up"]) for point in again.config.curve]
    assert points == [(0.008, 3), (0.016, 1.1), (0.024, 5), (0.032, 0.5), (0.04, 7), (0.048, 8)]
    assert again.config.cost
    assert (again.config.cost.kimg, again.config.cost.best_kimg) == (0.048, 0.032)
    assert again.config.cost.steps == 6
    assert again.config.cost.seconds >= 60
    begun = again.config.beginning
    assert begun
    assert begun.continued
    assert begun.sha256 == made.config.sha256["model.safetensors"]
    with (
        Pillow.open(made.folder / "film.webp") as film,
        Pillow.open(again.folder / "film.webp") as whole,
    ):
        assert getattr(film, "n_frames") == 5  # noqa: B009 - Pillow's stubs do not know it
        assert getattr(whole, "n_frames") == 4 + 5  # noqa: B009
        np.testing.assert_array_equal(np.asarray(film), np.asarray(whole))


def test_a_bundle_whose_further_training_is_worse_keeps_its_weights(made, tmp_path):
    again = further(made, tmp_path, [1.0, 5.0, 6.0, 7.0, 8.0])
    assert again.config.cost
    assert again.config.cost.best_kimg == 0.016
    weights, kept = made.network().state_dict(), again.network().state_dict()
    trained = [key for key, _ in made.network().named_parameters()]
    assert all(torch.equal(weights[key], kept[key]) for key in trained)


def test_an_interrupted_run_remembers_how_it_began(made, tmp_path):
    start = Start.of(made, longer("kimg=0.024"), digits())
    fit(longer("kimg=0.024"), digits(), tmp_path, start=start, cpu=True)
    again = fit(longer(), digits(), tmp_path, resume=True, cpu=True)
    assert again
    assert again.config.beginning == start.record


@pytest.mark.parametrize("change", ["seed=5", "lr=0.1", "ema=0.5", "data.flip=true"])
def test_another_recipe_begins_anew_with_the_weights(made, change):
    start = Start.of(made, longer(change), digits())
    assert (start.continued, start.kimg, start.seconds, start.curve) == (False, 0, 0, [])
    assert str(start) == "begins with the weights of dcgan-mnist"
    trainer = Trainer(longer(change), digits(), cpu=True)
    start.apply(trainer)
    assert trainer.steps == trainer.kimg == 0
    assert equal(trainer.players["generator"], made.network())


def test_other_images_are_something_new(made, tmp_path):
    others = digits(32)
    start = Start.of(made, longer(), others)
    assert not start.continued
    again = fit(longer(), others, tmp_path, start=start, cpu=True)
    assert again
    assert again.config.beginning
    assert not again.config.beginning.continued
    assert again.config.beginning.licences == (made.config.data.licence,)
    assert again.config.cost
    assert again.config.cost.kimg == pytest.approx(0.048)


def test_what_fits_nowhere_begins_at_random(made):
    wider = longer("options.z_dim=5")
    start = Start.of(made, wider, digits())
    assert start.fresh
    assert all(name.startswith("generator.") for name in start.fresh)
    assert f"{len(start.fresh)} fit nowhere and begin at random: {start.fresh[0]}" in str(start)
    trainer = Trainer(wider, digits(), cpu=True)
    random = {k: v.clone() for k, v in trainer.players.state_dict().items()}
    start.apply(trainer)
    theirs = made.network().state_dict()
    for name, value in trainer.players["generator"].state_dict().items():
        whole = f"generator.{name}"
        assert torch.equal(value, random[whole] if whole in start.fresh else theirs[name])


def test_a_bundle_of_weights_from_elsewhere_hands_its_licence_on(made, tmp_path):
    source = Provenance(format="f", source="s", sha256="0", repository="r", licence="NC only")
    imported = bundle.write(tmp_path / "imported", made.recipe, {"generator": made.network()},
                            provenance=source)  # fmt: skip
    start = Start.of(imported, longer(), digits())
    assert start.record.licences == ("NC only",)
    assert not start.continued
    assert all(name.startswith("discriminator.") for name in start.fresh)


def test_starts_that_cannot_be(made, tmp_path):
    with pytest.raises(TrainingError, match="is a dcgan, this recipe trains a gan"):
        Start.of(made, tiny("gan-mnist"), digits())
    with pytest.raises(TrainingError, match=r"been shown 0.016 of 0.016 kimg.*--set kimg"):
        Start.of(made, longer("kimg=0.016"), digits())
    start = Start.of(made, longer(), digits())
    with pytest.raises(TrainingError, match="not both"):
        fit(longer(), digits(), tmp_path, start=start, resume=True, cpu=True)


def test_weights_that_were_tampered_with_are_refused(made, tmp_path):
    copied = bundle.write(tmp_path / "bad", made.recipe, {"generator": made.network()},
                          data=made.config.data)  # fmt: skip
    (copied.folder / "model.safetensors").write_bytes(b"0" * 64)
    start = Start.of(copied, longer(), digits())
    with pytest.raises(BundleError, match="vouches for"):
        start.apply(Trainer(longer(), digits(), cpu=True))
