"""The head of a model card: what the Hub itself reads of a bundle, and searches by."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ganzoo.bundle import Bundle
from ganzoo.record import Score

if TYPE_CHECKING:
    from huggingface_hub import EvalResult

PIPELINE = {
    "classify": "image-classification",
    "segment": "image-segmentation",
    "translate": "image-to-image",
    "sample": "unconditional-image-generation",
    "single_image": "unconditional-image-generation",
    "retarget": "image-to-image",
    "dance": "image-to-image",
    "invert": "image-to-image",
}
DATASETS: dict[str, str] = {  # where the images of a source lie on the Hub
    "mnist": "ylecun/mnist",
    "fashion_mnist": "zalando-datasets/fashion_mnist",
    "cifar10": "uoft-cs/cifar10",
}
FREE = frozenset({"mit", "apache-2.0"})  # of data that ask nothing of what learned from them
KNOWN = re.compile(r"(MIT|Apache-2\.0|CC0|CC BY(?:-NC)?(?:-SA|-ND)? \d\.\d)\b", re.IGNORECASE)


def metadata(bundle: Bundle) -> dict[str, Any]:
    """As the Hub's own card class writes it: licence, task, tags, data set, results."""
    from huggingface_hub import ModelCardData

    task = pipeline_tag(bundle)
    results = list(_results(bundle, task)) if task else []
    data = bundle.recipe.data.name.replace("-", "_")
    card = ModelCardData(
        **licence(bundle),  # type: ignore[arg-type]
        library_name="ganzoo",
        pipeline_tag=task,
        tags=list(tags(bundle)),
        datasets=[DATASETS[data]] if data in DATASETS else None,
        model_name=bundle.name if results else None,
        eval_results=results or None,
    )
    return card.to_dict()


def pipeline_tag(bundle: Bundle) -> str | None:
    """The Hub's name for what the shown network does."""
    return next((task for ability, task in PIPELINE.items() if ability in bundle.abilities), None)


def tags(bundle: Bundle) -> Iterator[str]:
    """What the Hub is searched by."""
    yield from ("ganzoo", "gan", bundle.recipe.architecture)
    if bundle.paper.arxiv:
        yield f"arxiv:{bundle.paper.arxiv}"


def licence(bundle: Bundle) -> dict[str, str]:
    """Of the weights: as published, or else MIT unless their data, or the weights that they began
    with, ask for more or say nothing."""
    data, source = bundle.config.data, bundle.config.provenance
    if source is not None:
        known = identifier(source.licence)
        return {"license": known} if known else _other("as-published", _home(source.repository))
    begun = bundle.config.beginning
    asked = [*([data.licence] if data else []), *(begun.licences if begun else ())]
    asking = {identifier(one) or one for one in asked} - FREE
    if not asking:
        return {"license": "mit"}
    if len(asking) > 1:
        return _other("as-several-ask", "#made-from")
    (only,) = asking
    if only in map(identifier, asked):
        return {"license": only}
    if data is not None and only == data.licence:
        return _other("as-the-data", data.url or "#made-from")
    return _other("as-the-weights-before", "#made-from")


def _other(name: str, link: str) -> dict[str, str]:
    return {"license": "other", "license_name": name, "license_link": link}


def _home(repository: str) -> str:
    return f"https://github.com/{repository}"


def identifier(licence: str) -> str | None:
    """The Hub's name for a licence, if it is one that asks what everybody knows."""
    match = KNOWN.match(licence.strip())
    if match is None:
        return None
    name = match[1].lower().replace(" ", "-")
    return "cc0-1.0" if name == "cc0" else name


def _results(bundle: Bundle, task: str) -> Iterator["EvalResult"]:
    from huggingface_hub import EvalResult

    recipe, data = bundle.recipe, bundle.config.data
    source = recipe.data.name.replace("-", "_")
    for score in bundle.config.metrics:
        yield EvalResult(
            task_type=task,
            dataset_type=DATASETS.get(source, source),
            dataset_name=data.title if data else source,
            dataset_split=recipe.data.split,
            metric_type=_kind(score),
            metric_name=score.name,
            metric_value=float(f"{score.value:.6g}"),
            metric_args=dict(score.protocol) or None,
        )


def _kind(score: Score) -> str:
    return score.name.removeprefix("back_").partition("_")[0]
