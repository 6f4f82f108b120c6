"""How a classifier sees test pictures of several domains: a map of them, kept beside its weights.

    pictures --network, all but its last layer--> numbers --t-SNE--> a plane

as Fig. 3 of Ganin et al. 2016 (arXiv:1505.07818) has it; and how well a linear judge, fitted on
one half of those numbers, tells the domains of the other half apart: one half is chance.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict

from ganzoo.bundle import MODEL, Bundle
from ganzoo.data import Dataset
from ganzoo.errors import MetricError
from ganzoo.evaluation import beside

FILE = "domains.json"
SIDE = 1000  # of the plane, whose places are whole numbers
PERPLEXITY = 30
RIDGE = 1.0  # of the linear judge


class Domain(BaseModel):
    """Pictures of one domain: what they show, and where they lie."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    data_sha256: str
    labels: tuple[int, ...]
    x: tuple[int, ...]
    y: tuple[int, ...]


class Atlas(beside.Finding):
    """A map of all domains, and its protocol.

    Attributes:
        told_apart: share of pictures whose domain the linear judge names right.
    """

    split: str
    seed: int
    perplexity: float
    told_apart: float
    ganzoo: str
    sklearn: str
    domains: tuple[Domain, ...]


def atlas(bundle: Bundle, domains: Mapping[str, Dataset], count: int, seed: int = 0) -> Atlas:
    """Draws the map of ``count`` test pictures of each domain.

    Raises:
        MetricError: if there are not two domains of so many pictures with labels, or the
            classifier has no layers above its features.
    """
    import sklearn
    from sklearn.manifold import TSNE

    from ganzoo import __version__

    if len(domains) < 2:
        raise MetricError(f"{bundle.name} knows one domain: there is nothing to tell apart")
    dice = np.random.default_rng(seed)
    chosen, seen = {}, []
    for name, dataset in domains.items():
        if dataset.labels is None or len(dataset) < count:
            raise MetricError(f"{name} has no {count} pictures with labels")
        chosen[name] = dice.permutation(len(dataset))[:count]
        seen.append(_seen(bundle, dataset, chosen[name]))
    numbers = np.concatenate(seen)
    perplexity = min(PERPLEXITY, (len(numbers) - 1) / 3)
    plane = TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(numbers)
    low, span = plane.min(0), np.ptp(plane, 0).max()
    places = np.rint((plane - low) / span * SIDE).astype(int)
    parts = np.split(places, len(domains))
    return Atlas(
        network_sha256=bundle.config.sha256[MODEL],
        split="test",
        seed=seed,
        perplexity=perplexity,
        told_apart=round(told_apart(seen, seed), 4),
        ganzoo=__version__,
        sklearn=sklearn.__version__,
        domains=tuple(
            Domain(
                name=name,
                data_sha256=dataset.fingerprint,
                labels=tuple((dataset.labels if dataset.labels is not None else rows)[rows]),
                x=tuple(part[:, 0]),
                y=tuple(part[:, 1]),
            )
            for (name, dataset), rows, part in zip(
                domains.items(), chosen.values(), parts, strict=True
            )
        ),
    )


def told_apart(seen: list[Float[np.ndarray, "_ d"]], seed: int = 0) -> float:
    """The share of rows whose set a linear judge names right: fitted on one half, tried on the
    other, and the other way round; 0.5 is chance between two sets of one size.
    """
    from sklearn.linear_model import RidgeClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    which = np.repeat(np.arange(len(seen)), [len(one) for one in seen])
    halves = StratifiedKFold(2, shuffle=True, random_state=seed)
    judge = make_pipeline(StandardScaler(), RidgeClassifier(RIDGE))
    return float(cross_val_score(judge, np.concatenate(seen), which, cv=halves).mean())


def write(bundle: Bundle, found: Atlas) -> Path:
    """Keeps the map beside the weights that it was drawn with."""
    return beside.write(bundle, FILE, found)


def load(bundle: Bundle) -> Atlas | None:
    """A bundle's map; None if there is none, or it was drawn with other weights.

    Raises:
        BundleError: if the file is damaged.
    """
    return beside.load(bundle, FILE, Atlas, "map of domains")


def _seen(bundle: Bundle, dataset: Dataset, rows: np.ndarray) -> Float[np.ndarray, "count d"]:
    """What the network's last layer reads in some pictures."""
    network: Any = bundle.network()
    if not hasattr(network, "beneath"):
        raise MetricError(f"{bundle.name} has no layers between its features and its classes")
    with torch.inference_mode():
        return network.beneath(dataset.images(rows)).numpy()
