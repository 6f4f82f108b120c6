"""What a format declares about itself, and the way from its file to a bundle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from ganzoo import bundle, config
from ganzoo.bundle import Bundle, Provenance
from ganzoo.errors import ImportedError, suggestion
from ganzoo.outline import misfits, outline

Foreign = Mapping[str, Any]  # the file's content: tensors and plain data, nested as they were


@dataclass(frozen=True, kw_only=True)
class Converted:
    """The same network in ganzoo's terms.

    Attributes:
        recipe: architecture, options, size and channels; what training would need is filled in.
        state: weights and buffers under our names.
        classes: their names, where they are known.
    """

    architecture: str
    options: Mapping[str, Any]
    state: Mapping[str, Tensor]
    size: int
    channels: int = 3
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Importer:
    """One public format.

    Attributes:
        title: what the format is, in a few words.
        repository: the public code that defines it, ``owner/name``.
        files: where its public weights are, for ``ganzoo import --list``.
        licence: of those public weights.
        parts: the players that can be converted, the usual one first.
        convert: from the file's content, the options (constructor arguments, from the user's file
            or the one beside the weights; may be empty) and the part wanted. Raises
            ImportedError when the weights are not of this format.
    """

    title: str
    repository: str
    files: str
    licence: str
    parts: tuple[str, ...] = ("generator",)
    convert: Callable[[Foreign, Mapping[str, Any], str], Converted] = field(repr=False)


def convert(
    importer: Importer,
    name: str,
    content: Foreign,
    options: Mapping[str, Any],
    provenance: Provenance,
    out: Path,
    part: str | None = None,
) -> Bundle:
    """Writes a bundle in float32. A bundle already at ``out`` keeps its other players.

    Raises:
        ImportedError: if the part is unknown, or the weights do not fit the network they name.
        RecipeError: if the options are not those of the architecture.
    """
    part = part or importer.parts[0]
    if part not in importer.parts:
        raise ImportedError(
            f"{provenance.format} has no part {part!r}. {suggestion(part, importer.parts)}"
        )
    converted = importer.convert(content, options, part)
    recipe = config.parse(
        {
            "name": name,
            "shows": f"architectures/{converted.architecture}",
            "architecture": converted.architecture,
            "options": dict(converted.options),
            "data": {"name": "folder", "size": converted.size, "channels": converted.channels},
            "kimg": 0,
        },
        provenance.source,
    )
    networks = {part: fill(recipe.card.networks[part], recipe.options, converted.state)}
    if (out / bundle.CONFIG).is_file():
        networks = _others(out, recipe, part) | networks
    return bundle.write(
        out, recipe, networks, classes=converted.classes, provenance=provenance, half=False
    )


def fill(build: Callable[[Any], nn.Module], options: Any, state: Mapping[str, Tensor]) -> nn.Module:
    """A network with every weight in its place.

    Raises:
        ImportedError: naming the weights that are missing, left over or of another shape; then
            no memory was taken for it.
    """
    try:
        told = misfits(
            outline(build, options), {name: tuple(one.shape) for name, one in state.items()}
        )
    except ValueError as error:
        raise ImportedError(str(error)) from None
    if told:
        raise ImportedError(f"the weights do not fit: {told}")
    network = build(options)
    network.load_state_dict(dict(state))
    return network.eval()


def _others(out: Path, recipe: config.Recipe, part: str) -> dict[str, nn.Module]:
    there = bundle.load(out)
    if there.recipe.architecture != recipe.architecture:
        raise ImportedError(
            f"{out} holds a {there.recipe.architecture} already; got a {recipe.architecture}"
        )
    return {player: there.network(player) for player in there.players if player != part}
