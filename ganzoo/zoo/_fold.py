"""Layers that merge into their neighbours once the weights stand still.

Nothing here knows an architecture: which batch norm follows which layer is seen by watching a
batch pass through, whatever the forward method looks like.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from ganzoo.layers.bake import Bakes

LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def bake(network: nn.Module) -> None:
    """Replaces every weight that follows from free ones (spectral norm, say) by its value.

    ``torch.nn.utils.parametrize.remove_parametrizations`` would strip the property from a class
    that this network shares with the network it was copied from, and break that one.
    """
    for module in list(network.modules()):
        if isinstance(module, Bakes):
            module.bake()
        if not parametrize.is_parametrized(module):
            continue
        names = list(cast(nn.ModuleDict, module.parametrizations))
        values = {name: getattr(module, name).detach().clone() for name in names}
        module.__class__ = type(module).__bases__[0]
        del module.parametrizations
        for name, value in values.items():
            setattr(module, name, nn.Parameter(value, requires_grad=False))


def settle(network: nn.Module, *kinds: type[nn.Module]) -> None:
    """Replaces every layer of such a kind by one that keeps what it would compute at each call."""
    for module in list(network.modules()):
        if isinstance(module, kinds):
            replace(network, module, cast(Any, module).plain())


@dataclass
class Watch:
    """What was seen while a batch passed through a network.

    Attributes:
        norms: each batch norm, and the layer whose untouched output it received.
        calls: how often each module was called.
        largest: bytes that the largest activation takes for one image.
    """

    norms: dict[nn.Module, nn.Module] = field(default_factory=dict)
    calls: Counter[nn.Module] = field(default_factory=Counter)
    largest: int = 1
    _origins: dict[int, tuple[Tensor, int, nn.Module]] = field(default_factory=dict)

    def __call__(self, module: nn.Module, inputs: tuple[Any, ...], output: object) -> None:
        """A forward hook."""
        self.calls[module] += 1
        if not isinstance(output, Tensor):
            return
        self.largest = max(self.largest, output.numel() * output.element_size() // len(output))
        if isinstance(module, NORMS) and id(inputs[0]) in self._origins:
            tensor, version, layer = self._origins[id(inputs[0])]
            if tensor._version == version:  # no operation in place came between
                self.norms[module] = layer
        if isinstance(module, LAYERS):
            self._origins[id(output)] = (output, output._version, module)


def watch(network: nn.Module, *example: Tensor) -> Watch:
    """Sends a batch through and reports what happened."""
    seen = Watch()
    hooks = [module.register_forward_hook(seen) for module in network.modules()]
    try:
        network(*example)
    finally:
        for hook in hooks:
            hook.remove()
    seen._origins.clear()
    return seen


def fold(network: nn.Module, seen: Watch) -> None:
    """Merges batch norms into the layers before them, in place; exact in eval mode.

    gain * (W x + b - mean) / sqrt(variance + eps) + shift
      = (s W) x + s (b - mean) + shift,    s = gain / sqrt(variance + eps)
    """
    for norm, layer in seen.norms.items():
        if seen.calls[norm] == seen.calls[layer] == 1 and _merge(layer, norm):
            replace(network, norm, nn.Identity())


def replace(network: nn.Module, old: nn.Module, new: nn.Module) -> None:
    """Puts one module in the place of another, wherever that hangs."""
    for parent in list(network.modules()):
        for name, child in list(parent.named_children()):
            if child is old:
                setattr(parent, name, new)


def _merge(layer: Any, norm: Any) -> bool:
    axis = 1 if isinstance(layer, TRANSPOSED) else 0
    if norm.running_var is None or (axis and layer.groups > 1):
        return False
    if layer.weight.shape[axis] != len(norm.running_var):  # rows became places of a map
        return False
    scale = (norm.running_var + norm.eps).rsqrt()
    if norm.weight is not None:
        scale = scale * norm.weight
    bias = torch.zeros_like(scale) if layer.bias is None else layer.bias
    bias = scale * (bias - norm.running_mean)
    if norm.bias is not None:
        bias = bias + norm.bias
    shape = [-1 if i == axis else 1 for i in range(layer.weight.ndim)]
    layer.weight = nn.Parameter(layer.weight * scale.view(shape), requires_grad=False)
    layer.bias = nn.Parameter(bias, requires_grad=False)
    return True
