"""The Two worlds tab: its maps, what they say, and its endpoint."""

import re
from dataclasses import replace

import pytest
from gradio_client import Client
from served import serving
from shelf import hang
from world import digits

from ganzoo import bundle
from ganzoo.errors import InputError
from ganzoo.evaluation.domains import atlas, write
from ganzoo.gallery.tabs import domains
from ganzoo.zoo import Zoo

NAME = "dann-mnist_m"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worlds")
    hang(folder, "source_only-mnist_m", "data.name=mnist_mnist_m")
    made = hang(folder, NAME, "data.name=mnist_mnist_m")
    scores = [
        bundle.Score(name=f"accuracy_{name}_test", value=value, better="higher", protocol={"n": 1})
        for name, value in (("mnist_m", 0.75), ("mnist", 0.875))
    ]
    made = bundle.rewrite(made, metrics=tuple(scores))
    black = digits(40)
    white = replace(black, pictures=255 - black.pictures, inputs=None)
    write(made, atlas(made, {"mnist_m": white, "mnist": black}, 30))
    return folder


@pytest.fixture(scope="module")
def zoo(shelf) -> Zoo:
    return Zoo([shelf])


def test_every_picture_is_drawn_as_its_digit_in_the_colour_of_its_world(zoo):
    html = domains.draw_map(zoo, NAME, "all")
    found = domains.atlas(zoo.bundle(NAME))
    groups = re.findall(r'<g class="world w\d">(.*?)</g>', html)
    for group, domain in zip(groups, found.domains, strict=True):
        drawn = re.findall(r'<text x="(\d+)" y="(\d+)">(\d)</text>', group)
        wanted = zip(domain.x, domain.y, domain.labels, strict=True)
        assert [tuple(map(int, one)) for one in drawn] == list(wanted)
    assert "MNIST: <b>87.5%</b> named right" in html
    assert f"<b>{found.told_apart:.1%}</b> of 60 pictures; 50% is chance" in html


def test_other_digits_fade(zoo):
    html = domains.draw_beside(zoo, NAME, "3")
    faint = re.findall(r'class="faint">(\d)<', html)
    clear = re.findall(r'y="\d+">(\d)<', html)
    assert "3" not in faint
    assert set(clear) == {"3"}
    assert len(faint) + len(clear) == 60


def test_a_classifier_without_a_map_says_how_to_draw_one(zoo):
    with pytest.raises(InputError, match="ganzoo domains source_only-mnist_m --write draws it"):
        domains.draw_map(zoo, "source_only-mnist_m", "all")


def test_programs_get_places_and_shares(shelf, tmp_path):
    with serving(shelf) as served:
        told = Client(served, verbose=False, download_files=tmp_path).predict(
            NAME, api_name="/domains"
        )
    assert told["accuracy"] == {"mnist_m": 0.75, "mnist": 0.875}
    assert len(told["places"]) == 60
    assert {place["domain"] for place in told["places"]} == {"mnist", "mnist_m"}
