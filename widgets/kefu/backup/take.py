"""Making a backup: written beside, read back, and only then called by its name."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

import kefu
from kefu.backup import tables
from kefu.backup.archive import PIECE, Archive, Writer
from kefu.backup.home import Home, is_safe, loose, opened, sqlite_file, walk
from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["Taken", "belongs", "opening", "stamp", "take", "unusable", "unused"]

FOLDER = "backups"
WAIT = 10
"""Seconds that one waits for whoever is writing."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was made.

    `passed` are the files that were left out: links, what has two names, what cannot be read.
    """

    path: Path
    manifest: Mapping[str, Any]
    passed: tuple[str, ...]


def stamp() -> str:
    """The time now, as it stands in the names of files."""
    return dt.datetime.now().strftime("%Y-%m-%dT%H%M%S")


def unused(path: Path) -> Path:
    """The path, or one like it that nothing stands at."""
    names = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))
    return next(p for p in itertools.chain([path], names) if not os.path.lexists(p))


def take(
    home: Home, file: Path | None = None, held: Mapping[str, sa.Connection] | None = None
) -> Taken:
    """Back up a course.

    Args:
        home: where everything is.
        file: where the zip goes; else `backups/kefu-backup-<date>T<time>.zip` below the root.
        held: connections by URL, where somebody holds the databases already.

    Raises:
        KefuError: it could not be made, or was not what it should be when it was read back.
    """
    target = file or unused(home.root / FOLDER / f"kefu-backup-{stamp()}.zip")
    if os.path.lexists(target):
        raise KefuError(
            Text(f"{target} 已经有了", f"{target} is there already"),
            Text("请换一个名字", "choose another name"),
        )
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        # For nobody else's eyes, from the first byte on.
        with os.fdopen(os.open(part, flags, 0o600), "w+b") as out:
            with Writer(out) as writer:
                passed = _write(home, writer, held)
            out.flush()
            os.fsync(out.fileno())
        with Archive(part) as archive:
            archive.verify()
            manifest = archive.manifest
        part.rename(target)
        _sync(target.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Taken(target, manifest, tuple(passed))


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _write(home: Home, writer: Writer, held: Mapping[str, sa.Connection] | None) -> list[str]:
    head: dict[str, Any] = {
        "kefu": kefu.__version__,
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    with ExitStack() as stack:
        databases = {
            role: (held or {}).get(url) or stack.enter_context(opening(role, url))
            for role, url in home.urls.items()
            if _is_there(url)
        }
        head["databases"] = {
            role: _tables(writer, role, db) for role, db in sorted(databases.items())
        }
    passed: list[str] = []
    for name in loose(home.root):
        with opened(home.root / name) or _nothing() as found:
            _file(writer, f"files/{name}", found, passed)
    for folder, top in home.folders().items():
        if os.path.lexists(top):
            for name, found, _ in walk(top):
                _file(writer, f"files/{folder}/{name}".rstrip("/"), found, passed)
    writer.close(head)
    return passed


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def _file(writer: Writer, name: str, found: IO[bytes] | None, passed: list[str]) -> None:
    if found is None or not is_safe(name):
        passed.append(name.removeprefix("files/"))
        return
    # What grows while it is read is kept as long as it was.
    status = os.fstat(found.fileno())
    writer.add(name, _pieces(found, status.st_size), status.st_mtime_ns)


def _pieces(file: IO[bytes], left: int) -> Iterator[bytes]:
    while left > 0 and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def _is_there(url: str) -> bool:
    """SQLite would make a file that is missing; there is nothing in it to keep."""
    file = sqlite_file(url)
    return file is None or file.is_file()


def belongs(role: str, table: str) -> bool:
    """Whether a table is the gradebook's or the house's; the two may share one database."""
    return tables.is_nbgraders(table) == (role == "gradebook")


def _tables(writer: Writer, role: str, db: sa.Connection) -> dict[str, Any]:
    try:
        found = tables.reflect(db, lambda name: belongs(role, name)).sorted_tables
        described = [tables.describe(db, table) for table in found]
        writer.add(f"tables/{role}.json", [json.dumps(described, indent=1).encode()])
        count = {}
        for table in found:
            counted = _Counted(tables.rows(db, table))
            writer.add(f"tables/{role}/{table.name}.jsonl", counted)
            count[table.name] = counted.count
    except sa.exc.DBAPIError as error:
        raise unusable(role, error) from error
    return {"kind": db.dialect.name, "rows": count}


class _Counted:
    """What passes through, counted."""

    def __init__(self, of: Iterator[bytes]) -> None:
        self._of = of
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for each in self._of:
            self.count += 1
            yield each


@contextmanager
def opening(role: str, url: str, *, writing: bool = False) -> Iterator[sa.Connection]:
    """A database in one transaction: nothing that others write meanwhile is seen in it.

    Args:
        role: what it holds: `gradebook` or `house`.
        url: where it is.
        writing: nobody else may write until it ends; what was written stays only if all went well.

    Raises:
        KefuError: it does not answer, or somebody else does not let go of it.
    """
    try:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
    except ImportError as error:
        raise KefuError(
            Text("这台机器上没有这种数据库的驱动", "the driver of this database is not installed"),
            Text("请安装 kefu[house]", "install kefu[house]"),
        ) from error
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def _prepare(connection: Any, _: object) -> None:
            connection.isolation_level = None
            connection.execute(f"PRAGMA busy_timeout={WAIT * 1000}")
            connection.execute("PRAGMA synchronous=FULL")

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN EXCLUSIVE" if writing else "BEGIN")

    elif not writing:
        engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    try:
        with engine.begin() as db:
            if writing and db.dialect.name == "postgresql":
                db.execute(sa.text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
            elif db.dialect.name == "sqlite":
                # Only the first reading takes the snapshot.
                db.execute(sa.text("SELECT count(*) FROM sqlite_master"))
            yield db
    except sa.exc.DBAPIError as error:
        raise unusable(role, error) from error
    finally:
        engine.dispose()


def unusable(role: str, error: sa.exc.DBAPIError) -> KefuError:
    """What the database said, in a sentence."""
    name = Text("成绩册", "the gradebook") if role == "gradebook" else Text("题库", "the vault")
    said = str(error.orig).strip().partition("\n")[0]
    if "lock" in said or "busy" in said:
        return KefuError(
            Text(f"{name.zh}正被别的程序使用", f"{name.en} is in use by another program"),
            Text(
                "什么都没有动；请先停掉 kefu floor、kefu teach 和正在评分的程序，再试一次",
                "nothing was changed; stop kefu floor, kefu teach and any grading, then try again",
            ),
        )
    return KefuError(
        Text(f"{name.zh}读写不了（{said}）", f"{name.en} cannot be used ({said})"),
        Text("请运行 kefu doctor 看看哪里不对", "run kefu doctor to see what is wrong"),
    )
