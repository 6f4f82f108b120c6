"""A pass through a network, recorded once and replayed (CUDA graphs).

A small network keeps a GPU waiting: each of its layers is over before the next one's call has
arrived. A recorded pass is one call. It always reads the same memory and writes the same memory,
so every shape of a batch has a recording of its own.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import torch
from torch import Tensor

Pass = Callable[..., Tensor]
Replay = Callable[[], None]
Record = Callable[[Callable[[], Tensor]], tuple[Replay, Tensor]]

LIMIT = 8  # recordings kept: each holds the memory of its activations
WARM_UPS = 3  # passes before a recording: kernels are chosen, workspaces made


class Replays:
    """Calls a network, from its second batch of a kind on by replaying a recording.

    Batches are of one kind if shapes, types and settings are equal. A pass that cannot be recorded
    (it asks the processor half-way) is made as ever. Safe to use from several threads.

    Args:
        record: makes a pass; returns how to repeat it, and where its result lies then.
    """

    def __init__(self, record: Record | None = None) -> None:
        self._record = record or on_gpu
        self._kept: OrderedDict[object, Pass | None] = OrderedDict()  # None: seen once
        self._lock = Lock()

    def __call__(self, network: Pass, *batch: Tensor, **settings: float) -> Tensor:
        kind = tuple((one.shape, one.dtype) for one in batch), *sorted(settings.items())
        with self._lock:
            again = kind in self._kept
            known = self._kept.pop(kind, None)
            if again and known is None:
                known = self._recorded(network, batch, settings)
            self._kept[kind] = known
            if len(self._kept) > LIMIT:
                self._kept.popitem(last=False)
            if isinstance(known, _Recording):
                return known(*batch)
        return network(*batch, **settings)

    def _recorded(
        self, network: Pass, batch: tuple[Tensor, ...], settings: dict[str, float]
    ) -> Pass:
        given = [one.clone() for one in batch]
        try:
            return _Recording(given, *self._record(lambda: network(*given, **settings)))
        except RuntimeError:
            return network


class _Recording:
    """One recorded pass, and the memory that it reads and writes."""

    def __init__(self, given: list[Tensor], replay: Replay, result: Tensor) -> None:
        self._given, self._replay, self._result = given, replay, result

    def __call__(self, *batch: Tensor) -> Tensor:
        for place, one in zip(self._given, batch, strict=True):
            place.copy_(one)
        self._replay()
        return self._result.clone()


def on_gpu(run: Callable[[], Tensor]) -> tuple[Replay, Tensor]:
    """Records a pass as a CUDA graph.

    Raises:
        RuntimeError: if it does what no graph can hold.
    """
    beside = torch.cuda.Stream()
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for _ in range(WARM_UPS):
            run()
    torch.cuda.current_stream().wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):
        result = run()
    return graph.replay, result
