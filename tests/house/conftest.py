"""A house on each database."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.house.furniture import House, build


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[House]:
    """A house on SQLite."""
    house = build(f"sqlite:///{tmp_path / 'kefu.db'}")
    yield house
    house.engine.dispose()


@pytest.fixture
def postgresql(postgres_url: str) -> Iterator[House]:
    """A house on PostgreSQL."""
    schema = f"house_{secrets.token_hex(4)}"
    plain = sa.create_engine(postgres_url)
    with plain.begin() as db:
        db.execute(sa.text(f"CREATE SCHEMA {schema}"))
    mine = plain.url.update_query_dict({"options": f"-csearch_path={schema}"})
    house = build(mine.render_as_string(hide_password=False))
    yield house
    house.engine.dispose()
    with plain.begin() as db:
        db.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    plain.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest) -> House:
    """A house on each database."""
    made: House = request.getfixturevalue(request.param)
    return made
