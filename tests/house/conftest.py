"""A house on each database."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.house.furniture import House, build
from tests.postgres import postgres_url

__all__ = ["postgres_url"]


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[House]:
    """A house on SQLite."""
    house = build(f"sqlite:///{tmp_path / 'kefu.db'}")
    yield house
    house.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A house on each database."""
    if request.param == "sqlite":
        made = build(f"sqlite:///{tmp_path / 'kefu.db'}")
        yield made
        made.engine.dispose()
        return
    url: str = request.getfixturevalue("postgres_url")
    schema = f"house_{secrets.token_hex(4)}"
    plain = sa.create_engine(url)
    with plain.begin() as db:
        db.execute(sa.text(f"CREATE SCHEMA {schema}"))
    mine = sa.make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
    made = build(mine.render_as_string(hide_password=False))
    yield made
    made.engine.dispose()
    with plain.begin() as db:
        db.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    plain.dispose()
