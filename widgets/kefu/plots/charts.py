"""Control charts: what is ordinary, which point is not, and by which rule.

A point that signals is a large diamond in another colour, with the rule's number beside it; the
other points of its pattern are hollow. Limits of unequal samples go in stairs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from kefu.plots._control import SPREAD, Seen, legend
from kefu.plots._drawn import HALO, LABELS, below, draw
from kefu.plots._parts import above
from kefu.plots.house import ACCENT, BAD, HIGH, PALE, PAPER, SOFT, Plot, canvas, finish
from kefu.plots.words import footnote, higher, listed, short
from kefu.quality._given import numbers, refusal, same_length
from kefu.quality.charts import Chart, Pair
from kefu.quality.rules import RunLength, Signal
from kefu.text import Lang, Text

__all__ = ["control_chart", "funnel", "pair", "run_lengths"]


def control_chart(
    chart: Chart,
    *,
    lang: Lang,
    what: Text,
    rows: Sequence[str] | None = None,
    signals: Sequence[Signal] = (),
    phase: int | None = None,
    unit: Text | None = None,
    title: Text | None = None,
) -> Plot:
    """A control chart with its limits, its signals and the rules they come from.

    Args:
        chart: of any kind; shares are drawn in per cent.
        lang: the language of all words.
        what: what is charted, such as “接通率”, without its unit.
        rows: the name of each row of the data, such as its date; None: counted from 1.
        signals: of the rules that were chosen beforehand; points beyond a limit are marked
            even if they are not among them.
        phase: the first row that is watched with the limits of those before it; None: the row
            after the baseline, if that is the first rows.
        unit: of the points, where they are no shares.
        title: the sentence in place of the plot's own, where more is known than the chart.

    Raises:
        KefuError: the chart has no point; there are not as many names as rows.
    """
    seen = Seen(chart, lang, what, unit, rows, signals, phase)
    note = legend([seen])
    with canvas(lang, high=HIGH + higher(note)) as (figure, axes):
        draw(axes, seen, tall=HIGH - 1)
        below(axes, seen)
        footnote(figure, note, BAD)
        return finish(figure, title[lang] if title else seen.title(), seen.alt(), lang)


def pair(
    pair: Pair,
    *,
    lang: Lang,
    what: Text,
    rows: Sequence[str] | None = None,
    signals: Sequence[Signal] = (),
    spread_signals: Sequence[Signal] = (),
    phase: int | None = None,
    unit: Text | None = None,
) -> Plot:
    """The chart of where the process is over the chart of how far it spreads.

    Arguments and errors are those of `control_chart`; `spread_signals` are those of the lower
    chart. Where that one signals the title sends there first: the upper limits come from it.
    """
    kind = SPREAD[pair.spread.kind]
    over = Seen(pair.location, lang, what, unit, rows, signals, phase)
    under = Seen(pair.spread, lang, kind, unit, rows, spread_signals, phase)
    title, note = over.title(), legend([over, under])
    if under.marks:
        where = listed([under.names[at] for at in under.marks], lang, 2)
        title = (
            f"先看下图：{kind.zh}有信号（{where}），上图的控制限还靠不住"
            if lang == "zh"
            else f"Below first: the {kind.en} signals ({where}), and the upper limits rest on it"
        )
    with canvas(lang, high=1.6 * HIGH + higher(note)) as (figure, first):
        first.remove()
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        draw(upper, over, tall=2.3)
        draw(lower, under, tall=1.4)
        below(lower, over)
        upper.tick_params(labelbottom=False)
        footnote(figure, note, BAD)
        words = ("上图：", "下图：") if lang == "zh" else ("Upper chart: ", " Lower chart: ")
        return finish(figure, title, words[0] + over.alt() + words[1] + under.alt(), lang)


def funnel(
    chart: Chart,
    sizes: ArrayLike,
    names: Sequence[str],
    *,
    lang: Lang,
    what: Text,
    per: Text | None = None,
) -> Plot:
    """Shares or rates of people or places against how much each was looked at.

    Few calls spread widely by chance alone: who lies within the funnel differs from the others
    by nothing that can be told from chance. Those outside are diamonds with their names.

    Args:
        chart: of the kind p, p-prime, u or u-prime; one point a name, in any order.
        sizes: the sample size or number of units of each, above 0.
        names: one for each point.
        lang: the language of all words.
        what: what is charted.
        per: what the sizes count; None: calls looked at.

    Raises:
        KefuError: another kind of chart, no point, or columns of different lengths.
    """
    ns = numbers(sizes, Text("样本量", "the sample sizes"), low=0, least=1)
    if chart.kind not in ("p", "p-prime", "u", "u-prime") or not (ns > 0).all():
        raise refusal(
            "漏斗图只画比例或比率，样本量要大于 0",
            "a funnel shows shares or rates of samples above 0",
            "请用 p 图或 u 图的结果",
            "give a p or a u chart",
        )
    same_length(ns, chart.points, np.empty(len(names)))
    zh, scale = lang == "zh", 100 if chart.kind in ("p", "p-prime") else 1
    seen = Seen(chart, lang, what, None, None, (), None)
    out, n = [names[at] for at in chart.outside], len(names)
    center, spread = float(chart.center[0]), float((chart.sigma * np.sqrt(ns)).mean())
    known = chart.sigma > 0
    width = float(((chart.upper - chart.center)[known] / chart.sigma[known]).max(initial=0))
    wide = np.geomspace(ns.min() * 0.8, ns.max() * 1.1, 200)
    high = center + width * spread / np.sqrt(wide)
    low = np.maximum(2 * center - high, 0)
    with canvas(lang) as (figure, axes):
        most = max(float(chart.points.max()), float(chart.upper.max()))
        top = np.minimum(high, 1) if scale == 100 else high
        axes.axhline(scale * center, color=SOFT, linewidth=1.2)
        for line in (top, low):
            axes.plot(wide, scale * line, color=SOFT, linestyle=(0, (5, 2)), linewidth=1.2)
        inside = [at for at in range(n) if at not in chart.outside]
        axes.plot(ns[inside], scale * chart.points[inside], "o", color=ACCENT, markersize=4)
        bad = list(chart.outside)
        axes.plot(ns[bad], scale * chart.points[bad], "D", color=BAD, markersize=7,
                  markeredgecolor=PAPER)  # fmt: skip
        for at in bad[:LABELS]:
            axes.annotate(
                names[at], (ns[at], scale * chart.points[at]), (7, 0), va="center", fontsize=9,
                textcoords="offset points", color=BAD, path_effects=HALO,
            )  # fmt: skip
        axes.set_ylim(-0.03 * scale * most, 1.1 * scale * most or 1)
        if ns.max() > 20 * ns.min():
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter(lambda value, _: short(value))
            axes.xaxis.set_minor_formatter(lambda value, _: "")
        words = per or Text("查看的通话数", "calls looked at")
        axes.set_xlabel(words[lang])
        above(axes, seen.label())
        axes.annotate(
            seen.number(center), (1, scale * center), (4, 0), va="center", fontsize=9,
            xycoords=("axes fraction", "data"), textcoords="offset points",
        )  # fmt: skip
        if zh:
            title = f"{n:,} 个都在漏斗里：名次说明不了什么"
            title = f"{n:,} 个里有 {len(out)} 个在漏斗外：{listed(out, lang, 3)}" if out else title
            alt = f"漏斗图，{seen.label()}对{words.zh}，总体 {seen.number(center)}。"
            alt += f"样本量 {short(float(ns.min()))} 到 {short(float(ns.max()))}。{title}。"
        else:
            title = f"All {n:,} lie within the funnel: their ranking is noise"
            title = (
                f"{len(out)} of {n:,} outside the funnel: {listed(out, lang, 3)}" if out else title
            )
            alt = f"Funnel plot of {seen.label()} against {words.en}; all together "
            alt += f"{seen.number(center)}; sizes from {short(float(ns.min()))} "
            alt += f"to {short(float(ns.max()))}. {title}."
        return finish(figure, title, alt, lang)


def run_lengths(
    names: Sequence[Text],
    calm: Sequence[RunLength],
    shifted: Sequence[RunLength],
    *,
    shift: float,
    lang: Lang,
) -> Plot:
    """What sets of rules cost and what they are worth, as bars.

    Args:
        names: of the sets, such as “只用规则 1”.
        calm: how many points each takes to a false alarm.
        shifted: how many points each takes to notice a shift.
        shift: that shift, in sigma.
        lang: the language of all words.

    Raises:
        KefuError: no set, or columns of different lengths.
    """
    if not names or len({len(names), len(calm), len(shifted)}) > 1:
        raise refusal(
            "每套规则要有一个名称和两个平均链长",
            "each set of rules needs a name and two run lengths",
            "请把三列补成一样长",
            "give as many of each",
        )
    zh, n = lang == "zh", len(names)
    most = max(one.mean for one in (*calm, *shifted))
    away = short(abs(shift))
    with canvas(lang, high=1.1 + 0.62 * n) as (figure, axes):
        for at, (false, found) in enumerate(zip(calm, shifted, strict=True)):
            axes.barh(at - 0.19, false.mean, 0.34, color=ACCENT)
            axes.barh(at + 0.19, found.mean, 0.34, color=PALE, edgecolor=ACCENT, hatch="///")
            for up, one, words in (
                (-0.19, false, Text("点一次误报", "points to a false alarm")),
                (0.19, found, Text(f"点发现 {away}σ 偏移", f"points to notice a {away}σ shift")),
            ):
                axes.annotate(f"{short(one.mean, 2)} {words[lang]}", (one.mean, at + up), (4, 0),
                              textcoords="offset points", va="center", fontsize=9)  # fmt: skip
        axes.set_yticks(range(n), [name[lang] for name in names])
        axes.set(xlim=(0, 2.1 * most), ylim=(n - 0.5, -0.5))
        axes.set_xlabel("平均点数" if zh else "points, on average")
        often = min(range(n), key=lambda at: calm[at].mean)
        quick = min(range(n), key=lambda at: shifted[at].mean)
        if often == quick and n > 1:
            title = (
                f"“{names[quick].zh}”发现得最快，误报也最多"
                if zh
                else f"“{names[quick].en}” notices soonest and cries wolf most"
            )
        else:
            title = (
                "规则越多，发现越快，误报也越多"
                if n > 1 and zh
                else "More rules notice sooner and cry wolf more often"
                if n > 1
                else "规则有收益，也有误报的代价"
                if zh
                else "Rules notice shifts, and cry wolf at times"
            )
        told = [
            f"{name.zh}：平均 {short(a.mean)} 点误报一次，{short(b.mean)} 点发现偏移"
            if zh
            else f"{name.en}: {short(a.mean)} points to a false alarm, {short(b.mean)} to notice"
            for name, a, b in zip(names, calm, shifted, strict=True)
        ]
        alt = (
            f"条形图，平均链长，偏移 {away}σ。" + "；".join(told) + "。"
            if zh
            else f"Bars: average run lengths, with a shift of {away}σ. " + "; ".join(told) + "."
        )
        return finish(figure, title, alt, lang)
