"""Addresses: what a view's query says, and what is wrong with it."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzoo.errors import GanzooError, InputError, UnknownNameError
from ganzoo.gallery import address
from ganzoo.gallery.address import Choice, Flag, Model, Real, Seeds, Whole, Word, href

SEED = address.seed()
COUNT = Whole(name="count", default=16, low=1, high=100)
PICK = Whole(name="pick", low=0, high=9)
PSI = Real(name="psi", default=0.7, low=-2.0, high=2.0)
PATH = Choice(name="path", default="arc", options=("arc", "chord"))
GROUP = Seeds(name="a", default=(1, 2, 3))
MODEL = Model(default="dcgan-mnist").among(["cgan-mnist", "dcgan-mnist"])
NEAR, SORT = Flag(name="near"), Word(name="sort", default="score")
ALL = [MODEL, SEED, COUNT, PICK, PSI, PATH, GROUP, NEAR, SORT]


@given(
    seed=st.integers(0, 2**32 - 1),
    pick=st.none() | st.integers(0, 9),
    psi=st.integers(-200, 200),
    path=st.sampled_from(PATH.options),
    group=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=16),
    near=st.booleans(),
    sort=st.text(min_size=0, max_size=20),
)
def test_what_is_written_is_read_again(seed, pick, psi, path, group, near, sort):
    values = {
        "model": "cgan-mnist", "seed": seed, "count": 25, "pick": pick,
        "psi": psi / 100, "path": path, "a": tuple(group), "near": near, "sort": sort,
    }  # fmt: skip
    query = urlencode({c.name: c.write(values[c.name]) for c in ALL})
    assert address.read("?view=sample&" + query, ALL) == (values, [])


def test_an_empty_address_means_the_defaults():
    values, complaints = address.read("", ALL)
    assert values == {c.name: c.default for c in ALL}
    assert not complaints


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("seed=abc", "seed is a whole number from 0 to 4294967295; got 'abc'"),
        ("seed=-1", "seed is a whole number from 0 to 4294967295; got '-1'"),
        ("seed=", "seed is a whole number from 0 to 4294967295; got nothing"),
        ("seed=4294967296", "seed is a whole number from 0 to 4294967295; got '4294967296'"),
        ("count=0", "count is a whole number from 1 to 100; got '0'"),
        ("count=1000000", "count is a whole number from 1 to 100; got '1000000'"),
        ("count=2.5", "count is a whole number from 1 to 100; got '2.5'"),
        ("psi=nan", "psi is a number from -2 to 2; got 'nan'"),
        ("psi=much", "psi is a number from -2 to 2; got 'much'"),
        ("near=maybe", "near is true or false; got 'maybe'"),
        ("sort=" + "x" * 99, f"sort is a name of at most 80 letters; got '{'x' * 79}…"),
        ("path=cord", "path cannot be 'cord'. Did you mean 'chord'?"),
        ("a=1,2,x", "a seed in a is a whole number from 0 to 4294967295; got 'x'"),
        ("model=dcgan-mnits", "there is no model 'dcgan-mnits' here. Did you mean 'dcgan-mnist'?"),
        ("sede=7", "nobody reads 'sede' in this address. Did you mean 'seed'?"),
    ],
)
def test_a_wrong_value_is_a_sentence_and_the_default(query, sentence):
    values, complaints = address.read(f"?view=sample&{query}", ALL)
    assert complaints == [sentence]
    assert values == {c.name: c.default for c in ALL}


def test_one_wrong_value_leaves_the_others():
    values, complaints = address.read("?seed=abc&count=9", ALL)
    assert values["count"] == 9
    assert values["seed"] == SEED.default
    assert len(complaints) == 1


def test_keys_of_strangers_are_let_be():
    assert address.read("?utm_source=x&__theme=dark&PROLIFIC_PID=5", ALL)[1] == []


def test_a_long_value_is_not_repeated_at_length():
    (complaint,) = address.read("?seed=" + "9" * 5000, ALL)[1]
    assert len(complaint) < 200
    assert len(address.read("?" + "&".join(f"k{i}=1" for i in range(9999)), ALL)[1]) == 0


def test_widgets_and_programs_give_numbers():
    assert SEED.read(7) == SEED.read(7.0) == SEED.read("7") == 7
    assert PICK.read(None) is None
    assert GROUP.read([1, 2]) == GROUP.read("1, 2") == (1, 2)
    for value in (True, None, 1.5, [7], {}):
        with pytest.raises(InputError):
            SEED.read(value)
    with pytest.raises(InputError):
        PSI.read(True)
    with pytest.raises(InputError, match="1 to 16 seeds"):
        GROUP.read("")
    with pytest.raises(UnknownNameError):
        PATH.read([])


@given(st.text() | st.integers() | st.floats() | st.none() | st.lists(st.integers()))
def test_whatever_comes_is_read_or_refused(value):
    for control in ALL:
        try:
            read = control.read(value)
        except GanzooError:
            continue
        assert control.read(control.write(read)) == read


def test_the_model_is_the_preferred_one_if_it_is_here():
    assert Model(default="b").among(["a", "b"]).default == "b"
    assert Model(default="c").among(["a", "b"]).default == "a"


def test_links_escape_what_they_carry():
    assert href("sample", model="a&b", seed=3) == "?view=sample&model=a%26b&seed=3"


def test_a_view_that_is_not_here_is_said():
    views = ["zoo", "sample"]
    assert address.misdirected("", views) == address.misdirected("?view=zoo&seed=1", views) == []
    assert address.misdirected("?view=smaple", views) == [
        "there is no view 'smaple' here. Did you mean 'sample'?"
    ]
