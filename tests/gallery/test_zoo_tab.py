"""The front door's handlers."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import escape
from queue import Queue
from random import Random

import numpy as np
import pytest
from shelf import exhibit

from ganzoo import bundle, images
from ganzoo.data import sources
from ganzoo.errors import UnknownNameError
from ganzoo.gallery import app
from ganzoo.gallery.front.cards import TILE, draw_cards
from ganzoo.gallery.front.salon import BIG
from ganzoo.gallery.front.sheet import LARGE, SMALL, draw_sheet, hang, invited, today
from ganzoo.gallery.front.tree import draw_tree
from ganzoo.gallery.front.views import plays
from ganzoo.gallery.tabs.zoo import ENTRY
from ganzoo.zoo import Zoo


def test_the_days_sheet_leads_to_where_each_picture_was_made(zoo):
    versions = ()
    pieces = hang(zoo, 20240229, versions)
    assert len(pieces) == 2 * SMALL
    assert {piece.href.split("model=")[1].split("&")[0] for piece in pieces} == set(zoo.names())
    seed = int(pieces[0].href.rsplit("=", 1)[1])
    model = pieces[0].href.split("model=")[1].split("&")[0]
    assert f"({model}), seed {seed}" in pieces[0].title
    again = images.to_pictures(zoo.model(model).sample(seed, 1))[0]
    assert abs(again.astype(int) - pieces[0].picture).max() <= 1


def test_a_seed_hangs_the_same_sheet_and_another_one_another(zoo):
    assert draw_sheet(zoo, 1) == draw_sheet(zoo, 1)
    assert draw_sheet(zoo, 1) != draw_sheet(zoo, 2)


def test_large_pictures_take_two_columns_and_small_ones_hang_in_pairs(zoo, tmp_path):
    exhibit(tmp_path / "shelf", "stylegan2-cats", f"options.image_size={BIG}", f"data.size={BIG}")
    walls = [re.sub(r"data:[^\"]*", "", draw_sheet(zoo, seed)) for seed in range(6)]
    for wall in walls:
        assert wall.count('class="big"') == wall.count("--desk: 192px; --hand: 128px") == LARGE
        assert wall.count("--desk: 96px; --hand: 64px") == 2 * wall.count('class="stack"')
        assert wall.rindex("stack") > wall.rindex("big")  # a pair closes the gap
    assert len({re.sub("<img[^>]*>", "", wall).index("big") for wall in walls}) > 1


def test_every_data_set_is_on_the_sheet_and_its_better_half_goes_first(tmp_path):
    for number, name in enumerate(["gan-mnist", "dcgan-mnist", "cgan-mnist", "wgan_gp-mnist"]):
        exhibit(tmp_path, name, fid=10 + number)
    exhibit(tmp_path, "dcgan-fashion", "data.name=fashion_mnist", fid=90)
    zoo = Zoo([tmp_path])
    firsts = set()
    for seed in range(8):
        first, second, *others = invited(zoo, Random(seed))
        firsts |= {first, second}
        assert len(others) == 3
    assert firsts == {"gan-mnist", "dcgan-mnist", "dcgan-fashion"}


def test_a_damaged_bundle_does_not_close_the_house(zoo):
    (zoo.bundle("gan-mnist").folder / bundle.MODEL).write_bytes(b"not weights")
    pieces = hang(zoo, 3, ())
    assert len(pieces) == SMALL


def test_the_tree_shows_the_methods_that_are_here_and_no_other(zoo):
    tree = draw_tree(zoo)
    drawing, listed = tree.split('<ol class="descent">')
    for part in (drawing, listed):
        assert "DCGAN" in part
        assert "WGAN" not in part
    assert drawing.count("<path") == 1
    assert '<path class="n0 n1"' in drawing  # whose ends are the first and the second
    assert '[data-n="1"]:is(:hover, :focus-visible)) .n1' in drawing
    assert "bundle/dcgan-mnist/preview.png" in drawing
    assert "?view=sample&amp;model=dcgan-mnist" in listed
    assert "from GAN" in listed


def test_every_bundle_has_a_card_that_leads_to_where_it_plays(zoo):
    cards = draw_cards(zoo)
    for name in zoo.names():
        assert f'id="card-{name}"' in cards
        for view, _ in plays(zoo.bundle(name)):
            assert f"?view={view}&amp;model={name}" in cards
    assert cards.index("card-gan-mnist") < cards.index("card-dcgan-mnist")  # the older first
    assert "Digits &lt;8×8&gt;" in cards


def test_what_a_paper_is_about_is_told_once(zoo, tmp_path):
    exhibit(tmp_path / "shelf", "dcgan-fashion", "data.name=fashion_mnist")
    cards = draw_cards(Zoo([tmp_path / "shelf"]))
    idea = escape(zoo.bundle("dcgan-mnist").paper.idea)
    assert cards.count(idea) == 1
    assert cards.index("card-dcgan-fashion") < cards.index(idea) < cards.index("card-dcgan-mnist")
    assert all(f"<code>{name}</code>" in cards for name in ("dcgan-fashion", "dcgan-mnist"))


def test_cards_may_be_those_of_one_kind_of_pictures(zoo, tmp_path):
    assert "companies" not in draw_cards(zoo)  # there is only one
    exhibit(tmp_path / "shelf", "wgan_gp-mnist")
    exhibit(tmp_path / "shelf", "lsgan-fashion", "data.name=fashion_mnist")
    zoo = Zoo([tmp_path / "shelf"])
    cards = draw_cards(zoo)
    assert 'href="?view=zoo" aria-current="true">all <span>4</span>' in cards
    assert f'href="?view=zoo&amp;data=digits">{sources["digits"].title} <span>3</span>' in cards
    assert [name for name in zoo.names() if f"card-{name}" in draw_cards(zoo, "others")] == [
        "lsgan-fashion"
    ]
    assert "card-lsgan-fashion" not in draw_cards(zoo, "digits")
    with pytest.raises(UnknownNameError, match=r"nothing here learned from 'digts'\. Did you"):
        draw_cards(zoo, "digts")


@pytest.mark.parametrize(
    ("side", "columns", "frame", "picture"),
    [
        (32, 4, "max-width:268px;height:200px", (268, 200)),
        (64, 8, "max-width:262px;height:196px", (262, 196)),
        (128, 4, "max-width:204px;height:204px", (204, 204)),
    ],
)
def test_a_card_cuts_no_picture(tmp_path, side, columns, frame, picture):
    """As many whole ones as it has room for; the sheet of large ones is shrunk."""
    made = exhibit(tmp_path, "gan-mnist", f"options.image_size={side}", f"data.size={side}")
    sheet = images.grid(np.zeros((columns**2, side, side, 1), np.uint8))
    images.to_pillow(sheet).save(made.folder / bundle.PREVIEW)
    card = draw_cards(Zoo([tmp_path]))
    assert frame in card
    assert f'width="{picture[0]}" height="{picture[1]}"' in card
    assert ("shrunk" in card) == (side > TILE)


def test_a_worse_one_says_so(zoo, tmp_path):
    exhibit(tmp_path / "shelf", "wgan_gp-mnist", fid=40)
    cards = draw_cards(zoo).split("<article")[1:]
    said = {name: next(c for c in cards if f'id="card-{name}"' in c) for name in zoo.names()}
    assert "Best of 3 trained under one budget" in said["gan-mnist"]
    assert "Place 2 of 3 trained under one budget" in said["wgan_gp-mnist"]
    assert "Last of 3 trained under one budget" in said["dcgan-mnist"]


def test_only_equals_are_compared(zoo):
    longer = zoo.bundle("gan-mnist").config.cost.model_copy(update={"kimg": 900})
    bundle.rewrite(zoo.bundle("gan-mnist"), cost=longer)
    assert "under one budget" not in draw_cards(zoo)


def test_an_unreadable_folder_says_why(zoo, tmp_path):
    broken = tmp_path / "shelf" / "broken"
    broken.mkdir()
    (broken / bundle.CONFIG).write_text('{"library": "ganzoo", "format": 99}')
    cards = draw_cards(zoo)
    assert "<b>broken</b>" in cards
    assert "format 99" in cards


def test_the_lines_of_two_parents_in_one_column_lie_apart(tmp_path):
    for name in ("gan-mnist", "dcgan-mnist", "cgan-mnist", "lsgan-fashion", "pix2pix-facades"):
        exhibit(tmp_path, name)
    lines = re.findall(r'<path class="[^"]*" d="([^"]+)"', draw_tree(Zoo([tmp_path])))
    trunks = {line.split("H")[1] for line in lines if "V" in line}
    assert len(trunks) > 1
    assert any("V" not in line for line in lines)  # a child in its parent's row


def test_each_method_of_the_tree_shows_another_picture_of_its_sheet(zoo):
    for name in zoo.names():
        sheet = images.grid(np.zeros((16, 8, 8, 1), np.uint8))
        images.to_pillow(sheet).save(zoo.bundle(name).folder / bundle.PREVIEW)
    assert re.findall('part=([^&"]+)', draw_tree(zoo)) == ["8x8", "8x8-10-0"]


def test_an_empty_zoo_says_how_to_fill_it(tmp_path):
    empty = Zoo([tmp_path])
    assert "ganzoo train" in draw_cards(empty)
    assert draw_tree(empty) == ""
    assert draw_sheet(empty, 1) == '<div class="salon"></div>'


def test_the_sheets_seed_is_the_date_unless_the_address_says_otherwise():
    control, _ = ENTRY.address
    assert 20240101 < control.among([]).default < 21000101


def test_who_only_looks_hangs_apart_from_those_who_paint(zoo, tmp_path):
    from shelf import hang

    hang(tmp_path / "shelf", "cnn-mnist")
    assert zoo.problems == {}
    painters, lookers = draw_cards(zoo).split("Those who only look")
    assert 'id="card-cnn-mnist"' in lookers
    assert 'id="card-gan-mnist"' in painters
    assert "ResNet" not in draw_tree(zoo)


def test_the_days_sheet_is_painted_before_the_first_visitor_comes(zoo, monkeypatch):
    painted = Queue()
    monkeypatch.setattr(app, "draw_sheet", lambda *asked: painted.put(asked))
    app.paint_ahead(zoo)
    assert painted.get(timeout=60) == (zoo, today())


def test_two_who_come_at_once_see_one_sheet_that_is_painted_once(zoo):
    with ThreadPoolExecutor(2) as visitors:
        first, second = visitors.map(lambda _: hang(zoo, 77, ()), range(2))
    assert first is second
