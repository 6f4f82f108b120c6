"""Museum labels."""

import re

import pytest

from ganzoo import bundle
from ganzoo.gallery import placard
from ganzoo.record import CurvePoint


def test_a_label_says_what_a_museum_would(zoo):
    shown = placard.label(zoo.bundle("dcgan-mnist"))
    for words in (
        "DCGAN <span>2015</span>",
        "Alec Radford, Luke Metz, Soumith Chintala",
        "arXiv:1511.06434",
        "trained on 1,797 images of Digits &lt;8×8&gt;",
        "3,000 images seen in 3 minutes",
        "<b>80.12 ± 0.5</b>",
        "<dt>real</dt><dd>1797</dd>",
    ):
        assert words in shown
    assert "<8×8>" not in shown


def test_many_authors_are_counted(zoo):
    assert placard.authors(zoo.bundle("gan-mnist").paper) == "Ian Goodfellow and 7 others"


@pytest.mark.parametrize(
    ("seconds", "said"), [(59.0, "59 seconds"), (180.0, "3 minutes"), (7200.0, "2 hours")]
)
def test_durations_are_in_a_persons_unit(seconds, said):
    assert placard.duration(seconds) == said


def test_a_bundle_without_data_or_scores_has_a_label_too(zoo):
    bare = bundle.rewrite(zoo.bundle("gan-mnist"), data=None, cost=None, metrics=())
    assert re.search(r"<p class=\"fine\">[\d,]+ parameters</p>", placard.label(bare))


def test_one_score_is_shown_and_the_others_are_folded_away(zoo):
    one = zoo.bundle("gan-mnist")
    others = tuple(bundle.Score(name=f"other_{i}", value=i) for i in range(3))
    several = bundle.rewrite(one, metrics=(*one.config.metrics, *others))
    first, rest = placard.scores(several).split("3 more measures")
    assert "fid_digits_cnn" in first
    assert "other_2" in rest
    assert "more measure" not in placard.scores(one)
    two = bundle.rewrite(one, metrics=(*one.config.metrics, others[0]))
    assert "1 more measure<" in placard.scores(two)


def test_beside_the_words_hang_the_equation_and_what_came_of_the_training(zoo):
    made = zoo.bundle("dcgan-mnist")
    words, equation, learned = placard.draw_label(zoo, made.name)
    assert "DCGAN" in words
    assert equation.startswith("$$")
    assert learned == ""
    moments = tuple(CurvePoint(kimg=k, values={"fid_digits_cnn": 9.0 - k}) for k in (1.0, 2.0))
    bundle.rewrite(made, curve=moments)
    (made.folder / bundle.FILM).write_bytes(b"frames")
    _, _, learned = placard.draw_label(zoo, made.name)
    assert '<svg class="curve"' in learned
    assert "<summary>Watch it learn</summary>" in learned
