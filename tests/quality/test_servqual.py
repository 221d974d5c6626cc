"""SERVQUAL gaps: what was printed elsewhere, what must always hold, what is refused."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kefu.errors import KefuError
from kefu.quality.servqual import DIMENSIONS, WEIGHTS, Gaps, by_dimension, gaps

PUBLISHED = tomllib.loads(
    (Path(__file__).parent / "published_satisfaction.toml").read_text("utf-8")
)
NAN = math.nan

score = st.integers(1, 7).map(float) | st.just(NAN)
tables = st.tuples(st.integers(0, 6), st.integers(1, 5)).flatmap(
    lambda shape: st.tuples(*[arrays(float, shape, elements=score)] * 2)
)


@pytest.mark.parametrize("case", PUBLISHED["servqual"].values(), ids=PUBLISHED["servqual"])
def test_gaps_are_what_was_printed(case: dict[str, Any]) -> None:
    """The gaps and both their means have the published values."""
    found = gaps(case["expected"], case["perceived"], case["weights"])
    assert found.gaps == pytest.approx(case["gaps"], abs=case["tolerance"])
    assert found.unweighted == pytest.approx(case["unweighted"], abs=case["tolerance"])
    assert found.weighted == pytest.approx(case["weighted"], abs=case["tolerance"])


def test_the_weights_are_a_share_per_dimension() -> None:
    """The five dimensions have their weights of 1990, which sum to 1."""
    assert len(WEIGHTS) == len(DIMENSIONS)
    assert sum(WEIGHTS) == pytest.approx(1)


@given(tables)
def test_a_gap_is_the_mean_over_who_answered_both(
    given_tables: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]],
) -> None:
    """On any table a gap is the mean of the differences that there are, or None."""
    expected, perceived = given_tables
    found = gaps(expected, perceived)
    for column, gap in enumerate(found.gaps):
        apart = (perceived - expected)[:, column]
        apart = apart[~np.isnan(apart)]
        assert gap == (pytest.approx(apart.mean()) if apart.size else None)
    whole = None not in found.gaps
    assert (found.unweighted is not None) == (found.weighted is not None) == whole
    assert found.weighted == (pytest.approx(found.unweighted) if whole else None)


@given(st.lists(st.floats(0, 1e12), min_size=3, max_size=3).filter(any))
def test_the_unit_of_weights_does_not_matter(weights: list[float]) -> None:
    """Any weights give a mean between the least and the greatest gap."""
    found = gaps([5, 5, 5], [4, 6, 7], weights)
    assert found.weighted is not None
    assert -1 - 1e-12 <= found.weighted <= 2 + 1e-12


def test_questions_make_dimensions() -> None:
    """A customer's score of a dimension is the mean of those of its questions they answered."""
    names, table = by_dimension(
        [[1, 5, 3], [2, 4, NAN], [NAN, 7, None]], ["tangibles", "empathy", "tangibles"]
    )
    assert names == ("tangibles", "empathy")
    np.testing.assert_array_equal(table, [[2, 5], [2, 4], [NAN, 7]])
    assert gaps(table, table).gaps == (0, 0)


def test_nobody_leaves_no_gap() -> None:
    """A table without customers has no gaps."""
    assert gaps(np.zeros((0, 2)), np.zeros((0, 2))) == Gaps((None, None), None, None)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: gaps([1, 2], [1, 2, 3]),
        lambda: gaps([1, NAN], [1, 2]),
        lambda: gaps([], []),
        lambda: gaps(5, 4),
        lambda: gaps([[1, math.inf]], [[1, 2]]),
        lambda: gaps([1, 2], [1, 2], [1]),
        lambda: gaps([1, 2], [1, 2], [0, 0]),
        lambda: gaps([1, 2], [1, 2], [-1, 2]),
        lambda: gaps([1, 2], [1, 2], [NAN, 2]),
        lambda: gaps(["a"], ["b"]),
        lambda: by_dimension([[1, 2]], ["empathy"]),
        lambda: by_dimension([[], []], []),
        lambda: by_dimension([[1, 2]], cast(Any, None)),
        lambda: by_dimension([1, 2], ["empathy", "empathy"]),
    ],
)
def test_what_cannot_be_is_refused(asked: Callable[[], object]) -> None:
    """Shapes that do not fit and weights that weigh nothing raise a KefuError."""
    with pytest.raises(KefuError):
        asked()
