"""Weights in a file: safetensors, never unpickled, seen to fit before they are read."""

from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import nn

from ganzoo.errors import BundleError
from ganzoo.files import sha256
from ganzoo.outline import Shape, misfits

PICKLES = frozenset({".bin", ".pkl", ".pt", ".pth", ".ckpt"})
FRACTIONS = frozenset({"F16", "BF16", "F32", "F64"})  # as safetensors names them


def packed(network: nn.Module, player: str, half: bool) -> bytes:
    """A network's weights as the content of a file.

    Args:
        player: what the network is, for complaints.
        half: whether they are kept as float16.

    Raises:
        BundleError: if one is not finite in the kept type.
    """
    kept = {}
    for key, value in network.state_dict().items():
        value = value.detach().cpu()
        kept[key] = (value.half() if half and value.is_floating_point() else value).contiguous()
        if not kept[key].isfinite().all():
            raise BundleError(f"{player}: {key} has values that {kept[key].dtype} cannot hold")
    return save(kept, {"format": "pt"})


def check(path: Path, vouched: str | None, network: nn.Module) -> None:
    """Sees that a file holds the vouched weights, and that they fit; memory is taken for none.

    Args:
        vouched: the SHA-256 that the file is to have.
        network: whose weights they are to be; without values of its own.

    Raises:
        BundleError: if the file is missing, was tampered with, or does not fit.
    """
    if not path.is_file():
        pickles = [p.name for p in path.parent.glob("*") if p.suffix in PICKLES]
        hint = f"; {', '.join(pickles)} may hold code and is not read" if pickles else ""
        raise BundleError(f"{path} is missing{hint}")
    if (found := sha256(path)) != vouched:
        raise BundleError(f"{path} is not the file its config vouches for: {found} ≠ {vouched}")
    if complaint := misfits(network, _shapes(path)):
        raise BundleError(f"{path} does not fit its architecture: {complaint}")
    _check_kinds(path, network)


def fill(network: nn.Module, path: Path) -> None:
    """Gives a network the weights of a file that was checked."""
    weights = {key: value.float() if value.is_floating_point() else value
               for key, value in load_file(path).items()}  # fmt: skip
    network.load_state_dict(weights, strict=True)


def _shapes(path: Path) -> dict[str, Shape]:
    try:
        with safe_open(path, "pt") as file:
            names = list(file.keys())
            return {name: tuple(file.get_slice(name).get_shape()) for name in names}
    except SafetensorError as error:
        raise BundleError(f"{path} is not a safetensors file: {error}") from None


def _check_kinds(path: Path, network: nn.Module) -> None:
    """Fractions would be cut off whole numbers without a word, and the other way round."""
    with safe_open(path, "pt") as file:
        for name, own in network.state_dict().items():
            found = file.get_slice(name).get_dtype()
            if own.is_floating_point() != (found in FRACTIONS):
                raise BundleError(f"{path}: {name} is of the type {found}")
