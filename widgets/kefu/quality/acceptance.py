"""Acceptance sampling: what a rule such as "at most 2 faulty of 89" lets through.

For lots much larger than the sample, such as a year's knowledge-base articles: the number of
faulty ones found is binomial. Shares are numbers from 0 to 1, not per cent.
"""

from __future__ import annotations

from typing import NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from kefu.quality._given import Floats, number, numbers, refusal
from kefu.text import Text

__all__ = ["Curve", "Plan", "acceptance", "dpmo", "oc_curve", "plan", "sigma_level"]

# Beyond it nobody inspects, and the search would be long.
_LONGEST = 100_000
_MOST = 10**7

_N = Text("样本量", "the sample size")
_ALLOWED = Text("允许的不合格数", "the number allowed")
_SHARE = Text("不合格率", "the share of faulty ones")


class Plan(NamedTuple):
    """Look at `n`; accept if at most `most` of them are faulty."""

    n: int
    most: int


class Curve(NamedTuple):
    """How often lots are accepted: `accepted[i]` where the share of faulty ones is `shares[i]`."""

    plan: Plan
    shares: Floats
    accepted: Floats


@overload
def acceptance(n: float, most: float, share: float) -> float: ...
@overload
def acceptance(n: ArrayLike, most: ArrayLike, share: ArrayLike) -> Floats: ...
def acceptance(n: ArrayLike, most: ArrayLike, share: ArrayLike) -> float | Floats:
    """The probability that a lot is accepted.

    P = sum over k from 0 to `most` of C(n, k) share^k (1 - share)^(n - k).

    Args:
        n: how many are looked at, whole, 0 or more.
        most: how many of them may be faulty, whole, 0 or more.
        share: the lot's share of faulty ones, from 0 to 1; arrays of all three are broadcast.

    Returns:
        From 0 to 1, a float or an array of the broadcast shape. 1 where `most` is at least `n`:
        such a rule, as one that looks at nothing, rejects no lot.

    Raises:
        KefuError: a number out of its bounds, or not whole where it must be; shapes that do not
            fit together; `n` above 10**7.

    Source:
        Montgomery, Introduction to Statistical Quality Control, chapter 15.

    Published check:
        There: n = 89, most = 2, share 0.01 gives 0.9397.
    """
    given = (
        numbers(n, _N, dims=None, low=0, high=_MOST, whole=True),
        numbers(most, _ALLOWED, dims=None, low=0, whole=True),
        numbers(share, _SHARE, dims=None, low=0, high=1),
    )
    found = _accepted(*_together(*given))
    return found if found.ndim else float(found)


def oc_curve(n: int, most: int, shares: ArrayLike) -> Curve:
    """A plan's operating characteristic: how often it accepts lots of each quality.

    Args:
        n: how many are looked at, whole, 0 or more.
        most: how many of them may be faulty, whole, 0 or more.
        shares: the shares of faulty ones that are asked about, each from 0 to 1.

    Returns:
        The plan, the shares, and the probability of acceptance at each.

    Raises:
        KefuError: as `acceptance`; `shares` is not a list.

    Source:
        Montgomery, Introduction to Statistical Quality Control, chapter 15.

    Published check:
        There, Table 15.2 (n = 89, most = 2): 0.005 gives 0.9897, 0.02 gives 0.7366.
    """
    size = int(number(n, _N, low=0, high=_MOST, whole=True))
    allowed = int(number(most, _ALLOWED, low=0, whole=True))
    asked = numbers(shares, _SHARE, low=0, high=1)
    return Curve(Plan(size, allowed), asked, acceptance(size, allowed, asked))


def plan(good: float, bad: float, *, producer: float = 0.05, consumer: float = 0.10) -> Plan:
    """The smallest sample that mostly accepts good lots and mostly rejects bad ones.

    Args:
        good: the share of faulty ones at which a lot shall be accepted, from 0.
        bad: the share at which it shall be rejected, above `good`, to 1.
        producer: how often a good lot may be rejected, between 0 and 1, both excluded.
        consumer: how often a bad lot may be accepted, between 0 and 1, both excluded.

    Returns:
        The plan with the least `n` that keeps both promises and, of these, the least `most`.

    Raises:
        KefuError: a number out of its bounds; `good` is not below `bad`; the two are so close
            that more than 100 000 would have to be looked at.

    Source:
        Montgomery, Introduction to Statistical Quality Control, chapter 15: the two equations
        that the nomograph solves about; Kiermeier 2008, Journal of Statistical Software 26(6).

    Published check:
        Kiermeier, find.plan with 0.05 accepted at 0.95 and 0.15 at 0.075: n = 80, most = 7.
        Montgomery's nomograph reads about n = 89, most = 2 for 0.01 and 0.06. That accepts the
        good lots in 0.940 of all cases; the least plan that keeps 0.95 is n = 110, most = 3.
    """
    least = number(good, _SHARE, low=0, high=1)
    worst = number(bad, _SHARE, low=0, high=1)
    if least >= worst:
        raise refusal(
            f"好批次的不合格率 {least:g} 不小于坏批次的 {worst:g}",
            f"the good share {least:g} is not below the bad one {worst:g}",
            "好的要小于坏的",
            "write a good share that is below the bad one",
        )
    reject = _risk(producer, Text("生产方风险", "the producer's risk"))
    accept = _risk(consumer, Text("使用方风险", "the consumer's risk"))

    def kept(allowed: int, size: float) -> bool:
        return bool(_accepted(size, allowed, least) >= 1 - reject)

    # As if part of a call could be looked at, once enough may be faulty it stays enough: the
    # least such number is found by halving. Whole samples are a little longer, and may need more.
    few, enough = -1, _LONGEST
    while enough - few > 1:
        middle = (few + enough) // 2
        if kept(middle, _shortest(middle, worst, accept, whole=False)):
            enough = middle
        else:
            few = middle
    for allowed in range(max(few, 0), _LONGEST):
        size = _shortest(allowed, worst, accept, whole=True)
        if size > _LONGEST:
            break
        if kept(allowed, size):
            return Plan(int(size), allowed)
    raise refusal(
        f"{least:g} 和 {worst:g} 太近：检查 {_LONGEST} 件也分不开",
        f"{least:g} and {worst:g} are too close: looking at {_LONGEST} does not tell them apart",
        "请把两者拉开，或容许更大的风险",
        "set them further apart, or allow greater risks",
    )


@overload
def dpmo(defects: float, units: float, opportunities: float) -> float: ...
@overload
def dpmo(defects: ArrayLike, units: ArrayLike, opportunities: ArrayLike) -> Floats: ...
def dpmo(defects: ArrayLike, units: ArrayLike, opportunities: ArrayLike) -> float | Floats:
    """Defects per million opportunities: 10^6 defects / (units x opportunities).

    Args:
        defects: how many were found, whole, 0 or more.
        units: how many calls were looked at, whole, at least 1.
        opportunities: in how many ways one call can be faulty, whole, at least 1; arrays of
            all three are broadcast.

    Returns:
        From 0 to 1 000 000, a float or an array of the broadcast shape.

    Raises:
        KefuError: a number out of its bounds or not whole; more defects than opportunities;
            shapes that do not fit together.

    Source:
        Montgomery, Introduction to Statistical Quality Control, chapter 7.

    Published check:
        34 defects in 1 000 000 calls with 10 opportunities each: 3.4, the "six sigma" figure.
    """
    found, looked, ways = _together(
        numbers(defects, Text("缺陷数", "the defects"), dims=None, low=0, whole=True),
        numbers(units, Text("件数", "the units"), dims=None, low=1, whole=True),
        numbers(opportunities, Text("机会数", "the opportunities"), dims=None, low=1, whole=True),
    )
    all_of_them = looked * ways
    if (found > all_of_them).any():
        wrong = int(np.argmax(found > all_of_them))
        raise refusal(
            f"{all_of_them.flat[wrong]:.9g} 次机会里不能有 {found.flat[wrong]:.9g} 个缺陷",
            f"{all_of_them.flat[wrong]:.9g} opportunities cannot hold "
            f"{found.flat[wrong]:.9g} defects",
            "请检查缺陷数和机会数",
            "check the defects and the opportunities",
        )
    rate = np.asarray(found / all_of_them * 1e6)
    return rate if rate.ndim else float(rate)


@overload
def sigma_level(dpmo: float, shift: float = 1.5) -> float: ...
@overload
def sigma_level(dpmo: ArrayLike, shift: float = 1.5) -> Floats: ...
def sigma_level(dpmo: ArrayLike, shift: float = 1.5) -> float | Floats:
    """The "sigma level" of a rate of defects: its normal quantile, plus a shift.

    That a process wanders by 1.5 sigma in the long run is a convention, not a finding: say
    which shift was used, or give the rate itself.

    Args:
        dpmo: defects per million opportunities, from 0 to 1 000 000.
        shift: in sigma; 0 gives the quantile as it is.

    Returns:
        A float, or an array of the shape of `dpmo`. Infinite where no defect was found, minus
        infinite where nothing but defects: no finite level gives such a rate.

    Raises:
        KefuError: a rate or a shift out of its bounds.

    Source:
        Montgomery, Introduction to Statistical Quality Control, chapter 1 (the shift of 1.5).

    Published check:
        3.4 defects per million are 6 sigma, 6210 are 4, 66 807 are 3.
    """
    rate = numbers(
        dpmo, Text("百万机会缺陷数", "the defects per million"), dims=None, low=0, high=1e6
    )
    level = np.asarray(number(shift, Text("偏移", "the shift")) - special.ndtri(rate / 1e6))
    return level if level.ndim else float(level)


def _together(*given: Floats) -> list[Floats]:
    try:
        return list(np.broadcast_arrays(*given))
    except ValueError:
        raise refusal(
            "几组数的个数对不上",
            "the numbers do not fit together",
            "个数要相同，或只写一个",
            "give as many of each, or a single one",
        ) from None


def _accepted(sizes: ArrayLike, allowed: ArrayLike, shares: ArrayLike) -> Floats:
    """The binomial sum, as an incomplete beta function."""
    more = np.subtract(sizes, allowed)
    some = more > 0
    tail = special.betaincc(np.where(some, allowed, 0) + 1.0, np.where(some, more, 1), shares)
    return np.where(some, tail, 1.0)


def _shortest(allowed: int, share: float, chance: float, *, whole: bool) -> float:
    """The least sample that accepts such a lot no oftener than that.

    Where there is none up to the longest, a number beyond it.
    """
    short, enough = float(allowed), _LONGEST + 1.0
    for _ in range(60):
        middle = (short + enough) / 2
        middle = float(np.floor(middle)) if whole else middle
        if middle in (short, enough):
            break
        if _accepted(middle, allowed, share) <= chance:
            enough = middle
        else:
            short = middle
    return enough


def _risk(given: float, name: Text) -> float:
    found = number(given, name, low=0, high=1)
    if found in (0, 1):
        raise refusal(
            f"{name.zh}不能是 {found:g}",
            f"{name.en} cannot be {found:g}",
            "请写 0 到 1 之间的数，例如 0.05",
            "write a number between 0 and 1, such as 0.05",
        )
    return found
