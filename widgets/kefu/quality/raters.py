"""More than two raters, and the plain figures that belong beside every kappa.

Tables have one row per call. Cohen's kappa and Krippendorff's alpha are in `agreement`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from operator import eq
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kefu.errors import KefuError
from kefu.quality._given import Floats, labels, missing, numbers, refusal
from kefu.quality.sampling import Share, share
from kefu.text import Text

__all__ = ["ICC", "fleiss_kappa", "icc", "severity", "share_agreed"]

_SCORES = Text("评分", "the scores")


class ICC(NamedTuple):
    """Intraclass correlations, in the six forms of Shrout and Fleiss; None: no value.

    `one`, ICC(1,1): every call is scored by other raters. `agreement`, ICC(2,1): the same
    raters, a sample of all who might score, and how strict they are counts. `consistency`,
    ICC(3,1): these raters alone, and only the order and the distances of calls count. The
    same three with `_mean`, ICC(1,k), (2,k), (3,k): for the mean of all raters' scores.
    """

    one: float | None
    agreement: float | None
    consistency: float | None
    one_mean: float | None
    agreement_mean: float | None
    consistency_mean: float | None


def fleiss_kappa(counts: ArrayLike) -> float | None:
    """Fleiss' kappa: how far several raters agree on names, beyond chance.

    kappa = (P - Pe) / (1 - Pe): P is the share of pairs of raters that agree on a call, on
    the mean of all calls; Pe the sum of the squared shares of the categories. With two raters
    it is not Cohen's kappa, but Scott's pi.

    Args:
        counts: one row per call, one column per category: how many raters gave it; every row
            sums to the same number of raters, at least 2.

    Returns:
        At most 1. None where all raters gave one category throughout.

    Raises:
        KefuError: no table of counts; no call; rows of different sums; fewer than two raters.

    Source:
        Fleiss 1971, Psychological Bulletin 76:378-382.

    Published check:
        There, 30 patients and 6 raters: 0.430.
        Wikipedia, Fleiss' kappa (10 subjects, 14 raters): 0.210.
    """
    table = numbers(
        counts, Text("评分次数", "the counts"), dims=2, low=0, high=1e6, whole=True, least=1
    )
    per_call = table @ np.ones(table.shape[1])
    if not table.shape[1] or per_call.min() != per_call.max():
        raise refusal(
            "各行的评分次数之和不一样",
            "the rows do not sum to one number of raters",
            "每通电话的评分人数要相同；否则请用 krippendorff_alpha",
            "have as many raters on every call, or use krippendorff_alpha",
        )
    raters = float(per_call[0])
    if raters < 2:
        raise _few_raters()
    totals = table.sum(axis=0)
    if (totals > 0).sum() < 2:
        return None
    agreed = float((table * (table - 1)).sum()) / len(table) / (raters * (raters - 1))
    chance = float(((totals / totals.sum()) ** 2).sum())
    return 1 - (1 - agreed) / (1 - chance)


def icc(scores: ArrayLike) -> ICC:
    """How far raters who give numbers agree: six intraclass correlations.

    With the mean squares of calls (B), of raters (J), of the rest (E) and within calls (W),
    for n calls and k raters:
    (1,1) = (B - W) / (B + (k - 1) W), (2,1) = (B - E) / (B + (k - 1) E + k (J - E) / n),
    (3,1) = (B - E) / (B + (k - 1) E), (1,k) = (B - W) / B, (2,k) = (B - E) / (B + (J - E) / n),
    (3,k) = (B - E) / B.

    Args:
        scores: one row per call, one column per rater. A call that any rater has not scored
            (NaN or None) is left out.

    Returns:
        Each at most 1; below 0 where raters differ more within calls than calls do. All are
        None where fewer than two calls are left or all their scores are the same. Those of means
        are None also where the calls' means do not vary, and (2,k) where its denominator is not
        above 0 (calls vary far less than the rest): such a quotient says nothing.

    Raises:
        KefuError: no table of numbers; an infinite score; fewer than two raters.

    Source:
        Shrout & Fleiss 1979, Psychological Bulletin 86:420-428.

    Published check:
        There, Table 4 (6 targets, 4 judges): 0.17, 0.29, 0.71, 0.44, 0.62, 0.91.
    """
    table = numbers(scores, _SCORES, dims=2, missing=True)
    n, k = table.shape
    if k < 2:
        raise _few_raters()
    table = table[~np.isnan(table).any(axis=1)]
    n = len(table)
    biggest = float(np.abs(table).max()) if n else 0.0
    # From a score of the table itself, and without a unit: nothing is lost to rounding.
    table = table - table[0, 0] if n else table
    size = float(np.abs(table).max()) if n else 0.0
    if n < 2 or size <= 1e-9 * biggest:
        return ICC(None, None, None, None, None, None)
    table = table / size
    calls, raters, mean = table.mean(axis=1), table.mean(axis=0), table.mean()
    rest = table - calls[:, None] - raters + mean
    # What scores such as 0.1 + 0.2 and 0.3 differ by is no variance.
    dust = table.size * (1e-13 * max(1.0, biggest / size)) ** 2
    of_calls = _squares(calls - mean, k, dust)
    of_raters = _squares(raters - mean, n, dust)
    of_rest = _squares(rest, 1, dust)
    b, j, e = of_calls / (n - 1), of_raters / (k - 1), of_rest / ((n - 1) * (k - 1))
    w = (of_raters + of_rest) / (n * (k - 1))
    return ICC(
        one=_quotient(b - w, b + (k - 1) * w, b),
        agreement=_quotient(b - e, b + (k - 1) * e + k * (j - e) / n, b + e + j),
        consistency=_quotient(b - e, b + (k - 1) * e, b),
        one_mean=_quotient(b - w, b, b),
        agreement_mean=_quotient(b - e, b + (j - e) / n, b + e + j),
        consistency_mean=_quotient(b - e, b, b),
    )


def share_agreed(
    one: Iterable[Hashable], other: Iterable[Hashable], confidence: float = 0.95
) -> Share:
    """The plain share of calls on which two raters gave the same score, with Wilson's interval.

    It goes beside every kappa: where nearly all calls are good, kappa is low though the raters
    hardly ever differ.

    Args:
        one: the first rater's score of each call.
        other: the second rater's, of the same calls in the same order.
        confidence: between 0 and 1, both excluded.

    Returns:
        0 <= low <= value <= high <= 1, and the number of calls; for no call the value is None
        and 0 to 1 is what is known.

    Raises:
        KefuError: the raters scored different numbers of calls; a score is missing (None, NaN);
            a confidence out of its bounds.

    Source:
        Wilson 1927, Journal of the American Statistical Association 22:209-212.

    Published check:
        Feinstein & Cicchetti 1990, Journal of Clinical Epidemiology 43:543-549: 85 of 100 agree
        in both tables, whose kappas are 0.70 and 0.32.
    """
    first: Any
    second: Any
    if at_once := _comparable(one, other):
        first, second = one, other
        gap = (first != first).any() or (second != second).any()
    else:
        first, second = (labels(each, _SCORES) for each in (one, other))
        gap = any(map(missing, {*first, *second}))
    if len(first) != len(second):
        raise refusal(
            f"两位评分人的评分数不一样：{len(first)} 和 {len(second)}",
            f"the two raters gave different numbers of scores: {len(first)} and {len(second)}",
            "同一通电话每人评一次，顺序相同",
            "give one score per rater and call, in one order",
        )
    if gap:
        raise refusal(
            "有的电话缺评分",
            "a call has no score",
            "请去掉缺评分的电话",
            "leave out calls without both scores",
        )
    alike = (first == second).sum() if at_once else sum(map(bool, map(eq, first, second)))
    return share(int(alike), len(first), confidence)


def severity(scores: ArrayLike) -> Floats:
    """How far each rater's mean is above the mean of all scores; below 0 for the strict.

    Fair only where all raters scored the same calls, or calls given out at random: else the
    rater of the hard shift looks strict.

    Args:
        scores: one row per call, one column per rater, in any unit; NaN or None where a rater
            did not score a call.

    Returns:
        One per rater, in the unit of the scores.

    Raises:
        KefuError: no table of numbers; an infinite score; fewer than two raters; a rater who
            scored no call.

    Source:
        Own arithmetic: a difference of means.

    Published check:
        From the table of Shrout & Fleiss 1979: judges' means 7.67, 2.50, 4.33, 6.67, of all 5.29.
    """
    table = numbers(scores, _SCORES, dims=2, missing=True)
    if table.shape[1] < 2:
        raise _few_raters()
    there = ~np.isnan(table)
    each = there.sum(axis=0)
    if not each.all():
        empty = int(np.argmin(each))
        raise refusal(
            f"第 {empty} 列（从 0 数起）的评分人没有评分",
            f"the rater of column {empty}, counted from 0, scored no call",
            "请去掉这一列",
            "leave this column out",
        )
    given = np.where(there, table, 0.0)
    found: Floats = given.sum(axis=0) / each - given.sum() / each.sum()
    return found


def _comparable(one: Any, other: Any) -> bool:
    """Two arrays of one kind, whose items numpy compares just as Python does; NaN is missing."""
    plain = all(type(each) is np.ndarray and each.ndim == 1 for each in (one, other))
    return plain and one.dtype.kind == other.dtype.kind and one.dtype.kind in "biufU"


def _squares(apart: Floats, times: int, dust: float) -> float:
    found = times * float((apart**2).sum())
    return found if found > dust else 0.0


def _quotient(top: float, bottom: float, scale: float) -> float | None:
    """None where nothing, or only what rounding left over, would be divided by."""
    return min(top / bottom, 1.0) if bottom > 1e-12 * scale else None


def _few_raters() -> KefuError:
    return refusal(
        "评分人不足两位，谈不上一致",
        "with fewer than two raters there is no agreement",
        "请给出至少两位评分人的评分",
        "give the scores of at least two raters",
    )
