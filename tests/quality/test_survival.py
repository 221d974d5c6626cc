"""Kaplan-Meier: what was printed elsewhere, what must always hold, what is refused."""

from __future__ import annotations

import math
import tomllib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from kefu.errors import KefuError
from kefu.quality.sampling import Share, wilson
from kefu.quality.survival import survival

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_complaints.toml").read_text("utf-8"))

cases = st.lists(st.tuples(st.integers(0, 12) | st.floats(0, 1e12), st.booleans()), max_size=40)
confidences = st.floats(0, 1, exclude_min=True, exclude_max=True)

Cases = list[tuple[float, bool]]


def columns(cases: Cases) -> tuple[list[float], list[bool]]:
    """How long each case took, and whether it is closed."""
    return [span for span, _ in cases], [ended for _, ended in cases]


# ---- published values, and other people's code


@pytest.mark.parametrize("case", PUBLISHED["survival"].values(), ids=PUBLISHED["survival"])
def test_the_curve_is_what_was_printed(case: dict[str, Any]) -> None:
    """The share still open, its interval and the median have the published values."""
    found = survival(case["durations"], case["closed"])
    assert found.times.tolist() == case["times"]
    assert found.open.tolist() == pytest.approx(case["open"], abs=case["tolerance"])
    assert found.median == case["median"]
    for name in ("low", "high"):
        if name in case:
            assert getattr(found, name).tolist() == pytest.approx(case[name], abs=5e-5)


@given(cases.filter(lambda cases: any(ended for _, ended in cases)))
def test_the_curve_agrees_with_statsmodels(cases: Cases) -> None:
    """On any cases, statsmodels finds the same curve, and the same interval where it has one."""
    spans, ended = columns(cases)
    found = survival(spans, ended)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        theirs = SurvfuncRight(np.array(spans, float), np.array(ended, float))
        curve = np.asarray(theirs.surv_prob)
        # 1.96 standard errors of log(-log S), by the delta method.
        reach = 1.959963984540054 * theirs.surv_prob_se / np.abs(curve * np.log(curve))
        low, high = curve ** np.exp(reach), curve ** np.exp(-reach)
    np.testing.assert_array_equal(found.times, theirs.surv_times)
    np.testing.assert_array_equal(found.at_risk, theirs.n_risk)
    np.testing.assert_array_equal(found.closed, theirs.n_events)
    np.testing.assert_allclose(found.open, curve, atol=1e-12)
    inner = found.open > 0
    np.testing.assert_allclose(found.low[inner], low[inner], atol=1e-9)
    np.testing.assert_allclose(found.high[inner], high[inner], atol=1e-9)


# ---- what always holds


@given(cases, confidences)
def test_the_curve_falls_within_its_band(cases: Cases, confidence: float) -> None:
    """On any cases: 0 <= low <= open <= high <= 1, falling, and never NaN."""
    found = survival(*columns(cases), confidence)
    assert (found.low >= 0).all()
    assert (found.low <= found.open).all()
    assert (found.open <= found.high).all()
    assert (found.high <= 1).all()
    assert (np.diff(found.open, prepend=1.0) < 0).all()
    assert found.n == len(cases)


@given(cases, st.floats(0, 1e12) | st.integers(0, 14), confidences)
def test_a_deadline_has_a_share_and_an_interval(
    cases: Cases, day: float, confidence: float
) -> None:
    """By any day: 0 <= low <= value <= high <= 1, or None where nobody was watched so long."""
    found = survival(*columns(cases), confidence).by(day)
    assert found.n == len(cases)
    assert 0 <= found.low <= found.high <= 1
    if found.value is None:
        assert all(span < day for span, _ in cases)
        assert found.high == 1
    else:
        assert found.low <= found.value <= found.high


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40), st.integers(0, 14))
def test_without_open_cases_a_share_is_a_share(spans: list[int], day: int) -> None:
    """Where every case is closed, the share closed by a day is the plain share of all."""
    found = survival(spans, [1] * len(spans))
    assert found.by(day).value == pytest.approx(sum(span <= day for span in spans) / len(spans))
    assert found.median == sorted(spans)[(len(spans) + 1) // 2 - 1]


@given(cases, st.randoms())
def test_the_order_of_cases_says_nothing(cases: Cases, random: Any) -> None:
    """The curve is the same whichever case comes first."""
    mixed = survival(*columns(random.sample(cases, len(cases))))
    found = survival(*columns(cases))
    for name in ("times", "open", "low", "high", "at_risk", "closed", "durations"):
        np.testing.assert_array_equal(getattr(mixed, name), getattr(found, name))


def test_dropping_the_open_cases_flatters() -> None:
    """Ten closed on day 1 and ten still open on day 9 are a half closed, not all."""
    spans, ended = [1] * 10 + [9] * 10, [1] * 10 + [0] * 10
    assert survival(spans, ended).by(7).value == 0.5
    assert survival(spans[:10], ended[:10]).by(7).value == 1


# ---- what says little


def test_no_case_says_nothing() -> None:
    """Without a case there is no curve, no median, and nothing known of any day."""
    found = survival([], [])
    assert found.times.size == found.n == 0
    assert found.median is None
    assert found.by(0) == Share(None, 0, 1, 0)


def test_all_open_is_0_closed_as_far_as_one_looked() -> None:
    """Where no case has closed, 0 are closed up to the last day seen, and then nobody knows."""
    found = survival([3, 5, 8], [0, 0, 0])
    assert found.times.size == 0
    assert found.median is None
    assert found.by(2) == Share(0.0, 0.0, wilson(0, 3).high, 3)
    assert found.by(5) == Share(0.0, 0.0, wilson(0, 2).high, 3)
    assert found.by(9) == Share(None, 0, 1, 3)


def test_one_closed_case_is_no_promise() -> None:
    """A single case, closed, is all of them, with Wilson's interval for one of one."""
    found = survival([4], [1])
    assert found.median == 4
    assert found.by(4) == pytest.approx(Share(1.0, wilson(1, 1).low, 1.0, 1))


def test_the_last_case_closed_is_no_promise_either() -> None:
    """Where the last case closes nothing is open, but as much may be as just before."""
    found = survival([1, 2, 3, 4], [1, 1, 1, 1])
    assert found.open[-1] == found.low[-1] == 0
    assert found.high[-1] == found.high[-2] < 1
    assert found.by(4) == (1.0, 1 - found.high[-2], 1.0, 4)


def test_a_day_nobody_was_watched_to_is_unknown() -> None:
    """After the last case seen, with cases open, the share is None, but not below what it was."""
    found = survival([2, 4, 6], [1, 1, 0])
    last, later = found.by(6), found.by(7)
    assert later == Share(None, last.low, 1.0, 3)


def test_a_share_is_reached_when_it_is_reached() -> None:
    """The time of a share is the first by which so much is closed; never reached: None."""
    found = survival(range(1, 11), [1] * 7 + [0] * 3)
    assert [found.quantile(share) for share in (0.1, 0.3, 0.5, 0.7)] == [1, 3, 5, 7]
    assert found.quantile(0.71) is None


# ---- what is refused


@pytest.mark.parametrize(
    "asked",
    [
        lambda: survival([1, 2], [1]),
        lambda: survival([-1], [1]),
        lambda: survival([math.nan], [1]),
        lambda: survival([math.inf], [1]),
        lambda: survival([1], [2]),
        lambda: survival([1], [0.5]),
        lambda: survival([1], [math.nan]),
        lambda: survival([[1]], [[1]]),
        lambda: survival([1], [1], 1.0),
        lambda: survival([1], [1]).by(-1),
        lambda: survival([1], [1]).by(math.nan),
        lambda: survival([1], [1]).quantile(0),
        lambda: survival([1], [1]).quantile(1.1),
    ],
)
def test_what_cannot_be_is_refused(asked: Callable[[], object]) -> None:
    """Negative times, half-closed cases and false shares raise a KefuError."""
    with pytest.raises(KefuError):
        asked()
