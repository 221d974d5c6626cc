"""Facility, discrimination, reliability, options: what was printed, what must hold, refusals."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from kefu.errors import KefuError
from kefu.quality.picking import confident_mistakes, distractors
from kefu.quality.testing import (
    ENOUGH,
    correlation,
    cronbach_alpha,
    discrimination,
    facility,
    kr20,
    mean_difference,
    rest_scores,
)

PUBLISHED = tomllib.loads((Path(__file__).parent / "published.toml").read_text("utf-8"))
RELIABILITY = PUBLISHED["reliability"]
NAN = math.nan

credits_ = st.sampled_from([0.0, 0.25, 0.5, 0.7, 1.0])
shapes = st.tuples(st.integers(1, 12), st.integers(1, 5))
tables = shapes.flatmap(lambda shape: arrays(float, shape, elements=credits_ | st.just(NAN)))


# ---- published values


@pytest.mark.parametrize("case", RELIABILITY.values(), ids=RELIABILITY)
def test_alpha_is_what_was_printed(case: dict[str, Any]) -> None:
    """Alpha and, where it was printed, Feldt's interval are the published ones."""
    found = cronbach_alpha(case["scores"])
    assert found.alpha == pytest.approx(case["alpha"], abs=case["tolerance"])
    if "low" in case:
        assert (found.low, found.high) == pytest.approx(
            (case["low"], case["high"]), abs=case["bounds"]
        )


def test_discrimination_is_what_was_printed() -> None:
    """The correlation with the rest is what another program printed for each of seven items."""
    case = RELIABILITY["attitude"]
    found = [discrimination(case["scores"], item).value for item in range(7)]
    assert found == pytest.approx(case["dropped"], abs=case["tolerance"])


def test_kr20_is_what_was_printed() -> None:
    """Facility of each item and KR-20 follow from the printed p, pq and variance."""
    case = RELIABILITY["wuensch"]
    scores = np.array(case["scores"], float)
    assert [facility(item).value for item in scores.T] == pytest.approx(case["facility"])
    by_hand = 10 / 9 * (1 - 2.18 / 5.84)
    assert kr20(scores).alpha == pytest.approx(by_hand)
    # The variance of the totals over n - 1; the printed one is over n.
    assert kr20(scores).error == pytest.approx(math.sqrt(5.84 * 10 / 9 * (1 - by_hand)))


@pytest.mark.parametrize("case", PUBLISHED["mean_difference"].values(), ids=["sleep"])
def test_the_difference_of_two_means_is_what_was_printed(case: dict[str, Any]) -> None:
    """The mean difference of pairs and its interval by Student's t are the printed ones."""
    found = mean_difference(case["one"], case["other"])
    printed = (case["value"], case["low"], case["high"])
    assert found[:3] == pytest.approx(printed, abs=case["tolerance"])


# ---- other people's code


@given(st.integers(0, 40), st.integers(1, 40), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_facility_of_right_or_wrong_is_wilson(right: int, n: int, confidence: float) -> None:
    """For items that are right or wrong the interval is statsmodels' Wilson."""
    right = min(right, n)
    found = facility([1.0] * right + [0.0] * (n - right), confidence)
    low, high = proportion_confint(right, n, 1 - confidence, method="wilson")
    assert found.value == pytest.approx(right / n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)


@given(arrays(float, st.integers(1, 60), elements=credits_))
def test_part_credit_is_never_surer_than_chance_allows(scores: np.ndarray[Any, Any]) -> None:
    """The interval of a mean holds the mean, and is no narrower than the mean's own spread asks."""
    found = facility(scores)
    assert found.value is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.high > found.low
    bound = math.sqrt(found.value * (1 - found.value))
    assert scores.std() <= bound + 1e-9


@given(arrays(float, (20, 2), elements=st.floats(-5, 5)))
def test_correlation_agrees_with_scipy(pairs: np.ndarray[Any, Any]) -> None:
    """Value and interval are scipy's wherever both sides vary."""
    ours = correlation(pairs[:, 0], pairs[:, 1])
    if ours.value is None or abs(ours.value) > 1 - 1e-9:
        return
    if min(np.ptp(pairs[:, 0]), np.ptp(pairs[:, 1])) < 1e-3:
        return
    theirs = stats.pearsonr(pairs[:, 0], pairs[:, 1])
    interval = theirs.confidence_interval(0.95)
    assert ours.value == pytest.approx(theirs.statistic, abs=1e-8)
    assert (ours.low, ours.high) == pytest.approx((interval.low, interval.high), abs=1e-6)


def test_the_point_biserial_is_this_correlation() -> None:
    """With one side right or wrong the correlation is scipy's point-biserial."""
    right, rest = [0, 0, 1, 1, 1, 0], [1.0, 2.5, 3.0, 4.0, 2.0, 0.5]
    assert correlation(right, rest).value == pytest.approx(stats.pointbiserialr(right, rest)[0])


# ---- what must always hold


@given(tables)
def test_no_table_breaks_it(table: np.ndarray[Any, Any]) -> None:
    """Whatever the credits, each statistic is a number in its bounds, or says it has none."""
    items = table.shape[1]
    found = cronbach_alpha(table)
    if found.alpha is None:
        assert (found.low, found.high, found.error) == (None, None, None)
    else:
        assert found.low is not None
        assert found.high is not None
        assert found.error is not None
        assert found.low <= found.alpha + 1e-9
        assert found.alpha <= 1
        assert found.alpha <= found.high + 1e-9
        assert found.error >= 0
    for item in range(items):
        each = discrimination(table, item)
        assert -1 <= each.low <= each.high <= 1
        assert each.value is None or each.low - 1e-9 <= each.value <= each.high + 1e-9
        assert not any(math.isnan(v) for v in (each.low, each.high))
        worth = facility(table[:, item])
        assert worth.n == int((~np.isnan(table[:, item])).sum())


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c", None]), credits_ | st.just(NAN)), max_size=30
    )
)
def test_options_add_up(picked: list[tuple[str | None, float]]) -> None:
    """Every answer is counted under one option, and in each group as well."""
    found = distractors([p for p, _ in picked], [s for _, s in picked], ["a", "b", "c", "d"])
    answered = sum(p is not None for p, _ in picked)
    assert sum(one.times for one in found) == answered
    assert all(one.share.n == answered for one in found)
    if answered:
        assert sum(one.share.value or 0 for one in found) == pytest.approx(1)
    uppers = [one.upper for one in found]
    assert uppers == [None] * 4 or sum(u or 0 for u in uppers) == pytest.approx(1)


def test_the_strong_and_the_weak_are_apart() -> None:
    """Of ten learners the three best and the three weakest are compared; own arithmetic."""
    found = distractors(list("bbbabaaaaa"), list(range(10)), ["a", "b", "c"])
    assert [(one.times, one.upper, one.lower) for one in found] == [
        (6, 1.0, 0.0),
        (4, 0.0, 1.0),
        (0, 0.0, 0.0),
    ]
    assert found[0].correlation.value == pytest.approx(-(found[1].correlation.value or 0))
    assert found[2].correlation.value is None


def test_whoever_is_level_belongs_to_the_group() -> None:
    """Learners level with the last of a group are all in it, in whatever order they stand."""
    rest = [5.0, 5, 5, 5, 1, 0]
    assert distractors(list("aabbbb"), rest, ["a", "b"])[0].upper == 0.5
    assert distractors(list("bbaabb"), rest, ["a", "b"])[0].upper == 0.5


def test_a_class_all_alike_has_no_groups() -> None:
    """Where the strong cannot be told from the weak, there are no groups."""
    assert distractors(["a", "b", "a"], [2.0, 2, 2], ["a", "b"])[0].upper is None


def test_a_sure_mistake_is_told_from_an_unsure_one() -> None:
    """Mistakes are counted by how sure the learner was; who said nothing is left out."""
    found = confident_mistakes(
        [0, 0.3, 1, 0, 0.5, 0, NAN], [True, True, True, False, False, None, True]
    )
    assert (found.sure, found.unsure) == (3, 2)
    assert found.wrong_though_sure.value == pytest.approx(2 / 3)
    assert found.wrong_and_unsure.value == pytest.approx(1 / 2)
    assert found.wrong_though_sure.low < 2 / 3 < found.wrong_though_sure.high


def test_stronger_learners_show_where_an_item_separates() -> None:
    """In a made-up class the item that follows ability separates more than the one at random."""
    dice = np.random.default_rng(7)
    ability = dice.normal(size=300)
    slopes = np.array([0.0, 0.5, 1.0, 2.5, 1.0, 1.0, 1.0])
    chance = 1 / (1 + np.exp(-slopes * ability[:, None]))
    scores = (dice.random(chance.shape) < chance).astype(float)
    found = [discrimination(scores, item).value or 0 for item in range(4)]
    assert found == sorted(found)
    random = discrimination(scores, 0)
    assert random.low < 0 < random.high


# ---- missing scores, and what has no value


def test_missing_scores_are_left_out_as_said() -> None:
    """Facility passes over the missing score alone; totals pass over the learner."""
    table: list[list[float]] = [[1, 1, 0], [0, NAN, 0], [1, 0, 1], [0, 0, 0], [1, 1, 1]]
    assert facility([row[1] for row in table]).n == 4
    assert np.isnan(rest_scores(table, 0)).tolist() == [False, True, False, False, False]
    whole = [row for row in table if not any(math.isnan(v) for v in row)]
    assert cronbach_alpha(table) == cronbach_alpha(whole)
    assert discrimination(table, 0) == discrimination(whole, 0)
    assert cronbach_alpha(table).learners == 4


def test_what_has_no_value_says_so() -> None:
    """No learner, one item, no variance: None and all that is possible, never NaN."""
    assert facility([]) == (None, 0, 1, 0)
    assert mean_difference([], []) == (None, -math.inf, math.inf, 0)
    assert mean_difference([1, 1, NAN], [2, 2, 5]) == (1, -math.inf, math.inf, 2)
    assert discrimination([[1.0], [0.0]], 0) == (None, -1, 1, 0)
    assert correlation([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]) == (None, -1, 1, 5)
    assert cronbach_alpha([[1, 0], [1, 0]]).alpha is None
    assert cronbach_alpha([[1], [0]]).alpha is None
    assert cronbach_alpha([[1, 0]]).alpha is None
    assert cronbach_alpha(np.empty((0, 3))).learners == 0


def test_rounding_is_no_variance() -> None:
    """Totals that differ only by the last digit of a sum are all the same."""
    assert correlation([0, 1, 0, 1, 0], [0.1 + 0.2, 0.3, 0.3, 0.3, 0.3]).value is None


def test_a_perfect_correlation_from_few_is_not_taken_for_certain() -> None:
    """Where Fisher's transform is infinite, nothing is known of the interval."""
    assert correlation([0, 1, 2, 3, 4], [0, 2, 4, 6, 8]) == (1.0, -1, 1, 5)
    assert correlation([0, 1, 3], [0, 1, 2])[1:3] == (-1, 1)


def test_the_least_number_is_what_its_reason_says() -> None:
    """With `ENOUGH` learners an ordinary item's interval still reaches 0, with 24 a good one's."""

    def low(r: float, n: int) -> float:
        return math.tanh(math.atanh(r) - 1.959964 / math.sqrt(n - 3))

    assert low(0.3, ENOUGH) == pytest.approx(-0.07, abs=0.005)
    assert low(0.4, ENOUGH) > 0
    assert low(0.4, 24) < 0


# ---- refusals


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: facility([1.2]),
        lambda: facility([-0.1]),
        lambda: facility([math.inf]),
        lambda: facility(["yes"]),
        lambda: facility([[1.0]]),
        lambda: facility([1.0], 1.0),
        lambda: facility([1.0], NAN),
        lambda: correlation([1, 2], [1]),
        lambda: mean_difference([1, 2], [1]),
        lambda: discrimination([[1, 2], [3, 4]], 2),
        lambda: discrimination([[1, 2], [3, 4]], -1),
        lambda: discrimination([1, 2], 0),
        lambda: cronbach_alpha([[1e300, 0.0], [0.0, 1.0]]),
        lambda: cronbach_alpha([[1, 0], [0, 1]], 0),
        lambda: kr20([[0.5, 1.0], [0.0, 1.0]]),
        lambda: distractors(["a"], [1, 2], ["a"]),
        lambda: distractors(["x"], [1], ["a"]),
        lambda: distractors(["a"], [1], ["a", "a"]),
        lambda: confident_mistakes([1, 0], [True]),
    ],
)
def test_what_cannot_be_is_refused(wrong: Any) -> None:
    """Scores out of bounds, lists that do not fit, and unknown options are refused in words."""
    with pytest.raises(KefuError):
        wrong()
