"""Robustness curves: intervals, shapes, what is kept, and what ships."""

from pathlib import Path

import pytest
import torch
from world import digits

from ganzoo import bundle
from ganzoo.data import Dataset
from ganzoo.errors import BundleError, InputError, MetricError
from ganzoo.evaluation import robustness, subject
from ganzoo.evaluation.robustness_trials import Trial, drawn, measure, trials
from ganzoo.hub import robust_table, table

ROOT = Path(__file__).parents[2]
RADII = (0.0, 0.05, 0.15, 0.4)
PLAN = (
    Trial("fgsm", "linf", RADII),
    Trial("pgd", "linf", RADII, (("steps", 4),)),
    Trial("pgd", "linf", RADII, (("steps", 4),), transfer=True),
    Trial("universal", "linf", RADII, (("steps", 4),)),
    Trial("smallest_fgsm", "linf", RADII),
    Trial("carlini_wagner", "l2", RADII, (("rounds", 2), ("steps", 20), ("lr", 0.05)), share=0.2),
)


@pytest.fixture(scope="session")
def found(trained):
    return measure(trained, digits(100), digits(200), PLAN, count=40, sibling=trained)


def curve(found, attack, moved=False):
    return next(
        c for c in found.curves if c.attack == attack and (c.crafted_on is not None) == moved
    )


def test_every_trial_gives_a_curve_that_starts_at_the_clean_accuracy(found, trained):
    image, y = drawn(digits(100), 40, 0)
    network = trained.network()
    clean = (network(2 * image - 1).argmax(1) == y).float().mean().item()
    assert len(found.curves) == len(PLAN)
    for one in found.curves:
        assert one.epsilon == RADII
        if one.count == 40:
            assert one.accuracy[0] == pytest.approx(clean, abs=1e-6)
    assert curve(found, "carlini_wagner").count == 8
    assert clean > 0.5
    assert found.split == "test"
    one = measure(trained, digits(100), digits(100), PLAN[:1], count=9, split="train")
    assert one.split == "train"


def test_nested_and_minimal_curves_fall_and_the_attack_bites(found):
    for name in ("pgd", "smallest_fgsm", "carlini_wagner"):
        shares = curve(found, name).accuracy
        assert list(shares) == sorted(shares, reverse=True)
    assert curve(found, "pgd").accuracy[-1] < 0.3 < curve(found, "pgd").accuracy[0]


def test_what_was_fooled_within_a_smaller_ball_is_not_asked_again(trained):
    asked = []
    plan = (Trial("pgd", "linf", (0.0, 0.4, 0.5), (("steps", 2),)),)
    measure(trained, digits(100), digits(100), plan, count=40, tell=lambda w, n, t: asked.append(n))
    assert asked[0] == 40
    assert all(later <= 40 for later in asked)
    assert sum(asked) < 120


def test_a_transfer_to_itself_is_the_attack_itself(found):
    shares = curve(found, "pgd", moved=True).accuracy
    assert shares[1] == pytest.approx(curve(found, "pgd").accuracy[1], abs=0.06)
    assert curve(found, "pgd", moved=True).crafted_on == found.network


def test_the_smallest_changes_have_a_median(found):
    median = curve(found, "smallest_fgsm").median
    shares = curve(found, "smallest_fgsm").accuracy
    assert median is not None
    assert median > 0
    assert curve(found, "fgsm").median is None
    for epsilon, share in zip(RADII, shares, strict=True):
        if epsilon < median:
            assert share >= 0.4


def test_curves_are_kept_beside_their_weights_and_dropped_with_others(found, trained, tmp_path):
    here = bundle.Bundle(tmp_path, trained.config)
    assert robustness.load(here) is None
    robustness.write(here, found)
    assert robustness.load(here) == found
    other = trained.config.model_copy(update={"sha256": {"model.safetensors": "0" * 64}})
    assert robustness.load(bundle.Bundle(tmp_path, other)) is None
    (tmp_path / robustness.FILE).write_text("{}")
    with pytest.raises(BundleError, match="holds no robustness curves"):
        robustness.load(here)


def test_the_score_on_the_card_says_how(found):
    (score,) = robustness.scores(found, 0.15)
    assert score.name == "robust_accuracy_pgd_0.15_test"
    assert score.value == curve(found, "pgd").accuracy[2]
    for key in ("attack", "norm", "epsilon", "steps", "n_real", "seed", "network_sha256"):
        assert key in score.protocol


def test_every_classifier_goes_through_all_attacks_but_the_one_for_views():
    plan = trials(0.1, 1024)
    named = {one.attack for one in plan}
    assert named >= {
        "fgsm",
        "ifgsm",
        "pgd",
        "universal",
        "smallest_fgsm",
        "deepfool",
        "carlini_wagner",
    }
    assert any(one.transfer for one in plan)
    assert all(one.epsilon[0] == 0 and list(one.epsilon) == sorted(one.epsilon) for one in plan)
    linf = plan[0].epsilon
    assert linf[-1] == 0.2
    assert 0.1 in linf


def test_pictures_without_labels_or_too_few_are_refused():
    data = digits(10)
    with pytest.raises(MetricError, match="has 1 to 10 pictures to attack; got 11"):
        drawn(data, 11, 0)
    with pytest.raises(MetricError, match="no labels"):
        drawn(Dataset(name="x", pictures=data.pictures), 5, 0)


def test_the_draw_is_the_seeds():
    first, again, other = (drawn(digits(60), 20, seed)[1] for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("text", "value"), [("8/255", 8 / 255), ("0.3", 0.3), (" 1 / 2 ", 0.5), ("0", 0)]
)
def test_radii_as_people_write_them(text, value):
    assert subject.radius(text) == value


@pytest.mark.parametrize("text", ["", "8/0", "eight", "nan", "inf", "-0.1", "1/2/3", "-8/255"])
def test_what_is_no_radius_is_quoted(text):
    with pytest.raises(InputError, match="epsilon is"):
        subject.radius(text)


SHIPPED = [
    bundle.load(path.parent) for path in sorted((ROOT / "checkpoints").glob("*/robustness.json"))
]


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.name)
def test_shipped_curves_belong_to_the_shipped_weights(one):
    found = robustness.load(one)
    assert found is not None, "run ganzoo robustness … --write"
    assert robustness.scores(found, subject.usual(one.recipe.data.name))[0] in one.config.metrics


def test_the_table_of_curves_is_up_to_date():
    text = (ROOT / "docs" / "fooling.md").read_text("utf-8")
    folders = sorted(path.parent for path in (ROOT / "checkpoints").glob("*/config.json"))
    made = robust_table.short(map(bundle.load, folders))
    assert text == table.inserted(text, made, "robustness"), (
        "run ganzoo robustness --readme docs/fooling.md"
    )


def test_a_network_trained_on_attacks_is_the_more_robust_one():
    """The report that the lectures make, on what ships: robustness rises, clean accuracy not."""
    by_name = {one.name: robustness.load(one) for one in SHIPPED}
    pairs = [(n, n.replace("cnn_pgd", "cnn")) for n in by_name if n.startswith("cnn_pgd")]
    pairs = [pair for pair in pairs if pair[1] in by_name]
    assert pairs
    for defended, plain in pairs:
        ours, theirs = (curve(by_name[name], "pgd").accuracy for name in (defended, plain))
        middle = 4
        assert ours[middle] > theirs[middle] + 0.3
        assert ours[0] <= theirs[0] + 0.02
