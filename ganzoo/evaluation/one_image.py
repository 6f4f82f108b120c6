"""Scores of a pyramid that knows one image: are its patches the image's, and are its dreams many?

sifid      of each dream against the image, on average over dreams
diversity  mean over pixels of the deviation over dreams, over the image's own deviation
           (Shaham et al. 2019, arXiv:1905.01164, Sec. 4.1): 0 if all dreams are alike
"""

from collections.abc import Callable, Iterator
from typing import cast

import torch

from ganzoo.architectures.singan import Generator
from ganzoo.bundle import Bundle
from ganzoo.data import Dataset
from ganzoo.errors import MetricError
from ganzoo.evaluation.networks import FeatureNetwork, eight_bits
from ganzoo.evaluation.plan import Plan, Progress, Tell
from ganzoo.evaluation.report import Facts, count_label, rounded, weights_of
from ganzoo.latents import maps
from ganzoo.metrics import Sample, metrics
from ganzoo.metrics.sharpness import grey
from ganzoo.processor import device
from ganzoo.record import Score
from ganzoo.shapes import AnySize, Features, Image, OneImage

DREAMS = 50  # as in the paper
ALL = "sifid", "diversity"


def one_image(
    bundle: Bundle,
    known: Dataset,
    network: FeatureNetwork,
    plan: Plan,
    tell: Tell = lambda _: None,
) -> tuple[Score, ...]:
    """Scores of the dreams of the seeds ``plan.seed``, ``plan.seed + 1``, …, at most 50 of them.

    Raises:
        MetricError: if the bundle does not know one image, another metric was asked for, or the
            network sees no patches.
    """
    if "single_image" not in bundle.abilities:
        raise MetricError(f"{bundle.name} did not learn from one image")
    asked = tuple(name.replace("-", "_") for name in plan.metrics or ALL)
    if others := [name for name in asked if name not in ALL]:
        raise MetricError(
            f"{', '.join(others)} compares sets of images; of one image there are {', '.join(ALL)}"
        )
    patches = patches_of(network)
    image, count = known.images(slice(0, 1)), min(plan.count, DREAMS)
    dreams = list(_dreams(bundle, plan.seed, count, tell))
    facts = {**facts_of(known, count), "seed": plan.seed, "repeats": 1}
    weights = weights_of(bundle)

    def scores() -> Iterator[Score]:
        if "sifid" in asked:
            far = torch.tensor([distance(image, dream, network.seen_by, patches)
                                for dream in dreams], dtype=torch.float64)  # fmt: skip
            yield Score(
                name=f"sifid_{network.name}_{count_label(count)}",
                value=rounded(float(far.mean())),
                deviation=rounded(float(far.std() / count**0.5)),
                better="lower",
                protocol={
                    **facts,
                    "deviation_over": "pictures",
                    "mirrored_image": rounded(
                        distance(image, image.flip(3), network.seen_by, patches)
                    ),
                    **eye_of(network, image),
                    **weights,
                },
            )
        if "diversity" in asked:
            yield Score(
                name=f"diversity_{count_label(count)}",
                value=rounded(diversity(image, torch.cat(dreams))),
                better="higher",
                protocol={**facts, **weights},
            )

    return tuple(scores())


def distance(
    image: OneImage, dream: AnySize, seen_by: str, patches: Callable[[Image], Features]
) -> float:
    """The Fréchet distance between the patches of two pictures, each of a size of its own."""
    with torch.inference_mode():
        sides = [Sample(seen_by=seen_by, features=patches(one).cpu()) for one in (image, dream)]
    return metrics["sifid"].score(*sides)["sifid"].value


def patches_of(network: FeatureNetwork) -> Callable[[Image], Features]:
    """How a network sees the patches of a picture.

    Raises:
        MetricError: if it sees none.
    """
    if network.patches is None:
        raise MetricError(f"{network.name} sees whole images, and no patches in them")
    return network.patches


def facts_of(known: Dataset, count: int) -> Facts:
    """What was compared: the one image, and how many pictures."""
    return {
        "n_real": 1,
        "n_fake": count,
        "data": known.name,
        "data_sha256": known.fingerprint,
    }


def eye_of(network: FeatureNetwork, image: OneImage) -> Facts:
    """Through which eye, and in how many places it looks at the image."""
    return {
        "network": network.name,
        "network_sha256": network.sha256,
        "places": len(patches_of(network)(image)),
    }


def diversity(image: OneImage, dreams: Image) -> float:
    """Of grey levels: how much a pixel differs from dream to dream, in terms of the image's own
    deviation from its mean.
    """
    return float(grey(dreams).std(0).mean() / grey(image).std())


def _dreams(bundle: Bundle, seed: int, count: int, tell: Tell) -> Iterator[Image]:
    """In float32: a score must not depend on what a processor is good at."""
    network = cast(Generator, bundle.network().to(device()))
    channels = network.anchor.shape[1]
    for i in range(count):
        noise = maps(seed + i, 1, [(channels, *shape) for shape in network.shapes])
        with torch.inference_mode():
            dream = network(*(one.to(device()) for one in noise))
        tell(Progress("dreaming", 1, count))
        yield eight_bits(dream.cpu())
