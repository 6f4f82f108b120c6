"""A prepared study, ready to be shown: a folder of three files.

    study.yaml      the design, as written
    manifest.json   what every picture is: model, revision, seed, psi, data set, split, row
    stimuli.zip     the pictures, each named by the sha256 of its bytes

Nothing here paints or trains, so that serving a study needs no PyTorch.
"""

import json
import zipfile
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pydantic import Field

from ganzoo.errors import RecipeError, StudyError
from ganzoo.options import Options
from ganzoo.study.design import Design

DESIGN, MANIFEST, PICTURES = "study.yaml", "manifest.json", "stimuli.zip"
FORMAT = 1


class Stimulus(Options):
    """One picture, and all that is known of it; nothing of this ever reaches a browser.

    Attributes:
        sha256: of the file's bytes: its name.
        model: the bundle that painted it; None for a real one.
        revision: sha256 of the weights.
        psi, truncation: of its styles, and of its latents, as in the design.
        row: its place in the data set's split.
    """

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    model: str | None = None
    revision: str | None = None
    seed: int | None = None
    psi: float | None = None
    truncation: float | None = None
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
    def partners(self) -> dict[str, str]:
        """Of each fake that answers an input, the real answer to the same one."""
        places = {(s.data, s.split, s.row): s.sha256 for s in self.stimuli if s.real}
        fakes = [s for s in self.stimuli if not s.real and s.row is not None]
        found = {s.sha256: places.get((s.data, s.split, s.row)) for s in fakes}
        return {fake: real for fake, real in found.items() if real is not None}

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
