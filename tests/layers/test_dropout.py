"""Dropout that is drawn from a seed: by one caller and nobody else."""

from threading import Thread

import torch
from torch import nn

from ganzoo.layers.dropout import Dropout, drawn, is_drawn


def test_asleep_it_changes_nothing_and_in_training_it_is_torchs():
    image, ours, theirs = torch.randn(4, 3, 5, 5), Dropout(0.5), nn.Dropout(0.5)
    assert torch.equal(ours.eval()(image), image)
    torch.manual_seed(3)
    wanted = theirs(image)
    torch.manual_seed(3)
    torch.testing.assert_close(ours.train()(image), wanted)


def test_a_seed_wakes_it_and_keeps_the_mean():
    image, layer = torch.ones(1, 1, 200, 200), Dropout(0.25).eval()
    with drawn(7):
        made = layer(image)
    torch.testing.assert_close(made.unique(), torch.tensor([0.0, 4 / 3]))
    assert abs(float((made == 0).float().mean()) - 0.25) < 0.01


def test_the_same_seed_drops_the_same_whatever_luck_the_process_has():
    image, layer, found = torch.ones(2, 8, 4, 4), Dropout(0.5).eval(), []
    for seed in (7, 7, 8):
        before = torch.get_rng_state()
        with drawn(seed):
            found.append((layer(image), layer(image)))
        assert torch.equal(torch.get_rng_state(), before)
        torch.rand(1)
    assert all(map(torch.equal, found[0], found[1]))
    assert not torch.equal(found[0][0], found[2][0])
    assert not torch.equal(*found[0]), "layers, and calls, draw on"


def test_others_notice_nothing():
    image, layer, seen = torch.ones(1, 1, 4, 4), Dropout(0.5).eval(), []

    def other() -> None:
        seen.extend([is_drawn(), torch.equal(layer(image), image)])

    with drawn(7):
        thread = Thread(target=other)
        thread.start()
        thread.join()
        assert is_drawn()
    assert seen == [False, True]
    assert not is_drawn()
