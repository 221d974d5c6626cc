"""Every version of every item that was ever released, with its key: appended, never rewritten.

An attempt names the version it answered, and is judged by the latest revision of its key;
a card is never judged by another card's key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from kefu.card import Card, Key, Room, canonical
from kefu.errors import KefuError
from kefu.publish import Published
from kefu.text import Text

__all__ = ["Vault", "connect", "reading", "writing"]

_METADATA = sa.MetaData()

# What an item or a version may be called; learners' claims may hold what no database takes.
_NAME = re.compile(r"[0-9a-z-]{1,64}")

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

_TURN = int.from_bytes(b"kefu")
_READS = "kefu_reads"


def connect(url: str) -> sa.Engine:
    """An engine on the house's database.

    SQLite is put in WAL with a full fsync at each commit, and a writer takes its turn at once
    (BEGIN IMMEDIATE), so that two never stand in each other's way; who only reads waits for none.

    Raises:
        KefuError: the URL names no database that this machine can speak to.
    """
    try:
        engine = sa.create_engine(url)
    except (sa.exc.ArgumentError, ImportError) as error:
        # The address itself may hold a password, and is not repeated.
        raise KefuError(
            Text("数据库地址用不了", "the database's address cannot be used"),
            Text(
                "请改正 KEFU_DB，例如 postgresql+psycopg://用户@主机/数据库",
                "correct KEFU_DB, as in postgresql+psycopg://user@host/database",
            ),
        ) from error
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def _prepare(connection: Any, _: object) -> None:
            connection.isolation_level = None
            for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            only_reads = connection.get_execution_options().get(_READS)
            connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One turn at writing: all of it or nothing.

    Raises:
        KefuError: the database does not answer, or takes nothing.
    """
    with _refusals(), engine.begin() as db:
        _take_turn(db)
        yield db


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A look at one moment of the database, which holds up nobody.

    Raises:
        KefuError: the database does not answer.
    """
    with _refusals(), engine.execution_options(**{_READS: True}).connect() as db:
        yield db


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as error:
        said = str(error.orig).strip().partition("\n")[0]
        raise KefuError(
            Text(f"数据库连不上，或写不进去（{said}）", f"the database cannot be used ({said})"),
            Text(
                "请检查 KEFU_DB；若没有设，请检查 kefu.db 的权限和磁盘空间",
                "check KEFU_DB; if it is not set, the permissions of kefu.db and the disk's room",
            ),
        ) from error


class Vault:
    """The cards and keys of the house. Makes its tables if they are missing.

    Raises:
        KefuError: the database does not answer, or takes nothing.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        with writing(engine) as db:
            _METADATA.create_all(db)

    def release(self, published: Iterable[Published]) -> int:
        """Keep what is published now, and ask just that; gives the number of new rows.

        A version whose key changed gets a new revision; what was there stays.
        """
        rows = list(published)
        added = 0
        with writing(self.engine) as db:
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
        revision = last.revision + 1 if last else 1
        db.execute(sa.insert(_RELEASED).values(**row, revision=revision))
        return 1

    def released(self, room: Room) -> list[Card]:
        """The cards that are asked in a room now, by item."""
        with reading(self.engine) as db:
            query = (
                sa.select(_RELEASED.c.card)
                .join(
                    _ASKED,
                    (_ASKED.c.item == _RELEASED.c.item) & (_ASKED.c.version == _RELEASED.c.version),
                )
                .where(_ASKED.c.room == room, _RELEASED.c.revision == 1)
            )
            cards: list[Card] = [json.loads(row.card) for row in db.execute(query)]
        # Sorted here, since databases differ in how.
        return sorted(cards, key=lambda card: card["item"])

    def card(self, item: str, version: str) -> Card | None:
        """The card of a released version, or None."""
        row = self._row(item, version)
        return json.loads(row.card) if row else None

    def key(self, item: str, version: str) -> Key | None:
        """The latest key of a released version, or None."""
        row = self._row(item, version)
        return json.loads(row.key) if row else None

    def cards(self, item: str) -> dict[str, Card]:
        """Every version of an item that was ever released, with its card."""
        if not _NAME.fullmatch(item):
            return {}
        query = sa.select(_RELEASED.c.version, _RELEASED.c.card).where(
            _RELEASED.c.item == item, _RELEASED.c.revision == 1
        )
        with reading(self.engine) as db:
            return {row.version: json.loads(row.card) for row in db.execute(query)}

    def history(self, items: Iterable[str]) -> dict[str, dict[str, tuple[Card, Key]]]:
        """Item → version → its card and its latest key, of everything that was ever released."""
        query = (
            sa.select(_RELEASED)
            .where(_RELEASED.c.item.in_([i for i in items if _NAME.fullmatch(i)]))
            .order_by(_RELEASED.c.item, _RELEASED.c.version, _RELEASED.c.revision)
        )
        found: dict[str, dict[str, tuple[Card, Key]]] = {}
        with reading(self.engine) as db:
            for row in db.execute(query):
                # A later revision takes the place of the one before.
                of = found.setdefault(row.item, {})
                of[row.version] = json.loads(row.card), json.loads(row.key)
        return found

    def _row(self, item: str, version: str) -> Any:
        if not (_NAME.fullmatch(item) and _NAME.fullmatch(version)):
            return None
        with reading(self.engine) as db:
            return db.execute(_last(item, version)).first()


def _take_turn(db: sa.Connection) -> None:
    """Two weavers write one after the other; SQLite's BEGIN IMMEDIATE sees to that by itself."""
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))


def _last(item: str, version: str) -> sa.Select[Any]:
    return (
        sa.select(_RELEASED)
        .where(_RELEASED.c.item == item, _RELEASED.c.version == version)
        .order_by(_RELEASED.c.revision.desc())
        .limit(1)
    )
