"""A maker's own words stay on a model card, whoever writes it anew."""

import pytest
from shelf import hang
from typer.testing import CliRunner

from ganzoo import bundle
from ganzoo.cli import build
from ganzoo.errors import BundleError
from ganzoo.hub import card, pack
from ganzoo.hub.words import MARK, own

WORDS = "Taken at dusk.\n\n## Scores\n\n| of | mine |\n\n```\n## Use\n```\n\n<b>As is</b>, ünd so."


@pytest.fixture
def made(tmp_path):
    return hang(tmp_path, "gan-mnist")


def text(made):
    return (made.folder / bundle.CARD).read_text("utf-8")


def test_a_card_ends_with_the_mark_of_what_is_the_makers(made):
    card.write(made)
    assert text(made) == f"{card.card(made)}\n{MARK}\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_words_below_the_mark_stay_when_the_card_is_written_anew(made, ends):
    card.write(made)
    path = made.folder / bundle.CARD
    path.write_bytes((text(made) + WORDS).replace("\n", ends).encode("utf-8-sig"))
    done = CliRunner().invoke(build("card", "list"), ["card", str(made.folder)])
    assert done.exit_code == 0, done.output
    cost = bundle.Cost(kimg=9, steps=8, seconds=7, best_kimg=9, processor="a", threads=1)
    measured = bundle.rewrite(made, cost=cost)
    for _ in range(2):
        card.write(measured)
        assert text(made) == f"{card.card(measured)}\n{MARK}\n\n{WORDS}\n"


def test_words_go_to_the_hub(made):
    card.write(made)
    (made.folder / bundle.CARD).write_text(text(made) + WORDS, "utf-8")
    (sent,) = [one.content for one in pack(made, "me/animal") if one.path == bundle.CARD]
    assert isinstance(sent, bytes)
    assert sent.decode() == f"{card.card(made, 'me/animal')}\n{MARK}\n\n{WORDS}\n"


def test_sections_of_ones_own_on_a_card_without_the_mark_stay(made):
    old = card.card(made)
    before, at, after = old.partition("## Scores\n")
    mine = "## How I took them\n\nAt dusk.\n\n```\n## Use\n```\n\n"
    assert own(f"{before}{mine}{at}{after}\nSigned, me.\n") == f"{mine}Signed, me."
    assert own(old) == ""


def test_a_card_that_ganzoo_did_not_write_stays_whole(made):
    for theirs in (WORDS, "---\nlicense: mit\n---\n\n# Mine\n\nlibrary_name: ganzoo"):
        (made.folder / bundle.CARD).write_text(theirs, "utf-8")
        card.write(made)
        assert text(made) == f"{card.card(made)}\n{MARK}\n\n{theirs}\n"


def test_what_a_bundle_says_cannot_pass_for_the_mark(made):
    data = bundle.Origin(title=MARK, licence=MARK, count=9, fingerprint="f")
    hostile = bundle.rewrite(made, data=data)
    card.write(hostile)
    card.write(hostile)
    assert own(text(hostile)) == ""


def test_words_that_cannot_be_read_are_not_written_over(made):
    path = made.folder / bundle.CARD
    path.write_bytes(b"Caf\xe9")
    with pytest.raises(BundleError, match=r"README\.md' stays as it is, .* decode byte 0xe9"):
        card.write(made)
    assert path.read_bytes() == b"Caf\xe9"
