"""Which feature network to look through, by name or by data set."""

from ganzoo import bundle, paths
from ganzoo.config import Recipe
from ganzoo.data import sources
from ganzoo.evaluation import inception
from ganzoo.evaluation.classifier import classifier
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.evaluation.pixels import pixels

COLOUR = "cifar10"  # whose classifier sees more in pictures of all kinds than means of patches
PLAIN, OTHER = "cnn", "cnn_pgd"  # beginnings of classifiers' names


def default(recipe: Recipe) -> FeatureNetwork:
    """The classifier that ganzoo ships for the recipe's data; else Inception, if it is at hand;
    else, for pictures in colour, CIFAR-10's classifier; else pixels. Patches of one image are seen
    by CIFAR-10's classifier; what was taught through the eyes of a data set's classifier, by the
    one that learned from attacked pictures. The score's name says which it was.

    Raises:
        BundleError: if the classifier is there but damaged.
    """
    if recipe.abilities & {"single_image", "retarget"}:
        return of(COLOUR) or pixels()
    kind = OTHER if "invert" in recipe.abilities else PLAIN
    if (eye := of(recipe.data.name, kind)) is not None:
        return eye
    if inception.at_hand():
        return inception.inception()
    return (of(COLOUR) if recipe.data.channels == 3 else None) or pixels()


def of(data: str, kind: str = PLAIN) -> FeatureNetwork | None:
    """The classifier of a kind that ganzoo ships for a data set; None if there is none.

    Raises:
        BundleError: if it is there but damaged.
    """
    folder = paths.checkpoints() / f"{kind}-{sources[data].short}"
    return classifier(bundle.load(folder)) if (folder / bundle.CONFIG).is_file() else None


def named(name: str, fetch: bool = False) -> FeatureNetwork | None:
    """``pixels`` or ``inception``; None for any other name, which must be that of a bundle.

    Raises:
        MetricError: if Inception is not at hand and may not, or cannot, be fetched.
    """
    if name == "pixels":
        return pixels()
    return inception.inception(fetch) if name == "inception" else None
