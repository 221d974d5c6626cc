"""What a class's answers say about the questions it was asked (classical test theory).

A table of scores has one row per learner and one column per item; a missing score is NaN or None.
A blank answer is not missing: it is worth 0. Each statistic names what becomes of missing scores,
and carries its interval, since a class is a sample, and mostly a small one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from kefu.errors import KefuError
from kefu.quality import _columns as c
from kefu.text import Text

__all__ = [
    "ENOUGH",
    "Estimate",
    "Reliability",
    "correlation",
    "cronbach_alpha",
    "discrimination",
    "facility",
    "kr20",
    "mean_difference",
    "rest_scores",
]

ENOUGH = 30
"""Fewer learners than this give numbers with their intervals, but no verdict on an item.

With 30 the interval of a correlation of 0.3 is -0.07 to 0.60: an ordinary item (0.2 to 0.4 by
Ebel 1965, Measuring Educational Achievement) cannot be told from one that separates nobody, and
with 24 not even a good one (0.4) can be. A share of one half is known to 0.17 either way.
"""


class Estimate(NamedTuple):
    """A statistic, its interval, and how many learners it is from; None: it has no value."""

    value: float | None
    low: float
    high: float
    n: int


class Reliability(NamedTuple):
    """How far a set's scores would come out alike again.

    `alpha` is at most 1, and may be negative; `error` is the standard error of measurement, in
    points. Both are None where `learners` or `items` are fewer than 2, or all totals are alike.
    """

    alpha: float | None
    low: float | None
    high: float | None
    error: float | None
    learners: int
    items: int


def facility(scores: ArrayLike, confidence: float = 0.95) -> Estimate:
    """The mean score of an item, as a share of what it is worth: near 1 is easy, near 0 hard.

    For items that are right or wrong the interval is Wilson's. For part credit the mean stands in
    the place of the share: no score within 0 to 1 varies more than p (1 - p) about its mean p
    (Bhatia & Davis), so the interval is then rather too wide than too narrow, and it stays honest
    where all scores happen to be alike and an interval by Student's t would have no width.

    Args:
        scores: one per learner, each from 0 to 1; missing ones are left out.
        confidence: between 0 and 1, both excluded.

    Returns:
        The mean with its interval, 0 <= low <= value <= high <= 1;
        without any score the value is None, and 0 to 1 is what is known.

    Raises:
        KefuError: no list of numbers; a score outside 0 to 1; a confidence out of its bounds.

    Source:
        Wilson 1927, Journal of the American Statistical Association 22:209-212;
        Bhatia & Davis 2000, American Mathematical Monthly 107:353-357.
    """
    z = c.z(confidence)
    given = c.row(scores)
    given = given[~np.isnan(given)]
    if ((given < 0) | (given > 1)).any():
        raise KefuError(
            Text("有得分不在 0 到 1 之间", "a score is not between 0 and 1"),
            Text("请先除以这道题的满分", "divide by what the item is worth first"),
        )
    n = given.size
    if not n:
        return Estimate(None, 0.0, 1.0, 0)
    mean = float(given.mean())
    middle = mean + z**2 / (2 * n)
    half = z * float(np.sqrt(max(mean * (1 - mean), 0.0) / n + (z / (2 * n)) ** 2))
    scale = 1 + z**2 / n
    low, high = max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
    return Estimate(mean, min(low, mean), max(high, mean), n)


def correlation(one: ArrayLike, other: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Pearson's correlation, with Fisher's interval; with a 0/1 side it is the point-biserial.

    Args:
        one: numbers, one per learner.
        other: numbers, of the same learners; whoever lacks either is left out.
        confidence: between 0 and 1, both excluded.

    Returns:
        From -1 to 1. The value is None where either side does not vary. The interval is
        -1 to 1 (nothing is known) where there is no value, where n is below 4, and at exactly
        1 or -1, where Fisher's transform is infinite.

    Raises:
        KefuError: no lists of numbers, or of different lengths; a confidence out of its bounds.

    Source:
        Fisher 1921, Metron 1:3-32: arctanh r, with a standard error of 1 / sqrt(n - 3).
    """
    z = c.z(confidence)
    a, b = c.row(one), c.row(other)
    if a.shape != b.shape:
        raise c.unlike()
    there = ~(np.isnan(a) | np.isnan(b))
    n, x, y = int(there.sum()), c.spread(a[there]), c.spread(b[there])
    if x is None or y is None:
        return Estimate(None, -1.0, 1.0, n)
    r = float(np.clip(x @ y / np.sqrt((x @ x) * (y @ y)), -1, 1))
    if n < 4 or abs(r) > 1 - 1e-12:
        return Estimate(r, -1.0, 1.0, n)
    middle, half = np.arctanh(r), z / np.sqrt(n - 3)
    return Estimate(r, float(np.tanh(middle - half)), float(np.tanh(middle + half)), n)


def mean_difference(one: ArrayLike, other: ArrayLike, confidence: float = 0.95) -> Estimate:
    """The mean of `other` less `one`, in their unit, with the interval by Student's t.

    Args:
        one: numbers, one per text or learner.
        other: numbers for the same ones; a pair that lacks either is left out.
        confidence: between 0 and 1, both excluded.

    Returns:
        Without a pair the value is None. With fewer than two, or all differences alike, nothing
        is known of the interval: it is minus to plus infinity.

    Raises:
        KefuError: no lists of numbers, or of different lengths; a confidence out of its bounds.

    Source:
        Student 1908, Biometrika 6:1-25.

    Published check:
        R's t.test on the paired data set sleep, Student's own: 1.58, 0.7001142 to 2.4598858.
    """
    c.z(confidence)
    a, b = c.row(one), c.row(other)
    if a.shape != b.shape:
        raise c.unlike()
    apart = (b - a)[~np.isnan(b - a)]
    if not apart.size:
        return Estimate(None, -np.inf, np.inf, 0)
    mean = float(apart.mean())
    if c.spread(apart) is None:
        return Estimate(mean, -np.inf, np.inf, apart.size)
    error = float(apart.std(ddof=1)) / apart.size**0.5
    half = float(stats.t.ppf((1 + float(confidence)) / 2, apart.size - 1)) * error
    return Estimate(mean, mean - half, mean + half, apart.size)


def rest_scores(scores: ArrayLike, item: int) -> c.Floats:
    """Each learner's total over all items but one, in the unit of the scores.

    Args:
        scores: the table, shape (learners, items).
        item: the column that is left out, from 0.

    Returns:
        One per learner; NaN for a learner any of whose scores is missing (a total of fewer
        items is no total). With a single item there is no rest: all are NaN.

    Raises:
        KefuError: no table of numbers; there is no such column.
    """
    table = c.table(scores)
    at = c.place(table, item)
    if table.shape[1] < 2:
        return np.full(len(table), np.nan)
    rest: c.Floats = np.delete(table, at, axis=1).sum(axis=1)
    return np.where(np.isnan(table[:, at]), np.nan, rest)


def discrimination(scores: ArrayLike, item: int, confidence: float = 0.95) -> Estimate:
    """Corrected discrimination: the correlation of an item with the total of all the others.

    With the item itself in the total, it would partly be correlated with itself.

    Args:
        scores: the table, shape (learners, items).
        item: the column, from 0.
        confidence: between 0 and 1, both excluded.

    Returns:
        As `correlation`; learners with a missing score are left out.

    Raises:
        KefuError: no table of numbers; no such column; a confidence out of its bounds.

    Source:
        Henrysson 1963, Psychometrika 28:211-218 (with the rest score).

    Published check:
        R's psych::alpha(attitude), column r.drop: 0.67, 0.74, 0.56, 0.71, 0.79, 0.27, 0.46.
    """
    table = c.table(scores)
    return correlation(table[:, c.place(table, item)], rest_scores(table, item), confidence)


def cronbach_alpha(scores: ArrayLike, confidence: float = 0.95) -> Reliability:
    """Cronbach's alpha with Feldt's interval, and the standard error of measurement.

    alpha = k / (k - 1) (1 - sum of the items' variances / variance of the totals);
    error = standard deviation of the totals x sqrt(1 - alpha).
    Alpha grows with the number of items, and says nothing on whether they ask for one thing.

    Args:
        scores: the table, shape (learners, items), in points; learners with a missing score are
            left out.
        confidence: between 0 and 1, both excluded.

    Returns:
        Alpha, its interval (low <= alpha <= high), the error in points; None as described there.

    Raises:
        KefuError: no table of numbers; a confidence out of its bounds.

    Source:
        Cronbach 1951, Psychometrika 16:297-334; Feldt 1965, Psychometrika 30:357-370:
        (1 - rho) / (1 - alpha) follows F with n - 1 and (n - 1)(k - 1) degrees of freedom.

    Published check:
        pingouin's documentation, data set cronbach_alpha (15 people, 10 items): 0.59172,
        interval 0.195 to 0.840.
    """
    c.z(confidence)
    table = c.table(scores)
    table = table[~np.isnan(table).any(axis=1)]
    n, k = table.shape
    totals = c.spread(table.sum(axis=1)) if k else None
    if n < 2 or k < 2 or totals is None:
        return Reliability(None, None, None, None, n, k)
    total = float(totals @ totals) / (n - 1)
    alpha = k / (k - 1) * (1 - float(table.var(axis=0, ddof=1).sum()) / total)
    alpha = min(alpha, 1.0)
    tail = (1 - float(confidence)) / 2
    few, many = n - 1, (n - 1) * (k - 1)
    low = 1 - (1 - alpha) * float(stats.f.ppf(1 - tail, few, many))
    high = 1 - (1 - alpha) * float(stats.f.ppf(tail, few, many))
    return Reliability(alpha, low, high, float(np.sqrt(total * (1 - alpha))), n, k)


def kr20(scores: ArrayLike, confidence: float = 0.95) -> Reliability:
    """Kuder and Richardson's formula 20: what Cronbach's alpha is for items right or wrong.

    Args:
        scores: the table, shape (learners, items), of 0 and 1; learners with a missing score are
            left out.
        confidence: between 0 and 1, both excluded.

    Returns:
        As `cronbach_alpha`.

    Raises:
        KefuError: as `cronbach_alpha`, and for a score that is neither 0 nor 1.

    Source:
        Kuder & Richardson 1937, Psychometrika 2:151-160.

    Published check:
        Wuensch, KR20.txt (East Carolina University): 10 items, sum of pq 2.18, variance 5.84.
    """
    table = c.table(scores)
    if not ((table == 0) | (table == 1) | np.isnan(table)).all():
        raise KefuError(
            Text("KR-20 只用于 0 分和 1 分", "KR-20 is for scores of 0 and 1 alone"),
            Text("有部分得分时请用 cronbach_alpha", "with part credit use cronbach_alpha"),
        )
    return cronbach_alpha(table, confidence)
