"""A PostgreSQL that may be killed: a cluster of its own, with what it promises at a commit kept."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from tests.postgres import _as_server_user, _cluster, _folder, _programs

__all__ = ["Cluster", "cluster"]


class Cluster:
    """A running server, its URL, and ways to end it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self._folder = folder
        self._run = _as_server_user(folder)
        self._ctl: list[str | Path] = [
            _programs() / "pg_ctl", "-D", folder / "data", "-w", "-t", "60", "-s",
        ]  # fmt: skip

    def kill_backends(self) -> int:
        """Signal 9 to every process that serves a client; the server then recovers by itself.

        Gives how many there were.
        """
        killed = 0
        for process in self._server().children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if " kefu " in " ".join(process.cmdline()):
                    process.kill()
                    killed += 1
        return killed

    def fall(self) -> None:
        """The whole server goes down at once, without writing anything more."""
        self._run([*self._ctl, "-m", "immediate", "stop"])

    def rise(self) -> None:
        """Start it again; it recovers from its log."""
        self._run([*self._ctl, "-l", self._folder / "log", "start"])

    def ready(self) -> None:
        """Wait until it takes connections."""
        engine = sa.create_engine(self.url, poolclass=NullPool)
        while True:
            try:
                with engine.connect() as db:
                    db.execute(sa.text("SELECT 1"))
                return
            except sa.exc.OperationalError:
                time.sleep(0.05)

    def schema(self, name: str) -> str:
        """The URL of a new schema."""
        engine = sa.create_engine(self.url, poolclass=NullPool)
        with engine.begin() as db:
            db.execute(sa.text(f"CREATE SCHEMA {name}"))
        return f"{self.url}&options=-csearch_path%3D{name}"

    def _server(self) -> psutil.Process:
        return psutil.Process(int((self._folder / "data/postmaster.pid").read_text().split()[0]))


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """Run one in a temporary folder.

    The tests' common server writes behind its clients' backs, to be quick; here a commit is on
    disk before it is answered, as PostgreSQL comes.
    """
    with _folder() as folder, _cluster(folder) as url:
        made = Cluster(folder, url)
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as db:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                db.execute(sa.text(f"ALTER SYSTEM SET {name} = on"))
            db.execute(sa.text("SELECT pg_reload_conf()"))
        yield made
