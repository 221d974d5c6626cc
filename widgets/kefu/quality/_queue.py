"""The formulas of one queue, summed term by term.

That is short, and needs no scipy, which costs a page as much as its first picture. `_tails` has
them for arrays, and for sums of very many terms.
"""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["Waiting", "palm", "turned_away"]

_SHORT = 600.0
"""Up to here exp() is far from overflowing, and so is Palm's sum, which is never greater."""


class Waiting(NamedTuple):
    """Palm's queue: the share of calls that wait, and of these the shares whose patience lasts.

    `held`: until they are answered; `late`: also, but they are answered after the target.
    """

    wait: float
    held: float
    late: float


def turned_away(load: float, agents: int) -> float:
    """1 / Erlang B by its recursion, for a load above 0; infinite where it overflows.

    It begins 9 standard deviations below: what went before counts less than a double can show.
    """
    first = max(int(min(load, agents) - 9 * math.sqrt(load)), 0)
    found = 1.0
    for n in range(first + 1, agents + 1):
        found = 1 + n / load * found
    return found


def palm(load: float, agents: int, patience: float, target: float) -> Waiting:
    """Who waits, and how it ends, where callers hang up when their patience is over.

    The virtual wait v of a patient caller has above 0 a density in proportion to
    exp(x * (1 - exp(-v / patience)) - agents * v), x = load * patience; its integral times the
    agents is a sum that begins with 1, and `more` is all the rest of it.

    Args:
        load: in Erlang, above 0.
        agents: at least 1.
        patience: the mean, in units of the handling time.
        target: in units of the mean patience.
    """
    s, x, none = agents * patience, load * patience, turned_away(load, agents - 1)
    if x > _SHORT:
        return _palm_by_gamma(load / agents, s, x, none, target)
    more = x / (s + 1) * _series(x, s + 2)
    waits = load * (1 + more)
    left = -x * math.expm1(-target) - (s + 1) * target
    late = s / (s + 1) * math.exp(left) * (_series(x * math.exp(-target), s + 2) / (1 + more))
    return Waiting(waits / (waits + agents * none), agents / load * (more / (1 + more)), late)


def _palm_by_gamma(busy: float, s: float, x: float, none: float, target: float) -> Waiting:
    """The same by the incomplete gamma function."""
    from kefu.quality._tails import later, log_above

    whole = log_above(s, x)
    odds = math.log(busy) + whole - math.log(none)
    wait = math.exp(min(odds, 0.0)) / (1 + math.exp(-abs(odds)))
    return Waiting(wait, -math.expm1(-whole) / busy, later(s, x, target, whole))


def _series(top: float, bottom: float) -> float:
    """1 + top/bottom + top**2/(bottom (bottom + 1)) + …, never above exp(top)."""
    term = total = 1.0
    while term > 1e-17 * total:
        term *= top / bottom
        total += term
        bottom += 1
    return total
