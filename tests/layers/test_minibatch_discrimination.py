"""Minibatch discrimination: how crowded the batch is around each image."""

import torch

from ganzoo.layers.minibatch_discrimination import MinibatchDiscrimination


def test_identical_images_are_as_close_as_can_be():
    """exp(0) for each of n images, in every kernel: n."""
    layer = MinibatchDiscrimination(features=6, kernels=3)
    crowd = layer(torch.randn(1, 6).expand(5, 6))
    torch.testing.assert_close(crowd, torch.full((5, 3), 5.0))


def test_a_lonely_image_is_close_to_itself_only():
    layer = MinibatchDiscrimination(features=6, kernels=3)
    far_apart = 1e4 * torch.eye(6)[:4]
    torch.testing.assert_close(layer(far_apart), torch.ones(4, 3))


def test_it_is_the_papers_sum():
    layer = MinibatchDiscrimination(features=4, kernels=2, dims=3)
    features = torch.randn(3, 4)
    m = layer.tensor(features).reshape(3, 2, 3)
    for i in range(3):
        for b in range(2):
            expected = sum(torch.exp(-(m[i, b] - m[j, b]).abs().sum()) for j in range(3))
            torch.testing.assert_close(layer(features)[i, b], expected)


def test_the_order_of_the_batch_does_not_matter():
    layer, features = MinibatchDiscrimination(5, 4), torch.randn(6, 5)
    order = torch.randperm(6)
    torch.testing.assert_close(layer(features)[order], layer(features[order]))
