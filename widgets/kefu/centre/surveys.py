"""Who is asked for an opinion, who gives one, and what everybody would have said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from kefu.centre.complaints import ended
from kefu.centre.draws import Draws
from kefu.centre.hours import asleep, next_morning
from kefu.centre.plan import Plan
from kefu.centre.queues import Contact

__all__ = ["Invitation", "Survey", "surveys"]


class Invitation(NamedTuple):
    """Somebody was asked."""

    call: int
    sent: dt.datetime


class Survey(NamedTuple):
    """Somebody answered: 1 to 5, 0 to 10, 1 to 7."""

    call: int
    answered: dt.datetime
    satisfied: int
    recommend: int
    easy: int


def surveys(
    plan: Plan, contacts: Sequence[Contact]
) -> tuple[list[Invitation], list[Survey], list[int]]:
    """Invitations, answers, and what each served customer would recommend, asked or not."""
    s, invited, answers, all_of_them = plan.surveys, list[Invitation](), list[Survey](), list[int]()
    for contact in contacts:
        if not contact.agent:
            continue
        draws = Draws(plan.seed, "opinion", contact.id)
        mean, spread = s.happy if contact.solved else s.unhappy
        felt = draws.normal(mean, spread) - min(s.wait * contact.wait / 60, s.wait_most)
        recommend = _within(felt, 0, 10)
        satisfied = _within(1.2 + 0.36 * felt + draws.normal(0, 0.6), 1, 5)
        easy = _within(1.3 + 0.5 * felt + draws.normal(0, 0.9), 1, 7)
        all_of_them.append(recommend)
        asked = draws.chance(s.invited_resolved if contact.resolved else s.invited_unresolved)
        sent = ended(plan, contact) + dt.timedelta(seconds=draws.whole(300, 1800))
        answered = sent + dt.timedelta(seconds=20 + round(draws.exponential(4 * 3600)))
        awake, morning = draws.chance(s.at_night), round(draws.exponential(2 * 3600))
        if asleep(answered) and not awake:
            answered = next_morning(answered) + dt.timedelta(seconds=morning)
        if asked and sent < plan.until:
            invited.append(Invitation(contact.id, sent))
            if draws.chance(s.answer) and answered < plan.until:
                answers.append(Survey(contact.id, answered, satisfied, recommend, easy))
    return invited, answers, all_of_them


def _within(value: float, low: int, high: int) -> int:
    return min(high, max(low, round(value)))
