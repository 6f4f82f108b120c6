"""Batch norm over processes is batch norm over one process with all their images."""

import torch
from torch import distributed, multiprocessing, nn

from ganzoo.layers.batch_norm import BatchNorm2d

WORLD = 2
MOMENTA = (0.1, None)
SHARES = (3, 5)  # images per process: unequal, so that nothing hides in a mean of means


def whole():
    generator = torch.Generator().manual_seed(5)
    shift = torch.tensor([0.0, 100.0, -7.0])[:, None, None]  # large means, to show cancellation
    image = torch.randn(sum(SHARES), 3, 4, 4, generator=generator, dtype=torch.float64) + shift
    target = torch.randn(image.shape, generator=generator, dtype=torch.float64)
    return image, target


def run(layer, image, target):
    """Output, first and second derivatives, and what the layer remembers."""
    image = image.clone().requires_grad_()
    output = layer(image)
    (slope,) = torch.autograd.grad((output * target).sum(), image, create_graph=True)
    (bend,) = torch.autograd.grad(slope.square().sum(), image, retain_graph=True)
    (output * target).sum().backward()
    return {
        "output": output.detach(),
        "slope": slope.detach(),
        "bend": bend,
        "gain": layer.weight.grad,
        "bias": layer.bias.grad,
        "mean": layer.running_mean,
        "variance": layer.running_var,
    }


def build(kind, momentum=0.1):
    layer = kind(3, momentum=momentum).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([0.5, 2.0, -1.0]))
        layer.bias.copy_(torch.tensor([1.0, 0.0, 3.0]))
    return layer


def work(rank, folder):
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", f"file://{folder / 'meeting'}", rank=rank, world_size=WORLD
    )
    image, target = (tensor.split(SHARES)[rank] for tensor in whole())
    for momentum in MOMENTA:
        layer = build(BatchNorm2d, momentum)
        result = run(layer, image, target) | {"seen": layer.num_batches_tracked}
        torch.save(result, folder / f"{momentum}-{rank}.pt")
    distributed.destroy_process_group()


def test_two_processes_equal_one(tmp_path, monkeypatch):
    monkeypatch.setenv("GLOO_SOCKET_IFNAME", "lo")
    multiprocessing.spawn(work, (tmp_path,), nprocs=WORLD)
    for momentum in MOMENTA:
        first, second = (torch.load(tmp_path / f"{momentum}-{rank}.pt") for rank in range(WORLD))
        expected = run(build(nn.BatchNorm2d, momentum), *whole())
        for name in ("output", "slope", "bend"):
            torch.testing.assert_close(torch.cat([first[name], second[name]]), expected[name])
        for name in ("gain", "bias"):  # summed, as the trainer then averages them
            torch.testing.assert_close(first[name] + second[name], expected[name])
        for name in ("mean", "variance"):
            torch.testing.assert_close(first[name], expected[name])
            torch.testing.assert_close(second[name], expected[name])
        assert first["seen"] == 1


def test_alone_it_is_torchs_own():
    image, target = whole()
    ours, theirs = build(BatchNorm2d), build(nn.BatchNorm2d)
    expected = run(theirs, image, target)
    for name, one in run(ours, image, target).items():
        assert torch.equal(one, expected[name]), name
    assert torch.equal(ours.eval()(image), theirs.eval()(image))
