"""``ganzoo robustness``: accuracy against epsilon, for every attack."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import seed_of
from ganzoo.commands._bars import bars

if TYPE_CHECKING:
    from ganzoo.bundle import Bundle
    from ganzoo.evaluation.robustness import Robustness


def robustness(
    classifiers: Annotated[
        list[str] | None,
        typer.Argument(metavar="CLASSIFIER…", help="Bundles to measure; none if not given."),
    ] = None,
    count: Annotated[int, typer.Option(help="How many test pictures.")] = 200,
    seed: Annotated[
        int,
        typer.Option(
            parser=seed_of, metavar="INTEGER", help="Of the choice of pictures, and of the attacks."
        ),
    ] = 0,
    sibling: Annotated[
        str | None,
        typer.Option(help="The BUNDLE whose adversarial pictures are tried on it: transfer."),
    ] = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="Keep the curves in the bundle, and a score on its card."),
    ] = False,
    readme: Annotated[
        Path | None,
        typer.Option(help="Put a table of all bundles' curves between the marks there."),
    ] = None,
) -> None:
    """Measure how CLASSIFIER's accuracy falls as the radius of each attack grows.

    The repository's own: ganzoo robustness cnn-mnist --sibling cnn_pgd-mnist --write, and so for
    each classifier; then ganzoo robustness --readme docs/fooling.md
    """
    from rich.console import Console

    from ganzoo import bundle, shelf
    from ganzoo.errors import InputError
    from ganzoo.evaluation import robustness as records
    from ganzoo.hub import find, robust_table, table

    if not (classifiers or readme):
        raise InputError("expected a CLASSIFIER to measure, or --readme FILE")
    other = bundle.load(find(sibling)) if sibling else None
    subjects = [bundle.load(find(ref)) for ref in classifiers or ()]
    if write:
        _outputs.kept(*(subject.folder for subject in subjects))
    for subject in subjects:
        found = _measured(subject, other, count, seed)
        Console(highlight=False).print(robust_table.curves(found), soft_wrap=True)
        if write:
            records.write(subject, found)
            _keep(subject, found)
    if readme:
        read = map(bundle.load, shelf.residents())
        table.insert(readme, robust_table.short(read), "robustness")


def _measured(subject: "Bundle", sibling: "Bundle | None", count: int, seed: int) -> "Robustness":
    from ganzoo.evaluation import reals, robustness_trials
    from ganzoo.evaluation.subject import of_bundle, usual

    data = subject.recipe.data
    plan = robustness_trials.trials(usual(data.name), data.channels * data.size**2)
    attacked = of_bundle(subject)
    assert attacked.dataset is not None
    with bars() as tell:
        return robustness_trials.measure(
            subject, attacked.dataset, reals.load(data), plan,
            count=count, seed=seed, sibling=sibling, split=attacked.split, tell=tell,
        )  # fmt: skip


def _keep(subject: "Bundle", found: "Robustness") -> None:
    from ganzoo import bundle
    from ganzoo.evaluation import robustness as records
    from ganzoo.evaluation.subject import usual
    from ganzoo.hub import card

    made = records.scores(found, usual(subject.recipe.data.name))
    others = [s for s in subject.config.metrics if not s.name.startswith(records.SCORE)]
    card.write(bundle.rewrite(subject, metrics=(*others, *made)))


ENTRY: Callable[..., None] = robustness
