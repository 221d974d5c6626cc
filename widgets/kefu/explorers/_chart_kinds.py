"""What `which_chart` leads to: each control chart in words, and an example of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from kefu.quality import charts
from kefu.text import Text

__all__ = ["KINDS", "Kind"]

_DAYS = 24


class Kind(NamedTuple):
    """A chart: why it is the one, its formula in words, what to beware of, and an example."""

    name: Text  # in English with its article
    why: Text
    formula: Text
    beware: Text
    example: Callable[[], charts.Chart | charts.Pair]
    what: Text
    unit: Text | None = None


# `random` is the one stream that no version of Python changes.
def _sizes(seed: int, least: int, spread: int) -> list[int]:
    chance = random.Random(seed).random
    return [least + int(chance() * spread) for _ in range(_DAYS)]


def _hits(seed: int, sizes: list[int], share: float, wobble: float = 0.0) -> list[int]:
    """How many of each day's calls, where the share itself may wobble from day to day."""
    chance = random.Random(seed).random
    found = []
    for size in sizes:
        today = share * (1 + wobble * (2 * chance() - 1))
        found.append(sum(chance() < today for _ in range(size)))
    return found


def _bells(seed: int, n: int) -> list[float]:
    """Numbers that spread as a normal distribution does, nearly: twelve draws added up."""
    chance = random.Random(seed).random
    return [sum(chance() for _ in range(12)) - 6 for _ in range(n)]


def _with(values: list[int], at: int, value: int) -> list[int]:
    return [*values[:at], value, *values[at + 1 :]]


def _p() -> charts.Chart:
    sizes = _sizes(3, 60, 90)
    return charts.p_chart(_with(_hits(4, sizes, 0.09), 16, round(sizes[16] * 0.24)), sizes)


def _p_prime() -> charts.Chart:
    sizes = _sizes(5, 4000, 2500)
    return charts.laney_p_chart(_hits(6, sizes, 0.12, 0.25), sizes)


def _u() -> charts.Chart:
    sizes = _sizes(7, 80, 120)
    counts = _hits(8, sizes, 0.06)
    return charts.u_chart(_with(counts, 10, counts[10] + 14), [size / 100 for size in sizes])


def _u_prime() -> charts.Chart:
    sizes = _sizes(9, 2500, 1500)
    return charts.laney_u_chart(_hits(10, sizes, 0.06, 0.35), [size / 100 for size in sizes])


def _i_mr() -> charts.Pair:
    values = [255 + 14 * one for one in _bells(11, _DAYS)]
    values[18] += 70
    return charts.i_mr(values)


def _xbar(n: int, seed: int) -> list[list[float]]:
    flat = _bells(seed, _DAYS * n)
    return [
        [250 + 30 * one + (45 if day == 15 else 0) for one in flat[day * n : (day + 1) * n]]
        for day in range(_DAYS)
    ]


def _ewma() -> charts.Chart:
    values = [84 + 2.4 * one - 0.28 * max(0, day - 9) for day, one in enumerate(_bells(14, _DAYS))]
    return charts.ewma_chart(values, baseline=slice(0, 10))


KINDS = {
    "np": Kind(
        Text("np 图（件数图）", "an np chart (number of items)"),
        Text(
            "每通只判是或不是，而且每天听的通数一样，直接画有几通就行，最好懂。",
            "Each call is a yes or a no, and the sample is of one size, so the plain number of "
            "calls will do, and anyone can read it.",
        ),
        Text(
            "中心线是平均每天几通；界限是它加减 3 ×（通数 × 比例 × 另一半比例）的平方根。",
            "Center: the mean number a day. Limits: that plus or minus 3 × the root of "
            "(calls × share × the other share).",
        ),
        Text(
            "哪天少听了一通，就得换成 p 图。",
            "As soon as one day's sample differs, take a p chart.",
        ),
        lambda: charts.np_chart(_with(_hits(1, [80] * _DAYS, 0.08), 13, 17), 80),
        Text("有严重差错的通话", "calls with a critical error"),
        Text("通", "calls"),
    ),
    "p": Kind(
        Text("p 图（比例图）", "a p chart (share)"),
        Text(
            "每通只判是或不是，而每天的通数不同，所以画比例；通数少的日子，界限自动放宽。",
            "Each call is a yes or a no and the samples differ in size, so draw the share; the "
            "limits widen on days with few calls.",
        ),
        Text(
            "中心线是总件数除以总通数（不是每天比例的平均）；界限是它加减 3 × "
            "√（比例 × 另一半比例 ÷ 当天通数）。",
            "Center: all that count over all calls, not the mean of the daily shares. Limits: that "
            "plus or minus 3 × √(share × other share ÷ that day's calls).",
        ),
        Text(
            "平均一天还不到一两通的，界限会失灵：把几天并成一点再画。",
            "Where it is hardly one or two calls a day, the limits break down: put several days "
            "into one point.",
        ),
        _p,
        Text("有严重差错的通话占比", "calls with a critical error"),
    ),
    "p-prime": Kind(
        Text("Laney p′ 图", "Laney's p′ chart"),
        Text(
            "每点上千通时，p 图的界限窄得像一条线，平常日子也会到处出界；"
            "p′ 把每天本来就有的起伏也算进去。",
            "With thousands of calls a point the limits of a p chart are as narrow as a line, and "
            "ordinary days fall out of them; p′ also allows for what varies from day to day.",
        ),
        Text(
            "先照 p 图算出每点偏了几个标准差，再看这些数前后两点平均差多少，按它把界限放宽。",
            "Take each point in standard errors of the p chart, see how far neighbours differ on "
            "average, and widen the limits by that.",
        ),
        Text(
            "先弄清起伏从哪来：早晚两班混在一个点里，也会这样，那就该分开画。",
            "First ask where the extra variation comes from: two shifts mixed in one point look "
            "like this too, and should be drawn apart.",
        ),
        _p_prime,
        Text("20 秒内没接起的来电占比", "calls not answered in 20 s"),
    ),
    "c": Kind(
        Text("c 图（次数图）", "a c chart (number of events)"),
        Text(
            "数的是次数，一通里可以有好几次；每个点的机会一样多，直接画次数。",
            "You count events, of which one call can have several, and every point has the same "
            "room for them: draw the number itself.",
        ),
        Text(
            "中心线是平均次数；界限是它加减 3 × 平均次数的平方根。",
            "Center: the mean number. Limits: that plus or minus 3 × its square root.",
        ),
        Text(
            "业务量翻倍的月份，次数也会翻倍：那不是变差，要用 u 图。",
            "When business doubles, so does the number: that is no decline, and needs a u chart.",
        ),
        lambda: charts.c_chart(_with(_hits(2, [200] * _DAYS, 0.045), 17, 21)),
        Text("每周投诉", "complaints a week"),
    ),
    "u": Kind(
        Text("u 图（单位次数图）", "a u chart (events per unit)"),
        Text(
            "数的是次数，而每个点的业务量不同，所以画“每千次接触几件”；量少的周，界限放宽。",
            "You count events and the points differ in size, so draw the number per 1,000 "
            "contacts; the limits widen in small weeks.",
        ),
        Text(
            "中心线是总次数除以总量；界限是它加减 3 × √（平均 ÷ 当周的量）。",
            "Center: all events over all contacts. Limits: that plus or minus 3 × "
            "√(the mean ÷ that week's contacts).",
        ),
        Text(
            "投诉变少也要问一句：是事情好了，还是投诉变难了？",
            "When complaints fall, ask: did things get better, or did complaining get harder?",
        ),
        _u,
        Text("每千次接触的投诉", "complaints per 1,000 contacts"),
    ),
    "u-prime": Kind(
        Text("Laney u′ 图", "Laney's u′ chart"),
        Text(
            "量特别大时，u 图的界限窄得谁都出界；u′ 把每周本来就有的起伏也算进去。",
            "With very many contacts everything falls out of a u chart's narrow limits; u′ also "
            "allows for what varies from week to week.",
        ),
        Text(
            "先照 u 图算出每点偏了几个标准差，再看这些数前后两点平均差多少，按它把界限放宽。",
            "Take each point in standard errors of the u chart, see how far neighbours differ on "
            "average, and widen the limits by that.",
        ),
        Text(
            "先弄清起伏从哪来，再放宽：宽界限也会盖住真问题。",
            "Find out where the extra variation comes from first: wide limits also hide real "
            "trouble.",
        ),
        _u_prime,
        Text("每千次接触的投诉", "complaints per 1,000 contacts"),
    ),
    "i-mr": Kind(
        Text("I-MR 图（单值—移动极差图）", "an I-MR chart (single values and moving ranges)"),
        Text(
            "每个点只有一个量出来的数，组内没法比，就拿前后两点之差来量平常的起伏。",
            "Each point is one measured number, so nothing varies within it; the step from one "
            "point to the next tells how much is ordinary.",
        ),
        Text(
            "中心线是平均数；界限是它加减 2.66 × 平均移动极差（前后两点相差多少）。",
            "Center: the mean. Limits: that plus or minus 2.66 × the mean moving range, which is "
            "how far neighbours are apart.",
        ),
        Text(
            "一天的平均时长背后若有几百通，别只留一个数：改成每天抽一组，画 X̄ 图。",
            "If hundreds of calls stand behind that one number, do not throw them away: draw a "
            "sample each day and take an X̄ chart.",
        ),
        _i_mr,
        Text("每天的平均处理时长", "mean handle time a day"),
        Text("秒", "s"),
    ),
    "xbar-r": Kind(
        Text("X̄-R 图（均值—极差图）", "an X̄-R chart (means and ranges)"),
        Text(
            "每个点是一小组量出来的数（2 到 9 个）：一张看平均变没变，一张看散得厉不厉害。",
            "Each point is a small sample of measurements (2 to 9): one chart shows whether the "
            "mean moved, the other whether they scatter more.",
        ),
        Text(
            "均值的界限是总平均加减 A2 × 平均极差；A2 只看每组几个（5 个时是 0.577）。",
            "Limits of the means: the grand mean plus or minus A2 × the mean range; A2 depends on "
            "the sample size alone (0.577 for 5).",
        ),
        Text(
            "先看下面的极差图：极差失控时，均值图的界限不作数。",
            "Read the ranges below first: while they are out of control the limits of the means "
            "do not hold.",
        ),
        lambda: charts.xbar_r(_xbar(5, 12)),
        Text("每天抽 5 通的平均时长", "mean handle time of 5 calls a day"),
        Text("秒", "s"),
    ),
    "xbar-s": Kind(
        Text("X̄-S 图（均值—标准差图）", "an X̄-S chart (means and standard deviations)"),
        Text(
            "每组有 10 个以上，或各组个数不一：极差只用到两头，标准差用到每个数。",
            "With 10 or more in a sample, or samples of different size, the range uses only the "
            "two ends, the standard deviation every number.",
        ),
        Text(
            "均值的界限是总平均加减 3 × 标准差 ÷ √每组个数；标准差取各组的平均，再略作校正。",
            "Limits of the means: the grand mean plus or minus 3 × the standard deviation ÷ "
            "√(sample size); the deviation is the samples' mean one, slightly corrected.",
        ),
        Text(
            "先看下面的标准差图，再看均值图。",
            "Read the deviations below first, then the means.",
        ),
        lambda: charts.xbar_s(_xbar(12, 13)),
        Text("每天抽 12 通的平均时长", "mean handle time of 12 calls a day"),
        Text("秒", "s"),
    ),
    "ewma": Kind(
        Text(
            "EWMA 图（指数加权移动平均图）", "an EWMA chart (exponentially weighted moving average)"
        ),
        Text(
            "慢慢的小漂移，单看哪一天都不出奇；EWMA 记着前面的点，漂一阵就看得出来。",
            "With a slow, small drift no single day is remarkable; EWMA remembers the points "
            "before, so a drift shows after a while.",
        ),
        Text(
            "新的点 = 0.2 × 今天的数 + 0.8 × 昨天的点；界限开头窄，后来变平。",
            "New point = 0.2 × today's number + 0.8 × yesterday's point; the limits start narrow "
            "and level off.",
        ),
        Text(
            "它对突然的大变化反应慢，常和单值图一起挂；一点一组数的，先求平均。",
            "It is slow on a sudden jump, so hang it beside a chart of single values; of a sample, "
            "take the mean first.",
        ),
        _ewma,
        Text("评分的加权平均", "weighted mean of the review score"),
        Text("分", "points"),
    ),
}
