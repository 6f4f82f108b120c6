"""``ganzoo attack``: how many of its answers a classifier keeps under an attack."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import seed_of

if TYPE_CHECKING:
    from ganzoo.evaluation.subject import Subject
    from ganzoo.evaluation.survival import Seen
    from ganzoo.evaluation.trial import Outcome


def attack(
    classifier: Annotated[
        str,
        typer.Argument(
            metavar="CLASSIFIER", help="A BUNDLE that classifies, or torchvision:NAME (ImageNet)."
        ),
    ],
    attack: Annotated[
        str, typer.Option("--attack", help="fgsm, ifgsm, pgd, smallest_fgsm, deepfool, …")
    ] = "pgd",
    epsilon: Annotated[
        str | None,
        typer.Option(
            help="Radius for pixels in [0, 1], such as 0.03 or 8/255; by default the usual one for "
            "the data, and none where the attack looks for the smallest change."
        ),
    ] = None,
    norm: Annotated[str | None, typer.Option(help="linf or l2.")] = None,
    steps: Annotated[int | None, typer.Option(help="Of an attack that takes several.")] = None,
    restarts: Annotated[int | None, typer.Option(help="Of pgd.")] = None,
    target: Annotated[str | None, typer.Option(help="A class to reach, by name or number.")] = None,
    crafted_on: Annotated[
        str | None, typer.Option(help="Another BUNDLE that the changes are made for: transfer.")
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Another option of the attack."),
    ] = None,
    data: Annotated[
        str | None, typer.Option(help="Where the pictures lie: a folder, .npz or .tar file.")
    ] = None,
    count: Annotated[int, typer.Option(help="How many test pictures.")] = 200,
    seed: Annotated[
        int,
        typer.Option(
            parser=seed_of, metavar="INTEGER", help="Of the choice of pictures, and of the attack."
        ),
    ] = 0,
    views: Annotated[
        int,
        typer.Option(
            help="Also look at each attacked picture through so many random views, ever stronger, "
            "beside one that EOT made for all of them."
        ),
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="A sheet, .png: picture, change, sum, row by row.")
    ] = None,
) -> None:
    """Attack CLASSIFIER and print how many pictures it still names right.

    ganzoo attack cnn-mnist --attack fgsm --epsilon 8/255
    """
    import json

    from ganzoo.errors import InputError
    from ganzoo.evaluation import survival, trial

    if views < 0:
        raise InputError(f"views: 0 or more; got {views}")
    if out:
        _outputs.file(out, "a sheet", ".png")
    given = _given(epsilon, norm, steps, restarts, seed, changes)
    subject = _subject(classifier, data)
    options = trial.options(attack, subject.radius, given)
    image, y = subject.drawn(count, seed)
    outcome = trial.run(
        attack,
        subject,
        image,
        y,
        options=options,
        target=None if target is None else subject.label(target),
        crafted_on=None if crafted_on is None else _subject(crafted_on, None),
    )
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        outcome.sheet().save(out)
    looked = survival.looked_at(outcome, views) if views else ()
    if as_json:
        seen = {
            "seen": {"strengths": survival.STRENGTHS, **{one.name: one.shares for one in looked}}
        }
        plain = outcome.plain() | (seen if looked else {})
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
    else:
        _show(outcome)
        if looked:
            _show_seen(looked, views)


def _subject(ref: str, data: str | None) -> "Subject":
    from ganzoo import bundle
    from ganzoo.evaluation import subject
    from ganzoo.explore.imagenet import PREFIX
    from ganzoo.hub import find

    if not ref.startswith(PREFIX):
        return subject.of_bundle(bundle.load(find(ref)), data)
    name = ref.removeprefix(PREFIX)
    _bring(name)
    return subject.of_imagenet(name, data)


def _bring(name: str) -> None:
    """Fetches a network's weights, with a bar, unless they are at hand."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    from ganzoo.explore import imagenet

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(f"weights of {name}", total=imagenet.size(name))

    def come(size: int) -> None:
        bar.start()
        bar.update(task, completed=size)

    try:
        imagenet.bring(name, come)
    finally:
        if bar.live.is_started:  # to stop one that never started would print an empty line
            bar.stop()


def _given(
    epsilon: str | None,
    norm: str | None,
    steps: int | None,
    restarts: int | None,
    seed: int,
    changes: list[str] | None,
) -> dict[str, Any]:
    from ganzoo.config import override
    from ganzoo.evaluation.subject import radius

    named = {"norm": norm, "steps": steps, "restarts": restarts, "seed": seed}
    options = {key: value for key, value in named.items() if value is not None}
    if epsilon is not None:
        options["epsilon"] = radius(epsilon)
    return override(options, changes or ())


def _show(outcome: "Outcome") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(box=box.SIMPLE_HEAD, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    for row in outcome.rows():
        table.add_row(*row)
    console.print(f"[bold]{outcome.title}[/]")
    console.print(table)
    for sentence in outcome.warnings():
        console.print(f"[yellow]{sentence}[/]")
    console.print(outcome.protocol_line(), soft_wrap=True)


def _show_seen(looked: "Sequence[Seen]", views: int) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from ganzoo.evaluation.survival import STRENGTHS

    table = Table("seen anew", box=box.SIMPLE_HEAD)
    for strength in STRENGTHS:
        table.add_column(f"× {strength:g}", justify="right")
    for one in looked:
        table.add_row(one.name, *(f"{share:.1%}" for share in one.shares))
    console = Console(highlight=False)
    console.print(table)
    console.print(f"The share of views that reach the goal, of {views} of each picture")


ENTRY = attack
