"""The cats of AFHQ, each with its edges: what a pencil would have drawn of it.

The edges are those of :mod:`ganzoo.edges`, at a scale that changes from cat to cat, so that a
network learns to read both a rough sketch and a careful one. One cat in ten is held out as the
split ``test``. Looked for where :mod:`ganzoo.data.cats` is.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from jaxtyping import UInt8

from ganzoo import paths
from ganzoo.data import _pairs, cats
from ganzoo.data._base import DataRequest, Dataset, Given, Source
from ganzoo.edges import SIGMA, draw_edges
from ganzoo.files import replacing
from ganzoo.shapes import Picture

SCALES = (0.75 * SIGMA, SIGMA, 1.25 * SIGMA)  # of the Gaussian, from cat to cat
VERSION = 1  # rises whenever the same pictures would have other edges
TRAINED = 128  # pixels, for which SIGMA is meant


def load(request: DataRequest) -> Dataset:
    """Cats with their edges, or backwards: edges of cats.

    Raises:
        DataError: if there is no copy of the cats, or no such split.
    """
    found = cats.ENTRY.load(replace(request, split="train", channels=3, backwards=False))
    edges = _edges(found)
    photographs = found.pictures
    inputs, pictures = (photographs, edges) if request.backwards else (edges, photographs)
    inputs = _as_channels(inputs, request.input_channels)
    pictures = _as_channels(pictures, request.channels)
    names = [_pairs.stem(name) for name in found.names]
    return _pairs.paired("cat_edges", request, inputs, pictures, names)


def pencilled(picture: Picture) -> UInt8[np.ndarray, "h w 1"]:
    """The edges of one picture, at the scale that suits its size."""
    return draw_edges(picture, SIGMA * min(picture.shape[:2]) / TRAINED)


def _edges(found: Dataset) -> UInt8[np.ndarray, "n 1 h w"]:
    """Drawn once for these very pictures, then read from the cache."""
    place = paths.cache() / "edges" / f"{found.fingerprint[:32]}-{VERSION}.npy"
    try:
        return np.load(place, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        drawn = _drawn(found.pictures)
    place.parent.mkdir(parents=True, exist_ok=True)
    with replacing(place) as file:
        np.save(file, drawn, allow_pickle=False)
    return drawn


def _drawn(pictures: UInt8[np.ndarray, "n 3 h w"]) -> UInt8[np.ndarray, "n 1 h w"]:
    factor = pictures.shape[2] / TRAINED

    def one(row: int) -> UInt8[np.ndarray, "1 h w"]:
        picture = pictures[row].transpose(1, 2, 0)
        return draw_edges(picture, SCALES[row % len(SCALES)] * factor).transpose(2, 0, 1)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.stack(list(pool.map(one, range(len(pictures)))))


def _as_channels(
    pictures: UInt8[np.ndarray, "n c h w"], channels: int
) -> UInt8[np.ndarray, "n k h w"]:
    if pictures.shape[1] == channels:
        return pictures
    if channels == 3:
        return pictures.repeat(3, axis=1)
    grey = pictures.astype(np.float32).mean(1, keepdims=True)
    return grey.round().astype(np.uint8)


ENTRY = Source(
    title="AFHQ cats and their edges",
    short="edges2cats",
    licence=cats.ENTRY.licence,
    url=cats.URL,
    count=4_620,
    load=load,
    given=Given(noun="edges", prepare=pencilled, pencil=1),
    made="cats",
)
