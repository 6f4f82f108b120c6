"""Weights as they are read, once they stand still.

torch keeps weights as they are learned, and oneDNN lays them out anew at every call. Where maps are
small that takes longer than the products themselves; here it is done beforehand: the same sums, in
another order in memory. A wide 3x3 convolution in float32 gets a kernel for fewer products instead
(:mod:`ganzoo.layers.winograd`).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from ganzoo.layers import winograd
from ganzoo.zoo._fold import replace

KERNELS = (
    "_convolution_pointwise",
    "_convolution_transpose_pointwise",
    "_linear_pointwise",
    "_reorder_convolution_weight",
    "_reorder_convolution_transpose_weight",
    "_reorder_linear_weight",
)  # of torch.ops.mkldnn: what ``torch.compile`` calls, though no public front door leads there
PLAIN = "none", (), ""  # nothing fused behind a product


class Packed(nn.Module):
    """A linear or convolutional layer that computes in the precision of its weights.

    Whoever asks for its widths or strides gets the layer's.

    Args:
        alone: the weight in the order for an image alone; None: in the same. In the wrong order
            it would be laid out anew at every call, which can take fifty times as long as that.
    """

    def __init__(
        self,
        layer: Any,
        weight: Tensor,
        call: Callable[..., Tensor],
        alone: Tensor | None = None,
    ) -> None:
        super().__init__()
        for name in layer.__constants__:
            setattr(self, name, getattr(layer, name))
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.alone = None if alone is None else nn.Parameter(alone, requires_grad=False)
        bias = layer.bias
        self.bias = None if bias is None else nn.Parameter(bias.detach(), requires_grad=False)
        self._call = call

    def forward(self, given: Tensor) -> Tensor:
        weight = self.weight if self.alone is None or len(given) > 1 else self.alone
        return self._call(given.to(weight.dtype), weight, self.bias)


def pack(network: nn.Module, run: Callable[[], object]) -> None:
    """Replaces every layer of a network that can be packed; nothing where there are no kernels.

    Args:
        run: calls the network on a typical batch, whose shapes decide on the order.
    """
    if not _at_hand(network):
        return
    shapes: dict[nn.Module, torch.Size] = {}

    def look(layer: nn.Module, given: tuple[Tensor, ...]) -> None:
        shapes.setdefault(layer, given[0].shape)

    layers = [module for module in network.modules() if _suits(module)]
    hooks = [layer.register_forward_pre_hook(look) for layer in layers]
    try:
        run()
    finally:
        for hook in hooks:
            hook.remove()
    for layer, shape in shapes.items():
        replace(network, layer, _packed(layer, shape))


def _at_hand(network: nn.Module) -> bool:
    ops = torch.ops.mkldnn
    if not (torch.backends.mkldnn.is_available() and all(hasattr(ops, one) for one in KERNELS)):
        return False
    weights = list(network.parameters())
    if any(one.device.type != "cpu" for one in weights):
        return False
    return bool(ops._is_mkldnn_bf16_supported()) or all(
        one.dtype == torch.float32 for one in weights
    )


def _suits(layer: nn.Module) -> bool:
    if type(layer) is nn.Linear:
        return True
    return (
        isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
        and type(layer) in (nn.Conv2d, nn.ConvTranspose2d)
        and layer.padding_mode == "zeros"
        and not isinstance(layer.padding, str)
        and layer.groups == 1
    )


def _packed(layer: Any, shape: torch.Size) -> Packed:
    ops, weight = torch.ops.mkldnn, layer.weight.detach()
    if type(layer) is nn.Linear:
        return Packed(
            layer,
            ops._reorder_linear_weight(weight, shape[:-1].numel()),
            lambda given, *learned: ops._linear_pointwise(given, *learned, *PLAIN),
        )
    if _has_fewer_products(layer, shape):
        call = partial(winograd.winograd, padding=layer.padding[0])
        return Packed(layer, winograd.transformed(weight), call)
    transposed = type(layer) is nn.ConvTranspose2d
    how = [list(layer.padding), list(layer.stride), list(layer.dilation), layer.groups]
    if transposed:
        how.insert(1, list(layer.output_padding))
    reorder, convolve = (
        (ops._reorder_convolution_transpose_weight, ops._convolution_transpose_pointwise)
        if transposed
        else (ops._reorder_convolution_weight, ops._convolution_pointwise)
    )
    return Packed(
        layer,
        reorder(weight, *how, list(shape)),
        lambda given, *learned: convolve(given, *learned, *how, *PLAIN),
        reorder(weight, *how, [1, *shape[1:]]) if shape[0] > 1 else None,
    )


def _has_fewer_products(layer: Any, shape: torch.Size) -> bool:
    """Whether a layer is quicker in the other form, by its shapes."""
    if type(layer) is not nn.Conv2d or layer.weight.dtype != torch.float32:
        return False
    if (layer.kernel_size, layer.stride, layer.dilation) != ((3, 3), (1, 1), (1, 1)):
        return False
    padding = int(layer.padding[0])
    if layer.padding != (padding, padding):
        return False
    down, along = winograd.PLAIN.tiles(shape[2:], padding)
    return winograd.pays(layer.in_channels, layer.out_channels, down * along)
