"""torchvision's classifiers: with weights at hand, and without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.error import URLError

import numpy as np
import pytest
import torch
from PIL import Image as Pillow
from torchvision import models

from ganzoo.errors import HubError, UnknownNameError
from ganzoo.explore import imagenet

NAME = "squeezenet1_1"  # the smallest
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    imagenet.imagenet.cache_clear()
    (tmp_path / "checkpoints").mkdir()
    yield tmp_path / "checkpoints"
    imagenet.imagenet.cache_clear()


def test_a_network_whose_weights_lie_there_is_used_as_it_is(cache):
    network = models.squeezenet1_1(weights=None)
    torch.save(network.state_dict(), imagenet.path(NAME))
    victim = imagenet.imagenet(NAME)
    assert victim.shape == (3, 224, 224)
    assert victim.num_classes == 1000
    assert victim.mean == pytest.approx((0.485, 0.456, 0.406))
    assert "giant panda" in imagenet.classes(NAME)
    image = torch.rand(1, 3, 224, 224)
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in (victim.mean, victim.std))
    torch.testing.assert_close(
        victim(image), network.eval()((image - mean) / std), atol=1e-4, rtol=1e-3
    )


def test_without_internet_it_says_what_is_missing_and_where_it_belongs(cache, monkeypatch, capsys):
    def unreachable(*_, **__):
        raise URLError("Name or service not known")

    monkeypatch.setattr(imagenet, "urlopen", unreachable)
    with pytest.raises(HubError) as error:
        imagenet.imagenet(NAME)
    for told in (NAME, "not at hand", "Name or service not known", "https://", str(cache)):
        assert told in str(error.value)
    assert capsys.readouterr().out == ""  # a program may read it


def test_other_weights_under_its_name_are_refused(cache):
    torch.save({"x": torch.zeros(1)}, imagenet.path(NAME))
    with pytest.raises(HubError, match="does not hold the weights of squeezenet1_1"):
        imagenet.imagenet(NAME)


@pytest.mark.parametrize("content", ["no weights", ""])
def test_a_file_that_is_no_file_of_weights_is_refused_without_advice_to_trust_it(cache, content):
    imagenet.path(NAME).write_text(content)
    with pytest.raises(HubError, match="does not hold the weights of squeezenet1_1") as error:
        imagenet.imagenet(NAME)
    assert "weights_only" not in str(error.value)


def test_what_is_at_hand_is_not_fetched_and_what_comes_is_told(cache, monkeypatch):
    come: list[int] = []
    monkeypatch.setattr(imagenet, "fetch", lambda _: iter([3, 7]))
    imagenet.bring(NAME, come.append)
    assert come == [3, 7]
    imagenet.path(NAME).touch()
    imagenet.bring(NAME, come.append)
    assert come == [3, 7]


def test_an_unknown_name_is_quoted():
    with pytest.raises(UnknownNameError, match="Did you mean 'resnet50'"):
        imagenet.imagenet("resnet5O")


@pytest.mark.parametrize("name", ["resnet50", "efficientnet_b0"])
def test_pictures_are_prepared_as_the_weights_say(name):
    levels = np.random.default_rng(0).integers(0, 256, (300, 411, 3), np.uint8)
    weights = models.get_model_weights(name).DEFAULT
    wanted = weights.transforms()(Pillow.fromarray(levels))
    pixels = imagenet.prepared(name, levels)
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in (IMAGENET_MEAN, IMAGENET_STD))
    torch.testing.assert_close((pixels[0] - mean) / std, wanted, atol=1e-5, rtol=0)
    grey = imagenet.prepared(name, levels[:, :, :1])
    assert torch.equal(grey[:, :1].expand(-1, 3, -1, -1), grey)


def test_of_a_very_long_picture_the_middle_alone_is_enlarged():
    levels = np.random.default_rng(0).integers(0, 256, (3, 40_000, 3), np.uint8)
    shown = imagenet.prepared("resnet50", levels)
    assert shown.shape[2] == shown.shape[3]
    assert torch.equal(shown, imagenet.prepared("resnet50", levels[:, 19_994:20_006]))
    assert not torch.equal(shown, imagenet.prepared("resnet50", levels[:, :12]))


@pytest.mark.parametrize("name", imagenet.ITSELF)
def test_who_renormalises_its_input_itself_is_told_to(cache, monkeypatch, name):
    told = {}

    def build(name, **options):
        told.update(options)
        return models.squeezenet1_1()

    monkeypatch.setattr(models, "get_model", build)
    torch.save(models.squeezenet1_1().state_dict(), imagenet.path(name))
    imagenet.imagenet(name)
    trained = models.get_model_builder(name)
    assert told["transform_input"], trained


@contextmanager
def mirror(content: bytes, claimed: int | None = None) -> Iterator[str]:
    """A server on this machine that hands over the same bytes, whatever is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(claimed or len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_weights_come_piece_by_piece_and_are_checked(cache, monkeypatch):
    content = bytes(range(256)) * 3000
    name = f"{NAME}-{sha256(content).hexdigest()[:8]}.pth"
    with mirror(content) as address:
        monkeypatch.setattr(imagenet, "source", lambda _: f"{address}/{name}")
        come = list(imagenet.fetch(NAME))
    assert come == sorted(come)
    assert len(come) > 1
    assert come[-1] == len(content)
    assert (cache / name).read_bytes() == content
    assert [file.name for file in cache.iterdir()] == [name]


def test_what_is_not_what_its_name_promises_is_not_kept(cache, monkeypatch):
    with mirror(b"something else") as address:
        monkeypatch.setattr(imagenet, "source", lambda _: f"{address}/{NAME}-0badc0de.pth")
        with pytest.raises(HubError, match="is not the weights of squeezenet1_1"):
            list(imagenet.fetch(NAME))
    assert list(cache.iterdir()) == []


def test_a_line_that_breaks_and_a_listener_who_leaves_keep_nothing(cache, monkeypatch):
    content = b"0" * 2**20
    with mirror(content, claimed=2**21) as address:
        monkeypatch.setattr(imagenet, "source", lambda _: f"{address}/{NAME}-0badc0de.pth")
        with pytest.raises(HubError, match=r"is not the weights|could not be fetched"):
            list(imagenet.fetch(NAME))
    with mirror(content) as address:
        monkeypatch.setattr(imagenet, "source", lambda _: f"{address}/{NAME}-0badc0de.pth")
        coming = imagenet.fetch(NAME)
        next(coming)
        coming.close()
    assert list(cache.iterdir()) == []
    with pytest.raises(HubError, match=r"weights of squeezenet1_1 could not be fetched: .*refused"):
        list(imagenet.fetch(NAME))  # nobody answers there any more
