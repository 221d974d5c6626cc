"""What a sample says about all the calls it was drawn from.

A share found in a few calls is not the share of the whole: each function here gives the
interval that the whole may lie in. Shares are numbers from 0 to 1, not per cent.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Generic, NamedTuple, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import KefuError
from kefu.quality._given import floats, number, plain
from kefu.quality._given import z as quantile
from kefu.text import Text

__all__ = ["Difference", "Interval", "Share", "clopper_pearson", "difference", "share", "wilson"]

_Floats = NDArray[np.float64]
_Share = TypeVar("_Share")

# Far beyond (seen at 3 * 10**8) scipy's quantile of the beta distribution can be quite wrong.
_MOST = 10**7


class Interval(NamedTuple, Generic[_Share]):
    """The least and the greatest share that the sample speaks for, each from 0 to 1."""

    low: _Share
    high: _Share


class Share(NamedTuple):
    """A share from 0 to 1, its interval, and how many it is of; of none the value is None."""

    value: float | None
    low: float
    high: float
    n: int


class Difference(NamedTuple, Generic[_Share]):
    """By how much a second share is above a first, with its interval; from -1 to 1.

    A `low` above 0 or a `high` below 0 says that the two differ; 0.04 is 4 percentage points.
    """

    value: _Share
    low: _Share
    high: _Share


@overload
def wilson(count: float, n: float, confidence: float = 0.95) -> Interval[float]: ...
@overload
def wilson(count: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval[_Floats]: ...
def wilson(
    count: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> Interval[float] | Interval[_Floats]:
    """Wilson's score interval for a share: the one for reports and charts.

    Over many samples it holds the true share about as often as `confidence` says, also for
    small samples and for shares near 0 and 1.

    Args:
        count: how many calls of the sample have the property; whole numbers from 0 to `n`.
        n: how many calls were looked at; arrays of both are broadcast against each other.
        confidence: between 0 and 1, both excluded.

    Returns:
        `low` and `high`, floats or arrays of the broadcast shape, with
        0 <= low <= count / n <= high <= 1; exactly 0 for no call, exactly 1 for all calls.
        Where `n` is 0 nothing is known: 0 to 1. Empty arrays give empty arrays.

    Raises:
        KefuError: a count that is negative, above `n`, missing, infinite or not whole; shapes
            that do not fit together; a confidence out of its bounds; `n` above 10**7.

    Source:
        Wilson 1927, Journal of the American Statistical Association 22:209-212.

    Published check:
        Newcombe 1998, Statistics in Medicine 17:857-872, Table I, method 3:
        81 of 263 gives 0.2553 to 0.3662.
    """
    counts, sizes, tail = _sample(count, n, confidence)
    z = -NormalDist().inv_cdf(tail)
    known = np.maximum(sizes, 1)
    middle = counts + z**2 / 2
    half = z * np.sqrt(counts * ((sizes - counts) / known) + z**2 / 4)
    return _interval(
        (middle - half) / (known + z**2), (middle + half) / (known + z**2), counts, sizes
    )


def share(count: float, n: float, confidence: float = 0.95) -> Share:
    """How many of how many, with Wilson's interval; of none the value is None, 0 to 1.

    Raises:
        KefuError: as `wilson`.
    """
    part = number(count, Text("次数", "the count"), low=0, whole=True)
    whole = number(n, Text("样本量", "the sample size"), low=0, whole=True)
    quantile(confidence)
    low, high = wilson(part, whole, float(confidence))
    return Share(part / whole if whole else None, low, high, int(whole))


@overload
def clopper_pearson(count: float, n: float, confidence: float = 0.95) -> Interval[float]: ...
@overload
def clopper_pearson(
    count: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> Interval[_Floats]: ...
def clopper_pearson(
    count: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> Interval[float] | Interval[_Floats]:
    """The exact interval of Clopper and Pearson for a share: the one for promises.

    Over many samples it holds the true share at least as often as `confidence` says; for
    that it is wider than Wilson's.

    Args:
        count: how many calls of the sample have the property; whole numbers from 0 to `n`.
        n: how many calls were looked at; arrays of both are broadcast against each other.
        confidence: between 0 and 1, both excluded.

    Returns:
        `low` and `high`, floats or arrays of the broadcast shape, with
        0 <= low <= count / n <= high <= 1; exactly 0 for no call, exactly 1 for all calls.
        Where `n` is 0 nothing is known: 0 to 1. Empty arrays give empty arrays.

    Raises:
        KefuError: a count that is negative, above `n`, missing, infinite or not whole; shapes
            that do not fit together; a confidence out of its bounds; `n` above 10**7.

    Source:
        Clopper & Pearson 1934, Biometrika 26:404-413; quantiles of the beta distribution.

    Published check:
        Newcombe 1998, Statistics in Medicine 17:857-872, Table I, method 5:
        81 of 263 gives 0.2527 to 0.3676.
    """
    from scipy import special  # here, since it costs as much as a page's first picture

    counts, sizes, tail = _sample(count, n, confidence)
    # At its ends the beta distribution has no such quantile; `_interval` puts 0 and 1 there.
    low = special.betaincinv(np.maximum(counts, 1), sizes - counts + 1, tail)
    high = special.betainccinv(counts + 1, np.maximum(sizes - counts, 1), tail)
    return _interval(low, high, counts, sizes)


@overload
def difference(
    count1: float, n1: float, count2: float, n2: float, confidence: float = 0.95
) -> Difference[float]: ...
@overload
def difference(
    count1: ArrayLike, n1: ArrayLike, count2: ArrayLike, n2: ArrayLike, confidence: float = 0.95
) -> Difference[_Floats]: ...
def difference(
    count1: ArrayLike, n1: ArrayLike, count2: ArrayLike, n2: ArrayLike, confidence: float = 0.95
) -> Difference[float] | Difference[_Floats]:
    """The second share less the first, with Newcombe's hybrid interval: before and after.

    Two samples that have no call in common. From each share Wilson's interval reaches some way
    up and some way down; the difference reaches as far as the two together, by Pythagoras.
    Unlike the difference plus or minus 1.96 standard errors it never leaves -1 to 1, and it has
    a width also where every call, or none, has the property.

    Args:
        count1: how many calls of the first sample have the property, as for `wilson`.
        n1: how many calls the first sample has, at least 1.
        count2: the same of the second sample.
        n2: how many calls the second sample has, at least 1; arrays of all four are broadcast.
        confidence: between 0 and 1, both excluded.

    Returns:
        `value`, `low` and `high`, floats or arrays of the broadcast shape, with
        -1 <= low <= value <= high <= 1.

    Raises:
        KefuError: as `wilson`; and for a sample of no calls, which has no share to compare.

    Source:
        Newcombe 1998, Statistics in Medicine 17:873-890, method 10.

    Published check:
        There, Table II, (a): 56 of 70 less 48 of 80 gives 0.0524 to 0.3339.
    """
    one, n_one, _ = _sample(count1, n1, confidence)
    two, n_two, _ = _sample(count2, n2, confidence)
    if (n_one == 0).any() or (n_two == 0).any():
        raise KefuError(
            Text("没有样本，就没有可比的比例", "a sample of no calls has no share to compare"),
            Text("两边都至少要有一通", "have at least one call on either side"),
        )
    first, second = wilson(one, n_one, confidence), wilson(two, n_two, confidence)
    try:
        share1, share2 = np.broadcast_arrays(one / n_one, two / n_two)
    except ValueError:
        raise _unlike() from None
    value = share2 - share1
    low = np.maximum(value - np.hypot(share2 - second.low, first.high - share1), -1.0)
    high = np.minimum(value + np.hypot(second.high - share2, share1 - first.low), 1.0)
    if value.ndim:
        return Difference(value, low, high)
    return Difference(float(value), float(low), float(high))


def _interval(
    low: _Floats, high: _Floats, counts: _Floats, sizes: _Floats
) -> Interval[float] | Interval[_Floats]:
    """The interval, with its ends exactly 0 and 1 where the formulas can but come near."""
    low = np.where(counts == 0, 0.0, low)
    high = np.where(counts == sizes, 1.0, high)
    return Interval(low, high) if low.ndim else Interval(float(low), float(high))


def _sample(count: ArrayLike, n: ArrayLike, confidence: float) -> tuple[_Floats, _Floats, float]:
    """Counts and sizes of one shape, and what is left out on each side."""
    quantile(confidence)
    try:
        counts, sizes = np.broadcast_arrays(floats(count), floats(n))
    except (TypeError, ValueError, OverflowError):
        raise _unlike() from None
    with np.errstate(invalid="ignore"):
        sound = (counts >= 0) & (counts <= sizes) & (sizes <= _MOST)
        sound &= (np.floor(counts) == counts) & (np.floor(sizes) == sizes)
    if not sound.all():
        wrong = int(np.argmin(sound))
        this, of = plain(counts.flat[wrong]), plain(sizes.flat[wrong])
        raise KefuError(
            Text(f"{of} 次里不能有 {this} 次", f"{this} of {of} is not a count"),
            Text(
                f"次数是 0 到样本量之间的整数，样本量不超过 {_MOST}",
                f"a count is a whole number from 0 to the sample size, which is at most {_MOST}",
            ),
        )
    return counts, sizes, (1 - float(confidence)) / 2


def _unlike() -> KefuError:
    return KefuError(
        Text("次数和样本量对不上", "the counts and the sample sizes do not fit together"),
        Text(
            "两边都要是数字，个数相同，或其中一边只有一个",
            "give numbers, as many of one as of the other, or a single one on one side",
        ),
    )
