"""Bundles side by side: only what one protocol made shares a column."""

from shelf import hang

from ganzoo import bundle
from ganzoo.evaluation.comparison import columns
from ganzoo.record import Score


def score(value, name="fid_x_10k", deviation=0.1, better="lower", **changes):
    told = {"n_real": 10_000, "n_fake": 10_000, "repeats": 3, "deviation_over": "repeats"}
    return Score(
        name=name, value=value, deviation=deviation, better=better, protocol=told | changes
    )


def kept(shelf, name, *scores):
    made = hang(shelf, "dcgan-mnist", f"name={name}", players=("generator",))
    return bundle.rewrite(made, metrics=scores)


def test_the_best_leads_and_ties_are_told(shelf):
    bundles = [
        kept(shelf, "a", score(10), score(0.9, "recall_x_10k", 0.01, "higher")),
        kept(shelf, "b", score(10.2), score(0.5, "recall_x_10k", 0.01, "higher")),
        kept(shelf, "c", score(20)),
    ]
    fid, recall = columns(bundles)
    assert (fid.title, fid.best, fid.better) == ("fid_x_10k", "a", "lower")
    assert [fid.tied(name) for name in "abc"] == [True, True, False]
    assert (recall.best, recall.tied("b")) == ("a", False)
    assert list(recall.scores) == ["a", "b"]


def test_other_protocols_stand_apart(shelf):
    bundles = [
        kept(shelf, "a", score(10, network="x", network_sha256="aaaa")),
        kept(shelf, "b", score(5, network="x", network_sha256="bbbb")),
        kept(shelf, "c", score(7, network="x", network_sha256="aaaa", ganzoo="9.9")),
    ]
    first, second = columns(bundles)
    assert (first.title, list(first.scores)) == ("fid_x_10k (network_sha256 aaaa)", ["a", "c"])
    assert (second.title, list(second.scores)) == ("fid_x_10k (network_sha256 bbbb)", ["b"])


def test_reals_of_another_seed_stand_apart_unless_they_are_all(shelf):
    some = [kept(shelf, name, score(10, seed=seed)) for name, seed in (("a", 0), ("b", 7))]
    assert [column.title for column in columns(some)] == [
        "fid_x_10k (seed 0)",
        "fid_x_10k (seed 7)",
    ]
    told = {"n_split": 10_000}
    whole = [kept(shelf, name, score(10, seed=s, **told)) for name, s in (("c", 0), ("d", 7))]
    assert [column.title for column in columns(whole)] == ["fid_x_10k"]
    alone = [kept(shelf, name, score(9, n_real=None, seed=s)) for name, s in (("e", 0), ("f", 7))]
    assert len(columns(alone)) == 1


def test_kernel_distances_of_pairs_stand_apart_from_those_with_their_own(shelf):
    bundles = [
        kept(shelf, "a", score(1, "kid_x_106")),
        kept(shelf, "b", score(2, "kid_x_106", cross_term="other pairs")),
    ]
    assert [column.title for column in columns(bundles)] == [
        "kid_x_106 (cross_term None)",
        "kid_x_106 (cross_term other pairs)",
    ]


def test_classifiers_are_judged_themselves_and_share_a_column(shelf):
    def accuracy(value, **changes):
        told = {"n_real": 10_000, "deviation_over": "images", **changes}
        return Score(
            name="accuracy_test", value=value, deviation=0.01, better="higher", protocol=told
        )

    (column,) = columns([
        kept(shelf, "a", accuracy(0.9, network_sha256="aaaa")),
        kept(shelf, "b", accuracy(0.8, network_sha256="bbbb")),
    ])  # fmt: skip
    assert (column.title, column.best, column.tied("b")) == ("accuracy_test", "a", False)
    assert len(columns([
        kept(shelf, "c", accuracy(0.5, steps=20)), kept(shelf, "d", accuracy(0.4, steps=40)),
    ])) == 2  # fmt: skip


def test_only_some_kinds(shelf):
    made = kept(shelf, "a", score(1), score(2, "fidelity_x_10k"), score(3, "mode_kl_x_10k"))
    assert [column.title for column in columns([made], ["fid", "mode-kl"])] == [
        "fid_x_10k",
        "mode_kl_x_10k",
    ]
