"""Two networks side by side, from outside and from inside."""

from html import escape

import torch

from ganzoo.explore.fooled import disturbance, feature_maps, loudest
from ganzoo.gallery import widgets
from ganzoo.gallery.fooling import attempts
from ganzoo.gallery.fooling.marks import answer, levels, top
from ganzoo.gallery.fooling.subjects import Subject, subject
from ganzoo.gallery.paint import style
from ganzoo.zoo import Zoo

MAPS = 6  # of a network
LARGEST = 64  # side of a feature map that is shown


def draw_both(
    zoo: Zoo,
    model: str,
    beside: str,
    picture: str,
    attack: str,
    epsilon: int,
    target: int | None,
    brought: str | None = None,
) -> str:
    """The same picture, each network attacked on its own, and the other's picture tried on it."""
    mine = subject(zoo, model)
    found = mine.sibling(beside)
    if found is None:
        return ""
    other, picture = subject(zoo, found), mine.chosen(picture, brought)
    hangings = []
    for one, maker in ((mine, other), (other, mine)):
        name, lender, names = escape(one.name), escape(maker.name), one.classes
        done = attempts.perform(one, picture, attack, epsilon, target)
        lent = attempts.perform(maker, picture, attack, epsilon, target)
        says, sure = attempts.verdict(one, lent.image)
        kind = "fooled" if bool(done.reached) and epsilon else ""
        kind_of = "attacked" if one.defended else "clean"
        trained = f"trained on {kind_of} pictures"
        hangings.append(
            f'<figure class="{kind}"><img src="{widgets.png(levels(done.image))}" '
            f'alt="The picture attacked for {name}"><figcaption><b>{name}</b>'
            f"<span class='fine'>{trained}</span>says {answer(names, top(done.after))}"
            f"<span class='fine'>takes the one made for {lender} for "
            f"“{escape(names[says])}”, {sure:.0%}</span></figcaption></figure>"
        )
    side = mine.shown(picture).shape[2]
    return (
        f'<h2 class="part small">{mine.company}</h2>'
        f'<div class="pair" style="{style(side, pair=160, pair_narrow=128)}">'
        f"{''.join(hangings)}</div>"
    )


def draw_maps(
    zoo: Zoo,
    model: str,
    beside: str,
    picture: str,
    attack: str,
    epsilon: int,
    target: int | None,
    brought: str | None = None,
) -> str:
    """Feature maps of the clean and of the attacked picture (Xie et al. 2019, Figure 2)."""
    mine = subject(zoo, model)
    picture = mine.chosen(picture, brought)
    rows = [_maps(mine, picture, attack, epsilon, target)]
    if other := mine.sibling(beside):
        rows.append(_maps(subject(zoo, other), picture, attack, epsilon, target))
    return (
        '<h2 class="part small">Inside the network</h2><p class="fine">Its loudest early feature '
        "maps: of the picture above, of the attacked picture below. What nobody sees in the "
        f'picture is noise in here.</p><div class="insides">{"".join(rows)}</div>'
    )


def _maps(one: Subject, picture: str, attack: str, epsilon: int, target: int | None) -> str:
    done = attempts.perform(one, picture, attack, epsilon, target)
    image = one.shown(picture)
    inside = feature_maps(one.victim, torch.cat([image, done.image]))
    side = next((side for side in inside if side <= LARGEST), min(inside))
    clean, attacked = inside[side]
    picked = loudest(clean, attacked, MAPS)
    high = torch.stack([clean[picked], attacked[picked]]).amax((0, 2, 3))[:, None, None]
    low = torch.stack([clean[picked], attacked[picked]]).amin((0, 2, 3))[:, None, None]
    rows = "".join(
        "".join(
            f'<img src="{widgets.png(levels(each[None, None]))}" alt="Feature map {i}, {what}">'
            for i, each in zip(
                picked, (maps[picked] - low) / (high - low).clamp_min(1e-12), strict=True
            )
        )
        for maps, what in ((clean, "clean"), (attacked, "attacked"))
    )
    name = escape(one.name)
    return (
        f'<figure class="maps" style="--count:{len(picked)};{style(side, map=64, map_narrow=48)}">'
        f"<div>{rows}</div><figcaption><b>{name}</b><span class='fine'>the attack changes "
        f"these maps by {disturbance(clean, attacked):.0%}</span></figcaption></figure>"
    )
