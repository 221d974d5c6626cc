"""Samples by strata: what was printed elsewhere, what must always hold, what is refused."""

from __future__ import annotations

import itertools
import math
import tomllib
from collections import Counter
from collections.abc import Hashable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kefu.errors import KefuError
from kefu.quality.sampling import wilson
from kefu.quality.strata import draw, neyman, proportional, stratified_share

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_sizes.toml").read_text("utf-8"))
NAN = math.nan

Strata = list[tuple[int, float]]
strata = st.lists(
    st.tuples(st.integers(0, 60), st.just(0.0) | st.floats(1e-300, 1e12)), min_size=1, max_size=6
)
plans = strata.flatmap(
    lambda some: st.tuples(st.just(some), st.integers(0, sum(size for size, _ in some)))
)
names = st.lists(st.sampled_from(["早班", "late", 3, ("night", 1)]), max_size=40)


# ---- dividing


@pytest.mark.parametrize("method", [proportional, neyman], ids=["proportional", "neyman"])
def test_divisions_are_what_was_printed(method: Any) -> None:
    """Both ways of dividing give the published numbers."""
    for case in PUBLISHED[method.__name__].values():
        asked = {k: v for k, v in case.items() if k not in ("source", "value")}
        assert method(**asked) == tuple(case["value"])


@given(plans)
def test_all_is_given_out_and_nobody_gives_more_than_they_have(plan: tuple[Strata, int]) -> None:
    """Whatever the sizes and spreads: exactly n in all, and none above its stratum."""
    some, n = plan
    sizes, spreads = [size for size, _ in some], [spread for _, spread in some]
    for found in (proportional(sizes, n), neyman(sizes, spreads, n)):
        assert sum(found) == n
        assert all(type(one) is int for one in found)
        assert all(0 <= one <= size for one, size in zip(found, sizes, strict=True))


@given(plans)
def test_proportional_is_within_one_call_of_its_quota(plan: tuple[Strata, int]) -> None:
    """No stratum is a whole call off its exact share."""
    some, n = plan
    sizes = [size for size, _ in some]
    for one, size in zip(proportional(sizes, n), sizes, strict=True):
        assert size == 0 or abs(one - Fraction(n * size, sum(sizes))) < 1


def variance(sizes: tuple[int, ...], spreads: tuple[int, ...], ns: tuple[int, ...]) -> Fraction:
    """The variance of the estimated total, in units of which no rounding is lost."""
    return sum(
        (
            Fraction(size * (size - n) * spread**2, n)
            for size, spread, n in zip(sizes, spreads, ns, strict=True)
        ),
        Fraction(0),
    )


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(8, 30), st.integers(1, 9)), min_size=2, max_size=3),
    st.integers(6, 20),
)
def test_nothing_varies_less_than_neymans(some: list[tuple[int, int]], n: int) -> None:
    """Among all divisions, Neyman's has the least variance, but for rounding to whole calls."""
    sizes, spreads = tuple(zip(*some, strict=True))
    n = min(n, sum(sizes))
    ours = neyman(sizes, spreads, n)
    if 0 in ours:
        return
    others = itertools.product(*(range(1, size + 1) for size in sizes[:-1]))
    best = min(
        variance(sizes, spreads, (*each, n - sum(each)))
        for each in others
        if 1 <= n - sum(each) <= sizes[-1]
    )
    assert variance(sizes, spreads, ours) <= best * Fraction(5, 4) + Fraction(1, 10**9)


def test_what_a_full_stratum_leaves_goes_to_the_others() -> None:
    """A stratum whose quota is above its size is looked at whole; the rest is divided anew."""
    assert neyman([5, 100, 100], [100, 1, 1], 45) == (5, 20, 20)
    assert neyman([5, 100, 60, 7], [100, 1, 1, 0], 45) == (5, 25, 15, 0)
    # Those without spread come last, and then by size.
    assert neyman([5, 4, 8], [1, 0, 0], 11) == (5, 2, 4)
    assert neyman([30, 60], [0, 0], 9) == proportional([30, 60], 9) == (3, 6)
    assert neyman([10, 10], [2.5, 2.5], 20) == (10, 10)


def test_equal_remainders_go_to_who_stands_first() -> None:
    """Ties are broken by the order of the strata, so a plan is the same every time."""
    assert proportional([10, 10, 10], 4) == (2, 1, 1)
    assert proportional([10, 10, 10], 5) == (2, 2, 1)
    assert neyman([10, 10, 10], [0.1, 0.1, 0.1], 5) == (2, 2, 1)


def test_great_strata_are_divided_as_exactly() -> None:
    """Where machine numbers would overflow, quotas and remainders are still whole numbers."""
    great = 10**12
    assert proportional([great, great, great], great) == (great // 3 + 1, great // 3, great // 3)
    assert neyman([great, 10, great], [1e-9, 1e12, 0.0], 13) == (3, 10, 0)


def test_dividing_nothing() -> None:
    """Nothing to draw, strata without calls, no strata at all."""
    assert proportional([3, 4], 0) == neyman([3, 4], [1, 2], 0) == (0, 0)
    assert proportional([0, 4], 4) == neyman([0, 4], [9, 0], 4) == (0, 4)
    assert proportional([], 0) == neyman([], [], 0) == ()


# ---- drawing


@given(names, st.integers(0, 2**53), st.data())
def test_a_draw_is_what_was_asked(rows: list[Hashable], seed: int, data: st.DataObject) -> None:
    """As many rows of each stratum as asked, each once, ascending, the same again from the seed."""
    there = Counter(rows)
    asked = {name: data.draw(st.integers(0, most)) for name, most in there.items()}
    found = draw(rows, asked, seed=seed)
    assert found == sorted(set(found)) == draw(tuple(rows), asked, seed=seed)
    assert Counter(rows[row] for row in found) == +Counter(asked)


@given(names, st.integers(0, 1000))
def test_a_larger_draw_holds_the_smaller(rows: list[Hashable], seed: int) -> None:
    """More calls from one stratum add to its rows, and leave the rows of others as they were."""
    for name, most in Counter(rows).items():
        others = dict.fromkeys(set(rows) - {name}, 1)
        before: set[int] = set()
        for wanted in range(most + 1):
            found = draw(rows, {name: wanted, **others}, seed=seed)
            assert before <= set(found)
            before = set(found)


def test_a_draw_is_the_same_on_every_machine() -> None:
    """The rows that a seed gives are written down here, for ever."""
    rows = ["早班", "晚班"] * 10
    assert draw(rows, {"早班": 3, "晚班": 2}, seed=20261122) == [4, 7, 8, 11, 12]


def test_a_draw_takes_the_lowest_of_pythons_numbers() -> None:
    """Row after row is given the next number of random.Random, and the lowest are taken."""
    dice = Random(7)
    numbers = [dice.random() for _ in range(1000)]
    lowest = sorted(range(0, 1000, 2), key=lambda row: numbers[row])[:50]
    assert draw([1, 2] * 500, {1: 50}, seed=7) == sorted(lowest)


def test_every_row_is_as_likely() -> None:
    """Over many seeds each pair of four rows is drawn about equally often."""
    pairs = Counter(tuple(draw("aaaa", {"a": 2}, seed=seed)) for seed in range(3000))
    assert len(pairs) == 6
    assert stats.chisquare(list(pairs.values())).pvalue > 0.001


def test_rows_may_be_an_array() -> None:
    """Strata come as a list, an array or a text; one that nobody asks for gives none."""
    as_list = draw(["a", "b", "a"], {"a": 1}, seed=5)
    assert draw(np.array(["a", "b", "a"]), {"a": np.int64(1)}, seed=5) == as_list  # type: ignore[arg-type, dict-item]
    assert draw("aba", {"a": 1, "c": 0}, seed=5) == as_list
    assert draw([], {}, seed=0) == []


# ---- estimating


@given(
    st.lists(
        st.integers(1, 10**6).flatmap(
            lambda size: st.integers(1, size).flatmap(
                lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(size))
            )
        ),
        min_size=1,
        max_size=6,
    ),
    st.floats(0.01, 0.9999),
)
def test_the_share_lies_within(some: list[tuple[int, int, int]], confidence: float) -> None:
    """The value is the weighted share, and the interval holds it within 0 and 1."""
    counts, ns, sizes = zip(*some, strict=True)
    found = stratified_share(counts, ns, sizes, confidence)
    exact = sum(Fraction(c * size, n) for c, n, size in some) / sum(sizes)
    assert found.value == pytest.approx(float(exact), abs=1e-12)
    assert found.value is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.n == sum(ns)


@given(st.integers(1, 500), st.data(), st.floats(0.5, 0.999))
def test_one_endless_stratum_is_wilsons(n: int, data: st.DataObject, confidence: float) -> None:
    """With one stratum, of which hardly anything was looked at, the interval is Wilson's."""
    count = data.draw(st.integers(0, n))
    found = stratified_share([count], [n], [10**12], confidence)
    assert found[1:3] == pytest.approx(tuple(wilson(count, n, confidence)), abs=1e-6)


def test_large_samples_have_the_textbooks_interval() -> None:
    """From many calls of each stratum the limits are value plus or minus z standard errors."""
    counts, ns, sizes = [30_000, 10_000], [40_000, 50_000], [100_000, 300_000]
    found = stratified_share(counts, ns, sizes)
    parts = [
        (size / 400_000) ** 2 * (1 - n / size) * (c / n) * (1 - c / n) / (n - 1)
        for c, n, size in zip(counts, ns, sizes, strict=True)
    ]
    error = math.sqrt(sum(parts))
    assert found.value == pytest.approx(0.3375)
    textbook = (0.3375 - 1.959964 * error, 0.3375 + 1.959964 * error)
    assert found[1:3] == pytest.approx(textbook, abs=2e-5)


@pytest.mark.parametrize("good", [(10, 30), (38, 2), (0, 57), (20, 1)])
def test_the_interval_keeps_its_word(good: tuple[int, int]) -> None:
    """Over all samples that can be drawn from two strata, 95 % holds the truth about as often."""
    sizes, ns = (40, 60), (12, 15)
    truth = sum(good) / 100
    kept = 0.0
    for counts in itertools.product(range(ns[0] + 1), range(ns[1] + 1)):
        chance = math.prod(
            float(stats.hypergeom.pmf(c, size, g, n))
            for c, size, g, n in zip(counts, sizes, good, ns, strict=True)
        )
        if chance:
            _, low, high, _ = stratified_share(counts, ns, sizes)
            kept += chance * (low <= truth <= high)
    assert kept > 0.93


def test_what_is_not_known_and_what_is_for_certain() -> None:
    """A stratum nobody looked at leaves no value; where all were looked at, the share is exact."""
    assert stratified_share([4, 0], [5, 0], [100, 900]) == (None, 0, 1, 5)
    assert stratified_share([], [], []) == stratified_share([0], [0], [0]) == (None, 0, 1, 0)
    assert stratified_share([4, 0], [5, 0], [100, 0]) == stratified_share([4], [5], [100])
    assert stratified_share([1, 3], [2, 6], [2, 6]) == (0.5, 0.5, 0.5, 8)
    assert stratified_share([1], [1], [1]) == (1, 1, 1, 1)
    none = stratified_share([0, 0], [10, 10], [1000, 1000])
    assert (none.value, none.low) == (0, 0)
    assert 0.1 < none.high < 0.3


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda: proportional([3, 4], 8), "there are 7 in all"),
        (lambda: proportional([3, -4], 1), "the sizes of the strata cannot be −4"),
        (lambda: proportional([3, 4.5], 1), "the sizes of the strata cannot be 4.5"),
        (lambda: proportional([3, 4], -1), "the sample size cannot be −1"),
        (lambda: proportional(3, 1), "the sizes of the strata: no numbers"),
        (lambda: neyman([3, 4], [1], 2), "different lengths"),
        (lambda: neyman([3, 4], [1, -1], 2), "the spreads of the strata cannot be −1"),
        (lambda: neyman([3, 4], [1, NAN], 2), "the spreads of the strata: one is missing"),
        (lambda: draw("aab", {"a": 3}, seed=1), "the stratum a has 2: 3 cannot be drawn"),
        (lambda: draw("aab", {"c": 1}, seed=1), "the stratum c has 0: 1 cannot be drawn"),
        (lambda: draw("aab", {"a": -1}, seed=1), "the number to draw from a cannot be −1"),
        (lambda: draw("aab", {"a": 1}, seed=-1), "the seed cannot be −1"),
        (lambda: draw("aab", {"a": 1}, seed=0.5), "the seed cannot be 0.5"),  # type: ignore[arg-type]
        (lambda: draw(["a", None], {"a": 1}, seed=1), "row 1, counted from 0, has no stratum"),
        (lambda: draw([NAN, "a"], {"a": 1}, seed=1), "row 0, counted from 0, has no stratum"),
        (lambda: draw([["a"]], {"a": 1}, seed=1), "cannot be compared"),  # type: ignore[list-item]
        (lambda: stratified_share([6], [5], [10]), "the count is above"),
        (lambda: stratified_share([5], [11], [10]), "the count is above"),
        (lambda: stratified_share([1, 2], [5], [10]), "different lengths"),
        (lambda: stratified_share([1.5], [5], [10]), "the counts cannot be 1.5"),
        (lambda: stratified_share([1], [5], [10], 95), "the confidence cannot be 95"),
    ],
)
def test_what_cannot_be_asked(wrong: Any, why: str) -> None:
    """More calls than there are, names that are none, numbers out of bounds: refused in words."""
    with pytest.raises(KefuError) as caught:
        wrong()
    assert why in caught.value.what.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.what.zh)
