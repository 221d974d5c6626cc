"""Control charts, funnels and run lengths, as they look and as they are told."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from kefu.errors import KefuError
from kefu.plots.charts import control_chart, funnel, pair, run_lengths
from kefu.plots.house import BAD, Plot
from kefu.quality.charts import c_chart, ewma_chart, i_mr, p_chart, u_chart, xbar_r
from kefu.quality.rules import RULES, RunLength, Signal, chart_signals
from kefu.text import Lang, Text

ERRORS = Text("有关键差错的通话", "calls with a critical error")
HANDLE = Text("处理时长", "handle time")
SECONDS = Text("秒", "s")

SIZES = [80 + 37 * at % 61 for at in range(60)]
COUNTS = [round(n * (0.08 if at < 34 else 0.135)) + (7 * at % 5 - 2) for at, n in enumerate(SIZES)]
P = p_chart(COUNTS, SIZES, baseline=slice(0, 24))
TIMES = [300 + 13 * ((29 * at) % 11 - 5) / 3 for at in range(40)] + [420, *range(300, 307)]
IMR = i_mr(TIMES, baseline=slice(0, 30))
SAMPLES = [[300 + (17 * (5 * row + at)) % 41 - 20 for at in range(5)] for row in range(8)]
SCORES = [4.2 + (7 * at % 9 - 4) / 40 + (0.06 if at > 30 else 0) for at in range(60)]


def weeks(n: int, lang: Lang) -> list[str]:
    """Names of so many weeks."""
    return [f"第 {at} 周" if lang == "zh" else f"week {at}" for at in range(1, n + 1)]


def drawn_p(lang: Lang) -> Plot:
    """Sixty days with two phases, stairs, a shift and its signals."""
    return control_chart(P, lang=lang, what=ERRORS, signals=chart_signals(P))


def drawn_imr(lang: Lang) -> Plot:
    """Two charts, all rules, one outlier that shows in both."""
    return pair(
        IMR, lang=lang, what=HANDLE, unit=SECONDS, spread_signals=chart_signals(IMR.spread),
        signals=chart_signals(IMR.location, tuple(RULES)),
    )  # fmt: skip


def drawn_xbar(lang: Lang) -> Plot:
    """Eight quiet weeks with names."""
    return pair(xbar_r(SAMPLES), lang=lang, what=HANDLE, unit=SECONDS, rows=weeks(8, lang))


def drawn_funnel(lang: Lang) -> Plot:
    """Twelve people, one of them apart."""
    sizes = [40, 60, 80, 120, 150, 170, 200, 240, 260, 300, 340, 380]
    counts = [5, 3, 8, 9, 14, 12, 17, 18, 22, 26, 25, 75]
    names = [f"员工 {at}" if lang == "zh" else f"agent {at}" for at in range(1, 13)]
    return funnel(p_chart(counts, sizes), sizes, names, lang=lang, what=ERRORS)


def drawn_runs(lang: Lang) -> Plot:
    """What one rule and four rules cost and bring."""
    return run_lengths(
        [Text("规则 1", "rule 1"), Text("规则 1–4", "rules 1–4")],
        [RunLength(370.4, 363, 378, 257, 10_000), RunLength(91.75, 90, 94, 64, 10_000)],
        [RunLength(43.9, 43, 45, 31, 10_000), RunLength(9.2, 9, 9.4, 7, 10_000)],
        shift=1,
        lang=lang,
    )


KEPT: dict[str, Callable[[Lang], Plot]] = {
    "control-chart": drawn_p,
    "pair-signals": drawn_imr,
    "pair-quiet": drawn_xbar,
    "funnel": drawn_funnel,
    "run-lengths": drawn_runs,
}


@cache
def drawn(name: str, lang: Lang) -> Plot:
    """One of them, drawn once."""
    return KEPT[name](lang)


EXTREME: dict[str, Callable[[Lang], Plot]] = {
    "all-zero": lambda lang: control_chart(p_chart([0] * 10, [50] * 10), lang=lang, what=ERRORS),
    "one-point": lambda lang: control_chart(c_chart([4]), lang=lang, what=ERRORS),
    "huge": lambda lang: control_chart(
        u_chart([3e9, 5e9, 3e9] * 100, [1e9] * 300), lang=lang, what=ERRORS
    ),
    "same": lambda lang: pair(i_mr([300.0] * 8), lang=lang, what=HANDLE, unit=SECONDS),
    "ewma": lambda lang: control_chart(ewma_chart(SCORES), lang=lang, what=ERRORS),
    "one-person": lambda lang: funnel(p_chart([0], [1]), [1], ["A"], lang=lang, what=ERRORS),
}


def test_a_signal_has_another_colour_and_another_shape(lang: Lang) -> None:
    """The points that signal, and no others, are diamonds of the colour of what is bad."""
    (marks,) = [
        line
        for line in drawn("control-chart", lang).figure.axes[0].lines
        if line.get_marker() == "D"
    ]
    assert to_hex(marks.get_color()) == BAD
    at = sorted({one.at for one in chart_signals(P)})
    assert np.asarray(marks.get_xdata()).tolist() == [one + 1 for one in at]


def test_a_point_beyond_a_limit_is_marked_unasked(lang: Lang) -> None:
    """Who names no rules still sees which points lie beyond a limit, and reads so."""
    chart = c_chart([4, 5, 3, 4, 25, 4, 5])
    plot = control_chart(chart, lang=lang, what=ERRORS)
    name = "第 5 点" if lang == "zh" else "point 5"
    assert name in plot.title
    assert f"{name}{'（25，规则 1）' if lang == 'zh' else ' (25, rule 1)'}" in plot.alt


def test_a_listener_is_told_all(lang: Lang) -> None:
    """The alternative text has kind, range, center, limits, phases, and who signals by what."""
    alt = drawn("control-chart", lang).alt
    for part in (
        ["p 图", "60 个点", "中心线 8.", "下控制限", "上控制限", "第 25 点之前的点", "规则 4"]
        if lang == "zh"
        else ["A p chart", "60 points", "center line 8.", "lower limit", "upper limit",
              "before point 25", "rule 4"]
    ):  # fmt: skip
        assert part in alt


def test_the_rules_that_fired_stand_below() -> None:
    """The foot of the figure says in words what the numbers beside the points mean."""
    plot = drawn("control-chart", "zh")
    foot = plot.figure.get_supxlabel().replace("\n", "")
    assert "4 = 连续 8 点落在中心线同一侧" in foot
    assert "连续 6 点" not in foot


def test_rules_of_two_sets_are_told_apart() -> None:
    """Where rules of both sets fire their numbers carry the set's letter."""
    chart = c_chart([4, 5, 3, 4, 25, 4, 5])
    signals = [Signal("we-1", 4, (4,), 1), Signal("nelson-2", 5, (5,), 1)]
    assert "rule W1" in control_chart(chart, lang="en", what=ERRORS, signals=signals).alt


def test_a_quiet_chart_says_so(lang: Lang) -> None:
    """No signal is a finding of its own, and brings no foot."""
    plot = control_chart(p_chart([4, 5, 3, 4], [50] * 4), lang=lang, what=ERRORS)
    assert ("没有信号" if lang == "zh" else "no signal") in plot.title
    assert plot.figure.get_supxlabel() == ""


def test_a_spread_out_of_control_comes_first() -> None:
    """Where the spread signals the title sends there: the limits above come from it."""
    assert drawn("pair-signals", "en").title.startswith("Below first")


def test_no_point_and_too_few_names_are_refused() -> None:
    """A chart without points, and names that do not fit the rows, are refused with words."""
    with pytest.raises(KefuError, match="名称有 2 个"):
        control_chart(c_chart([1, 2, 3]), lang="zh", what=ERRORS, rows=["a", "b"])
    with pytest.raises(KefuError):
        run_lengths([], [], [], shift=1, lang="zh")
    with pytest.raises(KefuError, match="funnel"):
        funnel(c_chart([1, 2]), [3, 4], ["a", "b"], lang="zh", what=ERRORS)


@settings(max_examples=5)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 10**6)), min_size=1, max_size=40))
def test_any_counts_can_be_drawn(rows: list[tuple[int, int]]) -> None:
    """Whatever was counted, there is a picture, a title and a text, and never a NaN."""
    chart = p_chart([one for one, _ in rows], [n for _, n in rows])
    plot = control_chart(chart, lang="en", what=ERRORS, signals=chart_signals(chart))
    assert "nan" not in (plot.alt + plot.title).lower()
