"""What every module here asks of its input: numbers, of a shape, within bounds, or a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import KefuError
from kefu.text import Text

__all__ = [
    "Floats",
    "chosen",
    "count",
    "flag",
    "floats",
    "labels",
    "missing",
    "number",
    "numbers",
    "plain",
    "positive",
    "quoted",
    "refusal",
    "same_length",
    "z",
]

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
    name = Text("置信水平", "the confidence")
    inside = float(numbers(confidence, name, dims=0, low=-np.inf, high=np.inf, missing=True))
    if not 0 < inside < 1:
        raise refusal(
            f"{name.zh}不能是 {plain(inside)}",
            f"{name.en} cannot be {plain(inside)}",
            "请写 0 到 1 之间的数，不含两端，例如 0.95",
            "write a number between 0 and 1, ends excluded, such as 0.95",
        )
    return -NormalDist().inv_cdf((1 - inside) / 2)


def floats(given: Any) -> Floats:
    """The input as floats: NaN for None and for what an array masks.

    Raises:
        TypeError, ValueError, OverflowError: it is not made of numbers. A date or a complex
            number is none, though numpy would make one of it.
    """
    if isinstance(given, np.ma.MaskedArray):
        given = np.where(np.ma.getmaskarray(given), np.nan, given.data)
    if isinstance(given, list | tuple):
        given = np.asarray(given)
    if getattr(getattr(given, "dtype", None), "kind", "f") in "cmMV":
        raise TypeError
    return np.asarray(given, dtype=np.float64)


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
        found = floats(given)
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
    # All is sound nearly always: this says so in the least time.
    if found.size and low <= (lowest := found.min()) and (highest := found.max()) <= high:
        counted = isinstance(given, np.ndarray) and given.dtype.kind in "biu"
        finite = -np.inf < lowest and highest < np.inf
        if not whole or counted or (finite and bool((np.floor(found) == found).all())):
            return found
    with np.errstate(invalid="ignore"):
        sound = (found >= low) & (found <= high)
        if whole:
            sound &= (np.floor(found) == found) & np.isfinite(found)
    if missing:
        sound |= np.isnan(found)
    if not sound.all():
        wrong = float(found.flat[int(np.argmin(sound))])
        raise _out_of_bounds(name, wrong, low, high, whole)
    return found


def number(
    given: Any, name: Text, *, low: float = -MOST, high: float = MOST, whole: bool = False
) -> float:
    """One sound number; as `numbers`."""
    if isinstance(given, (int, float)) and low <= given <= high and -MOST <= given <= MOST:
        plain = float(given) + 0.0  # -0.0 is 0
        if not whole or plain.is_integer():
            return plain
    found = numbers(given, name, dims=0, low=low, high=high, whole=whole)
    return float(found) + 0.0  # -0.0 is 0


def count(given: Any, name: Text, *, low: int = 0, high: float = MOST) -> int:
    """One whole number; as `numbers`."""
    return int(number(given, name, low=low, high=high, whole=True))


def positive(given: Any, name: Text, high: float = MOST) -> float:
    """One sound number above 0, or a refusal."""
    found = number(given, name, low=0, high=high)
    if not found:
        raise refusal(
            f"{name.zh}不能是 0",
            f"{name.en} cannot be 0",
            "请写大于 0 的数",
            "write a number above 0",
        )
    return found


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


def _out_of_bounds(name: Text, wrong: float, low: float, high: float, whole: bool) -> KefuError:
    bounds = []
    if low > -MOST or -np.inf < wrong < low:
        bounds.append((f"不小于 {plain(low)}", f"at least {plain(low)}"))
    if high < MOST or high < wrong < np.inf:
        bounds.append((f"不大于 {plain(high)}", f"at most {plain(high)}"))
    zh = "、".join(each for each, _ in bounds)
    en = " and ".join(each for _, each in bounds) or "finite"
    kind_zh, kind_en = ("整数", "a whole number") if whole else ("数", "a number")
    missing = bool(np.isnan(wrong))
    return refusal(
        f"{name.zh}有缺失" if missing else f"{name.zh}不能是 {plain(wrong)}",
        f"{name.en}: one is missing" if missing else f"{name.en} cannot be {plain(wrong)}",
        f"请写{zh + ' ' if bounds else '有限'}的{kind_zh}",
        f"write {kind_en} that is {en}",
    )


def labels(given: Any, name: Text) -> list[Any]:
    """What each row is called, as a list of plain values; None for what an array masks.

    Raises:
        KefuError: it is not one list, or something in it cannot be told from others.
    """
    try:
        if getattr(given, "ndim", 1) != 1:
            raise TypeError
        found = given.tolist() if hasattr(given, "tolist") else list(given)
        hash(tuple(found))
    except (TypeError, ValueError):
        raise refusal(
            f"{name.zh}不是一列，或其中有的不能互相比较",
            f"{name.en}: not a list, or of things that cannot be compared",
            "请每行写一个文字或数字",
            "give one word or number a row",
        ) from None
    return found


def missing(label: object) -> bool:
    """Whether it stands for nothing: None, NaN, and what pandas has for them."""
    try:
        # NaN is the one value that differs from itself; of pandas' NA even that is not known.
        return label is None or bool(label != label)
    except (TypeError, ValueError):
        return True


def chosen(given: Any, names: Iterable[str], what: Text) -> str:
    """One of some names.

    Raises:
        KefuError: it is none of them.
    """
    if isinstance(given, str) and given in names:
        return given
    raise refusal(
        f"没有{what.zh}“{quoted(given)}”",
        f"there is no {what.en} “{quoted(given)}”",
        f"请从这些里选：{'、'.join(names)}",
        f"choose from: {', '.join(names)}",
    )


def flag(given: Any, name: Text) -> bool:
    """Yes or no.

    Raises:
        KefuError: neither True nor False.
    """
    if isinstance(given, bool | np.bool_):
        return bool(given)
    raise refusal(
        f"{name.zh}不能是 {quoted(given)}",
        f"{name.en} cannot be {quoted(given)}",
        "请写 True 或 False",
        "write True or False",
    )


def quoted(value: object) -> str:
    """A value as a refusal names it: itself where that is short, else its type."""
    if isinstance(value, float):
        return plain(value)
    said = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if value is None or isinstance(value, bool):
        said = str(value)
    return said if 0 < len(said) <= 40 else type(value).__name__


def plain(number: float) -> str:
    """A number as a person writes it."""
    if np.isnan(number):
        return "NaN"
    if np.isinf(number):
        return "∞" if number > 0 else "−∞"
    whole = abs(number) < 1e16 and number == int(number)
    said = str(int(number)) if whole else f"{number:.9g}"
    return "−" + said[1:] if said.startswith("-") else said
