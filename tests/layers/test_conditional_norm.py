"""Conditional batch norm, and the table of classes that it reads."""

import pytest
import torch
from torch import nn

from ganzoo.layers.conditional_norm import by_class, by_vector
from ganzoo.layers.lookup import Lookup

image = torch.randn(6, 3, 4, 4) * 2 + 1
ONE = torch.zeros(6, dtype=torch.long)


def twin(conditional) -> nn.BatchNorm2d:
    norm = nn.BatchNorm2d(3)
    norm.weight.data.copy_(1 + conditional.gain.weight[0])
    norm.bias.data.copy_(conditional.bias.weight[0])
    return norm


@pytest.mark.parametrize("training", [True, False])
def test_with_one_class_it_is_batch_norm(training):
    conditional = by_class(3, 1)
    nn.init.normal_(conditional.bias.weight)
    plain = twin(conditional)
    for norm in (conditional, plain):
        norm.train()
        norm(image, ONE) if norm is conditional else norm(image)
        norm.train(training)
    torch.testing.assert_close(conditional(image, ONE), plain(image))
    torch.testing.assert_close(conditional.norm.running_var, plain.running_var)


def test_classes_differ_in_gain_and_bias_alone():
    conditional = by_class(3, 2).eval()
    nn.init.normal_(conditional.gain.weight)
    nn.init.normal_(conditional.bias.weight)
    for y in (0, 1):
        gain, bias = (e.weight[y][:, None, None] for e in (conditional.gain, conditional.bias))
        expected = (1 + gain) * image / (1 + 1e-5) ** 0.5 + bias
        torch.testing.assert_close(conditional(image, ONE + y), expected)


def test_a_vector_acts_linearly():
    conditional = by_vector(3, 5).eval()
    a, b = torch.randn(2, 6, 5)
    middle = conditional(image, (a + b) / 2)
    torch.testing.assert_close(middle, (conditional(image, a) + conditional(image, b)) / 2)


def seen(norm):
    """A norm that has looked at pictures, in eval mode."""
    for name, one in norm.named_buffers():
        if "num" not in name:
            one.copy_(torch.rand_like(one) + 0.5)
    for one in norm.parameters():
        nn.init.normal_(one)
    return norm.eval().requires_grad_(False)


@pytest.mark.parametrize("condition", [torch.tensor([0, 1, 2, 1, 0, 2]), torch.rand(6, 3)])
def test_classes_are_one_row_once_the_statistics_stand(condition):
    norm = seen(by_class(3, 3))
    torch.testing.assert_close(norm.plain()(image, condition), norm(image, condition))


@pytest.mark.parametrize("statistics", [1, 3])
@pytest.mark.parametrize("truncation", [0.3, 0.5, 1.0])
def test_vectors_are_one_product_once_the_statistics_stand(statistics, truncation):
    norm, told = seen(by_vector(3, 5, statistics=statistics)), torch.randn(6, 5)
    wanted, plain = norm(image, told, truncation), norm.plain()
    torch.testing.assert_close(plain(image, told, truncation), wanted)
    assert sum(isinstance(module, nn.Linear) for module in plain.modules()) == 1


def test_shares_are_the_mean_of_rows():
    table = Lookup(3, 4)
    labels = torch.tensor([2, 0])
    torch.testing.assert_close(table(torch.eye(3)[labels]), table(labels))
    shares = torch.tensor([[0.25, 0.75, 0.0]])
    torch.testing.assert_close(table(shares)[0], 0.25 * table.weight[0] + 0.75 * table.weight[1])
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(table(torch.eye(3)), table.weight)
