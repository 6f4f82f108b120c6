"""What a format declares about itself, and the way from its file to a bundle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ganzoo import bundle, config
from ganzoo.bundle import Bundle
from ganzoo.errors import GanzooError, ImportedError, suggestion
from ganzoo.outline import misfits, outline
from ganzoo.record import Provenance
from ganzoo.shapes import PICTURED

USUAL_SIZE = 256  # of pictures whose size nobody tells
UNEXPECTED = (
    LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError,
)  # fmt: skip
PLAIN = frozenset({
    torch.float64, torch.float32, torch.float16, torch.bfloat16,
    torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool,
})  # fmt: skip
FROM_DATA = ("image_size", "image_channels")  # options that follow the data's

Foreign = Mapping[str, Any]  # the file's content: tensors and plain data, nested as they were


@dataclass(frozen=True, kw_only=True)
class Converted:
    """The same network in ganzoo's terms.

    Attributes:
        options: what these weights say of the architecture; others stay as in a bundle at hand.
        state: weights and buffers under our names.
        size, channels: of the images; size None if this part does not tell: then as at hand.
            Channels other than a picture's become an option of the architecture.
        assumed: options of the other players, unless a bundle that holds them says otherwise.
        classes: their names, where they are known.
    """

    architecture: str
    options: Mapping[str, Any]
    state: Mapping[str, Tensor]
    size: int | None
    channels: int = 3
    classes: tuple[str, ...] = ()
    assumed: Mapping[str, Any] = field(default_factory=dict)


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
    """Writes a bundle in float32. A bundle of that format at ``out`` keeps its other players.

    Raises:
        ImportedError: if the part is unknown, if the weights do not fit the network they name, or
            if a bundle at ``out`` would lose what was not imported from this file.
        RecipeError: if the options are not those of the architecture.
    """
    _check(content)
    part = part or importer.parts[0]
    if part not in importer.parts:
        raise ImportedError(
            f"{provenance.format} has no part {part!r}. {suggestion(part, importer.parts)}"
        )
    try:
        converted = importer.convert(content, options, part)
    except KeyError as lacking:
        raise ImportedError(f"this has no weights {lacking.args[0]!r}") from lacking
    except GanzooError:
        raise
    except UNEXPECTED as error:  # shapes and options of something else
        raise ImportedError(
            f"these are no weights of {provenance.format}, or not with these options: {error}"
        ) from error
    there = bundle.load(out) if (out / bundle.CONFIG).is_file() else None
    if there and there.recipe.architecture != converted.architecture:
        raise ImportedError(
            f"{out} holds a {there.recipe.architecture} already; got a {converted.architecture}"
        )
    if there and not _may_join(there, part, provenance):
        raise ImportedError(
            f"{out} holds {there.name} already, whose {part} this would replace: choose another "
            "folder, or delete that one"
        )
    recipe = config.parse(_recipe(name, converted, there), provenance.source)
    state = _counted(converted.state)
    networks = {part: fill(recipe.card.networks[part], recipe.options, state)}
    if there:
        networks = _others(there, recipe, part) | networks
    return bundle.write(
        out, recipe, networks, classes=converted.classes, provenance=provenance, half=False
    )


def _check(content: Foreign) -> None:
    """Sees that every tensor in a file is a plain one, and all its numbers are.

    Raises:
        ImportedError: naming the first that is not.
    """
    for name, value in content.items():
        if isinstance(value, Mapping):
            _check(value)
        elif isinstance(value, Tensor):
            if value.layout is not torch.strided or value.dtype not in PLAIN:
                raise ImportedError(f"{name!r} is no plain tensor: {value.layout}, {value.dtype}")
            if not value.isfinite().all():
                raise ImportedError(f"{name!r} holds NaN or infinity")


def _counted(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """With the counters of batch norms: files of torch before 0.4.1 have none."""
    counters = {
        f"{name.rpartition('.')[0]}.num_batches_tracked": torch.tensor(0)
        for name in state
        if name.rpartition(".")[2] == "running_var"
    }
    return counters | dict(state)


def _may_join(there: Bundle, part: str, provenance: Provenance) -> bool:
    """Whether a part may be added to a bundle: it has none, or has it from the same file."""
    before = there.config.provenance
    alike = before is not None and before.format == provenance.format
    same = before is not None and before.sha256 == provenance.sha256
    return alike and (same or part not in there.players)


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


def _others(there: Bundle, recipe: config.Recipe, part: str) -> dict[str, nn.Module]:
    """The players at hand, as the recipe that now holds for all builds them."""
    return {
        player: fill(
            recipe.card.networks[player], recipe.options, there.network(player).state_dict()
        )
        for player in there.players
        if player != part
    }


def _recipe(name: str, converted: Converted, there: Bundle | None) -> dict[str, Any]:
    """What the part tells, over what the bundle at hand knows already."""
    known = there.recipe.options.model_dump() if there else {}
    pictured = converted.channels in PICTURED
    told = {} if pictured else {"image_channels": converted.channels}
    data = {
        "name": "folder",
        "size": converted.size or USUAL_SIZE,
        "channels": converted.channels if pictured else PICTURED[-1],
    }
    if there and converted.size is None:
        data = there.recipe.data.model_dump()
    else:
        known = {key: value for key, value in known.items() if key not in FROM_DATA}
    return {
        "name": name,
        "architecture": converted.architecture,
        "options": {**converted.assumed, **known, **told, **converted.options},
        "data": data,
        "kimg": 0,
    }
