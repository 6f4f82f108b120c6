"""airbench's classifier: what its stages compute."""

import torch
from torch import nn
from torch.nn.functional import gelu

from ganzoo.architectures import architectures
from ganzoo.architectures.airbench import Options, Stage

ENTRY = architectures["airbench"]


def stage(**options: object) -> Stage:
    made = Stage(3, 5, Options.model_validate(options)).eval()
    for norm in made.modules():
        if isinstance(norm, nn.BatchNorm2d):
            norm.running_mean.uniform_(-1, 1)
            norm.weight.data.uniform_(0.5, 2)
    return made


def test_a_stage_has_as_many_convolutions_as_asked_for():
    for convs in (1, 2, 4):
        made = stage(convs=convs)
        assert sum(isinstance(one, nn.Conv2d) for one in made.modules()) == convs
        assert made(torch.rand(2, 3, 9, 6)).shape == (2, 5, 4, 3)


def test_the_way_around_hands_on_what_the_first_convolution_gave():
    made, image = stage(convs=3, residual=True), torch.randn(2, 3, 8, 8)
    first = stage(convs=1)
    first.load_state_dict(made.state_dict(), strict=False)
    nn.init.zeros_(made[-2].weight)  # nothing is added any more
    torch.testing.assert_close(made(image), gelu(first(image)))
    nn.init.constant_(made[-2].bias, 0.5)
    torch.testing.assert_close(made(image), gelu(first(image) + 0.5))


def test_a_stage_of_one_convolution_has_nothing_to_go_around():
    made, image = stage(convs=1, residual=True), torch.randn(2, 3, 8, 8)
    plain = stage(convs=1)
    plain.load_state_dict(made.state_dict())
    assert torch.equal(made(image), plain(image))


def test_levels_are_what_the_logits_are_read_from():
    options = ENTRY.tiny.model_copy(update={"convs": 3, "residual": True})
    network = ENTRY.networks["classifier"](options).eval()
    image = torch.rand(2, 1, 8, 8) * 2 - 1
    *_, features, logits = network.levels(image)
    assert torch.equal(network(image), logits)
    assert torch.equal(network.features(image), features)
