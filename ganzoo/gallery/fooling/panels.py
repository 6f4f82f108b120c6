"""The attack as an equation: picture + epsilon x perturbation = adversarial picture."""

from html import escape

from ganzoo.attacks import Attacked
from ganzoo.gallery import widgets
from ganzoo.gallery.fooling import attempts
from ganzoo.gallery.fooling.marks import answer, levels, top, visible
from ganzoo.gallery.fooling.subjects import Subject, subject
from ganzoo.gallery.paint import style
from ganzoo.shapes import Pixels
from ganzoo.zoo import Zoo

QUALITY = 75  # of the JPEG that a picture must survive


def draw_panels(
    zoo: Zoo,
    model: str,
    picture: str,
    attack: str,
    epsilon: int,
    target: int | None,
    brought: str | None = None,
) -> str:
    """Picture + epsilon x perturbation = adversarial picture."""
    mine = subject(zoo, model)
    picture = mine.chosen(picture, brought)
    done = attempts.perform(mine, picture, attack, epsilon, target)
    names, image = mine.classes, mine.shown(picture)
    before, after = top(done.before), top(done.after)
    reached = bool(done.reached)
    share, file = f"{epsilon}/255", mine.name
    said = (
        '<p class="fine">no change yet: move the slider</p>'
        if epsilon == 0
        else f'<p class="fine">{_endures(mine, done, names)}</p>'
    )
    if bool(done.silent):
        said += (
            '<p class="silent" role="status">The gradient is zero in every pixel: the network is '
            "so sure that its loss is flat here. No attack that follows it can move this picture, "
            "which is no proof that it is safe.</p>"
        )
    first = f"{answer(names, before)}"
    noise = "sign of the gradient" if attack == "fgsm" else "the change, largest pixel made full"
    sizes = style(image.shape[2], panel=256, panel_narrow=96)
    return (
        f'<div class="equation" style="{sizes}">'
        f"{_panel(image, 'the picture', first, f'{file}-picture')}"
        f'<span class="operator">+&thinsp;{share}&thinsp;×</span>'
        f"{_panel(visible(done.change), noise, noise, f'{file}-perturbation')}"
        '<span class="operator">=</span>'
        f"""{
            _panel(
                done.image,
                "the adversarial picture",
                answer(names, after),
                f"{file}-{attack}-{epsilon}",
                "fooled" if reached and epsilon else "",
            )
        }"""
        f"</div>{said}"
    )


def _endures(one: Subject, done: Attacked, names: list[str]) -> str:
    if not bool(done.reached):
        return "The attack fails at this ε."
    files = {"8 bits": None, f"JPEG at quality {QUALITY}": QUALITY}
    after = {words: attempts.persists(one, done, quality) for words, quality in files.items()}
    survived = [words for words, (still, _) in after.items() if still]
    undone = [
        f"{w} undoes it (“{escape(names[y])}”)" for w, (still, y) in after.items() if not still
    ]
    said = [f"it survives {' and '.join(survived)}"] if survived else []
    return f"Fooled, and saved to a file {', but '.join([*said, *undone])}."


def _panel(image: Pixels, alt: str, caption: str, file: str, kind: str = "") -> str:
    uri = widgets.png(levels(image))
    return (
        f'<figure class="{kind}"><a download="{escape(file)}.png" href="{uri}" '
        f'title="Download {escape(alt)}"><img src="{uri}" alt="{escape(alt)}"></a>'
        f"<figcaption>{caption}</figcaption></figure>"
    )
