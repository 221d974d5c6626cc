"""SERVQUAL: what customers expect of good service against what they perceive here.

The gap of a dimension is perceived less expected, so that below 0 is short of what is expected.
Critics find the expectations of little use beside the perceptions (SERVPERF, Cronin & Taylor
1992): look at the perceptions alone as well, which `by_dimension` gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality import _given as g
from kefu.text import Text

__all__ = ["DIMENSIONS", "WEIGHTS", "Gaps", "by_dimension", "gaps"]

DIMENSIONS = ("reliability", "responsiveness", "assurance", "empathy", "tangibles")
"""The five dimensions, the weightiest first."""

WEIGHTS = (0.32, 0.22, 0.19, 0.16, 0.11)
"""What customers gave each of `DIMENSIONS` of 100 points (Zeithaml, Parasuraman & Berry 1990)."""


class Gaps(NamedTuple):
    """Perceived less expected, in points of the scale: per dimension, and the means of these.

    A gap is None where nobody answered both questions; then so are the two means.
    """

    gaps: tuple[float | None, ...]
    unweighted: float | None
    weighted: float | None


def gaps(expected: ArrayLike, perceived: ArrayLike, weights: Sequence[float] | None = None) -> Gaps:
    """The gap of each dimension, and their plain and weighted mean.

    Args:
        expected: one number per dimension; or a table, one row per customer and one column per
            dimension, NaN or None where somebody did not answer.
        perceived: the same, of the same shape, in the same order.
        weights: what each dimension matters, in any unit (shares, 100 points); None: all alike.

    Returns:
        The gaps, from a table the means over those customers who answered both; and their means.
        No customer at all: everything is None.

    Raises:
        KefuError: no numbers, or shapes that do not fit; no dimension; a list (not a table) with
            a number missing; a weight below 0, not one per dimension, or none above 0.

    Source:
        Parasuraman, Zeithaml & Berry 1988, Journal of Retailing 64:12-40; weights by 100 points:
        Zeithaml, Parasuraman & Berry 1990, Delivering Quality Service.

    Published check:
        With the five weights of that book: gaps -0.9, -0.7, -0.3, -0.7, 0.1 have the mean -0.5,
        weighted -0.6.
    """
    wish, found = (
        _table(given, name)
        for given, name in (
            (expected, Text("期望分", "the expected scores")),
            (perceived, Text("感知分", "the perceived scores")),
        )
    )
    if wish.shape != found.shape:
        raise g.refusal(
            "期望和感知的行数或列数不一样",
            "expected and perceived are of different shapes",
            "两张表每位顾客一行，每个维度一列，顺序相同",
            "give both a row per customer and a column per dimension, in one order",
        )
    share = _weights(weights, wish.shape[1])
    apart = found - wish
    there = ~np.isnan(apart)
    n = there.sum(axis=0)
    means = np.where(there, apart, 0).sum(axis=0) / np.maximum(n, 1)
    each = tuple(float(mean) if of else None for mean, of in zip(means, n, strict=True))
    if not n.all():
        return Gaps(each, None, None)
    return Gaps(each, float(means.mean()), float(means @ share))


def by_dimension(scores: ArrayLike, dimensions: Sequence[str]) -> tuple[tuple[str, ...], g.Floats]:
    """Each customer's mean per dimension, from the single questions.

    Args:
        scores: a table, one row per customer and one column per question, in points of the
            scale; NaN or None where somebody did not answer.
        dimensions: which dimension each question belongs to.

    Returns:
        The dimensions in the order they are first named, and a table of shape
        (customers, dimensions): the mean of the questions answered; NaN, which `gaps` leaves out,
        where none of them was.

    Raises:
        KefuError: no table of numbers; not one dimension per question; no question; a question
            whose dimension is missing (None, NaN).
    """
    table = g.numbers(scores, Text("评分", "the scores"), dims=2, missing=True)
    named = g.labels(dimensions, Text("维度", "the dimensions"))
    names = tuple(dict.fromkeys(named))
    if any(map(g.missing, names)):
        raise g.refusal(
            "有的题没有写维度",
            "a question has no dimension",
            "请给每道题写一个维度",
            "name one dimension per question",
        )
    if len(named) != table.shape[1] or not names:
        raise g.refusal(
            f"{table.shape[1]} 道题，写了 {len(named)} 个维度",
            f"{table.shape[1]} questions, and {len(named)} dimensions named",
            "请给每道题写一个维度",
            "name one dimension per question",
        )
    member = np.array([[each == name for name in names] for each in named], dtype=np.float64)
    there = ~np.isnan(table)
    totals, n = np.where(there, table, 0) @ member, there @ member
    return names, np.divide(totals, n, out=np.full(totals.shape, np.nan), where=n > 0)


def _table(given: ArrayLike, name: Text) -> g.Floats:
    """A row per customer; a mere list is the one row of the means, where nothing may miss."""
    found = g.numbers(given, name, dims=None, missing=True)
    if found.ndim == 1:
        found = g.numbers(given, name)[np.newaxis]
    if found.ndim != 2 or not found.shape[1]:
        raise g.refusal(
            f"{name.zh}的排列不对",
            f"{name.en} are not arranged as needed",
            "每个维度一个数，或每位顾客一行、每个维度一列",
            "give one number per dimension, or a row per customer and a column per dimension",
        )
    return found


def _weights(given: Sequence[float] | None, size: int) -> g.Floats:
    if given is None:
        return np.full(size, 1 / size)
    found = g.numbers(given, Text("权重", "the weights"), low=0).copy()  # not the caller's own
    if found.size != size or not found.any():
        raise g.refusal(
            "权重和维度对不上，或者全是 0",
            "the weights do not fit the dimensions, or all are 0",
            f"请写 {size} 个不小于 0 的数，至少一个大于 0",
            f"give {size} numbers, none below 0 and one above",
        )
    found /= found.sum()
    return found
