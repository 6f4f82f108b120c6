"""A convolution with more outputs than are ever looked at, as released weights have them."""

from torch import nn

from ganzoo.shapes import Image, Made


class ShownConv2d(nn.Conv2d):
    """A 3x3 convolution that keeps its map's size, and hides its last outputs.

    Args:
        shown: outputs that leave.
        spare: further ones that are learned, or were, and never leave.
    """

    def __init__(self, thin: int, shown: int, spare: int = 0) -> None:
        super().__init__(thin, shown + spare, 3, padding=1)
        self.shown = shown

    def forward(self, input: Image) -> Made:
        return super().forward(input)[:, : self.shown]

    def plain(self) -> nn.Conv2d:
        """The same layer without what it hides."""
        layer = nn.Conv2d(self.in_channels, self.shown, 3, padding=1, bias=self.bias is not None)
        layer.weight = nn.Parameter(self.weight[: self.shown].detach(), requires_grad=False)
        if self.bias is not None:
            layer.bias = nn.Parameter(self.bias[: self.shown].detach(), requires_grad=False)
        return layer.eval()
