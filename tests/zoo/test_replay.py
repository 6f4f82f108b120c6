"""Recorded passes: what is replayed, what is not, and that nobody sees another's pictures."""

import pytest
import torch
from torch import nn

from ganzoo.zoo._replay import LIMIT, Replays, on_gpu
from ganzoo.zoo.prepare import prepare

gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


class Recorder:
    """Stands for the GPU: a recording repeats its pass on the same memory."""

    def __init__(self, network) -> None:
        self.network, self.recorded, self.replayed = network, 0, 0
        self.replays = Replays(self.record)

    def record(self, run):
        self.recorded += 1
        result = run().clone()

        def replay() -> None:
            self.replayed += 1
            result.copy_(run())

        return replay, result

    def __call__(self, *batch, **settings):
        return self.replays(self.network, *batch, **settings)


@pytest.fixture
def recorder():
    return Recorder(lambda z, gain=1.0: gain * z.sin())


def test_the_second_batch_of_a_kind_is_recorded_and_later_ones_replay(recorder):
    batches = torch.randn(5, 3, 2)
    for z, recorded, replayed in zip(batches, (0, 1, 1, 1, 1), (0, 1, 2, 3, 4), strict=True):
        torch.testing.assert_close(recorder(z), z.sin())
        assert (recorder.recorded, recorder.replayed) == (recorded, replayed)


def test_a_result_outlives_the_next_one(recorder):
    batches = torch.randn(4, 3, 2)
    results = [recorder(z) for z in batches]
    torch.testing.assert_close(torch.stack(results), batches.sin())


def test_another_shape_type_or_setting_is_another_kind(recorder):
    z = torch.randn(3, 2)
    kinds = [(z, {}), (z[:2], {}), (z.double(), {}), (z, {"gain": 2.0}), (z, {"gain": 3.0})]
    for _ in range(3):
        for batch, settings in kinds:
            wanted = settings.get("gain", 1) * batch.sin()
            torch.testing.assert_close(recorder(batch, **settings), wanted)
    assert recorder.recorded == len(kinds)


def test_the_caller_keeps_a_batch_of_its_own(recorder):
    z = torch.randn(3, 2)
    kept = z.clone()
    for _ in range(3):
        recorder(z)
        recorder(torch.zeros(3, 2))
    assert torch.equal(z, kept)


def test_only_the_latest_kinds_are_kept(recorder):
    for _ in range(2):
        for count in range(1, LIMIT + 2):
            recorder(torch.randn(count, 2))
    assert recorder.recorded == 0  # each was forgotten before it came again
    recorder(torch.randn(LIMIT + 1, 2))
    assert recorder.recorded == 1


def test_what_cannot_be_recorded_is_called_as_ever_and_tried_once():
    tries = []

    def refuse(run):
        tries.append(run)
        raise RuntimeError("operation not permitted when stream is capturing")

    replays, z = Replays(refuse), torch.randn(3, 2)
    for _ in range(4):
        torch.testing.assert_close(replays(torch.sin, z), z.sin())
    assert len(tries) == 1


@gpu
def test_a_gpu_replays_what_it_would_compute():
    network = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 3)).cuda().eval()
    replay, result = on_gpu(lambda: network(torch.ones(2, 8, device="cuda")))
    wanted = result.clone()
    result.zero_()
    replay()
    torch.testing.assert_close(result, wanted)


@gpu
def test_a_prepared_network_paints_the_same_when_it_replays():
    network = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 3, 1))
    network.cuda().eval()
    fast = prepare(network, torch.randn(2, 3, 16, 16, device="cuda"))
    for _ in range(4):
        image = torch.randn(4, 3, 16, 16, device="cuda")
        torch.testing.assert_close(fast(image), network(image), atol=0.05, rtol=0.05)
