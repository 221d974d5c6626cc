"""Net Promoter Scores: how much they waver from survey to survey, and when that is no noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from kefu.plots._parts import SMALL, Name, above, high, named, spread
from kefu.plots.house import ACCENT, BAD, INK, PALE, SOFT, Plot, canvas, finish, wrap
from kefu.plots.words import plain
from kefu.quality._given import number, numbers, refusal
from kefu.quality.satisfaction import Nps
from kefu.text import Lang, Text

__all__ = ["nps_noise", "nps_over_time"]


def nps_noise(surveys: Sequence[Nps], truth: float, *, lang: Lang) -> Plot:
    """Many surveys of one and the same public: each score with its interval, and the truth.

    Args:
        surveys: as from `kefu.quality.satisfaction.nps`, in any order; at least one that
            somebody answered. Those without an answer are left out.
        truth: the score of the whole public, in points, -100 to 100.
        lang: the language of the words.

    Raises:
        KefuError: no survey has a value; a truth off the scale.
    """
    true = number(truth, Text("真值", "the truth"), low=-100, high=100)
    found = [(each, value) for each in surveys if (value := each.value) is not None]
    if not found:
        raise refusal("没有一次调查有人回答", "no survey was answered", "至少给一次", "give one")
    values = [value for _, value in found]
    missed = [not each.low <= true <= each.high for each, _ in found]
    heard = [plain(each, 0) for each in sorted({min(values), max(values)})]
    misses = sum(missed)
    if lang == "zh":
        title = f"真值一直是 {plain(true, 0)}：{len(found)} 次调查得到 {' 到 '.join(heard)}，"
        title += f"{misses} 次的区间没盖住它" if misses else "区间都盖住了它"
        alt = f"每次调查的 NPS 和区间，横线是真值。{title}。"
    else:
        title = f"The truth is {plain(true, 0)} throughout: {len(found)} surveys say "
        title = title.replace(": 1 surveys say", ": one survey says") + " to ".join(heard)
        title += {0: ", and every interval holds it", 1: ", and one interval misses it"}.get(
            misses, f", and {misses} intervals miss it"
        )
        alt = f"The NPS of each survey with its interval; a line marks the truth. {title}."
    with canvas(lang, high=high(title, 2.4, below=0.55)) as (figure, axes):
        axes.axhline(true, color=INK, lw=1.2, zorder=1)
        for at, ((each, value), out) in enumerate(zip(found, missed, strict=True), 1):
            axes.plot([at, at], [each.low, each.high], color=BAD if out else PALE,
                      lw=2 if out else 3, ls="-", zorder=1.5, solid_capstyle="butt")  # fmt: skip
            axes.plot(at, value, "X" if out else "o", color=BAD if out else ACCENT,
                      ms=8 if out else 4.5, zorder=3)  # fmt: skip
        _score_axis(axes, [each.low for each, _ in found] + [true],
                    [each.high for each, _ in found] + [true])  # fmt: skip
        axes.set_xlim(0.3, len(found) + 0.7)
        axes.set_xticks(range(1, len(found) + 1, -(-len(found) // 10)))
        axes.set_xlabel("第几次调查" if lang == "zh" else "survey")
        above(axes, "NPS（分）　● 盖住真值　✕ 没盖住" if lang == "zh"
              else "NPS (points)    ● holds the truth    ✕ misses it")  # fmt: skip
        axes.annotate(
            f"真值\n{plain(true, 0)}" if lang == "zh" else f"truth\n{plain(true, 0)}",
            (1, true), xycoords=("axes fraction", "data"), xytext=(4, 0),
            textcoords="offset points", fontsize=SMALL, va="center", annotation_clip=False,
        )  # fmt: skip
        return finish(figure, title, alt, lang)


def nps_over_time(
    promoters: ArrayLike,
    passives: ArrayLike,
    detractors: ArrayLike,
    *,
    lang: Lang,
    rows: Sequence[Name] | None = None,
    width: float = 3.0,
) -> Plot:
    """The NPS of each period, with the limits within which it wavers if nothing changes.

    The middle line is the score of all answers together, p - q with the shares p of promoters
    and q of detractors; the limits are `width` times sqrt((p + q - (p - q)^2) / n) from it, for
    the n answers of each period.

    Args:
        promoters: how many answered 9 or 10, one count a period.
        passives: how many answered 7 or 8.
        detractors: how many answered 0 to 6.
        lang: the language of the words.
        rows: what the periods are called; None: 1, 2, 3 and so on.
        width: in standard errors.

    Raises:
        KefuError: counts that are not whole, negative or of different lengths; no answer at all.
    """
    name = Text("人数", "the counts")
    kinds = [numbers(each, name, low=0, whole=True) for each in (promoters, passives, detractors)]
    if len({len(each) for each in kinds}) > 1 or not sum(float(each.sum()) for each in kinds):
        raise refusal(
            "三列人数长短不一样，或没有人回答", "the three counts differ in length, or all are 0",
            "每期三个整数", "give three whole numbers a period",
        )  # fmt: skip
    up, _, down = kinds
    ns = kinds[0] + kinds[1] + kinds[2]
    called = named(rows or [str(at + 1) for at in range(len(ns))], lang, count=len(ns))
    p, q = float(up.sum() / ns.sum()), float(down.sum() / ns.sum())
    there = ns > 0
    score = np.where(there, 100 * (up - down) / np.maximum(ns, 1), np.nan)
    reach = 100 * width * np.sqrt(max(p + q - (p - q) ** 2, 0) / np.maximum(ns, 1))
    middle = 100 * (p - q)
    low, most = np.maximum(middle - reach, -100), np.minimum(middle + reach, 100)
    out = there & ((score < low - 1e-9) | (score > most + 1e-9))
    names = [called[at] for at in np.flatnonzero(out)]
    listed = [
        f"{one} {plain(each, 0)}"
        for one, each, some in zip(called, score, there, strict=True)
        if some
    ]
    if lang == "zh":
        title = (
            f"NPS 在{'、'.join(names)}越出了界限，值得去找原因"
            if names
            else f"NPS 上上下下都在界限之内，还看不出变化（总分 {plain(middle, 0)}）"
        )
        alt = f"各期 NPS（分），中线 {plain(middle, 0)}：{'；'.join(listed)}。{title}。"
    else:
        title = (
            f"The NPS left its limits in {', '.join(names)}: worth asking why"
            if names
            else f"The NPS stays within its limits: no change to see yet "
            f"({plain(middle, 0)} overall)"
        )
        alt = f"NPS by period, in points, centre {plain(middle, 0)}: {'; '.join(listed)}. {title}."
    with canvas(lang, high=high(title, 2.4, below=0.55)) as (figure, axes):
        x = np.arange(len(ns))
        edges = np.append(x - 0.5, len(ns) - 0.5)
        for limit in (low, most):
            axes.stairs(np.where(there, limit, np.nan), edges, color=SOFT, ls="--", lw=1,
                        baseline=None)  # fmt: skip
        axes.plot([-0.5, len(ns) - 0.5], [middle, middle], color=SOFT, lw=1)
        axes.plot(x, score, "o-", color=ACCENT, ms=4.5)
        axes.plot(x[out], score[out], "X", color=BAD, ms=9, zorder=4)
        _score_axis(axes, [*low[there], *score[there]], [*most[there], *score[there]])
        axes.set_xlim(-0.5, len(ns) - 0.5)
        every = -(-len(called) // 8)
        axes.set_xticks(x[::every], [wrap(each, 9) for each in called[::every]])
        above(axes, "NPS（分）" if lang == "zh" else "NPS (points)")
        last = int(np.flatnonzero(there)[-1])
        words = ("下限", "总分", "上限") if lang == "zh" else ("lower", "overall", "upper")
        bottom, ceiling = axes.get_ylim()
        wished = [low[last], middle, most[last]]
        for place, word in zip(spread(wished, (ceiling - bottom) * 0.075), words, strict=True):
            axes.annotate(word, (1, place), xycoords=("axes fraction", "data"), xytext=(4, 0),
                          textcoords="offset points", fontsize=SMALL, va="center", color=SOFT,
                          annotation_clip=False)  # fmt: skip
        return finish(figure, title, alt, lang)


def _score_axis(axes: Axes, lows: Sequence[float], highs: Sequence[float]) -> None:
    low, up = min(lows), max(highs)
    room = max(0.06 * (up - low), 8 if up == low else 3)
    axes.set_ylim(max(low - room, -104), min(up + room, 104))
    axes.yaxis.set_major_formatter(lambda value, _: plain(value, 0))
