"""How long a visitor waits: a gallery is opened, and a program moves its sliders over HTTP.

wait = from sending a value, never sent before, to holding the picture
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from ganzoo.bundle import Bundle
from ganzoo.errors import GanzooError

if TYPE_CHECKING:
    from ganzoo.gallery.tabs import Slider

WARM = 3  # moves that are not counted: a network is prepared when it is first asked


def waits(bundle: Bundle, moves: int) -> list[dict[str, Any]]:
    """Median and 95th percentile of the wait, in ms, in every view that shows this bundle.

    Raises:
        GanzooError: if the gallery does not open, or no view with a slider shows the bundle.
    """
    from ganzoo.gallery.tabs import tabs

    sliders = {
        name: tab.slider
        for name, tab in tabs.items()
        if tab.slider and set(tab.needs) <= set(bundle.abilities)
    }
    if not sliders:
        raise GanzooError(f"no view with a slider shows {bundle.name}")
    with _gallery(bundle.folder) as client:
        return [
            {"view": name, "slider": slider.control, **_waits(client, bundle.name, slider, moves)}
            for name, slider in sliders.items()
        ]


def _waits(client: Any, model: str, slider: "Slider", moves: int) -> dict[str, float]:
    seconds = []
    for step in range(WARM + moves):
        asked = slider.arguments(step, WARM + moves)
        start = time.perf_counter()
        client.predict(**{"model": model, **asked}, api_name=f"/{slider.endpoint}")
        seconds.append(time.perf_counter() - start)
    counted = sorted(seconds[WARM:])
    return {
        "median_ms": round(1000 * median(counted), 1),
        "p95_ms": round(1000 * counted[min(len(counted) - 1, int(0.95 * len(counted)))], 1),
    }


@contextmanager
def _gallery(folder: Path) -> Iterator[Any]:
    """A client of a gallery over the folder's neighbours, in a process of its own."""
    from gradio_client import Client

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "ganzoo", "gallery",
        "--bundles", str(folder.absolute().parent), "--port", str(port),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if "open at" not in process.stdout.readline():
                raise GanzooError(f"no gallery opened over {str(folder.parent)!r}")
            yield Client(f"http://127.0.0.1:{port}/", verbose=False, download_files=False)
        finally:
            process.terminate()
