"""Complaints: what they are about, how fast they are closed, what lies open, what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kefu.plots._costs import break_even, cost_of_quality
from kefu.plots._flow import ageing, cumulative_flow
from kefu.plots._iceberg import iceberg
from kefu.plots._parts import HATCH, LINE, SMALL, Name, high, named
from kefu.plots._survival import survival
from kefu.plots.house import (
    ACCENT,
    INK,
    PALE,
    PAPER,
    SOFT,
    Plot,
    canvas,
    finish,
    wrap,
)
from kefu.plots.words import counted, listed, percent
from kefu.quality._given import number
from kefu.quality.complaints import Pareto
from kefu.text import Lang, Text

__all__ = [
    "ageing",
    "break_even",
    "cost_of_quality",
    "cumulative_flow",
    "iceberg",
    "pareto",
    "survival",
]

_CASES = Text("件", "complaint")


def pareto(
    found: Pareto,
    *,
    lang: Lang,
    unit: Text = _CASES,
    share: float = 0.8,
    called: Mapping[str, Name] | None = None,
) -> Plot:
    """Causes by weight, with the running share; those few that make up most are marked.

    Args:
        found: as from `kefu.quality.complaints.pareto`: by count, by cost or by severity.
        lang: the language of the words.
        unit: what the weights are in; the English word in the singular.
        share: how much the vital few make up together, above 0 and at most 1.
        called: what the causes are called, if not as in `found`.

    Raises:
        KefuError: there is no cause; a share out of its bounds.
    """
    limit = number(share, Text("比例", "the share"), low=1e-9, high=1)
    names = named([(called or {}).get(each, each) for each in found.names], lang,
                  count=len(found.names))  # fmt: skip
    size, running = len(names), np.asarray(found.cumulative)
    few = int(np.argmax(running >= limit - 1e-9)) + 1 if running[-1] > 0 else 0
    title = _pareto_title(names, found, few, limit, lang)
    figures = [
        f"{counted(value, unit, lang)} · {percent(part)}"
        for value, part in zip(found.values, found.shares, strict=True)
    ]
    listed = [f"{name} {words}" for name, words in zip(names, figures, strict=True)]
    if lang == "zh":
        alt = f"帕累托图，从多到少：{'；'.join(listed)}。"
        alt += f"前 {few} 类累计 {percent(running[few - 1])}。" if few > 1 else ""
    else:
        alt = f"Pareto chart, the greatest first: {'; '.join(listed)}."
        alt += f" The first {few} add up to {percent(running[few - 1])}." if few > 1 else ""

    wrapped = [wrap(name, 24) for name in names]
    talls = [LINE * (words.count("\n") + 2) + 0.13 for words in wrapped]
    middles = np.cumsum(talls) - np.asarray(talls) / 2 + 0.22
    inside = float(sum(talls)) + 0.24
    left = 78.0  # names stand left of 0, in a part of this width beside the 100 of the bars
    with canvas(lang, high=high(title, inside, below=0.45)) as (figure, axes):
        axes.set(xlim=(-left, 110), ylim=(inside, 0), xticks=[0, 20, 40, 60, 80, 100])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_bounds(0, 100)
        axes.plot([0, 0], [0.22, inside], color=SOFT, lw=0.8)
        axes.plot([100 * limit] * 2, [0.2, inside], color=SOFT, lw=1, ls="--", zorder=0)
        axes.text(100 * limit, 0.17, percent(limit), fontsize=SMALL, color=SOFT, ha="center")
        vital = few if few <= max(size / 2, 1) else 0
        for at, (words, figure_words, y) in enumerate(zip(wrapped, figures, middles, strict=True)):
            axes.barh(y, 100 * found.shares[at], 0.24, color=ACCENT if at < vital else PALE,
                      hatch=None if at < vital else HATCH, ec=PAPER)  # fmt: skip
            tall = LINE * (words.count("\n") + 2)
            axes.text(-left, y - tall / 2, words, fontsize=SMALL, va="top", linespacing=1.2)
            axes.text(-left, y + tall / 2, figure_words, fontsize=SMALL, va="bottom", color=SOFT)
        if few:
            axes.plot(100 * running, middles, "o-", color=INK, ms=4, lw=1.3)
            axes.annotate(percent(running[few - 1]), (100 * running[few - 1], middles[few - 1]),
                          xytext=(6, 3), textcoords="offset points", fontsize=SMALL)  # fmt: skip
        axes.set_xlabel(
            "占全部的 %；黑线是从上往下的累计" if lang == "zh"
            else "% of all; the black line adds up from the top", x=0.62
        )  # fmt: skip
        return finish(figure, title, alt, lang)


def _pareto_title(names: Sequence[str], found: Pareto, few: int, limit: float, lang: Lang) -> str:
    size = len(names)
    if not few:
        return "各类都是 0" if lang == "zh" else "Every cause stands at 0"
    if few > size / 2:
        if size == 1:
            return f"只有一类：{names[0]}" if lang == "zh" else f"One cause alone: {names[0]}"
        return (
            f"没有哪几类特别突出：{size} 类里要 {few} 类才到 {percent(limit)}"
            if lang == "zh"
            else f"No vital few: it takes {few} of {size} causes to reach {percent(limit)}"
        )
    told = percent(found.cumulative[few - 1])
    first = listed(names[:few], lang) if few <= 3 else ""
    if lang == "zh":
        return f"{size} 类里的 {few} 类占了 {told}" + (f"：{first}" if first else "")
    verb = "makes" if few == 1 else "make"
    return f"{few} of {size} causes {verb} up {told}" + (f": {first}" if first else "")
