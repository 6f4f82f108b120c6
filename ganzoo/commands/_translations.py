"""What ``ganzoo translate`` has to do, and what it has done before."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganzoo.shapes import Picture
    from ganzoo.zoo import Model

ORIGIN = "ganzoo"  # the text in a PNG that says what it was made from, and how


def plan(inputs: Sequence[Path], out: Path) -> list[tuple[Path, Path]]:
    """Each picture, and where its translation goes.

    Raises:
        InputError: if there are none, if two would become one, or one would be replaced.
    """
    from ganzoo.errors import InputError

    found = [pair for given in inputs for pair in _pairs(given, out)]
    if not found:
        raise InputError(f"no pictures in {', '.join(repr(str(one)) for one in inputs)}")
    targets = [target for _, target in found]
    if twice := sorted({str(one) for one in targets if targets.count(one) > 1}):
        raise InputError(f"two inputs would both become {twice[0]!r}: translate them apart")
    if own := [str(source) for source, target in found if source.resolve() == target.resolve()]:
        raise InputError(f"{own[0]!r} would be replaced by its translation: choose another --out")
    return found


def _pairs(given: Path, out: Path) -> Iterator[tuple[Path, Path]]:
    from ganzoo.data import SUFFIXES
    from ganzoo.errors import InputError

    if not given.exists():
        raise InputError(f"there is no picture or folder {str(given)!r}")
    if given.is_file():
        yield given, out / f"{given.stem}.png"
        return
    root, results = given.resolve(), out.resolve()
    for path in sorted(given.rglob("*")):
        made = results != root and results in path.resolve().parents
        if path.suffix.lower() in SUFFIXES and path.is_file() and not made:
            yield path, out / path.relative_to(given).with_suffix(".png")


def origin(model: "Model", source: Path, way: dict[str, object]) -> str:
    """What a translation is made from, and how."""
    from ganzoo.bundle import MODEL
    from ganzoo.files import sha256

    made = {"model": model.bundle.name, "sha256": model.bundle.config.sha256[MODEL], **way}
    try:
        return json.dumps({**made, "input_sha256": sha256(source)})
    except OSError:
        return json.dumps(made)  # who reads the picture will say so


def missing(target: Path, origin: str, again: bool) -> bool:
    """Whether a translation is to be made.

    Raises:
        InputError: if something else lies in its place, and may not be replaced.
    """
    from PIL import Image as Pillow

    from ganzoo.errors import InputError

    if again or not target.exists():
        return True
    try:
        with Pillow.open(target, formats=["PNG"]) as there:
            found = there.info.get(ORIGIN)
    except OSError:
        found = None
    if found != origin:
        raise InputError(
            f"{str(target)!r} is there already, and not from the same picture in the same way: "
            "choose another --out, or replace it with --again"
        )
    return False


def write(target: Path, picture: "Picture", origin: str) -> None:
    """One PNG that knows where it comes from; it is whole or not there."""
    from PIL.PngImagePlugin import PngInfo

    from ganzoo import images
    from ganzoo.files import replacing

    told = PngInfo()
    told.add_text(ORIGIN, origin)
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as file:
        images.to_pillow(picture).save(file, "PNG", pnginfo=told)
