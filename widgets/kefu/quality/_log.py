"""The columns of an interval log, and shares from their sums."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kefu.errors import KefuError
from kefu.quality._given import Floats, numbers, same_length
from kefu.text import Text

__all__ = ["column", "columns", "part_of", "share_of", "within"]


def column(given: ArrayLike, name: Text, *, whole: bool = False) -> Floats:
    """A column, a table laid end to end, or a single number as a log of one row."""
    return numbers(given, name, dims=None, low=0, whole=whole).reshape(-1)


def columns(*given: tuple[ArrayLike, Text], whole: bool = False) -> list[Floats]:
    """Columns of as many rows."""
    found = [column(each, name, whole=whole) for each, name in given]
    same_length(*found)
    return found


def share_of(part: Any, of: Any) -> float | None:
    """What one sum is of another; None of nothing."""
    return float(part) / float(of) if of else None


def part_of(
    part: ArrayLike, of: ArrayLike, name: Text, whole_name: Text, *, whole: bool = False
) -> float | None:
    """Sum by sum, where no row has more than there is."""
    some, everything = columns((part, name), (of, whole_name), whole=whole)
    within(some, everything, name, whole_name)
    return share_of(some.sum(), everything.sum())


def within(part: Floats, of: Floats, name: Text, whole_name: Text) -> None:
    """Refuses rows in which a part is more than the whole."""
    if (part > of).any():
        row = int(np.argmax(part > of))
        raise KefuError(
            Text(
                f"第 {row + 1} 行：{name.zh} {part[row]:.9g} 多于{whole_name.zh} {of[row]:.9g}",
                f"row {row + 1}: {name.en}, {part[row]:.9g}, exceed {whole_name.en}, {of[row]:.9g}",
            ),
            Text(
                "请检查两列是否对调、是否记在同一时段",
                "check that the columns are not swapped and speak of the same intervals",
            ),
        )
