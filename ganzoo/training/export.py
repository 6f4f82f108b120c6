"""From a run to its bundle: the weights of its best moment, what it cost, and how it went."""

import logging
from pathlib import Path

import numpy as np
import torch
from PIL import Image as Pillow
from torch import nn

from ganzoo import bundle, files, films, images, processor
from ganzoo.bundle import Bundle
from ganzoo.data import Dataset, sources
from ganzoo.errors import BundleError, listed
from ganzoo.record import Beginning, CurvePoint
from ganzoo.training.diary import Diary
from ganzoo.training.trainer import Trainer

_log = logging.getLogger(__name__)
FILM_FRAMES, FILM_LIMIT = 16, 700_000  # pictures of a training, and bytes for all of them


def export(trainer: Trainer, diary: Diary, dataset: Dataset, folder: Path, out: Path) -> Bundle:
    """Writes the bundle of a run's best moment.

    What was measured of an earlier bundle there is kept if this one has the very same weights.

    Args:
        folder: the run's own, with its sheets.
        out: the bundle's.
    """
    recipe, networks = trainer.recipe, trainer.exhibits
    for name, network in networks.items():
        network.load_state_dict((diary.best or {})[name])
    source = sources[recipe.data.name]
    earlier = _earlier(out)
    made = bundle.write(
        out,
        recipe,
        networks,
        half=all(map(_fit_half, networks.values())),
        classes=trainer.batches.dataset.class_names,
        data=bundle.Origin(
            title=recipe.data.title or source.title,
            licence=recipe.data.licence or source.licence,
            url=recipe.data.url or source.url,
            count=len(dataset),
            fingerprint=dataset.fingerprint,
        ),
        cost=bundle.Cost(
            kimg=round(trainer.kimg, 3),
            steps=trainer.steps,
            seconds=round(diary.seconds, 1),
            best_kimg=round(diary.best_kimg, 3),
            processor=processor.name(),
            threads=torch.get_num_threads(),
        ),
        classifier=trainer.classifier,
        beginning=Beginning.model_validate(diary.beginning) if diary.beginning else None,
        curve=tuple(CurvePoint.model_validate(point) for point in diary.curve),
    )
    if earlier and earlier.config.measured:
        made = _measured(made, earlier)
    with torch.inference_mode():
        image = trainer.game.sheet(made.network().to(trainer.accelerator.device))
    _pictures(folder, out, image)
    return made


def _earlier(out: Path) -> Bundle | None:
    try:
        return bundle.load(out)
    except BundleError:
        return None


def _measured(made: Bundle, earlier: Bundle) -> Bundle:
    """With what was measured of the earlier one, as far as that holds."""
    if made.config.sha256 == earlier.config.sha256:
        return bundle.rewrite(made, **earlier.config.measured)
    _log.warning(
        "%s: %s of the earlier weights are gone, for these are others: measure them anew (--write)",
        made.folder,
        listed(list(earlier.config.measured)),
    )
    return made


def _fit_half(network: nn.Module) -> bool:
    """Whether no weight is too large for float16."""
    limit = torch.finfo(torch.float16).max
    weights = (value for value in network.state_dict().values() if value.is_floating_point())
    return all(bool((value.abs() <= limit).all()) for value in weights)


def _pictures(folder: Path, out: Path, image: torch.Tensor | None) -> None:
    if image is None:
        return
    with files.replacing(out / bundle.PREVIEW) as file:
        images.to_pillow(images.grid(images.to_pictures(image))).save(file, "PNG")
    paths = sorted((folder / "sheets").glob("*.png"))
    chosen = [paths[i] for i in np.linspace(0, len(paths) - 1, FILM_FRAMES).round().astype(int)]
    frames = [np.atleast_3d(np.asarray(Pillow.open(path))) for path in dict.fromkeys(chosen)]
    films.write_webp(np.stack(frames), out / bundle.FILM, 200, limit=FILM_LIMIT)
