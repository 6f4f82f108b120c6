"""Every method trains on a device that is not the processor, and learns the same there."""

import pytest
import torch
from elsewhere import There, elsewhere
from world import learnt, tiny

from ganzoo import config
from ganzoo.training import Trainer


def test_what_is_here_does_not_meet_what_is_there():
    with elsewhere() as device:
        there = torch.ones(2, 3, device=device)
        assert (there + 1).device == device
        assert (there * torch.tensor(2.0)).sum().item() == 12  # a single number travels along
        with pytest.raises(RuntimeError, match="must be on lazy"):
            there + torch.ones(2, 3)
        with pytest.raises(RuntimeError, match="must be on lazy"):
            torch.cat([there, torch.ones(2, 3)])


@pytest.mark.parametrize("name", config.names())
def test_every_recipe_trains_elsewhere_as_it_trains_here(name):
    recipe = tiny(name)
    here = Trainer(recipe, learnt(recipe), cpu=True)
    wanted = [here.step() for _ in range(2)]
    with elsewhere():
        there = Trainer(recipe, learnt(recipe))
        for terms in wanted:
            found = {term: value.item() for term, value in there.step().items()}
            assert found == pytest.approx({k: v.item() for k, v in terms.items()}, 1e-3, 1e-4)
        assert all(isinstance(weight, There) for weight in there.players.parameters())
        there.settle()
        assert there.finite()
        assert there.state()
