"""How a control chart is drawn: points, limits, signals, and where the phases part."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from kefu.plots._control import Seen, tag
from kefu.plots._parts import above, spread
from kefu.plots.house import ACCENT, BAD, INK, PAPER, SOFT
from kefu.plots.words import across
from kefu.quality._given import Floats
from kefu.text import Text

__all__ = ["HALO", "LABELS", "below", "draw"]

DOTS = 150
"""With more points than this only the line and the signals are drawn."""
LABELS = 16
"""Of so many signals the rule stands beside the point; more are told in words alone."""
HALO = [withStroke(linewidth=2.5, foreground=PAPER)]
"""Paper around letters that may lie on a line."""


def draw(axes: Axes, seen: Seen, *, tall: float) -> None:
    """The chart on its axes, which are about `tall` inches high."""
    chart, scale = seen.chart, 100 if seen.share else 1
    n = len(chart.points)
    points, center = scale * chart.points, scale * chart.center
    at = np.arange(chart.first + 1.0, chart.first + n + 1)
    edges = np.arange(chart.first, chart.first + n + 1) + 0.5
    for line, dashes, thick in (
        (center, "-", 1.2),
        (scale * chart.lower, (0, (5, 2)), 1.2),
        (scale * chart.upper, (0, (5, 2)), 1.2),
    ):
        axes.stairs(line, edges, baseline=None, color=SOFT, linestyle=dashes, linewidth=thick)
    size = 4 if n <= 30 else 3
    axes.plot(at, points, "o-" if n <= DOTS else "-", color=ACCENT, markersize=size, linewidth=1.2)
    if others := seen.others:
        axes.plot(at[others], points[others], "o", markersize=size + 1, markerfacecolor=PAPER,
                  markeredgecolor=BAD, markeredgewidth=1.2)  # fmt: skip
    if marks := list(seen.marks):
        wide, edge = (7, PAPER) if n <= 30 else (5.5, PAPER) if n <= DOTS else (4, BAD)
        axes.plot(at[marks], points[marks], "D", color=BAD, markersize=wide, markeredgecolor=edge,
                  markeredgewidth=0.8, zorder=4)  # fmt: skip
    low = float(min(points.min(), scale * chart.lower.min()))
    high = float(max(points.max(), scale * chart.upper.max()))
    if low == high:
        low, high = (low - abs(low) / 2, high + abs(high) / 2) if low else (0.0, 1.0)
    room = high - low
    # Beside the outermost points stand the numbers of their rules.
    top = 0.16 if seen.begins is None else 0.26
    axes.set_ylim(low - 0.12 * room, high + top * room)
    axes.set_xlim(edges[0], edges[-1])
    _rules(axes, seen, at, points)
    _limits(axes, seen, scale, gap=1.3 * room * 0.14 / tall)
    _phase(axes, seen)
    above(axes, seen.label())


def _rules(axes: Axes, seen: Seen, at: Floats, points: Floats) -> None:
    """The rule beside a point; of points in a row that signal alike only beside the first."""
    marks = seen.marks
    last: tuple[int, tuple[str, ...]] = (-2, ())
    full: dict[tuple[bool, int], float] = {}  # where the last label ends, on each side and level
    for index, rules in list(marks.items())[: 4 * LABELS]:
        alike = last == (index - 1, rules)
        last = index, rules
        if alike:
            continue
        words = "·".join(tag(each, marks.values()) for each in rules)
        up = bool(points[index] >= seen.chart.center[index] * (100 if seen.share else 1))
        reach = len(points) * (0.014 + 0.012 * len(words))  # half a label, in points
        for level in range(3):
            if full.get((up, level), -1.0) <= index - reach:
                full[up, level] = index + reach
                away = (6 + 10 * level) * (1 if up else -1)
                axes.annotate(
                    words, (at[index], points[index]), (0, away), textcoords="offset points",
                    ha="center", va="bottom" if up else "top", fontsize=9, color=BAD,
                    path_effects=HALO, zorder=5,
                )  # fmt: skip
                break


def _limits(axes: Axes, seen: Seen, scale: float, gap: float) -> None:
    """What the three lines are and where they end, to the right of them."""
    ends: dict[float, str] = {}
    for name, line in zip(
        ("UCL", "CL", "LCL"), (seen.chart.upper, seen.chart.center, seen.chart.lower), strict=True
    ):
        end = float(line[-1])
        ends[end] = f"{ends[end]} = {name}" if end in ends else name
    for (end, name), place in zip(
        ends.items(), spread([scale * end for end in ends], gap), strict=True
    ):
        axes.annotate(
            f"{name}{chr(10) if '=' in name else ' '}{seen.number(end)}", (1, place), (4, 0),
            xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
            fontsize=9, color=INK,
        )  # fmt: skip


def _phase(axes: Axes, seen: Seen) -> None:
    """Where the limits stop being computed and begin to judge."""
    begins, n = seen.begins, len(seen.chart.points)
    if begins is None:
        return
    x = seen.chart.first + begins + 0.5
    axes.axvline(x, color=INK, linestyle=":", linewidth=1.2)
    for words, part, side in (
        (Text("基线", "baseline"), begins / n, "right"),
        (Text("监控", "watched"), 1 - begins / n, "left"),
    ):
        if part > (0.14 if seen.lang == "zh" else 0.2):
            axes.annotate(
                words[seen.lang], (x, 1), (-4 if side == "right" else 4, -1), va="top", ha=side,
                xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=9,
                color=SOFT, path_effects=HALO,
            )  # fmt: skip


def below(axes: Axes, seen: Seen) -> None:
    """The rows' names, or their numbers."""
    n = seen.chart.first + len(seen.chart.points)
    if seen.rows is not None:
        first = seen.chart.first
        across(axes, list(seen.names), list(range(first + 1, n + 1)))
        return
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
    axes.set_xlabel("序号" if seen.lang == "zh" else "point")
