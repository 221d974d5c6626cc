"""Lifetime value, offers, the silent and the cost of quality: printed, always true, refused."""

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

from kefu.errors import KefuError
from kefu.quality.costs import (
    CostOfQuality,
    break_even,
    cost_of_quality,
    hidden,
    lifetime_value,
    worth,
)

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_complaints.toml").read_text("utf-8"))

money = st.floats(-1e12, 1e12)
amounts = st.floats(0, 1e12)
shares = st.floats(0, 1)


@pytest.mark.parametrize(
    "case", PUBLISHED["lifetime_value"].values(), ids=PUBLISHED["lifetime_value"]
)
def test_lifetime_value_is_what_was_printed(case: dict[str, Any]) -> None:
    """One by one and as a table, lifetime value has the published values."""
    discounts = np.array(case["discount"])[:, np.newaxis]
    table = lifetime_value(case["margin"], case["retention"], discounts)
    np.testing.assert_allclose(table, case["value"], atol=case["tolerance"], rtol=0)
    first = lifetime_value(case["margin"], case["retention"][0], case["discount"][0])
    assert isinstance(first, float)
    assert first == pytest.approx(case["value"][0][0], abs=case["tolerance"])


def test_lifetime_value_is_the_sum_of_its_years() -> None:
    """Lifetime value is the margins of all years to come, each of those who stay, discounted."""
    years = sum(100 * 0.8**year / 1.1**year for year in range(1, 500))
    assert lifetime_value(100, 0.8, 0.1) == pytest.approx(years)


@given(money, shares, st.floats(0, 10))
def test_lifetime_value_is_finite_or_refused(m: float, r: float, i: float) -> None:
    """Any margin and rates give a finite value of the margin's sign, or a refusal."""
    if 1 - r + i < 1e-9:
        with pytest.raises(KefuError):
            lifetime_value(m, r, i)
    else:
        found = lifetime_value(m, r, i)
        assert math.isfinite(found)
        assert found * m >= 0


def test_who_stays_for_ever_is_worth_a_perpetuity() -> None:
    """A retention of 1 is fine where money is discounted: m / i. With neither it is refused."""
    assert lifetime_value(100, 1, 0.1) == pytest.approx(1000)
    assert lifetime_value(100, 0.5, 0) == pytest.approx(100)
    assert lifetime_value(100, 0, 0) == 0
    with pytest.raises(KefuError):
        lifetime_value(100, [0.5, 1], 0)


@given(amounts, st.floats(-1, 1), money)
def test_an_offer_breaks_even_where_it_is_worth_nothing(c: float, gain: float, v: float) -> None:
    """An offer's worth is what it saves less its cost, and nothing at the break-even."""
    saved = break_even(gain, v)
    assert worth(c, gain, v) == saved - c
    if saved >= 0:
        assert worth(saved, gain, v) == 0


def test_five_points_of_retention_pay_for_a_twentieth() -> None:
    """Who keeps 5 of 100 customers worth 266.67 may spend 13.33 on each of the 100."""
    assert break_even(0.05, lifetime_value(100, 0.8, 0.1)) == pytest.approx(13.333, abs=1e-3)
    gains = break_even([0, 0.05, 0.1], 200)
    assert np.asarray(gains).tolist() == [0, 10, 20]


@given(amounts, st.floats(1e-9, 1))
def test_the_dissatisfied_are_at_least_those_who_complain(said: float, rate: float) -> None:
    """On any voice rate the dissatisfied are finitely many, and no fewer than the complaints."""
    found = hidden(said, rate)
    assert math.isfinite(found)
    assert found >= said


def test_one_complaint_stands_for_25() -> None:
    """At the often quoted voice rate of 4 %, each complaint is one of 25 dissatisfied."""
    assert hidden(1) == 25
    assert np.asarray(hidden(8, [0.04, 0.5, 1])).tolist() == [200, 16, 8]


@given(amounts, amounts, amounts, amounts)
def test_the_cost_of_quality_is_its_parts(p: float, a: float, i: float, e: float) -> None:
    """On any amounts the sums are those of the parts, and the shares sum to 1, or are all 0."""
    found = cost_of_quality(p, a, i, e)
    assert found.conformance == p + a
    assert found.failure == i + e
    assert found.total == pytest.approx(p + a + i + e)
    assert sum(found.shares) == pytest.approx(1 if found.total else 0)
    assert all(0 <= share <= 1 for share in found.shares)


def test_the_cost_of_quality_by_hand() -> None:
    """10, 15, 25 and 50: 25 to do it right, 75 for what went wrong."""
    assert cost_of_quality(10, 15, 25, 50) == CostOfQuality(100, (0.1, 0.15, 0.25, 0.5), 25, 75)
    assert cost_of_quality(0, 0, 0, 0) == CostOfQuality(0, (0, 0, 0, 0), 0, 0)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: lifetime_value(100, 1.1, 0.1),
        lambda: lifetime_value(100, -0.1, 0.1),
        lambda: lifetime_value(100, 0.8, -0.1),
        lambda: lifetime_value(math.nan, 0.8, 0.1),
        lambda: lifetime_value(100, [0.8, 0.9], [0.1, 0.2, 0.3]),
        lambda: lifetime_value(cast(Any, "a hundred"), 0.8, 0.1),
        lambda: break_even(1.5, 100),
        lambda: break_even(0.1, math.inf),
        lambda: worth(-1, 0.1, 100),
        lambda: worth([1, 2], 0.1, [1, 2, 3]),
        lambda: hidden(10, 0),
        lambda: hidden(10, 1.01),
        lambda: hidden(10, -0.04),
        lambda: hidden(-1),
        lambda: hidden(math.nan),
        lambda: cost_of_quality(1, 2, 3, -1),
        lambda: cost_of_quality(1, 2, 3, math.nan),
    ],
)
def test_what_cannot_be_is_refused(asked: Callable[[], object]) -> None:
    """Rates outside 0 to 1, negative costs and a voice rate of 0 raise a KefuError."""
    with pytest.raises(KefuError):
        asked()
