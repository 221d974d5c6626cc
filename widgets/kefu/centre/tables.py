"""Tables as rows of text and numbers, and as CSV files whose bytes never differ."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kefu.centre.plan import HALF_HOURS, OPENS, Plan
from kefu.centre.queues import CHANNELS, Contact, half_hour
from kefu.centre.roster import duty

__all__ = ["Cell", "Table", "calls", "intervals", "of"]

Cell = int | str | None
_RING = 5
"""Seconds from one ring to the next."""


class Table(NamedTuple):
    """Names of columns, and rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    def csv(self) -> bytes:
        """As a file: UTF-8, commas, lines ending in a newline alone; None is empty."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return out.getvalue().encode("utf-8")

    def column(self, name: str) -> list[Cell]:
        """One column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


def of(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Table:
    """A table of tuples; times become ISO 8601 without a zone."""
    return Table(tuple(columns), [tuple(map(_cell, row)) for row in rows])


def _cell(value: object) -> Cell:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if value is None or isinstance(value, int | str):
        return value
    raise TypeError(f"{value!r} has no place in a table")


def calls(plan: Plan, contacts: Iterable[Contact]) -> Table:
    """`calls.csv`."""
    columns = ("id", "start", "channel", "agent", "customer", "issue", "wait", "rings", "talk",
               "hold", "after", "outcome")  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for c in contacts:
        m, phone = c.matter, c.matter.channel == "phone"
        start = dt.datetime.combine(plan.date(c.day), dt.time()) + dt.timedelta(seconds=m.at)
        rings = c.wait // _RING + 1 if phone else None
        if c.agent:
            spent = (c.talk, c.hold if phone else None, c.after)
            outcome = "resolved" if c.resolved else "unresolved"
            rows.append((c.id, start, m.channel, c.agent, m.customer, m.issue, c.wait, rings,
                         *spent, outcome))  # fmt: skip
        else:
            rows.append((c.id, start, m.channel, None, m.customer, None, c.wait, rings,
                         None, None, None, "abandoned"))  # fmt: skip
    return of(columns, rows)


def intervals(plan: Plan, contacts: Sequence[Contact]) -> Table:
    """`intervals.csv`: every half-hour of every channel, by when the contacts began."""
    columns = ("start", "channel", "offered", "answered", "in_time", "abandoned", "short", "talk",
               "hold", "after", "agents")  # fmt: skip
    s, rows = plan.service, []
    by = dict[tuple[int, str, int], list[Contact]]()
    for c in contacts:
        by.setdefault((c.day, c.matter.channel, half_hour(c.matter.at)), []).append(c)
    for day in range(plan.days):
        roster = duty(plan, day)
        for place in range(HALF_HOURS):
            start = dt.datetime.combine(plan.date(day), dt.time(OPENS + place // 2, place % 2 * 30))
            for channel in CHANNELS:
                phone = channel == "phone"
                came = by.get((day, channel, place), [])
                answered = [c for c in came if c.agent]
                target = s.in_time if phone else s.chat_in_time
                rows.append((
                    start, channel, len(came), len(answered),
                    sum(c.wait <= target for c in answered),
                    len(came) - len(answered),
                    sum(c.wait < s.short for c in came if not c.agent),
                    sum(c.talk for c in answered),
                    sum(c.hold for c in answered) if phone else None,
                    sum(c.after for c in answered),
                    len(roster[place]) - 1 if phone else 1,
                ))  # fmt: skip
    return of(columns, rows)
