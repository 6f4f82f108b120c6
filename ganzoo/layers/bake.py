"""What can be reckoned out beforehand, once the weights stand still."""

from abc import abstractmethod

from torch import nn


class Bakes(nn.Module):
    """A layer whose used weights follow from its free ones."""

    @abstractmethod
    def bake(self) -> None:
        """Replaces the free weights by the used ones, in place; the layer's values stay."""
