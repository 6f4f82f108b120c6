"""Scores of a model that remakes the one image it knows: are the patches the image's at every size?

sifid       of the image remade at eight sizes, each against the image, on average over sizes;
            beside it, in the protocol, that of the image plainly stretched to them (bicubic)
psnr_back   of the way back, G(G(x; T); T^-1), against the image, on average over the same sizes
            (Shocher et al. 2018, arXiv:1812.00231, Sec. 2: no element may be lost)
"""

from collections.abc import Iterator
from typing import cast

import torch
from torch import Tensor

from ganzoo.architectures.ingan import Generator
from ganzoo.bundle import Bundle
from ganzoo.data import Dataset
from ganzoo.errors import MetricError
from ganzoo.evaluation.networks import FeatureNetwork, eight_bits
from ganzoo.evaluation.one_image import distance, eye_of, facts_of, patches_of
from ganzoo.evaluation.plan import Plan, Progress, Tell
from ganzoo.evaluation.report import Facts, rounded, standard_error, weights_of
from ganzoo.images import resized
from ganzoo.metrics import Better
from ganzoo.metrics.psnr import psnr
from ganzoo.processor import device
from ganzoo.record import Score
from ganzoo.shapes import Image, OneImage, Shape, shape_of

SHARES = 0.5, 0.75, 1.5, 2.0  # of a side, while the other one stays
ALL = "sifid", "psnr_back"


def retargeting(
    bundle: Bundle,
    known: Dataset,
    network: FeatureNetwork,
    plan: Plan,
    tell: Tell = lambda _: None,
) -> tuple[Score, ...]:
    """Scores of the image at half, three quarters, one and a half and twice its width, and height.

    Raises:
        MetricError: if the bundle does not remake an image, if another metric was asked for, or the
            network sees no patches.
    """
    if "retarget" not in bundle.abilities:
        raise MetricError(f"{bundle.name} does not remake an image at other sizes")
    asked = tuple(name.replace("-", "_") for name in plan.metrics or ALL)
    if others := [name for name in asked if name not in ALL]:
        raise MetricError(
            f"{', '.join(others)} does not say how well an image is remade; {', '.join(ALL)} do"
        )
    patches = patches_of(network)
    image = known.images(slice(0, 1))
    sizes = dict(_sizes(shape_of(image)))
    generator = cast(Generator, bundle.network().to(device()))
    remade, back = {}, {}
    for name, shape in sizes.items():
        remade[name] = _painted(generator, image, shape)
        back[name] = _painted(generator, remade[name], shape_of(image))
        tell(Progress("remaking", 1, len(sizes)))
    facts: Facts = {
        **facts_of(known, len(sizes)), "sizes": ", ".join(sizes), "deviation_over": "sizes",
    }  # fmt: skip

    def scores() -> Iterator[Score]:
        if "sifid" in asked:

            def far(pictures: dict[str, Image]) -> dict[str, float]:
                return {
                    name: distance(image, eight_bits(one), network.seen_by, patches)
                    for name, one in pictures.items()
                }

            ours = far(remade)
            plain = far({name: resized(image, shape) for name, shape in sizes.items()})
            yield _score(
                f"sifid_{network.name}_{len(sizes)}",
                ours,
                "lower",
                {
                    **facts,
                    "at_each_size": _told(ours),
                    "stretched": rounded(sum(plain.values()) / len(plain)),
                    "stretched_at_each_size": _told(plain),
                    **eye_of(network, image),
                    **weights_of(bundle),
                },
            )
        if "psnr_back" in asked:
            near = {name: float(psnr(one, image)) for name, one in back.items()}
            told: Facts = {**facts, "at_each_size": _told(near), **weights_of(bundle)}
            yield _score(f"psnr_back_{len(sizes)}", near, "higher", told)

    return tuple(scores())


def _sizes(shape: Shape) -> Iterator[tuple[str, Shape]]:
    rows, columns = shape
    for share in SHARES:
        yield f"width {share:g}", (rows, round(share * columns))
    for share in SHARES:
        yield f"height {share:g}", (round(share * rows), columns)


@torch.inference_mode()
def _painted(generator: Generator, image: OneImage, shape: Shape) -> Tensor:
    return generator(image.to(device()), shape).cpu().clamp(-1, 1)


def _told(values: dict[str, float]) -> str:
    return ", ".join(f"{name}: {value:.4g}" for name, value in values.items())


def _score(name: str, values: dict[str, float], better: Better, protocol: Facts) -> Score:
    each = torch.tensor(list(values.values()), dtype=torch.float64)
    return Score(
        name=name,
        value=rounded(float(each.mean())),
        deviation=standard_error(each),
        better=better,
        protocol=protocol,
    )
