"""Every action as a named endpoint, called as a program would: with gradio_client."""

import numpy as np
import pytest
from gradio_client.exceptions import AppError
from PIL import Image as Pillow

from ganzoo import images
from ganzoo.zoo import Zoo


def test_sample_returns_the_sheet_of_the_seeds(client, shelf):
    done = client.predict("dcgan-mnist", 7, 9, None, api_name="/sample")
    wanted = images.grid(images.to_pictures(Zoo([shelf]).model("dcgan-mnist").sample(7, 9)))
    assert np.array_equal(np.asarray(Pillow.open(done["sheet"])), wanted[:, :, 0])
    assert done["seeds"] == list(range(7, 16))
    assert len(done["verdicts"]) == 9
    assert done["classes"] == []


def test_a_class_can_be_asked_for(client):
    done = client.predict(model="cgan-mnist", seed=1, count=4, y=3, api_name="/sample")
    assert done["classes"] == ["3"] * 4


def test_what_is_left_out_has_defaults(client):
    assert len(client.predict(model="gan-mnist", api_name="/sample")["seeds"]) == 16


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("dcgan-mnits", 1, 4, None), "no model 'dcgan-mnits' here. Did you mean 'dcgan-mnist'?"),
        (("dcgan-mnist", "abc", 4, None), "seed is a whole number from 0 to 4294967295; got 'abc'"),
        (("dcgan-mnist", 1.5, 4, None), "seed is a whole number"),
        (("dcgan-mnist", 1, 0, None), "count is a whole number from 1 to 144; got 0"),
        (("dcgan-mnist", 1, 1_000_000, None), "count is a whole number from 1 to 144; got 1000000"),
        (("dcgan-mnist", 1, 4, 3), "knows no classes"),
        (("cgan-mnist", 1, 4, 12), "a class is 0 to 9; got 12"),
    ],
)
def test_mistakes_are_answered_in_plain_words(client, arguments, sentence):
    with pytest.raises(AppError) as answer:
        client.predict(*arguments, api_name="/sample")
    assert sentence in str(answer.value)
    assert client.predict("dcgan-mnist", 7, 1, None, api_name="/sample")["seeds"] == [7]


def test_every_endpoint_says_what_it_does(client):
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert "/sample" in named
    for endpoint in named.values():
        assert len(endpoint["description"]) > 40
