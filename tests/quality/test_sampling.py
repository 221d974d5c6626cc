"""Intervals of a share: what was printed elsewhere, what must always hold, what is refused."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from kefu.errors import KefuError
from kefu.quality.sampling import clopper_pearson, difference, wilson

PUBLISHED = tomllib.loads((Path(__file__).parent / "published.toml").read_text("utf-8"))
METHODS = {"wilson": wilson, "clopper_pearson": clopper_pearson}
CASES = {
    f"{name}-{case}": (method, PUBLISHED[name][case])
    for name, method in METHODS.items()
    for case in PUBLISHED[name]
}
either = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)

samples = st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
small = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
confidences = st.floats(0, 1, exclude_min=True, exclude_max=True)


@pytest.mark.parametrize(("method", "case"), CASES.values(), ids=CASES)
def test_intervals_are_what_was_printed(method: Any, case: dict[str, Any]) -> None:
    """Both intervals give the published limits, a whole column at once."""
    low, high = method(case["count"], case["n"])
    assert low == pytest.approx(case["low"], abs=case["tolerance"])
    assert high == pytest.approx(case["high"], abs=case["tolerance"])


def test_five_calls_say_little() -> None:
    """4 good calls of 5 leave 38 to 96 %; 80 of 100 leave 71 to 87 %."""
    assert [round(end, 2) for end in wilson(4, 5)] == [0.38, 0.96]
    assert [round(end, 2) for end in wilson(80, 100)] == [0.71, 0.87]


@pytest.mark.parametrize(
    ("method", "theirs"), [(wilson, "wilson"), (clopper_pearson, "beta")], ids=METHODS
)
@given(sample=small, confidence=st.floats(0.01, 0.9999))
def test_statsmodels_agrees(
    method: Any, theirs: str, sample: tuple[int, int], confidence: float
) -> None:
    """Statsmodels finds the same limits."""
    expected = proportion_confint(*sample, alpha=1 - confidence, method=theirs)
    assert method(*sample, confidence) == pytest.approx(tuple(map(float, expected)), abs=1e-9)


@either
@given(sample=samples, confidence=confidences)
def test_the_share_lies_within(method: Any, sample: tuple[int, int], confidence: float) -> None:
    """The interval holds the sample's own share, and stays between 0 and 1."""
    count, n = sample
    low, high = method(count, n, confidence)
    assert 0 <= low <= count / n <= high <= 1
    assert (low == 0) or count > 0
    assert (high == 1) or count < n


@either
@given(sample=samples, two=st.tuples(confidences, confidences))
def test_more_confidence_is_wider(
    method: Any, sample: tuple[int, int], two: tuple[float, float]
) -> None:
    """The interval of a lower confidence lies in that of a higher one."""
    less, more = (method(*sample, each) for each in sorted(two))
    assert more.low <= less.low + 1e-12
    assert less.high <= more.high + 1e-12


@either
@given(n=st.integers(1, 400), confidence=st.floats(0.01, 0.9999))
def test_more_calls_move_it_up(method: Any, n: int, confidence: float) -> None:
    """With every further call that has the property, both ends rise, or stay where they are."""
    low, high = method(np.arange(n + 1), n, confidence)
    assert (np.diff(low) >= -1e-12).all()
    assert (np.diff(high) >= -1e-12).all()


@either
@given(sample=samples, confidence=st.floats(0.01, 0.9999))
def test_the_other_share_is_the_mirror(
    method: Any, sample: tuple[int, int], confidence: float
) -> None:
    """The interval of those without the property is that of those with it, turned round."""
    count, n = sample
    low, high = method(count, n, confidence)
    mirror = method(n - count, n, confidence)
    assert (1 - mirror.high, 1 - mirror.low) == pytest.approx((low, high), abs=1e-9)


@given(sample=small, confidence=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_exact_interval_keeps_its_word(sample: tuple[int, int], confidence: float) -> None:
    """At each limit, a result at least as far away has half of what is left out as its chance."""
    count, n = sample
    low, high = clopper_pearson(count, n, confidence)
    tail = (1 - confidence) / 2
    if count > 0:
        assert chance_of_at_most(n - count, n, 1 - low) == pytest.approx(tail, rel=1e-6)
    if count < n:
        assert chance_of_at_most(count, n, high) == pytest.approx(tail, rel=1e-6)


def chance_of_at_most(count: int, n: int, share: float) -> float:
    """The binomial sum itself, term by term."""
    logs = (
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        + k * math.log(share) + (n - k) * math.log1p(-share)
        for k in range(count + 1)
    )  # fmt: skip
    return math.fsum(map(math.exp, logs))


@either
def test_a_table_at_once(method: Any) -> None:
    """Counts and sizes are broadcast, and each place is what that pair alone gives."""
    counts, sizes = np.array([[0], [1], [5]]), np.array([5, 8])
    low, high = method(counts, sizes, 0.9)
    assert low.shape == high.shape == (3, 2)
    for row, column in np.ndindex(3, 2):
        alone = method(int(counts[row, 0]), int(sizes[column]), 0.9)
        assert (low[row, column], high[row, column]) == pytest.approx(tuple(alone), abs=1e-15)


@either
def test_one_share_is_two_floats(method: Any) -> None:
    """A single sample gives plain numbers, ready for a sentence or for JSON."""
    interval = method(4, 5)
    assert [type(end) for end in interval] == [float, float]
    assert type(method(np.int64(4), np.int64(5)).low) is float


@either
def test_no_sample_says_nothing(method: Any) -> None:
    """Of no calls at all the interval is everything, also for one empty week among others."""
    assert method(0, 0) == (0, 1)
    low, high = method([0, 4], [0, 5])
    assert (low[0], high[0]) == (0, 1)
    assert (low[1], high[1]) == method(4, 5)
    assert [end.shape for end in method([], [])] == [(0,), (0,)]


@either
@pytest.mark.parametrize(
    ("count", "n", "why"),
    [
        (6, 5, "6 of 5 is not a count"),
        (-1, 5, "−1 of 5 is not a count"),
        (1, -5, "1 of −5 is not a count"),
        (1.5, 5, "1.5 of 5 is not a count"),
        (1, 5.5, "1 of 5.5 is not a count"),
        (math.nan, 5, "NaN of 5 is not a count"),
        (1, math.nan, "1 of NaN is not a count"),
        (1, math.inf, "1 of ∞ is not a count"),
        (math.inf, math.inf, "∞ of ∞ is not a count"),
        (1, 10**7 + 1, "1 of 10000001 is not a count"),
        (0.8, 1, "0.8 of 1 is not a count"),
        ([1, 2, 9], [5, 5, 5], "9 of 5 is not a count"),
        ([1, 2], [1, 2, 3], "do not fit together"),
        ("four", 5, "do not fit together"),
        ([[1], [1, 2]], 5, "do not fit together"),
    ],
)
def test_counts_that_cannot_be(method: Any, count: Any, n: Any, why: str) -> None:
    """A count that is impossible is named, and refused in both languages."""
    with pytest.raises(KefuError) as caught:
        method(count, n)
    assert why in caught.value.what.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.what.zh)


@either
@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, math.nan, math.inf])
def test_confidence_that_cannot_be(method: Any, confidence: float) -> None:
    """A confidence of 95 is told from one of 0.95."""
    with pytest.raises(KefuError) as caught:
        method(4, 5, confidence)
    assert "0.95" in caught.value.write.en


# ---- the difference of two shares


@pytest.mark.parametrize("case", PUBLISHED["difference"].values(), ids=PUBLISHED["difference"])
def test_differences_are_what_was_printed(case: dict[str, Any]) -> None:
    """Newcombe's method gives the published limits, a whole column at once."""
    found = difference(case["count1"], case["n1"], case["count2"], case["n2"])
    assert found.low == pytest.approx(case["low"], abs=case["tolerance"])
    assert found.high == pytest.approx(case["high"], abs=case["tolerance"])


@given(one=small, two=small, confidence=st.floats(0.01, 0.9999))
def test_statsmodels_finds_the_same_difference(
    one: tuple[int, int], two: tuple[int, int], confidence: float
) -> None:
    """Statsmodels finds the same limits."""
    theirs = confint_proportions_2indep(*two, *one, method="newcomb", alpha=1 - confidence)
    found = difference(*one, *two, confidence)
    assert found[1:] == pytest.approx(tuple(map(float, theirs)), abs=1e-9)


@given(one=samples, two=samples, confidence=confidences)
def test_the_difference_lies_within(
    one: tuple[int, int], two: tuple[int, int], confidence: float
) -> None:
    """The interval holds the difference, stays within -1 to 1, and turns round with the sides."""
    found = difference(*one, *two, confidence)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.value == pytest.approx(two[0] / two[1] - one[0] / one[1])
    back = difference(*two, *one, confidence)
    assert (-back.value, -back.high, -back.low) == pytest.approx(tuple(found), abs=1e-12)


def test_many_differences_at_once() -> None:
    """Before and after are broadcast; a single pair gives plain numbers."""
    found = difference([[4], [8]], 10, [5, 6, 7], [10, 20, 30])
    assert [each.shape for each in found] == [(2, 3)] * 3
    alone = difference(8, 10, 7, 30)
    assert (found.value[1, 2], found.low[1, 2], found.high[1, 2]) == pytest.approx(tuple(alone))
    assert [type(each) for each in alone] == [float] * 3


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ((6, 5, 1, 5), "6 of 5 is not a count"),
        ((1, 5, 6, 5), "6 of 5 is not a count"),
        ((0, 0, 1, 5), "no share to compare"),
        ((1, 5, [0, 1], [0, 5]), "no share to compare"),
        (([1, 2], 5, [1, 2, 3], 5), "do not fit together"),
        ((1, 5, 2, 5, 95), "the confidence cannot be 95"),
    ],
)
def test_differences_that_cannot_be(given_: tuple[Any, ...], why: str) -> None:
    """A side that is impossible, or that has no calls, is refused."""
    with pytest.raises(KefuError) as caught:
        difference(*given_)
    assert why in caught.value.what.en
