"""A latent becomes a small map: the transposed convolution of one pixel, as a matrix product."""

from torch import nn

from ganzoo.shapes import Features, Image, Latent


class Rows(nn.Module):
    """(b, size size channels) -> (b, channels, size, size), in channels-last as it lies."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, rows: Features) -> Image:
        return rows.unflatten(1, (self.size, self.size, -1)).permute(0, 3, 1, 2)


class Project(nn.ConvTranspose2d):
    """z -> (b, channels, size, size): ``ConvTranspose2d(z_dim, channels, size)`` of a 1x1 image.

    The same weights and the same values; but a matrix product does no work on padding, which
    makes it four times as fast on a processor. The map leaves channels-last.
    """

    def __init__(self, z_dim: int, channels: int, size: int = 4, bias: bool = False) -> None:
        super().__init__(z_dim, channels, size, bias=bias)

    def forward(self, input: Latent, output_size: list[int] | None = None) -> Image:
        _, channels, size, _ = self.weight.shape
        matrix = self.weight.permute(0, 2, 3, 1).flatten(1)
        image = (input @ matrix).unflatten(1, (size, size, channels))
        if self.bias is not None:
            image = image + self.bias
        return image.permute(0, 3, 1, 2)

    def plain(self) -> nn.Module:
        """The same layer, with its matrix kept."""
        width, channels, size, _ = self.weight.shape
        layer = nn.Linear(width, size * size * channels, bias=self.bias is not None)
        layer.weight = nn.Parameter(self.weight.detach().permute(2, 3, 1, 0).flatten(0, 2))
        if self.bias is not None:
            layer.bias = nn.Parameter(self.bias.detach().repeat(size * size))
        return nn.Sequential(layer, Rows(size)).eval().requires_grad_(False)


class ToMap(nn.Linear):
    """z -> (b, channels, size, size): a linear layer with rows ordered as (size, size, channels).

    So its output already is a map in channels-last.
    """

    def __init__(self, width: int, channels: int, size: int = 4) -> None:
        super().__init__(width, size * size * channels)
        self.rows = Rows(size)

    def forward(self, input: Latent) -> Image:
        return self.rows(super().forward(input))

    def plain(self) -> nn.Module:
        """The same layer, in two parts."""
        layer = nn.Linear(self.in_features, self.out_features, bias=self.bias is not None)
        layer.weight, layer.bias = self.weight, self.bias
        return nn.Sequential(layer, self.rows).eval()
