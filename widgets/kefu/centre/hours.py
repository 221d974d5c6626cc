"""Opening hours: when something can be done, and when people sleep."""

from __future__ import annotations

import datetime as dt

from kefu.centre.plan import CLOSES, OPENS

__all__ = ["OPEN_DAY", "asleep", "next_morning", "worked"]

OPEN_DAY = (CLOSES - OPENS) * 3600
"""Seconds of opening hours in a day."""
_WAKES, _SLEEPS = 7, 23


def worked(since: dt.datetime, seconds: int) -> dt.datetime:
    """The moment after so many seconds of opening hours."""
    while True:
        midnight = dt.datetime.combine(since, dt.time())
        since = max(since, midnight + dt.timedelta(hours=OPENS))
        room = max(0, int((midnight + dt.timedelta(hours=CLOSES) - since).total_seconds()))
        if seconds < room:
            return since + dt.timedelta(seconds=seconds)
        seconds -= room
        since = midnight + dt.timedelta(days=1)


def asleep(moment: dt.datetime) -> bool:
    """Whether most people sleep."""
    return not _WAKES <= moment.hour < _SLEEPS


def next_morning(moment: dt.datetime) -> dt.datetime:
    """When most people wake after a moment of the night."""
    day = moment.date() + dt.timedelta(days=moment.hour >= _SLEEPS)
    return dt.datetime.combine(day, dt.time(_WAKES))
