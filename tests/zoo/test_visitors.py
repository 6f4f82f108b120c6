"""One visitor's picture does not depend on what others ask for at the same moment."""

from threading import Thread

import pytest
import torch
from shelf import hang

from ganzoo.layers.dropout import Dropout, is_drawn
from ganzoo.zoo import Model

WIDE = ("options.g_downs=6", "options.image_size=64", "data.size=64")
GIVEN = torch.rand(1, 1, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.fixture
def model(tmp_path) -> Model:
    return Model(hang(tmp_path, "pix2pix-edges2cats", "options.g_dropout=true", *WIDE))


def test_a_calm_answer_stays_calm_while_another_is_drawn(model):
    calm, fifth = model.translate(GIVEN), model.translate(GIVEN, seed=5)
    assert not torch.equal(calm, fifth)
    meanwhile = []

    def another(*_: object) -> None:
        if is_drawn() and not meanwhile:
            meanwhile.append("asked")
            thread = Thread(target=lambda: meanwhile.append(model.translate(GIVEN)))
            thread.start()
            thread.join()

    for layer in model.prepared().modules():
        if isinstance(layer, Dropout):
            layer.register_forward_pre_hook(another)
    assert torch.equal(model.translate(GIVEN, seed=5), fifth)
    assert torch.equal(meanwhile[1], calm)
