"""Mode seeking (Mao et al. 2019, arXiv:1903.05628, Eqs. 3 and 4).

    1 / ( d(G(x, z1), G(x, z2)) / d(z1, z2) + tiny ),   d the mean absolute difference

A translator that hears its latent out of politeness alone gives one answer to each input. Here it
pays unless two latents that are far apart give two pictures that are.

Deviations from the paper: as in the authors' code, the reciprocal of its ratio is lowered; but of
each pair of pictures by itself, where the code divides two means over the batch.
"""

from ganzoo.errors import RecipeError
from ganzoo.papers import Paper
from ganzoo.penalties import Penalty, Round
from ganzoo.shapes import Scalar

TINY = 1e-5


def mode_seeking(round: Round) -> Scalar:
    """The mean over the fakes that are asked of 1 / (d(pictures) / d(latents) + tiny).

    Raises:
        RecipeError: if the game paints no second answer, or there is no latent.
    """
    if round.paint is None or not round.z.shape[1]:
        raise RecipeError(
            "mode_seeking paints one input twice, from two latents: it needs a game of "
            "translation and options.z_dim above 0"
        )
    other = round.draws.normal(len(round.z), round.z.shape[1])
    pictures = (round.paint(other) - round.fake).abs().flatten(1).mean(1)
    latents = (other - round.z).abs().mean(1)
    return round.mean(1 / (pictures / latents + TINY))


ENTRY = Penalty(
    paper=Paper(
        nickname="Mode seeking",
        title="Mode Seeking Generative Adversarial Networks for Diverse Image Synthesis",
        authors="Qi Mao, Hsin-Ying Lee, Hung-Yu Tseng, Siwei Ma, Ming-Hsuan Yang",
        year=2019,
        arxiv="1903.05628",
        venue="CVPR 2019",
        idea="Reward the painter when two latents far apart become two pictures far apart, and one "
        "drawing gets many answers instead of one.",
        equation=r"\max_G \; \frac{d_I\left(G(x, z_1), G(x, z_2)\right)}{d_z(z_1, z_2)}",
        parents=("pix2pix",),
    ),
    player="generator",
    term=mode_seeking,
)
