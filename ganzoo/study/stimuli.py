"""Pictures for a study: fakes and reals through one and the same door.

A prepared study is a folder::

    study.yaml      the design, as written
    manifest.json   what every picture is: model, revision, seed, psi, data set, split, row
    stimuli.zip     the pictures, each named by the sha256 of its bytes

Every file has the same number of bytes, because PNG is written here without compression: a fake
compresses worse than a real, and its size would give it away.
"""

import json
import zipfile
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image as Pillow
from pydantic import Field

from ganzoo import bundle, images
from ganzoo.data import DataRequest, sources
from ganzoo.errors import RecipeError, StudyError
from ganzoo.hub import find
from ganzoo.options import Options
from ganzoo.shapes import Picture, Pictures
from ganzoo.study.design import Design, Stimuli
from ganzoo.zoo import Model

DESIGN, MANIFEST, PICTURES = "study.yaml", "manifest.json", "stimuli.zip"
AT_ONCE = 64  # pictures sampled together
FORMAT = 1


class Stimulus(Options):
    """One picture, and all that is known of it; nothing of this ever reaches a browser.

    Attributes:
        sha256: of the file's bytes: its name.
        model: the bundle that painted it; None for a real one.
        revision: sha256 of the weights.
        row: its place in the data set's split.
    """

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    model: str | None = None
    revision: str | None = None
    seed: int | None = None
    psi: float | None = None
    y: int | None = None
    data: str | None = None
    split: str | None = None
    row: int | None = None

    @property
    def real(self) -> bool:
        return self.model is None


class Manifest(Options):
    """Every picture of a study, and the one way they all came.

    Attributes:
        design: sha256 of the design that it was made for.
        encoder: how crop, resize and file format were done.
        side: of the files, in pixels.
        licences: of the real pictures, by data set.
    """

    format: int = FORMAT
    design: str
    encoder: str
    side: int
    licences: dict[str, str]
    stimuli: tuple[Stimulus, ...]

    @cached_property
    def by_name(self) -> dict[str, Stimulus]:
        return {one.sha256: one for one in self.stimuli}

    @cached_property
    def reals(self) -> tuple[str, ...]:
        return tuple(one.sha256 for one in self.stimuli if one.real)

    @cached_property
    def fakes(self) -> dict[str, tuple[str, ...]]:
        """Names of pictures, by model, in the order in which the models are named."""
        painters = dict.fromkeys(one.model for one in self.stimuli if one.model is not None)
        return {m: tuple(s.sha256 for s in self.stimuli if s.model == m) for m in painters}


class Prepared:
    """A study that can be run: its design, its manifest and its pictures.

    Raises:
        StudyError: if the folder lacks one of them, or they do not belong together.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.design = Design.load(folder / DESIGN)
        self.manifest = _read_manifest(folder / MANIFEST)
        if self.manifest.design != self.design.digest:
            raise StudyError(
                f"{folder / DESIGN} was changed after its pictures were prepared: run "
                f"ganzoo study prepare {folder / DESIGN} again"
            )
        self._archive = _open_archive(folder / PICTURES)
        missing = set(self.manifest.by_name) - {n[:-4] for n in self._archive.namelist()}
        if missing:
            raise StudyError(f"{folder / PICTURES} lacks {len(missing)} of the pictures")

    def picture(self, name: str) -> bytes:
        """The PNG file of that name.

        Raises:
            StudyError: if it is not the one that the manifest vouches for.
        """
        try:
            content = self._archive.read(f"{name}.png")
        except (KeyError, zipfile.BadZipFile, OSError) as error:
            raise StudyError(f"picture {name[:12]} cannot be read: {error}") from None
        if sha256(content).hexdigest() != name:
            raise StudyError(f"picture {name[:12]} is not the one that the manifest vouches for")
        return content


class _Made(NamedTuple):
    picture: Picture
    known: dict[str, Any]


def prepare(source: Path, folder: Path | None = None) -> Prepared:
    """Samples, draws, encodes and writes a study's pictures beside its design.

    Args:
        source: the YAML file.
        folder: where to write; a folder named after the study beside the file if None.

    Raises:
        StudyError: if a model or the data set cannot give as many pictures as are asked for.
        GanzooError: if one cannot be found or read.
    """
    design = Design.load(source)
    folder = folder or (source.parent if source.name == DESIGN else source.parent / design.name)
    found: dict[str, tuple[Stimulus, bytes]] = {}
    for made in (*_fakes(design.stimuli), *_reals(design.stimuli)):
        content = encode(made.picture, design.stimuli)
        name = sha256(content).hexdigest()
        found.setdefault(name, (Stimulus(sha256=name, **made.known), content))
    sizes = {len(content) for _, content in found.values()}
    if len(sizes) > 1:
        raise StudyError(
            f"pictures of {sorted(sizes)} bytes would give themselves away: set stimuli.size, "
            "and channels as the models have them"
        )
    _write(folder, source, design, found)
    return Prepared(folder)


def encode(picture: Picture, way: Stimuli) -> bytes:
    """Crops, resizes and writes one picture: the same for a real and for a fake."""
    side = min(picture.shape[:2])
    kept = min(way.crop or side, side)
    top, left = (picture.shape[0] - kept) // 2, (picture.shape[1] - kept) // 2
    drawn = images.to_pillow(np.ascontiguousarray(picture[top : top + kept, left : left + kept]))
    if way.size and way.size != kept:
        drawn = drawn.resize((way.size, way.size), Pillow.Resampling.LANCZOS)
    memory = BytesIO()
    drawn.save(memory, "PNG", compress_level=0)
    return memory.getvalue()


def _fakes(way: Stimuli) -> Iterator[_Made]:
    for name in way.models:
        artist = Model(bundle.load(find(name)))
        if "sample" not in artist.bundle.abilities:
            raise StudyError(f"{name} does not paint from latents")
        revision = artist.bundle.config.sha256[bundle.MODEL]
        for start in range(0, way.per_model, AT_ONCE):
            count = min(AT_ONCE, way.per_model - start)
            seed = way.seed + start
            labels = artist.labels(seed, count)
            for i, picture in enumerate(_sampled(artist, seed, count, way.psi)):
                yield _Made(picture, {
                    "model": artist.bundle.name, "revision": revision, "seed": seed + i,
                    "psi": way.psi, "y": None if labels is None else int(labels[i]),
                })  # fmt: skip


def _sampled(artist: Model, seed: int, count: int, psi: float) -> Pictures:
    if psi != 1:
        raise StudyError(f"{artist.bundle.name} cannot be truncated: psi is {psi}")
    return images.to_pictures(artist.sample(seed, count))


def _reals(way: Stimuli) -> Iterator[_Made]:
    choice = way.reals
    request = DataRequest(
        path=None if choice.path is None else Path(choice.path),
        size=choice.size, channels=choice.channels, split=choice.split,
    )  # fmt: skip
    kind = sources[choice.name]
    whole = kind.load(request)
    wanted = way.real_count or way.per_model * len(way.models)
    if wanted > len(whole):
        raise StudyError(f"{whole.name} has {len(whole)} pictures; {wanted} are asked for")
    rows = np.random.default_rng(way.seed).permutation(len(whole))[:wanted]
    for row in rows.tolist():
        picture = np.ascontiguousarray(whole.pictures[row].transpose(1, 2, 0))
        label = None if whole.labels is None else int(whole.labels[row])
        yield _Made(picture, {"data": kind.title, "split": choice.split, "row": row, "y": label})


def _write(
    folder: Path, source: Path, design: Design, found: dict[str, tuple[Stimulus, bytes]]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    way = design.stimuli
    example = next(iter(found.values()))[1]
    with Pillow.open(BytesIO(example)) as shown:
        side = shown.width
    manifest = Manifest(
        design=design.digest,
        encoder=f"centre crop {way.crop or 'none'}, "
        f"resize {f'Lanczos to {way.size}' if way.size else 'none'}, PNG without compression",
        side=side,
        licences={sources[way.reals.name].title: sources[way.reals.name].licence},
        stimuli=tuple(one for one, _ in found.values()),
    )
    if source.resolve() != (folder / DESIGN).resolve():
        (folder / DESIGN).write_text(source.read_text("utf-8"), "utf-8")
    lines = manifest.model_dump(mode="json", exclude_none=True)
    (folder / MANIFEST).write_text(json.dumps(lines, indent=1) + "\n", "utf-8")
    with zipfile.ZipFile(folder / PICTURES, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (_, content) in sorted(found.items()):  # the order says nothing either
            archive.writestr(zipfile.ZipInfo(f"{name}.png"), content, zipfile.ZIP_DEFLATED)


def _read_manifest(path: Path) -> Manifest:
    try:
        raw = json.loads(path.read_text("utf-8"))
    except OSError:
        raise StudyError(
            f"{path.parent} is not prepared: run ganzoo study prepare {path.parent / DESIGN}"
        ) from None
    except ValueError as error:
        raise StudyError(f"{path} is not JSON: {error}") from None
    if isinstance(raw, dict) and raw.get("format", FORMAT) > FORMAT:
        raise StudyError(f"{path} has format {raw['format']}; this version reads {FORMAT}")
    try:
        return Manifest.read(raw, str(path))
    except RecipeError as error:
        raise StudyError(str(error)) from None


def _open_archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise StudyError(f"{path} cannot be read: {error}") from None
