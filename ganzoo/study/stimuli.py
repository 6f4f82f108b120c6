"""Samples a study's fakes, draws its reals, and passes both through one and the same door.

Every file has the same number of bytes, because PNG is written here without compression: a fake
compresses worse than a real, and its size would give it away.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from PIL import Image as Pillow

from ganzoo import bundle, files, images
from ganzoo.data import DataRequest, sources
from ganzoo.errors import StudyError
from ganzoo.hub import find
from ganzoo.shapes import Picture, Pictures
from ganzoo.study.design import Design, Stimuli
from ganzoo.study.enough import check_enough
from ganzoo.study.manifest import DESIGN, MANIFEST, PICTURES, Manifest, Prepared, Stimulus
from ganzoo.study.protocols import protocols
from ganzoo.study.trials import Trial, plan
from ganzoo.zoo import Model, Stylist

AT_ONCE = 64  # pictures sampled together


class _Made(NamedTuple):
    picture: Picture
    known: dict[str, Any]


def prepare(
    source: Path,
    folder: Path | None = None,
    check: Callable[[Design, Manifest | None], None] = lambda *_: None,
) -> Prepared:
    """Samples, draws, encodes and writes a study's pictures beside its design.

    Args:
        source: the YAML file.
        folder: where to write; a folder named after the study beside the file if None.
        check: raises if that design, or, before anything is written, these pictures may not be.

    Raises:
        StudyError: if a model or the data set cannot give as many pictures as are asked for, or
            if the folder holds another study.
        GanzooError: if one cannot be found or read.
    """
    design = Design.load(source)
    folder = folder or (source.parent if source.name == DESIGN else source.parent / design.name)
    _check_place(folder, design)
    check(design, None)
    way = _beside(design.stimuli, source)
    found: dict[str, tuple[Stimulus, bytes]] = {}
    for made in (*_fakes(way), *_reals(way)):
        content = encode(made.picture, way)
        name = sha256(content).hexdigest()
        found.setdefault(name, (Stimulus(sha256=name, **made.known), content))
    sizes = {len(content) for _, content in found.values()}
    if len(sizes) > 1:
        raise StudyError(
            f"pictures of {sorted(sizes)} bytes would give themselves away: set stimuli.size, "
            "and channels as the models have them"
        )
    manifest = _manifest(design, found)
    check_enough(design, manifest)
    for seat in range(2 * len(manifest.fakes)):
        _check_kinds(design, plan(design, manifest, seat))
    check(design, manifest)
    _write(folder, source, manifest, found)
    return Prepared(folder)


def _check_place(folder: Path, design: Design) -> None:
    there = folder / DESIGN
    if there.is_file() and (name := Design.load(there).name) != design.name:
        raise StudyError(f"{folder} holds the study {name!r}: {design.name!r} goes elsewhere")


def _beside(way: Stimuli, source: Path) -> Stimuli:
    """With a path to reals that is told from the study's file on, or from here."""
    near = source.parent / (way.reals.path or "")
    if way.reals.path is None or not near.exists():
        return way
    return way.model_copy(update={"reals": way.reals.model_copy(update={"path": str(near)})})


def _check_kinds(design: Design, trials: Sequence[Trial]) -> None:
    main = [slot for trial in trials if trial.phase == "main" for slot in trial.slots]
    reals = sum(slot.model is None for slot in main)
    if protocols[design.protocol].mixes and reals in (0, len(main)):
        raise StudyError(
            f"share_real {design.share_real:g} of {design.trials} trials leaves {reals} real and "
            f"{len(main) - reals} fake pictures: errors are measured on both"
        )


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
    called: dict[str, str] = {}
    for name in way.models:
        artist = Model(bundle.load(find(name)), precision="float32")
        if artist.bundle.name in called:
            raise StudyError(
                f"{called[artist.bundle.name]!r} and {name!r} are both called "
                f"{artist.bundle.name!r}: nobody could tell their pictures apart"
            )
        called[artist.bundle.name] = name
        revision = artist.bundle.config.sha256[bundle.MODEL]
        if "translate" in artist.bundle.abilities:
            yield from _translations(artist, way, revision)
            continue
        if "sample" not in artist.bundle.abilities:
            raise StudyError(f"{name} does not paint from latents")
        for start in range(0, way.per_model, AT_ONCE):
            count = min(AT_ONCE, way.per_model - start)
            seed = way.seed + start
            labels = artist.labels(seed, count)
            for i, picture in enumerate(_sampled(artist, seed, count, way)):
                yield _Made(picture, {
                    "model": artist.bundle.name, "revision": revision, "seed": seed + i,
                    "psi": way.psi, "truncation": way.truncation,
                    "y": None if labels is None else int(labels[i]),
                })  # fmt: skip


def _translations(artist: Model, way: Stimuli, revision: str) -> Iterator[_Made]:
    """Of inputs whose real answers are the study's reals: the lot is the same."""
    learned, kind = artist.bundle.recipe.data.name, sources[way.reals.name]
    if learned != way.reals.name:
        raise StudyError(
            f"{artist.bundle.name} translates inputs of {learned}: reals.name must be the same"
        )
    whole = kind.load(replace(_request(way), input_channels=_channels(artist)))
    if whole.inputs is None or not whole.paired:
        raise StudyError(f"{whole.name} holds no pairs: no real picture answers the same input")
    rows = _lot(way, len(whole), way.per_model)
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        made = images.to_pictures(artist.translate(whole.images(part, inputs=True)))
        for row, picture in zip(part.tolist(), made, strict=True):
            yield _Made(picture, {
                "model": artist.bundle.name, "revision": revision,
                "data": kind.title, "split": way.reals.split, "row": row,
            })  # fmt: skip


def _channels(artist: Model) -> Literal[1, 3]:
    return 1 if artist.given_channels() == 1 else 3


def _sampled(artist: Model, seed: int, count: int, way: Stimuli) -> Pictures:
    if way.psi == 1:
        return images.to_pictures(artist.sample(seed, count, truncation=way.truncation))
    if "style" not in artist.bundle.abilities:
        raise StudyError(
            f"{artist.bundle.name} has no styles that psi could draw to their mean; "
            "stimuli.truncation cuts any model's latents"
        )
    stylist, z = Stylist(artist), artist.latents(seed, count, way.truncation)
    return images.to_pictures(
        stylist.paint(stylist.styles(z, artist.labels(seed, count), psi=way.psi))
    )


def _reals(way: Stimuli) -> Iterator[_Made]:
    choice, kind = way.reals, sources[way.reals.name]
    whole = kind.load(_request(way))
    wanted = way.real_count or way.per_model * len(way.models)
    if wanted > len(whole):
        raise StudyError(f"{whole.name} has {len(whole)} pictures; {wanted} are asked for")
    for row in _lot(way, len(whole), wanted).tolist():
        picture = np.ascontiguousarray(whole.pictures[row].transpose(1, 2, 0))
        label = None if whole.labels is None else int(whole.labels[row])
        yield _Made(picture, {"data": kind.title, "split": choice.split, "row": row, "y": label})


def _request(way: Stimuli) -> DataRequest:
    choice = way.reals
    return DataRequest(
        path=None if choice.path is None else Path(choice.path),
        size=choice.size, channels=choice.channels, split=choice.split,
    )  # fmt: skip


def _lot(way: Stimuli, among: int, wanted: int) -> np.ndarray:
    """The first rows of one and the same lot."""
    return np.random.default_rng(way.seed).permutation(among)[:wanted]


def _manifest(design: Design, found: dict[str, tuple[Stimulus, bytes]]) -> Manifest:
    way = design.stimuli
    example = next(iter(found.values()))[1]
    with Pillow.open(BytesIO(example)) as shown:
        side = shown.width
    return Manifest(
        design=design.digest,
        encoder=f"centre crop {way.crop or 'none'}, "
        f"resize {f'Lanczos to {way.size}' if way.size else 'none'}, PNG without compression",
        side=side,
        licences={sources[way.reals.name].title: sources[way.reals.name].licence},
        stimuli=tuple(one for one, _ in found.values()),
    )


def _write(
    folder: Path, source: Path, manifest: Manifest, found: dict[str, tuple[Stimulus, bytes]]
) -> None:
    """Each file whole, in the place of an earlier one: who serves that one keeps it open."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = manifest.model_dump(mode="json", exclude_none=True)
    design = source.read_bytes()
    with (
        files.replacing(folder / PICTURES) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, (_, content) in sorted(found.items()):  # the order says nothing either
            archive.writestr(zipfile.ZipInfo(f"{name}.png"), content, zipfile.ZIP_DEFLATED)
    files.replace(folder / MANIFEST, (json.dumps(lines, indent=1) + "\n").encode())
    if source.resolve() != (folder / DESIGN).resolve():
        files.replace(folder / DESIGN, design)
