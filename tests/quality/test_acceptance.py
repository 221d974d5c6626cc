"""Acceptance sampling: what was printed elsewhere, what must always hold, what is refused."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from kefu.errors import KefuError
from kefu.quality.acceptance import Plan, acceptance, dpmo, oc_curve, plan, sigma_level

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_acceptance.toml").read_text("utf-8"))

shares = st.floats(0, 1)


@pytest.mark.parametrize("case", PUBLISHED["oc"].values(), ids=PUBLISHED["oc"])
def test_curves_are_what_was_printed(case: dict[str, Any]) -> None:
    """The probability of acceptance is the published one at each share, alone and as a curve."""
    curve = oc_curve(case["n"], case["most"], case["share"])
    assert curve.plan == Plan(case["n"], case["most"])
    assert curve.accepted == pytest.approx(case["value"], abs=case["tolerance"])
    for share, accepted in zip(case["share"], curve.accepted, strict=True):
        assert acceptance(case["n"], case["most"], share) == accepted


@pytest.mark.parametrize("case", PUBLISHED["plan"].values(), ids=PUBLISHED["plan"])
def test_plans_are_what_was_printed(case: dict[str, Any]) -> None:
    """The plan found for two points is the published one."""
    asked = {k: v for k, v in case.items() if k not in ("source", "value")}
    assert plan(**asked) == tuple(case["value"])


@pytest.mark.parametrize("case", PUBLISHED["sigma"].values(), ids=PUBLISHED["sigma"])
def test_sigma_levels_are_what_was_printed(case: dict[str, Any]) -> None:
    """Defects per million have the published levels, with the shift or without."""
    found = sigma_level(case["dpmo"], case.get("shift", 1.5))
    assert found == pytest.approx(case["value"], abs=case["tolerance"])


@given(st.integers(0, 5000), st.integers(0, 5000), shares)
def test_scipy_accepts_as_often(n: int, most: int, share: float) -> None:
    """Scipy's binomial distribution gives the same probability."""
    theirs = float(stats.binom.cdf(most, n, share))
    assert acceptance(n, most, share) == pytest.approx(theirs, abs=1e-12)


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.lists(shares, min_size=2, max_size=9))
def test_worse_lots_are_accepted_less_often(n: int, most: int, asked: list[float]) -> None:
    """A curve falls from 1, at no faulty ones, and lies within 0 and 1."""
    curve = oc_curve(n, most, [0.0, *sorted(asked)])
    assert curve.accepted[0] == 1
    assert ((curve.accepted >= 0) & (curve.accepted <= 1)).all()
    assert (np.diff(curve.accepted) <= 1e-12).all()


def by_trying(good: float, bad: float, producer: float, consumer: float) -> Plan:
    """The least n, then the least number allowed, that keep both promises."""
    for n in range(1, 2000):
        allowed = np.arange(n)
        kept = (stats.binom.cdf(allowed, n, good) >= 1 - producer) & (
            stats.binom.cdf(allowed, n, bad) <= consumer
        )
        if kept.any():
            return Plan(n, int(np.argmax(kept)))
    raise AssertionError


@settings(max_examples=25)
@given(st.integers(0, 40), st.integers(1, 59), st.integers(1, 60), st.integers(1, 60))
def test_no_smaller_plan_will_do(good: int, more: int, producer: int, consumer: int) -> None:
    """The plan found is the first that trying all of them finds."""
    # Odd thousandths: no probability is met exactly, where the last digit would decide.
    asked = (good / 100, (good + max(more, 8)) / 100, producer / 100 + 1e-4, consumer / 100 + 1e-4)
    found = plan(*asked[:2], producer=asked[2], consumer=asked[3])
    assert found == by_trying(*asked)


@settings(max_examples=30)
@given(shares, shares, st.floats(1e-6, 0.999), st.floats(1e-6, 0.999))
def test_a_plan_keeps_its_promises(
    good: float, bad: float, producer: float, consumer: float
) -> None:
    """Whatever is asked, a plan keeps both promises, or it is said that there is none."""
    assume(good < bad)
    try:
        found = plan(good, bad, producer=producer, consumer=consumer)
    except KefuError:
        assert bad - good < 0.05
        return
    assert acceptance(*found, good) >= 1 - producer
    assert acceptance(*found, bad) <= consumer


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(-3, 3))
def test_fewer_defects_are_a_higher_level(one: float, other: float, shift: float) -> None:
    """The level falls as defects grow, and moves with the shift."""
    low, high = sorted((one, other))
    assert sigma_level(low, shift) >= sigma_level(high, shift)
    if 0 < low < 1e6:
        assert sigma_level(low, shift) == pytest.approx(sigma_level(low, 0) + shift, abs=1e-9)
        assert stats.norm.sf(sigma_level(low, 0)) * 1e6 == pytest.approx(low, rel=1e-9)


def test_six_sigma() -> None:
    """34 defects in a million calls with ten chances each are 3.4 per million: 6 sigma."""
    assert dpmo(34, 10**6, 10) == pytest.approx(3.4)
    assert sigma_level(dpmo(34, 10**6, 10)) == pytest.approx(6, abs=5e-4)


def test_the_ends_are_named() -> None:
    """Looking at nothing accepts all; no defect is no finite level; one number gives a float."""
    assert acceptance(0, 0, 0.5) == acceptance(5, 5, 1) == acceptance(5, 0, 0) == 1
    assert acceptance(5, 4, 1) == 0
    assert plan(0, 1) == (1, 0)
    assert sigma_level(0) == math.inf
    assert sigma_level(10**6) == -math.inf
    assert dpmo(0, 1, 1) == 0
    assert dpmo(12, 3, 4) == 10**6
    assert [type(f) for f in (acceptance(5, 1, 0.5), dpmo(1, 2, 3), sigma_level(3.4))] == [
        float
    ] * 3


def test_tables_at_once() -> None:
    """Arrays are broadcast, and empty ones give empty ones."""
    assert acceptance([[10], [20]], [0, 1, 2], 0.1).shape == (2, 3)
    assert dpmo([1, 2], 10, [[1], [2]]).shape == (2, 2)
    assert acceptance([], 1, 0.5).shape == sigma_level([]).shape == (0,)
    assert oc_curve(5, 1, []).accepted.shape == (0,)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda: acceptance(-1, 0, 0.5), "the sample size cannot be −1"),
        (lambda: acceptance(5.5, 0, 0.5), "the sample size cannot be 5.5"),
        (lambda: acceptance(10**8, 0, 0.5), "the sample size cannot be 100000000"),
        (lambda: acceptance(5, -1, 0.5), "the number allowed cannot be −1"),
        (lambda: acceptance(5, 1, 2), "the share of faulty ones cannot be 2"),
        (lambda: acceptance(5, 1, math.nan), "the share of faulty ones: one is missing"),
        (lambda: acceptance([1, 2], [1, 2, 3], 0.5), "do not fit together"),
        (lambda: oc_curve(5, 1, 0.5), "the share of faulty ones: no numbers"),
        (lambda: plan(0.1, 0.1), "is not below"),
        (lambda: plan(0.2, 0.1), "is not below"),
        (lambda: plan(0.5, 0.5001), "too close"),
        (lambda: plan(0, 5e-324), "too close"),
        (lambda: plan(0.01, 0.1, producer=0), "the producer's risk cannot be 0"),
        (lambda: plan(0.01, 0.1, consumer=5), "the consumer's risk cannot be 5"),
        (lambda: dpmo(5, 2, 2), "4 opportunities cannot hold 5 defects"),
        (lambda: dpmo([1, 9], 2, 2), "4 opportunities cannot hold 9 defects"),
        (lambda: dpmo(0, 0, 1), "the units cannot be 0"),
        (lambda: dpmo(-1, 1, 1), "the defects cannot be −1"),
        (lambda: sigma_level(2e6), "the defects per million cannot be 2000000"),
        (lambda: sigma_level(3.4, math.inf), "the shift cannot be ∞"),
    ],
)
def test_what_cannot_be_asked(wrong: Any, why: str) -> None:
    """Numbers out of their bounds, and points that no plan separates, are refused in words."""
    with pytest.raises(KefuError) as caught:
        wrong()
    assert why in caught.value.what.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.what.zh)
