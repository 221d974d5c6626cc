"""Who is at which device. Every time is asked of the clock that is passed in."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from kefu.card import digest
from kefu.house import tables
from kefu.house.errors import gone, unreadable
from kefu.vault import reading

__all__ = ["LAPSE", "Clock", "Opened", "Pass", "Visits"]

Clock = Callable[[], dt.datetime]
"""Tells the time, with the house's own offset: its date is the day of the quiz."""

LAPSE = dt.timedelta(minutes=15)
_RECENT = dt.timedelta(seconds=30)
_VISITOR = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token stands for: an opaque person, and the day whose quiz was opened.

    Of a visit that is `late` nothing is shown any more; its answers are still taken.
    """

    person: str
    day: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A token, and a name for the visit by which a page can tell it from the next one."""

    token: str
    visit: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Who came in, and the name of the visit."""

    who: Pass
    visit: str


class Visits:
    """Who is at which device, and which tokens speak for them.

    A visit that was idle for `lapse` is over: the same device then gets another person,
    so that nobody on a shared tablet meets a colleague's answers.
    For as long again it is late: a page that was cut off may still bring what was answered there.
    That never makes it run again, and the next person's visit is another one all the while.
    """

    def __init__(self, engine: sa.Engine, clock: Clock, lapse: dt.timedelta = LAPSE) -> None:
        self._engine = engine
        self._clock = clock
        self._lapse = lapse
        self._swept: dt.date | None = None
        tables.make(engine)

    def enter(self, visitor: str) -> Entered:
        """The visit that runs at this device, or a new one; `visitor` is its 128-bit id in hex.

        Raises:
            Refused: `visitor` is no such id.
        """
        now = self._clock()
        with self._engine.begin() as db:
            person = self._enter(db, visitor, now)
        return Entered(Pass(person, now.date().isoformat()), _name(person))

    def open(self, visitor: str, visit: str | None = None, day: str | None = None) -> Opened:
        """A new token for whoever is at this device.

        Args:
            visitor: the device's 128-bit id in hex.
            visit: opens only for this visit, if given, also if it is late; else for whichever
                runs, or a new one.
            day: whose quiz the page shows; yesterday's may be finished, any other is today's.

        Raises:
            Refused: `visitor` is no such id, or `visit` is over and no longer late.
        """
        now = self._clock()
        today, yesterday = ((now - dt.timedelta(days=back)).date().isoformat() for back in (0, 1))
        token = secrets.token_urlsafe(32)
        with self._engine.begin() as db:
            if visit is None:
                person = self._enter(db, visitor, now)
            else:
                person = self._named(db, visitor, visit, now)
            db.execute(
                sa.insert(tables.tokens).values(
                    token=digest("token", token),
                    person=person,
                    day=yesterday if day == yesterday else today,
                )
            )
        return Opened(token, _name(person))

    def _of(self, db: sa.Connection, visitor: str, now: dt.datetime) -> list[str]:
        """Whose visits at this device run or are late, the last one seen first."""
        if not _VISITOR.fullmatch(visitor):
            raise unreadable()
        query = (
            sa.select(tables.visits.c.person)
            .where(tables.visits.c.visitor == digest("visitor", visitor), *self._not_gone(now))
            .order_by(tables.visits.c.seen.desc())
        )
        return list(db.scalars(query))

    def _named(self, db: sa.Connection, visitor: str, visit: str, now: dt.datetime) -> str:
        for person in self._of(db, visitor, now):
            if _name(person) == visit:
                self._touch(db, person, now)
                return person
        raise gone()

    def _enter(self, db: sa.Connection, visitor: str, now: dt.datetime) -> str:
        for person in self._of(db, visitor, now):
            if self._touch(db, person, now):
                return person
        self._sweep(db, now)
        person = secrets.token_hex(16)
        db.execute(
            sa.insert(tables.visits).values(
                person=person, visitor=digest("visitor", visitor), seen=_ms(now), ended=False
            )
        )
        return person

    def check(self, token: str) -> Pass:
        """Whom a token speaks for; asking keeps the visit going, to within half a minute.

        Raises:
            Refused: unknown, or its visit is over and no longer late.
        """
        now = self._clock()
        query = (
            sa.select(tables.tokens.c.person, tables.tokens.c.day, tables.visits.c.seen)
            .join(tables.visits, tables.visits.c.person == tables.tokens.c.person)
            .where(tables.tokens.c.token == digest("token", token), *self._not_gone(now))
        )
        with reading(self._engine) as db:
            row = db.execute(query).first()
        if row is None:
            raise gone()
        idle = now - _moment(row.seen)
        late = idle >= self._lapse
        # A visit that was seen a moment ago needs no write: an answer then costs only its own.
        if not late and idle > min(_RECENT, self._lapse / 10):
            with self._engine.begin() as db:
                self._touch(db, row.person, now)
        return Pass(row.person, row.day, late)

    def forget(self, token: str) -> None:
        """This token speaks for nobody any more."""
        with self._engine.begin() as db:
            db.execute(
                sa.delete(tables.tokens).where(tables.tokens.c.token == digest("token", token))
            )

    def stay(self, visitor: str) -> bool:
        """Somebody is still reading at this device; False if the visit is over."""
        now = self._clock()
        mine = tables.visits.c.visitor == digest("visitor", visitor)
        with self._engine.begin() as db:
            done = db.execute(
                sa.update(tables.visits).where(mine, *self._running(now)).values(seen=_ms(now))
            )
            return done.rowcount > 0

    def end(self, visitor: str) -> None:
        """The next person takes the device: the visit and all its tokens are over."""
        mine = tables.visits.c.visitor == digest("visitor", visitor)
        with self._engine.begin() as db:
            db.execute(sa.update(tables.visits).where(mine).values(ended=True))

    def _sweep(self, db: sa.Connection, now: dt.datetime) -> None:
        """Once a day: who was at which device the day before yesterday is nobody's business."""
        if self._swept == now.date():
            return
        self._swept = now.date()
        yesterday = now - dt.timedelta(days=1)
        old = tables.tokens.c.day < yesterday.date().isoformat()
        db.execute(sa.delete(tables.tokens).where(old))
        db.execute(
            sa.delete(tables.visits).where(tables.visits.c.seen < _ms(yesterday - self._lapse))
        )

    def _running(self, now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
        return self._seen_since(now - self._lapse)

    def _not_gone(self, now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
        """Running, or late."""
        return self._seen_since(now - 2 * self._lapse)

    def _seen_since(self, moment: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
        return tables.visits.c.ended.is_(False), tables.visits.c.seen > _ms(moment)

    def _touch(self, db: sa.Connection, person: str, now: dt.datetime) -> bool:
        """Keep a visit going; one that does not run stays as it is, and gives False."""
        mine = tables.visits.c.person == person
        done = db.execute(
            sa.update(tables.visits).where(mine, *self._running(now)).values(seen=_ms(now))
        )
        return done.rowcount > 0


def _name(person: str) -> str:
    """What a page may know of a person: enough to tell one visit from the next."""
    return digest("visit", person)[:16]


def _moment(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC)


def _ms(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)
