"""The figures of a shift: service level, waits, handling times, hang-ups, use of time.

Every function takes the columns of an interval log, one row an interval, and sums before it
divides: the mean of the intervals' shares would let three calls at night weigh as much as three
hundred at noon. A call is counted in the interval in which it came in. Counts are whole, times
are in seconds unless another unit is named. A single number is a log of one interval.

A share without anything to share is None. For the interval of a share, give its two sums to
`sampling.wilson`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.quality._given import chosen, number, numbers, positive, refusal, same_length
from kefu.quality._log import column, columns, part_of, share_of, within
from kefu.quality.resolution import Resolved, first_contact_resolution
from kefu.quality.worktime import adherence, occupancy, shrinkage
from kefu.text import Text

__all__ = [
    "DEFINITIONS",
    "Definition",
    "Resolved",
    "abandonment",
    "adherence",
    "aht",
    "asa",
    "complaint_rate",
    "first_contact_resolution",
    "occupancy",
    "rings",
    "service_level",
    "shrinkage",
    "transfer_rate",
]

Definition = Literal["less-short", "offered", "answered", "short-met"]

DEFINITIONS: Mapping[Definition, Text] = MappingProxyType(
    {
        "less-short": Text(
            "目标时间内接起 ÷（呼入 − 短时放弃）",
            "answered within the target ÷ (offered − short abandons)",
        ),
        "offered": Text("目标时间内接起 ÷ 呼入", "answered within the target ÷ offered"),
        "answered": Text(
            "目标时间内接起 ÷ 接起（不看放弃）",
            "answered within the target ÷ answered (abandons do not count)",
        ),
        "short-met": Text(
            "（目标时间内接起 + 短时放弃）÷ 呼入",
            "(answered within the target + short abandons) ÷ offered",
        ),
    }
)
"""What a service level is a share of, in words: publish it beside the figure."""

_ANSWERED = Text("接起数", "the calls answered")
_OFFERED = Text("呼入数", "the calls offered")
_ABANDONED = Text("放弃数", "the calls abandoned")
_SHORT = Text("短时放弃数", "the short abandons")
_MET = Text("目标时间内接起数", "the calls answered within the target")


def service_level(
    answered_in_time: ArrayLike,
    answered: ArrayLike,
    offered: ArrayLike,
    abandoned: ArrayLike,
    short: ArrayLike,
    *,
    definition: Definition = "less-short",
) -> float | None:
    """The share of calls answered within the target time, by the definition named.

    Args:
        answered_in_time: calls answered within the target.
        answered: calls answered.
        offered: calls that came in.
        abandoned: calls given up before an answer, the short ones among them.
        short: calls given up so soon that nobody could have answered them.
        definition: what is divided by what, see `DEFINITIONS`; "less-short" unless said.

    Returns:
        A share from 0 to 1; None where there is nothing to divide by. For the same calls
        "offered" is the lowest, or level with the lowest.

    Raises:
        KefuError: counts that are negative, missing or not whole; columns of unlike length; in
            any row more calls in time than answered, more short abandons than abandoned, or
            more answered and abandoned than offered; a definition that is not one of these.
    """
    named = chosen(definition, DEFINITIONS, Text("服务水平定义", "service level"))
    met, got, came, lost, soon = columns(
        (answered_in_time, _MET),
        (answered, _ANSWERED),
        (offered, _OFFERED),
        (abandoned, _ABANDONED),
        (short, _SHORT),
        whole=True,
    )
    within(met, got, _MET, _ANSWERED)
    within(soon, lost, _SHORT, _ABANDONED)
    within(got + lost, came, Text("接起与放弃之和", "the calls answered or abandoned"), _OFFERED)
    if named == "answered":
        return share_of(met.sum(), got.sum())
    if named == "offered":
        return share_of(met.sum(), came.sum())
    if named == "short-met":
        return share_of(met.sum() + soon.sum(), came.sum())
    return share_of(met.sum(), came.sum() - soon.sum())


def asa(wait_seconds: ArrayLike, answered: ArrayLike) -> float | None:
    """Average speed of answer: how long those who were answered had waited, on average.

    A mean hides the worst waits: look at the median and the 95th percentile of the calls, too.

    Args:
        wait_seconds: the waits of all answered calls of an interval together, in seconds.
        answered: calls answered.

    Returns:
        Seconds a call; None where no call was answered.

    Raises:
        KefuError: negative or missing numbers; counts that are not whole; columns of unlike
            length; a row with waits of answered calls and no answered call.
    """
    waited = column(wait_seconds, Text("等待时长", "the waits"))
    got = column(answered, _ANSWERED, whole=True)
    same_length(waited, got)
    if ((waited > 0) & (got == 0)).any():
        raise refusal(
            "有的时段没有接起电话，却有等待时长",
            "an interval has waits of answered calls and no answered call",
            "只加接起电话的等待时长，并和接起数记在同一时段",
            "sum the waits of answered calls only, in the interval that counts them",
        )
    return share_of(waited.sum(), got.sum())


def aht(talk: ArrayLike, hold: ArrayLike, after: ArrayLike, handled: ArrayLike) -> float | None:
    """Average handling time: talk, hold and after-call work of a call.

    Args:
        talk: talk time of an interval, in seconds.
        hold: time on hold, in seconds.
        after: after-call work, in seconds.
        handled: calls handled.

    Returns:
        Seconds a call; None where no call was handled.

    Raises:
        KefuError: negative or missing numbers; counts that are not whole; columns of unlike
            length.
    """
    spent = [
        column(talk, Text("通话时长", "the talk time")),
        column(hold, Text("保持时长", "the time on hold")),
        column(after, Text("话后处理时长", "the after-call work")),
    ]
    many = column(handled, Text("处理数", "the calls handled"), whole=True)
    same_length(*spent, many)
    return share_of(sum(float(each.sum()) for each in spent), many.sum())


def abandonment(abandoned: ArrayLike, short: ArrayLike, offered: ArrayLike) -> float | None:
    """The share of calls given up while waiting, the short ones left out above and below.

    Args:
        abandoned: calls given up, the short ones among them.
        short: calls given up so soon that nobody could have answered them; 0: none left out.
        offered: calls that came in.

    Returns:
        (abandoned - short) / (offered - short), from 0 to 1; None where that divides by 0.

    Raises:
        KefuError: counts that are negative, missing or not whole; columns of unlike length; in
            any row more short abandons than abandoned, or more abandoned than offered.
    """
    lost, soon, came = columns(
        (abandoned, _ABANDONED), (short, _SHORT), (offered, _OFFERED), whole=True
    )
    within(soon, lost, _SHORT, _ABANDONED)
    within(lost, came, _ABANDONED, _OFFERED)
    short_ones = soon.sum()
    return share_of(lost.sum() - short_ones, came.sum() - short_ones)


def transfer_rate(transferred: ArrayLike, handled: ArrayLike) -> float | None:
    """The share of handled calls that were passed on.

    Args:
        transferred: calls passed on to someone else.
        handled: calls handled.

    Returns:
        transferred / handled, from 0 to 1; None where no call was handled.

    Raises:
        KefuError: counts that are negative, missing or not whole; columns of unlike length; in
            any row more calls passed on than handled.
    """
    names = Text("转接数", "the calls passed on"), Text("处理数", "the calls handled")
    return part_of(transferred, handled, *names, whole=True)


def complaint_rate(complaints: ArrayLike, contacts: ArrayLike, per: float = 1000) -> float | None:
    """Complaints in so many contacts.

    It is no share: one contact may bring several complaints. Its chart is the u chart.

    Args:
        complaints: complaints received.
        contacts: contacts of the same time.
        per: in how many contacts; above 0.

    Returns:
        per * complaints / contacts; None where there was no contact.

    Raises:
        KefuError: counts that are negative, missing or not whole; columns of unlike length;
            `per` beyond its bounds.
    """
    many, came = columns(
        (complaints, Text("投诉数", "the complaints")),
        (contacts, Text("联络数", "the contacts")),
        whole=True,
    )
    units = positive(per, Text("每多少次联络", "the contacts to count by"))
    return share_of(units * many.sum(), came.sum())


@overload
def rings(wait: float, cadence: float = 5.0) -> int: ...
@overload
def rings(wait: ArrayLike, cadence: float = 5.0) -> int | NDArray[np.int64]: ...
def rings(wait: ArrayLike, cadence: float = 5.0) -> int | NDArray[np.int64]:
    """How many rings a caller heard before the answer.

    The first ring begins with the wait, each next one a cadence later; one that has begun is
    heard. So a call is answered within 3 rings just if it waits less than 3 cadences.

    Args:
        wait: seconds until the answer, as an array of any shape; not negative.
        cadence: seconds from the start of a ring to the start of the next, from 0.001. Mainland
            China rings for 1 second and is silent for 4: 5.

    Returns:
        1 + the whole cadences in the wait: an answer after 14.9 seconds comes after 3 rings, one
        after 15 when the fourth has begun.

    Raises:
        KefuError: waits or a cadence beyond these bounds.

    Source:
        ITU-T E.180 Supplement 2, ringing tone of China: 1.0 s on, 4.0 s off.
    """
    waited = numbers(wait, Text("等待秒数", "the wait"), dims=None, low=0)
    every = number(cadence, Text("响铃间隔", "the cadence"), low=0.001)
    # 0.3 is three times 0.1, although their quotient is a little less.
    heard = np.floor(np.round(waited / every, 9)).astype(np.int64) + 1
    return heard if heard.ndim else int(heard)
