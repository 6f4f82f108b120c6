"""What a model card says, from the bundle alone."""

import pytest
from shelf import exhibit, hang, pyramid, retargeter
from typer.testing import CliRunner

from ganzoo import bundle
from ganzoo.cli import build
from ganzoo.hub.card import card


def test_a_method_known_to_be_worse_says_so(tmp_path):
    clipped = card(hang(tmp_path, "wgan-fashion"))
    assert "expect worse pictures than a gradient penalty gives" in " ".join(clipped.split())
    assert "expect worse" not in card(hang(tmp_path, "wgan_gp-fashion"))


def test_a_card_says_how_this_very_bundle_is_opened(tmp_path, monkeypatch):
    made = hang(tmp_path, "gan-mnist")
    assert f'ganzoo.load("{made.folder}")' in card(made)
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path))
    assert 'ganzoo.load("gan-mnist")' in card(made)


def test_a_small_budget_is_told_in_images_and_seconds(tmp_path):
    cost = bundle.Cost(kimg=0.5, steps=8, seconds=7, best_kimg=0.25, processor="a", threads=1)
    told = card(bundle.rewrite(hang(tmp_path, "gan-mnist"), cost=cost))
    assert "- Spent: 500 images shown, 8 steps, 7 seconds on 1 thread of a" in told
    assert "the snapshot kept is from 250 images" in told


def test_what_a_bundle_says_is_shown_and_never_read_as_markdown(tmp_path):
    title, licence = "[free](javascript:alert)", "<img src=x onerror=y> | MIT"
    data = bundle.Origin(title=title, licence=licence, url="https://a.test/b)(c", count=9,
                         fingerprint="f")  # fmt: skip
    told = card(bundle.rewrite(hang(tmp_path, "gan-mnist"), data=data))
    body = told.split("## Made from")[1].split("## Recipe")[0]
    assert "[[free\\](javascript:alert)](https://a.test/b%29%28c)" in body
    assert "- Licence of the data: \\<img src=x onerror=y\\> \\| MIT" in body


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "javascript:alert(1)"}, "an address begins with https://"),
        ({"title": "two\nlines"}, "one line of at most 200 characters"),
        ({"licence": "x" * 201}, "one line of at most 200 characters"),
    ],
)
def test_an_origin_is_told_in_lines_and_addresses(changes, said):
    sound = {"title": "a", "licence": "b", "count": 1, "fingerprint": "f"}
    with pytest.raises(ValueError, match=said):
        bundle.Origin.model_validate(sound | changes)


def test_what_learned_from_one_image_says_so(tmp_path):
    made = bundle.rewrite(
        pyramid(tmp_path),
        data=bundle.Origin(title="A tree", licence="MIT", count=1, fingerprint="f"),
    )
    told = card(made)
    assert "- Data: A tree, a single image, 16×12×3" in told
    assert "ganzoo.zoo.Dreamer(model).dream(seed=0, count=16)" in told
    assert "pipeline_tag: unconditional-image-generation" in told


def test_what_remakes_an_image_says_how_to_ask_for_it(tmp_path):
    told = card(retargeter(tmp_path))
    assert "ganzoo.zoo.Retargeter(model).remake(tall=1.0, wide=2.0)" in told
    assert "pipeline_tag: image-to-image" in told


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), (b"# Mine", "<!-- bundles -->"), (b"\xff", "decode")],
)
def test_a_table_needs_a_text_with_marks(tmp_path, content, said):
    made = hang(tmp_path, "gan-mnist")
    path = tmp_path / "MINE.md"
    if content is not None:
        path.write_bytes(content)
    done = CliRunner().invoke(build("card"), [str(made.folder), "--readme", str(path)])
    assert done.exit_code == 2
    assert done.stderr.startswith(f"ganzoo: '{path}'")
    assert said in done.stderr


def test_a_card_is_written_by_the_name_of_its_bundle(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path))
    made = hang(tmp_path, "gan-mnist")
    path = made.folder / bundle.CARD
    path.unlink(missing_ok=True)
    done = CliRunner().invoke(build("card"), [made.name])
    assert (done.exit_code, done.stdout.split()) == (0, [str(path)])
    assert path.read_text().startswith("---")


def test_where_its_training_fell_apart_stands_on_the_card(tmp_path):
    points = ((1, 50.0), (2, 40.0), (3, 95.0))
    curve = tuple(
        bundle.CurvePoint(kimg=kimg, values={"fid_pixels_2k": fid}) for kimg, fid in points
    )
    made = bundle.rewrite(exhibit(tmp_path, "dcgan-mnist"), curve=curve)
    assert "- Marked by its scores as diverged at 3 thousand images: fid_pixels_2k is 95" in card(
        made
    )
