"""A private PostgreSQL for the tests: its own data, its own socket, gone when they end."""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["postgres_url"]

# Debian keeps the server's programs off PATH, a folder for each version; so does Homebrew.
_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# Tests lose nothing by a lost write, and wait for none.
_SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "40",
    "shared_buffers": "32MB",
}


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The SQLAlchemy URL of an empty database that belongs to this run alone.

    The cluster listens on a unix socket in a temporary folder and on no port. One cluster
    serves the whole run: a test that needs a clean slate makes its own schema.

    Raises:
        RuntimeError: the server's programs are missing, or the cluster does not start.
    """
    with _folder() as folder, _cluster(folder) as url:
        yield url


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    # Not pytest's own folder: a socket's path may have about 100 characters, and the
    # server's user must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="kefu-pg-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """Runs a cluster in `folder` and yields its URL; the server is stopped afterwards."""
    programs = _programs()
    data, log = folder / "data", folder / "log"
    run = _as_server_user(folder)
    words = "-U kefu -A trust -E UTF8 --no-locale --no-sync"
    run([programs / "initdb", "-D", data, *words.split()])
    with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.writelines(f"{name} = {value}\n" for name, value in _SETTINGS.items())
        conf.write(f"unix_socket_directories = '{folder}'\n")
    ctl: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-t", "60"]
    try:
        run([*ctl, "-l", log, "-s", "start"])
    except RuntimeError as error:
        written = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        raise RuntimeError(f"{error}\n{written}") from None
    try:
        yield f"postgresql+psycopg://kefu@/postgres?host={quote(str(folder), safe='')}"
    finally:
        run([*ctl, "-m", "immediate", "-s", "stop"])


def _programs() -> Path:
    """The folder of initdb and pg_ctl, of the newest version that is installed.

    Raises:
        RuntimeError: there is none.
    """

    def version(folder: str) -> list[int]:
        return [int(digits) for digits in re.findall(r"\d+", folder)]

    found = [f for pattern in _FOLDERS for f in glob.glob(pattern)]
    for folder in sorted(found, key=version, reverse=True):
        if all(os.access(Path(folder, name), os.X_OK) for name in ("initdb", "pg_ctl")):
            return Path(folder)
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise RuntimeError("PostgreSQL's initdb was not found; run: sh scripts/system-needs")


class _Run:
    """Runs a program to its end, as another user when `prefix` says so."""

    def __init__(self, prefix: Sequence[str], folder: Path) -> None:
        self._prefix = prefix
        self._folder = folder

    def __call__(self, command: Sequence[str | Path]) -> None:
        # The server inherits stdout: a pipe would never close, so the words go to a file.
        with (self._folder / "words").open("w+", encoding="utf-8", errors="replace") as words:
            done = subprocess.run(
                [*self._prefix, *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env={**os.environ, "LC_ALL": "C"},
                check=False,
            )
            words.seek(0)
            if done.returncode:
                raise RuntimeError(f"{command[0]}: exit {done.returncode}\n{words.read()}")


def _as_server_user(folder: Path) -> _Run:
    """Who runs the server: this user, or for root (whom PostgreSQL refuses) `postgres`."""
    if os.geteuid() != 0:
        return _Run([], folder)
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    if runuser := shutil.which("runuser"):
        return _Run([runuser, "-u", user.pw_name, "--"], folder)
    if setpriv := shutil.which("setpriv"):
        ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        return _Run([setpriv, *ids, "--"], folder)
    raise RuntimeError("root needs runuser or setpriv (util-linux) to start PostgreSQL")
