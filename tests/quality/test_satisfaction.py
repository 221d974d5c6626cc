"""CSAT, CES and NPS: what was printed elsewhere, what must always hold, what is refused."""

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
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from kefu.errors import KefuError
from kefu.quality.sampling import Share
from kefu.quality.satisfaction import (
    Mean,
    Nps,
    NpsDifference,
    ces,
    csat,
    nps,
    nps_difference,
    nps_of,
    response_rate,
)

PUBLISHED = tomllib.loads(
    (Path(__file__).parent / "published_satisfaction.toml").read_text("utf-8")
)
NAN = math.nan

confidences = st.floats(0, 1, exclude_min=True, exclude_max=True)
counts = st.tuples(*[st.integers(0, 10**9) | st.integers(0, 5)] * 3)


def answers(least: int, most: int) -> st.SearchStrategy[list[float | None]]:
    """Answers on a scale, some of them not given."""
    return st.lists(st.integers(least, most) | st.just(NAN) | st.none(), max_size=40)


# ---- published values


@pytest.mark.parametrize("place", range(4))
def test_csat_is_what_was_printed(place: int) -> None:
    """The share of satisfied answers has the interval that was printed for it."""
    case = PUBLISHED["csat"]["newcombe"]
    count, n = case["count"][place], case["n"][place]
    found = csat([5] * count + [3] * (n - count))
    assert found.value == count / n
    assert found.low == pytest.approx(case["low"][place], abs=case["tolerance"])
    assert found.high == pytest.approx(case["high"][place], abs=case["tolerance"])
    assert response_rate(count, n) == found


@pytest.mark.parametrize("case", PUBLISHED["nps"].values(), ids=PUBLISHED["nps"])
def test_nps_is_what_was_printed(case: dict[str, Any]) -> None:
    """NPS, plain and adjusted, has the published values."""
    found = nps(*case["counts"], adjusted=not case.get("plain"))
    for name, value in (("value", found.value), ("low", found.low), ("high", found.high)):
        assert value == pytest.approx(case[name], abs=case["tolerance"])
    if "adjusted" in case:
        assert found.adjusted_value == pytest.approx(case["adjusted"], abs=case["tolerance"])


# ---- other people's code


@given(answers(1, 5), st.sampled_from([0.8, 0.95, 0.99]))
def test_csat_agrees_with_statsmodels(scores: list[float | None], confidence: float) -> None:
    """On any answers, statsmodels finds the same share and interval."""
    there = [score for score in scores if score in range(1, 6)]
    found = csat(scores, confidence=confidence)
    assert found.n == len(there)
    if not there:
        assert found == Share(None, 0, 1, 0)
        return
    good = sum(score in (4, 5) for score in there)
    assert found.value == good / len(there)
    expected = proportion_confint(good, len(there), alpha=1 - confidence, method="wilson")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.integers(1, 7), min_size=2, max_size=40), st.sampled_from([0.5, 0.95, 0.999]))
def test_ces_agrees_with_scipy(scores: list[int], confidence: float) -> None:
    """Where answers differ, the interval is scipy's by Student's t, cut at the scale's ends."""
    found = ces(scores, confidence=confidence)
    assert found.value == pytest.approx(np.mean(scores))
    if len(set(scores)) > 1:
        low, high = stats.t.interval(
            confidence, len(scores) - 1, np.mean(scores), stats.sem(scores)
        )
        assert found.low == pytest.approx(max(1, low), abs=1e-9)
        assert found.high == pytest.approx(min(7, high), abs=1e-9)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_plain_nps_is_a_mean(scores: list[int]) -> None:
    """Plain NPS is the mean of 100, 0 and -100 with the normal interval of that mean."""
    points = [100 * ((score >= 9) - (score <= 6)) for score in scores]
    found = nps_of(scores, adjusted=False)
    half = float(stats.norm.ppf(0.975)) * float(np.std(points)) / math.sqrt(len(points))
    mean = float(np.mean(points))
    assert found.value == pytest.approx(mean)
    assert found.low == pytest.approx(max(-100, mean - half), abs=1e-9)
    assert found.high == pytest.approx(min(100, mean + half), abs=1e-9)


def test_two_scores_differ_as_their_means_do() -> None:
    """A difference of two NPS has the error of two independent means, and their p."""

    def mean(counts: tuple[float, ...]) -> tuple[float, float]:
        n = sum(counts) + 3
        shares = [(counts[0] + 0.75) / n, (counts[1] + 1.5) / n, (counts[2] + 0.75) / n]
        middle = 100 * (shares[0] - shares[2])
        spread = sum(s * (x - middle) ** 2 for s, x in zip(shares, (100, 0, -100), strict=True))
        return middle, spread / n

    (a, va), (b, vb) = mean((50, 30, 20)), mean((70, 30, 20))
    found = nps_difference((50, 30, 20), (70, 30, 20))
    half = float(stats.norm.ppf(0.975)) * math.sqrt(va + vb)
    assert found.value == pytest.approx(50 / 120 * 100 - 30)
    assert found.low == pytest.approx(b - a - half)
    assert found.high == pytest.approx(b - a + half)
    assert found.p == pytest.approx(2 * float(stats.norm.sf((b - a) / math.sqrt(va + vb))))


def test_four_points_more_are_no_news() -> None:
    """At 100 answers each, NPS 30 and NPS 34 cannot be told apart: +- 15 points each."""
    found = nps_difference((50, 30, 20), (52, 30, 18))
    assert found.value == pytest.approx(4)
    assert found.low < -10
    assert found.high > 10
    assert found.p is not None
    assert found.p > 0.5


# ---- what always holds


@given(counts, confidences, st.booleans())
def test_nps_lies_within_its_interval(
    kinds: tuple[int, int, int], confidence: float, adjusted: bool
) -> None:
    """On any counts: -100 <= low <= value <= high <= 100, and never NaN."""
    found = nps(*kinds, confidence, adjusted=adjusted)
    if not sum(kinds):
        assert found == Nps(None, -100, 100, 0, None)
        return
    assert found.value is not None
    assert found.adjusted_value is not None
    assert -100 <= found.low <= found.value <= found.high <= 100
    assert abs(found.adjusted_value) <= abs(found.value)


@given(counts, counts, confidences)
def test_a_difference_turns_round_with_its_sides(
    one: tuple[int, int, int], other: tuple[int, int, int], confidence: float
) -> None:
    """On any counts the difference lies within its interval; swapping sides changes its sign."""
    found = nps_difference(one, other, confidence)
    if not (sum(one) and sum(other)):
        assert found == NpsDifference(None, -200, 200, None)
        return
    assert found.value is not None
    assert found.p is not None
    assert -200 <= found.low <= found.value <= found.high <= 200
    assert 0 <= found.p <= 1
    value, low, high, p = nps_difference(other, one, confidence)
    assert (found.value, found.low, found.high, found.p) == (-value if value else 0, -high, -low, p)


@given(answers(0, 10), confidences)
def test_answers_give_what_their_counts_give(scores: list[float | None], confidence: float) -> None:
    """NPS of the answers is NPS of their counts; who did not answer is left out."""
    there = [score for score in scores if score in range(11)]
    kinds = [
        sum(score >= 9 for score in there),
        sum(score in (7, 8) for score in there),
        sum(score <= 6 for score in there),
    ]
    assert nps_of(scores, confidence) == nps(*kinds, confidence)


@given(answers(1, 7), confidences)
def test_ces_lies_within_its_interval(scores: list[float | None], confidence: float) -> None:
    """On any answers: 1 <= low <= mean <= high <= 7, and never NaN."""
    found = ces(scores, confidence=confidence)
    if not found.n:
        assert found == Mean(None, 1, 7, 0)
        return
    assert found.value is not None
    assert 1 <= found.low <= found.value <= found.high <= 7


@given(answers(1, 5), confidences)
def test_csat_lies_within_its_interval(scores: list[float | None], confidence: float) -> None:
    """On any answers: 0 <= low <= share <= high <= 1, and never NaN."""
    found = csat(scores, confidence=confidence)
    assert 0 <= found.low <= (found.low if found.value is None else found.value) <= found.high <= 1


# ---- what says little


def test_all_alike_are_not_certain() -> None:
    """Three customers who all answer the best leave an interval with a width."""
    assert csat([5, 5, 5]).low < 0.5
    assert ces([7, 7, 7]).low == pytest.approx(1 + 6 * csat([5, 5, 5]).low)
    assert ces([7, 7, 7]).high == 7
    assert nps(3, 0, 0).low < 50


def test_the_plain_interval_of_one_kind_has_no_width() -> None:
    """Asked for, the plain interval of promoters alone is what its formula says: 100 to 100."""
    assert nps(3, 0, 0, adjusted=False)[:3] == (100, 100, 100)


def test_one_answer_says_next_to_nothing() -> None:
    """One promoter: 100 points, and an interval that reaches below 0 and up to them."""
    found = nps(1, 0, 0)
    assert found.value == 100
    assert found.low < 0
    assert found.high == 100


# ---- what is refused


@pytest.mark.parametrize(
    "asked",
    [
        lambda: nps(-1, 0, 3),
        lambda: nps(2.5, 0, 3),
        lambda: nps(NAN, 0, 3),
        lambda: nps(math.inf, 0, 3),
        lambda: nps(1, 2, 3, 1.0),
        lambda: nps(1, 2, 3, 0),
        lambda: nps_of([11]),
        lambda: nps_of([-1]),
        lambda: nps_of([9.5]),
        lambda: nps_of([[9]]),
        lambda: nps_of(["nine"]),
        lambda: nps_difference((1, 2), (1, 2, 3)),
        lambda: nps_difference((1, 2, 3, 4), (1, 2, 3)),
        lambda: csat([6]),
        lambda: csat([4.5]),
        lambda: csat([math.inf]),
        lambda: csat([4], top=()),
        lambda: csat([4], top=(6,)),
        lambda: csat([4], scale=(5, 1)),
        lambda: csat([4], confidence=2),
        lambda: csat([4], confidence=cast(Any, "0.95 or so")),
        lambda: ces([0]),
        lambda: ces([4], scale=(1, 1)),
        lambda: ces([], confidence=NAN),
        lambda: response_rate(3, 2),
        lambda: response_rate(-1, 2),
        lambda: response_rate(0.5, 2),
    ],
)
def test_what_cannot_be_is_refused(asked: Callable[[], object]) -> None:
    """Scores off the scale, broken counts and false confidences raise a KefuError."""
    with pytest.raises(KefuError):
        asked()
