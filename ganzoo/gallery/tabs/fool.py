"""Fool: picture + epsilon x perturbation = adversarial picture.

Layout and wiring only; the attacks are :mod:`ganzoo.attacks`, what a visit needs of them is
computed by :mod:`ganzoo.gallery.fooling`.
"""

from html import escape
from typing import Any, TypedDict

import gradio as gr
import torch
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.attacks import attacks
from ganzoo.evaluation import robustness
from ganzoo.explore.fooled import disturbance, feature_maps, loudest
from ganzoo.gallery import fooling, plot, widgets
from ganzoo.gallery.address import Choice, Model, Whole
from ganzoo.gallery.chooser import chooser, offered
from ganzoo.gallery.fooling import LEVELS, MOST, Beside, PictureControl
from ganzoo.gallery.paint import style, width
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Picture, Pixels
from ganzoo.zoo import Zoo

EXAMPLES = 10  # pictures to choose from
MAPS = 6  # of a network
QUALITY = 75  # of the JPEG that a picture must survive
ANY = ""  # the choice of no target in particular
STEER = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-epsilon]");
  const slider = button && element.closest(".view").querySelector(".epsilon input[type=range]");
  if (!slider) return;
  slider.value = button.dataset.epsilon;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
});
"""


class Fooled(TypedDict):
    """What a program gets: PNGs at true size, what the network says, and what endures."""

    picture: FileData
    perturbation: FileData
    adversarial: FileData
    before: str
    before_confidence: float
    after: str
    after_confidence: float
    fooled: bool
    survives_8_bits: bool
    survives_jpeg: bool
    silent: bool


class Smallest(TypedDict):
    """The smallest FGSM step that fools, in [0, 1]; null if none up to 128/255 does."""

    epsilon: float | None
    before: str
    after: str | None


def draw_target(zoo: Zoo, model: str, target: int | None) -> Any:
    """The choice of a class to be taken for."""
    names = fooling.classes(zoo, model)
    chosen = ANY if target is None or target >= len(names) else str(target)
    choices = [("any other class", ANY), *((name, str(i)) for i, name in enumerate(names))]
    return gr.Dropdown(choices=choices, value=chosen)


def draw_beside(zoo: Zoo, model: str, beside: str) -> Any:
    """The choice of the other network."""
    others = [name for name in fooling.kin(zoo, model) if name != model]
    chosen = fooling.sibling(zoo, model, beside)
    return gr.Dropdown(choices=others, value=chosen, visible=bool(others))


def draw_chooser(zoo: Zoo, model: str, picture: str) -> dict[str, Any]:
    """Pictures to attack."""
    subject, painter = fooling.victim(zoo, model), fooling.painter(zoo, model)
    assert subject.shape is not None
    seeds: list[int] = []
    if painter:
        first = int(picture) // EXAMPLES * EXAMPLES if picture.isdecimal() else 0
        seeds = [(first + i) % SEED_LIMIT for i in range(EXAMPLES)]
    painted = images.to_pictures(zoo.model(painter).sample(seeds[0], EXAMPLES)) if painter else []
    return offered(
        picture,
        pictures=[widgets.png(one) for one in painted],
        seeds=list(map(str, seeds)),
        painter=painter or "",
        side=subject.shape[1],
        grey=subject.shape[0] == 1,
        wide=width(subject.shape[1], 64),
    )


def draw_panels(
    zoo: Zoo, model: str, picture: str, attack: str, epsilon: int, target: int | None
) -> str:
    """Picture + epsilon x perturbation = adversarial picture."""
    done = fooling.perform(zoo, model, picture, attack, epsilon, target)
    names, image = fooling.classes(zoo, model), fooling.shown(zoo, model, picture)
    before, after = _top(done.before), _top(done.after)
    reached = bool(done.reached)
    share = f"{epsilon}/255"
    said = (
        '<p class="fine">no change yet: move the slider</p>'
        if epsilon == 0
        else f'<p class="fine">{_endures(zoo, model, done, names)}</p>'
    )
    if bool(done.silent):
        said += (
            '<p class="silent" role="status">The gradient is zero in every pixel: the network is '
            "so sure that its loss is flat here. No attack that follows it can move this picture, "
            "which is no proof that it is safe.</p>"
        )
    first = f"{_answer(names, before)}"
    noise = "sign of the gradient" if attack == "fgsm" else "the change, largest pixel made full"
    sizes = style(image.shape[2], panel=256, panel_narrow=96)
    return (
        f'<div class="equation" style="{sizes}">'
        f"{_panel(image, 'the picture', first, f'{model}-picture', zoo)}"
        f'<span class="operator">+&thinsp;{share}&thinsp;×</span>'
        f"{_panel(_visible(done.change), noise, noise, f'{model}-perturbation', zoo)}"
        '<span class="operator">=</span>'
        f"""{
            _panel(
                done.image,
                "the adversarial picture",
                _answer(names, after),
                f"{model}-{attack}-{epsilon}",
                zoo,
                "fooled" if reached and epsilon else "",
            )
        }"""
        f"</div>{said}"
    )


def draw_curve(
    zoo: Zoo, model: str, picture: str, attack: str, epsilon: int, target: int | None
) -> str:
    """Confidence against epsilon, along the present direction, with the point of failure."""
    found = fooling.way(zoo, model, picture, attack, epsilon, target)
    names = fooling.classes(zoo, model)
    lines = [
        plot.Line(
            f"“{names[y]}”",
            [(float(i), float(p)) for i, p in enumerate(found.probabilities[:, y])],
            kind,
        )
        for y, kind in ((found.own, "own"), (found.rival, "rival"))
    ]
    marks = [plot.Mark(float(epsilon), "", "here")]
    if found.failure is not None:
        at = found.failure * LEVELS
        marks.append(plot.Mark(at, f"fails at {at:.1f}/255", "failure"))
        button = _steer(found.failure)
    else:
        button = f"<p class='fine'>No step up to {MOST}/255 along this direction succeeds.</p>"
    svg = plot.chart(
        lines,
        float(MOST),
        [(float(e), str(e)) for e in range(0, MOST + 1, 32)],
        axis="ε, in 255ths of the pixel range",
        what=f"Confidence in {names[found.own]} and in {names[found.rival]} as epsilon grows",
        marks=marks,
    )
    return f'<h2 class="part small">How sure it is, as ε grows</h2>{svg}{button}'


def draw_both(
    zoo: Zoo, model: str, beside: str, picture: str, attack: str, epsilon: int, target: int | None
) -> str:
    """The same picture, each network attacked on its own, and the other's picture tried on it."""
    other = fooling.sibling(zoo, model, beside)
    if other is None:
        return ""
    hangings = []
    for one, maker in ((model, other), (other, model)):
        names = fooling.classes(zoo, one)
        done = fooling.perform(zoo, one, picture, attack, epsilon, target)
        lent = fooling.perform(zoo, maker, picture, attack, epsilon, target)
        says, sure = fooling.verdict(zoo, one, lent.image)
        kind = "fooled" if bool(done.reached) and epsilon else ""
        trained = "trained on attacked pictures" if fooling.defended(zoo.bundle(one)) else (
            "trained on clean pictures"
        )  # fmt: skip
        hangings.append(
            f'<figure class="{kind}"><img src="{widgets.png(_bytes(done.image))}" '
            f'alt="The picture attacked for {escape(one)}"><figcaption><b>{escape(one)}</b>'
            f"<span class='fine'>{trained}</span>says {_answer(names, _top(done.after))}"
            f"<span class='fine'>takes the one made for {escape(maker)} for "
            f"“{escape(names[says])}”, {sure:.0%}</span></figcaption></figure>"
        )
    side = fooling.shown(zoo, model, picture).shape[2]
    return (
        f'<h2 class="part small">Standard and defended</h2>'
        f'<div class="pair" style="{style(side, pair=160, pair_narrow=128)}">'
        f"{''.join(hangings)}</div>"
    )


def draw_maps(
    zoo: Zoo, model: str, beside: str, picture: str, attack: str, epsilon: int, target: int | None
) -> str:
    """Feature maps of the clean and of the attacked picture (Xie et al. 2019, Figure 2)."""
    rows = [_maps(zoo, model, picture, attack, epsilon, target)]
    if other := fooling.sibling(zoo, model, beside):
        rows.append(_maps(zoo, other, picture, attack, epsilon, target))
    return (
        '<h2 class="part small">Inside the network</h2><p class="fine">Its loudest early feature '
        "maps: of the picture above, of the attacked picture below. What nobody sees in the "
        f'picture is noise in here.</p><div class="insides">{"".join(rows)}</div>'
    )


def draw_smallest(zoo: Zoo, model: str, picture: str, target: int | None) -> str:
    """The smallest changes that the searches find."""
    names = fooling.classes(zoo, model)
    side = fooling.shown(zoo, model, picture).shape[2]
    figures = "".join(
        f'<figure class="{"fooled" if one.reached else ""}">'
        f'<img src="{widgets.png(_bytes(one.image))}" alt="{escape(one.name)}">'
        f"<figcaption><b>{escape(one.name)}</b>"
        + (f"“{escape(names[one.says])}”, {one.confidence:.0%}" if one.reached else "found nothing")
        + f"<span class='fine'>|δ|∞ {one.linf * LEVELS:.1f}/255, |δ|₂ {one.l2:.2f}</span>"
        "</figcaption></figure>"
        for one in fooling.smallest_changes(zoo, model, picture, target)
    )
    return (
        f'<div class="pair four" style="{style(side, pair=128, pair_narrow=128)}">{figures}</div>'
    )


def draw_robustness(zoo: Zoo, model: str) -> str:
    """Accuracy against epsilon of this network and its kin, as it was measured."""
    measured = [
        (name, found)
        for name in fooling.kin(zoo, model)
        if (found := robustness.load(zoo.bundle(name)))
    ]
    lines, most, protocol = [], 0.0, ""
    for i, (name, found) in enumerate(measured):
        for curve in found.curves:
            if (curve.attack, curve.norm, curve.crafted_on) == ("pgd", "linf", None):
                points = list(zip(curve.epsilon, curve.accuracy, strict=True))
                lines.append(plot.Line(name, points, f"k{i % 4}"))
                most = max(most, curve.epsilon[-1])
                options = "".join(f", {value} {key}" for key, value in curve.options.items())
                protocol = (
                    f"Under PGD{options}, on {curve.count} pictures of {found.data}'s "
                    f"{found.split} split, seed {found.seed}."
                )
    if not lines:
        return ""
    ticks = [(most * i / 4, f"{most * i / 4 * LEVELS:.0f}") for i in range(5)]
    svg = plot.chart(
        lines, most, ticks, axis="ε, in 255ths", what="Accuracy under attack as epsilon grows"
    )
    table = "".join(_attacks_table(found) for name, found in measured if name == model)
    return (
        '<h2 class="part">How robust they are</h2><p class="sentence">The share of test pictures '
        "still named right when every one of them is attacked.</p>"
        f'<div class="measured">{svg}<div>{table}<p class="fine">{escape(protocol)} '
        "Measured once, with these very weights.</p></div></div>"
    )


def fool(
    zoo: Zoo,
    model: str,
    picture: str = "4",
    attack: str = "fgsm",
    epsilon: int = 24,
    target: int | None = None,
) -> Fooled:
    """Attacks one picture, as picture + epsilon x perturbation = adversarial picture.

    `picture` is the seed of one that a generator of the same data paints, or a PNG in base64 of
    the network's own size. `epsilon` counts 255ths of the pixel range; `target` is a class number
    to be taken for (None: any other class). Returns the three panels as PNGs at true size, what
    the network says of the picture before and after, whether it is still fooled once the result
    was rounded to 8 bits or saved as JPEG, and whether the gradient is zero everywhere.
    """
    fooling.check_target(zoo, model, target)
    done = fooling.perform(zoo, model, picture, attack, epsilon, target)
    names, image = fooling.classes(zoo, model), fooling.shown(zoo, model, picture)
    (before, sure), (after, still) = _top(done.before), _top(done.after)
    return Fooled(
        picture=_file(image, f"{model}-picture.png"),
        perturbation=_file(_visible(done.change), f"{model}-perturbation.png"),
        adversarial=_file(done.image, f"{model}-{attack}-{epsilon}.png"),
        before=names[before],
        before_confidence=sure,
        after=names[after],
        after_confidence=still,
        fooled=bool(done.reached),
        survives_8_bits=fooling.persists(zoo, model, done, None)[0],
        survives_jpeg=fooling.persists(zoo, model, done, QUALITY)[0],
        silent=bool(done.silent),
    )


def smallest_step(zoo: Zoo, model: str, picture: str = "4", target: int | None = None) -> Smallest:
    """The smallest epsilon at which one FGSM step fools the network, found to one millionth.

    `picture` and `target` as in /fool. Returns epsilon in [0, 1] (null if no step up to 128/255
    succeeds), and what the network says before and after.
    """
    fooling.check_target(zoo, model, target)
    names = fooling.classes(zoo, model)
    found = fooling.way(zoo, model, picture, "fgsm", 1, target)
    return Smallest(
        epsilon=found.failure,
        before=names[found.own],
        after=None if found.failure is None else names[found.rival],
    )


def _top(logits: torch.Tensor) -> tuple[int, float]:
    shares = logits.softmax(1)[0]
    return int(shares.argmax()), float(shares.max())


def _answer(names: list[str], top: tuple[int, float]) -> str:
    return f'<b class="answer">“{escape(names[top[0]])}”</b> {top[1]:.1%}'


def _endures(zoo: Zoo, model: str, done: Any, names: list[str]) -> str:
    if not bool(done.reached):
        return "The attack fails at this ε."
    files = {"8 bits": None, f"JPEG at quality {QUALITY}": QUALITY}
    after = {words: fooling.persists(zoo, model, done, quality) for words, quality in files.items()}
    survived = [words for words, (still, _) in after.items() if still]
    undone = [
        f"{w} undoes it (“{escape(names[y])}”)" for w, (still, y) in after.items() if not still
    ]
    said = [f"it survives {' and '.join(survived)}"] if survived else []
    return f"Fooled, and saved to a file {', but '.join([*said, *undone])}."


def _visible(change: Pixels) -> Pixels:
    """A change as a picture: none is grey, the largest is black or white."""
    return 0.5 + change / change.abs().max().clamp_min(1e-12) / 2


def _bytes(image: Pixels) -> Picture:
    return images.to_pictures(2 * image - 1)[0]


def _file(image: Pixels, name: str) -> FileData:
    return widgets.file(widgets.png_bytes(_bytes(image)), name)


def _panel(image: Pixels, alt: str, caption: str, file: str, zoo: Zoo, kind: str = "") -> str:
    uri = widgets.png(_bytes(image))
    return (
        f'<figure class="{kind}"><a download="{escape(file)}.png" href="{uri}" '
        f'title="Download {escape(alt)}"><img src="{uri}" alt="{escape(alt)}"></a>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _steer(failure: float) -> str:
    """A button that moves the slider to the first 255th that fools."""
    first = min(MOST, int(failure * LEVELS) + 1) if failure else 0
    return (
        f'<button type="button" class="link" data-epsilon="{first}">Find the smallest ε: '
        f"{failure:.4f}, so {first}/255</button>"
    )


def _maps(zoo: Zoo, model: str, picture: str, attack: str, epsilon: int, target: int | None) -> str:
    subject, image = fooling.victim(zoo, model), fooling.shown(zoo, model, picture)
    done = fooling.perform(zoo, model, picture, attack, epsilon, target)
    inside = feature_maps(subject, torch.cat([image, done.image]))
    side = next(iter(inside))
    clean, attacked = inside[side]
    picked = loudest(clean, attacked, MAPS)
    high = torch.stack([clean[picked], attacked[picked]]).amax((0, 2, 3))[:, None, None]
    low = torch.stack([clean[picked], attacked[picked]]).amin((0, 2, 3))[:, None, None]
    rows = "".join(
        "".join(
            f'<img src="{widgets.png(_bytes(one[None, None]))}" alt="Feature map {i}, {what}">'
            for i, one in zip(
                picked, (maps[picked] - low) / (high - low).clamp_min(1e-12), strict=True
            )
        )
        for maps, what in ((clean, "clean"), (attacked, "attacked"))
    )
    return (
        f'<figure class="maps" style="--count:{len(picked)};{style(side, map=64, map_narrow=48)}">'
        f"<div>{rows}</div><figcaption><b>{escape(model)}</b><span class='fine'>the attack changes "
        f"these maps by {disturbance(clean, attacked):.0%}</span></figcaption></figure>"
    )


def _attacks_table(found: robustness.Robustness) -> str:
    rows = []
    for curve in found.curves:
        if curve.norm != "linf":
            continue
        middle = curve.accuracy[curve.epsilon.index(curve.epsilon[-1] / 2)]
        rows.append(f"<tr><td>{escape(curve.title)}</td><td>{middle:.1%}</td></tr>")
    usual = next(curve.epsilon[-1] / 2 for curve in found.curves if curve.norm == "linf")
    return (
        f"<table><caption>{escape(found.network)} at ε = {usual * LEVELS:.0f}/255</caption>"
        f"{''.join(rows)}</table>"
    )


def build(stage: Stage) -> None:
    with stage.controls():
        model = gr.Dropdown(stage.names, label="Classifier", scale=2, min_width=180)
        beside = gr.Dropdown(label="Beside it", scale=2, min_width=180)
        attack = gr.Dropdown(
            [(attacks[name].paper.nickname, name) for name in fooling.QUICK],
            label="Attack",
            min_width=120,
        )
        target = gr.Dropdown([("any other class", ANY)], label="To be taken for", min_width=180)
    panels = widgets.html(elem_classes="hung-equation")
    epsilon = gr.Slider(
        0, MOST, step=1, label="ε, in 255ths of the pixel range", elem_classes="epsilon", buttons=[]
    )
    with gr.Row(elem_classes="wall"):
        with gr.Column(min_width=320):
            curve = widgets.html(js_on_load=STEER)
        with gr.Column(min_width=320):
            both = widgets.html()
    picture = chooser()
    maps = widgets.html()
    with gr.Accordion("The smallest changes", open=False, elem_classes="more"):
        search = gr.Button("Search for the smallest changes", min_width=200)
        smallest = widgets.html()
    measured = widgets.html()
    stage.bind(
        model=model, beside=beside, picture=picture, attack=attack, epsilon=epsilon, target=target
    )
    stage.draws(draw_target, target)
    stage.draws(draw_beside, beside)
    stage.draws(draw_chooser, picture)
    stage.draws(draw_panels, panels)
    stage.draws(draw_curve, curve)
    stage.draws(draw_both, both)
    stage.draws(draw_maps, maps)
    stage.draws(draw_robustness, measured)
    stage.draws(draw_smallest, smallest, on=search, slow=True)
    stage.action(fool, "fool")
    stage.action(smallest_step, "smallest")


ENTRY = Tab(
    room="Fool",
    title="Fool",
    heading="Fool a classifier",
    order=60,
    needs=("classify",),
    explainer=Explainer(
        sentence="Add to each pixel a step too small to matter, all in the direction that the "
        "network likes least, and it names something else, and is sure of it. Move ε until it "
        "fails; then see how a network trained on such pictures holds out.",
        equation=r"x' = x + \epsilon \operatorname{sign}\left(\nabla_x J(\theta, x, y)\right)",
        paper=attacks["fgsm"].paper,
        more="A network is nearly linear: over a thousand pixels, a step of $\\epsilon$ in each "
        "adds up to $\\epsilon \\lVert w \\rVert_1$ at its output, however small $\\epsilon$ is. "
        "**I-FGSM** takes many small steps, **PGD** starts them from a random point of the ball "
        "and is the yardstick of defences; **EOT** follows the mean gradient over turned, moved "
        "and lit views, so that the picture fools from several sides. The defence is the same "
        "game: train on the worst picture near each one (Madry et al. 2018), with denoised "
        "features (Xie et al. 2019) if one likes. Robustness rises, accuracy on clean pictures "
        "does not.\n\nThese attacks are for testing networks that are yours, or that you may "
        "test. A network that keeps its answers here is robust against *these* attacks, within "
        "*this* radius, and no more than that.",
    ),
    address=(
        Model(default="cnn-mnist"),
        Beside(name="beside", default=""),
        PictureControl(name="picture", default="4"),
        Choice(name="attack", default="fgsm", options=tuple(fooling.QUICK)),
        Whole(name="epsilon", default=24, low=0, high=MOST),
        Whole(name="target", low=0, high=9999),
    ),
    build=build,
)
