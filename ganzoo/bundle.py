"""A bundle: the only thing that training hands to the zoo, the command line and the Hub.

    <name>/config.json                what it is, how it was made, how good it is
    <name>/model.safetensors          the shown network, float16 (float32 if imported)
    <name>/<player>.safetensors       its opponents, where they are small
    <name>/preview.png, film.webp     a sheet of random samples; the training in pictures
    <name>/README.md                  the model card

The same folder is a Hub model repository. Nothing in it is ever unpickled.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from torch import nn

from ganzoo import __version__, files, weights
from ganzoo.architectures import Ability, Architecture
from ganzoo.config import Recipe, parse
from ganzoo.errors import BundleError, GanzooError, UnknownNameError, suggestion
from ganzoo.expected import QUOTED, first_wrong
from ganzoo.outline import outline, parameter_count
from ganzoo.papers import Paper
from ganzoo.record import (
    FORMAT,
    Beginning,
    Beheld,
    BundleConfig,
    Cost,
    CurvePoint,
    Origin,
    Provenance,
    Score,
)

CONFIG, MODEL, PREVIEW, FILM, CARD = (
    "config.json",
    "model.safetensors",
    "preview.png",
    "film.webp",
    "README.md",
)
LONG_ROW = 9  # numbers that a config has in one line
CONFIG_LIMIT = 4 * 2**20  # bytes: a config is text, never weights


@dataclass(frozen=True)
class Bundle:
    """A folder on disk that was read and understood."""

    folder: Path
    config: BundleConfig

    @property
    def name(self) -> str:
        return self.config.name

    @cached_property
    def recipe(self) -> Recipe:
        return parse(self.config.recipe, f"{self.folder / CONFIG}: recipe")

    @property
    def architecture(self) -> Architecture:
        return self.recipe.card

    @property
    def paper(self) -> Paper:
        return self.recipe.paper

    @property
    def abilities(self) -> frozenset[Ability]:
        """What may be asked of it; nothing if the shown network's weights are not at hand, and
        ``dissect`` only if it is known what its units draw."""
        if MODEL not in self.config.sha256:
            return frozenset()
        unknown: set[Ability] = set() if self.config.dissection else {"dissect"}
        return self.recipe.abilities - unknown

    @property
    def players(self) -> tuple[str, ...]:
        """The networks whose weights are at hand, the shown one first."""
        shown = self.architecture.shown
        ranked = sorted(self.architecture.networks, key=lambda name: name != shown)
        return tuple(name for name in ranked if self._file(name) in self.config.sha256)

    def file_of(self, player: str) -> str:
        """The name of the file that holds a player's weights.

        Raises:
            UnknownNameError: if the bundle holds no such network.
        """
        if player not in self.players:
            raise UnknownNameError(
                f"{self.name} holds no {player!r}. {suggestion(player, self.players)}"
            )
        return self._file(player)

    def _file(self, player: str) -> str:
        return MODEL if player == self.architecture.shown else f"{player}.safetensors"

    def network(self, player: str | None = None) -> nn.Module:
        """The bare network (the shown one by default): float32, eval mode, no gradients.

        Raises:
            BundleError: if its weights are missing, were tampered with, or do not fit.
        """
        player = player or self.architecture.shown
        path = self._checked(player)
        with torch.random.fork_rng(devices=[]):  # initial weights cost the caller no luck
            network = self.architecture.networks[player](self.recipe.options)
        weights.fill(network, path)
        return network.eval().requires_grad_(False)

    def parameters(self, player: str | None = None) -> int:
        """How many numbers a player has learned; nothing is loaded."""
        player = player or self.architecture.shown
        told = self.config.parameters.get(player)
        return parameter_count(self._outline(player)) if told is None else told

    def check(self) -> None:
        """Sees that every player's weights are the vouched ones, and fit; nothing is loaded.

        Raises:
            BundleError: if they are missing, were tampered with, or do not fit.
        """
        for player in self.players:
            self._checked(player)

    def check_classifier(self, found: "Bundle") -> None:
        """Sees that a classifier is the one through whose eyes the networks were taught.

        Raises:
            BundleError: if it is another, or none was.
        """
        wanted = self.config.classifier
        if wanted is None:
            raise BundleError(f"{self.name} was taught through nobody's eyes")
        if (sha256 := found.config.sha256.get(MODEL, "none")) != wanted.sha256:
            raise BundleError(
                f"{self.name} was taught through the eyes of {wanted.name} with the SHA-256 "
                f"{wanted.sha256[:12]}…; {found.folder} holds {found.name} with {sha256[:12]}…"
            )

    def _outline(self, player: str) -> nn.Module:
        try:
            return outline(self.architecture.networks[player], self.recipe.options)
        except ValueError as error:
            raise BundleError(f"{self.folder / CONFIG}: {error}") from None

    def _checked(self, player: str) -> Path:
        """A player's file, known to be the vouched one and to fit before memory is taken for it."""
        path = self.folder / self.file_of(player)
        network = self._outline(player)
        weights.check(path, self.config.sha256.get(path.name), network)
        if (told := self.parameters(player)) != (found := parameter_count(network)):
            raise BundleError(
                f"{self.folder / CONFIG} says that {player} has {told:,} parameters; "
                f"it has {found:,}"
            )
        return path


def load(folder: Path) -> Bundle:
    """Reads a bundle's config; its weights are read when a network is asked for.

    Raises:
        BundleError: if it is not a bundle, is damaged, or comes from a newer ganzoo.
    """
    path = folder / CONFIG
    if not path.is_file():
        raise BundleError(f"{str(folder)!r} is not a bundle: it has no {CONFIG}")
    if path.stat().st_size > CONFIG_LIMIT:
        raise BundleError(f"{path} is larger than {CONFIG_LIMIT} bytes")
    try:
        raw = json.loads(path.read_text("utf-8"), parse_constant=_finite, parse_float=_finite)
        json.dumps(raw, ensure_ascii=False).encode()  # half a letter cannot be shown to anyone
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is not JSON: {error}") from None
    if not isinstance(raw, dict) or raw.get("library") != "ganzoo":
        raise BundleError(f"{path} does not describe a ganzoo bundle")
    if raw.get("format") != FORMAT:
        raise BundleError(
            f"{path} has format {raw.get('format')!r}; this ganzoo reads format {FORMAT}"
        )
    return _understood(folder, raw)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(f"{text} is no number")
    return number


def _understood(folder: Path, raw: dict[str, Any]) -> Bundle:
    path = folder / CONFIG
    try:
        bundle = Bundle(folder, BundleConfig.model_validate(raw))
        recipe = bundle.recipe  # an unreadable one is found here, not later
    except ValidationError as error:
        raise BundleError(f"{path}: {first_wrong(error)}") from None
    except GanzooError as error:
        raise BundleError(str(error)) from None
    if (kept := _portable(recipe)) != recipe:  # from elsewhere, it may not point at files here
        own = recipe.data.path if recipe.data != kept.data else recipe.classifier
        raise BundleError(f"{path}: its recipe names files of one machine: {own!r:.{QUOTED}}")
    return bundle


def write(
    folder: Path,
    recipe: Recipe,
    networks: Mapping[str, nn.Module],
    *,
    classes: tuple[str, ...] = (),
    data: Origin | None = None,
    cost: Cost | None = None,
    beginning: Beginning | None = None,
    classifier: Bundle | None = None,
    provenance: Provenance | None = None,
    metrics: tuple[Score, ...] = (),
    curve: tuple[CurvePoint, ...] = (),
    half: bool = True,
) -> Bundle:
    """Writes networks (by player) and what is known of them.

    The config comes last, so a half-written folder is never taken for a bundle; what cannot be
    kept, or finds no room on the disk, leaves a bundle that lies there alone.

    Args:
        classifier: through whose eyes the networks were taught.
        half: whether weights are kept as float16.

    Raises:
        BundleError: if no network is given, or a weight is not finite in the kept type.
    """
    shown = recipe.card.shown
    if not networks:
        raise BundleError(f"a bundle of {recipe.name} needs a network")
    contents = {
        MODEL if player == shown else f"{player}.safetensors": weights.packed(network, player, half)
        for player, network in networks.items()
    }
    described = BundleConfig(
        version=__version__,
        name=recipe.name,
        recipe=_portable(recipe).model_dump(mode="json"),
        classes=classes,
        data=data,
        cost=cost,
        beginning=beginning,
        classifier=Beheld(name=classifier.name, sha256=classifier.config.sha256[MODEL])
        if classifier
        else None,
        provenance=provenance,
        metrics=metrics,
        curve=curve,
        parameters={player: parameter_count(network) for player, network in networks.items()},
        sha256={file: hashlib.sha256(content).hexdigest() for file, content in contents.items()},
    )
    folder.mkdir(parents=True, exist_ok=True)
    files.replace_together(folder, {**contents, CONFIG: _text(described)}, CONFIG)
    return Bundle(folder, described)


def rewrite(bundle: Bundle, **changes: Any) -> Bundle:
    """Writes the config anew, with changes such as ``metrics=…``; the weights stay as they are."""
    described = bundle.config.model_copy(update=changes)
    files.replace(bundle.folder / CONFIG, _text(described))
    return Bundle(bundle.folder, described)


def _text(config: BundleConfig) -> bytes:
    text = json.dumps(config.model_dump(mode="json"), indent=1, ensure_ascii=False)
    return _compact(text).encode() + b"\n"


def _portable(recipe: Recipe) -> Recipe:
    """Without the paths of one machine's copies."""
    data = recipe.data.model_copy(update={"path": None})
    classifier = Path(recipe.classifier).name if recipe.classifier else None
    return recipe.model_copy(update={"data": data, "classifier": classifier})


def _compact(text: str) -> str:
    """One line for each point of a curve, instead of five; one for a long row of numbers."""
    once = re.sub(r"\{[^{}\[\]]*?\{[^{}]*\}\s*\}", lambda m: re.sub(r"\s+", " ", m[0]), text)
    row = rf"\[\s*(?:[-+.\de]+,\s*){{{LONG_ROW - 1},}}[-+.\de]+\s*\]"
    return re.sub(row, lambda m: re.sub(r"\s+", " ", m[0]), once)
