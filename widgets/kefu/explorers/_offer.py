"""The offer of `compensation`: amounts in words, and what an offer leaves as a picture."""

from __future__ import annotations

from typing import NamedTuple

from kefu.plots import house, words
from kefu.quality.costs import worth
from kefu.text import Lang, Text

__all__ = ["Three", "draw", "money", "points", "signed"]


class Three(NamedTuple):
    """At worst, as guessed, at best."""

    low: float
    mid: float
    high: float


def money(amount: float) -> str:
    """Without decimals from ten on; a true minus, and no zero that is negative."""
    return words.plain(amount, 0 if abs(amount) >= 9.95 else 1)


def signed(amount: float) -> str:
    """As `money`, with its sign."""
    return words.signed(amount, 0 if abs(amount) >= 9.95 else 1)


def points(gain: float) -> str:
    return money(100 * gain)


def draw(
    value: float, gains: Three, most: Three, offer: int, left: Three, lang: Lang
) -> house.Plot:
    """What an offer leaves against what it costs: a band as wide as the doubt."""
    end = max(1.3 * most.high, 1.3 * offer, 10.0)
    ends = (0.0, end)
    bad, sure = left.high < 0, left.low >= 0
    with house.canvas(lang) as (figure, axes):
        low, mid, high = ([worth(x, gain, value) for x in ends] for gain in gains)
        axes.fill_between(ends, low, high, color=house.TINT, linewidth=0)
        axes.plot(ends, mid, color=house.ACCENT)
        for line in (low, high):
            axes.plot(ends, line, color=house.ACCENT, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.axhline(0, color=house.INK, linewidth=1)
        axes.axhspan(-2 * end, 0, color=house.LINE, alpha=0.25, zorder=0, linewidth=0)
        colour = house.ACCENT if sure else house.BAD if bad else house.PART
        axes.plot([offer, offer], [left.low, left.high], color=colour, linewidth=2.4)
        axes.plot(offer, left.mid, "D" if bad else "o", color=colour, markersize=8)
        axes.annotate(
            Text(f"花 {offer} 元", f"spend {offer}")[lang], (offer, left.high),
            xytext=(6, 4), textcoords="offset points", color=colour, va="bottom",
        )  # fmt: skip
        for limit in most:
            if limit > 0:
                axes.plot(limit, 0, "|", color=house.INK, markersize=11)
        axes.set_xlim(0, end)
        axes.set_ylim(min(1.15 * low[1], -0.2 * end), max(1.3 * high[0], 0.25 * end))
        axes.set_xlabel(Text("给一位客户的补偿（元）", "offer to one customer (yuan)")[lang])
        axes.set_ylabel(Text("平均净得（元）", "left on the mean (yuan)")[lang])
        axes.text(0.01, 0.02, Text("零线以下：亏", "below zero: a loss")[lang], fontsize=9,
                  color=house.SOFT, transform=axes.transAxes)  # fmt: skip
        title = _title(most)
        alt = Text(
            f"一条带，宽是疑问：补偿越多，平均净得越少。{title.zh}。花 {offer} 元时，从 "
            f"{signed(left.low)} 到 {signed(left.high)} 元，中间 {signed(left.mid)} 元。",
            "A band as wide as the doubt: the larger the offer, the less it leaves. "
            f"{title.en}. At {offer} yuan it leaves {signed(left.low)} to "
            f"{signed(left.high)}, as guessed {signed(left.mid)}.",
        )
        return house.finish(figure, title[lang], alt[lang], lang)


def _title(most: Three) -> Text:
    low, high = money(max(most.low, 0)), money(max(most.high, 0))
    if most.high <= 0:
        return Text("多少都不划算：留不住更多的人", "No offer pays: it keeps nobody more")
    if low == high:
        return Text(f"{high} 元以内划算", f"It pays up to {high} yuan")
    if most.low <= 0:
        return Text(f"{high} 元以内说不准，再多一定亏", f"Up to {high} yuan open, beyond it a loss")
    return Text(
        f"{low} 元以内放心给，过了 {high} 元一定亏，中间说不准",
        f"Safe up to {low} yuan, a loss beyond {high}, open in between",
    )
