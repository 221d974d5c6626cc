"""Which contacts become complaints, and how long each stays open."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

from kefu.centre.draws import Draws
from kefu.centre.plan import Plan
from kefu.centre.queues import Contact

__all__ = ["Complaint", "complaints", "ended"]


class Complaint(NamedTuple):
    """A complaint; what had not happened when the data were taken is None."""

    complaint: int
    call: int
    received: dt.datetime
    acknowledged: dt.datetime | None
    closed: dt.datetime | None
    status: str
    type: str
    severity: int
    cost: int
    reopened: int | None


def ended(plan: Plan, contact: Contact) -> dt.datetime:
    """When the conversation was over."""
    seconds = contact.matter.at + contact.wait + contact.talk + contact.hold
    return dt.datetime.combine(plan.date(contact.day), dt.time()) + dt.timedelta(seconds=seconds)


def complaints(plan: Plan, contacts: Sequence[Contact]) -> list[Complaint]:
    """Every complaint, in the order in which they came in, numbered from 1."""
    c, mean = plan.complaints, 1 + plan.outcome.unresolved * (plan.complaints.unresolved - 1)
    # The day's own factor has a mean of 1.
    scale = 1 / math.gamma(1 + 1 / c.days)
    factors = [Draws(plan.seed, "day", day).weibull(scale, c.days) for day in range(plan.days)]
    draws, found = Draws(plan.seed, "complaints"), list[Complaint]()
    for contact in contacts:
        share = c.share / mean * factors[contact.day] * (1 if contact.resolved else c.unresolved)
        complains = draws.chance(min(share, 0.9))
        if contact.agent and complains:
            found.append(_complaint(plan, contact, Draws(plan.seed, "complaint", contact.id)))
    found.sort(key=lambda one: (one.received, one.call))
    return [one._replace(complaint=number + 1) for number, one in enumerate(found)]


def _complaint(plan: Plan, contact: Contact, draws: Draws) -> Complaint:
    c, received = plan.complaints, ended(plan, contact)
    closes = max(3600, round(draws.weibull(c.close[0], c.close[1]) * 86400))
    seen = round(draws.lognormal(c.acknowledge[0], c.acknowledge[1]) * 3600)
    closed = received + dt.timedelta(seconds=closes)
    acknowledged = received + dt.timedelta(seconds=min(max(seen, 300), closes * 4 // 5))
    kind = draws.pick({name: each[0] for name, each in c.types.items()})
    _, *severities, cost = c.types[kind]
    severity = draws.pick(dict(enumerate(severities, 1)))
    paid = 10 * round(draws.lognormal(cost, 0.6) / 10)
    again = int(draws.chance(c.reopened))
    over = closed < plan.until
    return Complaint(
        0,
        contact.id,
        received,
        acknowledged if acknowledged < plan.until else None,
        closed if over else None,
        "closed" if over else "open",
        kind,
        severity,
        paid,
        again if over else None,
    )
