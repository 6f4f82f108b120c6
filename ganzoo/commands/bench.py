"""``ganzoo bench``: how fast a bundle paints, or learns, on this machine."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import BundleArgument

if TYPE_CHECKING:
    from ganzoo.bundle import Bundle

Acts = dict[str, Callable[..., object]]
Report = dict[str, Any]
BATCH = 64  # images at once
CIRCUMSTANCES = (
    "processor", "threads", "torch", "ganzoo", "precision", "batch", "rounds",
)  # fmt: skip


def bench(
    bundle: BundleArgument,
    train: Annotated[
        bool, typer.Option("--train", help="Measure a training step instead of sampling.")
    ] = False,
    gallery: Annotated[
        bool,
        typer.Option("--gallery", help="Measure from slider to picture, in every view, over HTTP."),
    ] = False,
    rounds: Annotated[
        int, typer.Option(min=1, max=1000, help="How often both take their turn.")
    ] = 15,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    write: Annotated[
        bool,
        typer.Option("--write", help="Keep the speed of sampling in the bundle's config.json."),
    ] = False,
) -> None:
    """Measure BUNDLE's speed and memory: the plain float32 network against what ganzoo runs.

    Both run in one go, in processes of their own that take turns; figures are medians. Sampling
    compares the bare network with the prepared one, and how far their pictures differ (PSNR).
    With --train, a float32 step in the contiguous layout is compared with the trainer's own.
    With --gallery, a gallery is opened, and its sliders are moved as often as --rounds says.

    public:NAME instead of BUNDLE races public code (pytorch-pretrained-biggan, torch-mimicry) in
    eager float32 against ganzoo at the same weights. textbook:NAME (stylegan2-64, stylegan2-256,
    stylegan3-256; stylegan2-32 with --train) races ganzoo's own plain rendering of the reference
    path instead: kernels for each image, zeros between pixels, whole filters, in eager float32.
    """
    import json

    import ganzoo
    from ganzoo.commands import _public, _textbook
    from ganzoo.commands._speeds import print_public, print_race, print_waits
    from ganzoo.errors import InputError

    if bundle.startswith((_public.PREFIX, _textbook.PREFIX)):
        if gallery or write:
            raise InputError("others' code is raced at sampling or training; nothing is kept")
        report = _racing(bundle, train, rounds)
        typer.echo(json.dumps(report, indent=2)) if as_json else print_public(report)
        return
    found = ganzoo.load(bundle).bundle
    if write:
        _check_keeping(found, train or gallery)
    if train and gallery:
        raise InputError("a step of training or a gallery: one at a time")
    measure = _training if train else _visiting if gallery else _sampling
    report = measure(found, rounds)
    if write:
        _keep(found, report)
    if as_json:
        typer.echo(json.dumps(report, indent=2))
    elif gallery:
        print_waits(report)
    else:
        print_race(report)


def _sampling(bundle: "Bundle", rounds: int) -> Report:
    import torch

    from ganzoo.commands._contest import Contestant, race
    from ganzoo.zoo import psnr

    bundle.network()  # a damaged file is reported here, not from another process
    folder = bundle.folder
    with Contestant(plain_acts, folder) as plain, Contestant(prepared_acts, folder) as fast:
        many, one = race(plain, fast, "many", rounds), race(plain, fast, "one", rounds)
        agreement = psnr(*(torch.from_numpy(each.do("show")) for each in (fast, plain)))
        memory = plain.peak_bytes(), fast.peak_bytes()
        how = fast.do("how")
    rows = {
        name: {
            "images_per_second": round(BATCH / many[i], 1),
            "latency_ms": round(1000 * one[i], 3),
            "peak_memory_mib": _mib(memory[i]),
        }
        for i, name in enumerate(("plain", "prepared"))
    }
    return {
        "bundle": bundle.name,
        "measured": "sampling" if "sample" in bundle.abilities else "inference",
        **_circumstances(rounds, BATCH),
        **how,
        **rows,
        "ratio": {"images_per_second": round(many[2], 3), "latency": round(one[2], 3)},
        "psnr_db": None if agreement == float("inf") else round(agreement, 1),
    }


def _check_keeping(judged: "Bundle", other: bool) -> None:
    from ganzoo.errors import InputError

    if other:
        raise InputError("a bundle keeps the speed of sampling, and no other")
    _outputs.kept(judged.folder)


def _keep(judged: "Bundle", report: Report) -> None:
    """As one more score, with the circumstances as its protocol."""
    from ganzoo import bundle
    from ganzoo.hub import card
    from ganzoo.record import Score

    prepared = report["prepared"]
    score = Score(
        name="images_per_second",
        value=prepared["images_per_second"],
        better="higher",
        protocol={
            **{key: report[key] for key in CIRCUMSTANCES},
            "latency_ms": prepared["latency_ms"],
            "plain_images_per_second": report["plain"]["images_per_second"],
            "ratio": report["ratio"]["images_per_second"],
            "psnr_db": report["psnr_db"],
        },
    )
    others = [one for one in judged.config.metrics if one.name != score.name]
    card.write(bundle.rewrite(judged, metrics=(*others, score)))


def _training(bundle: "Bundle", rounds: int) -> Report:
    from ganzoo.commands._contest import Contestant, race
    from ganzoo.commands._steps import plain_steps, trainer_steps

    recipe = bundle.config.recipe
    with Contestant(plain_steps, recipe) as plain, Contestant(trainer_steps, recipe) as fast:
        times = race(plain, fast, "step", rounds)
        memory = plain.peak_bytes(), fast.peak_bytes()
        how, images = fast.do("how"), fast.do("images")
    rows = {
        name: {
            "images_per_second": round(images / times[i], 1),
            "step_ms": round(1000 * times[i], 3),
            "peak_memory_mib": _mib(memory[i]),
        }
        for i, name in enumerate(("plain", "trainer"))
    }
    return {
        "bundle": bundle.name,
        "measured": "training",
        **_circumstances(rounds, images),
        **how,
        **rows,
        "ratio": {"images_per_second": round(times[2], 3)},
    }


def _racing(rival: str, train: bool, rounds: int) -> Report:
    from functools import partial

    import torch

    from ganzoo.commands import _public, _textbook
    from ganzoo.commands._contest import Contestant, race
    from ganzoo.commands._steps import trainer_steps
    from ganzoo.errors import InputError
    from ganzoo.zoo import psnr

    kind, _, name = rival.partition(":")
    code = _public if rival.startswith(_public.PREFIX) else _textbook
    found = code.find(name)
    if train and found.recipe is None:
        raise InputError(f"{name} is raced at sampling only")
    if not train and not found.batches:
        raise InputError(f"{name} is raced at training only: --train")
    ours = partial(Contestant, trainer_steps, found.recipe) if train else partial(
        Contestant, code.our_acts, name
    )  # fmt: skip
    with Contestant(code.their_steps if train else code.their_acts, name) as theirs, (
        ours()
    ) as fast:  # fmt: skip
        acts = {"a training step": "step"} if train else {
            f"{count} at once": f"paint {count}" for count in found.batches
        }  # fmt: skip
        races = {what: race(theirs, fast, act, rounds) for what, act in acts.items()}
        shown = None if train else psnr(
            *(torch.from_numpy(one.do("show")) for one in (fast, theirs))
        )  # fmt: skip
        how = fast.do("how")
        count = theirs.do("images") if train else found.batches[-1]
    return {
        kind: name,
        "measured": "training" if train else "sampling",
        **_circumstances(rounds, count),
        **how,
        "races": {
            what: {
                f"{kind}_ms": round(1000 * first, 2),
                "ganzoo_ms": round(1000 * second, 2),
                "ratio": round(ratio, 3),
            }
            for what, (first, second, ratio) in races.items()
        },
        "psnr_db": None if shown in (None, float("inf")) else round(shown, 1),
    }


def _visiting(bundle: "Bundle", rounds: int) -> Report:
    from ganzoo.commands._visit import waits

    return {
        "bundle": bundle.name,
        "measured": "from slider to picture",
        **_circumstances(rounds, 1),
        "views": waits(bundle, rounds),
    }


def plain_acts(folder: Path) -> Acts:
    """The bare float32 network, in a contestant's process."""
    import torch

    from ganzoo import bundle
    from ganzoo.zoo import Model

    model = Model(bundle.load(folder))
    network, player = model.network(), model.bundle.architecture.shown
    if torch.cuda.is_available():
        network = network.cuda()
    return _acts(model, torch.inference_mode()(lambda *given: network(*given)), player)


def prepared_acts(folder: Path) -> Acts:
    """The prepared network, in a contestant's process."""
    from ganzoo import bundle
    from ganzoo.allocator import keep_freed_memory
    from ganzoo.zoo import Model

    keep_freed_memory()
    model = Model(bundle.load(folder))
    fast = model.prepared()
    how = {"precision": fast.precision, "chunk": fast.chunk}
    return _acts(model, fast, model.bundle.architecture.shown) | {"how": lambda: how}


def _acts(model: Any, network: Callable[..., Any], player: str) -> Acts:
    many, one = (model.example(player, count) for count in (BATCH, 1))
    return {
        "many": lambda: network(*many).cpu(),
        "one": lambda: network(*one).cpu(),
        "show": lambda: network(*many).cpu().numpy(),
    }


def _circumstances(rounds: int, batch: int) -> Report:
    import torch

    from ganzoo import __version__, processor

    return {
        "processor": processor.name(),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "ganzoo": __version__,
        "rounds": rounds,
        "batch": batch,
    }


def _mib(size: int | None) -> float | None:
    return None if size is None else round(size / 2**20, 1)


ENTRY = bench
