"""Statistics that stand: measured afresh, or kept for several truncations."""

import torch
from torch import nn

from ganzoo.architectures import architectures
from ganzoo.layers.spectral_norm import spectral_norm
from ganzoo.layers.standing import TruncatedBatchNorm2d, stand


def painter(name: str = "biggan"):
    torch.manual_seed(0)
    entry = architectures[name]
    return entry.networks["generator"](entry.tiny), entry.tiny.z_dim


def test_standing_statistics_of_a_batch_paint_it_as_in_training():
    network, width = painter()
    z, y = torch.randn(16, width), torch.arange(16) % 3
    stand(network.eval(), [lambda: network(z, y)])
    standing = network(z, y)
    for norm in [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]:
        norm.running_var *= 15 / 16  # torch remembers the unbiased variance; roughly
    network.train()
    torch.testing.assert_close(standing, network(z, y), atol=5e-2, rtol=0)
    network.eval()
    fresh, _ = painter()
    assert (fresh.eval()(z, y) - standing).abs().max() > 0.1


def test_they_are_the_plain_mean_of_all_passes():
    norm = nn.BatchNorm2d(3)
    norm.running_mean.fill_(100)
    batches = torch.randn(5, 8, 3, 2, 2)
    stand(norm, [lambda batch=batch: norm(batch) for batch in batches])
    torch.testing.assert_close(norm.running_mean, batches.mean((0, 1, 3, 4)))
    each = torch.stack([batch.transpose(0, 1).flatten(1).var(1) for batch in batches])
    torch.testing.assert_close(norm.running_var, each.mean(0))
    assert norm.momentum == 0.1
    assert norm.training


def test_nothing_but_the_statistics_moves():
    layer = spectral_norm(nn.Linear(4, 4))
    network = nn.Sequential(layer, nn.Unflatten(1, (4, 1, 1)), nn.BatchNorm2d(4), nn.Dropout(0.5))
    before = {k: v.clone() for k, v in network.state_dict().items()}
    network[3].eval()
    z = torch.randn(8, 4)
    stand(network, [lambda: network(z)])
    changed = {k for k, v in network.state_dict().items() if not torch.equal(v, before[k])}
    assert changed == {"2.running_mean", "2.running_var", "2.num_batches_tracked"}
    assert layer.training
    assert not network[3].training


def test_between_two_truncations_the_lower_weighs_as_the_public_code_has_it():
    norm = TruncatedBatchNorm2d(1, 3, affine=False)
    norm.running_means.copy_(torch.tensor([[0.0], [10.0], [20.0]]))
    for truncation, mean in ((0.5, 10.0), (1.0, 20.0), (0.75, 15.0), (0.6, 18.0), (0.9, 12.0)):
        torch.testing.assert_close(norm.at(truncation)[0], torch.tensor([mean]))


def test_training_uses_the_batch_and_keeps_the_last():
    norm = TruncatedBatchNorm2d(2, 3).train()
    image = torch.randn(8, 2, 4, 4) + 5
    assert norm(image).mean().abs() < 1e-4
    assert norm.running_means[-1].min() > 0.3
    assert not norm.running_means[:-1].any()
