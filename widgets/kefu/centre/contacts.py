"""Who comes, day by day, and who comes again with what was not solved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kefu.centre.draws import Draws
from kefu.centre.plan import HALF_HOURS, OPENS, Plan
from kefu.centre.queues import Contact, Matter, serve
from kefu.centre.roster import duty

__all__ = ["CHANNELS", "ISSUES", "contacts"]

CHANNELS = ("phone", "chat")
ISSUES = {"delivery": 0.26, "install": 0.14, "repair": 0.27, "billing": 0.13, "return": 0.2}


class _Customers:
    """Customers and what they came with last."""

    def __init__(self, plan: Plan) -> None:
        self.returning = plan.arrivals.returning
        self.issues: list[str] = []

    def matter(self, draws: Draws) -> tuple[str, str]:
        """A new matter: mostly of somebody new, else another matter than the last one."""
        old, who = draws.chance(self.returning), draws.unit()
        if old and len(self.issues) > 200:
            number = int(who * len(self.issues))
            shares = {k: v for k, v in ISSUES.items() if k != self.issues[number]}
        else:
            number, shares = len(self.issues), ISSUES
            self.issues.append("")
        self.issues[number] = draws.pick(shares)
        return f"C{number + 1:05d}", self.issues[number]


def contacts(plan: Plan) -> list[Contact]:
    """Every contact of the eight weeks, in the order in which they began, numbered from 1."""
    customers, again = _Customers(plan), defaultdict[int, list[Matter]](list)
    found: list[Contact] = []
    for day in range(plan.days):
        today = []
        coming, working = Draws(plan.seed, "coming", day), Draws(plan.seed, "working", day)
        roster = duty(plan, day)
        for channel in CHANNELS:
            matters = [m for m in again[day] if m.channel == channel]
            for at in _times(plan, day, channel, coming):
                matters.append(Matter(at, channel, *customers.matter(coming)))
            today += serve(plan, day, matters, roster, working)
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
    scale = plan.arrivals.weekend if day % 7 > 4 else 1.0
    return sorted(
        OPENS * 3600 + place * 1800 + draws.whole(0, 1799)
        for place in range(HALF_HOURS)
        for _ in range(draws.poisson(rates[place] * scale))
    )


def _again(
    plan: Plan, contact: Contact, draws: Draws, again: defaultdict[int, list[Matter]]
) -> None:
    """Whoever comes again does so one to six days later, at any hour at which people come."""
    share = plan.outcome.again_solved if contact.resolved else plan.outcome.again_unsolved
    comes, days = draws.chance(share), draws.whole(1, 6)
    rates: Sequence[float] = getattr(plan.arrivals, contact.matter.channel)
    place, second = draws.pick(dict(enumerate(rates))), draws.whole(0, 1799)
    if comes and contact.agent:
        m = contact.matter
        at = OPENS * 3600 + place * 1800 + second
        again[contact.day + days].append(Matter(at, m.channel, m.customer, m.issue))
