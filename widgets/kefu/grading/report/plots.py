"""Figures and tables for the instructor's notebook, with labels in 中文 and English."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from kefu.grading.report.items import Item
from kefu.grading.report.whole import Report
from kefu.quality.testing import Estimate
from kefu.text import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from kefu.plots.house import Plot

__all__ = [
    "Table",
    "discrimination",
    "facility",
    "items",
    "options",
    "paths",
    "scores",
    "times",
]

_DARK, _PALE = "#0f6b66", "#a9cdc9"


@dataclass(frozen=True)
class Table:
    """Rows under their headings, as a notebook shows them."""

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(one)}</th>' for one in self.heads)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(_shown(one))}</td>' for one in row)}</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _shown(value: object) -> str:
    return "–" if value is None else f"{value}"


def _said(text: Text) -> str:
    return f"{text.zh} · {text.en}"


def _canvas(wide: float, high: float) -> AbstractContextManager[tuple[Figure, Any]]:
    from kefu.plots import house  # here, since it costs half a second that a page need not wait

    return house.canvas("zh", wide=wide, high=high)


def _dressed(figure: Figure, title: Text) -> Plot:
    from kefu.plots import house

    alt = Text("数字见 items(r)", "the numbers stand in items(r)")
    return house.finish(figure, _said(title), f"{_said(title)}. {_said(alt)}", "zh")


def _numbers(report: Report) -> list[str]:
    return [f"{at}" for at in range(1, len(report.items) + 1)]


def _bars(names: list[str], found: list[Estimate], dark: list[bool], title: Text) -> Plot:
    """Shares with their intervals, the first one on top."""
    with _canvas(7, 1.2 + 0.34 * len(names)) as (figure, axes):
        for at, (one, strong) in enumerate(zip(found, dark, strict=True)):
            if one.value is not None:
                axes.barh(at, 100 * one.value, color=_DARK if strong else _PALE, height=0.7)
                axes.plot([100 * one.low, 100 * one.high], [at, at], color="black", lw=1.5)
        axes.set(xlim=(0, 100), xlabel="%")
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        return _dressed(figure, title)


def items(report: Report) -> Table:
    """The items with their numbers; the first column is how the figures call them."""
    heads = [
        _said(Text(*words))
        for words in (
            ("序号", "no."),
            ("题目", "item"),
            ("人数", "n"),
            ("平均得分 %", "mean credit %"),
            ("区间 %", "interval %"),
            ("区分度", "discrimination"),
            ("区间", "interval"),
            ("空着 %", "blank %"),
        )
    ]
    rows = [
        [
            at,
            one.ref,
            one.facility.n,
            _rounded(one.facility.value, 100, 0),
            f"{100 * one.facility.low:.0f}–{100 * one.facility.high:.0f}",
            _rounded(one.discrimination.value, 1, 2),
            f"{one.discrimination.low:.2f} – {one.discrimination.high:.2f}",
            _rounded(one.blank.value, 100, 0),
        ]
        for at, one in enumerate(report.items, 1)
    ]
    return Table(heads, rows)


def _rounded(value: float | None, by: float, digits: int) -> float | None:
    return None if value is None else round(by * value, digits)


def scores(report: Report) -> Plot:
    """How many learners earned how much."""
    with _canvas(7, 3) as (figure, axes):
        share = [100 * score / report.most for score in report.scores] if report.most else []
        axes.hist(share, bins=np.linspace(0, 100, 11).tolist(), color=_DARK, rwidth=0.92)
        title = Text(f"总分（满分 {report.most:g}）", f"scores, out of {report.most:g}")
        axes.set(xlabel="%", ylabel=_said(Text("人数", "learners")))
        axes.yaxis.get_major_locator().set_params(integer=True)
        return _dressed(figure, title)


def facility(report: Report) -> Plot:
    """The mean credit of each item with its 95 % interval."""
    found = [one.facility for one in report.items]
    title = Text("每题平均得分", "mean credit of each item")
    return _bars(_numbers(report), found, [True] * len(found), title)


def discrimination(report: Report) -> Plot:
    """Mean credit across, corrected discrimination up, both with their 95 % intervals."""
    with _canvas(7, 5) as (figure, axes):
        axes.axhline(0, color="grey", lw=1)
        for number, one in zip(_numbers(report), report.items, strict=True):
            easy, apart = one.facility, one.discrimination
            if easy.value is None or apart.value is None:
                continue
            across = [[100 * (easy.value - easy.low)], [100 * (easy.high - easy.value)]]
            up = [[apart.value - apart.low], [apart.high - apart.value]]
            axes.errorbar(100 * easy.value, apart.value, xerr=across, yerr=up, fmt="o", color=_DARK,
                          ecolor=_PALE)  # fmt: skip
            axes.annotate(number, (100 * easy.value, apart.value), xytext=(6, 6),
                          textcoords="offset points", weight="bold")  # fmt: skip
        axes.set(
            xlim=(0, 100),
            ylim=(-1 if any(one.discrimination.low < -0.5 for one in report.items) else -0.5, 1),
            xlabel=_said(Text("平均得分 %", "mean credit %")),
            ylabel=_said(Text("区分度", "discrimination")),
        )
        return _dressed(figure, Text("难度和区分度", "facility and discrimination"))


def times(report: Report) -> Plot:
    """The median time at each item, and the middle half; by the learners' own clocks."""
    with _canvas(7, 1.2 + 0.34 * len(report.items)) as (figure, axes):
        for at, one in enumerate(report.items):
            if one.times:
                axes.plot([one.times.low, one.times.high], [at, at], color=_PALE, lw=7)
                axes.plot(one.times.median, at, "o", color=_DARK)
        axes.set_yticks(range(len(report.items)), _numbers(report))
        axes.set_xlabel(_said(Text("秒（自报）", "seconds, as claimed")))
        axes.set_xlim(left=0)
        axes.invert_yaxis()
        return _dressed(figure, Text("每题用时：中位和中间一半", "time: median and middle half"))


def options(report: Report, ref: str) -> Plot:
    """How often each option of an item was picked; those worth full credit are dark."""
    item = report.item(ref)
    names = [_cut(one.text["zh"], 20) for one in item.options]
    found = [one.pick.share for one in item.options]
    dark = [one.credit >= 1 for one in item.options]
    return _bars(names, found, dark, Text(_cut(item.title["zh"], 20), _cut(item.title["en"], 40)))


def paths(report: Report, ref: str) -> Table:
    """The ways through a conversation by the numbers of its nodes, the most common first."""
    item: Item = report.item(ref)
    heads = [
        _said(Text(*words))
        for words in (("路", "path"), ("人数", "n"), ("得分 %", "credit %"), ("结局 %", "ending %"))
    ]
    rows = [
        [" → ".join(map(str, p.stops)), p.times, round(100 * p.credit), round(100 * p.outcome)]
        for p in (item.talk.paths if item.talk else ())
    ]
    return Table(heads, rows)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[:most]}…"
