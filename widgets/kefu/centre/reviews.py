"""What two raters make of a daily sample of calls."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kefu.centre.draws import Draws
from kefu.centre.plan import Plan, Reviews
from kefu.centre.queues import Contact

__all__ = ["CRITICAL", "LEVELLED", "RATERS", "Review", "reviews"]

LEVELLED = ("greeting", "restate", "explain", "closing")
CRITICAL = ("identity", "promise")
RATERS = ("R1", "R2")
_OF_CALL = 0.3
"""How much of a level's variance is the call's, shared by all its items."""


class Review(NamedTuple):
    """One rater's level of one item: 0 to 2, or for a critical item 0 (error) and 1."""

    call: int
    week: int
    rater: str
    item: str
    level: int


def reviews(plan: Plan, contacts: Sequence[Contact]) -> list[Review]:
    """Every review, in the order of the calls."""
    r, found = plan.reviews, list[Review]()
    answered: list[list[Contact]] = [[] for _ in range(plan.days)]
    for contact in contacts:
        if contact.agent and contact.matter.channel == "phone":
            answered[contact.day].append(contact)
    for day, calls in enumerate(answered):
        draws = Draws(plan.seed, "reviews", day)
        closed = plan.date(day) in plan.arrivals.holidays
        there = [rater for rater in RATERS if day % 7 not in r.off[rater] and not closed]
        each = {rater: draws.whole(*r.a_day) for rater in there}
        twice = r.twice if len(there) > 1 else 0
        drawn = draws.shuffled(draws.some(calls, min(sum(each.values()) - twice, len(calls))))
        by = {call.id: there for call in drawn[:twice]}
        rest = drawn[twice:]
        for rater in there:
            alone = each[rater] - twice
            by |= {call.id: [rater] for call in rest[:alone]}
            rest = rest[alone:]
        for call in calls:
            if call.id in by:
                found += _of(plan, call, by[call.id], draws)
    return found


def _of(plan: Plan, call: Contact, raters: Sequence[str], draws: Draws) -> Iterator[Review]:
    """One call's reviews; everything is drawn for both raters, whoever of them looks at it."""
    r, week = plan.reviews, call.day // 7 + 1
    changed = plan.date(call.day) >= r.changed
    of_call, found = draws.normal(), dict[tuple[str, str], int]()
    for item in LEVELLED:
        true = math.sqrt(_OF_CALL) * of_call + math.sqrt(1 - _OF_CALL) * draws.normal()
        for rater in RATERS:
            milder = r.drift * max(0, week - r.drift_from + 1) if rater == "R2" else 0.0
            heard = true + draws.normal(0.0, r.noise) + milder
            found[rater, item] = sum(heard > level for level in r.levels)
    for item in CRITICAL:
        error = draws.chance(_share(r, item, changed))
        for rater in RATERS:
            found[rater, item] = 1 - draws.chance(r.seen if error else r.imagined)
    for rater in raters:
        for item in (*LEVELLED, *CRITICAL):
            yield Review(call.id, week, rater, item, found[rater, item])


def _share(r: Reviews, item: str, changed: bool) -> float:
    """How often there is an error in a critical item."""
    if item == "promise":
        return r.promise
    return r.identity_after if changed else r.identity
