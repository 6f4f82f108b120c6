"""The Fool tab's handlers, its endpoints, and a visit to it in a browser."""

import base64
import re
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pytest
import torch
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from served import serving
from shelf import exhibit, lively

from ganzoo import bundle
from ganzoo.attacks import attack
from ganzoo.errors import GanzooError, InputError
from ganzoo.evaluation import robustness
from ganzoo.explore import fooled
from ganzoo.gallery import plot
from ganzoo.gallery.fooling import attempts, sides
from ganzoo.gallery.fooling.controls import PictureControl
from ganzoo.gallery.fooling.subjects import ATTACKS, subject
from ganzoo.gallery.front.cards import draw_cards
from ganzoo.gallery.front.tree import draw_tree
from ganzoo.gallery.tabs import fool
from ganzoo.zoo import Zoo

NAME, DEFENDED = "cnn-mnist", "cnn_pgd-mnist"
CONTROL = PictureControl(name="picture", default="4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fool")
    for name in (NAME, DEFENDED, "dcgan-mnist"):
        made = exhibit(folder, name)
        if name != "dcgan-mnist":  # wilder weights, so that small steps matter
            networks = {"classifier": lively(made.network(), gain=20)}
            bundle.write(made.folder, made.recipe, networks, classes=made.config.classes)
    return folder


@pytest.fixture(scope="module")
def zoo(folder) -> Zoo:
    return Zoo([folder])


def png(picture: np.ndarray) -> str:
    memory = BytesIO()
    Pillow.fromarray(picture).save(memory, "PNG")
    return base64.urlsafe_b64encode(memory.getvalue()).decode().rstrip("=")


def sources(html: str) -> list[np.ndarray]:
    found = re.findall(r'<img src="data:image/png;base64,([^"]+)"', html)
    return [np.asarray(Pillow.open(BytesIO(base64.b64decode(one)))) for one in found]


def test_the_three_panels_are_an_equation(zoo):
    html = fool.draw_panels(zoo, NAME, "4", "fgsm", 20, None)
    picture, noise, result = (one.astype(int) for one in sources(html))
    sign = np.sign(noise - 127.5) * (np.abs(noise - 127.5) > 1)
    assert np.abs(np.clip(picture + 20 * sign, 0, 255) - result).max() <= 1
    assert "+&thinsp;20/255&thinsp;×" in html
    wanted = attack(
        "fgsm", subject(zoo, NAME).victim, subject(zoo, NAME).shown("4"), epsilon=20 / 255
    )
    assert np.abs((wanted.image[0, 0] * 255).round().numpy() - result).max() <= 1


def test_nothing_added_changes_nothing(zoo):
    html = fool.draw_panels(zoo, NAME, "4", "pgd", 0, None)
    picture, _, result = sources(html)
    assert np.array_equal(picture, result)
    assert "move the slider" in html


@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_of_the_slider_stays_within_it(zoo, name):
    done = attempts.perform(subject(zoo, NAME), "4", name, 13, 3)
    assert done.change.abs().max() <= 13 / 255 + 1e-6
    assert done.goal.targeted


def test_the_curve_knows_where_it_fails(zoo):
    ways = {
        str(seed): attempts.way(subject(zoo, NAME), str(seed), "fgsm", 1, None)
        for seed in range(20)
    }
    seed, way = next((seed, way) for seed, way in ways.items() if way.failure is not None)
    assert way.failure is not None
    victim, image = subject(zoo, NAME).victim, subject(zoo, NAME).shown(seed)
    y = victim(image).argmax(1)
    just = attack("smallest_fgsm", victim, image, y)
    assert way.failure == pytest.approx(just.length("linf").item(), abs=2e-5)
    html = fool.draw_curve(zoo, NAME, seed, "fgsm", 20, None)
    assert f"fails at {way.failure * 255:.1f}/255" in html
    first = int(re.findall(r'data-epsilon="(\d+)"', html)[0])
    assert bool(attempts.perform(subject(zoo, NAME), seed, "fgsm", first, None).reached)
    if first > 1:
        assert not bool(attempts.perform(subject(zoo, NAME), seed, "fgsm", first - 1, None).reached)


@pytest.mark.parametrize("off", [-5, 5])
def test_a_rounded_curve_does_not_move_the_point_of_failure(zoo, monkeypatch, off):
    mine, plain = subject(zoo, NAME), fooled.along
    exact = [attempts.way(mine, str(seed), "fgsm", 1, None) for seed in range(8)]
    assert any(one.failure is not None for one in exact)

    def rounded(*given):
        shares = plain(*given)
        return shares[(torch.arange(len(shares)) + off).clamp(0, len(shares) - 1)]

    monkeypatch.setattr(fooled, "along", rounded)
    for seed, one in enumerate(exact):
        again = attempts.way(mine, str(seed), "fgsm", 1, None)
        assert (again.failure, again.own, again.rival) == (one.failure, one.own, one.rival)


def test_both_networks_hang_side_by_side(zoo):
    html = fool.draw_both(zoo, NAME, "", "4", "fgsm", 20, None)
    own, other = sources(html)
    for shown, name in ((own, NAME), (other, DEFENDED)):
        done = attempts.perform(subject(zoo, name), "4", "fgsm", 20, None)
        assert np.abs((done.image[0, 0] * 255).round().numpy() - shown).max() <= 1
    assert "trained on attacked pictures" in html
    assert f"takes the one made for {DEFENDED} for" in html


def test_the_defended_one_stands_beside_the_standard_one_and_back(zoo):
    assert subject(zoo, NAME).sibling("") == DEFENDED
    assert subject(zoo, DEFENDED).sibling("") == NAME
    assert subject(zoo, NAME).sibling("dcgan-mnist") == DEFENDED


def test_feature_maps_come_clean_and_attacked(zoo):
    html = fool.draw_maps(zoo, NAME, "", "4", "fgsm", 20, None)
    assert len(sources(html)) == 2 * 2 * 4  # networks, states, maps of the tiny network
    unchanged = fool.draw_maps(zoo, NAME, "", "4", "fgsm", 0, None)
    assert unchanged.count("by 0%") == 2
    assert "by 0%" not in html


def test_the_picture_is_seen_from_elsewhere(zoo):
    html = sides.draw_sides(zoo, NAME, "4", "pgd", 40, None)
    lines = re.findall(r'<polyline class="(\w+)" points="([^"]+)"', html)
    assert [kind for kind, _ in lines] == ["clean", "own", "rival"]
    at_once = [float(points.split()[0].split(",")[1]) for _, points in lines]
    floor, ceiling = plot.HEIGHT - plot.BOTTOM, plot.TOP
    reached = bool(attempts.perform(subject(zoo, NAME), "4", "pgd", 40, None).reached)
    assert at_once[0] == floor, "nobody has touched it, and nobody turns it"
    assert at_once[1] == (ceiling if reached else floor)
    assert ">PGD</text>" in sides.draw_sides(zoo, NAME, "4", "eot", 40, None)
    assert sides.draw_sides(zoo, NAME, "4", "pgd", 0, None) == ""


def test_the_smallest_changes_are_shown_with_their_lengths(zoo):
    html = fool.draw_smallest(zoo, NAME, "4", None)
    assert len(sources(html)) == 4
    assert html.count("|δ|₂") == 4
    assert fool.draw_smallest(zoo, NAME, "4", 3).count("<figure") == 2  # DeepFool knows no target


def test_a_drawing_is_a_picture_too(zoo):
    strokes = np.zeros((8, 8), np.uint8)
    strokes[2:6, 3] = 255
    text = png(strokes)
    assert CONTROL.read(text) == text
    image = subject(zoo, NAME).shown(text)
    assert torch.equal((image[0, 0] * 255).round().byte(), torch.from_numpy(strokes))
    address = f"data:image/png;base64,{text}"
    assert torch.equal(subject(zoo, NAME).shown(CONTROL.read(address)), image)
    clear = np.zeros((8, 8, 4), np.uint8)  # a canvas: transparent is black
    assert subject(zoo, NAME).shown(png(clear)).max() == 0


@pytest.mark.parametrize("wrong", ["", "x" * 70_000, "?", "iVBORw0KGgo", None, [1], "99999999999"])
def test_what_is_no_picture_is_said_so(wrong):
    with pytest.raises(InputError, match="picture is a seed, or a PNG in base64; got"):
        CONTROL.read(wrong)


def test_a_picture_that_does_not_fit_is_refused(zoo):
    with pytest.raises(InputError, match="cnn-mnist sees 8×8 pixels; this picture has 9×8"):
        subject(zoo, NAME).shown(png(np.zeros((8, 9), np.uint8)))
    with pytest.raises(InputError, match="got mode 'I;16'"):
        subject(zoo, NAME).shown(png(np.zeros((8, 8), np.uint16)))


def test_the_best_painter_of_the_same_data_paints(zoo, tmp_path):
    assert subject(zoo, NAME).painter == "dcgan-mnist"
    exhibit(tmp_path, NAME)
    alone = Zoo([tmp_path])
    assert subject(alone, NAME).painter is None
    ring = subject(alone, NAME).shown("4")
    assert ring.shape == (1, 1, 8, 8)
    assert ring.max() > 0.9
    assert subject(alone, NAME).sibling("") is None
    assert fool.draw_both(alone, NAME, "", "4", "fgsm", 20, None) == ""
    assert fool.draw_chooser(alone, NAME, "4")["pictures"] == []


def test_a_silent_gradient_is_told(zoo, folder, tmp_path):
    made = exhibit(tmp_path, NAME)
    network = made.network()
    network.head.weight.zero_()
    network.head.bias.copy_(torch.tensor([900.0] + [0] * 9))
    bundle.write(tmp_path / NAME, made.recipe, {"classifier": network}, classes=made.config.classes)
    assert "gradient is zero in every pixel" in fool.draw_panels(
        Zoo([tmp_path]), NAME, "4", "fgsm", 20, None
    )


def test_robustness_curves_hang_where_they_were_measured(zoo, folder):
    assert fool.draw_robustness(zoo, NAME) == ""
    curve = robustness.Curve(
        attack="pgd", norm="linf", options={"steps": 3}, count=12,
        epsilon=(0.0, 0.031373, 0.062745), accuracy=(1.0, 0.5, 0.25),
    )  # fmt: skip
    found = robustness.Robustness(
        network=NAME, network_sha256=zoo.bundle(NAME).config.sha256["model.safetensors"],
        data="digits", data_sha256="f", split="test", seed=0, ganzoo="0", torch="2",
        curves=(curve,),
    )  # fmt: skip
    robustness.write(zoo.bundle(NAME), found)
    html = fool.draw_robustness(zoo, NAME)
    assert '<polyline class="k0"' in html
    assert "on 12 pictures of digits" in html
    assert "50.0%" in html


def test_classifiers_do_not_hang_among_the_painters(zoo):
    tree = draw_tree(zoo)
    assert "DCGAN" in tree
    assert "ResNet" not in tree
    cards = draw_cards(zoo)
    assert cards.index("Those who only look") < cards.index("card-cnn-mnist")
    assert "view=fool&amp;model=cnn-mnist" in cards


def test_lines_end_with_their_names_apart():
    svg = plot.chart(
        [plot.Line(name, [(0.0, 1.0), (1.0, 0.5)], name) for name in ("k0", "k1")],
        1.0, [(0.0, "0")], axis="x", what="two lines",
    )  # fmt: skip
    places = [float(y) for y in re.findall(r'class="name k\d" x="[\d.]+" y="([\d.]+)"', svg)]
    assert len(places) == 2
    assert abs(places[0] - places[1]) >= plot.GAP - 0.1
    assert 'aria-label="two lines"' in svg


@pytest.fixture(scope="module")
def gallery(folder) -> Iterator[str]:
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def client(gallery, tmp_path_factory):
    return Client(gallery, verbose=False, download_files=tmp_path_factory.mktemp("files"))


def test_programs_get_panels_answers_and_what_endures(client, zoo):
    done = client.predict(NAME, "4", "fgsm", 20, None, api_name="/fool")
    picture, result = (np.asarray(Pillow.open(done[k])) for k in ("picture", "adversarial"))
    assert picture.shape == result.shape == (8, 8)
    assert np.abs(picture.astype(int) - result).max() <= 20
    assert done["fooled"] == (done["before"] != done["after"])
    assert 0 < done["before_confidence"] <= 1
    assert set(done) >= {"survives_8_bits", "survives_jpeg", "silent", "perturbation"}


def test_programs_get_the_smallest_step(client, zoo):
    done = client.predict(model=NAME, picture="4", api_name="/smallest")
    way = attempts.way(subject(zoo, NAME), "4", "fgsm", 1, None)
    if way.failure is None:
        assert done["epsilon"] is None
    else:
        assert done["epsilon"] == pytest.approx(way.failure, abs=1e-6)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"attack": "fgms"}, "attack cannot be 'fgms'. Did you mean 'fgsm'?"),
        ({"epsilon": -1}, "epsilon is a whole number from 0 to 128; got -1"),
        ({"target": 12}, "target: a class is 0 to 9; got 12"),
        ({"picture": "?"}, "picture is a seed, or a PNG in base64; got '?'"),
        ({"model": "dcgan-mnist"}, "no model 'dcgan-mnist' here"),
    ],
)
def test_mistakes_are_answered_in_plain_words(client, wrong, sentence):
    with pytest.raises(AppError) as answer:
        client.predict(**{"model": NAME, **wrong}, api_name="/fool")
    assert sentence in str(answer.value)


def test_handlers_raise_what_the_stage_can_say(zoo):
    with pytest.raises(GanzooError):
        fool.draw_panels(zoo, NAME, png(np.zeros((3, 3), np.uint8)), "fgsm", 3, None)


@pytest.mark.ui
def test_a_visit_in_the_browser(browser, gallery):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{gallery}?view=fool&model={NAME}&picture=4&epsilon=20")
    result = ".equation figure:last-of-type img"
    page.wait_for_selector(result)
    page.wait_for_selector(".insides img")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    def changed(before: str) -> str:
        page.wait_for_function(
            "([s, b]) => document.querySelector(s)?.src !== b", arg=[result, before]
        )
        return page.get_attribute(result, "src")

    before = page.get_attribute(result, "src")
    page.fill(".epsilon input[type=number]", "50")
    page.keyboard.press("Tab")
    steered = changed(before)
    page.wait_for_function("location.search.includes('epsilon=50')")
    page.click('.chooser [data-seed="6"]')
    other = changed(steered)
    assert "picture=6" in page.url
    pad = page.locator(".pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 130, steps=4)
    page.mouse.up()
    drawn = changed(other)
    page.reload()
    page.wait_for_selector(result)
    assert page.get_attribute(result, "src") == drawn, "a drawing is in the address"
    assert faults == []
    page.close()
