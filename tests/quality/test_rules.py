"""Run rules: what they find, against their definitions; how long until they cry wolf."""

from __future__ import annotations

import math
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from shewhart import _rules as shewhart_rules

from kefu.errors import KefuError
from kefu.quality.charts import (
    c_chart,
    ewma_chart,
    i_mr,
    laney_u_chart,
    np_chart,
    p_chart,
    u_chart,
    xbar_r,
    xbar_s,
)
from kefu.quality.rules import (
    NELSON,
    RULES,
    WESTERN_ELECTRIC,
    Signal,
    chart_signals,
    run_length,
    signals,
)

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_rules.toml").read_text("utf-8"))
ALL = (*WESTERN_ELECTRIC, *NELSON)
NAN = math.nan

# Few distinct levels: runs, ties and points on the lines are common.
level = st.sampled_from([-3.5, -3.0, -2.2, -2.0, -1.4, -1.0, -0.5, 0.0, 0.5, 1.0, 1.4, 2.0, 2.2,
                         3.0, 3.5])  # fmt: skip
drifting = st.lists(st.floats(-0.4, 0.6), max_size=40).map(lambda steps: np.cumsum(steps).tolist())
series = st.lists(level, max_size=60) | drifting | st.lists(st.floats(-4, 4), max_size=60)


@pytest.mark.parametrize("case", PUBLISHED["rule"].values(), ids=PUBLISHED["rule"])
def test_rules_find_the_completing_point(case: dict[str, Any]) -> None:
    """Each rule signals at the point that completes its pattern, and nowhere else."""
    found = signals(case["z"], [case["rule"]])
    assert [signal.at + 1 for signal in found] == case["last"]


# ---- the definitions, word for word


def by_definition(z: list[float], rule: str, at: int) -> int | None:
    """The side of the pattern that the point `at` completes, or None."""

    def last(n: int) -> list[float]:
        return z[max(at - n + 1, 0) : at + 1]

    def k_of(k: int, n: int, line: float) -> int | None:
        for side in (1, -1):
            beyond = [side * each > line for each in last(n)]
            if beyond[-1] and sum(beyond) >= k:
                return side
        return None

    zones = {"1": (1, 1, 3.0), "5": (2, 3, 2.0), "6": (4, 5, 1.0), "2": (9, 9, 0.0)}
    alias = {"we-1": "1", "we-2": "5", "we-3": "6"}
    name = alias.get(rule, rule.removeprefix("nelson-"))
    if rule == "we-4":
        return k_of(8, 8, 0.0)
    if name in zones:
        return k_of(*zones[name])
    window = last({"3": 6, "4": 14, "7": 15, "8": 8}[name])
    if len(window) < {"3": 6, "4": 14, "7": 15, "8": 8}[name]:
        return None
    steps = [after - before for before, after in pairwise(window)]
    match name:
        case "3":
            return 1 if min(steps) > 0 else -1 if max(steps) < 0 else None
        case "4":
            turns = (one * other < 0 for one, other in pairwise(steps))
            return 0 if all(turns) else None
        case "7":
            return 0 if all(abs(each) < 1 for each in window) else None
        case _:
            both = max(window) > 1 and min(window) < -1
            return 0 if both and all(abs(each) > 1 for each in window) else None


@given(series)
def test_rules_are_their_definitions(z: list[float]) -> None:
    """On any series every rule signals where its definition, read word for word, is met."""
    z = [round(each, 6) for each in z]
    expected = [
        (rule, at, side)
        for at in range(len(z))
        for rule in ALL
        if (side := by_definition(z, rule, at)) is not None
    ]
    assert [(each.rule, each.at, each.side) for each in signals(z, ALL)] == expected


@given(series)
def test_shewhart_agrees_on_the_points_of_patterns(z: list[float]) -> None:
    """Shewhart marks the same points; only its rule 8 asks for one side alone."""
    # Shewhart looks at full windows only: points on the line before the first change nothing else.
    z = [0.0] * 5 + [round(each, 6) for each in z]
    for rule in (each for each in ALL if each != "nelson-8"):
        ours = {point for signal in signals(z, [rule]) for point in signal.points}
        groups = shewhart_rules.RULES[rule.replace("-", "_")].fn(np.array(z))
        assert ours == {point for group in groups for point in group}


@given(series)
def test_a_signal_is_made_of_its_pattern(z: list[float]) -> None:
    """The completing point is the last of the pattern's points, and all of them are on its side."""
    for signal in signals(z, ALL):
        assert signal.points[-1] == signal.at
        assert list(signal.points) == sorted(set(signal.points))
        if signal.side and signal.rule != "nelson-3":
            assert all(z[point] * signal.side > 0 for point in signal.points)


@given(series)
def test_a_mirrored_series_signals_on_the_other_side(z: list[float]) -> None:
    """Turned upside down, the same points signal on the other side."""
    found = signals(z, ALL)
    mirrored = signals([-each for each in z], ALL)
    assert sorted(mirrored) == sorted(each._replace(side=-each.side) for each in found)


def test_a_pattern_that_goes_on_signals_again() -> None:
    """Ten points on one side are three signals of a rule of eight, each of the last eight."""
    found = signals([0.5] * 10, ["we-4"])
    assert found == [Signal("we-4", at, tuple(range(at - 7, at + 1)), 1) for at in (7, 8, 9)]


def test_a_point_on_the_line_breaks_a_run() -> None:
    """The line itself is on neither side, nor is what rounding puts beside it."""
    for on_it in (0.0, 1e-12, -1e-12):
        assert signals([0.5] * 7 + [on_it] + [0.5] * 7, ["we-4"]) == []
    assert signals([3.0, 3 + 1e-12, -3.0], ["we-1"]) == []
    assert signals([0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6], ["nelson-3"]) == []


def test_signals_name_the_points_that_count() -> None:
    """Two of three are the two, not the three; the order of signals is by point, then by rule."""
    found = signals([0, 2.1, 0.3, 3.4, 0.2], ["we-2", "we-1"])
    assert found == [Signal("we-2", 3, (1, 3), 1), Signal("we-1", 3, (3,), 1)]
    assert signals([2.1, 2.2], ["we-2"]) == [Signal("we-2", 1, (0, 1), 1)]
    assert signals([2.1, -2.2, 0], ["we-2"]) == []


def test_eight_beyond_one_sigma_need_both_sides() -> None:
    """Eight points beyond one sigma on one side are another rule's matter."""
    assert signals([1.5] * 8, ["nelson-8"]) == []
    assert [each.at for each in signals([1.5] * 7 + [-1.5] * 8, ["nelson-8"])] == [*range(7, 14)]


def test_infinite_distances_are_far_and_alike() -> None:
    """Beside a sigma of 0, points off the line are beyond all limits, and do not rise."""
    found = signals([0, math.inf, math.inf, -math.inf, *[math.inf] * 6], ALL)
    assert {each.at for each in found if each.rule == "we-1"} == {1, 2, 3, *range(4, 10)}
    assert "nelson-3" not in {each.rule for each in found}


def test_every_rule_is_said_in_both_languages() -> None:
    """Each rule has its words in 中文 and in English."""
    assert tuple(RULES) == ALL
    assert all(words.zh and words.en for words in RULES.values())


@pytest.mark.parametrize("z", [[0, NAN], [[1, 2]], ["a"], None, 3])
def test_what_is_no_series_is_refused(z: Any) -> None:
    """NaN, a table or words are no series of points."""
    with pytest.raises(KefuError):
        signals(z)


@pytest.mark.parametrize("rules", [["we-5"], ["nelson-0"], "western", [], ["we-1", "x"]])
def test_rules_that_there_are_not_are_refused(rules: Any) -> None:
    """A rule without a definition gives a reason, and so do no rules at all."""
    chart = c_chart([1, 2])
    for call in (lambda: signals([0], rules), lambda: chart_signals(chart, rules),
                 lambda: run_length(rules, runs=2)):  # fmt: skip
        with pytest.raises(KefuError):
            call()


def test_no_points_no_signals() -> None:
    """An empty series signals nothing; one rule may be named alone, or twice for once."""
    assert signals([], ALL) == []
    assert signals([4], "we-1") == signals([4], ["we-1", "we-1"]) == [Signal("we-1", 0, (0,), 1)]


# ---- charts


def test_zone_rules_are_not_for_counts() -> None:
    """Counts and spreads refuse the rules on zones; averages that carry over all but the limits."""
    zones = ("we-2", "we-3", "nelson-5", "nelson-6", "nelson-7", "nelson-8")
    samples = [[1, 2], [2, 4]]
    lopsided = [p_chart([1, 2], 9), np_chart([1, 2], 9), c_chart([1, 2]), u_chart([1, 2], 9),
                laney_u_chart([1, 2], 9), xbar_r(samples).spread,
                xbar_s(samples).spread]  # fmt: skip
    carried = [ewma_chart([1, 2, 3]), i_mr([1, 2, 3]).spread]
    for chart in (*lopsided, *carried):
        chart_signals(chart)
        chart_signals(chart, ["we-1", "nelson-1"])
        for rule in zones if chart in lopsided else set(ALL) - {"we-1", "nelson-1"}:
            with pytest.raises(KefuError) as caught:
                chart_signals(chart, [rule])
            assert rule in caught.value.say("zh")
    for chart in lopsided:
        chart_signals(chart, ["we-1", "we-4", *NELSON[:4]])
    for chart in (xbar_r(samples).location, i_mr([1, 2, 3]).location):
        chart_signals(chart, ALL)


def test_the_first_rule_reads_the_limits_of_the_chart() -> None:
    """Narrower limits signal earlier, and a point on a limit does not signal."""
    data = [10, 11, 12.7, 10, 13]
    assert [each.at for each in chart_signals(ewma_chart(data, weight=1, width=2.7, center=10,
                                                         sigma=1))] == [4]  # fmt: skip
    wide = ewma_chart(data, weight=1, width=3, center=10, sigma=1)
    assert chart_signals(wide) == []


def test_nothing_signals_below_a_limit_of_zero() -> None:
    """Where the lower limit is cut to 0, no event at all is no signal of the first rule."""
    chart = c_chart([0, 0, 9, 0, 3], standard=4)
    assert chart_signals(chart, ["we-1"]) == []
    assert chart_signals(c_chart([0, 11], standard=4)) == [Signal("we-1", 1, (1,), 1)]


def test_runs_are_read_under_stairs_too() -> None:
    """Eight shares above the line are a run however the sizes, and so the limits, differ."""
    sizes = [100, 50, 400, 80, 90, 60, 200, 70]
    chart = p_chart([int(n * 0.12) for n in sizes], sizes, standard=0.1)
    assert [(each.rule, each.at) for each in chart_signals(chart)] == [("we-4", 7)]


def test_a_shift_is_found_where_it_is() -> None:
    """A chart of frozen limits signals the first point of a great shift, and none before it."""
    chart = i_mr([50, 51, 49, 50, 51, 50, 58, 59], baseline=slice(6)).location
    assert chart_signals(chart)[0].at == 6


# ---- run lengths


@pytest.mark.parametrize("case", PUBLISHED["arl"].values(), ids=PUBLISHED["arl"])
def test_run_lengths_are_what_was_printed(case: dict[str, Any]) -> None:
    """The published mean lies by the simulated interval, which is narrow."""
    found = run_length(case["rules"], shift=case["shift"], runs=12_000)
    assert found.low < found.mean < found.high
    assert found.high - found.low < 0.04 * found.mean
    assert abs(found.mean - case["value"]) < found.high - found.mean + 0.01 * case["value"]


@pytest.mark.parametrize("shift", [0.5, -1.5, 3])
def test_run_lengths_of_the_first_rule_are_exact(shift: float) -> None:
    """With one rule on one point the mean is one over its chance, and so is the median's."""
    chance = float(ndtr(shift - 3) + ndtr(-shift - 3))
    found = run_length(["nelson-1"], shift=shift, runs=20_000, seed=3)
    assert found.mean == pytest.approx(1 / chance, rel=0.03)
    assert found.median == pytest.approx(math.log(0.5) / math.log1p(-chance), rel=0.04, abs=1)


def test_the_same_seed_gives_the_same_run_lengths() -> None:
    """The same seed gives the same simulation, another seed another."""
    one, same, other = (run_length(runs=200, seed=seed) for seed in (4, 4, 5))
    assert one == same != other


def test_run_lengths_do_not_depend_on_where_a_block_ends() -> None:
    """A pattern across two blocks of the simulation is found as within one."""
    few, many = run_length(["nelson-4"], runs=500), run_length(["nelson-4"], runs=20_000)
    assert few.low < many.mean < few.high


def test_rules_that_never_signal_are_refused() -> None:
    """Ten sigma away, no point ever lies near the center: that is said, not waited for."""
    with pytest.raises(KefuError):
        run_length(["nelson-7"], shift=10, runs=50)


@pytest.mark.parametrize(
    "more", [{"shift": NAN}, {"shift": "a"}, {"runs": 1}, {"runs": 2.5}, {"seed": -1}]
)
def test_impossible_simulations_are_refused(more: dict[str, Any]) -> None:
    """A shift that is no number, too few runs or a negative seed give a reason."""
    with pytest.raises(KefuError):
        run_length(**more)
