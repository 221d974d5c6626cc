"""Who is on duty when, and who is at lunch."""

from __future__ import annotations

from collections.abc import Sequence

from kefu.centre.plan import HALF_HOURS, OPENS, Plan

__all__ = ["Duty", "duty", "team_of"]

# Days off of a team's eight places, from Monday 0: two a weekday, three a day of the weekend.
_OFF = ((0, 1), (0, 1), (2, 3), (2, 3), (4, 5), (4, 6), (5, 6), (5, 6))
_CHANGE = (15 - OPENS) * 2
_LUNCH = (12 - OPENS) * 2
_SUPPER = (17 - OPENS) * 2

Duty = Sequence[tuple[str, ...]]
"""For each half-hour who is there; the first of them has the chats, the others the phones."""


def team_of(agent: str, plan: Plan) -> str:
    """T1 or T2."""
    return "T1" if int(agent[1:]) <= plan.people.team else "T2"


def duty(plan: Plan, day: int) -> Duty:
    """Who is there in each half-hour of a day.

    The teams swap shifts every week. On a working day the early shift goes to lunch in pairs, all
    between 12:00 and 13:30; the late shift goes to supper one by one, as does everybody on a day
    that is quiet anyway.
    """
    week, weekday = divmod(day, 7)
    teams = (0, plan.people.team) if week % 2 == 0 else (plan.people.team, 0)
    shifts = []
    for first in teams:
        there = [
            f"A{first + place + 1:02d}"
            for place in range(plan.people.team)
            if weekday not in _OFF[(place + week) % len(_OFF)]
        ]
        turn = day % len(there)
        shifts.append(there[turn:] + there[:turn])
    early, late = shifts
    if plan.quiet(day):
        early, late = early[: plan.people.weekends], late[: plan.people.weekends]
    else:
        late = late[plan.people.casework :]
    early_meals = _meals(early, 1 if plan.quiet(day) else 2, _LUNCH)
    meals = early_meals | _meals(late, 1, _SUPPER)
    return [
        tuple(
            agent
            for agent in (early if half_hour < _CHANGE else late)
            if agent not in meals.get(half_hour, ())
        )
        for half_hour in range(HALF_HOURS)
    ]


def _meals(shift: Sequence[str], at_once: int, first: int) -> dict[int, Sequence[str]]:
    """Who is away in which half-hour, from the first on, until all have eaten."""
    return {
        first + turn: shift[at_once * turn : at_once * (turn + 1)]
        for turn in range(-(-len(shift) // at_once))
    }
