"""A database's tables as JSON, and back: one form for every kind of database.

A table is a description (columns, keys, indexes) and one line of JSON for each row,
so that what was kept in SQLite can be brought back into PostgreSQL, and the other way round.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa
from nbgrader.api import Base

__all__ = ["build", "describe", "is_nbgraders", "load", "lose", "reflect", "rows"]

Described = dict[str, Any]

_NBGRADERS: sa.MetaData = Base.metadata
_BATCH = 500
_MICROSECOND = dt.timedelta(microseconds=1)

# From the narrow to the wide: the first that a column's type is an instance of names it.
_TYPES: tuple[tuple[str, type[sa.types.TypeEngine[Any]]], ...] = (
    ("enum", sa.Enum),
    ("boolean", sa.Boolean),
    ("interval", sa.Interval),
    ("datetime", sa.DateTime),
    ("date", sa.Date),
    ("bytes", sa.LargeBinary),
    ("json", sa.JSON),
    ("bigint", sa.BigInteger),
    ("integer", sa.Integer),
    ("float", sa.Float),
    ("numeric", sa.Numeric),
    ("text", sa.Text),
    ("string", sa.String),
)
_WRITTEN: dict[str, Callable[[Any], Any]] = {
    "interval": lambda value: value // _MICROSECOND,
    "datetime": lambda value: value.isoformat(),
    "date": lambda value: value.isoformat(),
    "bytes": lambda value: base64.b64encode(value).decode(),
    "numeric": str,
}
_READ: dict[str, Callable[[Any], Any]] = {
    "interval": lambda value: value * _MICROSECOND,
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "bytes": base64.b64decode,
    "numeric": Decimal,
}


def is_nbgraders(table: str) -> bool:
    """Whether a table is the gradebook's; all the others are the house's."""
    return table in _NBGRADERS.tables or table == "alembic_version"


def reflect(db: sa.Connection, mine: Callable[[str], bool]) -> sa.MetaData:
    """The tables of a database whose names are `mine`, with the types that nbgrader gives its own.

    SQLite stores a span of time as a date, and an enumeration as a word: only the model knows.
    """
    found = sa.MetaData()
    found.reflect(db, only=lambda name, _: mine(name), resolve_fks=False)
    for table in found.tables.values():
        model = _NBGRADERS.tables.get(table.name)
        for column in table.columns:
            if model is not None and column.name in model.columns:
                column.type = model.columns[column.name].type
            else:
                column.type = column.type.as_generic()
    return found


def describe(db: sa.Connection, table: sa.Table) -> Described:
    """All that is needed to make the table again, as JSON."""
    counter, last = _counter(db, table)
    return {
        "table": table.name,
        "columns": [
            {
                "name": column.name,
                # SQLite's own row number has 64 bits, whatever its column is called.
                "type": ["bigint"] if column is counter else _type(column),
                "null": bool(column.nullable),
                "key": column.primary_key,
            }
            for column in table.columns
        ],
        "counts": counter is not None,
        "last": last,
        "unique": [
            {"name": each.name, "columns": [c.name for c in each.columns]}
            for each in _sorted(table, sa.UniqueConstraint)
        ],
        "foreign": [
            {
                "columns": [c.name for c in each.columns],
                "to": [f.target_fullname for f in each.elements],
                "ondelete": each.ondelete,
            }
            for each in _sorted(table, sa.ForeignKeyConstraint)
        ],
        "indexes": [
            {
                "name": each.name,
                "columns": [c.name for c in each.columns],
                "unique": bool(each.unique),
                "where": _where(each, db.dialect.name),
            }
            for each in sorted(table.indexes, key=lambda index: str(index.name))
        ],
    }


def _sorted(table: sa.Table, kind: type[Any]) -> list[Any]:
    found = [each for each in table.constraints if isinstance(each, kind)]
    return sorted(found, key=lambda each: [c.name for c in each.columns])


def _where(index: sa.Index, dialect: str) -> str | None:
    where = index.dialect_options[dialect].get("where")
    return None if where is None else str(where)


def _counter(db: sa.Connection, table: sa.Table) -> tuple[sa.Column[Any] | None, int | None]:
    """The column that the database numbers by itself, and the last number it gave, if it is kept.

    A number that was given once is not given again, even when its row is gone.
    """
    keys = list(table.primary_key.columns)
    if len(keys) != 1 or not isinstance(keys[0].type, sa.Integer):
        return None, None
    key = keys[0]
    if db.dialect.name == "sqlite":
        made = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"
        sql = str(db.scalar(sa.text(made), {"name": table.name}))
        if "AUTOINCREMENT" not in sql.upper():
            return key, None
        query = "SELECT seq FROM sqlite_sequence WHERE name = :name"
        return key, db.scalar(sa.text(query), {"name": table.name}) or 0
    sequence = _sequence(db, table, key.name)
    if sequence is None:
        return None, None
    last, called = db.execute(sa.text(f"SELECT last_value, is_called FROM {sequence}")).one()
    return key, last if called else 0


def _sequence(db: sa.Connection, table: sa.Table, column: str) -> str | None:
    quoted = db.dialect.identifier_preparer.format_table(table)
    found = sa.func.pg_get_serial_sequence(quoted, column)
    name: str | None = db.scalar(sa.select(found))
    return name


def _type(column: sa.Column[Any]) -> list[Any]:
    name = next(name for name, kind in _TYPES if isinstance(column.type, kind))
    kind: Any = column.type
    if name == "enum":
        return [name, kind.name, list(kind.enums)]
    if name == "string":
        return [name, kind.length]
    if name == "datetime":
        return [name, bool(kind.timezone)]
    if name == "numeric":
        return [name, kind.precision, kind.scale]
    return [name]


def rows(db: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Each row as a line: a JSON list in the order of the columns."""
    writers = [_WRITTEN.get(_type(column)[0]) for column in table.columns]
    query = sa.select(table).order_by(*(table.primary_key.columns or table.columns))
    with db.execute(query.execution_options(yield_per=_BATCH)) as found:
        for row in found:
            values = [
                value if value is None or write is None else write(value)
                for value, write in zip(row, writers, strict=True)
            ]
            yield json.dumps(values, separators=(",", ":")).encode() + b"\n"


def build(described: Iterable[Described]) -> sa.MetaData:
    """Tables out of their descriptions, to be made in any database."""
    made = sa.MetaData()
    enums: dict[str, sa.Enum] = {}
    for one in described:
        columns = [
            sa.Column(
                column["name"],
                _made(column["type"], enums),
                primary_key=column["key"],
                nullable=column["null"],
                autoincrement=bool(one["counts"] and column["key"]),
            )
            for column in one["columns"]
        ]
        rules: list[Any] = [
            sa.UniqueConstraint(*each["columns"], name=each["name"]) for each in one["unique"]
        ]
        rules += [
            sa.ForeignKeyConstraint(each["columns"], each["to"], ondelete=each["ondelete"])
            for each in one["foreign"]
        ]
        for each in one["indexes"]:
            where = None if each["where"] is None else sa.text(each["where"])
            rules.append(
                sa.Index(
                    each["name"],
                    *each["columns"],
                    unique=each["unique"],
                    sqlite_where=where,
                    postgresql_where=where,
                )
            )
        kept = one["last"] is not None
        sa.Table(one["table"], made, *columns, *rules, sqlite_autoincrement=kept)
    return made


def _made(kind: list[Any], enums: dict[str, sa.Enum]) -> sa.types.TypeEngine[Any]:
    name, *rest = kind
    if name == "enum":
        # Two columns may share one: PostgreSQL makes it once.
        return enums.setdefault(rest[0], sa.Enum(*rest[1], name=rest[0]))
    if name == "datetime":
        return sa.DateTime(timezone=rest[0])
    if name == "bigint":
        return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return dict(_TYPES)[name](*rest)


def lose(db: sa.Connection, mine: Callable[[str], bool]) -> None:
    """Drop the tables whose names are `mine`, and the enumerations that only they used."""
    there = reflect(db, mine)
    there.drop_all(db)
    if db.dialect.name == "postgresql":
        quote = db.dialect.identifier_preparer.quote
        columns = (column for table in there.tables.values() for column in table.columns)
        for name in {str(c.type.name) for c in columns if isinstance(c.type, sa.Enum)}:
            db.execute(sa.text(f"DROP TYPE IF EXISTS {quote(name)}"))


def load(db: sa.Connection, table: sa.Table, one: Described, lines: Iterable[bytes]) -> int:
    """Put the rows into a table that is there and empty; gives their number."""
    names = [column["name"] for column in one["columns"]]
    readers = [_READ.get(column["type"][0]) for column in one["columns"]]

    def read(line: bytes) -> dict[str, Any]:
        values = zip(names, readers, json.loads(line), strict=True)
        return {n: v if v is None or read is None else read(v) for n, read, v in values}

    count, feed = 0, map(read, lines)
    while batch := list(islice(feed, _BATCH)):
        db.execute(sa.insert(table), batch)
        count += len(batch)
    if one["counts"]:
        _go_on_counting(db, table, one["last"])
    return count


def _go_on_counting(db: sa.Connection, table: sa.Table, last: int | None) -> None:
    (key,) = table.primary_key.columns
    highest = db.scalar(sa.select(sa.func.max(key)))
    last = max(last or 0, highest or 0)
    if not last:
        return
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.setval(_sequence(db, table, key.name), last)))
    elif table.dialect_options["sqlite"]["autoincrement"]:
        name = {"name": table.name}
        db.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), name)
        insert = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
        db.execute(insert, {**name, "last": last})
