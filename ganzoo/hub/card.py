"""The model card: what a bundle is, what it cost, how good it is, and what it is not for.

Made from ``config.json`` alone, so that it never says anything the bundle does not know. The first
lines are the metadata that the Hub reads.
"""

from collections.abc import Iterator

import yaml

from ganzoo.bundle import CARD, FILM, PREVIEW, Bundle, Score
from ganzoo.hub.prospects import prospects
from ganzoo.penalties import penalties

PIPELINE = {
    "classify": "image-classification",
    "translate": "image-to-image",
    "sample": "unconditional-image-generation",
}


def card(bundle: Bundle) -> str:
    """The text of ``README.md``."""
    return f"---\n{_metadata(bundle)}---\n\n" + "\n\n".join(_sections(bundle)) + "\n"


def write(bundle: Bundle) -> None:
    """Writes the card beside the weights."""
    (bundle.folder / CARD).write_text(card(bundle), "utf-8")


def _metadata(bundle: Bundle) -> str:
    paper = bundle.paper
    task = next((task for ability, task in PIPELINE.items() if ability in bundle.abilities), None)
    data = {
        "library_name": "ganzoo",
        "license": "mit",
        **({"pipeline_tag": task} if task else {}),
        "tags": ["ganzoo", "gan", bundle.recipe.architecture, f"arxiv:{paper.arxiv}"],
    }
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def _sections(bundle: Bundle) -> Iterator[str]:
    config, recipe, paper = bundle.config, bundle.recipe, bundle.paper
    yield f"# {bundle.name}"
    yield (
        f"**{paper.nickname}** ({paper.authors}, {paper.venue or paper.year}, "
        f"[arXiv:{paper.arxiv}]({paper.url})), trained by ganzoo. {paper.idea}"
    )
    if (bundle.folder / PREVIEW).exists():
        yield f"![A sheet of random, uncurated samples]({PREVIEW})"
    if (bundle.folder / FILM).exists():
        yield f"[The training in pictures]({FILM}): the same latents, from noise to the end."
    yield "## Made from\n\n" + "\n".join(_facts(bundle))
    yield "## Scores\n\n" + (_scores(config.metrics) or "Not measured yet.")
    yield "## Use\n\n" + _use(bundle)
    yield "## Limits\n\n" + _limits(bundle)
    yield (
        "## Recipe\n\n```yaml\n"
        + yaml.safe_dump(recipe.model_dump(mode="json", exclude_defaults=True), sort_keys=False)
        + "```"
    )


def _facts(bundle: Bundle) -> Iterator[str]:
    config, recipe = bundle.config, bundle.recipe
    size, channels = recipe.data.size, recipe.data.channels
    if data := config.data:
        source = f"[{data.title}]({data.url})" if data.url else data.title
        yield f"- Data: {source}, {data.count:,} images, {size}×{size}×{channels}"
        yield f"- Licence of the data: {data.licence}"
    for player in bundle.players:
        yield f"- Parameters of the {player}: {bundle.parameters(player):,}"
    if cost := config.cost:
        yield (
            f"- Spent: {cost.kimg:,.0f} thousand images shown, {cost.steps:,} steps, "
            f"{cost.seconds / 60:.0f} minutes on {cost.threads} thread"
            f"{'s' if cost.threads > 1 else ''} of {cost.processor}; "
            f"the snapshot kept is from {cost.best_kimg:,.0f} thousand images"
        )
    yield f"- Seed {recipe.seed}, ganzoo {config.version}"


def _scores(scores: tuple[Score, ...]) -> str:
    if not scores:
        return ""
    lines = ["| score | value | better | protocol |", "|---|---|---|---|"]
    for score in scores:
        spread = f" ± {score.deviation:.3g}" if score.deviation is not None else ""
        protocol = ", ".join(f"{key} {value}" for key, value in score.protocol.items())
        value = f"{score.value:.4g}{spread}"
        lines.append(f"| `{score.name}` | {value} | {score.better} | {protocol} |")
    return "\n".join(lines)


def _use(bundle: Bundle) -> str:
    call = (
        "model.sample(seed=0, count=16)  # (16, c, h, w), float in [-1, 1]"
        if "sample" in bundle.abilities
        else f'network = model.network("{bundle.architecture.shown}")'
    )
    return f'```python\nimport ganzoo\n\nmodel = ganzoo.load("{bundle.name}")\n{call}\n```'


def _limits(bundle: Bundle) -> str:
    told = (
        "It was trained to show what its method does under a small budget, not to be the best that "
        f"the method can be. {prospects(bundle)}"
    )
    cautions = (penalties[choice.name].caution for choice in bundle.recipe.penalties)
    told = " ".join([told, *filter(None, cautions)])
    if "classify" in bundle.abilities:
        told = "It serves as a yardstick for generators of the same data; it knows no other images."
    return f"{told} It inherits whatever its data lack or overrepresent."
