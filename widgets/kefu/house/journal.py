"""The daily quiz and its answers in the house's database."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from threading import Lock
from typing import Any

import sqlalchemy as sa

from kefu import kinds
from kefu.card import Card, Key, Receipt, Response, canonical
from kefu.house import tables
from kefu.house.errors import Refused, empty, not_asked, unreadable
from kefu.house.quiz import KINDS, SIZE, draw
from kefu.house.visits import Clock, Pass
from kefu.journal import Attempt
from kefu.progress import receipt
from kefu.text import LANGS, Text
from kefu.vault import Vault, reading

__all__ = ["Journal"]

_ATTEMPT = re.compile(r"[0-9a-f]{32}")

# Built once: making a statement takes as long as running it.
_ROWS = tables.attempts.c
_SAME = ("person", "item", "version", "page", "day")
_INSERT = sa.insert(tables.attempts)
_FIND = sa.select(tables.attempts).where(
    _ROWS.person == sa.bindparam("person"), _ROWS.attempt == sa.bindparam("attempt")
)
# In PostgreSQL many write at a time, and none sees another's row before its commit: at one item a
# person's answers come one after the other, so that each receipt counts all that came before it.
_IN_TURN = sa.text(
    "SELECT pg_advisory_xact_lock(hashtextextended(concat(:person ::text, :item ::text), 0))"
)
_TRIES = (
    sa.select(tables.attempts)
    .where(*(_ROWS[name] == sa.bindparam(name) for name in _SAME), _ROWS.n <= sa.bindparam("n"))
    .order_by(_ROWS.n)
)


class Journal:
    """The daily quiz and the answers to it: one append-only table."""

    def __init__(self, engine: sa.Engine, vault: Vault, clock: Clock) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock
        # In SQLite one writes at a time: threads that wait here need not ask it over and over.
        self._turn = Lock() if engine.dialect.name == "sqlite" else nullcontext()
        self._cards: dict[tuple[str, str], Card] = {}
        self._whole: dict[str, list[tuple[str, str]]] = {}
        tables.make(engine)

    def today(self) -> str:
        """The house's date, ISO 8601."""
        return self._clock().date().isoformat()

    def ready(self) -> int:
        """How many items may be asked."""
        return sum(card["kind"] in KINDS for card in self._vault.released("practice"))

    def quiz(self, day: str) -> list[Card]:
        """The cards of a day, the same for everybody; drawn at the first asking, then kept.

        Raises:
            Refused: there is nothing to ask.
        """
        rows = self._whole.get(day) or self._drawn(day)
        # A quiz that was short in the morning is filled up; one of an earlier day stays as it was.
        if not rows or (len(rows) < SIZE and day == self.today()):
            self._draw(day, rows)
            rows = self._drawn(day)
        if not rows:
            raise empty()
        if len(rows) >= SIZE:
            # What is asked on a day never changes once it is whole, so it is read once.
            self._whole[day] = rows
        return [self._card(item, version) for item, version in rows]

    def receipts(self, who: Pass, page: str = "daily") -> dict[str, Receipt]:
        """This person's last answer to each item of the day, judged by today's keys."""
        table = tables.attempts
        with reading(self._engine) as db:
            rows = db.execute(
                sa.select(table)
                .where(table.c.person == who.person, table.c.page == page, table.c.day == who.day)
                .order_by(table.c.n)
            ).all()
        last = {row.item: row for row in rows}
        return {item: self._receipt(row) for item, row in last.items()}

    def take(self, who: Pass, sent: object, page: str = "daily") -> Receipt:
        """Keep an attempt; the receipt is given after the commit.

        An id is taken once: sent again, whatever it then says, it is answered
        with its first receipt.

        Args:
            who: whom the token speaks for.
            sent: `{"id", "item", "version", "response", "lang"}` as it came from outside.
            page: where it was asked.

        Raises:
            Refused: not in this token's quiz, or no answer that somebody could have given.
        """
        attempt, item, version, response, lang = _read(sent)
        card = next((card for card in self.quiz(who.day) if card["item"] == item), None)
        asked = card is not None and card["version"] == version
        if card is not None and asked and kinds.is_complete(card, response):
            row = {
                "person": who.person,
                "attempt": attempt,
                "item": item,
                "version": version,
                "response": canonical(response),
                "at": _iso(self._clock()),
                "page": page,
                "day": who.day,
                "lang": lang,
            }
            with suppress(sa.exc.IntegrityError):  # An id that is here already: answered below.
                return self._keep(row, card)
        first = self._find(who.person, attempt)
        if first is not None:
            return self._receipt(first)
        if card is None or not asked:
            raise not_asked()
        raise _incomplete(card, self._vault.key(item, version), response)

    def _keep(self, row: dict[str, Any], card: Card) -> Receipt:
        """Write an attempt, in one turn at the database; its receipt is made after the commit.

        Raises:
            sqlalchemy.exc.IntegrityError: this person's id is here already.
        """
        key = self._vault.key(row["item"], row["version"])
        with self._turn, self._engine.begin() as db:
            if db.dialect.name == "postgresql":
                db.execute(_IN_TURN, {"person": row["person"], "item": row["item"]})
            written = db.execute(_INSERT, row)
            assert written.inserted_primary_key
            tries = db.execute(_TRIES, _same(row, written.inserted_primary_key[0])).all()
        return _told(card, key, tries)

    def _drawn(self, day: str) -> list[tuple[str, str]]:
        table = tables.quizzes
        with reading(self._engine) as db:
            rows = db.execute(sa.select(table).where(table.c.day == day).order_by(table.c.place))
            return [(row.item, row.version) for row in rows]

    def _draw(self, day: str, rows: list[tuple[str, str]]) -> None:
        released = self._vault.released("practice")
        drawn = draw(dt.date.fromisoformat(day), released, [item for item, _ in rows])
        if not drawn:
            return
        new = [
            {"day": day, "place": place, "item": card["item"], "version": card["version"]}
            for place, card in enumerate(drawn, start=len(rows))
        ]
        try:
            with self._engine.begin() as db:
                db.execute(sa.insert(tables.quizzes), new)
        except sa.exc.IntegrityError:
            pass  # Drawn by two at once: the first one counts.

    def _card(self, item: str, version: str) -> Card:
        # A version's card never changes, so it is read once.
        if (item, version) not in self._cards:
            card = self._vault.card(item, version)
            if card is None:
                raise RuntimeError(f"the vault does not hold {item} {version}")
            self._cards[item, version] = card
        return self._cards[item, version]

    def _find(self, person: str, attempt: str) -> Any:
        with reading(self._engine) as db:
            return db.execute(_FIND, {"person": person, "attempt": attempt}).first()

    def _receipt(self, row: Any) -> Receipt:
        with reading(self._engine) as db:
            tries = db.execute(_TRIES, _same(row._mapping, row.n)).all()
        card = self._card(row.item, row.version)
        return _told(card, self._vault.key(row.item, row.version), tries)


def _same(row: Mapping[str, Any], n: int) -> dict[str, Any]:
    """What `_TRIES` asks for: the tries at the item of an attempt, up to and with the nth row."""
    return {name: row[name] for name in _SAME} | {"n": n}


def _told(card: Card, key: Key | None, tries: Sequence[Any]) -> Receipt:
    all_of_them = [_attempt(each) for each in tries]
    return receipt(card, key, all_of_them[-1], all_of_them)


def _attempt(row: Any) -> Attempt:
    return Attempt(row.attempt, row.item, row.version, json.loads(row.response), row.at, row.lang)


def _read(sent: object) -> tuple[str, str, str, Response, str | None]:
    if not isinstance(sent, dict):
        raise unreadable()
    attempt, item, version = (sent.get(name) for name in ("id", "item", "version"))
    response, lang = sent.get("response"), sent.get("lang")
    if not (isinstance(attempt, str) and _ATTEMPT.fullmatch(attempt)):
        raise unreadable()
    if not (isinstance(item, str) and isinstance(version, str) and isinstance(response, dict)):
        raise unreadable()
    if lang is not None and lang not in LANGS:
        raise unreadable()
    return attempt, item, version, response, lang


def _incomplete(card: Card, key: Any, response: Response) -> Refused:
    note = kinds.judge(card, key or {}, response)["note"] if key else None
    what = Text.of(note).map(lambda said: said.rstrip("。.")) if note else None
    return Refused(
        422,
        what or Text("这份答案不完整", "this answer is not complete"),
        Text("请补全后再存", "please complete it and save again"),
    )


def _iso(moment: dt.datetime) -> str:
    plain = moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return plain.replace("+00:00", "Z")
