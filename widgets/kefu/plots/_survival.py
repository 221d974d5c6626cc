"""How fast cases are closed, with those still open in it, and beside it the flattering curve."""

from __future__ import annotations

from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from kefu.plots._parts import CLEAR, SMALL, above, high, spread
from kefu.plots.house import ACCENT, INK, PAPER, PART, SERIES, TINT, Plot, canvas, finish
from kefu.plots.words import counted, percent, plain, span
from kefu.quality._given import Floats, number
from kefu.quality.survival import Survival
from kefu.text import Lang, Text

__all__ = ["survival"]

_DAYS = Text("天", "day")


def survival(
    found: Survival,
    *,
    lang: Lang,
    target: float | None = None,
    flattering: Survival | None = None,
    shows: Literal["closed", "open"] = "closed",
    unit: Text = _DAYS,
) -> Plot:
    """The share of cases closed (or still open) as time goes by, open cases counted (Kaplan-Meier).

    Args:
        found: as from `kefu.quality.survival.survival`.
        lang: the language of the words.
        target: the time by which cases are to be closed, in the unit of the times.
        flattering: the same of the closed cases alone; drawn thin, as a warning.
        shows: whether the closed or the open cases are counted.
        unit: that of the times; the English word in the singular.

    Raises:
        KefuError: a target that is negative or infinite.
    """
    due = None if target is None else number(target, Text("时限", "the target"), low=0)
    zh, closed = lang == "zh", shows == "closed"
    title, alt, told = _survival_words(found, due, flattering, closed, unit, lang)
    with canvas(lang, high=high(title, 2.5, below=0.55)) as (figure, axes):
        ends = [1.0, *found.durations[-1:], *(flattering.durations[-1:] if flattering else [])]
        end = max(ends) if due is None else max(*ends, 1.15 * due)
        last = float(found.durations[-1]) if found.n else 0.0

        def curve(
            of: Survival, values: Floats, start: float, until: float
        ) -> tuple[Floats, Floats]:
            """Steps from time 0 to `until`, in per cent."""
            shares = np.concatenate([[start], values, values[-1:] if len(values) else [start]])
            return np.concatenate([[0.0], of.times, [until]]), 100 * (
                1 - shares if closed else shares
            )

        x, y = curve(found, found.open, 1.0, last)
        if len(found.times):
            low, up = (curve(found, each, 1.0, last)[1] for each in (found.low, found.high))
            axes.fill_between(x, low, up, step="post", color=TINT, lw=0)
        axes.plot(x, y, drawstyle="steps-post", color=ACCENT, lw=2.2)
        spans, counts = np.unique(found.durations, return_counts=True)
        done = dict(zip(found.times.tolist(), found.closed.tolist(), strict=True))
        open_at = [
            one
            for one, n in zip(spans.tolist(), counts.tolist(), strict=True)
            if n > done.get(one, 0)
        ]
        heights = [
            y[max(int(np.searchsorted(x[:-1], one, side="right")) - 1, 0)] for one in open_at
        ]
        if open_at:
            axes.plot(open_at, heights, "|", color=INK, ms=8, mew=1.2, clip_on=False, zorder=4)
        wished, labels = [float(y[-1])], list[str]()
        if flattering is not None and flattering.n:
            fx, fy = curve(
                flattering, flattering.open, 1.0, max(last, float(flattering.durations[-1]))
            )
            axes.plot(fx, fy, drawstyle="steps-post", color=SERIES[1], lw=1, ls="--")
            wished.append(float(fy[-1]))
            labels = ["全部", "只算\n已办结"] if zh else ["all", "closed\nones only"]
        axes.set(xlim=(0, 1.03 * end), ylim=(-2, 102), yticks=[0, 25, 50, 75, 100])
        places = spread(wished, 14)
        over = max(0.0, max(places) - 95)  # nothing stands beside the title
        for place, words, colour in zip(places, labels, (ACCENT, PART), strict=False):
            axes.annotate(words, (1, place - over), xycoords=("axes fraction", "data"),
                          xytext=(5, 0), textcoords="offset points", fontsize=SMALL, va="center",
                          color=colour, linespacing=1.1, annotation_clip=False)  # fmt: skip
        if due is not None:
            _target(axes, due, end, told, y[int(np.searchsorted(x, due, side="right")) - 1])
            share = found.by(due).value
            if share is not None:
                axes.plot(due, 100 * (share if closed else 1 - share), "o", color=PAPER, mec=INK,
                          mew=1.6, ms=7, zorder=5)  # fmt: skip
        ticks = ("收到后的天数" if zh else "days since received") if unit == _DAYS else (
            f"收到后（{unit.zh}）" if zh else f"{unit.en}s since received")  # fmt: skip
        axes.set_xlabel(
            ticks + ("；短竖线：看到那时还没办结" if zh else "; small ticks: last seen open")
        )
        above(axes, ("办结的 %" if closed else "还没办结的 %") if zh
              else ("% closed" if closed else "% still open"))  # fmt: skip
        return finish(figure, title, alt, lang)


def _target(axes: Axes, due: float, end: float, told: str, height: float) -> None:
    """The target as a line, with its number where the curve is not."""
    axes.axvline(due, color=INK, lw=1, ls=":", zorder=1)
    right = due < 0.55 * end
    axes.annotate(told, (due, 4 if height > 30 else 96), xytext=(5 if right else -5, 0),
                  textcoords="offset points", fontsize=SMALL, ha="left" if right else "right",
                  va="bottom" if height > 30 else "top", linespacing=1.15,
                  bbox=CLEAR, zorder=6)  # fmt: skip


def _survival_words(
    found: Survival, due: float | None, flattering: Survival | None, closed: bool, unit: Text,
    lang: Lang,
) -> tuple[str, str, str]:  # fmt: skip
    """The title, the alternative text, and what stands at the target."""
    zh = lang == "zh"
    still = found.n - int(found.closed.sum())
    cases = counted(found.n, Text("件", "case"), lang)
    alt = (
        f"{cases}，{still} 件还没办结，也算在内。" if zh
        else f"{cases}, of which {still} still open and counted. "
    )  # fmt: skip
    half = found.median
    if half is not None:
        alt += (
            f"一半在 {counted(half, unit, lang, 1)}内办结。" if zh
            else f"Half are closed within {counted(half, unit, lang, 1)}. "
        )  # fmt: skip
    if not found.n:
        title = "还没有案件" if zh else "There is no case yet"
        return title, title + ("。" if zh else "."), "" if due is None else plain(due)
    if due is None:
        if half is None:
            title = "还没有一半办结" if zh else "Fewer than half are closed so far"
        elif zh:
            title = f"一半的案件在 {counted(half, unit, lang, 1)}内办结"
        else:
            title = f"Half of all cases are closed within {counted(half, unit, lang, 1)}"
        return title, alt + title + ("。" if zh else "."), ""
    by, days = found.by(due), counted(due, unit, lang, 1)
    interval = span(by.low, by.high) if closed else span(1 - by.high, 1 - by.low)
    if by.value is None:
        title = (
            f"{days}内办结多少还看不到：最久的一件才看了 "
            f"{counted(float(found.durations[-1]), unit, lang, 1)}" if zh
            else f"How many are closed within {days} cannot be seen yet: the longest watched is "
            f"{counted(float(found.durations[-1]), unit, lang, 1)}"
        )  # fmt: skip
        told = f"{days}：？" if zh else f"{days}: ?"
        return title, alt + title + ("。" if zh else "."), told
    share = percent(by.value if closed else 1 - by.value)
    if closed:
        title = f"{days}内办结 {share}" if zh else f"{share} are closed within {days}"
    else:
        title = f"{days}后还有 {share} 没办结" if zh else f"{share} are still open after {days}"
    told = f"{days}：{share}\n（{interval}）" if zh else f"{days}: {share}\n({interval})"
    alt += f"{title}，区间 {interval}。" if zh else f"{title}, interval {interval}. "
    if flattering is not None and (other := flattering.by(due).value) is not None:
        nice = percent(other if closed else 1 - other)
        title += f"；不算没办结的，会说成 {nice}" if zh else f"; leaving open cases out says {nice}"
        alt += (
            f"虚线只算已办结的，会说成 {nice}。" if zh
            else f"A dashed line of closed cases only says {nice}."
        )  # fmt: skip
    return title, alt.strip(), told
