"""The family tree: who hangs where."""

from hypothesis import given
from hypothesis import strategies as st

from ganzoo.gallery.family import family
from ganzoo.papers import Paper


def paper(name: str, year: int, *parents: str) -> Paper:
    return Paper(
        nickname=name, title=name, authors="", year=year, arxiv="", idea="", parents=parents
    )


people = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.integers(2014, 2020),
        st.lists(st.integers(0, 30), max_size=3, unique=True),
    ),
    max_size=25,
    unique_by=lambda one: one[0],
)


def born(people) -> list[Paper]:
    return [paper(f"p{name}", year, *(f"p{i}" for i in kin)) for name, year, kin in people]


def test_generations_of_one_year_hang_side_by_side():
    tree = family([paper("WGAN-GP", 2017, "WGAN"), paper("WGAN", 2017, "GAN"), paper("GAN", 2014)])
    assert [(p.paper.nickname, p.column, p.row) for p in tree.places] == [
        ("GAN", 0, 0), ("WGAN", 1, 0), ("WGAN-GP", 2, 0),
    ]  # fmt: skip
    assert tree.years == (2014, 2017, 2017)
    assert [(a.paper.nickname, b.paper.nickname) for a, b in tree.lines] == [
        ("GAN", "WGAN"), ("WGAN", "WGAN-GP"),
    ]  # fmt: skip


def test_absent_parents_draw_no_line():
    tree = family([paper("WGAN", 2017, "GAN")])
    assert len(tree.places) == 1
    assert not tree.lines


def test_nobody_is_a_small_family():
    assert family([]).rows == 0


def test_ancestors_in_a_circle_come_to_an_end():
    assert len(family([paper("a", 2015, "b"), paper("b", 2015, "a")]).places) == 2


@given(people)
def test_everybody_hangs_alone_and_no_line_runs_behind_a_picture(people):
    several = born(people)
    tree = family(several)
    spots = {(place.column, place.row) for place in tree.places}
    assert {p.paper.nickname for p in tree.places} == {p.nickname for p in several}
    assert len(spots) == len(several)
    for parent, child in tree.lines:
        assert parent.column < child.column
        assert not {(c, child.row) for c in range(parent.column + 1, child.column)} & spots


@given(people)
def test_columns_are_years_in_order(people):
    tree = family(born(people))
    assert list(tree.years) == sorted(tree.years)
    assert all(tree.years[place.column] == place.paper.year for place in tree.places)
