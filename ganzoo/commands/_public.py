"""Public implementations that define a format, raced against ganzoo at the same weights.

A public network is drawn at random by a seed, its weights are converted by the importer of its
format, and both paint the same latents: theirs as its code runs it, in eager float32, ours
prepared. Their packages come from the package index and are no dependency of ganzoo's.
"""

import importlib.util
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ganzoo.errors import InputError, UnknownNameError, suggestion

PREFIX = "public:"
Acts = dict[str, Callable[..., object]]


@dataclass(frozen=True)
class Public:
    """One public implementation.

    Attributes:
        needs: what to install.
        kind: the importer's name.
        batches: how many pictures at once are timed.
        build: its generator, drawn at random.
        paint: its generator's pictures of latents z, and of labels y where it knows classes.
        step: a training step of its own, and how many real pictures it sees.
        recipe: ours for that step.
    """

    needs: tuple[str, ...]
    kind: str
    batches: tuple[int, ...]
    build: Callable[[], Any]
    paint: Callable[..., Any]
    step: Callable[[], tuple[Callable[[], None], int]] | None = None
    recipe: dict[str, Any] | None = None


def find(name: str) -> Public:
    """A public implementation by the name of its package.

    Raises:
        UnknownNameError: if it is not one of them.
        InputError: if it, or what it needs, is not installed.
    """
    if name not in PUBLIC:
        raise UnknownNameError(f"no public code {name!r} to race. {suggestion(name, PUBLIC)}")
    found = PUBLIC[name]
    try:
        found.build()
    except ImportError as error:
        raise InputError(
            f"{name} cannot be imported ({error}): pip install {' '.join(found.needs)}"
        ) from None
    return found


def their_acts(name: str) -> Acts:
    """The public generator, in a contestant's process."""
    import torch

    found = PUBLIC[name]
    torch.manual_seed(0)
    network = found.build().eval()

    @torch.inference_mode()
    def paint(count: int) -> torch.Tensor:
        return found.paint(network, *_latents(found, count))

    return _paints(found, paint)


def our_acts(name: str) -> Acts:
    """The same weights as ganzoo runs them, in a contestant's process."""
    import torch

    from ganzoo.allocator import keep_freed_memory
    from ganzoo.importers import convert, importers
    from ganzoo.record import Provenance
    from ganzoo.zoo import Model

    keep_freed_memory()
    found = PUBLIC[name]
    torch.manual_seed(0)
    state = found.build().state_dict()
    importer = importers[found.kind]
    provenance = Provenance(
        format=found.kind.replace("_", "-"),
        source=name,
        sha256="0" * 64,
        repository=importer.repository,
        licence=importer.licence,
    )
    with TemporaryDirectory() as folder:
        made = convert(importer, "public", state, {}, provenance, Path(folder) / "public")
        fast = Model(made).prepared()
    how = {"precision": fast.precision}
    paint = partial(_ours, found, fast)
    return _paints(found, paint) | {"how": lambda: how}


def their_steps(name: str) -> Acts:
    """The public code's own training step."""
    made = PUBLIC[name].step
    assert made is not None
    step, images = made()
    return {"step": step, "images": lambda: images}


def _ours(found: Public, network: Any, count: int) -> Any:
    return network(*_latents(found, count))


def _paints(found: Public, paint: Callable[[int], Any]) -> Acts:
    acts: Acts = {f"paint {count}": partial(paint, count) for count in found.batches}
    return acts | {"show": lambda: paint(found.batches[-1]).float().cpu().numpy()}


def _latents(found: Public, count: int) -> tuple[Any, ...]:
    import torch

    z = torch.randn(count, 128, generator=torch.Generator().manual_seed(1))
    return (z, torch.arange(count)) if found.kind == "biggan_huggingface" else (z,)


def _biggan_deep() -> Any:
    """BigGAN-deep at 128 px, with the released networks' widths."""
    from pytorch_pretrained_biggan import (  # pyright: ignore[reportMissingImports]
        BigGAN,
        BigGANConfig,
    )

    blocks = [
        (False, 16, 16), (True, 16, 16), (False, 16, 16), (True, 16, 8), (False, 8, 8),
        (True, 8, 4), (False, 4, 4), (True, 4, 2), (False, 2, 2), (True, 2, 1),
    ]  # fmt: skip
    network = BigGAN(BigGANConfig(output_dim=128, layers=blocks, attention_layer_position=8))
    _calibrate(network)
    return network


def _calibrate(network: Any) -> None:
    """Gives norms that come without values the statistics of one batch, as a training would."""
    import torch

    def settle(norm: Any, given: tuple[Any, ...]) -> None:
        image = given[0]
        norm.running_means.copy_(image.mean((0, 2, 3)).expand_as(norm.running_means))
        norm.running_vars.copy_(image.var((0, 2, 3)).expand_as(norm.running_vars))

    norms = [module for module in network.modules() if hasattr(module, "running_means")]
    for norm in norms:
        if not norm.conditional:
            torch.nn.init.ones_(norm.weight)
            torch.nn.init.zeros_(norm.bias)
    hooks = [norm.register_forward_pre_hook(settle) for norm in norms]
    dice = torch.Generator().manual_seed(2)
    with torch.no_grad():
        _paint_biggan(network, torch.randn(8, 128, generator=dice), torch.arange(8))
    for hook in hooks:
        hook.remove()


def _paint_biggan(network: Any, z: Any, y: Any) -> Any:
    import torch

    return network(z, torch.nn.functional.one_hot(y, 1000).float(), 1.0)


def _mimicry() -> Any:
    """torch-mimicry's SNGAN for 32 px; its front door asks for TensorFlow, so we use the side."""
    spec = importlib.util.find_spec("torch_mimicry") if "torch_mimicry" not in sys.modules else None
    if spec and spec.submodule_search_locations:
        package = types.ModuleType("torch_mimicry")
        package.__path__ = list(spec.submodule_search_locations)
        sys.modules["torch_mimicry"] = package
    from torch_mimicry.nets.sngan import sngan_32  # pyright: ignore[reportMissingImports]

    return sngan_32


class _Log:
    def add_metric(self, *_: object, **__: object) -> None:
        """Nobody reads it."""


def _mimicry_step() -> tuple[Callable[[], None], int]:
    import torch

    nets, count, rate = _mimicry(), 64, {"lr": 2e-4, "betas": (0.0, 0.9)}
    generator, judge = nets.SNGANGenerator32(), nets.SNGANDiscriminator32()
    optimizers = [torch.optim.Adam(one.parameters(), **rate) for one in (generator, judge)]
    batch = (torch.rand(count, 3, 32, 32) * 2 - 1, torch.zeros(count))
    told = {"log_data": _Log(), "device": torch.device("cpu"), "global_step": 0}

    def step() -> None:
        judge.train_step(real_batch=batch, netG=generator, optD=optimizers[1], **told)
        generator.train_step(real_batch=batch, netD=judge, optG=optimizers[0], **told)

    return step, count


PUBLIC = {
    "pytorch-pretrained-biggan": Public(
        needs=("pytorch-pretrained-biggan", "boto3", "requests"),
        kind="biggan_huggingface",
        batches=(1, 16),
        build=_biggan_deep,
        paint=_paint_biggan,
    ),
    "torch-mimicry": Public(
        needs=("torch-mimicry", "scikit-image", "requests"),
        kind="sngan_mimicry",
        batches=(64,),
        build=lambda: _mimicry().SNGANGenerator32(),
        paint=lambda network, z: network(z),
        step=_mimicry_step,
        recipe={
            "name": "sngan-32",
            "shows": "architectures/sngan",
            "architecture": "sngan",
            "objective": "hinge",
            "data": {"name": "cifar10", "size": 32, "channels": 3},
            "kimg": 1,
            "batch_size": 64,
            "lr": 2.0e-4,
            "betas": [0.0, 0.9],
        },
    ),
}
