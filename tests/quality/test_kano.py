"""Kano's table and its coefficients: what was printed, what must always hold, what is refused."""

from __future__ import annotations

import collections
import itertools
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.errors import KefuError
from kefu.quality.kano import ANSWERS, CATEGORIES, Category, kano, kano_category, kano_of

PUBLISHED = tomllib.loads(
    (Path(__file__).parent / "published_satisfaction.toml").read_text("utf-8")
)
MIDDLE = ("must-be", "neutral", "live-with")

answer = st.sampled_from(list(ANSWERS))
counted = st.fixed_dictionaries(
    {}, optional={name: st.integers(0, 9) | st.floats(0, 1e12) for name in CATEGORIES}
)


def test_the_table_has_its_cells() -> None:
    """The 25 cells are as often of each category as was printed."""
    cells = collections.Counter(
        kano_category(one, other) for one, other in itertools.product(ANSWERS, repeat=2)
    )
    assert {name: PUBLISHED["kano_table"][name] for name in CATEGORIES} == cells


def test_the_table_is_what_its_words_say() -> None:
    """Each cell is what the definition of its category says in words."""
    for there, lacking in itertools.product(ANSWERS, repeat=2):
        found = kano_category(there, lacking)
        if there == lacking and there in ("like", "dislike"):
            assert found == "Q"
        elif there == "dislike" or lacking == "like":
            assert found == "R"
        elif lacking == "dislike":
            assert found == ("O" if there == "like" else "M")
        else:
            assert found == ("A" if there == "like" else "I")


@pytest.mark.parametrize("case", PUBLISHED["kano"].values(), ids=PUBLISHED["kano"])
def test_better_and_worse_are_what_was_printed(case: dict[str, Any]) -> None:
    """From percentages, the category and both coefficients have the published values."""
    found = kano_of(case["counts"])
    assert found.category == case["category"]
    assert found.better == pytest.approx(case["better"], abs=case["tolerance"])
    assert found.worse == pytest.approx(case["worse"], abs=case["tolerance"])


@given(st.lists(st.tuples(answer, answer), max_size=30))
def test_pairs_are_counted_one_by_one(pairs: list[tuple[str, str]]) -> None:
    """All pairs together give what each gives alone; words and numbers say the same."""
    found = kano(pairs)
    alone = collections.Counter(kano_category(*pair) for pair in pairs)
    assert found.counts == {name: alone[name] for name in CATEGORIES}
    places = {word: at for at, word in enumerate(ANSWERS, 1)}
    assert kano([(places[one], places[other]) for one, other in pairs]) == found
    assert found == kano_of(found.counts)


@given(counted)
def test_the_coefficients_stay_within_their_ends(counts: dict[Category, float]) -> None:
    """On any counts better is 0 to 1 and worse -1 to 0, or both are None."""
    found = kano_of(counts)
    if not any(counts.get(name) for name in cast(list[Category], list("AOMI"))):
        assert found.better is None
        assert found.worse is None
    else:
        assert found.better is not None
        assert found.worse is not None
        assert 0 <= found.better <= 1
        assert -1 <= found.worse <= 0
    assert (found.category is None) == (not any(counts.values()))
    if found.category:
        assert counts[found.category] == max(counts.values())


@pytest.mark.parametrize("first", range(5))
def test_in_a_tie_the_more_needed_wins(first: int) -> None:
    """M wins over O, O over A, A over I, and these over R and Q."""
    names = list(CATEGORIES)[first:]
    assert kano_of(dict.fromkeys(reversed(names), 3)).category == names[0] == "MOAIR"[first]


def test_nobody_has_no_category() -> None:
    """Without an answer there is no category and no coefficient."""
    found = kano([])
    assert found[1:] == (None, None, None)
    assert set(found.counts.values()) == {0}


def test_reverse_and_questionable_answers_count_for_nothing() -> None:
    """Better and worse are of the answers A, O, M and I alone."""
    found = kano_of({"A": 1, "O": 2, "M": 3, "I": 4, "R": 50, "Q": 60})
    assert found[1:] == ("Q", 0.3, -0.5)


def test_contradictions_alone_have_no_coefficient() -> None:
    """Where all answers contradict themselves the category is Q, and nothing is better or worse."""
    assert kano([("like", "like")] * 3)[1:] == ("Q", None, None)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: kano_category("love", "like"),
        lambda: kano_category(0, 1),
        lambda: kano_category(1, 6),
        lambda: kano([(1.5, 2.0)]),
        lambda: kano([(1.0, math.nan)]),
        lambda: kano(["like", "dislike"]),
        lambda: kano([("like",)]),
        lambda: kano([("like", "like"), ("like",)]),
        lambda: kano_of(cast(Any, {"X": 1})),
        lambda: kano_of(cast(Any, 5)),
        lambda: kano_of({"A": -1}),
        lambda: kano_of({"A": math.nan}),
        lambda: kano_of({"A": math.inf}),
    ],
)
def test_what_cannot_be_is_refused(asked: Callable[[], object]) -> None:
    """Other answers, other categories and counts below 0 raise a KefuError."""
    with pytest.raises(KefuError):
        asked()
