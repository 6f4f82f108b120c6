"""The fast gradient sign method (Goodfellow, Shlens & Szegedy 2015, arXiv:1412.6572, Sec. 4).

    x' = clip(x + epsilon * sign(grad_x J(x, y)))           away from the class y
    x' = clip(x - epsilon * sign(grad_x J(x, target)))      towards a target

J is the cross-entropy. If the logits were linear in x, no change with pixels up to epsilon would
raise J more: a thousand small steps add up. With ``norm: l2`` the step is epsilon * grad / |grad|.

Deviations from the paper: clipped to the range of a pixel; a target and the Euclidean norm are
additions.
"""

from ganzoo.attacks._base import Attack, AttackOptions, Goal, slope, steepest
from ganzoo.attacks._victim import Victim
from ganzoo.papers import Paper
from ganzoo.shapes import Pixels


def fgsm(victim: Victim, image: Pixels, goal: Goal, options: AttackOptions) -> Pixels:
    assert options.epsilon is not None
    return image + options.epsilon * steepest(slope(victim, image, goal), options.norm)


ENTRY = Attack(
    paper=Paper(
        nickname="FGSM",
        title="Explaining and Harnessing Adversarial Examples",
        authors="Ian J. Goodfellow, Jonathon Shlens, Christian Szegedy",
        year=2015,
        arxiv="1412.6572",
        venue="ICLR 2015",
        idea="Networks are fooled because they are nearly linear: a step that nobody sees in each "
        "pixel, all in the gradient's direction, adds up to another answer.",
        equation=r"x' = x + \epsilon \operatorname{sign}(\nabla_x J(\theta, x, y))",
        parents=("Smallest step",),
    ),
    options=AttackOptions,
    run=fgsm,
)
