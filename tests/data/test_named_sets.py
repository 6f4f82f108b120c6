"""The data sets that have a name and come as folders or archives."""

import pytest
from colours import BLUE, GREEN, RED
from PIL import Image as Pillow

from ganzoo.data import DataRequest, Dataset, sources
from ganzoo.data._emoji_groups import group
from ganzoo.errors import DataError

PLACES = {
    "cats": ("cats", "afhq_cat", "afhq_cat.tar.gz", "afhq_cat_128.tar.gz"),
    "emoji": ("emoji", "emoji.tar.gz", "emoji_128.tar.gz"),
    "facades": ("facades", "facades.tar.gz", "facades_128.tar.gz"),
    "flowers": ("flowers", "flowers.tar.gz", "flowers5_128.tar.gz"),
}
EACH = [(name, place) for name, places in PLACES.items() for place in places]


def load(name: str, **wanted: object) -> Dataset:
    return sources[name].load(DataRequest(**{"size": 4, **wanted}))


def colours(data: Dataset) -> list[tuple[int, ...]]:
    return [tuple(int(level) for level in picture[:, 0, 0]) for picture in data.pictures]


@pytest.mark.parametrize(("name", "place"), EACH)
def test_each_is_found_where_its_docstring_says(album, pack, name, place):
    contents = {"train/noto/1.png": RED} if name != "emoji" else {"noto/1.png": RED}
    pack(contents, f"home/{place}") if "." in place else album(contents, f"home/{place}")
    data = load(name)
    assert (data.name, len(data)) == (name, 1)


@pytest.mark.parametrize("name", PLACES)
def test_each_can_be_given_by_path(album, name):
    assert len(load(name, path=album({"1.png": RED, "2.png": RED}))) == 2


@pytest.mark.parametrize("name", PLACES)
def test_what_is_not_here_says_where_to_get_it(home, tmp_path, name):
    with pytest.raises(
        DataError, match=f"{name} not found: looked at '{home}/.*{sources[name].url}"
    ):
        load(name)
    with pytest.raises(DataError, match=f"looked at '{tmp_path}/nowhere'; get it"):
        load(name, path=tmp_path / "nowhere")


def test_of_an_archive_of_emoji_notos_are_read_unless_others_are_named(pack):
    path = pack({"noto/1.png": RED, "flat/1.png": GREEN, "flat/2.png": BLUE})
    assert colours(load("emoji", path=path)) == [RED]
    assert colours(load("emoji", path=path.with_name(f"{path.name}:flat"))) == [GREEN, BLUE]


def test_emoji_are_grouped_by_what_they_show(pack):
    names = ("1f600", "1f469-1f3fd-200d-1f680", "270d", "1f408-200d-2b1b", "1f35e", "1f680", "0023")
    data = load("emoji", path=pack({f"noto/{name}.png": RED for name in names}))
    assert data.labels is not None
    found = dict(zip(data.names, (data.class_names[label] for label in data.labels), strict=True))
    groups = ("faces", "people", "hands", "nature", "food", "things", "things")
    assert found == {f"noto/{name}.png": group for name, group in zip(names, groups, strict=True)}


def test_emoji_groups_begin_and_end_where_unicodes_do():
    assert [group(stem) for stem in ("1f644", "1f645", "1f647", "1f648")] == [
        "faces", "people", "people", "faces",
    ]  # fmt: skip
    assert [group(stem) for stem in ("1", "fe82b", "cat", "")] == ["things"] * 4


def test_emoji_in_folders_of_ones_own_keep_their_classes(album):
    data = load("emoji", path=album({"sad/1f622.png": RED, "glad/1f600.png": BLUE}))
    assert data.class_names == ("glad", "sad")


def test_of_a_facade_the_photograph_is_read_and_the_labels_are_not(album):
    pair = Pillow.new("RGB", (16, 8), RED)
    pair.paste(BLUE, (8, 0, 16, 8))
    path = album({"train/1.png": pair, "val/2.png": pair})
    assert (load("facades", path=path).pictures[0] == [[[255]], [[0]], [[0]]]).all()
    assert len(load("facades", path=path, split="val")) == 1


def test_flowers_have_kinds(album):
    data = load("flowers", path=album({"tulip/1.png": RED, "daisy/2.png": BLUE}))
    assert data.class_names == ("daisy", "tulip")
