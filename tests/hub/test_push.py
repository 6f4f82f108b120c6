"""From a maker's folder to anyone's pictures: push, pull, load and sample, by the real client."""

import json

import pytest
import torch
from huggingface_hub import ModelCard, constants
from huggingface_hub.repocard_data import model_index_to_eval_results
from loopback import Fault
from shelf import hang
from typer.testing import CliRunner, Result

import ganzoo
from ganzoo import bundle
from ganzoo.bundle import Bundle
from ganzoo.cli import build
from ganzoo.errors import BundleError, HubError
from ganzoo.hub import card, inspect, metadata, pack, pull, repository, send
from ganzoo.hub.push import Shipment
from ganzoo.record import Beginning, Origin, Score

# Of the client's own basic transfer, within the transport that it carries.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


@pytest.fixture
def made(tmp_path) -> Bundle:
    score = Score(name="fid_digits_cnn_2k", value=12.345678, protocol={"n_fake": 2000, "seed": 0})
    origin = Origin(title="Digits", licence="CC BY 4.0", count=1797, fingerprint="f")
    hung = hang(tmp_path / "shelf", "dcgan-mnist")
    (hung.folder / "preview.png").write_bytes(_png())
    return bundle.rewrite(hung, metrics=(score,), data=origin)


def _png() -> bytes:
    from io import BytesIO

    from PIL import Image

    memory = BytesIO()
    Image.new("L", (8, 8)).save(memory, "PNG")
    return memory.getvalue()


def push(made: Bundle, to: str = "me/animal", **settings) -> str:
    ref = repository(to)
    return send(ref, inspect(ref, pack(made, ref.repo)), message="Add it", **settings)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build("push", "pull"), list(arguments))


def test_what_a_maker_pushes_anyone_samples(hub, made):
    commit = push(made)
    mine, theirs = ganzoo.load(made.folder), ganzoo.load(f"hub:me/animal@{commit}")
    assert torch.equal(mine.sample(seed=5, count=3), theirs.sample(seed=5, count=3))
    assert set(hub.repos["me/animal"].files) == {
        ".gitattributes", "README.md", "config.json", "model.safetensors",
        "discriminator.safetensors", "preview.png",
    }  # fmt: skip


def test_a_new_commit_leaves_the_old_one_as_it_was(hub, made):
    first = push(made)
    again = bundle.rewrite(made, metrics=())
    second = push(again)
    assert first != second
    assert len(bundle.load(pull(f"me/animal@{first}").folder).config.metrics) == 1
    assert not bundle.load(pull("me/animal").folder).config.metrics
    assert pull("me/animal").pinned == f"me/animal@{second}"


def test_only_what_changed_is_sent(hub, made):
    first = push(made)
    assert push(made) == first
    hub.asked.clear()
    push(bundle.rewrite(made, metrics=()))
    assert not [path for path in hub.asked if path.startswith("PUT")]


def on_page(hub) -> str:
    return hub.repos["me/animal"].files["README.md"].decode()


def test_words_written_on_the_page_outlive_a_push(hub, made):
    push(made)
    hub.repos["me/animal"].files["README.md"] += b"\nSmall beasts, badly drawn.\n"
    newer = bundle.rewrite(made, metrics=())
    push(newer)
    assert on_page(hub).endswith("-->\n\nSmall beasts, badly drawn.\n")
    assert "12.35" not in on_page(hub)  # the score, which is gone
    commit = hub.repos["me/animal"].commit
    assert push(newer) == commit  # nothing is left to send
    card.write(newer)
    with (newer.folder / "README.md").open("a") as file:
        file.write("\nBeasts of mine.\n")
    told = run("push", str(newer.folder), "me/animal")
    assert "The page there says other words below its mark" in told.output
    assert on_page(hub).endswith("-->\n\nBeasts of mine.\n")
    assert "other words" not in run("push", str(newer.folder), "me/animal").output


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        (b"---\nlicense: mit\n---\n", ""),
        (b"---\nlicense: mit\n---\n# Mine\n\nHello\n", "# Mine\n\nHello\n"),
    ],
)
def test_a_page_from_before_the_first_push_is_kept(hub, made, page, kept):
    push(made)
    hub.repos["me/animal"].files["README.md"] = page
    push(made)
    assert (
        hub.repos["me/animal"]
        .files["README.md"]
        .decode()
        .endswith(f"-->\n{kept and chr(10)}{kept}")
    )


@pytest.mark.parametrize(
    ("page", "said"),
    [(b"\xff\xfe", "README.md is no text"), (b" " * 2**20 + b"a", "larger than 1 MiB")],
)
def test_a_page_that_cannot_be_read_is_not_overwritten(hub, made, page, said):
    push(made)
    hub.repos["me/animal"].files["README.md"] = page
    with pytest.raises(HubError, match=said):
        push(made)
    assert hub.repos["me/animal"].files["README.md"] == page


def test_what_the_bundle_no_longer_has_goes(hub, made):
    push(made)
    (made.folder / "preview.png").unlink()
    hub.repos["me/animal"].files["notes.txt"] = b"the maker's own"
    push(made)
    files = hub.repos["me/animal"].files
    assert "preview.png" not in files
    assert "notes.txt" in files


def test_a_private_one_is_private(hub, made, monkeypatch):
    push(made, private=True)
    assert hub.repos["me/animal"].private
    assert pull("me/animal").folder.is_dir()
    monkeypatch.setenv("HF_TOKEN", "hf_someone_else")
    with pytest.raises(HubError, match="or it is private"):
        pull("me/animal")


def test_a_branch_is_made_and_read(hub, made):
    push(made, "me/animal@trial")
    assert "trial" in hub.repos["me/animal"].revisions
    assert pull("me/animal@trial").folder.is_dir()


def test_a_push_goes_on_where_it_broke_off(hub, made):
    hub.faults.append(Fault("/commit/", times=9, status=500))
    with pytest.raises(HubError, match="answered 500"):
        push(made)
    sent = [path for path in hub.asked if path.startswith("PUT")]
    assert len(sent) == len(set(sent)) == 3
    hub.faults.clear()
    hub.asked.clear()
    push(made)
    assert not [path for path in hub.asked if path.startswith("PUT")], "it was sent twice"
    assert ganzoo.load("hub:me/animal").sample(count=1).shape == (1, 1, 8, 8)


def test_a_server_that_stumbles_is_asked_again(hub, made):
    hub.faults += [Fault("/upload/", status=503), Fault("/api/models/me/animal", status=502)]
    push(made)
    assert pull("me/animal").folder.is_dir()


@pytest.mark.parametrize(("token", "to", "said"), [
    ("hf_loopback", "you/animal", r"does not let you write you/animal \(403\)"),
    ("hf_wrong", "me/animal", "log in"),
])  # fmt: skip
def test_who_may_not_write_is_told(hub, made, monkeypatch, token, to, said):
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(HubError, match=said):
        push(made, to)


@pytest.mark.parametrize(
    ("status", "said"), [(429, "too many requests"), (413, "too large"), (412, "push again")]
)
def test_refusals_of_a_commit_become_sentences(hub, made, status, said):
    hub.faults.append(Fault("/commit/", times=9, status=status))
    with pytest.raises(HubError, match=said):
        push(made)


def test_two_makers_at_once_do_not_overwrite_each_other(hub, made):
    push(made)
    ref = repository("me/animal")
    late = inspect(ref, pack(bundle.rewrite(made, metrics=()), "me/animal"))
    hub.repos["me/animal"].move_on({**hub.repos["me/animal"].files, "x": b""}, "theirs")
    with pytest.raises(HubError, match="somebody else"):
        send(ref, late, message="mine")


def test_without_a_network_nothing_is_promised(hub, made, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(HubError, match="HF_HUB_OFFLINE"):
        push(made)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HubError, match="out of reach"):
        push(made)


def test_a_bundle_that_is_not_whole_is_not_published(hub, made):
    path = made.folder / "discriminator.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BundleError, match="vouches for"):
        pack(made, "me/animal")
    path.unlink()
    with pytest.raises(BundleError, match="missing"):
        pack(made, "me/animal")
    assert not hub.asked


def test_the_command_tells_first_and_then_does(hub, made):
    told = run("push", str(made.folder), "me/animal", "--private", "--dry-run")
    assert told.exit_code == 0, told.output
    assert "creates the private model me/animal" in told.output
    assert "sends    model.safetensors" in told.output
    assert "Nothing was sent" in told.output
    assert not hub.repos
    done = run("push", str(made.folder), "me/animal", "--message", "First light")
    assert done.exit_code == 0, done.output
    assert f"hub:me/animal@{hub.repos['me/animal'].commit}" in done.output
    assert hub.repos["me/animal"].messages == ["First light"]
    assert (
        "is there model.safetensors"
        in run("push", str(made.folder), "me/animal", "--dry-run").output
    )
    wrong = run("push", str(made.folder), "animal")
    assert wrong.exit_code == 2
    assert "user/name" in wrong.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"HF_ENDPOINT": "http://127.0.0.1:9"}, "the Hub is out of reach: "),
        ({"offline": True}, "HF_HUB_OFFLINE is set: me/animal"),
    ],
)
def test_a_rehearsal_needs_no_hub(hub, made, monkeypatch, changes, said):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", changes.get("offline", False))
    monkeypatch.setenv("HF_ENDPOINT", changes.get("HF_ENDPOINT", hub.address))
    told = run("push", str(made.folder), "me/animal", "--private", "--dry-run")
    assert told.exit_code == 0, told.output
    first, second, *files, last = told.output.splitlines()
    assert first.startswith(said)
    assert first.endswith("; what it holds already would not be sent again")
    assert second == "creates the private model me/animal, or writes to it"
    assert {line.split()[1] for line in files if line.startswith("  sends ")} == {
        "README.md", "config.json", "model.safetensors", "discriminator.safetensors", "preview.png",
    }  # fmt: skip
    assert last == "Nothing was sent (--dry-run)."
    assert not hub.asked
    assert run("push", str(made.folder), "me/animal").exit_code == 2


def test_pulling_keeps_it_where_a_gallery_looks(hub, made, tmp_path, monkeypatch):
    push(made)
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path / "kept"))
    (tmp_path / "kept").mkdir()
    done = run("pull", "me/animal", "--keep")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "kept" / made.name
    assert str(folder) in done.output
    assert not any(path.is_symlink() for path in folder.iterdir())
    assert ganzoo.load(made.name).sample(count=1).shape == (1, 1, 8, 8)
    assert run("pull", "me/animal", "--keep").exit_code == 0
    push(bundle.rewrite(made, metrics=()))
    another = run("pull", "me/animal", "--keep")
    assert another.exit_code == 2
    assert "there is another" in another.stderr


def test_the_card_is_valid_and_says_what_the_hub_reads(made):
    text = card.card(made, home="me/animal")
    data = ModelCard(text).data  # raises where the metadata cannot be read
    assert data.license == "cc-by-4.0"
    assert data.library_name == "ganzoo"
    assert data.pipeline_tag == "unconditional-image-generation"
    assert {"ganzoo", "gan", "dcgan", "arxiv:1511.06434"} <= set(data.tags)
    (result,) = data.eval_results
    assert (result.metric_type, result.metric_value) == ("fid", 12.3457)
    assert result.metric_args == {"n_fake": 2000, "seed": 0}
    name, _ = model_index_to_eval_results(data.to_dict()["model-index"])
    assert name == "dcgan-mnist"
    assert 'ganzoo.load("hub:me/animal")' in text
    for part in ("## Scores", "## Recipe", "## Intended use and limits", "uncurated"):
        assert part in text


@pytest.mark.parametrize(("said", "told"), [
    ("MIT", {"license": "mit"}),
    ("Apache-2.0", {"license": "mit"}),
    ("CC BY-NC 4.0", {"license": "cc-by-nc-4.0"}),
    ("CC BY-SA 3.0 (by common account)", {"license": "cc-by-sa-3.0"}),
    ("none found", {"license": "other", "license_name": "as-the-data", "license_link": "#made-from"}),
])  # fmt: skip
def test_weights_ask_what_their_data_ask(made, said, told):
    origin = made.config.data.model_copy(update={"licence": said})
    assert metadata.licence(bundle.rewrite(made, data=origin)) == told


@pytest.mark.parametrize(("own", "before", "told"), [
    ("MIT", ("CC BY-NC 4.0",), {"license": "cc-by-nc-4.0"}),
    ("CC BY 4.0", ("MIT", "CC BY 4.0"), {"license": "cc-by-4.0"}),
    ("CC BY 4.0", ("CC BY-NC 4.0",),
     {"license": "other", "license_name": "as-several-ask", "license_link": "#made-from"}),
    ("none found", ("not stated",),
     {"license": "other", "license_name": "as-several-ask", "license_link": "#made-from"}),
    ("MIT", ("not stated",),
     {"license": "other", "license_name": "as-the-weights-before", "license_link": "#made-from"}),
])  # fmt: skip
def test_weights_ask_what_the_weights_they_began_with_ask(made, own, before, told):
    origin = made.config.data.model_copy(update={"licence": own})
    begun = Beginning(name="p", sha256="0", kimg=1, continued=False, fresh=2, licences=before)
    changed = bundle.rewrite(made, data=origin, beginning=begun)
    assert metadata.licence(changed) == told
    text = card.card(changed)
    assert "Began with the weights of `p` after 1 thousand images" in text
    assert all(one in text for one in before)


def test_a_bundle_that_goes_on_keeps_the_licences_of_its_first_weights(made):
    begun = Beginning(name="p", sha256="0", continued=True, licences=("CC BY 4.0", "NC only"))
    text = card.card(bundle.rewrite(made, beginning=begun))
    assert "Went on from the weights of `p` (SHA-256" in text  # how far they were is not known
    assert "of their data: NC only" in text


def test_every_known_data_set_has_a_licence_the_hub_knows_or_is_marked_as_other():
    from ganzoo.data import sources

    for name, source in sources.items():
        known = metadata.identifier(source.licence)
        assert known is None or known == known.lower(), name


def test_a_hub_without_its_newest_transfer_still_takes_large_files(hub, made, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", False)
    push(made)
    assert constants.HF_HUB_DISABLE_XET is False
    assert len([path for path in hub.asked if path.startswith("PUT")]) == 3


def test_a_shipment_knows_what_is_new(made):
    parcels = pack(made, "me/animal")
    held = Shipment("me/animal", "model", parcels, "c" * 40, frozenset({"config.json"}))
    assert "config.json" not in {one.path for one in held.sent}
    assert sum(one.size for one in parcels) > 1000
    assert json.loads((made.folder / "config.json").read_text())["name"] == "dcgan-mnist"
