"""Who comes, day by day, and who comes again with what was not solved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kefu.centre.draws import Draws
from kefu.centre.plan import HALF_HOURS, OPENS, Plan
from kefu.centre.queues import CHANNELS, Contact, Matter, other_than, serve
from kefu.centre.roster import duty

__all__ = ["contacts"]


class _Customers:
    """Customers and what they came with last."""

    def __init__(self, plan: Plan) -> None:
        self.returning = plan.arrivals.returning
        self.shares = {issue: each[0] for issue, each in plan.issues.items()}
        self.issues: list[str] = []

    def matter(self, draws: Draws) -> tuple[str, str]:
        """A new matter: mostly of somebody new, else another matter than the last one."""
        old, who = draws.chance(self.returning), draws.unit()
        if old and len(self.issues) > 200:
            number = int(who * len(self.issues))
            shares = {k: v for k, v in self.shares.items() if k != self.issues[number]}
        else:
            number, shares = len(self.issues), self.shares
            self.issues.append("")
        self.issues[number] = draws.pick(shares)
        return f"C{number + 1:05d}", self.issues[number]


def contacts(plan: Plan) -> list[Contact]:
    """Every contact of the eight weeks, in the order in which they began, numbered from 1."""
    customers, again = _Customers(plan), defaultdict[int, list[Matter]](list)
    found: list[Contact] = []
    for day in range(plan.days):
        coming, working = Draws(plan.seed, "coming", day), Draws(plan.seed, "working", day)
        matters = again[day]
        for channel in CHANNELS:
            for at in _times(plan, day, channel, coming):
                matters.append(Matter(at, channel, *customers.matter(coming)))
        today = serve(plan, day, matters, duty(plan, day), working)
        today.sort(key=lambda c: (c.matter.at, c.matter.channel, c.matter.customer))
        repeats = Draws(plan.seed, "again", day)
        for contact in today:
            _again(plan, contact, repeats, again)
        found += today
    for number, contact in enumerate(found):
        contact.id = number + 1
    return found


def _times(plan: Plan, day: int, channel: str, draws: Draws) -> list[int]:
    """When somebody new comes, in seconds from midnight."""
    rates: Sequence[float] = getattr(plan.arrivals, channel)
    scale = plan.busy(day)
    return sorted(
        OPENS * 3600 + place * 1800 + draws.whole(0, 1799)
        for place in range(HALF_HOURS)
        for _ in range(draws.poisson(rates[place] * scale))
    )


def _again(
    plan: Plan, contact: Contact, draws: Draws, again: defaultdict[int, list[Matter]]
) -> None:
    """Whoever comes again does so one to six days later, soon rather than late."""
    o, m = plan.outcome, contact.matter
    comes = draws.chance(o.again_solved if contact.solved else o.again_unsolved)
    days = draws.pick(dict(enumerate(o.again_days, 1)))
    channel = other_than(m.channel) if draws.chance(o.other_channel) else m.channel
    rates: Sequence[float] = getattr(plan.arrivals, channel)
    place, second = draws.pick(dict(enumerate(rates))), draws.whole(0, 1799)
    if comes and contact.agent:
        at = OPENS * 3600 + place * 1800 + second
        again[contact.day + days].append(Matter(at, channel, m.customer, m.issue))
