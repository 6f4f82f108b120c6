"""The model card: what a bundle is, what it cost, how good it is, and what it is not for.

Made from ``config.json`` alone, so that it never says anything the bundle does not know; what its
maker adds stands below a mark (:mod:`ganzoo.hub.words`). The first lines are the metadata that the
Hub reads.
"""

from collections.abc import Iterator
from urllib.parse import quote

import yaml

from ganzoo import files, paths
from ganzoo.bundle import CARD, FILM, PREVIEW, Bundle
from ganzoo.data import sources
from ganzoo.evaluation.curve import marks
from ganzoo.hub.metadata import metadata
from ganzoo.hub.prospects import prospects
from ganzoo.hub.verbatim import verbatim
from ganzoo.hub.words import signed
from ganzoo.penalties import penalties
from ganzoo.record import Score, line

SAFE = "/:?&=#~%+,;@"  # of an address; a bracket would end a link


def card(bundle: Bundle, home: str | None = None) -> str:
    """The text of ``README.md``, but for its maker's own words.

    Args:
        home: the Hub repository that the card stands in, as ``user/name``.
    """
    head = yaml.safe_dump(metadata(bundle), sort_keys=False, allow_unicode=True)
    return f"---\n{head}---\n\n" + "\n\n".join(_sections(bundle, home)) + "\n"


def whole(bundle: Bundle, home: str | None = None) -> str:
    """The card with what its maker wrote onto the one that lies beside the weights.

    Raises:
        BundleError: if that one cannot be read.
    """
    return signed(card(bundle, home), bundle.folder)


def write(bundle: Bundle) -> None:
    """Writes the card beside the weights; its maker's own words stay.

    Raises:
        BundleError: as :func:`whole`.
    """
    files.replace(bundle.folder / CARD, whole(bundle).encode())


def _sections(bundle: Bundle, home: str | None) -> Iterator[str]:
    config, recipe, paper = bundle.config, bundle.recipe, bundle.paper
    yield f"# {bundle.name}"
    by = (
        "brought over by ganzoo from weights of others"
        if config.provenance
        else "trained by ganzoo"
    )
    yield (
        f"**{paper.nickname}** ({paper.authors}, {paper.venue or paper.year}, "
        f"[arXiv:{paper.arxiv}]({paper.url})), {by}. {paper.idea}"
    )
    translates = bool(bundle.abilities & {"translate", "dance"})
    if (bundle.folder / PREVIEW).exists():
        shown = "translations of held-out inputs" if translates else "random, uncurated samples"
        if "invert" in bundle.abilities:
            shown = "pictures painted from a name, and beside each its inversions, fine to deep"
        yield f"![A sheet of {shown}]({PREVIEW})"
    if (bundle.folder / FILM).exists():
        same = "inputs" if translates else "latents"
        yield f"[The training in pictures]({FILM}): the same {same}, from noise to the end."
    yield "## Made from\n\n" + "\n".join(_facts(bundle))
    yield "## Scores\n\n" + (_scores(config.metrics) or "Not measured yet.")
    yield "## Use\n\n" + _use(bundle, home)
    yield "## Intended use and limits\n\n" + _limits(bundle)
    part = {"name", "architecture", "options"} if config.provenance else None
    told = recipe.model_dump(mode="json", exclude_defaults=True, include=part)
    yield f"## Recipe\n\n```yaml\n{yaml.safe_dump(told, sort_keys=False)}```"


def _facts(bundle: Bundle) -> Iterator[str]:
    config, recipe = bundle.config, bundle.recipe
    if source := config.provenance:
        code = f"[{source.repository}](https://github.com/{source.repository})"
        yield f"- Weights: `{source.source}`, SHA-256 `{source.sha256}`"
        yield f"- Format: {source.format}, as {code} defines it"
        yield f"- Licence of the weights: {verbatim(source.licence)}"
    if data := config.data:
        title = verbatim(data.title)
        source = f"[{title}]({quote(data.url, SAFE)})" if data.url else title
        rows, columns = recipe.shape
        count = f"{data.count:,} images" if data.count > 1 else "a single image"
        yield f"- Data: {source}, {count}, {columns}×{rows}×{recipe.channels}"
        yield f"- Licence of the data: {verbatim(data.licence)}"
    for player in bundle.players:
        yield f"- Parameters of the {player}: {bundle.parameters(player):,}"
    if cost := config.cost:
        yield (
            f"- Spent: {_thousands(cost.kimg)} images shown, {cost.steps:,} steps, "
            f"{_time(cost.seconds)} on {cost.threads} thread"
            f"{'s' if cost.threads > 1 else ''} of {verbatim(cost.processor)}; "
            f"the snapshot kept is from {_thousands(cost.best_kimg)} images"
        )
    yield from (f"- Marked by its scores as {mark}" for mark in marks(config.curve))
    yield from _others(bundle)
    if config.provenance is None:
        yield f"- Seed {recipe.seed}, ganzoo {config.version}"


def _thousands(kimg: float) -> str:
    return f"{kimg:,.0f} thousand" if kimg >= 2 else f"{1000 * kimg:,.0f}"


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"


def _others(bundle: Bundle) -> Iterator[str]:
    """Bundles that it needs, or began with."""
    config = bundle.config
    if beheld := config.classifier:
        yield f"- Inverts: `{beheld.name}` (SHA-256 `{beheld.sha256}`), which it needs beside it"
    if begun := config.beginning:
        when = "" if begun.kimg is None else f" after {begun.kimg:,.0f} thousand images"
        weights = f"the weights of `{begun.name}`{when}"
        what = "Went on from" if begun.continued else "Began with"
        fresh = f", {begun.fresh} of its own at random" if begun.fresh else ""
        yield f"- {what} {weights} (SHA-256 `{begun.sha256}`){fresh}"
        own = config.data.licence if config.data else None
        if others := [one for one in begun.licences if one != own]:
            said = "; ".join(map(verbatim, others))
            yield f"- Licence of those weights, or of their data: {said}"


def _scores(scores: tuple[Score, ...]) -> str:
    if not scores:
        return ""
    lines = ["| score | value | better | protocol |", "|---|---|---|---|"]
    for score in scores:
        spread = f" ± {score.deviation:.3g}" if score.deviation is not None else ""
        value = f"{score.value:.4g}{spread}"
        lines.append(
            f"| `{score.name}` | {value} | {score.better} | {verbatim(line(score.protocol))} |"
        )
    return "\n".join(lines)


def _use(bundle: Bundle, home: str | None) -> str:
    here = bundle.folder.parent.resolve() == paths.checkpoints().resolve()
    name = f"hub:{home}" if home else bundle.name if here else str(bundle.folder)
    if "sample" in bundle.abilities:
        call = "model.sample(seed=0, count=16)  # (16, c, h, w), float in [-1, 1]"
    elif "translate" in bundle.abilities:
        call = "model.translate(image)  # (b, c, h, w), float in [-1, 1], of any size"
    elif "dance" in bundle.abilities:
        call = "ganzoo.zoo.Dancer(model).film(poses)  # (frames, c, h, w), in order, in [-1, 1]"
    elif "single_image" in bundle.abilities:
        call = "ganzoo.zoo.Dreamer(model).dream(seed=0, count=16)  # (16, c, h, w), in [-1, 1]"
    elif "retarget" in bundle.abilities:
        call = "ganzoo.zoo.Retargeter(model).remake(tall=1.0, wide=2.0)  # (1, c, h, w), in [-1, 1]"
    elif beheld := bundle.config.classifier:
        eyes = f'ganzoo.load("{beheld.name}")'
        call = (
            f"inverter = ganzoo.zoo.Inverter(model, {eyes})\n"
            "inverter.invert(image, level=2, seed=0, count=4)  # (4, c, h, w), in [-1, 1]"
        )
    else:
        call = f'network = model.network("{bundle.architecture.shown}")'
    return f'```python\nimport ganzoo\n\nmodel = ganzoo.load("{name}")\n{call}\n```'


def _limits(bundle: Bundle) -> str:
    told = (
        "It was trained to show what its method does under a small budget, not to be the best that "
        f"the method can be. {prospects(bundle)}"
    )
    cautions = (penalties[choice.name].caution for choice in bundle.recipe.penalties)
    told = " ".join([told, *filter(None, cautions)])
    if "segment" in bundle.abilities:
        return (
            "It serves to name the parts of pictures that generators of the same data paint; it "
            "knows no other images, and inherits whatever its data lack or overrepresent."
        )
    if "classify" in bundle.abilities:
        purpose = (
            "It shows how far what was learned in one domain holds in another"
            if sources[bundle.recipe.data.name].domains
            else "It serves as a yardstick for generators of the same data"
        )
        return (
            f"{purpose}; it knows no other images, and inherits whatever its data lack or "
            "overrepresent."
        )
    if bundle.config.provenance:
        told = "How it was trained, and on what, its makers say where the weights come from."
    return (
        "Meant for teaching, for comparing methods and for research on them; not for passing its "
        f"pictures off as real ones. {told} It inherits whatever its data lack or overrepresent."
    )
