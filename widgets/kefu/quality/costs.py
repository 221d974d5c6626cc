"""What service is worth in money: a customer's value, an offer's worth, the cost of quality.

All amounts are in one unit of money, rates and shares from 0 to 1. Numbers or arrays of them go
in, broadcast against each other, and the same come out. The numbers that go in are guesses, most
of them: try several, and give the answer as a range.
"""

from __future__ import annotations

from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality import _given as g
from kefu.text import Text

__all__ = [
    "VOICE_RATE",
    "CostOfQuality",
    "break_even",
    "cost_of_quality",
    "hidden",
    "lifetime_value",
    "worth",
]

VOICE_RATE = 0.04
"""The often quoted share of the dissatisfied who complain (studies for the White House Office of
Consumer Affairs, 1970s and 80s). It differs by trade and channel: estimate your own."""

# Below this a rate is taken for 0: what is divided by it has no bound.
_LEAST = 1e-9
_VALUE = Text("顾客终身价值", "the lifetime value")
_GAIN = Text("留存率的提高", "the gain in retention")


class CostOfQuality(NamedTuple):
    """What quality costs, in money: all of it, and by kind.

    `shares` are those of prevention, appraisal, internal and external failure. `conformance` is
    what is spent to do things right (prevention and appraisal), `failure` what doing them wrong
    costs.
    """

    total: float
    shares: tuple[float, float, float, float]
    conformance: float
    failure: float


@overload
def lifetime_value(margin: float, retention: float, discount: float) -> float: ...
@overload
def lifetime_value(
    margin: ArrayLike, retention: ArrayLike, discount: ArrayLike
) -> float | g.Floats: ...
def lifetime_value(
    margin: ArrayLike, retention: ArrayLike, discount: ArrayLike
) -> float | g.Floats:
    """What a customer still brings, in today's money: m r / (1 + i - r).

    The first margin counted is that of the coming year, which only those bring who stay.

    Args:
        margin: what a customer brings a year, less what serving them costs; below 0 the value is
            below 0 as well.
        retention: the share of customers who stay from one year to the next, 0 to 1.
        discount: how much less a year's later money is worth; 0 or more.

    Raises:
        KefuError: no numbers, or shapes that do not fit; a retention outside 0 to 1; a discount
            below 0; all customers stay for ever and nothing is discounted (a retention of 1 with
            a discount of 0, or both nearly so), for then the value has no bound.

    Source:
        Gupta & Lehmann 2003, Journal of Interactive Marketing 17(1):9-24.

    Published check:
        A margin of 100, retention 0.8, discount 0.1: 266.67.
    """
    m, r, i = _together(
        g.numbers(margin, Text("年毛利", "the margin"), dims=None),
        g.numbers(retention, Text("留存率", "the retention"), dims=None, low=0, high=1),
        g.numbers(discount, Text("折现率", "the discount"), dims=None, low=0),
    )
    lost = (1 - r) + i
    if (lost < _LEAST).any():
        raise g.refusal(
            "留存率是 1 而折现率是 0，价值没有上限",
            "with a retention of 1 and a discount of 0 the value has no bound",
            "留存率请写得小于 1，或折现率大于 0",
            "give a retention below 1, or a discount above 0",
        )
    return _plain(m * r / lost)


@overload
def break_even(retention_gain: float, value: float) -> float: ...
@overload
def break_even(retention_gain: ArrayLike, value: ArrayLike) -> float | g.Floats: ...
def break_even(retention_gain: ArrayLike, value: ArrayLike) -> float | g.Floats:
    """The most a compensation may cost before it costs more than it saves: gain times value.

    It bounds goodwill alone. What is owed, a refund or a repair, is owed whatever it saves.

    Args:
        retention_gain: how much likelier to stay those are who get it, -1 to 1: retention with
            it less retention without it.
        value: what a customer who stays is worth, as from `lifetime_value`.

    Returns:
        The amount per customer it is offered to; 0 or less: no amount pays.

    Raises:
        KefuError: no numbers, or shapes that do not fit; a gain outside -1 to 1.

    Source:
        Gupta & Lehmann 2003, Journal of Interactive Marketing 17(1):9-24, for the value.
    """
    gain, each = _together(
        g.numbers(retention_gain, _GAIN, dims=None, low=-1, high=1),
        g.numbers(value, _VALUE, dims=None, low=-1e24, high=1e24),
    )
    return _plain(gain * each)


@overload
def worth(compensation: float, retention_gain: float, value: float) -> float: ...
@overload
def worth(
    compensation: ArrayLike, retention_gain: ArrayLike, value: ArrayLike
) -> float | g.Floats: ...
def worth(compensation: ArrayLike, retention_gain: ArrayLike, value: ArrayLike) -> float | g.Floats:
    """What an offer leaves per customer who gets it: gain times value, less what it costs.

    Whoever would have stayed anyway costs the compensation too and saves nothing; that is in the
    gain, so an offer to everyone is mostly worth less than one to those about to leave.

    Args:
        compensation: what it costs per customer it is given to; 0 or more.
        retention_gain: as in `break_even`.
        value: as in `break_even`.

    Raises:
        KefuError: as `break_even`; a compensation below 0.
    """
    cost, saved = _together(
        g.numbers(compensation, Text("补偿金额", "the compensation"), dims=None, low=0),
        np.asarray(break_even(retention_gain, value)),
    )
    return _plain(saved - cost)


@overload
def hidden(complaints: float, voice_rate: float = VOICE_RATE) -> float: ...
@overload
def hidden(complaints: ArrayLike, voice_rate: ArrayLike = VOICE_RATE) -> float | g.Floats: ...
def hidden(complaints: ArrayLike, voice_rate: ArrayLike = VOICE_RATE) -> float | g.Floats:
    """How many are dissatisfied, from how many complain: complaints / voice rate.

    Those who complained are among them; the silent are this less the complaints.

    Args:
        complaints: how many complained, 0 or more; a mean per month need not be whole.
        voice_rate: the share of the dissatisfied who say so, above 0 and at most 1.

    Raises:
        KefuError: no numbers, or shapes that do not fit; complaints below 0; a voice rate above
            1, or of 0 (or nearly so): where nobody speaks up, complaints say nothing about the
            others.

    Published check:
        At 0.04 one complaint stands for 25 dissatisfied customers.
    """
    said, rate = _together(
        g.numbers(complaints, Text("投诉数", "the complaints"), dims=None, low=0),
        g.numbers(voice_rate, Text("发声率", "the voice rate"), dims=None, low=0, high=1),
    )
    if (rate < _LEAST).any():
        raise g.refusal(
            "发声率是 0，投诉数就说明不了沉默的人",
            "at a voice rate of 0 complaints say nothing about the silent",
            "请写大于 0 的发声率，例如 0.04",
            "give a voice rate above 0, such as 0.04",
        )
    return _plain(said / rate)


def cost_of_quality(
    prevention: float, appraisal: float, internal: float, external: float
) -> CostOfQuality:
    """The cost of quality by prevention, appraisal and failure (PAF).

    Args:
        prevention: training, standards, planning; money, 0 or more, as the others.
        appraisal: reviews of calls, mystery visits, surveys.
        internal: what goes wrong and is put right before the customer notices.
        external: what goes wrong with the customer: complaints, compensation, customers lost.

    Returns:
        The total, the shares of the four (all 0 where nothing was spent), and the two sums.

    Raises:
        KefuError: an amount that is negative, missing or infinite.

    Source:
        Feigenbaum 1956, Harvard Business Review 34(6):93-101.
    """
    amounts = g.numbers(
        (prevention, appraisal, internal, external), Text("各项费用", "the costs"), low=0
    )
    p, a, i, e = amounts.tolist()
    total = p + a + i + e
    one, two, three, four = (amounts / total).tolist() if total else (0.0,) * 4
    return CostOfQuality(total, (one, two, three, four), p + a, i + e)


def _together(*given: g.Floats) -> tuple[g.Floats, ...]:
    try:
        return np.broadcast_arrays(*given)
    except ValueError:
        raise g.refusal(
            "几组数的个数对不上",
            "the numbers do not fit together",
            "各组个数相同，或只有一个",
            "give as many of each, or a single one",
        ) from None


def _plain(found: Any) -> float | g.Floats:
    return found if found.ndim else float(found)
