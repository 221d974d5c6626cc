"""Shares and what a sample can say of them: dots with intervals, never bars without."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from kefu.plots._drawn import HALO
from kefu.plots._parts import above
from kefu.plots._samples import before_after, margins
from kefu.plots.house import ACCENT, BAD, INK, PAPER, Plot, canvas, finish, wrap
from kefu.plots.words import capital, few, percent, short, span
from kefu.quality._given import number, numbers, same_length
from kefu.quality.sampling import wilson
from kefu.text import Lang, Text

__all__ = ["before_after", "margins", "shares", "waits"]

ROW = 0.3
"""Inches from one dot to the next."""


def shares(
    names: Sequence[str],
    counts: ArrayLike,
    ns: ArrayLike,
    *,
    lang: Lang,
    what: Text,
    target: float | None = None,
    confidence: float = 0.95,
) -> Plot:
    """A share of each standard or person as a dot in its interval (Wilson).

    Against a target: surely below it is a diamond, surely above a full dot, undecided a hollow
    dot. Without one each is held against the share of all together; of many some differ from
    it by chance alone, and the title says how many to expect.

    Args:
        names: of the rows, from top to bottom.
        counts: how many had the property.
        ns: of how many; 0 leaves the row without a dot.
        lang: the language of all words.
        what: what is shared, such as “按时接听”.
        target: the share that was promised, from 0 to 1.
        confidence: of the intervals.

    Raises:
        KefuError: counts above `ns`, no row, columns of different lengths, a target out of 0 to 1.
    """
    found = numbers(counts, Text("次数", "the counts"), low=0, whole=True, least=1)
    sizes = numbers(ns, Text("样本量", "the sample sizes"), low=0, whole=True)
    same_length(found, sizes, np.empty(len(names)))
    ends = wilson(found, sizes, confidence)
    known = sizes > 0
    if target is None:
        line = float(found.sum() / max(sizes.sum(), 1))
    else:
        line = number(target, Text("目标", "the target"), low=0, high=1)
    below, over = ends.high < line, ends.low > line
    n, rows = len(names), [wrap(name, 18) for name in names]
    lines = max(row.count("\n") for row in rows) + 1
    row = max(ROW if n <= 15 else 0.2, 0.05 + 0.15 * lines)
    zh, word = lang == "zh", Text("总体", "all") if target is None else Text("目标", "target")
    with canvas(lang, high=1.25 + row * n) as (figure, axes):
        for at in range(n):
            far = below[at] or (target is None and over[at])
            colour = BAD if far else ACCENT
            ends_here = [100 * ends.low[at], 100 * ends.high[at]]
            axes.plot(ends_here, [at, at], color=colour, linewidth=2.4, solid_capstyle="butt")
            if known[at]:
                sure = far or over[at] or target is None
                axes.plot(100 * found[at] / sizes[at], at, "D" if far else "o", color=colour,
                          markersize=7, markerfacecolor=colour if sure else PAPER)  # fmt: skip
            share = percent(found[at] / sizes[at]) if known[at] else "–"
            axes.annotate(
                f"{share}  {found[at]:,.0f}/{sizes[at]:,.0f}", (1, at), (6, 0), va="center",
                xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=9,
            )  # fmt: skip
        axes.axvline(100 * line, color=INK, linestyle=(0, (5, 2)), linewidth=1.2, zorder=1)
        above(
            axes, f"虚线：{word.zh} {percent(line)}" if zh else f"dashed: {word.en} {percent(line)}"
        )
        # Dots need no zero; a row of which nothing is known reaches from edge to edge.
        left, right = min(ends.low[known], default=0.0), max(ends.high[known], default=1.0)
        least, most = min(left, line), max(right, line)
        edges = 10 * np.floor(10 * least - 0.2), 10 * np.ceil(10 * most + 0.2)
        axes.set(xlim=(max(edges[0], -1), min(edges[1], 101)), ylim=(n - 0.4, -0.6))
        axes.set_xlabel(f"{what.zh}（%）" if zh else f"{what.en} (%)")
        axes.set_yticks(range(n), rows)
        axes.tick_params(axis="y", length=0)
        title = _verdict(n, int(below.sum()), int(over.sum()), target, confidence, lang)
        # First those that are told apart, which a listener must not miss.
        order = sorted(range(n), key=lambda at: not (below[at] or over[at]))
        told = []
        for at in order[:12]:
            share = percent(found[at] / sizes[at]) if known[at] else "–"
            where = f"{span(ends.low[at], ends.high[at])}{'，' if zh else ', '}n = {sizes[at]:,.0f}"
            told.append(
                f"{names[at]}：{share}（{where}）" if zh else f"{names[at]}: {share} ({where})"
            )
        more = n - len(told)
        if zh:
            alt = f"点和 {percent(confidence)} 区间，{what.zh}，{word.zh} {percent(line)}。"
            alt += f"{'；'.join(told)}{f'；另有 {more} 个' if more else ''}。{title}。"
        else:
            alt = (
                f"Dots with {percent(confidence)} intervals: {what.en}; {word.en} {percent(line)}. "
            )
            alt += f"{'; '.join(told)}{f'; and {more} more' if more else ''}. {title}."
        return finish(figure, title, alt, lang)


def _verdict(
    n: int, below: int, over: int, target: float | None, confidence: float, lang: Lang
) -> str:
    """What may be said of so many rows of which some lie wholly below or above the line."""
    zh, open_ = lang == "zh", n - below - over
    if target is not None:
        aim = percent(target)
        if n in (below, over, open_):
            if zh:
                words = "没到" if below else "超过" if over else ""
                return (
                    f"{n} 项都{words} {aim}" if words else f"都还说不准到没到 {aim}：区间跨着目标"
                )
            words = "below" if below else "above"
            return (
                f"All {n} are {words} {aim}"
                if below or over
                else f"Whether any meets {aim} is open: each interval holds it"
            )
        parts = [
            (below, "项没到", "below"),
            (over, "项超过", "above"),
            (open_, "项还说不准", "undecided"),
        ]
        said = [f"{count} {a if zh else b}" for count, a, b in parts if count]
        return f"目标 {aim}：{'，'.join(said)}" if zh else f"Against {aim}: {', '.join(said)}"
    out, chance = below + over, n * (1 - confidence)
    if n == 1:
        return (
            "点是样本，横线是总体可能在的地方"
            if zh
            else "The dot is the sample, the line what may be true"
        )
    if not out:
        return (
            "名次只是噪声：每个区间都含总体"
            if zh
            else "Ranking is noise: each interval holds the overall share"
        )
    about = short(chance, 1)
    if zh:
        return f"{n} 个里有 {out} 个和总体不同；只凭偶然也会有约 {about} 个"
    return f"{out} of {n} differ from all together; chance alone would give about {about}"


def waits(
    times: ArrayLike,
    *,
    target: float,
    lang: Lang,
    what: Text,
    goal: float | None = None,
    unit: Text | None = None,
) -> Plot:
    """How many had been served by when, as a curve from which to choose a target.

    Args:
        times: how long each waited, 0 or more.
        target: within which time a wait counts as in time.
        lang: the language of all words.
        what: what took that time, such as “接听”.
        goal: the share that should be in time; the curve shows when it was.
        unit: of the times; seconds if not given.

    Raises:
        KefuError: no time, or one below 0; a goal not between 0 and 1.
    """
    found = np.sort(numbers(times, Text("时长", "the times"), low=0, least=1))
    aim = number(target, Text("目标", "the target"), low=0)
    words = unit or Text("秒", "s")
    zh, n, of = lang == "zh", len(found), words[lang]
    inside = int(np.searchsorted(found, aim, "right"))
    share, ends = inside / n, wilson(inside, n)
    last = 1.04 * max(1.5 * aim, float(np.quantile(found, 0.98)), 0.1)
    late = int((found > last).sum())
    said = (
        f"{short(aim)} {of}内 {percent(share)}"
        if zh
        else f"{percent(share)} within {short(aim)} {of}"
    )
    with canvas(lang) as (figure, axes):
        steps = np.concatenate([[0.0], found[found <= last], [last]])
        rises = np.concatenate([[0.0], np.arange(1, n - late + 1), [n - late]]) / n * 100
        axes.plot(steps, rises, color=ACCENT, drawstyle="steps-post", linewidth=1.8)
        axes.plot([aim, aim, 0], [0, 100 * share, 100 * share], color=INK, linestyle=(0, (5, 2)),
                  linewidth=1.2)  # fmt: skip
        axes.plot(aim, 100 * share, "o", color=INK, markersize=7, zorder=4, clip_on=False)
        _beside(axes, said, aim, 100 * share, last, INK)
        also = ""
        if goal is not None:
            want = number(goal, Text("要达到的比例", "the goal"), low=0, high=1)
            by = float(found[max(0, int(np.ceil(want * n - 1e-9)) - 1)])
            also = (
                f"{percent(want)} 的在 {short(by)} {of}内"
                if zh
                else f"{percent(want)} within {short(by)} {of}"
            )
            if by <= last and abs(want - share) > 0.005:
                axes.plot(by, 100 * want, "s", color=BAD, markersize=7, zorder=4, clip_on=False)
                _beside(axes, also, by, 100 * want, last, BAD)
        axes.set(xlim=(0, last), ylim=(0, 103))
        axes.set_xlabel(f"{what.zh}前的等待（{of}）" if zh else f"wait until {what.en} ({of})")
        above(axes, "累计比例（%）" if zh else "share so far (%)")
        middle, longest = short(float(np.median(found))), short(float(found[-1]))
        if zh:
            title = f"{short(aim)} {of}内{what.zh}的有 {percent(share)}，区间 {span(*ends)}"
            alt = f"累计曲线，{n:,} 次{what.zh}，中位 {middle} {of}，最久 {longest} {of}。{title}。"
            alt += f"{also}。" if also else ""
        else:
            title = f"{percent(share)} {what.en} within {short(aim)} {of}, interval {span(*ends)}"
            alt = f"Cumulative curve of {few(n, 'wait', 'waits')} until {what.en}, "
            alt += f"median {middle} {of}, longest {longest} {of}. {title}."
            alt += f" {capital(also)}." if also else ""
        return finish(figure, title, alt, lang)


def _beside(axes: Axes, words: str, x: float, y: float, last: float, colour: str) -> None:
    """Words beside a point of a rising curve: below it to the right, else above it to the left."""
    right = x < 0.5 * last
    under = right and y > 15
    axes.annotate(
        words, (x, y), (7 if right else -7, -5 if under else 5), textcoords="offset points",
        ha="left" if right else "right", va="top" if under else "bottom", color=colour,
        path_effects=HALO,
    )  # fmt: skip
