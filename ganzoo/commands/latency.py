"""``ganzoo latency``: from a slider to its picture, as a visitor of the gallery waits for it."""

from typing import Annotated, Any

import typer

from ganzoo.commands._arguments import BundleArgument

WARM = 3  # calls before the clock runs: the model wakes up


def latency(
    what: BundleArgument,
    rounds: Annotated[int, typer.Option(min=3, max=1000, help="Calls that are timed.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Serve BUNDLE in a gallery on this machine and time calls through gradio_client.

    A model with styles is asked to mix a grid of 4 by 4 (/mix), each time with another psi; any
    other for a sheet of 16 pictures (/sample), each time of another seed. Measured from the call
    to the received file; medians.

    ganzoo latency stylegan2-fashion
    """
    import json

    from ganzoo import bundle
    from ganzoo.errors import InputError
    from ganzoo.hub import find

    asked = bundle.load(find(what))
    if "sample" not in asked.abilities:
        raise InputError(f"{asked.name} does not paint from latents: no slider moves its pictures")
    report = _measure(asked, rounds)
    typer.echo(json.dumps(report, indent=2) if as_json else _said(report))


def _measure(asked: Any, rounds: int) -> dict[str, Any]:
    import time
    from statistics import median, quantiles

    import torch
    from gradio_client import Client

    from ganzoo import __version__, processor
    from ganzoo.gallery.app import launch
    from ganzoo.zoo import Zoo

    zoo = Zoo([])
    zoo.add(asked.folder)
    served = launch(zoo)
    try:
        client = Client(str(served.local_url), verbose=False)
        endpoint, key = ("/mix", "psi") if "style" in asked.abilities else ("/sample", "seed")
        times = []
        for call in range(WARM + rounds):
            moved = call if key == "seed" else round(0.5 + 0.01 * (call % 50), 2)
            start = time.perf_counter()
            settings: dict[str, Any] = {"model": asked.name, key: moved}
            client.predict(**settings, api_name=endpoint)
            times.append(1000 * (time.perf_counter() - start))
    finally:
        served.close(verbose=False)
    timed = times[WARM:]
    return {
        "bundle": asked.name,
        "endpoint": endpoint,
        "processor": processor.name(),
        "threads": torch.get_num_threads(),
        "ganzoo": __version__,
        "rounds": rounds,
        "median_ms": round(median(timed), 1),
        "p95_ms": round(quantiles(timed, n=20)[-1], 1),
    }


def _said(report: dict[str, Any]) -> str:
    return (
        f"{report['bundle']}, {report['endpoint']} on {report['processor']}, "
        f"{report['threads']} threads: {report['median_ms']:g} ms (median), "
        f"{report['p95_ms']:g} ms (95 %), {report['rounds']} calls"
    )


ENTRY = latency
