"""Pareto, reopened cases and the backlog: what was printed, what must hold, what is refused."""

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
from statsmodels.stats.proportion import proportion_confint

from kefu.errors import KefuError
from kefu.quality import complaints, survival
from kefu.quality.complaints import (
    Ageing,
    Pareto,
    ageing,
    backlog,
    followed,
    pareto,
    pareto_of,
    reopened,
)
from kefu.quality.sampling import Share

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_complaints.toml").read_text("utf-8"))
NAN = math.nan

logs = st.lists(
    st.tuples(st.integers(0, 20), st.none() | st.integers(0, 20)).map(
        lambda case: (case[0], NAN if case[1] is None else case[0] + case[1])
    ),
    max_size=30,
)
Log = list[tuple[float, float]]


def columns(log: Log) -> tuple[list[float], list[float]]:
    """When each case came, and when it was closed."""
    return [came for came, _ in log], [ended for _, ended in log]


# ---- Pareto


@pytest.mark.parametrize("case", PUBLISHED["pareto"].values(), ids=PUBLISHED["pareto"])
def test_pareto_is_what_was_printed(case: dict[str, Any]) -> None:
    """The causes come in the published order, with the published running shares."""
    found = pareto(case["weights"])
    assert list(found.names) == case["names"]
    assert found.cumulative == pytest.approx(case["cumulative"], abs=case["tolerance"])


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 3) | st.floats(0, 1e12), max_size=8))
def test_pareto_sorts_and_sums(weights: dict[str, float]) -> None:
    """On any weights: the greatest first, ties as given, the last running share exactly 1."""
    found = pareto(weights)
    assert list(found.names) == sorted(weights, key=lambda name: -weights[name])
    assert list(found.values) == sorted(weights.values(), reverse=True)
    if any(weights.values()):
        assert found.cumulative[-1] == 1
        assert sum(found.shares) == pytest.approx(1)
        assert list(found.cumulative) == sorted(found.cumulative)
    else:
        assert not any(found.shares + found.cumulative)


def test_a_rare_danger_outranks_a_frequent_grumble() -> None:
    """By count, by cost and by severity another cause goes first."""
    causes = ["wait", "wait", "wait", "burn", "bill", "bill"]
    assert pareto_of(causes).names == ("wait", "bill", "burn")
    assert pareto_of(causes, costs=[1, 0, 0, 5, 90, 9]).names == ("bill", "burn", "wait")
    assert pareto_of(causes, severities=[1, 1, 1, 50, 3, 3]).names == ("burn", "bill", "wait")
    assert pareto_of(causes).values == (3, 2, 1)


def test_no_complaint_has_no_cause() -> None:
    """Without a complaint the Pareto is empty."""
    assert pareto({}) == pareto_of([]) == pareto_of([], costs=[]) == Pareto((), (), (), ())


# ---- cases that come back


@given(st.integers(0, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_reopened_agrees_with_statsmodels(counts: tuple[int, int]) -> None:
    """On any counts, statsmodels finds the same share and interval."""
    closed, again = counts
    found = reopened(closed, again)
    if not closed:
        assert found == Share(None, 0, 1, 0)
        return
    expected = proportion_confint(again, closed, method="wilson")
    assert found.value == again / closed
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)


# ---- cases that wait


@given(logs, st.integers(-2, 45))
def test_open_cases_are_counted_one_by_one(log: Log, at: int) -> None:
    """At any moment the backlog and its ages are those of the cases come and not yet closed."""
    ages = [at - came for came, ended in log if came <= at and not ended <= at]
    found = ageing(*columns(log), at)
    assert found.n == len(ages) == backlog(*columns(log), [at])[0]
    if ages:
        assert found == (len(ages), *np.percentile(ages, (50, 90)), max(ages))
    else:
        assert found == Ageing(0, None, None, None)


@given(logs, st.integers(-2, 45))
def test_a_log_becomes_durations(log: Log, until: int) -> None:
    """Up to any moment each case that has come was watched until it closed, or until then."""
    there = [(came, ended) for came, ended in log if came <= until]
    found = followed(*columns(log), until)
    assert found.durations.tolist() == [
        (ended if ended <= until else until) - came for came, ended in there
    ]
    assert found.closed.tolist() == [ended <= until for _, ended in there]
    assert survival.survival(*found).n == len(there)


def test_moments_may_come_in_any_order() -> None:
    """The backlog has one count per moment asked for; at its close a case is open no more."""
    assert backlog([0, 1, 1], [2, NAN, 1], [2, 0, -1, 1]).tolist() == [1, 1, 0, 2]
    assert backlog([], [], [3]).tolist() == [0]
    assert backlog([0], [None], []).tolist() == []


def test_the_age_of_one_case_is_its_age() -> None:
    """A backlog of one case has its age for every quantile."""
    assert ageing([2], [None], 9) == (1, 7, 7, 7)


def test_the_curve_is_found_here_as_well() -> None:
    """The estimate of Kaplan and Meier is one of the tools for complaints."""
    assert complaints.survival is survival.survival


@pytest.mark.parametrize(
    "asked",
    [
        lambda: pareto({"wait": -1}),
        lambda: pareto({"wait": NAN}),
        lambda: pareto({"wait": math.inf}),
        lambda: pareto_of(["wait"], costs=[-1]),
        lambda: pareto_of(["wait"], costs=[1, 2]),
        lambda: pareto_of(["wait"], severities=[NAN]),
        lambda: pareto_of(["wait"], costs=[1], severities=[1]),
        lambda: pareto_of(cast(Any, [NAN])),
        lambda: pareto_of(cast(Any, [["wait"]])),
        lambda: pareto_of(cast(Any, None)),
        lambda: pareto(cast(Any, ["wait"])),
        lambda: reopened(2, 3),
        lambda: reopened(2, 0.5),
        lambda: reopened(2, -1),
        lambda: ageing([2], [1], 3),
        lambda: ageing([2, 3], [4], 3),
        lambda: ageing([NAN], [4], 3),
        lambda: ageing([2], [math.inf], 3),
        lambda: ageing([2], [4], NAN),
        lambda: backlog([2], [4], [NAN]),
        lambda: backlog([2], [4], 3),
        lambda: followed([2], [1], 3),
        lambda: followed([2], [3], math.inf),
    ],
)
def test_what_cannot_be_is_refused(asked: Callable[[], object]) -> None:
    """Negative weights, broken logs and counts that do not fit raise a KefuError."""
    with pytest.raises(KefuError):
        asked()
