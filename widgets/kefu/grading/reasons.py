"""Sets whose reasons are released: from then on feedback shows why each option is as it is.

What was released is burned: whoever has read the page knows the answer.
A burned item stays in its own set, for whoever hands in late, or becomes practice;
`kefu.grading.burned` finds one that would count again.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from kefu.vault import reading, writing

__all__ = ["Reasons"]

_METADATA = sa.MetaData()

_RELEASED = sa.Table(
    "released_reasons",
    _METADATA,
    sa.Column("set", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(24), nullable=False),
)
_BURNED = sa.Table(
    "burned",
    _METADATA,
    sa.Column("item", sa.String(64), primary_key=True),
    sa.Column("set", sa.String(64), primary_key=True),
)


class Reasons:
    """Which sets' reasons are released. Makes its tables if they are missing.

    Raises:
        KefuError: the database does not answer, or takes nothing.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with writing(engine) as db:
            _METADATA.create_all(db)

    def released(self, set_slug: str) -> str:
        """When a set's reasons were released, as a journal writes time; empty if they are not."""
        with reading(self._engine) as db:
            at = db.scalar(sa.select(_RELEASED.c.at).where(_RELEASED.c.set == set_slug))
            return str(at or "")

    def sets(self) -> list[str]:
        """The sets whose reasons are released."""
        with reading(self._engine) as db:
            return sorted(db.scalars(sa.select(_RELEASED.c.set)))

    def release(self, set_slug: str, items: Iterable[str], at: str) -> None:
        """Release a set's reasons, for good, and burn its items.

        A second time burns what has come to the set since, and changes nothing else.

        Raises:
            KefuError: the database takes nothing.
        """
        with writing(self._engine) as db:
            if not db.scalar(sa.select(_RELEASED.c.at).where(_RELEASED.c.set == set_slug)):
                db.execute(sa.insert(_RELEASED).values(set=set_slug, at=at))
            there = set(db.scalars(sa.select(_BURNED.c.item).where(_BURNED.c.set == set_slug)))
            new = [{"item": i, "set": set_slug} for i in dict.fromkeys(items) if i not in there]
            if new:
                db.execute(sa.insert(_BURNED), new)

    def burned(self) -> dict[str, str]:
        """Every burned item, with the set it was burned in."""
        with reading(self._engine) as db:
            return {row.item: row.set for row in db.execute(sa.select(_BURNED))}
