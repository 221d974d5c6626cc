"""First contact resolution: whose issue was settled, because nobody had to come back with it."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import KefuError
from kefu.quality._given import floats, labels, missing, numbers, positive, refusal
from kefu.quality.sampling import wilson
from kefu.text import Text

__all__ = ["Resolved", "first_contact_resolution"]

_DAY = 86_400_000_000  # microseconds
_MOST_DAYS = 1e7

_Whole = NDArray[np.int64]


class Resolved(NamedTuple):
    """The share resolved with its Wilson interval, and the two counts it comes from.

    `value` is None where no contact was eligible; then the interval is 0 to 1.
    """

    value: float | None
    low: float
    high: float
    eligible: int
    resolved: int


def first_contact_resolution(
    times: ArrayLike,
    customers: Sequence[Hashable] | NDArray[Any],
    issues: Sequence[Hashable] | NDArray[Any],
    *,
    window_days: float = 7,
    until: Any,
    confidence: float = 0.95,
) -> Resolved:
    """The share of contacts after which the customer did not come back with the same issue.

    A contact is resolved if the same customer has no further contact on the same issue within
    the window, its last moment included. It is eligible if its window was over when the data
    end: of later contacts nobody can know yet, and to count them as resolved would flatter. A
    repeat is a contact of its own, resolved or not.

    Args:
        times: when each contact came, in any order: dates and times without a time zone
            (datetime, numpy, or ISO text), or numbers of days.
        customers: who it was; anything that can be compared.
        issues: what it was about; likewise.
        window_days: how many days the customer may take to come back; above 0.
        until: the moment up to which contacts are known, as `times`. Contacts after it are not
            eligible.
        confidence: of the interval; between 0 and 1, both excluded.

    Returns:
        The share, its interval, and how many were eligible and resolved. Several contacts of
        one customer are not independent: with many of them the interval is somewhat narrow.

    Raises:
        KefuError: columns of unlike length; times that are none, of two kinds, or with a time
            zone; a customer or an issue that is missing (None, NaN or no text): contacts of
            nobody in particular would be taken for one customer's; a window or a confidence out
            of bounds; more than 10**7 eligible contacts.
    """
    who, what = _codes(customers, "客户", "customer"), _codes(issues, "问题", "issue")
    at = _moments(times, Text("联络时间", "the contact times"))
    if not len(at) == len(who) == len(what):
        said = f"{len(at)} / {len(who)} / {len(what)}"
        raise refusal(
            f"时间、客户和问题的个数不一样：{said}",
            f"there are unlike numbers of times, customers and issues: {said}",
            "每次联络各写一个，顺序相同",
            "give one of each a contact, in one order",
        )
    days = positive(window_days, Text("观察天数", "the window"))
    window = int(
        numbers(days, Text("观察天数", "the window"), dims=0, high=_MOST_DAYS) * _DAY + 0.5
    )
    end = _moments([until], Text("数据截止时间", "the end of the data"))
    if len(at) and (at.dtype != end.dtype):
        raise refusal(
            "联络时间和截止时间不是同一种写法",
            "the contact times and the end of the data are of two kinds",
            "两边都写日期时间，或都写天数",
            "write dates and times for both, or numbers of days for both",
        )
    at, last = at.astype(np.int64), int(end.astype(np.int64)[0])
    order = np.lexsort((at, what, who))
    at, who, what = at[order], who[order], what[order]
    again = (who[1:] == who[:-1]) & (what[1:] == what[:-1]) & (at[1:] - at[:-1] <= window)
    over = at <= last - window
    eligible = int(over.sum())
    resolved = eligible - int((over[:-1] & again).sum())
    low, high = wilson(resolved, eligible, confidence)
    return Resolved(resolved / eligible if eligible else None, low, high, eligible, resolved)


def _moments(given: ArrayLike, name: Text) -> NDArray[Any]:
    """Whole microseconds: `datetime64` for dates, `int64` for numbers of days."""
    try:
        found = np.asarray(given)
        if found.dtype == object and not isinstance(found.flat[0], str | date):
            found = floats(given)
    except (TypeError, ValueError, OverflowError, IndexError):
        raise _no_times(name) from None
    if not found.size or found.dtype.kind in "iufb":
        days = numbers(given, name, low=-_MOST_DAYS, high=_MOST_DAYS)
        return np.rint(days * _DAY).astype(np.int64)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # numpy only warns of a time zone, and drops it
            moments = found.astype("datetime64[us]")
    except (TypeError, ValueError, OverflowError, Warning):
        raise _no_times(name) from None
    far = np.abs(moments.astype(np.int64)) > _MOST_DAYS * _DAY  # no time is such a number, too
    if moments.ndim != 1 or far.any():
        raise _no_times(name)
    return moments


def _codes(given: Any, zh: str, en: str) -> _Whole:
    """A whole number for each different one; a dictionary is faster here than sorting text."""
    known: dict[Hashable, int] = {}
    codes = [known.setdefault(each, len(known)) for each in labels(given, Text(zh, f"the {en}s"))]
    if any(missing(each) or each == "" for each in known):
        raise refusal(
            f"有的联络没有写{zh}",
            f"a contact has no {en}",
            f"请补上{zh}，或去掉这些联络",
            f"give its {en}, or leave the contact out",
        )
    return np.array(codes, dtype=np.int64)


def _no_times(name: Text) -> KefuError:
    return refusal(
        f"{name.zh}不是时间，或带有时区",
        f"{name.en}: no times, or with a time zone",
        "请写不带时区的日期时间（例如 2026-11-21 08:00）或天数",
        "write dates and times without a zone, such as 2026-11-21 08:00, or numbers of days",
    )
