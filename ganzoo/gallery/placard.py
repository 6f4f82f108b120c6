"""Museum labels: who thought of it, what it learned from, how well it does, and how we know.

Beside the words hang the method's equation, the learning curve and the training in pictures.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import gradio as gr

from ganzoo.bundle import Bundle
from ganzoo.evaluation.wording import fact, plain
from ganzoo.gallery import hung, learning
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.widgets import html
from ganzoo.hub.table import headline
from ganzoo.papers import Paper
from ganzoo.record import Protocol, Score, told
from ganzoo.zoo import Zoo

NAMED_AUTHORS = 3
MATHS: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]


def hang(stage: Stage) -> None:
    """Hangs the label of the view's model under its pictures and the link to them."""
    with beneath(stage):
        pass


@contextmanager
def beneath(stage: Stage) -> Iterator[None]:
    """The same, what is built within above the equation."""
    stage.foot()
    with gr.Row(elem_classes="beside"):
        with gr.Column(scale=8, min_width=320):
            words = html()
        with gr.Column(scale=5, min_width=320):
            yield
            equation = gr.Markdown(latex_delimiters=MATHS)
            learned = html()
    stage.draws(draw_label, [words, equation, learned])


def draw_label(zoo: Zoo, model: str) -> tuple[str, str, str]:
    """The words, the method's equation, if it has one, and how the model learned."""
    bundle = zoo.bundle(model)
    equation = bundle.paper.equation
    return label(bundle), f"$${equation}$$" if equation else "", _learned(bundle)


def label(bundle: Bundle) -> str:
    """What a museum would print: name, year, authors, data, how it was trained, its scores."""
    paper = bundle.paper
    return (
        f'<div class="label"><h2>{escape(paper.nickname)} <span>{paper.year}</span></h2>'
        f"<p>{escape(authors(paper))}</p><p class='idea'>{escape(paper.idea)}</p>"
        f'<p class="fine">{citation(paper)}</p><p class="fine">{training(bundle)}</p>'
        f"{scores(bundle)}</div>"
    )


def _learned(bundle: Bundle) -> str:
    """How the score fell, and the training in pictures, fetched when a visitor opens it."""
    curve = learning.curve(bundle)
    shown = f"<h3>How it learned</h3>{curve}" if curve else ""
    if address := hung.film(bundle):
        shown += (
            '<details class="score"><summary>Watch it learn</summary>'
            f'<img src="{escape(address)}" loading="lazy" '
            'alt="The same seeds, from the first picture of the training to the last"></details>'
        )
    return f'<div class="learned">{shown}</div>' if shown else ""


def authors(paper: Paper) -> str:
    """The first few authors, by name."""
    names = paper.authors.split(", ")
    return (
        paper.authors if len(names) <= NAMED_AUTHORS else f"{names[0]} and {len(names) - 1} others"
    )


def citation(paper: Paper) -> str:
    """Title, venue and a link to the paper, as HTML."""
    venue = f", {escape(paper.venue)}" if paper.venue else ""
    return (
        f"<cite>{escape(paper.title)}</cite>{venue}, "
        f'<a href="{escape(paper.url)}" target="_blank" rel="noopener noreferrer">'
        f"arXiv:{escape(paper.arxiv)}</a>"
    )


def training(bundle: Bundle) -> str:
    """What it learned from, for how long, and how much of it there is, as HTML."""
    config, data = bundle.config, bundle.config.data
    said = [f"{bundle.parameters():,} parameters"]
    if data is not None:
        what = f"{data.count:,} images of" if data.count > 1 else "a single image:"
        said.insert(0, f"trained on {what} {escape(data.title)}")
    if config.cost is not None:
        shown = f"{config.cost.kimg * 1000:,.0f}"
        seen = f"seen {shown} times" if data and data.count == 1 else f"{shown} images seen"
        said.append(f"{seen} in {duration(config.cost.seconds)}")
    return ", ".join(said)


def duration(seconds: float) -> str:
    """In the unit a person would use."""
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def scores(bundle: Bundle) -> str:
    """The score that matters most; the others are folded away."""
    if (first := headline(bundle)) is None:
        return ""
    others = [score(one) for one in bundle.config.metrics if one != first]
    measures = "1 more measure" if len(others) == 1 else f"{len(others)} more measures"
    folded = f"<summary>{measures}</summary>{''.join(others)}"
    return score(first) + (f'<details class="score">{folded}</details>' if others else "")


def score(score: Score) -> str:
    """A number that opens its protocol."""
    spread = f" ± {score.deviation:.2g}" if score.deviation is not None else ""
    return (
        f'<details class="score"><summary><b>{score.value:.4g}{spread}</b> '
        f"{escape(plain(score.name))} <code>{escape(score.name)}</code> "
        f"<span>{score.better} is better</span></summary>"
        f"{protocol(score.protocol)}</details>"
    )


def protocol(of: Protocol) -> str:
    """How a number was made."""
    rows = "".join(
        f"<dt>{escape(fact(key))}</dt><dd>{escape(value)}</dd>" for key, value in told(of).items()
    )
    return f"<dl>{rows}</dl>"
