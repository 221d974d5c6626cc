"""The tests' own PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, make_url, text

from tests import postgres


def test_the_url_leads_to_an_empty_database(postgres_url: str) -> None:
    """A test is given a PostgreSQL that holds no table and keeps what is written to it."""
    engine = create_engine(postgres_url)
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    with engine.begin() as connection:
        assert connection.execute(text(tables)).scalar_one() == 0
        connection.execute(text("CREATE SCHEMA probe"))
        connection.execute(text("CREATE TABLE probe.words (zh text)"))
        connection.execute(text("INSERT INTO probe.words VALUES ('客服')"))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT zh FROM probe.words")).scalar_one() == "客服"
        connection.execute(text("DROP SCHEMA probe CASCADE"))
    engine.dispose()


def test_the_server_is_reached_by_its_socket_alone(postgres_url: str) -> None:
    """The server listens on no port: the URL names a folder and no host or password."""
    url = make_url(postgres_url)
    assert (url.host, url.port, url.password) == (None, None, None)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW listen_addresses")).scalar_one() == ""
    engine.dispose()


def test_a_cluster_is_gone_when_its_user_is_done() -> None:
    """Leaving a cluster, even by an exception, stops its server and leaves no file."""
    with postgres._folder() as folder:
        with pytest.raises(ZeroDivisionError), postgres._cluster(folder):
            _ = len(list(folder.glob(".s.PGSQL.*"))) // 0
        assert not list(folder.glob(".s.PGSQL.*"))
        assert not (folder / "data" / "postmaster.pid").exists()
    assert not folder.exists()


def test_missing_programs_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PostgreSQL's programs the fixture says what to run."""
    monkeypatch.setattr(postgres, "_FOLDERS", ())
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match="scripts/system-needs"):
        postgres._programs()
