"""A backup holds a course whole, and brings it back; one that is torn or altered is refused."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from nbgrader.api import Comment, Gradebook

from kefu import backup as backups
from kefu.backup import STAGE, Archive, Home, restore, take
from kefu.backup import restore as _restore_of
from kefu.backup.home import is_safe
from kefu.errors import KefuError
from kefu.house import tables as house_tables
from tests.cli.running import python
from tests.grading.course import GRADED, Course, bank, files_of

Rows = dict[str, list[tuple[Any, ...]]]

KEPT = ("submitted/**/*", "autograded/**/*", "feedback/**/*", "exercises/**/*", "solutions/**/*",
        "content/**/*", "course/responses.jsonl", "nbgrader_config.py")  # fmt: skip


def filled(root: Path) -> Course:
    """A course that nbgrader has graded: two learners, one extension, one comment, one visit."""
    course = Course(root, bank(root / "content"))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    cards = course.cards()
    right = {ref: _first(cards[ref]) for ref in GRADED}
    course.submit("s01", course.answers(right))
    course.submit("张 三", course.answers({GRADED[3]: {"number": "３"}}))
    course.nbgrader("autograde", "first")
    page = root / "feedback" / "s01" / "first" / "first.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>反馈</p>", "utf-8")
    with Gradebook(course.places.gradebook(), "kefu") as book:
        # A span of time, a comment and a score by hand: what the two databases keep differently.
        late = book.find_submission("first", "s01")
        late.extension = dt.timedelta(days=1, seconds=7, microseconds=5)
        late.timestamp = dt.datetime(2026, 11, 20, 8, 30, 1, 250000)
        grade = late.notebooks[0].grades[0]
        grade.manual_score, grade.extra_credit = 1.5, 0.1
        said = Comment(cell=grade.cell, notebook=grade.notebook, manual_comment='好，"真"的\n二')
        book.db.add(said)
        book.db.commit()
    engine = sa.create_engine(course.places.database())
    house_tables.make(engine)
    with engine.begin() as db:
        row = {"person": "p" * 32, "item": GRADED[0], "version": "0" * 16, "response": "{}",
               "at": "2026-11-20T08:00:00.000Z", "page": "daily", "day": "2026-11-20"}  # fmt: skip
        for number in range(3):
            db.execute(sa.insert(house_tables.attempts).values(**row, attempt=f"{number:032x}"))
        db.execute(sa.delete(house_tables.attempts).where(house_tables.attempts.c.n == 3))
    engine.dispose()
    (root / "course" / "responses.jsonl").write_bytes(course.answers({GRADED[0]: right[GRADED[0]]}))
    return course


def _first(card: Any) -> dict[str, Any]:
    if card["kind"] == "number":
        return {"number": "3"}
    ids = [each["id"] for each in card.get("options") or card["steps"]]
    return {
        "choice": {"option": ids[0]},
        "choices": {"options": ids[:2]},
        "order": {"order": ids},
    }[card["kind"]]


def everything(home: Home) -> Rows:
    """Every row of every table of both databases."""
    found: Rows = {}
    for role, url in home.urls.items():
        engine = sa.create_engine(url)
        with engine.connect() as db:
            made = sa.MetaData()
            made.reflect(db)
            for table in made.sorted_tables:
                rows = db.execute(sa.select(sa.cast(sa.literal(1), sa.Integer), table)).all()
                found[f"{role}/{table.name}"] = sorted(map(tuple, rows), key=repr)
        engine.dispose()
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The filled course, made once; each test takes a copy."""
    root = tmp_path_factory.mktemp("made") / "course"
    filled(root)
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A filled course of one's own."""
    shutil.copytree(made, tmp_path / "course")
    return tmp_path / "course"


def test_all_comes_back_into_an_empty_folder(root: Path, tmp_path: Path) -> None:
    """Rows, keys, journals, pages and notebooks are those of before, one for one."""
    home = Home.at(root, env={})
    rows, files = everything(home), files_of(root, KEPT)
    assert len(rows["gradebook/grade"]) == 8
    assert len(rows["house/attempts"]) == 2
    assert len(rows["house/released"]) == 7
    taken = take(home, tmp_path / "kept.zip")
    assert taken.passed == ()
    shutil.rmtree(root)
    (tmp_path / "new").mkdir()
    there = Home.at(tmp_path / "new", env={})
    with Archive(taken.path) as archive:
        done = restore(archive, there)
    assert (done.before, done.aside) == (None, None)
    assert everything(there) == rows
    assert files_of(there.root, KEPT) == files
    assert not (there.root / STAGE).exists()


@pytest.fixture
def schema(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty schema, which gradebook and vault share."""
    engine = sa.create_engine(postgres_url)
    with engine.begin() as db:
        db.execute(sa.text("CREATE SCHEMA kept"))
    url = sa.make_url(postgres_url).update_query_dict({"options": "-csearch_path=kept"})
    told = url.render_as_string(hide_password=False)
    monkeypatch.setenv("KEFU_DB", told)
    monkeypatch.setenv("KEFU_GRADEBOOK", told)
    yield told
    with engine.begin() as db:
        db.execute(sa.text("DROP SCHEMA kept CASCADE"))
    engine.dispose()


def _alike(home: Home) -> dict[str, set[str]]:
    """Every row as a backup writes it: the same for both kinds of database."""
    with Archive(take(home).path) as archive:
        return {
            name: {line.decode() for line in archive.lines(name)}
            for name in archive.files
            if name.endswith(".jsonl") and name.startswith("tables/")
        }


def test_all_comes_back_into_postgresql_and_from_there_into_sqlite(
    schema: str, tmp_path: Path
) -> None:
    """What PostgreSQL kept comes back row for row, goes on as before, and fits SQLite as well."""
    course = filled(tmp_path / "course")
    assert not (course.root / "gradebook.db").exists()
    home = Home.at(course.root)
    rows = everything(home)
    assert len(rows["gradebook/grade"]) == 8
    taken = take(home, tmp_path / "kept.zip")
    shutil.rmtree(course.root)
    with closing_engine(schema) as db:
        db.execute(sa.text("DROP SCHEMA kept CASCADE"))
        db.execute(sa.text("CREATE SCHEMA kept"))
    course.root.mkdir()
    with Archive(taken.path) as archive:
        restore(archive, home)
        assert everything(home) == rows
        restore(archive, home)
        assert everything(home) == rows, "also over what is there"
    course.nbgrader("autograde", "first", "--force")
    assert len(everything(home)["gradebook/grade"]) == 8
    with closing_engine(schema) as db:
        row = {"person": "p" * 32, "attempt": "f" * 32, "item": "a", "version": "0", "at": "",
               "response": "{}", "page": "daily", "day": ""}  # fmt: skip
        made = db.execute(sa.insert(house_tables.attempts).values(row))
        assert made.inserted_primary_key is not None
        assert made.inserted_primary_key[0] == 4, "the number of a row that is gone stays used"
    there = Home.at(tmp_path / "lite", env={})
    with Archive(taken.path) as archive:
        restore(archive, there)
        lite = _alike(there)
        kept = {name: {line.decode() for line in archive.lines(name)} for name in lite}
    assert lite == kept
    with Gradebook(there.urls["gradebook"], "kefu") as book:
        assert book.find_submission("first", "s01").extension == dt.timedelta(1, 7, 5)


def test_sqlite_comes_back_into_postgresql(root: Path, schema: str, tmp_path: Path) -> None:
    """What SQLite kept fills PostgreSQL, and nbgrader grades on with it."""
    lite = Home.at(root, env={})
    before = _alike(lite)
    with Archive(take(lite).path) as archive:
        restore(archive, Home.at(root))
    (root / "gradebook.db").unlink()
    (root / "kefu.db").unlink()
    course = Course(root, root / "content")
    assert _alike(Home.at(root)) == before
    course.nbgrader("autograde", "first", "--force")
    with closing_engine(schema) as db:
        assert db.scalar(sa.text("SELECT count(*) FROM grade")) == 8


@contextmanager
def closing_engine(url: str) -> Iterator[sa.Connection]:
    """A connection for a moment."""
    engine = sa.create_engine(url)
    with engine.begin() as db:
        yield db
    engine.dispose()


@pytest.mark.parametrize(("role", "name"), [("gradebook", "the gradebook"), ("house", "the vault")])
def test_a_backup_that_fails_says_of_what_and_leaves_nothing(
    root: Path, role: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that cannot be reached ends it with one error that names it, and no file."""
    there = Home.at(root, env={})
    away = {**there.urls, role: "postgresql+psycopg://nobody@127.0.0.1:1/none"}
    muttered: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", muttered.append)
    with pytest.raises(KefuError, match=name):
        take(replace(there, urls=away))
    gc.collect()
    assert muttered == []
    assert list((root / "backups").iterdir()) == []


def test_a_backup_is_its_owners_alone(root: Path) -> None:
    """The zip lies in backups/, may be read by nobody else, and its parts are gone."""
    taken = take(Home.at(root, env={}))
    assert taken.path.parent == root / "backups"
    assert stat.S_IMODE(taken.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(taken.path.parent.stat().st_mode) == 0o700
    assert list(taken.path.parent.iterdir()) == [taken.path]
    with pytest.raises(KefuError, match="is there already"):
        take(Home.at(root, env={}), taken.path)


def test_the_manifest_tells_all(root: Path) -> None:
    """It says by what, when, what kind of databases, and of each file the size and the hash."""
    taken = take(Home.at(root, env={}))
    with zipfile.ZipFile(taken.path) as archive:
        told = json.loads(archive.read("manifest.json"))
        assert set(told["files"]) | {"manifest.json"} == set(archive.namelist())
        for name, of in told["files"].items():
            data = archive.read(name)
            assert of["sha256"] == hashlib.sha256(data).hexdigest()
            assert of["size"] == len(data)
    assert told["databases"]["gradebook"]["kind"] == "sqlite"
    assert told["databases"]["gradebook"]["rows"]["grade"] == 8
    assert dt.datetime.fromisoformat(told["at"]) <= dt.datetime.now(dt.UTC)


def test_nothing_is_followed_and_nothing_of_others_taken(root: Path, tmp_path: Path) -> None:
    """Links, pipes, second names and other courses stay out, and what was left out is named."""
    secret = tmp_path / "secret"
    secret.write_text("another's secret 别人的秘密")
    folder = root / "submitted" / "s01" / "first"
    (folder / "link").symlink_to(secret)
    (folder / "away").symlink_to(tmp_path)
    os.link(secret, folder / "second-name")
    os.mkfifo(folder / "pipe")
    (folder / "line\nbreak").write_text("x")
    other = root / "other"
    other.mkdir()
    (other / "nbgrader_config.py").write_text("")
    (other / "responses.jsonl").write_text("another course's")
    (root / "mine").mkdir()
    (root / "mine" / "responses.jsonl").symlink_to(secret)
    taken = take(Home.at(root, env={}))
    left = {name.rpartition("/")[2] for name in taken.passed}
    assert left == {"link", "away", "second-name", "pipe", "line\nbreak", "responses.jsonl"}
    with zipfile.ZipFile(taken.path) as archive:
        assert not [n for n in archive.namelist() if "other" in n or "link" in n]
        assert all(b"secret" not in archive.read(n) for n in archive.namelist())


def test_what_no_backup_could_take_is_kept_aside(root: Path) -> None:
    """A restore deletes nothing that its own backup of the old state does not hold."""
    (root / "submitted" / "s01" / "first" / "link").symlink_to(root)
    home = Home.at(root, env={})
    with Archive(take(home).path) as archive:
        done = restore(archive, home)
    assert done.aside is not None
    assert [p for p in done.aside.rglob("link") if p.is_symlink()]
    assert not (root / "submitted" / "s01" / "first" / "link").is_symlink()


def test_the_houses_own_folder_comes_along(root: Path, tmp_path: Path) -> None:
    """What KEFU_CONTENT names is kept, and comes back where KEFU_CONTENT then points."""
    house = tmp_path / "private"
    (house / "scenarios").mkdir(parents=True)
    (house / "scenarios" / "own.toml").write_text("自己的")
    taken = take(Home.at(root, env={"KEFU_CONTENT": str(house)}))
    shutil.rmtree(house)
    with Archive(taken.path) as archive:
        restore(archive, Home.at(root, env={"KEFU_CONTENT": str(house)}))
        restore(archive, Home.at(tmp_path / "new", env={}))
    assert (house / "scenarios" / "own.toml").read_text() == "自己的"
    assert (tmp_path / "new" / "house" / "scenarios" / "own.toml").read_text() == "自己的"
    assert not (tmp_path / STAGE).exists()
    with Archive(taken.path) as archive, pytest.raises(KefuError, match="set KEFU_CONTENT first"):
        restore(archive, Home.at(tmp_path / "new", env={}))


def test_a_backup_sees_one_moment(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written while it is made is either all in it or not at all."""
    home, told = Home.at(root, env={}), backups.take.__globals__["tables"].rows
    wrote = []

    def rows(db: sa.Connection, table: sa.Table) -> Iterator[bytes]:
        if not wrote and table.name != "attempts" and "kefu.db" in str(db.engine.url):
            with closing(sqlite3.connect(root / "kefu.db")) as other, other:
                wrote.append(other.execute("DELETE FROM attempts").rowcount)
        yield from told(db, table)

    monkeypatch.setattr("kefu.backup.tables.rows", rows)
    taken = take(home)
    assert wrote == [2]
    assert taken.manifest["databases"]["house"]["rows"]["attempts"] == 2


KILLED = """
import os, signal, sys
from pathlib import Path
from kefu.backup import Home, archive, restore, stage, take, Archive
from kefu.backup import tables
at = {at}
def dying(of, name):
    real, count = getattr(of, name), [0]
    def done(*args, **more):
        count[0] += 1
        if count[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    setattr(of, name, done)
dying({of}, {name!r})
home = Home.at(Path({root!r}), env={{}})
{what}
"""


def _killed(root: Path, of: str, name: str, at: int, what: str) -> None:
    code = KILLED.format(root=str(root), of=of, name=name, at=at, what=what)
    done = python(root, code)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    ("of", "name", "at"),
    [
        ("archive.Writer", "add", 1),
        ("archive.Writer", "add", 12),
        ("archive.Writer", "close", 1),
        ("os", "fsync", 1),
        ("archive.Archive", "verify", 1),
        ("Path", "rename", 1),
    ],
)
def test_a_killed_backup_leaves_nothing_that_looks_whole(
    root: Path, of: str, name: str, at: int
) -> None:
    """Killed at any point there is no zip, only its part; the next backup is whole."""
    _killed(root, of, name, at, "take(home)")
    assert not list(root.rglob("*.zip"))
    with Archive(take(Home.at(root, env={})).path) as archive:
        archive.verify()


def _changed(root: Path) -> None:
    """What happens to a course after its backup: marks, hand-ins, a lost journal."""
    with closing(sqlite3.connect(root / "gradebook.db")) as db, db:
        db.execute("UPDATE grade SET auto_score = 0")
    with closing(sqlite3.connect(root / "kefu.db")) as db, db:
        db.execute("DELETE FROM released")
    (root / "submitted" / "s01" / "first" / "responses.jsonl").write_text("later")
    (root / "submitted" / "s09").mkdir()
    (root / "submitted" / "s09" / "new").write_text("later")
    (root / "course" / "responses.jsonl").unlink()


@pytest.mark.parametrize(
    ("where", "at"),
    [
        ("kefu.backup.tables.load", 1),
        ("kefu.backup.tables.load", 20),
        ("kefu.backup.stage.Stage.move", 1),
        ("kefu.backup.stage.Stage.move", 4),
        ("kefu.backup.stage.Stage.move", 9),
        ("kefu.backup.restore.take", 1),
        ("sqlalchemy.engine.base.Connection._commit_impl", 1),
    ],
)
def test_a_restore_that_fails_leaves_all_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch, where: str, at: int
) -> None:
    """Whatever fails, rows and files are those of before the restore."""
    home = Home.at(root, env={})
    kept = take(home).path
    _changed(root)
    rows, files = everything(home), files_of(root, KEPT)
    module, _, name = where.rpartition(".")
    outer, _, inner = module.rpartition(".")
    owner: Any = sys.modules.get(module) or getattr(sys.modules[outer], inner)
    real, count = getattr(owner, name), [0]

    def failing(*args: Any, **more: Any) -> Any:
        count[0] += 1
        if count[0] == at:
            raise OSError(28, "No space left on device")
        return real(*args, **more)

    with monkeypatch.context() as patch, Archive(kept) as archive:
        patch.setattr(owner, name, failing)
        with pytest.raises(OSError, match="No space left"):
            restore(archive, home)
    assert count[0] >= at
    assert everything(home) == rows
    assert files_of(root, KEPT) == files
    assert not (root / STAGE).exists()


@pytest.mark.parametrize("at", [1, 3, 8, 12])
def test_a_killed_restore_is_made_good_by_the_next(root: Path, at: int) -> None:
    """Killed between two renames, what was there is still there; restoring again ends it well."""
    home = Home.at(root, env={})
    rows, files = everything(home), files_of(root, KEPT)
    kept = take(home).path
    _changed(root)
    later = files_of(root, KEPT)
    what = (
        f"archive.Archive.verify = lambda self: None\nrestore(Archive(Path({str(kept)!r})), home)"
    )
    _killed(root, "stage.Stage", "move", at, what)
    assert (root / STAGE).is_dir()
    with Archive(kept) as archive:
        done = restore(archive, home)
    assert everything(home) == rows
    assert files_of(root, KEPT) == files
    assert done.before is not None
    restore(Archive(done.before.path), Home.at(root.parent / "old", env={}))
    assert files_of(root.parent / "old", KEPT) == later, "what was there before is kept, too"


def test_a_restore_replaces_what_is_there_and_keeps_it(root: Path, tmp_path: Path) -> None:
    """What came later is gone from its place, and is in the backup that the restore made."""
    home = Home.at(root, env={})
    rows, files = everything(home), files_of(root, KEPT)
    kept = take(home).path
    _changed(root)
    with closing(sqlite3.connect(root / "gradebook.db")) as db:
        db.execute("CREATE TABLE anothers (a)")
    later_rows, later = everything(home), files_of(root, KEPT)
    with Archive(kept) as archive:
        done = restore(archive, home)
    assert everything(home).keys() - rows.keys() == {"gradebook/anothers"}, "not ours"
    assert {k: v for k, v in everything(home).items() if k in rows} == rows
    assert files_of(root, KEPT) == files
    assert done.before is not None
    there = Home.at(tmp_path / "later", env={})
    with Archive(done.before.path) as archive:
        restore(archive, there)
    assert files_of(there.root, KEPT) == later
    assert later_rows["house/released"] == everything(there)["house/released"] == []


def test_a_broken_database_makes_room_and_is_kept(root: Path) -> None:
    """A file that is no database any more does not stand in the way of a restore."""
    home = Home.at(root, env={})
    rows = everything(home)
    kept = take(home).path
    (root / "gradebook.db").write_bytes(b"no database at all" * 1000)
    with Archive(kept) as archive:
        done = restore(archive, home)
    assert everything(home) == rows
    assert done.aside is not None
    assert (done.aside / "gradebook.db").read_bytes().startswith(b"no database")


def test_whoever_is_writing_is_waited_for_and_then_left_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another program holds the gradebook the restore is refused and changes nothing."""
    home = Home.at(root, env={})
    kept = take(home).path
    files = files_of(root, KEPT)
    monkeypatch.setitem(backups.take.__globals__, "WAIT", 0.1)
    with closing(sqlite3.connect(root / "gradebook.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE grade SET auto_score = 4")
        with Archive(kept) as archive, pytest.raises(KefuError, match="in use by another program"):
            restore(archive, home)
        other.commit()
    assert files_of(root, KEPT) == files
    with closing(sqlite3.connect(root / "gradebook.db")) as db:
        assert db.execute("SELECT DISTINCT auto_score FROM grade").fetchall() == [(4.0,)]


def test_postgresql_in_use_is_left_alone(
    root: Path, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that has read a table and not ended holds up the restore, which then gives up."""
    home = Home.at(root)
    with Archive(take(Home.at(root, env={})).path) as archive:
        restore(archive, home)
        rows = everything(home)
        monkeypatch.setitem(backups.take.__globals__, "WAIT", 0.2)
        with closing_engine(schema) as db:
            db.execute(sa.text("SELECT count(*) FROM grade"))
            with pytest.raises(KefuError, match="in use by another program"):
                restore(archive, home)
        assert everything(home) == rows


def test_two_restores_do_not_meet(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restore that is started while another runs is refused."""
    home = Home.at(root, env={})
    kept, refused = take(home).path, []
    real = _restore_of.__globals__["_before"]

    def meanwhile(*args: Any) -> Any:
        with Archive(kept) as archive, pytest.raises(KefuError, match="another restore is running"):
            restore(archive, home)
        refused.append(True)
        return real(*args)

    monkeypatch.setitem(_restore_of.__globals__, "_before", meanwhile)
    with Archive(kept) as archive:
        restore(archive, home)
    assert refused == [True]


Attack = Callable[[Path, dict[str, bytes], dict[str, Any]], str]


def _rewritten(
    kept: Path, to: Path, change: Callable[[dict[str, bytes], dict[str, Any]], Any]
) -> None:
    """A zip like `kept`, its files and manifest changed first."""
    with zipfile.ZipFile(kept) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    more = change(files, manifest) or []
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        for info, data in more:
            archive.writestr(info, data)
        archive.writestr("manifest.json", json.dumps(manifest))


def _told(data: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def _with(name: str, mode: int = 0) -> Callable[[dict[str, bytes], dict[str, Any]], Any]:
    """One more file, well told in the manifest."""

    def change(files: dict[str, bytes], manifest: dict[str, Any]) -> Any:
        manifest["files"][name] = _told(b"evil")
        info = zipfile.ZipInfo(name)
        info.filename = name
        info.external_attr = mode << 16
        return [(info, b"evil")]

    return change


def _altered(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    files["files/nbgrader_config.py"] = b"import os"


def _same_size(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    files["files/nbgrader_config.py"] = b"x" * len(files["files/nbgrader_config.py"])


def _lost(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del files["files/nbgrader_config.py"]


def _extra(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    files["files/submitted/unknown"] = b"?"


def _twice(files: dict[str, bytes], manifest: dict[str, Any]) -> Any:
    return [("files/nbgrader_config.py", files["files/nbgrader_config.py"])]


def _bomb(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    files["files/nbgrader_config.py"] = bytes(50 * 2**20)


def _file_as_folder(files: dict[str, bytes], manifest: dict[str, Any]) -> Any:
    return _with("files/nbgrader_config.py/x")(files, manifest)


def _negative(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["files"]["files/nbgrader_config.py"]["size"] = -1


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_altered, "nbgrader_config.py"),
        (_same_size, "nbgrader_config.py"),
        (_lost, "nbgrader_config.py"),
        (_extra, "files/submitted/unknown"),
        (_twice, "nbgrader_config.py"),
        (_bomb, "nbgrader_config.py"),
        (_file_as_folder, "nbgrader_config.py"),
        (_negative, "manifest.json"),
        (_with("../evil"), "../evil"),
        (_with("files/submitted/../../../evil"), "evil"),
        (_with("/tmp/evil"), "/tmp/evil"),
        (_with("files/submitted//evil"), "evil"),
        (_with("files/submitted/a\\..\\evil"), "evil"),
        (_with("C:/evil"), "C:/evil"),
        (_with("files/submitted/evil", stat.S_IFLNK | 0o777), "evil"),
        (_with("files/submitted/evil", stat.S_IFIFO | 0o666), "evil"),
        (_with("files/.bashrc"), ".bashrc"),
        (_with("files/.ssh/responses.jsonl"), ".ssh"),
        (_with("files/widgets/kefu/evil.py"), "evil.py"),
        (_with("tables/house/unknown.jsonl"), "unknown.jsonl"),
    ],
)
def test_what_is_altered_is_refused_by_name(
    root: Path, tmp_path: Path, change: Callable[[Any, Any], Any], named: str
) -> None:
    """Torn, altered, foreign or crafted files are named, and nothing is touched or written."""
    home = Home.at(root, env={})
    bad = tmp_path / "bad.zip"
    _rewritten(take(home).path, bad, change)
    rows, files = everything(home), files_of(root, ("**/*",))

    def tried() -> None:
        with Archive(bad) as archive:
            restore(archive, home)

    with pytest.raises(KefuError) as said:
        tried()
    assert named in said.value.what.en
    assert named in said.value.what.zh
    assert everything(home) == rows
    there = files_of(root, ("**/*",))
    assert {n: d for n, d in there.items() if "-shm" not in n and "-wal" not in n} == {
        n: d for n, d in files.items() if "-shm" not in n and "-wal" not in n
    }
    assert not list(tmp_path.parent.rglob("evil"))


@pytest.mark.parametrize("left", [0.0, 0.3, 0.9, 0.999])
def test_a_torn_zip_is_refused(root: Path, tmp_path: Path, left: float) -> None:
    """A zip that was cut off anywhere is no backup."""
    data = take(Home.at(root, env={})).path.read_bytes()
    (tmp_path / "torn.zip").write_bytes(data[: int(len(data) * left)])
    with pytest.raises(KefuError, match=r"torn\.zip"):
        Archive(tmp_path / "torn.zip")


@pytest.mark.parametrize("at", [0.05, 0.3, 0.6, 0.8])
def test_a_flipped_byte_is_found(root: Path, tmp_path: Path, at: float) -> None:
    """One byte changed anywhere in the files is found and the file named."""
    data = bytearray(take(Home.at(root, env={})).path.read_bytes())
    data[int(len(data) * at)] ^= 0x55
    (tmp_path / "flipped.zip").write_bytes(data)

    def tried() -> None:
        with Archive(tmp_path / "flipped.zip") as archive:
            archive.verify()

    with pytest.raises(KefuError, match=r"flipped\.zip"):
        tried()


@pytest.mark.parametrize(
    ("name", "safe"),
    [("files/submitted/张 三/first.ipynb", True), ("a", True), ("a/./b", False), ("", False),
     ("a/", False), ("/a", False), ("a\0b", False), ("\ud800", False), ("c:\\a", False)],
)  # fmt: skip
def test_safe_names(name: str, safe: bool) -> None:
    """A name is safe when it means a file below the folder, and nothing else, on any system."""
    assert is_safe(name) is safe
