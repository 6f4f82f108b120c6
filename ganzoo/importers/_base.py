"""What a format declares about itself, and the way from its file to a bundle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from ganzoo import bundle, config
from ganzoo.bundle import Bundle, Provenance
from ganzoo.errors import ImportedError, suggestion

USUAL_SIZE = 256  # of pictures whose size nobody tells
FROM_DATA = ("image_size", "image_channels")  # options that follow the data's

Foreign = Mapping[str, Any]  # the file's content: tensors and plain data, nested as they were


@dataclass(frozen=True, kw_only=True)
class Converted:
    """The same network in ganzoo's terms.

    Attributes:
        options: those that this part tells of; others stay as they are in a bundle at hand.
        state: weights and buffers under our names.
        size: of its pictures; None if this part does not tell: then as in a bundle at hand.
        classes: their names, where they are known.
    """

    architecture: str
    options: Mapping[str, Any]
    state: Mapping[str, Tensor]
    size: int | None
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
    there = bundle.load(out) if (out / bundle.CONFIG).is_file() else None
    if there and there.recipe.architecture != converted.architecture:
        raise ImportedError(
            f"{out} holds a {there.recipe.architecture} already; got a {converted.architecture}"
        )
    recipe = config.parse(_recipe(name, converted, there), provenance.source)
    networks = {part: fill(recipe.card.networks[part](recipe.options), converted.state)}
    if there:
        networks = {p: there.network(p) for p in there.players if p != part} | networks
    return bundle.write(
        out, recipe, networks, classes=converted.classes, provenance=provenance, half=False
    )


def fill(network: nn.Module, state: Mapping[str, Tensor]) -> nn.Module:
    """Puts every weight in its place.

    Raises:
        ImportedError: naming the weights that are missing, left over or of another shape.
    """
    own = network.state_dict()
    missing = [name for name in own if name not in state]
    extra = [name for name in state if name not in own]
    wrong = [
        f"{name} is {tuple(state[name].shape)}, not {tuple(own[name].shape)}"
        for name in own
        if name in state and state[name].shape != own[name].shape
    ]
    if missing or extra or wrong:
        told = [f"missing {', '.join(missing[:4])}"] * bool(missing)
        told += [f"left over {', '.join(extra[:4])}"] * bool(extra)
        raise ImportedError(f"the weights do not fit: {'; '.join([*told, *wrong[:4]])}")
    network.load_state_dict({name: value.detach().clone() for name, value in state.items()})
    return network.eval()


def _recipe(name: str, converted: Converted, there: Bundle | None) -> dict[str, Any]:
    """What the part tells, over what the bundle at hand knows already."""
    known = there.recipe.options.model_dump() if there else {}
    data = {"name": "folder", "size": converted.size or USUAL_SIZE, "channels": converted.channels}
    if there and converted.size is None:
        data = there.recipe.data.model_dump()
    else:
        known = {key: value for key, value in known.items() if key not in FROM_DATA}
    return {
        "name": name,
        "shows": f"architectures/{converted.architecture}",
        "architecture": converted.architecture,
        "options": {**known, **converted.options},
        "data": data,
        "kimg": 0,
    }
