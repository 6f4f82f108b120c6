"""Feature denoising for robustness (Xie, Wu, van der Maaten, Yuille & He 2019, arXiv:1812.03411,
Sec. 4).

    image --stem--> [block * depth --> denoise] * 3, each halving --> mean --linear--> logits
    denoise(x) = x + conv(nonlocal mean of x)

The residual classifier of :mod:`ganzoo.architectures.cnn` with a denoising block after each stage:
a small change of the picture grows into noise on the feature maps, and averaging over places that
look alike takes it away again. It helps only when trained on attacked pictures.

Deviations from the paper: three small stages instead of ResNet-152's four; the gain of a denoising
block's batch norm starts at 0.1, not at 0, so that every weight learns from the first step on.
"""

from pydantic import Field
from torch import nn

from ganzoo.architectures import Architecture, cnn
from ganzoo.layers.non_local import Likeness, NonLocal
from ganzoo.papers import Paper

STEM = 3  # modules of the plain classifier before its first block


class Options(cnn.Options):
    likeness: Likeness = Field(default="gaussian", description="of two places of a feature map")


class Classifier(cnn.Classifier):
    """The residual classifier with a denoising block after each stage."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        stem, blocks = self.layers[:STEM], self.layers[STEM:]
        staged: list[nn.Module] = []
        for stage, channels in enumerate(options.widths):
            staged += blocks[stage * options.depth : (stage + 1) * options.depth]
            staged.append(NonLocal(channels, options.likeness))
        self.layers = nn.Sequential(*stem, *staged)


ENTRY = Architecture(
    paper=Paper(
        nickname="Feature denoising",
        title="Feature Denoising for Improving Adversarial Robustness",
        authors="Cihang Xie, Yuxin Wu, Laurens van der Maaten, Alan Yuille, Kaiming He",
        year=2019,
        arxiv="1812.03411",
        venue="CVPR 2019",
        idea="An unseen change of the picture becomes loud noise on the feature maps: let every "
        "place average over the places that look like it, and train that on attacks.",
        equation=r"y_i = x_i + W \frac{1}{\mathcal{C}(x)} \sum_j f(x_i, x_j) \, x_j",
        parents=("ResNet", "PGD"),
    ),
    options=Options,
    networks={"classifier": Classifier},
    tiny=Options(**cnn.ENTRY.tiny.model_dump()),
    abilities=frozenset({"classify"}),
    shown="classifier",
    game="classification",
)
