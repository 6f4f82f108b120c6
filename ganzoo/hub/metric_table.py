"""Every metric as a row of Markdown, read off the code: for ``docs/judging.md``."""

from ganzoo.metrics import metrics

MARK = "metrics"
ARROWS = {"higher": "↑", "lower": "↓"}


def table() -> str:
    """What to ask for, the numbers that it gives and which way is better, and what they tell."""
    lines = ["| `--metric` | gives | what it tells | paper |", "|---|---|---|---|"]
    for name, metric in sorted(metrics.items()):
        gives = "; ".join(
            f"`{kind}` {ARROWS[better]}: {metric.words[kind]}"
            for kind, better in metric.yields.items()
        )
        paper = metric.paper
        cited = f"[{paper.nickname}]({paper.url})" if paper.arxiv else paper.nickname
        lines.append(f"| `{name}` | {gives} | {paper.idea} | {cited}, {paper.year} |")
    return "\n".join(lines)
