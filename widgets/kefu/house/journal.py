"""The daily quiz and its answers in the house's database."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import sqlalchemy as sa

from kefu import kinds
from kefu.card import Card, Receipt, Response, canonical
from kefu.house import tables
from kefu.house.errors import Refused, empty, not_asked, unreadable
from kefu.house.quiz import KINDS, SIZE, draw
from kefu.house.visits import Clock, Pass
from kefu.journal import Attempt
from kefu.progress import receipt
from kefu.text import LANGS, Text
from kefu.vault import Vault

__all__ = ["Journal"]

_ATTEMPT = re.compile(r"[0-9a-f]{32}")


class Journal:
    """The daily quiz and the answers to it: one append-only table."""

    def __init__(self, engine: sa.Engine, vault: Vault, clock: Clock) -> None:
        self._engine = engine
        self._vault = vault
        self._clock = clock
        self._cards: dict[tuple[str, str], Card] = {}
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
        rows = self._drawn(day)
        # A quiz that was short in the morning is filled up; one of an earlier day stays as it was.
        if not rows or (len(rows) < SIZE and day == self.today()):
            self._draw(day, rows)
            rows = self._drawn(day)
        if not rows:
            raise empty()
        return [self._card(item, version) for item, version in rows]

    def receipts(self, who: Pass, page: str = "daily") -> dict[str, Receipt]:
        """This person's last answer to each item of the day, judged by today's keys."""
        table = tables.attempts
        with self._engine.connect() as db:
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
        first = self._find(who.person, attempt)
        if first is not None:
            return self._receipt(first)
        card = next((card for card in self.quiz(who.day) if card["item"] == item), None)
        if card is None or card["version"] != version:
            raise not_asked()
        if not kinds.is_complete(card, response):
            raise _incomplete(card, self._vault.key(item, version), response)
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
        try:
            with self._engine.begin() as db:
                db.execute(sa.insert(tables.attempts).values(row))
        except sa.exc.IntegrityError:
            # Sent twice at once: the other one is on disk, and is the answer to both.
            pass
        kept = self._find(who.person, attempt)
        if kept is None:
            raise RuntimeError("an attempt that was committed is not there")
        return self._receipt(kept)

    def _drawn(self, day: str) -> list[tuple[str, str]]:
        table = tables.quizzes
        with self._engine.connect() as db:
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
        table = tables.attempts
        with self._engine.connect() as db:
            return db.execute(
                sa.select(table).where(table.c.person == person, table.c.attempt == attempt)
            ).first()

    def _receipt(self, row: Any) -> Receipt:
        table = tables.attempts
        same = [
            table.c[name] == getattr(row, name)
            for name in ("person", "item", "version", "page", "day")
        ]
        with self._engine.connect() as db:
            tries = db.execute(
                sa.select(table).where(*same, table.c.n <= row.n).order_by(table.c.n)
            ).all()
        card = self._card(row.item, row.version)
        key = self._vault.key(row.item, row.version)
        return receipt(card, key, _attempt(row), [_attempt(each) for each in tries])


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
