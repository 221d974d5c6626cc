"""The day as it goes: who waits how long, who hangs up, who answers."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from kefu.centre.draws import Draws
from kefu.centre.plan import CLOSES, HALF_HOURS, OPENS, Plan
from kefu.centre.roster import Duty

__all__ = ["CHANNELS", "Contact", "Matter", "half_hour", "other_than", "serve"]

CHANNELS = ("phone", "chat")

_HALF = 1800


@dataclass(frozen=True, slots=True)
class Matter:
    """Somebody comes with something; `at` counts seconds from midnight."""

    at: int
    channel: str
    customer: str
    issue: str


@dataclass(slots=True)
class Contact:
    """A matter, and what came of it. Seconds; without an agent it was abandoned.

    `solved` is what is true, `resolved` what the agent noted.
    """

    matter: Matter
    day: int
    agent: str | None
    wait: int
    talk: int = 0
    hold: int = 0
    after: int = 0
    solved: bool = False
    resolved: bool = False
    id: int = 0


def other_than(channel: str) -> str:
    """The other channel."""
    return CHANNELS[1 - CHANNELS.index(channel)]


def half_hour(at: float) -> int:
    """Which half-hour of the day; who waits beyond the closing time is served by the last."""
    return min(HALF_HOURS - 1, int(at - OPENS * 3600) // _HALF)


def serve(
    plan: Plan, day: int, matters: Iterable[Matter], duty: Duty, draws: Draws
) -> list[Contact]:
    """Serve the matters of a day, on each channel first come, first served.

    Whoever goes on a break finishes the contact first. Whoever hangs up takes no one's time, and
    may try again some minutes later.
    """
    places, found = _Places(duty, plan.people.lanes), list[Contact]()
    paces = {
        agent: Draws(plan.seed, "pace", agent).lognormal(1, plan.people.pace)
        for agent in places.agents
    }
    ordered = sorted(matters, key=lambda m: (m.at, m.channel, m.customer))
    coming = [(matter.at, number, matter) for number, matter in enumerate(ordered)]
    heapq.heapify(coming)
    while coming:
        matter = heapq.heappop(coming)[2]
        contact = Contact(matter, day, None, 0)
        picked, patience = _draw(plan, contact, draws)
        back = _redial(plan, matter, patience, draws)
        place, start = places.next(matter)
        contact.wait = start - matter.at + picked
        if contact.wait > patience:
            contact.wait = patience
            contact.talk = contact.hold = contact.after = 0
            contact.solved = contact.resolved = False
            if back:
                heapq.heappush(coming, (back.at, len(ordered) + len(found), back))
        else:
            contact.agent = places.agent(place, start)
            contact.talk = round(contact.talk * paces[contact.agent])
            contact.after = round(contact.after * paces[contact.agent])
            ends = start + picked + contact.talk + contact.hold + contact.after
            places.free[place] = ends
        found.append(contact)
    return found


class _Places:
    """Where a contact can be taken: a phone is its agent's own, the lanes of the chats are not."""

    def __init__(self, duty: Duty, lanes: int) -> None:
        self.duty = duty
        self.lanes = [f"lane-{n}" for n in range(lanes)]
        self.agents = list(dict.fromkeys(agent for there in duty for agent in there))
        self.free = dict.fromkeys([*self.lanes, *self.agents], 0)

    def next(self, matter: Matter) -> tuple[str, int]:
        """The first place to be free, of several the one idle longest, and when."""
        if matter.channel == "chat":
            ready = [(max(matter.at, self.free[p]), self.free[p], p) for p in self.lanes]
        else:
            ready = [
                (self._on_phone(agent, max(matter.at, self.free[agent])), self.free[agent], agent)
                for agent in self.agents
            ]
        start, _, place = min(ready, key=lambda r: r[:2])  # then by the order of the day's roster
        return place, start

    def agent(self, place: str, at: int) -> str:
        """Who takes it."""
        return self.duty[half_hour(at)][0] if place in self.lanes else place

    def _on_phone(self, agent: str, at: int) -> int:
        """When from `at` on this agent is there for a phone; far away if not today any more."""
        for place in range(half_hour(at), HALF_HOURS):
            if agent in self.duty[place][1:]:
                return max(at, OPENS * 3600 + place * _HALF)
        return 10**9


def _draw(plan: Plan, contact: Contact, draws: Draws) -> tuple[int, int]:
    """Draw all that this contact would need; how soon it is picked up, and the patience."""
    s, chat = plan.service, contact.matter.channel == "chat"
    longer = plan.issues[contact.matter.issue][1]
    talk, after = (s.chat_talk, s.chat_after) if chat else (s.phone_talk, s.phone_after)
    contact.talk = max(20, round(longer * draws.lognormal(talk[0], talk[1])))
    contact.after = max(5, round(longer * draws.lognormal(after[0], after[1])))
    hold = draws.chance(s.hold_share)
    held = round(draws.exponential(s.hold_mean))
    contact.hold = 5 + held if hold and not chat else 0
    contact.solved = not draws.chance(plan.outcome.unsolved)
    kindly = draws.chance(plan.outcome.marked_kindly)
    contact.resolved = contact.solved or kindly
    median, spread = s.chat_pickup if chat else s.pickup
    picked = max(2, round(draws.lognormal(median, spread)))
    soon, most = draws.chance(s.short_share), draws.whole(1, s.short_most)
    patience = 1 + int(draws.weibull(*(s.chat_patience if chat else s.patience)))
    return picked, most if soon else patience


def _redial(plan: Plan, matter: Matter, patience: int, draws: Draws) -> Matter | None:
    """The same matter some minutes after hanging up, if the customer tries again today."""
    tries, other = draws.chance(plan.service.redial), draws.chance(plan.outcome.other_channel)
    at = matter.at + patience + 30 + round(draws.exponential(plan.service.redial_after))
    if not tries or at >= CLOSES * 3600:
        return None
    channel = other_than(matter.channel) if other else matter.channel
    return Matter(at, channel, matter.customer, matter.issue)
