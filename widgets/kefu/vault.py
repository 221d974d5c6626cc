"""Every version of every item that was ever released, with its key: appended, never rewritten.

An attempt names the version it answered, and is judged by the latest revision of its key;
a card is never judged by another card's key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from kefu.card import Card, Key, Room, canonical
from kefu.publish import Published

__all__ = ["Vault", "connect"]

_METADATA = sa.MetaData()

_RELEASED = sa.Table(
    "released",
    _METADATA,
    sa.Column("item", sa.String(64), primary_key=True),
    sa.Column("version", sa.String(16), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("card", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("standards", sa.Text, nullable=False),
)

# Which version is asked now: the one thing here that changes, since items are withdrawn.
_ASKED = sa.Table(
    "asked",
    _METADATA,
    sa.Column("item", sa.String(64), primary_key=True),
    sa.Column("version", sa.String(16), nullable=False),
    sa.Column("room", sa.String(16), nullable=False),
)


def connect(url: str) -> sa.Engine:
    """An engine on the house's database.

    SQLite is put in WAL with a full fsync at each commit, and a writer takes its turn at once
    (BEGIN IMMEDIATE), so that two never stand in each other's way.
    """
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def _prepare(connection: Any, _: object) -> None:
            connection.isolation_level = None
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
                connection.execute(f"PRAGMA {pragma}")

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class Vault:
    """The cards and keys of the house. Makes its tables if they are missing."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _METADATA.create_all(engine)

    def release(self, published: Iterable[Published]) -> int:
        """Keep what is published now, and ask just that; gives the number of new rows.

        A version whose key changed gets a new revision; what was there stays.
        """
        rows = list(published)
        added = 0
        with self._engine.begin() as db:
            for one in rows:
                added += self._keep(db, one)
            db.execute(sa.delete(_ASKED))
            if rows:
                db.execute(
                    sa.insert(_ASKED),
                    [
                        {"item": p.card["item"], "version": p.card["version"], "room": p.room}
                        for p in rows
                    ],
                )
        return added

    def _keep(self, db: sa.Connection, one: Published) -> int:
        row = {
            "item": one.card["item"],
            "version": one.card["version"],
            "card": canonical(one.card),
            "key": canonical(one.key),
            "standards": canonical(one.standards),
        }
        last = db.execute(_last(row["item"], row["version"])).first()
        if last and (last.key, last.standards) == (row["key"], row["standards"]):
            return 0
        # Two weavers at once may both add the same revision: the second then adds nothing.
        insert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
        db.execute(
            insert(_RELEASED)
            .values(**row, revision=last.revision + 1 if last else 1)
            .on_conflict_do_nothing()
        )
        return 1

    def released(self, room: Room) -> list[Card]:
        """The cards that are asked in a room now, by item."""
        with self._engine.connect() as db:
            query = (
                sa.select(_RELEASED.c.card)
                .join(
                    _ASKED,
                    (_ASKED.c.item == _RELEASED.c.item) & (_ASKED.c.version == _RELEASED.c.version),
                )
                .where(_ASKED.c.room == room, _RELEASED.c.revision == 1)
                .order_by(_RELEASED.c.item)
            )
            return [json.loads(row.card) for row in db.execute(query)]

    def card(self, item: str, version: str) -> Card | None:
        """The card of a released version, or None."""
        row = self._row(item, version)
        return json.loads(row.card) if row else None

    def key(self, item: str, version: str) -> Key | None:
        """The latest key of a released version, or None."""
        row = self._row(item, version)
        return json.loads(row.key) if row else None

    def _row(self, item: str, version: str) -> Any:
        with self._engine.connect() as db:
            return db.execute(_last(item, version)).first()


def _last(item: str, version: str) -> sa.Select[Any]:
    return (
        sa.select(_RELEASED)
        .where(_RELEASED.c.item == item, _RELEASED.c.version == version)
        .order_by(_RELEASED.c.revision.desc())
        .limit(1)
    )
