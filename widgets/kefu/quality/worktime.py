"""Where the paid time goes: with calls, ready for them, or away.

Columns are those of an interval log and are summed before they are divided, as in `operations`.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from kefu.quality._log import columns, part_of, share_of
from kefu.text import Text

__all__ = ["adherence", "occupancy", "shrinkage"]


def occupancy(handle: ArrayLike, available: ArrayLike) -> float | None:
    """The share of the time ready for calls that calls took. Above 0.85 to 0.90 it wears out.

    Args:
        handle: time with calls, after-call work included; any unit.
        available: time free and ready for a call, in the same unit.

    Returns:
        handle / (handle + available), from 0 to 1; None where there was no time.

    Raises:
        KefuError: negative or missing numbers; columns of unlike length.
    """
    busy, free = columns(
        (handle, Text("处理时长", "the handling time")),
        (available, Text("空闲时长", "the time available")),
    )
    return share_of(busy.sum(), busy.sum() + free.sum())


def shrinkage(productive: ArrayLike, paid: ArrayLike) -> float | None:
    """The share of paid time in which calls could not be answered.

    Args:
        productive: time with calls or ready for them; any unit.
        paid: time paid for, in the same unit.

    Returns:
        1 - productive / paid, from 0 to 1; None where no time was paid for.

    Raises:
        KefuError: negative or missing numbers; columns of unlike length; in any row more
            productive time than paid time.
    """
    names = Text("有效工时", "the productive time"), Text("付薪工时", "the paid time")
    share = part_of(productive, paid, *names)
    return None if share is None else 1 - share


def adherence(kept: ArrayLike, scheduled: ArrayLike) -> float | None:
    """The share of scheduled time in which was done what the schedule says.

    Args:
        kept: time as scheduled; any unit.
        scheduled: time scheduled, in the same unit.

    Returns:
        kept / scheduled, from 0 to 1; None where nothing was scheduled.

    Raises:
        KefuError: negative or missing numbers; columns of unlike length; in any row more time
            kept than scheduled.
    """
    return part_of(
        kept,
        scheduled,
        Text("按班表工作的时间", "the time kept"),
        Text("排班时间", "the time scheduled"),
    )
