"""Whether the attack survives being seen from elsewhere, beside one that was made for that."""

from functools import lru_cache

from ganzoo.attacks import attacks
from ganzoo.attacks.eot import EotOptions
from ganzoo.evaluation.survival import STRENGTHS, Seen, seen
from ganzoo.gallery import plot
from ganzoo.gallery.fooling import attempts
from ganzoo.gallery.fooling.subjects import Subject, subject
from ganzoo.zoo import Zoo

VIEWS = 40  # at each strength
KINDS = {"clean pictures": "clean", "EOT": "rival"}  # lines' classes in the style


def draw_sides(
    zoo: Zoo, model: str, picture: str, attack: str, epsilon: int, target: int | None
) -> str:
    """How often the attacked picture still fools, as views of it grow stronger."""
    mine = subject(zoo, model)
    if not (mine.pace.quick and epsilon):
        return ""
    found = _looked_at(mine, mine.version, picture, attack, epsilon, target)
    strongest = STRENGTHS[-1]
    lines = [
        plot.Line(
            "unchanged" if one.name == "clean pictures" else one.name,
            list(zip(STRENGTHS, one.shares, strict=True)),
            KINDS.get(one.name, "own"),
        )
        for one in found
    ]
    svg = plot.chart(
        lines,
        strongest,
        [(strength, f"{strength:g}") for strength in STRENGTHS],
        axis="how far the view is from the picture",
        what="The share of views in which the picture still fools, as the views grow stronger",
    )
    plain, every = found[1].shares[-1], found[-1].shares[-1]
    views = EotOptions()
    return (
        '<h2 class="part small">Seen from elsewhere</h2>'
        f"{svg}<p class='fine'>{VIEWS} views each; at 1, turned by up to {views.turn:g}°, zoomed "
        f"by {views.zoom:.0%}, moved by {views.shift:.0%}, lit otherwise and noisy. There "
        f"{found[1].name} still fools in {plain:.0%} of them, and EOT, which was made for all of "
        f"them, in {every:.0%}.</p>"
    )


@lru_cache(maxsize=64)
def _looked_at(
    one: Subject, version: str, picture: str, attack: str, epsilon: int, target: int | None
) -> tuple[Seen, ...]:
    """The picture as it is, under the plain attack, and under EOT."""
    victim, views = one.victim, EotOptions()
    name = "pgd" if attack == "eot" else attack
    plain = attempts.perform(one, picture, name, epsilon, target)
    every = attempts.perform(one, picture, "eot", epsilon, target)
    nickname = attacks[name].paper.nickname
    return (
        seen("clean pictures", victim, [plain], views, VIEWS, clean=True),
        seen(nickname, victim, [plain], views, VIEWS),
        seen("EOT", victim, [every], views, VIEWS),
    )
