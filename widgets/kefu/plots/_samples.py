"""How large a sample tells how much, and whether two of them tell a change."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from kefu.plots._drawn import HALO
from kefu.plots._parts import above
from kefu.plots.house import ACCENT, BAD, INK, PAPER, SOFT, Plot, canvas, finish
from kefu.plots.words import across, few, percent, short, signed, span
from kefu.quality._given import count, number
from kefu.quality.sampling import difference, wilson
from kefu.quality.sizes import margin_of_share
from kefu.text import Lang, Text

__all__ = ["before_after", "margins"]


def margins(
    n: int,
    *,
    lang: Lang,
    share: float = 0.5,
    confidence: float = 0.95,
    population: int | None = None,
    cost: float | None = None,
    money: Text | None = None,
) -> Plot:
    """How the margin of a share narrows as more calls are looked at, and what they cost.

    Args:
        n: the number of calls that is thought of, at least 1.
        lang: the language of all words.
        share: what the share is expected to be.
        confidence: of the margin.
        population: how many calls there are to draw from; None: more than matters.
        cost: of looking at one call; it is written under the number of calls.
        money: the unit of the cost, such as minutes; 元 if not given.

    Raises:
        KefuError: no call, more calls than there are, a negative cost.
    """
    here = count(n, Text("样本量", "the sample size"), low=1, high=population or 10**9)
    each = None if cost is None else number(cost, Text("单价", "the cost"), low=0)
    unit, zh = money or Text("元", "yuan"), lang == "zh"
    far = min(4 * here, population or 4 * here)

    def margin(sizes: ArrayLike) -> NDArray[np.float64]:
        found = margin_of_share(sizes, share=share, confidence=confidence, population=population)
        return 100 * np.asarray(found)

    def told(size: int) -> str:
        half = short(float(margin(size)), 2)
        return (
            f"{size:,} 通：±{half} 个百分点"
            if zh
            else f"{few(size, 'call', 'calls')}: ±{half} points"
        )

    def priced(size: int) -> str:
        if each is None:
            return told(size)
        return f"{told(size)}{'，' if zh else ', '}{short(each * size)} {unit[lang]}"

    last = max(int(1.2 * far), 2) if population is None else max(min(int(1.2 * far), population), 2)
    sizes = np.unique(np.geomspace(max(1, here // 12), last, 200).astype(int))
    with canvas(lang) as (figure, axes):
        axes.plot(sizes, margin(sizes), color=ACCENT)
        axes.plot(here, margin(here), "o", color=INK, markersize=8, zorder=4)
        axes.annotate(told(here), (here, float(margin(here))), (7, 5), textcoords="offset points",
                      va="bottom", path_effects=HALO)  # fmt: skip
        half = float(margin(here)) / 2
        # Where nearly all calls there are have been looked at, there is no half to speak of.
        halved = far > here and abs(float(margin(far)) / half - 1) < 0.05
        if halved:
            axes.plot(
                far, margin(far), "s", color=INK, markerfacecolor=PAPER, markersize=7, zorder=4
            )
            axes.annotate(told(far), (far, float(margin(far))), (4, -7), textcoords="offset points",
                          ha="right", va="top", path_effects=HALO)  # fmt: skip
        axes.set(xlim=(0, 1.03 * last), ylim=(0, 1.15 * float(margin(sizes).max()) or 1))
        ticks = MaxNLocator(5, integer=True).tick_values(0, last)
        ticks = [int(tick) for tick in ticks if 0 <= tick <= 1.03 * last]
        below = [
            f"{short(at)}\n{short(each * at)}" if each is not None else short(at) for at in ticks
        ]
        across(axes, below, ticks, columns=60)
        words = "看的通话数" if zh else "calls looked at"
        if each is not None:
            words += f"，下面是花费（{unit.zh}）" if zh else f", and their cost ({unit.en})"
        axes.set_xlabel(words)
        above(axes, "误差范围（±百分点）" if zh else "margin (± percentage points)")
        title = told(here)
        if halved:
            title = (
                "误差减半，要看 4 倍的通话" if zh else "Half the margin takes four times the calls"
            )
        both = [priced(here), priced(far)] if far > here else [priced(here)]
        if zh:
            alt = f"曲线，误差范围随通话数变窄，{percent(confidence)} 置信，"
            alt += f"比例按 {percent(share)} 算。"
            alt += f"{'；'.join(both)}。"
        else:
            alt = "Curve: the margin narrows with the number of calls, "
            alt += f"{percent(confidence)} confidence, for a share of {percent(share)}. "
            alt += f"{'; '.join(both)}."
        return finish(figure, title, alt, lang)


def before_after(
    before: tuple[int, int],
    after: tuple[int, int],
    *,
    lang: Lang,
    what: Text,
    confidence: float = 0.95,
    title: Text | None = None,
) -> Plot:
    """Two shares with their intervals, and below them the difference with its own.

    Args:
        before: how many had the property, and of how many.
        after: the same, of other calls.
        lang: the language of all words.
        what: what is shared.
        confidence: of all three intervals (Wilson; Newcombe for the difference).
        title: the sentence in place of the plot's own, where more is known than two samples.

    Raises:
        KefuError: counts above their sizes, a sample of nothing.
    """
    gap = difference(*before, *after, confidence)
    zh, clear = lang == "zh", gap.low > 0 or gap.high < 0
    names = ("改进前", "改进后", "差") if zh else ("before", "after", "difference")
    with canvas(lang, high=3.3) as (figure, first):
        first.remove()
        upper, lower = figure.subplots(2, 1, height_ratios=[2, 1])
        ends = [wilson(*one, confidence) for one in (before, after)]
        for at, ((found, size), (low, high)) in enumerate(zip((before, after), ends, strict=True)):
            colour = (SOFT, ACCENT)[at]
            upper.plot([100 * low, 100 * high], [at, at], color=colour, linewidth=2.4)
            upper.plot(100 * found / size, at, "so"[at], color=colour, markersize=8)
            upper.annotate(
                f"{percent(found / size)}\n{found:,}/{size:,}", (1, at), (6, 0), va="center",
                xycoords=("axes fraction", "data"), textcoords="offset points",
            )  # fmt: skip
        edge = [100 * end for pair in ends for end in pair]
        pad = 0.1 * (max(edge) - min(edge))
        upper.set(xlim=(max(min(edge) - pad, -1), min(max(edge) + pad, 101)), ylim=(1.6, -0.6))
        upper.set_yticks((0, 1), names[:2])
        upper.set_xlabel(f"{what.zh}（%）" if zh else f"{what.en} (%)")
        lower.axvline(0, color=INK, linewidth=1.2, linestyle=(0, (5, 2)))
        colour = ACCENT if clear else BAD
        lower.plot([100 * gap.low, 100 * gap.high], [0, 0], color=colour, linewidth=2.4)
        lower.plot(100 * gap.value, 0, "o" if clear else "D", color=colour, markersize=8,
                   markerfacecolor=colour if clear else PAPER)  # fmt: skip
        moved = signed(100 * gap.value)
        lower.annotate(
            moved, (1, 0), (6, 0), va="center", fontsize=9,
            xycoords=("axes fraction", "data"), textcoords="offset points",
        )  # fmt: skip
        reach = [min(100 * gap.low, 0), max(100 * gap.high, 0)]
        pad = 0.1 * (reach[1] - reach[0])
        lower.set(xlim=(reach[0] - pad, reach[1] + pad), ylim=(-0.6, 0.6))
        lower.set_yticks((0,), names[2:])
        lower.set_xlabel(
            "差（百分点），虚线是 0" if zh else "difference (percentage points); dashed: 0"
        )
        for axes in (upper, lower):
            axes.tick_params(axis="y", length=0)
        joint = "到" if zh else "to"
        reach_in_words = f"{signed(100 * gap.low)} {joint} {signed(100 * gap.high)}"
        if zh:
            found_out = "不含 0：两次确有差别" if clear else "含 0：还不能说变了"
            verdict = f"{moved} 个百分点（{reach_in_words}），{found_out}"
        else:
            found_out = (
                "0 is outside: the two differ" if clear else "0 is inside: perhaps no change"
            )
            verdict = f"{moved} points ({reach_in_words}), {found_out}"
        verdict = title[lang] if title else verdict
        told = []
        for name, (hits, size), (low, high) in zip(names, (before, after), ends, strict=False):
            where = f"{span(low, high)}{'，' if zh else ', '}n = {size:,}"
            told.append(
                f"{name} {percent(hits / size)}（{where}）"
                if zh
                else f"{name} {percent(hits / size)} ({where})"
            )
        if zh:
            alt = f"两个点和它们的差，带 {percent(confidence)} 区间，{what.zh}："
            alt += f"{'；'.join(told)}。{verdict}。"
        else:
            alt = f"Two dots and their difference with {percent(confidence)} intervals: {what.en}, "
            alt += f"{'; '.join(told)}. {verdict}."
        return finish(figure, verdict, alt, lang)
