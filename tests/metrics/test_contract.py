"""What every metric promises, and what no metric accepts."""

import pytest
import torch

from ganzoo.errors import MetricError, UnknownNameError
from ganzoo.metrics import Probe, Sample, metrics
from ganzoo.metrics.sharpness import sharpness

COMPARE = [name for name, metric in metrics.items() if metric.measure]
PROBE = [name for name, metric in metrics.items() if metric.probe]
PAIRS = [name for name, metric in metrics.items() if metric.compare]


def sample(seed, count=200, seen_by="net@1234"):
    image = torch.rand(count, 1, 6, 6, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    return Sample(
        seen_by=seen_by,
        features=image.flatten(1),
        probabilities=(3 * image.flatten(1)[:, :5]).softmax(1),
        sharpness=sharpness(image),
    )


def test_the_registry_holds_what_the_zoo_promises():
    assert {
        "fid", "kid", "inception_score", "precision_recall", "density_coverage", "nearest",
        "path_length", "modes", "sharpness", "l1", "psnr", "ssim", "eq_t", "eq_r",
    } <= set(metrics)  # fmt: skip
    assert sorted([*COMPARE, *PROBE, *PAIRS]) == sorted(metrics)
    with pytest.raises(UnknownNameError, match="Did you mean 'kid'"):
        metrics["kidd"]


@pytest.mark.parametrize("name", COMPARE)
def test_every_metric_gives_what_it_says(name):
    metric = metrics[name]
    found = metric.score(sample(0), sample(1, 180))
    assert set(found) == {*metric.yields, *metric.explains}
    assert all(torch.tensor(estimate.value).isfinite() for estimate in found.values())
    again = metric.score(sample(0), sample(1, 180))
    assert again == found, "a metric draws no dice of its own"
    assert metric.paper.title
    assert metric.paper.equation


@pytest.mark.parametrize("name", COMPARE)
def test_worse_images_score_worse(name):
    """A generator that only knows twenty pictures of another kind."""
    metric = metrics[name]
    image = torch.rand(10, 1, 6, 6).repeat(20, 1, 1, 1) * 0.5
    bad = Sample(
        seen_by="net@1234",
        features=image.flatten(1),
        probabilities=torch.full((200, 5), 0.025) + torch.eye(5)[0] * 0.875,
        sharpness=sharpness(image),
    )
    if name == "nearest":
        bad = sample(0, 190)  # the reals once more: what authenticity is about
    good, worse = (metric.score(sample(0), fake) for fake in (sample(1), bad))
    sign = {"higher": 1, "lower": -1}
    lost = [
        sign[better] * (good[key].value - worse[key].value) for key, better in metric.yields.items()
    ]
    assert max(lost) > 0, "precision and density may rise in a collapse; their partners then fall"


@pytest.mark.parametrize("name", COMPARE)
def test_two_networks_are_never_mixed_up(name):
    with pytest.raises(MetricError, match="net@1234 cannot be compared with features of net@9999"):
        metrics[name].score(sample(0), sample(1, seen_by="net@9999"))


@pytest.mark.parametrize("name", PROBE)
def test_a_metric_of_generators_refuses_images(name):
    with pytest.raises(MetricError, match="judges a generator"):
        metrics[name].score(sample(0), sample(1))


@pytest.mark.parametrize("name", PAIRS)
def test_a_metric_of_pairs_judges_each_by_itself(name):
    metric = metrics[name]
    assert metric.compare is not None
    assert metric.paper.title
    assert metric.paper.equation
    with pytest.raises(MetricError, match="judges pairs of images"):
        metric.score(sample(0), sample(1))
    (better,) = metric.yields.values()
    sign = 1 if better == "higher" else -1
    wanted = torch.rand(3, 3, 16, 16) * 2 - 1
    noise = torch.randn_like(wanted)
    near, far = (metric.compare(wanted + size * noise, wanted) for size in (0.01, 0.3))
    assert near.shape == (3,)
    assert (sign * near > sign * far).all()
    alone = metric.compare((wanted + 0.3 * noise)[1:2], wanted[1:2])
    torch.testing.assert_close(alone, far[1:2])


@pytest.mark.parametrize("name", PROBE)
def test_a_metric_of_generators_gives_what_it_says(name):
    probe = Probe(
        space="z",
        draw=lambda count, seed: torch.randn(
            count, 4, generator=torch.Generator().manual_seed(seed)
        ),
        render=lambda z: z[:, None, None],
        features=lambda image: image.flatten(1),
        move=lambda z, transform: (
            z[:, :1, None, None].expand(-1, 1, 16, 16) + transform[:, :1, :1, None]
        ),
    )
    metric = metrics[name]
    assert metric.probe is not None
    found = metric.probe(probe, 50, 1)
    assert set() < set(found) <= set(metric.yields)
    assert found == metric.probe(probe, 50, 1)


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_numbers_that_are_none(bad):
    features = torch.randn(5, 3)
    features[2, 1] = bad
    with pytest.raises(MetricError, match="features of some images are not finite"):
        Sample(seen_by="net", features=features)
    with pytest.raises(MetricError, match="probabilities of some images are not finite"):
        Sample(seen_by="net", features=torch.randn(5, 3), probabilities=features)


def test_constant_images():
    with pytest.raises(MetricError, match="all 7 images look the same to net@1"):
        Sample(seen_by="net@1", features=torch.ones(7, 3))


def test_a_single_image():
    with pytest.raises(MetricError, match="at least 2 images; got 1"):
        Sample(seen_by="net", features=torch.randn(1, 3))
