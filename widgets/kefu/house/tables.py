"""The house's tables beside the vault's. `attempts` is appended to and never rewritten."""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa

__all__ = ["attempts", "make", "quizzes", "tokens", "visits"]

_metadata = sa.MetaData()

# A visit is one person at one device; its cookie and its tokens are kept only as hashes,
# so whoever reads the database cannot step into anybody's place.
visits = sa.Table(
    "visits",
    _metadata,
    sa.Column("person", sa.String(32), primary_key=True),
    sa.Column("visitor", sa.String(64), nullable=False, index=True),
    sa.Column("seen", sa.BigInteger, nullable=False),  # milliseconds since 1970
    sa.Column("ended", sa.Boolean, nullable=False, default=False),
)

tokens = sa.Table(
    "tokens",
    _metadata,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(32), nullable=False, index=True),
    sa.Column("day", sa.String(10), nullable=False),
)

# Today's quiz, once drawn, stays: weaving at noon does not change what was asked in the morning.
quizzes = sa.Table(
    "quizzes",
    _metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item", sa.String(64), nullable=False),
    sa.Column("version", sa.String(16), nullable=False),
    sa.UniqueConstraint("day", "item"),
)

attempts = sa.Table(
    "attempts",
    _metadata,
    sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("person", sa.String(32), nullable=False),
    sa.Column("attempt", sa.String(32), nullable=False),
    sa.Column("item", sa.String(64), nullable=False),
    sa.Column("version", sa.String(16), nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("at", sa.String(24), nullable=False),
    sa.Column("page", sa.String(32), nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("lang", sa.String(2)),
    sa.UniqueConstraint("person", "attempt"),
    sa.Index("attempts_of_a_day", "person", "page", "day"),
    sqlite_autoincrement=True,
)


def make(engine: sa.Engine) -> None:
    """Make the tables that are missing; two processes may do so at once."""
    with suppress(sa.exc.DBAPIError):
        _metadata.create_all(engine)
        return
    _metadata.create_all(engine)
