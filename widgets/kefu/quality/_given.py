"""What every module here asks of its input: numbers, of a shape, within bounds, or a refusal."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["Floats", "count", "number", "numbers", "refusal", "same_length", "z"]

Floats = NDArray[np.float64]

MOST = 1e12
"""No number here is greater: beyond it squares and sums lose what they are to tell."""


def refusal(zh: str, en: str, write_zh: str, write_en: str) -> KefuError:
    """What is wrong, and what to write instead, in both languages."""
    return KefuError(Text(zh, en), Text(write_zh, write_en))


def z(confidence: float) -> float:
    """The normal quantile of a confidence, such as 1.96 for 0.95.

    Raises:
        KefuError: the confidence is not between 0 and 1, both excluded.
    """
    inside = number(confidence, Text("置信水平", "the confidence"), low=0, high=1)
    if inside in (0, 1):
        raise _out_of_bounds(Text("置信水平", "the confidence"), inside, 0, 1, "（不含两端）")
    return -NormalDist().inv_cdf((1 - inside) / 2)


def numbers(
    given: ArrayLike,
    name: Text,
    *,
    dims: int | None = 1,
    low: float = -MOST,
    high: float = MOST,
    whole: bool = False,
    missing: bool = False,
    least: int = 0,
) -> Floats:
    """The input as an array of floats, every one of them sound.

    Args:
        given: numbers, nested as deep as `dims` says (None: as they come).
        name: what they are, for the refusal.
        dims: how many dimensions there must be.
        low: the least that is possible.
        high: the greatest that is possible.
        whole: whether only whole numbers are possible.
        missing: whether NaN (or None) may stand for what is missing.
        least: how many rows there must be.

    Raises:
        KefuError: anything else; it names the first number that is wrong.
    """
    try:
        found = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise _no_numbers(name) from None
    if dims is not None and found.ndim != dims:
        raise _no_numbers(name)
    if (found.shape[0] if found.ndim else 1) < least:
        raise refusal(
            f"{name.zh}太少：至少要 {least} 个",
            f"{name.en}: at least {least} are needed",
            "请补上数据",
            "give more of them",
        )
    with np.errstate(invalid="ignore"):
        sound = (found >= low) & (found <= high)
        if whole:
            sound &= found % 1 == 0
    if missing:
        sound |= np.isnan(found)
    if not sound.all():
        wrong = float(found.flat[int(np.argmin(sound))])
        raise _out_of_bounds(name, wrong, low, high, "的整数" if whole else "")
    return found


def number(
    given: Any, name: Text, *, low: float = -MOST, high: float = MOST, whole: bool = False
) -> float:
    """One sound number; as `numbers`."""
    return float(numbers(given, name, dims=0, low=low, high=high, whole=whole))


def count(given: Any, name: Text, *, low: int = 0, high: float = MOST) -> int:
    """One whole number; as `numbers`."""
    return int(number(given, name, low=low, high=high, whole=True))


def same_length(*columns: Floats) -> None:
    """Refuses columns that are not of the same rows.

    Raises:
        KefuError: their lengths differ.
    """
    lengths = [len(each) for each in columns]
    if len(set(lengths)) > 1:
        said = " / ".join(map(str, lengths))
        raise refusal(
            f"几列的长短不一样：{said}",
            f"the columns are of different lengths: {said}",
            "每行一个，顺序相同",
            "give one a row, in one order",
        )


def _no_numbers(name: Text) -> KefuError:
    return refusal(
        f"{name.zh}不是数字，或排列不对",
        f"{name.en}: no numbers, or not arranged as needed",
        "请检查数据的类型和形状",
        "check the type and the shape of the data",
    )


def _out_of_bounds(name: Text, wrong: float, low: float, high: float, more: str) -> KefuError:
    most_zh, most_en = ("", "") if high >= MOST else (f"、不大于 {high:g}", f", at most {high:g}")
    least_zh, least_en = ("", "") if low <= -MOST else (f"不小于 {low:g}", f"at least {low:g}")
    bounds_zh = f"{least_zh}{most_zh}".strip("、") or "有限"
    bounds_en = f"{least_en}{most_en}".strip(", ") or "finite"
    kind_en = ("whole, " if more == "的整数" else "") + bounds_en
    kind_en += ", ends excluded" if more == "（不含两端）" else ""
    return refusal(
        f"{name.zh}不能是 {wrong:.9g}",
        f"{name.en} cannot be {wrong:.9g}",
        f"请写{bounds_zh}{more or '的数'}",
        f"write a number that is {kind_en}",
    )
