"""Control charts: what was printed elsewhere, what must always hold, what is refused."""

from __future__ import annotations

import math
import tomllib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shewhart
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.errors import KefuError
from kefu.quality.charts import (
    Chart,
    c_chart,
    ewma_chart,
    i_mr,
    laney_p_chart,
    laney_u_chart,
    np_chart,
    p_chart,
    u_chart,
    xbar_r,
    xbar_s,
)
from kefu.quality.constants import A3, B4, c4, d2

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_charts.toml").read_text("utf-8"))
ATTRIBUTES: dict[str, Callable[..., Chart]] = {
    "p": p_chart,
    "np": np_chart,
    "c": lambda counts, sizes, **more: c_chart(counts, **more),
    "u": u_chart,
    "p-prime": laney_p_chart,
    "u-prime": laney_u_chart,
}
COUNTED = {
    name: (kind, case) for kind in ("p", "np", "c", "u") for name, case in PUBLISHED[kind].items()
}
NAN = math.nan

rows_of_counts = st.lists(
    st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2
)
values = st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=30)
seeds = st.integers(0, 2**32 - 1)


def spread_evenly(case: dict[str, Any]) -> list[int]:
    """Counts that add up to a published total."""
    each, rest = divmod(case["total"], case["samples"])
    return [each + (row < rest) for row in range(case["samples"])]


def zero_based(case: dict[str, Any], name: str) -> tuple[int, ...]:
    """Published points, counted from 0."""
    return tuple(point - 1 for point in case[name])


def sound(chart: Chart) -> None:
    """What holds for every chart."""
    arrays = (chart.points, chart.center, chart.lower, chart.upper, chart.sigma)
    assert {each.shape for each in arrays} == {chart.points.shape}
    assert all(np.isfinite(each).all() for each in arrays)
    assert (chart.lower <= chart.upper).all()
    assert (chart.sigma >= 0).all()
    assert not np.isnan(chart.z).any()
    assert all(0 <= row < len(chart.points) + chart.first for row in chart.baseline)
    assert all(0 <= point < len(chart.points) for point in chart.outside)


# ---- published values


@pytest.mark.parametrize(("kind", "case"), COUNTED.values(), ids=COUNTED)
def test_charts_of_counts_are_what_was_printed(kind: str, case: dict[str, Any]) -> None:
    """Center, limits and the points outside are the published ones."""
    counts = case.get("counts") or spread_evenly(case)
    left_out = zero_based(case, "without") if "without" in case else ()
    baseline = [row for row in range(len(counts)) if row not in left_out] if left_out else None
    sizes = case.get("sizes") or case.get("size", 1)
    found = ATTRIBUTES[kind](counts, sizes, baseline=baseline, standard=case.get("standard"))
    at = case.get("row", 1) - 1
    assert found.center[at] == pytest.approx(case["center"], abs=case["tolerance"])
    for name in ("upper", "lower"):
        if name in case:
            assert getattr(found, name)[at] == pytest.approx(case[name], abs=case["tolerance"])
    if "outside" in case:
        assert found.outside == zero_based(case, "outside")


@pytest.mark.parametrize("case", PUBLISHED["xbar"].values(), ids=PUBLISHED["xbar"])
def test_means_and_ranges_are_what_was_printed(case: dict[str, Any]) -> None:
    """From the mean and the mean range come the published limits of both charts."""
    half = case["range"] / 2
    sample = [case["mean"] - half, case["mean"] + half, *[case["mean"]] * (case["n"] - 2)]
    location, spread = xbar_r([sample])
    found = (location.upper[0], location.lower[0], spread.upper[0], spread.lower[0])
    expected = (case["upper"], case["lower"], case["spread-upper"], case["spread-lower"])
    assert found == pytest.approx(expected, abs=case["tolerance"])


def test_piston_rings_are_what_was_printed() -> None:
    """Ranges and standard deviations of the piston rings are the published ones, none outside."""
    case = PUBLISHED["rings"]
    for chart, name in ((xbar_r, "range"), (xbar_s, "deviation")):
        location, spread = chart(case["samples"])
        found = (location.center[0], spread.center[0], spread.lower[0], spread.upper[0])
        expected = (case["center"], case[name], 0, case[f"{name}-upper"])
        assert found == pytest.approx(expected, abs=case["tolerance"])
        assert (location.outside, spread.outside) == ((), ())
        # Montgomery rounds before he adds: 74.001 + 1.427 * 0.0094 = 74.014
        assert location.upper[0] == pytest.approx(74.0144, abs=2e-4)
        assert location.lower[0] == pytest.approx(73.9876, abs=2e-4)


@pytest.mark.parametrize("case", PUBLISHED["i"].values(), ids=PUBLISHED["i"])
def test_charts_of_single_values_are_what_was_printed(case: dict[str, Any]) -> None:
    """Center, limits and mean moving range are the published ones."""
    location, spread = i_mr(case["values"])
    found = (location.center[0], location.upper[0], location.lower[0], spread.center[0])
    expected = (case["center"], case["upper"], case["lower"], case["moving"])
    assert found == pytest.approx(expected, abs=case["tolerance"])
    if "moving-upper" in case:
        assert spread.upper[0] == pytest.approx(case["moving-upper"], abs=case["tolerance"])
    assert (location.outside, spread.first) == ((), 1)


@pytest.mark.parametrize("case", PUBLISHED["ewma"].values(), ids=PUBLISHED["ewma"])
def test_moving_averages_are_what_was_printed(case: dict[str, Any]) -> None:
    """Averages, exact limits and the points outside are the published ones."""
    more = {name: case[name] for name in ("center", "sigma", "weight", "width")}
    found = ewma_chart(case["values"], **more)
    for name in ("points", "upper", "lower"):
        for point, value in case.get(name, {}).items():
            at = int(point) - 1
            assert getattr(found, name)[at] == pytest.approx(value, abs=case["tolerance"])
    assert found.outside == zero_based(case, "outside")


# ---- other people's code


def theirs(chart: Any, frame: pd.DataFrame, **more: Any) -> Any:
    """Shewhart's chart, without run rules."""
    return chart(frame, rules="none", **more)


@settings(max_examples=20)
@given(seeds)
def test_shewhart_agrees_on_counts(seed: int) -> None:
    """Shewhart finds the same points, limits and inflation, also for sizes that differ."""
    random = np.random.default_rng(seed)
    sizes = random.integers(20, 400, 15)
    frame = pd.DataFrame({"d": random.binomial(sizes, random.uniform(0.1, 0.9)), "n": sizes})
    pairs = [
        (p_chart(frame.d, frame.n), theirs(shewhart.p_chart, frame, defectives="d", size="n")),
        (laney_p_chart(frame.d, frame.n),
         theirs(shewhart.laney_p, frame, defectives="d", size="n")),
        (u_chart(frame.d, frame.n), theirs(shewhart.u_chart, frame, defects="d", size="n")),
        (laney_u_chart(frame.d, frame.n), theirs(shewhart.laney_u, frame, defects="d", size="n")),
        (c_chart(frame.d), theirs(shewhart.c_chart, frame, defects="d")),
    ]  # fmt: skip
    for ours, other in pairs:
        assert ours.lower == pytest.approx(other.table["lcl"].to_numpy(), abs=1e-9)
        assert ours.upper == pytest.approx(other.table["ucl"].to_numpy(), abs=1e-9)
        assert ours.inflation == pytest.approx(other.stats.get("sigma_z", 1), abs=1e-9)
        assert ours.outside == tuple(point for each in other.signals for point in each.points)


@settings(max_examples=20)
@given(seeds)
def test_shewhart_agrees_on_samples(seed: int) -> None:
    """Shewhart finds the same limits of means, ranges and standard deviations."""
    n = 7  # the least size that has a lower limit of ranges
    samples = np.random.default_rng(seed).normal(300, 20, (12, n))
    frame = pd.DataFrame({"x": samples.ravel(), "day": np.repeat(np.arange(12), n)})
    for ours, chart, short in ((xbar_r, shewhart.xbar_r, "r"), (xbar_s, shewhart.xbar_s, "s")):
        stats = theirs(chart, frame, value="x", subgroup="day").stats
        location, spread = ours(samples)
        assert location.lower[0] == pytest.approx(stats["xbar_lcl"])
        assert location.upper[0] == pytest.approx(stats["xbar_ucl"])
        assert spread.lower[0] == pytest.approx(stats[f"{short}_lcl"])
        assert spread.upper[0] == pytest.approx(stats[f"{short}_ucl"])


@given(seeds, st.floats(0.01, 1))
def test_moving_averages_follow_their_definition(seed: int, weight: float) -> None:
    """Each average is the weighted mean of the new value and the average before."""
    long = np.random.default_rng(seed).normal(5, 2, 300)
    found = ewma_chart(long, weight=weight, center=7, sigma=2)
    expected = [7.0]
    for value in long.tolist():
        expected.append(weight * value + (1 - weight) * expected[-1])
    assert found.points == pytest.approx(expected[1:], abs=1e-12)
    i = np.arange(1, len(long) + 1)
    exact = 2 * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * i)))
    assert found.sigma == pytest.approx(exact)


def test_an_average_of_the_newest_value_alone_is_the_chart_of_single_values() -> None:
    """With weight 1 the EWMA chart has the points and the limits of the individuals chart."""
    data = PUBLISHED["i"]["nist-flow"]["values"]
    single, averaged = i_mr(data).location, ewma_chart(data, weight=1)
    assert averaged.points == pytest.approx(single.points)
    assert averaged.upper == pytest.approx(single.upper)


# ---- samples of different sizes


def test_samples_of_different_sizes_have_stairs_for_limits() -> None:
    """Each mean and standard deviation is judged by the limits of its own sample's size."""
    location, spread = xbar_s([[1, 3], [2, 2, 5, 4], [4, 1, 3]], center=2.5, sigma=2)
    assert location.upper == pytest.approx([2.5 + 6 / math.sqrt(n) for n in (2, 4, 3)])
    assert spread.center == pytest.approx([2 * c4(n) for n in (2, 4, 3)])
    assert spread.upper == pytest.approx([2 * c4(n) * B4(n) for n in (2, 4, 3)])


@given(seeds)
def test_rows_of_one_size_are_a_table(seed: int) -> None:
    """A list of rows and a table of the same numbers give the same charts."""
    samples = np.random.default_rng(seed).normal(0, 1, (6, 4))
    table, listed = xbar_s(samples), xbar_s([*samples.tolist(), [0.0, 1.0]], baseline=slice(6))
    assert listed.location.upper[:6] == pytest.approx(table.location.upper)
    mean_s = float(samples.std(axis=1, ddof=1).mean())
    assert table.spread.center[0] == pytest.approx(mean_s)
    assert table.location.upper[0] == pytest.approx(samples.mean() + A3(4) * mean_s)


def test_piston_rings_of_different_sizes_are_what_was_printed() -> None:
    """Where sizes differ, the variance is pooled, and each size has its own A3, B3 and B4."""
    case = PUBLISHED["rings-of-different-sizes"]
    gone, rows = case["without"], PUBLISHED["rings"]["samples"]
    samples = [[x for at, x in enumerate(row) if 5 * day + at + 1 not in gone]
               for day, row in enumerate(rows)]  # fmt: skip
    location, spread = xbar_s(samples)
    assert location.center == pytest.approx(np.full(25, case["center"]), abs=case["tolerance"])
    assert spread.center == pytest.approx(np.full(25, case["deviation"]), abs=case["narrow"])
    for row, n in enumerate(map(len, samples)):
        of_size = case["limits"][str(n)]
        found = (location.lower[row], location.upper[row], spread.lower[row], spread.upper[row])
        assert found == pytest.approx(of_size, abs=case["tolerance"])


def test_the_mean_deviation_of_samples_of_any_size_is_the_pooled_one() -> None:
    """However the sizes differ, the center line of deviations is sigma as it is: 20 here."""
    random = np.random.default_rng(6)
    samples = [random.normal(300, 20, n) for n in random.integers(2, 9, 20_000)]
    assert xbar_s(samples).spread.center == pytest.approx(np.full(20_000, 20), rel=0.01)


def test_laney_finds_the_inflation_that_is_there() -> None:
    """Where shares vary more than a binomial's, the inflation says by how much."""
    random = np.random.default_rng(5)
    sizes = random.integers(4000, 6000, 5000)
    shares = np.clip(random.normal(0.1, 0.02, 5000), 0, 1)
    found = laney_p_chart(random.binomial(sizes, shares), sizes)
    expected = math.sqrt(1 + (0.02 / math.sqrt(0.09 / 5000)) ** 2)
    assert found.inflation == pytest.approx(expected, rel=0.03)
    assert len(p_chart(random.binomial(sizes, shares), sizes).outside) > 1000
    assert len(found.outside) < 50


# ---- phases


def test_a_baseline_is_named_in_three_ways() -> None:
    """A slice, a mask and row numbers name the same rows; the limits come from them alone."""
    counts, sizes = [5, 6, 40, 4, 50], [100, 100, 100, 200, 100]
    mask = np.array([True, True, False, True, False])
    charts = [p_chart(counts, sizes, baseline=each) for each in ([0, 1, 3], mask, [3, 1, 0, 0])]
    assert {each.center[0] for each in charts} == {15 / 400}
    assert {each.baseline for each in charts} == {(0, 1, 3)}
    assert p_chart(counts, sizes, baseline=slice(2)).baseline == (0, 1)
    assert p_chart(counts, sizes).baseline == (0, 1, 2, 3, 4)


@given(rows_of_counts)
def test_frozen_limits_are_those_of_the_first_phase(data: list[tuple[int, int]]) -> None:
    """Limits frozen as standards are those that the baseline gave, with no baseline to show."""
    counts, sizes = zip(*data, strict=True)
    first = laney_p_chart(counts, sizes)
    frozen = laney_p_chart(
        counts, sizes, standard=float(first.center[0]), inflation=first.inflation
    )
    assert frozen.upper == pytest.approx(first.upper)
    assert frozen.baseline == ()
    assert p_chart(counts, sizes, standard=0.25).baseline == ()


@given(values)
def test_frozen_limits_of_values_are_those_of_the_first_phase(data: list[float]) -> None:
    """New rows below a baseline leave its limits as they are, and so do given standards."""
    first, later = i_mr(data), i_mr([*data, 5.0, 6.0], baseline=slice(len(data)))
    assert later.location.upper[0] == first.location.upper[0]
    center, sigma = float(first.location.center[0]), float(first.location.sigma[0])
    given_ones = i_mr([5.0, 6.0], center=center, sigma=sigma)
    assert given_ones.location.upper[0] == first.location.upper[0]
    assert given_ones.spread.upper[0] == first.spread.upper[0]
    assert given_ones.location.baseline == given_ones.spread.baseline == ()


def test_a_row_left_out_takes_both_its_moving_ranges_along() -> None:
    """A moving range counts where both its rows are in the baseline, never across a gap."""
    pair = i_mr([1.0, 2.0, 90.0, 4.0, 7.0], baseline=[0, 1, 3, 4])
    assert pair.spread.center[0] == pytest.approx((1 + 3) / 2)
    assert pair.location.center[0] == pytest.approx(14 / 4)
    assert pair.spread.points.tolist() == [1, 88, 86, 3]


# ---- what limits do at the ends


def test_limits_are_cut_to_what_is_possible() -> None:
    """No limit lies below 0, above all of a sample, or beyond a point that can be."""
    shares = p_chart([0, 9, 10, 9], 10)
    assert (shares.lower.min(), shares.upper.max()) == (shares.lower[0], 1)
    items = np_chart([0, 9, 10, 9], 10)
    assert (items.lower.min() >= 0, items.upper.max()) == (True, 10)
    low = c_chart([1, 0, 2, 0, 1])
    assert (low.lower == 0).all()
    assert low.outside == ()
    assert (i_mr([1, 2, 3]).spread.lower == 0).all()


def test_a_point_on_a_limit_is_not_outside() -> None:
    """19 of 100 lies on the limit of 0.19 though floats are rounded; 20 is outside, as is 0."""
    found = p_chart([19, 20, 1, 0], 100, standard=0.1)
    assert found.upper[0] == pytest.approx(0.19)
    assert found.lower[0] == pytest.approx(0.01)
    assert found.outside == (1, 3)


@pytest.mark.parametrize("all_or_none", [0, 1])
@pytest.mark.parametrize("chart", [p_chart, laney_p_chart])
def test_without_an_event_the_limits_lie_on_the_line(
    chart: Callable[..., Chart], all_or_none: int
) -> None:
    """A baseline of no (or of all) items leaves no room: any other share is outside."""
    counts = [20 * all_or_none] * 4 + [10]
    found = chart(counts, 20, baseline=slice(4))
    assert found.lower.tolist() == found.upper.tolist() == [all_or_none] * 5
    assert found.outside == (4,)
    assert found.z.tolist() == [0, 0, 0, 0, math.inf * (0.5 - all_or_none)]
    sound(chart(counts, 20, standard=all_or_none))


def test_values_all_the_same_leave_the_limits_on_the_line() -> None:
    """Equal values have no spread, no rounding makes one, and none of them is outside."""
    for pair in (i_mr([0.1] * 7), xbar_r([[0.1] * 3] * 7), xbar_s([[0.1] * 3, [0.1] * 6] * 3)):
        for chart in pair:
            assert (chart.lower == chart.center).all()
            assert (chart.upper == chart.center).all()
            assert not chart.z.any()
            assert chart.outside == ()
    flat = ewma_chart([0.1] * 200, weight=0.3)
    assert not flat.z.any()
    alike = laney_u_chart([3, 6, 9], [0.3, 0.6, 0.9])
    assert alike.inflation == pytest.approx(0, abs=1e-12)


def test_one_row_is_its_own_line() -> None:
    """One row of counts, or one sample, is a chart; one single value is not."""
    assert p_chart([3], [10]).z.tolist() == [0]
    assert c_chart([3]).outside == ()
    assert xbar_r([[1, 3]]).location.z.tolist() == [0]
    assert ewma_chart([4], center=3, sigma=1).points.tolist() == pytest.approx([3.2])
    for call in (i_mr, ewma_chart, lambda data: laney_p_chart(data, 10)):
        with pytest.raises(KefuError):
            call([3])


# ---- whatever comes in


@given(rows_of_counts, st.floats(0, 10))
def test_charts_of_counts_are_sound(data: list[tuple[int, int]], width: float) -> None:
    """No sound counts crash a chart or make a NaN; shares and their limits stay in 0 to 1."""
    counts, sizes = zip(*data, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind, chart in ATTRIBUTES.items():
            found = chart(counts, max(sizes) if kind == "np" else sizes, width=width)
            sound(found)
            assert found.kind == kind
            assert found.lower.min() >= 0
            if kind in ("p", "p-prime"):
                assert found.upper.max() <= 1


@given(values, st.floats(1e-6, 1))
def test_charts_of_values_are_sound(data: list[float], weight: float) -> None:
    """No sound values crash a chart or make a NaN."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pairs = (i_mr(data), xbar_r([data]), xbar_s([data, data[:2]]), xbar_s([data, data]))
        for chart in (*(each for pair in pairs for each in pair), ewma_chart(data, weight=weight)):
            sound(chart)


@pytest.mark.parametrize("kind", ATTRIBUTES)
@pytest.mark.parametrize(
    ("counts", "sizes"),
    [
        ([-1, 2], 10),
        ([NAN, 2], 10),
        ([math.inf, 2], 10),
        ([1.5, 2], 10),
        (["a", 2], 10),
        ([[1, 2]], 10),
        ([], 10),
        (None, 10),
        (3, 10),
    ],
)
def test_impossible_counts_are_refused(kind: str, counts: Any, sizes: Any) -> None:
    """Counts that are negative, broken, missing or none at all give a reason, not a chart."""
    with pytest.raises(KefuError):
        ATTRIBUTES[kind](counts, sizes)


@pytest.mark.parametrize("sizes", [0, [10, 0], -1, [10, NAN], [10], [[10, 10]], None, "ten"])
@pytest.mark.parametrize("chart", [p_chart, laney_p_chart, u_chart, laney_u_chart])
def test_impossible_sizes_are_refused(chart: Callable[..., Chart], sizes: Any) -> None:
    """A row of nothing, or sizes for other rows, give a reason, not a chart."""
    with pytest.raises(KefuError):
        chart([1, 2], sizes)


def test_more_events_than_items_are_refused() -> None:
    """11 of 10 is not a share; 11 complaints in 10 contacts are a rate."""
    for chart in (p_chart, laney_p_chart, np_chart):
        with pytest.raises(KefuError) as caught:
            chart([1, 11], 10)
        assert "11 of 10" in caught.value.say("en")
    assert u_chart([1, 11], 10).points[1] == 1.1
    with pytest.raises(KefuError):
        np_chart([1, 2], [10, 20])  # type: ignore[arg-type]
    with pytest.raises(KefuError):
        p_chart([1, 2], [10.5, 20])


@pytest.mark.parametrize(
    "baseline", [[], [2], [-1], [0.5], [True], slice(5, 9), "all", [[0]], slice("a"), [10**30]]
)
def test_baselines_that_name_no_row_are_refused(baseline: Any) -> None:
    """A baseline is of rows that there are, and of one at least."""
    for call in (
        lambda: c_chart([1, 2], baseline=baseline),
        lambda: i_mr([1, 2], baseline=baseline),
    ):
        with pytest.raises(KefuError):
            call()


def test_a_baseline_beside_standards_is_refused() -> None:
    """Limits are given or computed; both at once would leave one of them unheard."""
    for call in (
        lambda: p_chart([1, 2], 10, baseline=[0], standard=0.1),
        lambda: laney_u_chart([1, 2], 10, baseline=[0, 1], standard=0.1, inflation=2),
        lambda: i_mr([1, 2], baseline=[0, 1], center=1, sigma=1),
        lambda: xbar_s([[1, 2]], baseline=[0], center=1, sigma=1),
        lambda: ewma_chart([1, 2], baseline=[0, 1], center=1, sigma=1),
    ):
        with pytest.raises(KefuError):
            call()
    assert i_mr([1, 3], baseline=[0, 1], center=1).location.baseline == (0, 1)


@pytest.mark.parametrize(
    "samples",
    [[], [[]], [[1]], [1, 2], [[1, 2], [3]], [[1, NAN], [1, 2]], [[1, 2], [3, "x", 4]], None, "ab",
     [[1, 2], None], [[1, 2], 3], [[[1, 2]], [[1, 2, 3]]], {"a": [1, 2]}],
)  # fmt: skip
@pytest.mark.parametrize("chart", [xbar_r, xbar_s])
def test_impossible_samples_are_refused(chart: Any, samples: Any) -> None:
    """A sample has two numbers at least, and no NaN among them."""
    with pytest.raises(KefuError):
        chart(samples)


def test_ranges_are_of_samples_of_one_size() -> None:
    """Ranges of unlike samples have no common line, and those of more than 1000 say little."""
    for samples in ([[1, 2], [1, 2, 3]], np.zeros((2, 1001))):
        with pytest.raises(KefuError) as caught:
            xbar_r(samples)
        assert "xbar_s" in caught.value.say("zh")
        xbar_s(samples)


@pytest.mark.parametrize("weight", [0, -0.1, 1.1, NAN, None])
def test_impossible_weights_are_refused(weight: Any) -> None:
    """The newest value weighs more than nothing and not more than all."""
    with pytest.raises(KefuError):
        ewma_chart([1, 2, 3], weight=weight)


@pytest.mark.parametrize("bad", [NAN, math.inf, -1, "x"])
def test_impossible_standards_are_refused(bad: Any) -> None:
    """A standard, a sigma or a width that cannot be gives a reason."""
    for call in (
        lambda: p_chart([1, 2], 10, standard=bad),
        lambda: p_chart([1, 2], 10, width=bad),
        lambda: laney_u_chart([1, 2], 10, inflation=bad),
        lambda: i_mr([1, 2], sigma=bad),
    ):
        with pytest.raises(KefuError):
            call()
    with pytest.raises(KefuError):
        p_chart([1, 2], 10, standard=1.01)


def test_mean_moving_range_gives_sigma() -> None:
    """Sigma of single values is the mean moving range over d2 of two."""
    assert i_mr([1, 3, 2, 6]).location.sigma[0] == pytest.approx((2 + 1 + 4) / 3 / d2(2))
