"""Complaints in money: what an offer keeps against what it costs, and what quality costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from kefu.plots._parts import (
    CLEAR,
    HATCH,
    SMALL,
    Key,
    Name,
    above,
    fitting,
    high,
    named,
    number_in,
    spread,
)
from kefu.plots.house import (
    ACCENT,
    BAD,
    INK,
    LINE,
    PALE,
    PAPER,
    PART,
    SERIES,
    TINT,
    Plot,
    canvas,
    finish,
)
from kefu.plots.words import percent, plain
from kefu.quality._given import Floats, numbers, refusal
from kefu.quality.costs import CostOfQuality
from kefu.text import Lang, Text

__all__ = ["break_even", "cost_of_quality"]

_MONEY = Text("元", "yuan")


def break_even(
    compensation: ArrayLike, kept: ArrayLike, *, lang: Lang, unit: Text = _MONEY
) -> Plot:
    """The value an offer keeps against what it costs; where they cross it stops to pay.

    Args:
        compensation: what it may cost per customer, ascending, two amounts or more.
        kept: the value it keeps on the mean, gain in retention times lifetime value, for each.
        lang: the language of the words.
        unit: of both; the English word as it stands after a number.

    Raises:
        KefuError: no such amounts, or not as many of each.
    """
    cost = numbers(compensation, Text("补偿", "the compensation"), low=0, least=2)
    value = numbers(kept, Text("保住的价值", "the value kept"), least=2)
    if len(cost) != len(value) or (np.diff(cost) <= 0).any():
        raise refusal(
            "补偿和保住的价值对不上", "compensation and value kept do not fit together",
            "补偿从小到大，每个写一个价值", "give ascending amounts, with one value for each",
        )  # fmt: skip
    zh, left = lang == "zh", value - cost
    start, end, pays = _paying(cost, left)
    money = f"\N{NO-BREAK SPACE}{unit[lang]}"
    if not pays:
        title = "这样补偿，多少都不划算" if zh else "No amount pays"
    elif end is None:
        title = (
            f"补到 {plain(cost[-1], 0)}{money}都还划算" if zh
            else f"It pays all the way to {plain(cost[-1], 0)}{money}"
        )  # fmt: skip
    elif start is None:
        title = (
            f"补偿在 {plain(end, 0)}{money}以内划算，再多就超过保住的价值" if zh
            else f"Up to {plain(end, 0)}{money} the offer keeps more than it costs"
        )  # fmt: skip
    else:
        title = (
            f"补偿在 {plain(start, 0)} 到 {plain(end, 0)}{money}之间划算" if zh
            else f"From {plain(start, 0)} to {plain(end, 0)}{money} the offer keeps more "
            "than it costs"
        )  # fmt: skip
    most, kept_from, kept_to = (f"{plain(each, 0)}{money}" for each in (cost[-1], *value[[0, -1]]))
    alt = Text(
        f"横轴是每位客户的补偿，到 {most}为止；一条线是补偿本身，一条是平均保住的价值，"
        f"从 {kept_from}到 {kept_to}。{title}。",
        f"Compensation per customer up to {most}; one line is what it costs, one the value it "
        f"keeps on the mean, {kept_from} to {kept_to}. {title}.",
    )[lang]
    with canvas(lang, high=high(title, 2.6, below=0.55)) as (figure, axes):
        axes.fill_between(cost, cost, value, where=(left > 0).tolist(), interpolate=True,
                          color=TINT, lw=0)  # fmt: skip
        axes.plot(cost, cost, color=SERIES[1], lw=1.6, ls="--")
        axes.plot(cost, value, color=ACCENT, lw=2.2)
        low, up = min(0.0, float(value.min())), max(float(cost[-1]), float(value.max()))
        axes.set_xlim(cost[0], cost[-1])
        axes.set_ylim(low - 0.03 * (up - low), 1.05 * up)
        ends = spread([float(value[-1]), float(cost[-1])], 0.16 * (up - low))
        words = (
            ("平均保住\n的价值", "补偿本身") if zh else ("value kept\non the mean", "what it costs")
        )
        for place, label, colour in zip(ends, words, (ACCENT, PART), strict=True):
            axes.annotate(label, (1, place), xycoords=("axes fraction", "data"), xytext=(5, 0),
                          textcoords="offset points", fontsize=SMALL, va="center", color=colour,
                          linespacing=1.1, annotation_clip=False)  # fmt: skip
        for at in (start, end):
            if at is None:
                continue
            right = at < 0.6 * (cost[0] + cost[-1])
            axes.plot([at, at], [low - 0.03 * (up - low), at], color=INK, lw=1, ls=":")
            axes.plot(at, at, "D", color=PAPER, mec=INK, mew=1.6, ms=7, zorder=4)
            axes.annotate(f"{plain(at, 0)}{money}", (at, low), xytext=(5 if right else -5, 2),
                          textcoords="offset points", ha="left" if right else "right",
                          va="bottom", fontsize=10,
                          bbox=CLEAR)  # fmt: skip
        axes.set_xlabel(
            f"给每位客户的补偿（{unit.zh}）" if zh else f"compensation per customer ({unit.en})"
        )
        above(axes, unit[lang])
        axes.yaxis.set_major_formatter(lambda tick, _: plain(tick, 0 if up > 5 else 1))
        axes.xaxis.set_major_formatter(lambda tick, _: plain(tick, 0 if cost[-1] > 5 else 1))
        return finish(figure, title, alt, lang)


def _paying(cost: Floats, left: Floats) -> tuple[float | None, float | None, bool]:
    """Where the widest stretch that pays begins and ends (None: with the amounts), if any does."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], left > 1e-9, [False]]).astype(int)))
    stretches = []
    for first, after in ends.reshape(-1, 2):
        start = _crossing(cost, left, first - 1) if first else float(cost[0])
        end = _crossing(cost, left, after - 1) if after < len(cost) else float(cost[-1])
        stretches.append((end - start, start, end, after < len(cost)))
    if not stretches:
        return None, None, False
    _, start, end, inside = max(stretches)
    return start if start > cost[0] else None, end if inside else None, True


def _crossing(cost: Floats, left: Floats, at: int) -> float:
    """Where what is left changes its sign between one amount and the next."""
    part = left[at] / (left[at] - left[at + 1])
    return float(cost[at] + part * (cost[at + 1] - cost[at]))


_KINDS = (
    Text("预防", "prevention"),
    Text("检查", "appraisal"),
    Text("内部失误", "internal failure"),
    Text("外部失误", "external failure"),
)


def cost_of_quality(
    found: Sequence[CostOfQuality],
    names: Sequence[Name],
    *,
    lang: Lang,
    unit: Text = _MONEY,
) -> Plot:
    """What quality costs, by prevention, appraisal and failure; one bar a period.

    Args:
        found: as from `kefu.quality.costs.cost_of_quality`, one or more, in order.
        names: what each is called.
        lang: the language of the words.
        unit: of the money; the English word as it stands after a number.

    Raises:
        KefuError: there is none, or not one name for each.
    """
    called = named(names, lang, count=len(found))
    zh, kinds = lang == "zh", [kind[lang] for kind in _KINDS]
    failed = [sum(each.shares[2:]) for each in found]
    money = f"\N{NO-BREAK SPACE}{unit[lang]}"
    spent = [at for at, each in enumerate(found) if each.total > 0]
    if not spent:
        title = "还没有质量成本" if zh else "Nothing has been spent on quality yet"
    elif len(spent) == 1:
        at = spent[0]
        title = (
            f"质量成本 {plain(found[at].total)}{money}，{percent(failed[at])} 花在出错以后" if zh
            else f"Quality costs {plain(found[at].total)}{money}; {percent(failed[at])} of it is "
            "failure"
        )  # fmt: skip
    else:
        a, b = spent[0], spent[-1]
        title = (
            f"出错以后花的，从{called[a]}的 {percent(failed[a])} 到{called[b]}的 "
            f"{percent(failed[b])}；"
            f"总数从 {plain(found[a].total)} 到 {plain(found[b].total)}{money}" if zh
            else f"Failure went from {percent(failed[a])} ({called[a]}) to {percent(failed[b])} "
            f"({called[b]}) of the cost; the total from {plain(found[a].total)} to "
            f"{plain(found[b].total)}{money}"
        )  # fmt: skip
    told = []
    for name, each in zip(called, found, strict=True):
        parts = [f"{kind} {percent(share)}" for kind, share in zip(kinds, each.shares, strict=True)]
        told.append(
            f"{name} {plain(each.total)}{money}"
            + ("：" if zh else ": ") + ("、" if zh else ", ").join(parts)
        )  # fmt: skip
    alt = ("；".join(told) + "。") if zh else ("; ".join(told) + ".")

    figures = [f"{plain(each.total)}{money}" for each in found]
    inks, hatched = [ACCENT, PALE, "#e3ad8b", BAD], [False, False, True, True]
    key = Key(kinds, inks, hatched)
    rows = fitting(called, figures, band=0.56, start=0.04 + key.high)
    most = max(each.total for each in found) or 1.0
    with canvas(lang, high=high(title, rows.high, below=0.5)) as (figure, axes):
        rows.label(axes, 0, most, figures)
        axes.set_xlim(0, most)
        key.draw(axes, most)
        for each, share, band in zip(found, failed, rows.bands, strict=True):
            if not each.total:
                axes.barh(band - 0.14, most, 0.22, fill=False, ec=LINE, lw=0.8)
                continue
            left = 0.0
            for part, ink, lined in zip(each.shares, inks, hatched, strict=True):
                wide = part * each.total
                axes.barh(band - 0.14, wide, 0.22, left, color=ink, ec=PAPER, lw=1,
                          hatch=HATCH if lined else None)  # fmt: skip
                if wide >= 0.09 * most:
                    number_in(axes, left + wide / 2, band - 0.14, percent(part), ink)
                left += wide
            good = each.total - share * each.total
            words = ("做对花的", "出错花的") if zh else ("to do it right", "failure")
            for start, end, label, side in (
                (0.0, good, f"{words[0]} {percent(1 - share)}", "left"),
                (good, each.total, f"{words[1]} {percent(share)}", "right"),
            ):
                if end > start:
                    axes.plot([start + 0.004 * most, end - 0.004 * most], [band + 0.03] * 2, lw=1.6,
                              color=INK, ls="-" if side == "left" else (0, (2, 1)))  # fmt: skip
                place = 0.0 if side == "left" else max(each.total, 0.62 * most)
                axes.text(place, band + 0.15, label, fontsize=SMALL, va="center", ha=side)
        if not spent:
            axes.set_xticks([0])
        axes.set_xlabel(unit[lang])
        return finish(figure, title, alt, lang)
