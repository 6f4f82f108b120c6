"""Real or fake?: the human Turing test, as a quiz of a dozen pictures.

The page is the participant's own (:mod:`ganzoo.study`); this tab only hangs it up.
"""

from ganzoo.gallery import widgets
from ganzoo.gallery.address import Whole
from ganzoo.gallery.quiz import STUDY, script
from ganzoo.gallery.stage import Stage
from ganzoo.gallery.tabs import Explainer, Tab
from ganzoo.study.protocols import protocols
from ganzoo.study.server import DECKS
from ganzoo.zoo import Zoo

PLAY = script("player.js")


def draw_quiz(zoo: Zoo, deck: int | None) -> str:
    """The quiz, with a friend's pictures if the address names them."""
    given = "" if deck is None else f' deck="{deck}"'
    return f'<ganzoo-study study="{STUDY}"{given} visitors></ganzoo-study>'


def build(stage: Stage) -> None:
    quiz = widgets.html(js_on_load=PLAY, elem_classes="quiz")
    stage.draws(draw_quiz, quiz)


ENTRY = Tab(
    room="Judge",
    title="Real or fake?",
    order=40,
    heading="Real or fake?",
    explainer=Explainer(
        sentence="Half of these pictures are photographs of clothes, half were painted by networks "
        "that learned from such photographs. Can you tell?",
        equation=r"\text{HYPE}_\infty = \tfrac{1}{2}\left(P(\text{“real”} \mid \text{fake}) + "
        r"P(\text{“fake”} \mid \text{real})\right)",
        paper=protocols["single"].paper,
        more="People are the judges that generative models are made for. If they are wrong half of "
        "the time, they can only guess, and the fakes are as good as real to them. The same test, "
        "with consent, attention checks, timed exposures and statistics, is there for researchers: "
        "`ganzoo study new`.",
    ),
    address=(Whole(name="deck", low=0, high=DECKS - 1),),
    build=build,
)
