"""The domain-adversarial network for digits (Ganin et al. 2016, arXiv:1505.07818, Fig. 4a).

    image --[conv 5x5, ReLU, max-pool 2x2] * 2--> features --linear * 3, ReLU between--> logits
                                                     '--linear * 2, ReLU between--> domain's logit

The first line is a classifier, LeNet by its build. The second judges from the same features which
domain an image comes from: positive is the one whose labels are known. Whoever trains them
reverses the gradient in between (:mod:`ganzoo.layers.gradient_reversal`).

Deviations from the paper: images come in [-1, 1] rather than less their mean; widths are options.
"""

from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn

from ganzoo.architectures import Architecture, ImageOptions
from ganzoo.papers import Paper
from ganzoo.shapes import Features, Image, Verdicts


class Options(ImageOptions):
    image_size: int = Field(default=28, ge=4, le=256, description="side in pixels")
    num_classes: int = Field(default=10, ge=2, le=1000)
    widths: tuple[int, int] = Field(
        default=(32, 48), description="maps after the first convolution, and after the second"
    )
    kernel: int = Field(default=5, ge=1, le=11, description="side of both convolutions' kernels")
    hidden: int = Field(
        default=100, ge=1, le=4096, description="units between features and verdicts"
    )

    @property
    def side(self) -> int:
        """Of the last maps, in pixels."""
        once = (self.image_size - self.kernel + 1) // 2
        return (once - self.kernel + 1) // 2

    @property
    def features(self) -> int:
        """How many numbers stand for an image."""
        return self.widths[1] * self.side**2

    @model_validator(mode="after")
    def _something_is_left(self) -> "Options":
        if self.side < 1:
            raise ValueError(
                f"two convolutions of {self.kernel}x{self.kernel}, each then halved, leave nothing "
                f"of an image of {self.image_size}x{self.image_size} pixels"
            )
        if min(self.widths) < 1:
            raise ValueError(f"a layer is at least 1 wide; got widths {self.widths}")
        return self


class Classifier(nn.Module):
    """``net(image)`` gives class logits; ``net.features(image)`` what they are read from."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        thin, wide = options.widths
        self.layers = nn.Sequential(
            nn.Conv2d(options.image_channels, thin, options.kernel),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(thin, wide, options.kernel),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
        )
        self.head = nn.Sequential(
            nn.Linear(options.features, options.hidden),
            nn.ReLU(inplace=True),
            nn.Linear(options.hidden, options.hidden),
            nn.ReLU(inplace=True),
            nn.Linear(options.hidden, options.num_classes),
        )

    def forward(self, image: Image) -> Float[Tensor, "b classes"]:
        return self.head(self.features(image))

    def features(self, image: Image) -> Features:
        """The last maps, laid flat: (b, widths[1] * side * side), none negative."""
        return self.layers(image).flatten(1)

    def beneath(self, image: Image) -> Features:
        """What the last layer reads: (b, hidden), where classes lie apart."""
        return self.head[:-1](self.features(image))


class DomainClassifier(nn.Module):
    """``net(features)`` gives one logit for each image: above 0, its domain has labels."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(options.features, options.hidden),
            nn.ReLU(inplace=True),
            nn.Linear(options.hidden, 1),
        )

    def forward(self, features: Features) -> Verdicts:
        return self.layers(features).squeeze(1)


ENTRY = Architecture(
    paper=Paper(
        nickname="DANN",
        title="Domain-Adversarial Training of Neural Networks",
        authors="Yaroslav Ganin, Evgeniya Ustinova, Hana Ajakan, Pascal Germain, Hugo Larochelle, "
        "François Laviolette, Mario Marchand, Victor Lempitsky",
        year=2016,
        arxiv="1505.07818",
        venue="JMLR 17",
        idea="Features from which a judge cannot tell two worlds apart: what was learned in the "
        "one, where there are labels, then holds in the other, where there are none.",
        equation=r"\min_{f, y} \max_{d} \; \mathcal{L}_y(f, y) - \lambda \, \mathcal{L}_d(f, d)",
        parents=("GAN",),
    ),
    options=Options,
    networks={"classifier": Classifier, "domain_classifier": DomainClassifier},
    tiny=Options(image_size=8, image_channels=1, num_classes=3, widths=(4, 4), kernel=2, hidden=6),
    abilities=frozenset({"classify", "adapt"}),
    shown="classifier",
    game="domain_adversarial",
)
