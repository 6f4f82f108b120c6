"""``ganzoo evaluate``: scores that say how they were made."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._bars import progress

if TYPE_CHECKING:
    from rich.table import Table

    from ganzoo.bundle import Bundle
    from ganzoo.choices import DataChoice
    from ganzoo.data import Dataset
    from ganzoo.evaluation import FeatureNetwork, Plan
    from ganzoo.record import Score

Scores: TypeAlias = "tuple[Score, ...]"


def evaluate(
    what: Annotated[
        list[str],
        typer.Argument(
            help="BUNDLE, or two folders of pictures (.zip, .tar, .npz).", metavar="WHAT…"
        ),
    ],
    metric: Annotated[
        list[str] | None,
        typer.Option(
            help="fid, kid, precision_recall, eq_t, …; may be repeated. The usual ones if none."
        ),
    ] = None,
    count: Annotated[int, typer.Option(help="Images to generate, in each repeat.")] = 10_000,
    repeats: Annotated[int, typer.Option(help="Each with other seeds; gives the deviation.")] = 3,
    seed: Annotated[int, typer.Option(help="Of the first image, and of the choice of reals.")] = 0,
    network: Annotated[
        str | None,
        typer.Option(
            help="Whose features: a classifier's bundle, inception or pixels. If not given, the "
            "classifier of the same data; else inception, if at hand; else pixels."
        ),
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Let Inception's weights be downloaded.")
    ] = False,
    data: Annotated[
        str | None,
        typer.Option(help="Where the real images lie: a folder, .npz, .tar or .zip file."),
    ] = None,
    size: Annotated[int | None, typer.Option(help="Side to which two folders are resized.")] = None,
    bfloat16: Annotated[
        bool, typer.Option("--bf16", help="Look in half the bits, where the processor can.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the scores in the bundle's config.json.")
    ] = False,
) -> None:
    """Measure how good a BUNDLE's images are, or how alike two folders of pictures are.

    Every number comes with its protocol, and beside it what real images score against real ones:
    the test split's where there is one, else one half against the other. A classifier is told its
    accuracy on the test images, in each domain if its data have several, a segmenter its accuracy
    and mean IoU on their pixels; a translator is judged on inputs that nobody learned from, what
    knows one image on its patches, at several sizes if it remakes that image, a painter of films on
    a dance that it has not seen, and what inverts a classifier at each level. eq_t and eq_r (in dB,
    higher is better) say how well pictures follow an input that is moved or turned, as StyleGAN3's
    can be.
    """
    import json

    from rich.console import Console

    from ganzoo.errors import InputError
    from ganzoo.evaluation import Plan

    plan = Plan(
        metrics=tuple(metric) if metric else None,
        count=count,
        repeats=repeats,
        seed=seed,
        bfloat16=bfloat16,
    )
    if len(what) > 2:
        raise InputError(f"evaluate takes a bundle, or two folders of pictures; got {len(what)}")
    if len(what) == 2 and write:
        raise InputError("two folders keep no scores: redirect what --json prints")
    if len(what) == 2:
        scores = _folders(what, network, fetch, size, plan)
    else:
        scores = _bundle(what[0], network, fetch, data, plan, write)
    if as_json:
        told = [score.model_dump(mode="json") for score in scores]
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        Console().print(*_tables(" and ".join(what), scores))


def _bundle(
    ref: str, network: str | None, fetch: bool, data: str | None, plan: "Plan", write: bool
) -> Scores:
    from ganzoo import bundle, evaluation
    from ganzoo.errors import InputError
    from ganzoo.evaluation import eyes, reals
    from ganzoo.hub import find

    judged = bundle.load(find(ref))
    if write:
        _outputs.kept(judged.folder)
    choice = judged.recipe.data.model_copy(update={"path": data}) if data else judged.recipe.data
    if judged.abilities & {"classify", "segment"} and (plan.metrics or network or plan.bfloat16):
        raise InputError(
            f"{judged.name} looks and does not paint: it is told how often it is right, and "
            "--metric, --network and --bf16 have no meaning for it"
        )
    if "classify" in judged.abilities:
        scores = _accuracy(judged, reals.domains(choice))
    elif "segment" in judged.abilities:
        scores = _segmentation(judged, reals.load(choice, "test"))
    elif judged.abilities & {"translate", "single_image", "retarget", "dance", "invert"}:
        scores = _from_pictures(judged, choice, network, fetch, plan)
    elif plan.alone:
        with progress() as tell:
            scores = evaluation.alone(judged, plan, tell)
    else:
        eye = _eye(network, fetch) if network else eyes.default(judged.recipe)
        yardstick = evaluation.yardstick(
            reals.load(choice), reals.test_split(choice), choice.split, plan.count, plan.seed
        )
        with progress() as tell:
            scores = evaluation.evaluate(judged, yardstick, eye, plan, tell)
    if write:
        _keep(judged, scores)
    return scores


def _from_pictures(
    judged: "Bundle", choice: "DataChoice", network: str | None, fetch: bool, plan: "Plan"
) -> Scores:
    """Of what paints pictures from other pictures, or from one."""
    from ganzoo.evaluation import eyes, reals
    from ganzoo.evaluation.dance import dance
    from ganzoo.evaluation.inversion import inversion
    from ganzoo.evaluation.translations import translations

    alone = judged.abilities & {"single_image", "retarget"}
    images = reals.load(choice, None if alone else "test")
    if "dance" in judged.abilities:
        with progress() as tell:
            return dance(judged, images, plan, tell)
    eye = _eye(network, fetch) if network else eyes.default(judged.recipe)
    if alone:
        return _one_image(judged, images, eye, plan)
    with progress() as tell:
        if "translate" in judged.abilities:
            return translations(judged, images, eye, plan, tell)
        return inversion(judged, images, eye, plan, tell)


def _folders(
    what: list[str], network: str | None, fetch: bool, size: int | None, plan: "Plan"
) -> Scores:
    from ganzoo import bundle
    from ganzoo.errors import InputError
    from ganzoo.evaluation import between, inception
    from ganzoo.evaluation.folders import same_shape
    from ganzoo.evaluation.pixels import pixels

    folders = [Path(one) for one in what]
    if bundles := [str(folder) for folder in folders if (folder / bundle.CONFIG).is_file()]:
        raise InputError(
            f"{' and '.join(bundles)} holds a bundle, not pictures: evaluate bundles one by one, "
            "then ganzoo compare them"
        )
    first, second = same_shape(*folders, size=size, seed=plan.seed)
    if network:
        eye = _eye(network, fetch)
    else:
        eye = inception.inception() if inception.at_hand() else pixels()
    with progress() as tell:
        return between(first, second, eye, plan, tell, size)


def _eye(name: str, fetch: bool) -> "FeatureNetwork":
    from ganzoo import bundle
    from ganzoo.evaluation import eyes
    from ganzoo.evaluation.classifier import classifier
    from ganzoo.hub import find

    return eyes.named(name, fetch) or classifier(bundle.load(find(name)))


def _one_image(judged: "Bundle", known: "Dataset", eye: "FeatureNetwork", plan: "Plan") -> Scores:
    from ganzoo.evaluation.one_image import one_image
    from ganzoo.evaluation.retargeting import retargeting

    measure = retargeting if "retarget" in judged.abilities else one_image
    with progress() as tell:
        return measure(judged, known, eye, plan, tell)


def _accuracy(judged: "Bundle", domains: "Mapping[str, Dataset]") -> Scores:
    from ganzoo.evaluation.accuracy import accuracy
    from ganzoo.evaluation.plan import Progress

    total = sum(map(len, domains.values()))
    with progress() as tell:

        def look(more: int) -> None:
            tell(Progress("looking", more, total))

        judge = partial(accuracy, judged, split="test", tell=look)
        each = [judge(dataset=images, domain=name) for name, images in domains.items()]
    return tuple(score for scores in each for score in scores)


def _segmentation(judged: "Bundle", images: "Dataset") -> Scores:
    from ganzoo.evaluation.plan import Progress
    from ganzoo.evaluation.segmentation import segmentation

    total = len(images)
    with progress() as tell:
        return segmentation(
            judged, images, "test", lambda more: tell(Progress("looking", more, total))
        )


def _keep(judged: "Bundle", scores: Scores) -> None:
    """In the bundle and on its card; scores of the same names are replaced, others stay."""
    from ganzoo import bundle
    from ganzoo.evaluation.plan import rank
    from ganzoo.hub import card

    merged = {score.name: score for score in (*judged.config.metrics, *scores)}
    card.write(bundle.rewrite(judged, metrics=tuple(sorted(merged.values(), key=rank))))


def _tables(title: str, scores: Scores) -> "tuple[Table, Table]":
    from rich import box
    from rich.table import Table

    from ganzoo.record import told

    values = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in ("score", "value", "real against real", "better"):
        values.add_column(column, no_wrap=column == "score")
    for score in scores:
        floor = score.protocol.get("real_vs_real")
        spread = "" if score.deviation is None else f" ± {score.deviation:.2g}"
        values.add_row(
            score.name,
            f"{score.value:.4g}{spread}",
            "–" if floor is None else f"{floor:.4g}",
            score.better,
        )
    protocol = Table(title="Protocol", title_justify="left", box=box.SIMPLE, show_header=False)
    protocol.add_column(no_wrap=True)
    protocol.add_column(overflow="fold")
    shared = _shared(scores)
    for key, value in told(shared).items():
        protocol.add_row(key, value)
    for score in scores:
        for key, value in told(score.protocol).items():
            if key not in shared and key != "real_vs_real":
                protocol.add_row(f"{score.name}: {key}", value)
    return values, protocol


def _shared(scores: Scores) -> dict[str, object]:
    """What all of the protocols say alike, if they say anything of it."""
    said: dict[str, list[object]] = {}
    for score in scores:
        for key, value in score.protocol.items():
            said.setdefault(key, []).append(value)
    return {key: values[0] for key, values in said.items() if len(set(values)) == 1}


ENTRY = evaluate
