"""Mystery visits to two service desks that keep the standard equally often."""

from __future__ import annotations

import datetime as dt
import math
from statistics import NormalDist
from typing import NamedTuple

from kefu.centre.draws import Draws
from kefu.centre.plan import Plan

__all__ = ["DAYPARTS", "ITEMS", "SITES", "Finding", "visits"]

SITES = ("S1", "S2")
DAYPARTS = {"morning": 10, "noon": 12, "evening": 17}
ITEMS = ("greeted", "badge", "waited", "asked", "explained", "promised", "tidy", "farewell")
_SHOPPERS = ("P1", "P2", "P3")


class Finding(NamedTuple):
    """Whether one item was met in one visit."""

    visit: int
    start: dt.datetime
    site: str
    daypart: str
    shopper: str
    item: str
    met: int


def visits(plan: Plan) -> list[Finding]:
    """Every finding, visit by visit; sites and dayparts come in a drawn order."""
    v, draws, found = plan.visits, Draws(plan.seed, "visits"), list[Finding]()
    parts = [part for _ in range(v.each) for part in DAYPARTS][: v.each]
    planned = draws.shuffled(
        [
            (site, part, shopper)
            for site in SITES
            for part, shopper in zip(parts, draws.shuffled(_shoppers(v.each)), strict=True)
        ]
    )
    level = NormalDist().inv_cdf(v.met) * math.sqrt(1 + v.visit**2)
    apart = plan.days // len(planned)
    for number, (site, part, shopper) in enumerate(planned):
        day = number * apart + draws.whole(0, apart - 1)
        minutes = DAYPARTS[part] * 60 + draws.whole(0, 110)
        start = dt.datetime.combine(plan.date(day), dt.time()) + dt.timedelta(minutes=minutes)
        mood = draws.normal(0.0, v.visit)
        for item in ITEMS:
            met = int(draws.normal() < level + mood)
            found.append(Finding(number + 1, start, site, part, shopper, item, met))
    return found


def _shoppers(visits: int) -> list[str]:
    """Who goes to a site: everybody equally often."""
    return [_SHOPPERS[number % len(_SHOPPERS)] for number in range(visits)]
