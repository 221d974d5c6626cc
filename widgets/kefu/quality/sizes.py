"""How many calls to look at, and how much a number of them can tell.

Shares and margins of shares are numbers from 0 to 1, not per cent: a margin of 0.05 is
5 percentage points either way. A margin is half of the interval's width.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality._given import MOST, Floats, count, number, numbers, positive, refusal, z
from kefu.text import Text

__all__ = [
    "krejcie_morgan",
    "margin_of_share",
    "size_for_difference",
    "size_for_mean",
    "size_for_share",
]

_SHARE = Text("比例", "the share")
_MARGIN = Text("误差范围", "the margin")
_POPULATION = Text("总量", "the population")
_SIZE = Text("样本量", "the sample size")


def size_for_share(
    margin: float,
    *,
    share: float = 0.5,
    confidence: float = 0.95,
    population: int | None = None,
) -> int:
    """How many calls give a share to within a margin.

    n0 = z^2 share (1 - share) / margin^2; of a population of N calls fewer are needed:
    n = n0 / (1 + (n0 - 1) / N).

    Args:
        margin: how far off the share may be, above 0 and at most 1.
        share: what the share is expected to be, between 0 and 1, both excluded; 0.5, if
            nothing is known, asks for the most calls.
        confidence: between 0 and 1, both excluded.
        population: how many calls there are to draw from; None: so many that it does not matter.

    Returns:
        Rounded up; at least 1, at most the population; 0 where the population is 0.

    Raises:
        KefuError: a margin, share, confidence or population out of its bounds; more than
            10**12 calls would be needed.

    Source:
        Cochran 1977, Sampling Techniques, 3rd ed., sections 4.4 and 4.5.

    Published check:
        There, 4.4 and 4.5: at z = 2, 0.05 either way asks for 400 calls, of 3200 for 356.
        At 95 % 384.16 calls, so 385.
    """
    half = positive(margin, _MARGIN, high=1)
    p = _inside(share, _SHARE)
    return _whole(p * (1 - p), half, confidence, population)


def size_for_mean(
    sigma: float, margin: float, *, confidence: float = 0.95, population: int | None = None
) -> int:
    """How many calls give a mean, such as of handle times, to within a margin.

    n0 = (z sigma / margin)^2, and of a finite population as for `size_for_share`.

    Args:
        sigma: the standard deviation of single calls, 0 or more; from an earlier sample.
        margin: how far off the mean may be, above 0, in the unit of `sigma`.
        confidence: between 0 and 1, both excluded.
        population: how many calls there are to draw from; None: so many that it does not matter.

    Returns:
        Rounded up; at least 1, at most the population; 0 where the population is 0.

    Raises:
        KefuError: a number out of its bounds; more than 10**12 calls would be needed.

    Source:
        Cochran 1977, Sampling Techniques, 3rd ed., section 4.6.

    Published check:
        Montgomery & Runger, Applied Statistics and Probability for Engineers, Charpy test:
        sigma 1, margin 0.5 at 95 %: 15.37, so 16.
    """
    spread = number(sigma, Text("标准差", "the standard deviation"), low=0)
    half = positive(margin, _MARGIN)
    return _whole(1.0, half / spread if spread else math.inf, confidence, population)


@overload
def margin_of_share(
    n: float, *, share: float = 0.5, confidence: float = 0.95, population: int | None = None
) -> float: ...
@overload
def margin_of_share(
    n: ArrayLike, *, share: float = 0.5, confidence: float = 0.95, population: int | None = None
) -> Floats: ...
def margin_of_share(
    n: ArrayLike, *, share: float = 0.5, confidence: float = 0.95, population: int | None = None
) -> float | Floats:
    """How far off a share from n calls may be: what `size_for_share` asks, turned round.

    margin = z sqrt(share (1 - share) / n x (N - n) / (N - 1)). For planning; what a sample has
    found is reported with `wilson`.

    Args:
        n: how many calls are looked at, a number or an array; whole, 0 or more.
        share: what the share is expected to be, between 0 and 1, both excluded.
        confidence: between 0 and 1, both excluded.
        population: how many calls there are to draw from; None: so many that it does not matter.

    Returns:
        A float, or an array of the shape of `n`. At most 1, since no two shares are farther
        apart; 1 where `n` is 0; 0 where all calls of the population are looked at.

    Raises:
        KefuError: a number out of its bounds; `n` above the population.

    Source:
        Cochran 1977, Sampling Techniques, 3rd ed., section 4.4.

    Published check:
        1000 calls at 95 %: 0.031, the "plus or minus 3 points" printed under opinion polls.
    """
    most = MOST if population is None else count(population, _POPULATION)
    sizes = numbers(n, _SIZE, dims=None, low=0, high=most, whole=True)
    p = _inside(share, _SHARE)
    seen = np.maximum(sizes, 1)
    left = 1.0 if population is None else np.maximum(most - seen, 0) / max(most - 1, 1)
    # Of no call nothing is known, also where the formula, which then takes 1, knows all.
    margin = np.minimum(z(confidence) * np.sqrt(p * (1 - p) / seen * left), 1.0)
    margin = np.where(sizes == 0, 1.0, margin)
    return margin if margin.ndim else float(margin)


def size_for_difference(
    one: float, other: float, *, power: float = 0.8, confidence: float = 0.95
) -> float:
    """How many calls each of two samples needs for a difference of shares to be seen.

    n = [z sqrt(2 m (1 - m)) + z_power sqrt(one (1 - one) + other (1 - other))]^2 / (one - other)^2
    with m the mean of both. This is the formula of R's power.prop.test; the one over arcsines
    gives slightly less.

    Args:
        one: the share before, from 0 to 1.
        other: the share hoped for, from 0 to 1, another than `one`.
        power: how often such a difference shall be found, between 0 and 1, both excluded.
        confidence: 1 less the risk of finding one that is not there; both sides count.

    Returns:
        Per sample, not rounded: round up. 0 where chance alone finds it that often.

    Raises:
        KefuError: a number out of its bounds; equal shares, for which no sample is large
            enough; more than 10**12 calls would be needed.

    Source:
        Fleiss 1981, Statistical Methods for Rates and Proportions, section 3.2, without the
        correction for continuity; R, stats::power.prop.test.

    Published check:
        R, example(power.prop.test): 0.50 and 0.75 with power 0.90: n = 76.7.
    """
    p, q = number(one, _SHARE, low=0, high=1), number(other, _SHARE, low=0, high=1)
    often = NormalDist().inv_cdf(_inside(power, Text("检验功效", "the power")))
    if p == q:
        raise refusal(
            "两个比例相等，样本再大也看不出差别",
            "the two shares are equal: no sample shows a difference",
            "请写一个想看出来的差别",
            "write the difference that shall be seen",
        )
    middle = (p + q) / 2
    reach = z(confidence) * math.sqrt(2 * middle * (1 - middle))
    reach += often * math.sqrt(p * (1 - p) + q * (1 - q))
    root = max(reach, 0.0) / abs(p - q)
    return _within_reason(root * root)


def krejcie_morgan(population: int) -> int:
    """The sample size of Krejcie and Morgan's table, for any population.

    s = 3.841 N / 4 / (0.05^2 (N - 1) + 3.841 / 4): a share of one half to within 0.05 at 95 %.
    The table rounds to the nearest where `size_for_share` rounds up, so it may be one less.

    Args:
        population: how many calls there are to draw from, 0 or more.

    Returns:
        At most the population.

    Raises:
        KefuError: a population that is negative, not whole or above 10**12.

    Source:
        Krejcie & Morgan 1970, Educational and Psychological Measurement 30:607-610.

    Published check:
        There, Table 1: 1000 calls give 278, 9000 give 368.
    """
    total = count(population, _POPULATION)
    return round(3.841 * total * 0.25 / (0.05**2 * (total - 1) + 3.841 * 0.25)) if total else 0


def _whole(variance: float, margin: float, confidence: float, population: int | None) -> int:
    """The least number of calls, of a population if there is one."""
    root = z(confidence) * math.sqrt(variance) / margin if margin else math.inf
    needed = max(root * root, 1.0)
    if population is not None:
        total = count(population, _POPULATION)
        needed = total / (1 + (total - 1) / needed) if total else 0.0
    # Rounding in the last digits of 400 is not call 401.
    return math.ceil(_within_reason(needed) * (1 - 1e-12))


def _within_reason(needed: float) -> float:
    if needed > MOST:
        raise refusal(
            "所要的样本比能有的电话还多",
            "this asks for more calls than there can be",
            "请放宽误差范围，或写大一些的差别",
            "allow a wider margin, or write a greater difference",
        )
    return needed


def _inside(given: float, name: Text) -> float:
    found = number(given, name, low=0, high=1)
    if found in (0, 1):
        raise refusal(
            f"{name.zh}不能是 {found:g}",
            f"{name.en} cannot be {found:g}",
            "请写 0 到 1 之间的数，不含两端",
            "write a number between 0 and 1, ends excluded",
        )
    return found
