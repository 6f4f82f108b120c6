"""Who is told what of a picture, how far two pictures' features are apart, and what is refused."""

from dataclasses import replace

import pytest
import torch
from world import digits, tiny

from ganzoo import bundle, shelf
from ganzoo.draws import Draws
from ganzoo.errors import RecipeError, UnknownNameError
from ganzoo.games.inversion import _windows, distances
from ganzoo.training import Trainer, fit

NAME = "semantic_pyramid-cifar10"


def trainer(*changes: str, data=None) -> Trainer:
    return Trainer(tiny(NAME, *changes), data or digits(), cpu=True)


def told(count: int, *changes: str):
    """For each of many pictures, the levels that are told of it, and whether wholly."""
    game = trainer(*changes).game
    made = game._masks(count, Draws(3))  # type: ignore[attr-defined]
    return [mask.flatten(1) for mask in made]


def test_one_level_is_told_wholly_of_each_picture_each_as_often():
    some = told(4000, "game_options={windows: 0}")
    whole = torch.stack([mask.all(1) for mask in some], 1)
    assert bool((whole.sum(1) == 1).all())
    assert bool((torch.stack([mask.any(1) for mask in some], 1) == whole).all())
    torch.testing.assert_close(whole.float().mean(0), torch.full((4,), 0.25), atol=0.03, rtol=0)


def test_deeper_levels_come_oftener():
    shares = [
        mask.all(1).float().mean() for mask in told(8000, "game_options={windows: 0, deeper: 2}")
    ]
    wanted = torch.tensor([1, 2, 4, 8]) / 15
    torch.testing.assert_close(torch.stack(shares), wanted, atol=0.02, rtol=0)


def test_in_a_window_a_finer_level_is_told_too():
    some = told(2000, "game_options={windows: 1}")
    anything = torch.stack([mask.any(1) for mask in some], 1)
    whole = torch.stack([mask.all(1) for mask in some], 1)
    assert bool((anything.sum(1) <= 2).all())
    deepest = anything.int() * torch.arange(1, 5)
    assert bool(whole.gather(1, deepest.argmax(1, keepdim=True)).all())
    partly = (anything & ~whole)[:, 0]
    assert 0.3 < float(partly.float().mean()) < 0.9
    corners = some[0][partly][:, [0, -1]].all(1)  # of windows that are turned inside out
    assert 0.05 < float(corners.float().mean()) < 0.95
    assert not any((mask.any(1) & ~mask.all(1)).any() for mask in some[2:])  # these have no places


def test_windows_are_rectangles_of_a_quarter_to_three_quarters_of_a_side():
    made = _windows(torch.rand(500, 4), 32)
    for side in (made.any(2).sum(1), made.any(1).sum(1)):
        assert 7 <= side.min() <= 9
        assert 23 <= side.max() <= 25
    area = made.any(2).sum(1) * made.any(1).sum(1)
    assert torch.equal(made.sum((1, 2)), area)


def test_distances_count_only_what_is_told():
    maps, other = torch.zeros(1, 2, 2, 2), torch.zeros(1, 2, 2, 2)
    other[0, :, 0, 0] = 3.0
    mask = torch.zeros(1, 1, 2, 2)
    assert distances([maps], [other], [mask])[0].tolist() == [0]
    mask[0, 0, 0] = 1
    assert distances([maps], [other], [mask])[0].tolist() == [1.5]
    mask[0, 0, 0, 1] = 0
    assert distances([maps], [other], [mask])[0].tolist() == [3]
    vectors = torch.zeros(2, 4), torch.tensor([[1.0, -1, 1, -1], [0, 0, 0, 2]])
    assert distances([vectors[0]], [vectors[1]], [torch.ones(2, 1)])[0].tolist() == [1, 0.5]


def test_pooled_distances_forgive_a_step_aside():
    maps, other = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)
    maps[0, 0, 0, 0] = other[0, 0, 1, 1] = 1
    whole = torch.ones(1, 1, 4, 4)
    assert distances([maps], [other], [whole])[0] > 0
    assert distances([maps], [other], [whole], pool=2)[0] == 0


def test_features_like_another_pictures_cost_one():
    training = trainer()
    known = training.game.classifier.levels(digits().images(slice(0, 64)))  # type: ignore[attr-defined]
    whole = [torch.ones_like(one[:, :1]) for one in known]
    apart = distances(known, [one.roll(1, 0) for one in known], whole)
    spread = training.players["generator"].spread
    torch.testing.assert_close(
        torch.stack([one.mean() for one in apart]) / spread, torch.ones(len(known))
    )


def test_a_picture_that_is_painted_right_costs_nothing(monkeypatch):
    training = trainer("penalties=[]")
    batch = next(training.batches)
    training.batches.restore(0)
    monkeypatch.setattr(training.players["generator"], "forward", lambda z, *given: batch.image)
    first = next(iter(training.game.turns(0)))
    assert first.terms()["g/reconstruction"] == 0


def test_levels_weigh_as_they_spread_and_less_the_deeper_they_are():
    training = trainer("penalties=[]", "game_options={reconstruction: 3, fade: 0.5, pool: 1}")
    game, batch = training.game, next(training.batches)
    training.players["generator"].spread.copy_(torch.tensor([1.0, 3.0, 9.0, 27.0]))
    known = game.classifier.levels(batch.image)  # type: ignore[attr-defined]
    told = [torch.ones_like(one[:, :1]) for one in known]
    z, painted = torch.randn(8, training.recipe.options.z_dim), []
    terms = game._generator_terms(batch, known, told, z, painted, 0)  # type: ignore[attr-defined]
    found = game.classifier.levels(painted[0])  # type: ignore[attr-defined]
    apart = [one.mean() for one in distances(found, known, told)]
    wanted = 3 * (apart[0] + apart[1] / 2 / 3 + apart[2] / 4 / 9 + apart[3] / 8 / 27)
    torch.testing.assert_close(terms["g/reconstruction"], wanted)


def test_the_discriminator_judges_what_was_just_painted(monkeypatch):
    training = trainer("penalties=[]")
    painted, judged = [], []
    generator, judge = training.players["generator"], training.players["discriminator"]
    paint, see = generator.forward, judge.forward
    monkeypatch.setattr(
        generator, "forward", lambda *given: painted.append(paint(*given)) or painted[-1]
    )
    monkeypatch.setattr(judge, "forward", lambda image, y: judged.append(image) or see(image, y))
    training.step()
    assert len(painted) == 1
    assert torch.equal(judged[2], painted[0])
    assert not judged[2].requires_grad


def test_latents_must_tell_where_nothing_fine_is_told():
    assert trainer("game_options.varied=0").step()["g/mode_seeking"] > 0
    assert trainer("game_options={varied: 4}").step()["g/mode_seeking"] == 0


def test_the_classifier_stands():
    training = trainer()
    seen = training.game.classifier  # type: ignore[attr-defined]
    before = {key: value.clone() for key, value in seen.state_dict().items()}
    training.step()
    assert all(torch.equal(before[key], value) for key, value in seen.state_dict().items())


def test_the_bundle_names_the_classifier_and_its_weights(tmp_path):
    made = fit(tiny(NAME), digits(), tmp_path / "run", cpu=True)
    assert made is not None
    assert made.recipe.classifier == "cnn-cifar10"
    seen = bundle.load(shelf.find(str(tiny(NAME).classifier)))
    assert made.config.classifier.name == "cnn-cifar10"
    assert made.config.classifier.sha256 == seen.config.sha256[bundle.MODEL]
    assert bundle.load(made.folder).config == made.config


def test_a_sheet_has_as_many_columns_as_rows():
    training = trainer()
    sheet = training.game.sheet(training.shown)
    assert sheet is not None
    assert sheet.shape == (25, 1, 8, 8)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["classifier=null"], "needs a classifier"),
        (["objective=null"], "needs an objective"),
        (["d_turns=2"], "does not read 'd_turns'; got 2"),
        (["options.widths=[4, 6]"], r"\(4, 1, 1\).*the generator mirrors.*\(6, 1, 1\)"),
    ],
)
def test_what_does_not_fit_is_refused(changes, said):
    with pytest.raises(RecipeError, match=said):
        trainer(*changes)


def test_it_needs_classes_and_a_classifier_that_is_here():
    with pytest.raises(RecipeError, match="digits has no labels"):
        trainer(data=replace(digits(), labels=None, class_names=()))
    with pytest.raises(UnknownNameError, match="there is no bundle 'cnn-nowhere'"):
        trainer("classifier=cnn-nowhere")
