"""Bringing a backup back: all of it, or nothing.

Everything is checked first and laid out beside its place; then the tables are filled inside
transactions, the folders change places by renaming, and the transactions end.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kefu.backup import tables
from kefu.backup.archive import Archive
from kefu.backup.home import FOLDERS, HOUSE, STAGE, Home, loose, sqlite_file
from kefu.backup.stage import Stage
from kefu.backup.take import FOLDER, Taken, belongs, opening, stamp, take, unusable, unused
from kefu.coursework import JOURNAL
from kefu.errors import KefuError
from kefu.places import MARK
from kefu.text import Text

__all__ = ["Restored", "replaced", "restore"]

_ROLES = ("gradebook", "house")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    `before` is the backup of what was there (None: there was nothing);
    `aside` the folder that holds what this backup could not take.
    """

    rows: int
    files: int
    before: Taken | None
    aside: Path | None


def replaced(archive: Archive, home: Home) -> list[Text]:
    """What a restore would replace and by what, one line for each thing."""
    said = []
    for role in _ROLES:
        if role not in archive.manifest["databases"]:
            continue
        told = archive.manifest["databases"][role]
        # An address may hold a password, also among its further words.
        url = sa.make_url(home.urls[role]).set(query={}).render_as_string()
        rows = sum(told["rows"].values())
        book = Text("成绩册", "gradebook") if role == "gradebook" else Text("题库", "vault")
        said.append(Text(f"{book.zh}：{rows} 行 → {url}", f"{book.en}: {rows} rows → {url}"))
    for name, top in home.places().items():
        new = len(archive.below(f"files/{name}"))
        old = sum(len(files) for _, _, files in os.walk(top))
        if new or (old and _goes(name)):
            said.append(
                Text(
                    f"{top}：现有 {old} 个文件，换成 {new} 个",
                    f"{top}: files there: {old}, in their place: {new}",
                )
            )
    single = [name.removeprefix("files/") for name in archive.below("files")]
    # A class has a journal for every learner and set: they are counted by their first folder.
    rest = Counter(n.split("/")[0] for n in single if n.split("/")[0] not in home.places())
    for name, count in sorted(rest.items()):
        top = home.root / name
        if name in single:
            said.append(Text(f"{top}", f"{top}"))
        else:
            said.append(Text(f"{top}：{count} 个文件", f"{top}: {count} files"))
    return said


def _goes(folder: str) -> bool:
    """Whether a folder that the backup does not have is put away: all that is not typed by hand."""
    return folder not in ("content", HOUSE)


def restore(archive: Archive, home: Home) -> Restored:
    """Put back what a backup holds, in the place of what is there.

    What is there is backed up first, while nobody else can write to the databases.
    If anything goes wrong, all is as it was.

    Raises:
        KefuError: the backup is not whole, does not fit, or somebody else is writing.
    """
    archive.verify()
    described = _known(archive, home)
    with Stage(home.root / STAGE) as stage:
        try:
            return _restore(archive, home, stage, described)
        except BaseException:
            stage.undo()
            raise


def _restore(
    archive: Archive, home: Home, stage: Stage, described: Mapping[str, list[dict[str, Any]]]
) -> Restored:
    moves = _lay_out(archive, home, stage)
    aside = _put_broken_away(home, stage)
    with ExitStack() as stack:
        held: dict[str, sa.Connection] = {}
        for role in described:
            url = home.urls[role]
            file = sqlite_file(url)
            if file is not None:
                stage.new(file)
            if url not in held:
                held[url] = stack.enter_context(opening(role, url, writing=True))
        before = _before(home, held, stage)
        rows = 0
        for role, tables_ in described.items():
            try:
                rows += _fill(archive, role, held[home.urls[role]], tables_)
            except sa.exc.DBAPIError as error:
                raise unusable(role, error) from error
        for target, new in moves:
            stage.swap(target, new)
    # The transactions have ended well. What was there is no longer needed,
    # unless it is more than its backup holds.
    stage.settle()
    passed = before.passed if before else ()
    if passed:
        aside = aside or unused(home.root / FOLDER / f"replaced-{stamp()}")
        stage.keep(aside)
    return Restored(rows, len(archive.below("files")), before, aside)


def _known(archive: Archive, home: Home) -> dict[str, list[dict[str, Any]]]:
    """The tables of each database; refuses names that no backup of ours holds.

    Raises:
        KefuError: it holds something that is not a course's.
    """
    described = {}
    names = set[str]()
    for role in archive.manifest["databases"]:
        file = f"tables/{role}.json"
        if role not in _ROLES or file not in archive.files:
            raise _foreign(role)
        try:
            described[role] = json.loads(b"".join(archive.read(file)))
            tables.build(described[role])
        except (ValueError, LookupError, TypeError, StopIteration, sa.exc.SQLAlchemyError) as error:
            raise _foreign(file) from error
        names |= {file, *(f"tables/{role}/{one['table']}.jsonl" for one in described[role])}
        if strange := [t["table"] for t in described[role] if not belongs(role, t["table"])]:
            raise _foreign(strange[0])
    for name in archive.files:
        path = name.split("/")
        kept = path[0] == "files" and (
            (len(path) > 2 and path[1] in (*FOLDERS, HOUSE))
            or path[1:] == [MARK]
            or (path[-1] == JOURNAL and not any(part.startswith(".") for part in path))
        )
        if not kept and name not in names:
            raise _foreign(name)
    if missing := names - archive.files.keys():
        raise _foreign(min(missing))
    if archive.below(f"files/{HOUSE}") and home.house is None and (home.root / HOUSE).exists():
        raise KefuError(
            Text(
                "备份里有 KEFU_CONTENT 的文件夹，这里没有设 KEFU_CONTENT",
                "the backup holds the folder of KEFU_CONTENT, which is not set here",
            ),
            Text(
                "请先设 KEFU_CONTENT，说明放到哪里",
                "set KEFU_CONTENT first, to say where it goes",
            ),
        )
    return described


def _foreign(name: str) -> KefuError:
    return KefuError(
        Text(f"备份里有不认识的内容：{name}", f"the backup holds something unknown: {name}"),
        Text("什么都没有动，请换一份备份", "nothing was touched; please use another backup"),
    )


def _lay_out(archive: Archive, home: Home, stage: Stage) -> list[tuple[Path, Path | None]]:
    """Unpack everything beside its place; gives (place, what comes there) for each."""
    room = shutil.disk_usage(home.root).free
    if archive.size > room:
        raise KefuError(
            Text(
                f"磁盘空间不够：要 {archive.size >> 20} MB，只有 {room >> 20} MB",
                f"the disk has no room: {archive.size >> 20} MB are needed, "
                f"{room >> 20} MB are free",
            ),
            Text("请腾出空间再试", "make room and try again"),
        )
    moves: list[tuple[Path, Path | None]] = []
    places = home.places()
    for folder, target in places.items():
        held = archive.below(f"files/{folder}")
        if held:
            new = stage.beside(target, folder)
            for name in held:
                _unpack(archive, name, new / name.removeprefix(f"files/{folder}/"))
            moves.append((target, new))
        elif _goes(folder):
            moves.append((target, None))
    kept = {name.removeprefix("files/") for name in archive.below("files")}
    single = sorted(n for n in kept if n.split("/")[0] not in places)
    for number, name in enumerate(single):
        new = stage.beside(home.root, f"{number}.single")
        _unpack(archive, f"files/{name}", new)
        moves.append((home.root / name, new))
    moves += [(home.root / name, None) for name in loose(home.root) if name not in single]
    return [(target, new) for target, new in moves if new or os.path.lexists(target)]


def _unpack(archive: Archive, name: str, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("xb") as out:
        for piece in archive.read(name):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    mtime = archive.files[name].get("mtime")
    if isinstance(mtime, int):
        with suppress(OSError, OverflowError):
            os.utime(to, ns=(mtime, mtime))


def _put_broken_away(home: Home, stage: Stage) -> Path | None:
    """A SQLite file that nothing can be read from makes room, and is kept."""
    aside = unused(home.root / FOLDER / f"broken-{stamp()}")
    found = False
    for url in dict.fromkeys(home.urls.values()):
        file = sqlite_file(url)
        if file is not None and file.is_file() and not _is_sound(file):
            found = True
            for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
                if each.exists():
                    stage.move(each, aside / each.name)
    return aside if found else None


def _is_sound(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
            said = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        return True  # busy, or closed to us: that is said where it is opened
    except sqlite3.DatabaseError:
        return False
    return bool(said == ("ok",))


def _before(home: Home, held: Mapping[str, sa.Connection], stage: Stage) -> Taken | None:
    """A backup of what is there, if there is anything."""
    there = any(os.path.lexists(top) for top in home.folders().values()) or any(loose(home.root))
    filled = any(sa.inspect(db).get_table_names() for db in held.values())
    if not (there or filled):
        return None
    file = home.root / FOLDER / f"kefu-before-restore-{stamp()}.zip"
    return take(home, unused(file), held)


def _fill(archive: Archive, role: str, db: sa.Connection, described: list[dict[str, Any]]) -> int:
    mine = partial(belongs, role)
    tables.lose(db, mine)
    made = tables.build(described)
    made.create_all(db)
    return sum(
        tables.load(
            db, made.tables[one["table"]], one, archive.lines(f"tables/{role}/{one['table']}.jsonl")
        )
        for one in sorted(described, key=_in_order(made))
    )


def _in_order(made: sa.MetaData) -> Callable[[dict[str, Any]], int]:
    """What is referred to comes before what refers to it."""
    order = {table.name: place for place, table in enumerate(made.sorted_tables)}
    return lambda one: order[one["table"]]
