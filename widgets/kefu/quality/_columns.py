"""Rows and tables of scores as they come in, for the modules on questions and their answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kefu.errors import KefuError
from kefu.quality._given import Floats, count, floats, z
from kefu.text import Text

__all__ = ["Floats", "place", "row", "spread", "table", "unlike", "z"]

_MOST = 1e9


def _numbers(given: Any, dimensions: int) -> Floats:
    refusal = KefuError(
        Text("得分不是数字，或排列不对", "the scores are no numbers, or not arranged as needed"),
        Text(
            f"每人一行、每题一列的表；绝对值不超过 {_MOST:g}，缺的写 NaN"
            if dimensions == 2
            else f"每人一个数；绝对值不超过 {_MOST:g}，缺的写 NaN",
            f"give a row per learner and a column per item, at most {_MOST:g}, NaN where missing"
            if dimensions == 2
            else f"give one number per learner, none beyond {_MOST:g}, NaN where missing",
        ),
    )
    try:
        found = floats(given)
    except (TypeError, ValueError, OverflowError):
        raise refusal from None
    # These two look past NaN.
    lowest, highest = (each.reduce(found, axis=None, initial=0) for each in (np.fmin, np.fmax))
    if found.ndim != dimensions or lowest < -_MOST or highest > _MOST:
        raise refusal
    return found


def table(scores: ArrayLike) -> Floats:
    """A row per learner, a column per item."""
    return _numbers(scores, 2)


def row(scores: ArrayLike) -> Floats:
    """One number per learner."""
    return _numbers(scores, 1)


def place(scores: Floats, item: Any) -> int:
    """The column of an item that the table has."""
    at = count(item, Text("列号", "the column"))
    if at >= scores.shape[1]:
        raise KefuError(
            Text(f"没有第 {at} 列", f"there is no column {at}"),
            Text("列从 0 数起", "columns are counted from 0"),
        )
    return at


def unlike() -> KefuError:
    """Two lists are not of the same learners."""
    return KefuError(
        Text("两列的人数不一样", "the lists are of different lengths"),
        Text("每人一个，顺序相同", "give one per learner, in one order"),
    )


def spread(values: Floats) -> Floats | None:
    """Deviations from the mean; None where all are the same but for rounding."""
    if values.size < 2:
        return None
    apart: Floats = values - values.mean()
    return apart if np.abs(apart).max() > 1e-9 * max(1e-3, np.abs(values).max()) else None
