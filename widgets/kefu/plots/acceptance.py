"""What a rule of acceptance lets pass."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import MaxNLocator

from kefu.plots._drawn import HALO
from kefu.plots._parts import above
from kefu.plots.house import ACCENT, BAD, INK, PAPER, Plot, canvas, finish
from kefu.plots.words import percent
from kefu.quality._given import count, number, refusal
from kefu.quality.acceptance import acceptance, oc_curve
from kefu.text import Lang, Text

__all__ = ["oc"]


def oc(n: int, most: int, *, good: float, bad: float, lang: Lang) -> Plot:
    """The operating characteristic of a plan, with the producer's and the consumer's risk.

    Args:
        n: how many are looked at, at least 1.
        most: how many of them may be faulty.
        good: a share of faulty ones that should pass.
        bad: a greater share that should not.
        lang: the language of all words.

    Raises:
        KefuError: a plan that cannot be; shares that are not 0 <= good < bad <= 1.
    """
    size = count(n, Text("样本量", "the sample size"), low=1, high=10**7)
    allowed = count(most, Text("允许的不合格数", "the number allowed"))
    fine = number(good, Text("好批的不合格率", "the good share"), low=0, high=1)
    poor = number(bad, Text("坏批的不合格率", "the bad share"), low=0, high=1)
    if fine >= poor:
        raise refusal(
            "好批的不合格率要小于坏批的",
            "the good share must be below the bad one",
            "请对调，或改其中一个",
            "swap them or change one",
        )
    zh = lang == "zh"
    far = min(1.0, max(2.2 * poor, 3 * (allowed + 1) / size))
    curve = oc_curve(size, allowed, np.linspace(0, far, 241))
    passed, caught = acceptance(size, allowed, fine), acceptance(size, allowed, poor)
    with canvas(lang) as (figure, axes):
        axes.plot(100 * curve.shares, 100 * curve.accepted, color=ACCENT)
        for share, chance, colour, shape in ((fine, passed, INK, "o"), (poor, caught, BAD, "D")):
            axes.plot([100 * share, 100 * share], [0, 100 * chance], color=colour, linewidth=1,
                      linestyle=(0, (5, 2)))  # fmt: skip
            axes.plot(100 * share, 100 * chance, shape, color=colour, markersize=8, clip_on=False,
                      markeredgecolor=PAPER, zorder=4)  # fmt: skip
            name = ("好批" if zh else "good") if shape == "o" else "坏批" if zh else "bad"
            words = f"{name} {percent(share)}{'，接收 ' if zh else ': '}{percent(chance)}"
            left = share > 0.55 * far
            axes.annotate(
                words if zh else f"{words} pass", (100 * share, 100 * chance),
                (-8, 14) if left else (8, 4), textcoords="offset points", va="bottom",
                ha="right" if left else "left", color=colour, path_effects=HALO,
            )  # fmt: skip
        axes.set(xlim=(0, 100 * far), ylim=(0, 112))
        axes.yaxis.set_major_locator(MaxNLocator(5))
        axes.set_yticks(range(0, 101, 20))
        axes.set_xlabel("整批的不合格率（%）" if zh else "share of faulty ones in the lot (%)")
        above(axes, "整批被接收的概率（%）" if zh else "chance that the lot is accepted (%)")
        refused = percent(1 - passed)
        if zh:
            title = f"抽 {size:,} 个、最多 {allowed:,} 个不合格："
            title += f"好批有 {refused} 被拒，坏批有 {percent(caught)} 放过"
            alt = f"OC 曲线，横轴是整批不合格率 0 到 {percent(far)}，接收概率从 100 % 降到 "
            alt += f"{percent(float(curve.accepted[-1]))}。{title}。"
            alt += f"好批指 {percent(fine)}，坏批指 {percent(poor)}。"
        else:
            title = f"{size:,} looked at, {allowed:,} may be faulty: {refused} of good lots fail, "
            title += f"{percent(caught)} of bad ones pass"
            alt = f"OC curve: over shares of faulty ones from 0 to {percent(far)} the chance of "
            alt += f"acceptance falls from 100 % to {percent(float(curve.accepted[-1]))}. "
            alt += f"{title}. Good is {percent(fine)}, bad {percent(poor)}."
        return finish(figure, title, alt, lang)
