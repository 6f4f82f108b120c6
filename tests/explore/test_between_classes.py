"""Classes as every class, and what lies between two."""

import pytest
import torch
from shelf import exhibit

from ganzoo.errors import InputError
from ganzoo.explore.classes import as_every_class, between_classes, field
from ganzoo.zoo import Model

each = pytest.mark.parametrize("recipe", ["biggan-fashion", "sagan-fashion", "cgan-mnist"])


@each
def test_the_ends_of_the_way_are_the_classes_themselves(recipe, tmp_path):
    model = Model(exhibit(tmp_path, recipe))
    z, y = as_every_class(model.latents(5, 1), 10)
    everyone = model.generate(z, y)
    shares = between_classes(2, 7, 5, 10)
    way = model.generate(z[:5], shares)
    torch.testing.assert_close(way[[0, -1]], everyone[[2, 7]], atol=2e-2, rtol=0)
    assert (way[2] - way[0]).abs().max() > 1e-3
    torch.testing.assert_close(shares.sum(1), torch.ones(5))


def test_a_field_holds_every_pair():
    z, shares = torch.arange(6.0).view(3, 2), between_classes(0, 1, 4, 2)
    latents, told = field(z, shares)
    assert torch.equal(latents.view(3, 4, 2)[:, 1], z)
    assert torch.equal(told.view(3, 4, 2)[2], shares)


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="a class is 0 to 3; got 4"):
        between_classes(0, 4, 3, 4)
    with pytest.raises(InputError, match="at least 2 pictures; got 1"):
        between_classes(0, 1, 1, 4)
    model = Model(exhibit(tmp_path, "cgan-mnist"))
    for wrong in ([0.7, 0.7], [float("nan"), 1.0], [2.0, -1.0]):
        shares = torch.zeros(2, 10)
        shares[:, :2] = torch.tensor(wrong)
        with pytest.raises(InputError, match="shares are 0 or more, and a whole together"):
            model.generate(model.latents(0, 2), shares)
    with pytest.raises(InputError, match="cannot be told shares of 3 classes"):
        model.generate(model.latents(0, 2), torch.eye(3)[:2])
