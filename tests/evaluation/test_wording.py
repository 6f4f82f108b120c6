"""Names of scores in plain English."""

from pathlib import Path

import pytest

from ganzoo.evaluation.wording import fact, plain
from ganzoo.metrics import metrics
from ganzoo.zoo import Zoo


@pytest.mark.parametrize("name", metrics)
def test_every_metric_puts_each_of_its_numbers_in_words(name):
    metric = metrics[name]
    assert metric.words.keys() == metric.yields.keys()
    for kind, words in metric.words.items():
        assert plain(f"{kind}_mnist_cnn_10k") == words
        assert "_" not in words


def test_the_longest_kind_is_meant_and_what_stands_before_is_told():
    assert plain("mode_kl_mnist_cnn_2k") == "divergence of the classes' shares"
    assert plain("eq_t_frac_1k").startswith("equivariance to shifts of parts")
    assert plain("robust_accuracy_pgd_0.1_test") == "share named right under attack"
    assert plain("level_4_fid_cifar10_cnn_pgd_2k") == "Fréchet distance at level 4"
    assert plain("back_kid_cifar10_cnn_339") == "kernel distance on the way back"
    assert plain("transfer_psnr_240").endswith("decibels of transferred dances")


def test_what_nobody_knows_keeps_its_name():
    assert plain("charm_10k") == "charm_10k"
    assert plain("isolation_10k") == "isolation_10k"  # begins with "is", and is none


def test_every_score_that_ships_is_put_in_words():
    shipped = Zoo([Path("checkpoints")])
    names = {score.name for one in shipped.names() for score in shipped.bundle(one).config.metrics}
    assert names
    assert {name for name in names if plain(name) == name} == set()


def test_entries_of_a_protocol_are_put_in_words():
    assert fact("n_real") == "real pictures"
    assert fact("network_sha256") == "SHA-256 of the network"
    assert fact("at_each_size") == "at each size"
