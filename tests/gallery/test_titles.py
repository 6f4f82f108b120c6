"""What bundles are called in a list."""

import pytest
from shelf import exhibit

from ganzoo import bundle
from ganzoo.errors import UnknownNameError
from ganzoo.gallery.address import Model
from ganzoo.gallery.titles import titles
from ganzoo.zoo import Zoo


def test_a_list_names_method_and_data_those_of_the_same_data_together(tmp_path):
    for name, data in (("wgan_gp-mnist", "mnist"), ("gan-mnist", "mnist"), ("dcgan-fashion", "")):
        made = exhibit(tmp_path, name)
        told = made.config.data
        assert told is not None
        title = "MNIST" if data else "Clothes"
        bundle.rewrite(made, data=told.model_copy(update={"title": title}))
    zoo = Zoo([tmp_path])
    assert titles(map(zoo.bundle, zoo.names())) == (
        ("DCGAN · Clothes", "dcgan-fashion"),
        ("GAN · MNIST", "gan-mnist"),
        ("WGAN-GP · MNIST", "wgan_gp-mnist"),
    )


def test_two_that_would_be_called_alike_bear_their_names(tmp_path):
    made = [exhibit(tmp_path, name) for name in ("gan-mnist", "dcgan-mnist", "dcgan-fashion")]
    labels = [label for label, _ in titles(made)]
    data = made[0].config.data.title
    assert labels == [
        f"GAN · {data}",
        f"DCGAN · {data} (dcgan-fashion)",
        f"DCGAN · {data} (dcgan-mnist)",
    ]


def test_a_choice_shows_labels_first_and_then_what_has_none():
    control = Model(titles=(("GAN · MNIST", "gan-mnist"),)).among(["gan-mnist", "other"])
    assert control.show("other").choices == [("GAN · MNIST", "gan-mnist"), ("other", "other")]
    assert control.read("gan-mnist") == control.read("GAN · MNIST") == "gan-mnist"
    with pytest.raises(UnknownNameError, match="there is no model 'GAN · MNST' here"):
        control.read("GAN · MNST")
