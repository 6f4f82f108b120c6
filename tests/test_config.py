"""Recipes: what is read, what is refused, and in which words."""

import pytest

from ganzoo import config
from ganzoo.errors import RecipeError


def test_every_shipped_recipe_is_sound_and_named_after_its_method_and_data():
    assert "dcgan-mnist" in config.names()
    for name in config.names():
        recipe = config.load(name)
        assert recipe.name == name
        assert name.partition("-")[2] in {
            "mnist", "fashion", "cifar10", "cats", "flowers", "emoji", "facades", "digits",
            "edges2cats", "lineart2emoji", "flat2emoji", "noto2fluent", "pagoda", "mnist_m",
            "puppets",
        }  # fmt: skip
        assert recipe.paper.nickname


def test_a_recipe_survives_json():
    recipe = config.load("wgan_gp-mnist")
    assert config.parse(recipe.model_dump(mode="json")) == recipe


def test_the_classics_share_one_budget():
    classics = [f"{method}-fashion" for method in ("dcgan", "lsgan", "wgan", "wgan_gp", "r1")]
    budgets = {(r.kimg, r.batch_size, r.data) for r in map(config.load, classics)}
    assert len(budgets) == 1


def test_a_recipe_shows_its_architecture_where_nothing_is_said():
    raw = config.read("wgan_gp-mnist")
    assert config.parse(raw).shows == "penalties/gradient_penalty"
    del raw["shows"]
    assert config.parse(raw).shows == "architectures/dcgan"


def test_images_are_sized_like_the_data():
    recipe = config.load("dcgan-mnist", ["data.size=64", "data.channels=3"])
    assert (recipe.options.image_size, recipe.options.image_channels) == (64, 3)


def test_overrides_reach_inside_and_leave_the_original_alone():
    raw = config.read("dcgan-mnist")
    changed = config.override(raw, ["options.z_dim=7", "kimg=0.5", "lr={generator: 1, x: 2}"])
    assert changed["options"]["z_dim"] == 7
    assert changed["kimg"] == 0.5
    assert changed["lr"] == {"generator": 1, "x": 2}
    assert raw == config.read("dcgan-mnist")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["kimgs=3"], "'kimgs'.*Did you mean 'kimg'"),
        (["options.base_chanels=3"], "'base_chanels'.*Did you mean 'base_channels'"),
        (["data.sise=3"], "'data.sise'.*Did you mean 'size'"),
        (["architecture=dcgann"], "'dcgann'.*Did you mean 'dcgan'"),
        (["objective=hinges"], "'hinges'.*Did you mean 'hinge'"),
        (["penalties=[{name: r11, weight: 1}]"], "'r11'.*Did you mean 'r1'"),
        (["data.name=mnits"], "'mnits'.*Did you mean 'mnist'"),
        (["shows=architectures/dcgam"], "'dcgam'.*Did you mean 'dcgan'"),
        (["shows=papers/dcgan"], "'papers' is no folder"),
        (["kimg=-1"], "kimg = -1: expected at least 0$"),
        (["kimg=lots"], "kimg = 'lots': expected a number$"),
        (["lr=.nan"], "lr = nan: a learning rate is a finite number"),
        (["lr=lots"], "dcgan-mnist: lr = 'lots': expected a number, or one for each player$"),
        (["lr={generator: lots}"], "lots.*: expected a number, or one for each player$"),
        (["penalties=r1"], "penalties = 'r1': expected a list$"),
        (["augment=ada"], "augment = 'ada': expected keys and values$"),
        (["options.z_dim=0"], "^dcgan-mnist: options: z_dim = 0: expected at least 1$"),
        (["data.size=wide"], "^dcgan-mnist: data.size = 'wide': expected a whole number$"),
        (["data.channels=2"], "data.channels = 2: expected 1 or 3$"),
        (["schedule=often"], "expected 'constant', 'linear', 'cosine' or 'inverse'$"),
        (["name=größe"], "name = 'größe': a name is of letters from a to z"),
        (["lr=-0.1"], r"lr = -0\.1: a learning rate is a finite number, at least 0"),
        (
            ["lr={generator: 0.1, discriminator: -0.1}"],
            "a learning rate is a finite number, at least 0",
        ),
        (["lr={generator: 0.1, jugde: 0.1}"], "no player 'jugde'. Known: discriminator, generator"),
        (["betas=[1, 0.9]"], "betas.0 = 1: expected less than 1"),
        (["penalties=[{name: r1, weight: -1}]"], "weight = -1: expected at least 0"),
        (
            ["penalties=[{name: r1, weight: 1}, {name: drift, weight: 1}, {name: r1, weight: 2}]"],
            "'r1' is asked for twice",
        ),
        (["options.image_size=64"], "options.image_size is 64, but the data's is 32"),
        (["objective=hinge", "label_smoothing=0.1"], "'hinge' has no labels to smooth"),
        (["data.title=Mine"], "mnist has a title of its own; say it of your own pictures"),
        (["data.name=folder", "data.url=ftp://x"], "an address begins with https://"),
        (["data.name=folder", f"data.title={'x' * 201}"], "one line of at most 200 characters"),
        (
            ["optimizer=rmsprop", "betas=[0.5, 0.9]"],
            "betas are Adam's, and the optimizer is rmsprop",
        ),
        (["optimizer=sgd", "betas=[0.5, 0.9]"], "of sgd only the first of betas counts"),
        (["name=../escape"], "name"),
        (["kimg"], "expected key=value, got 'kimg'"),
        (["=3"], "expected key=value"),
        (
            ["penalties=[{name: r1"],
            r"^the value in 'penalties=\[\{name: r1' is not YAML: while parsing",
        ),
        (["name=2026-13-01"], "^the value in 'name=2026-13-01' is not YAML: month must be"),
    ],
)
def test_bad_values_are_quoted_and_mended(changes, said):
    with pytest.raises(RecipeError, match=said):
        config.load("dcgan-mnist", changes)


def test_a_network_without_styles_is_told_none():
    with pytest.raises(RecipeError, match="'w_dim'"):
        config.load("progan-fashion", ["options.w_dim=64"])


def test_unknown_recipes_get_suggestions(tmp_path):
    with pytest.raises(RecipeError, match="Did you mean 'dcgan-mnist'"):
        config.load("dcgan-mnits")
    with pytest.raises(RecipeError, match=r"no recipe file .*mine\.yaml"):
        config.load(tmp_path / "mine.yaml")


@pytest.mark.parametrize("text", ["just words", "[1, 2]", "a: [", ""])
def test_files_that_are_no_recipes_are_refused(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(RecipeError, match="mine"):
        config.load(path)


def test_a_rate_is_one_for_all_or_one_each():
    assert config.load("dcgan-mnist").rate("generator") == 2e-4
    each = config.load("dcgan-mnist", ["lr={generator: 0.1, discriminator: 0.4}"])
    assert each.rate("discriminator") == 0.4
    with pytest.raises(RecipeError, match="nothing of 'judge'; it names generator"):
        each.rate("judge")


def test_a_recipe_is_text(tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_bytes("name: Zoë".encode("latin-1"))
    with pytest.raises(RecipeError, match=r"odd.yaml is not text in UTF-8"):
        config.read(path)
