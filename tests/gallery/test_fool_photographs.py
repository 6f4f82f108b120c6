"""ImageNet's classifiers in the Fool tab: weights that must come, and photographs."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from served import serving
from shelf import exhibit
from torchvision import models

from ganzoo.errors import HubError, InputError
from ganzoo.explore import imagenet
from ganzoo.gallery.fooling import attempts, fetching
from ganzoo.gallery.fooling.controls import Classifier
from ganzoo.gallery.fooling.subjects import OFFERED, subject
from ganzoo.gallery.tabs import fool
from ganzoo.zoo import Zoo

SMALLEST, ABSENT = "torchvision:squeezenet1_1", "torchvision:resnet50"
MEBI = 2**20


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A cache of torch's in which one network's weights lie, random ones."""
    cache = tmp_path_factory.mktemp("torch")
    lying = cache / "hub" / "checkpoints" / imagenet.path("squeezenet1_1").name
    lying.parent.mkdir(parents=True)
    torch.manual_seed(0)
    torch.save(models.squeezenet1_1(weights=None).state_dict(), lying)
    return cache


@pytest.fixture
def zoo(tmp_path, home, monkeypatch) -> Iterator[Zoo]:
    monkeypatch.setattr(torch.hub, "_hub_dir", str(home / "hub"))
    imagenet.imagenet.cache_clear()
    exhibit(tmp_path / "shelf", "cnn-mnist")
    yield Zoo([tmp_path / "shelf"], guest_bytes=256 * MEBI)
    imagenet.imagenet.cache_clear()


def photograph(folder, size=(300, 260)):
    levels = np.random.default_rng(3).integers(0, 256, (*size, 3), np.uint8)
    Pillow.fromarray(levels).save(folder / "mine.png")
    return folder / "mine.png", levels


def test_the_chooser_offers_them_beside_the_bundles():
    control = Classifier(default="cnn-mnist", others=OFFERED).among(["cnn-mnist"])
    assert control.options == ("cnn-mnist", *OFFERED)
    assert control.default == "cnn-mnist"
    assert control.read(SMALLEST) == SMALLEST
    assert all(subject(Zoo(()), name).name in imagenet.names() for name in OFFERED)


def test_what_is_brought_is_prepared_as_the_weights_say_and_attacked_within_bounds(zoo, uploads):
    path, levels = photograph(uploads)
    picture = subject(zoo, SMALLEST).chosen("0", str(path))
    assert torch.equal(
        subject(zoo, SMALLEST).shown(picture), imagenet.prepared("squeezenet1_1", levels)
    )
    assert subject(zoo, "cnn-mnist").chosen("4", str(path)) == "4"
    html = fool.draw_panels(zoo, SMALLEST, "0", "fgsm", 3, None, str(path))
    assert "+&thinsp;3/255&thinsp;×" in html
    done = attempts.perform(subject(zoo, SMALLEST), picture, "fgsm", 3, None)
    moved = (done.image - subject(zoo, SMALLEST).shown(picture)).abs()
    assert moved.max() == pytest.approx(3 / 255, abs=1e-6)
    assert 0 <= done.image.min() <= done.image.max() <= 1
    says = imagenet.classes("squeezenet1_1")[int(done.before.argmax())]
    assert f"“{says}”" in html


def test_its_curve_and_its_maps_are_drawn_at_few_places(zoo):
    way = attempts.way(subject(zoo, SMALLEST), "0", "fgsm", 3, None)
    assert len(way.at) < 20
    assert way.probabilities.shape == (len(way.at), 1000)
    maps = fool.draw_maps(zoo, SMALLEST, "", "0", "fgsm", 3, None)
    assert maps.count("<img") == 12
    assert fool.draw_both(zoo, SMALLEST, "", "0", "fgsm", 3, None) == ""  # only if asked for


def test_nothing_large_is_drawn_in_the_line_of_what_is_quick(zoo):
    quick, patient = fool.quick(fool.draw_panels), fool.patient(fool.draw_panels)
    small = {"picture": "4", "attack": "fgsm", "epsilon": 3, "target": None}
    skipped = {"__type__": "update"}
    assert quick(zoo, model=SMALLEST, **small) == skipped
    assert "<figure" in patient(zoo, model=SMALLEST, **small)
    assert "<figure" in quick(zoo, model="cnn-mnist", **small)
    assert patient(zoo, model="cnn-mnist", **small) == skipped
    assert quick(zoo, model=ABSENT, **small) == ""
    assert patient(zoo, model=ABSENT, **small) == skipped


def test_absent_weights_are_offered_and_never_come_unasked(zoo, monkeypatch):
    said, button = fetching.draw_fetch(zoo, ABSENT)
    assert "Its weights are not on this server yet" in said
    assert button == "Fetch its weights, 98 MB"
    assert fetching.draw_fetch(zoo, SMALLEST) == ("", "")
    monkeypatch.setattr(torch.hub, "download_url_to_file", lambda *_, **__: pytest.fail("fetched"))
    with pytest.raises(InputError, match="the weights of resnet50 are not at hand"):
        attempts.verdict(subject(zoo, ABSENT), torch.zeros(1, 3, 224, 224))


@pytest.mark.parametrize(("most", "said"), [(0, "switched fetching"), (40 * MEBI, "takes 40 at")])
def test_the_operators_limit_for_guests_is_kept(zoo, monkeypatch, most, said):
    monkeypatch.setattr(imagenet, "fetch", lambda _: pytest.fail("fetched against the limit"))
    strict = Zoo(zoo.roots, guest_bytes=most)
    told, button = fetching.draw_fetch(strict, ABSENT)
    assert said in told
    assert button == ""
    (only,) = fetching.proceed(strict, ABSENT)
    assert said in only


def test_how_far_the_weights_are_is_shown(zoo, monkeypatch):
    monkeypatch.setattr(fetching, "EVERY", -1)
    monkeypatch.setattr(imagenet, "fetch", lambda _: iter([25 * MEBI, 98 * MEBI]))
    shown = list(fetching.proceed(zoo, ABSENT))
    assert [one.split("</progress> ")[-1].split("<")[0] for one in shown[:-1]] == [
        "0 of 98 MB of resnet50", "25 of 98 MB of resnet50", "98 of 98 MB of resnet50",
    ]  # fmt: skip
    assert "data-fetched" in shown[-1]


def test_without_a_network_it_says_so(zoo, monkeypatch):
    def unreachable(_):
        raise HubError("the weights of resnet50 could not be fetched: Name or service not known")
        yield

    monkeypatch.setattr(imagenet, "fetch", unreachable)
    last = list(fetching.proceed(zoo, ABSENT))[-1]
    assert 'role="alert"' in last
    assert "The weights of resnet50 could not be fetched: Name or service not known." in last


@pytest.fixture(scope="module")
def gallery(tmp_path_factory, home) -> Iterator[str]:
    shelf = tmp_path_factory.mktemp("shelf")
    exhibit(shelf, "cnn-mnist")
    away = {"https_proxy": "http://127.0.0.1:9", "OMP_NUM_THREADS": "1"}  # nobody listens there
    with serving(shelf, TORCH_HOME=str(home), **away) as address:
        yield address


def test_programs_ask_for_photographs_apart(gallery, tmp_path_factory):
    client = Client(gallery, verbose=False, download_files=tmp_path_factory.mktemp("files"))
    done = client.predict(SMALLEST, "1", "fgsm", 2, None, api_name="/fool_photograph")
    before, after = (
        np.asarray(Pillow.open(done[k])).astype(int) for k in ("picture", "adversarial")
    )
    assert before.shape == (224, 224, 3)
    assert np.abs(before - after).max() == 2
    assert done["before"] in imagenet.classes("squeezenet1_1")
    for endpoint, model, said in (
        ("/fool", SMALLEST, "ask /fool_photograph"),
        ("/fool_photograph", ABSENT, "the weights of resnet50 are not at hand"),
        ("/fool_photograph", "torchvision:resnet5O", "Did you mean 'torchvision:resnet50'"),
    ):
        with pytest.raises(AppError, match=said):
            client.predict(model=model, api_name=endpoint)


@pytest.mark.ui
def test_a_visitor_brings_a_photograph_and_asks_for_weights(browser, gallery, home, tmp_path):
    page = browser.new_page()
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{gallery}?view=fool&model={SMALLEST}&picture=0&epsilon=2")
    first = ".equation figure:first-of-type img"
    page.wait_for_selector(first)
    before = page.get_attribute(first, "src")
    path, _ = photograph(tmp_path)
    page.locator("#view-fool .bring input[type=file]").set_input_files(path)
    page.wait_for_function("([s, b]) => document.querySelector(s)?.src !== b", arg=[first, before])
    page.goto(f"{gallery}?view=fool&model={ABSENT}")
    page.get_by_role("button", name="Fetch its weights, 98 MB").click()
    page.get_by_text("The weights of resnet50 could not be fetched").wait_for()
    assert not page.locator("#view-fool .notice [role=alert]").count()
    page.goto(f"{gallery}?view=fool&model=torchvision:mobilenet_v3_small&epsilon=2")
    button = page.get_by_role("button", name="Fetch its weights")
    button.wait_for()
    lying = home / "hub" / "checkpoints" / imagenet.path("mobilenet_v3_small").name
    torch.save(models.mobilenet_v3_small(weights=None).state_dict(), lying)  # somebody was faster
    button.click()
    page.wait_for_selector(first)
    button.wait_for(state="hidden")
    assert faults == []
    page.close()
