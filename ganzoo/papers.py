"""Where an idea comes from: what a museum would print on the label."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One publication and the one idea it brought.

    Attributes:
        nickname: what people call the method: ``WGAN-GP``.
        venue: where it appeared, such as ``ICLR 2016``.
        idea: one sentence on what was new.
        equation: its heart, as LaTeX.
        parents: nicknames of the methods it grew from, for the family tree.
    """

    nickname: str
    title: str
    authors: str
    year: int
    arxiv: str
    idea: str
    venue: str = ""
    equation: str = ""
    parents: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"https://arxiv.org/abs/{self.arxiv}"
