"""Which contacts become complaints, and how long each stays open."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

from kefu.centre.draws import Draws
from kefu.centre.hours import OPEN_DAY, asleep, next_morning, worked
from kefu.centre.plan import Plan
from kefu.centre.queues import Contact

__all__ = ["Complaint", "complaints", "ended", "shares_of_types"]


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
    c, o = plan.complaints, plan.outcome
    mean = 1 + o.unsolved * (c.unsolved - 1)
    factors = [_mood(plan, Draws(plan.seed, "day", day)) for day in range(plan.days)]
    draws, found = Draws(plan.seed, "complaints"), list[Complaint]()
    for contact in contacts:
        share = c.share / mean * factors[contact.day] * (1 if contact.solved else c.unsolved)
        complains = draws.chance(min(share, 0.9))
        if contact.agent and complains:
            found.append(_complaint(plan, contact, Draws(plan.seed, "complaint", contact.id)))
    found = [one for one in found if one.received < plan.until]
    found.sort(key=lambda one: (one.received, one.call))
    return [one._replace(complaint=number + 1) for number, one in enumerate(found)]


def _mood(plan: Plan, draws: Draws) -> float:
    """How ready people are to complain on a day; 1 in the mean, and never very far above it.

    A bounded factor: one with a long tail would now and then make a day that is special.
    """
    swing = plan.complaints.swing
    # sin ** 3 of an even angle has a mean of 4 / (3 pi).
    return 1 - swing + swing * math.sin(math.pi / 2 * draws.unit()) ** 3 * 3 * math.pi / 4


def shares_of_types(plan: Plan) -> dict[str, float]:
    """How large a share of the complaints each type is."""
    return {
        name: sum(plan.issues[issue][0] * share for issue, share in kind["of"].items())
        for name, kind in plan.complaints.types.items()
    }


def _received(plan: Plan, contact: Contact, draws: Draws) -> dt.datetime:
    """When it comes in: many as the contact ends, the others hours or days later."""
    c, end = plan.complaints, ended(plan, contact)
    at_once, soon = draws.chance(c.at_once), draws.whole(60, 900)
    later = round(3600 * min(draws.lognormal(c.delay[0], c.delay[1]), 144))
    morning = draws.whole(0, 3 * 3600)
    received = end + dt.timedelta(seconds=soon if at_once else 900 + later)
    if asleep(received):
        received = next_morning(received) + dt.timedelta(seconds=morning)
    return received


def _complaint(plan: Plan, contact: Contact, draws: Draws) -> Complaint:
    c, received = plan.complaints, _received(plan, contact, draws)
    kind = draws.pick({n: t["of"].get(contact.matter.issue, 0) for n, t in c.types.items()})
    severity = draws.pick(dict(enumerate(c.types[kind]["severity"], 1)))
    days = draws.weibull(c.close[severity - 1], c.close_shape)
    closes = max(3600, round(days * OPEN_DAY))
    seen = round(3600 * draws.lognormal(c.acknowledge[severity - 1], c.acknowledge_spread))
    closed = worked(received, closes)
    acknowledged = worked(received, min(max(seen, 300), closes * 4 // 5))
    cost = c.types[kind]["cost"] * c.severity_cost[severity - 1]
    paid = max(10, 10 * round(draws.lognormal(cost, 0.5) / 10))
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
