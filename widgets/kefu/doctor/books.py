"""The databases: the vault and the gradebook."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import nbgrader
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from kefu.backup.home import sqlite_file
from kefu.doctor.course import cards_in
from kefu.doctor.finding import Look, Site, fault, fine, warning
from kefu.errors import KefuError

__all__ = ["gradebook", "integrity", "sets", "unmarked", "vault"]


@contextmanager
def _reading(url: str) -> Iterator[sa.Connection | None]:
    """A database to look at, nothing in it changed; None: there is none yet.

    Raises:
        KefuError: its address cannot be read.
        SQLAlchemyError: it does not answer.
        ImportError: this machine has no driver for it.
    """
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        yield None
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as db:
            yield db
    finally:
        engine.dispose()


def _unreachable(error: Exception, variable: str) -> Look:
    if isinstance(error, KefuError):
        return Look("fault", error.what, error.write)
    # What SQLAlchemy says may repeat the address, with its password: only the driver's own words.
    said = str(getattr(error, "orig", None) or type(error).__name__).strip().partition("\n")[0]
    return fault(
        f"打不开（{said}）",
        f"it cannot be opened ({said})",
        f"请检查 {variable}、数据库是否在运行、文件的权限；坏了就用 kefu restore 恢复备份",
        f"check {variable}, that the database runs, and the file's permissions; "
        "if it is broken, bring back a backup with kefu restore",
    )


def vault(site: Site) -> Iterator[Look]:
    """The vault answers, and holds a key for every card that learners may answer."""
    if site.places is None:
        return
    try:
        with _reading(site.places.database(site.env)) as db:
            if db is None or not sa.inspect(db).has_table("released"):
                yield fault(
                    "还没有题库",
                    "there is no vault yet",
                    "运行 kefu weave",
                    "run kefu weave",
                )
                return
            rows = db.execute(sa.text("SELECT DISTINCT item, version FROM released"))
            held = {(row.item, row.version) for row in rows}
    except (sa.exc.SQLAlchemyError, ImportError, KefuError) as error:
        yield _unreachable(error, "KEFU_DB")
        return
    asked = [
        (item, card["version"])
        for folder in (*site.places.exercises.glob("*"), *site.places.solutions.glob("*"))
        for item, card in cards_in(folder).items()
    ]
    if missing := sorted(set(asked) - held):
        yield fault(
            f"{len(missing)} 道题没有答案，例如 {missing[0][0]}",
            f"{len(missing)} items have no key, such as {missing[0][0]}",
            "运行 kefu weave；若题目发布后改过内容，请先恢复当时的备份",
            "run kefu weave; if the content changed after release, bring back a backup of then",
        )
    else:
        yield fine(f"{len(set(asked))} 道题都有答案", f"{len(set(asked))} items, each with its key")


def gradebook(site: Site) -> Iterator[Look]:
    """The gradebook answers, and its tables are those of this nbgrader."""
    if site.places is None:
        return
    try:
        with _reading(site.places.gradebook(site.env)) as db:
            if db is None or not sa.inspect(db).has_table("assignment"):
                yield warning(
                    "还没有成绩册",
                    "there is no gradebook yet",
                    "发布第一个题组时会建好：nbgrader generate_assignment <题组>",
                    "releasing the first set makes it: nbgrader generate_assignment <set>",
                )
                return
            kept = None
            if sa.inspect(db).has_table("alembic_version"):
                kept = db.scalar(sa.text("SELECT version_num FROM alembic_version"))
    except (sa.exc.SQLAlchemyError, ImportError, KefuError) as error:
        yield _unreachable(error, "KEFU_GRADEBOOK")
        return
    head = _head()
    if kept == head:
        yield fine(f"版本 {head}", f"version {head}")
    else:
        yield fault(
            f"表的版本是 {kept}，这个 nbgrader 要 {head}",
            f"its tables are of version {kept}, and this nbgrader needs {head}",
            "先 kefu backup，再 nbgrader db upgrade",
            "run kefu backup, then nbgrader db upgrade",
        )


def _head() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic"))
    return ScriptDirectory.from_config(config).get_current_head()


def sets(site: Site) -> Iterator[Look]:
    """The gradebook knows every released set, with the same cells to grade."""
    if site.places is None:
        return
    known = _cells(site.places.gradebook(site.env))
    if known is None:
        return
    told = []
    there = sorted(path for path in site.places.exercises.glob("*/*.ipynb"))
    for notebook in there:
        slug = notebook.parent.name
        if notebook.stem != slug:
            continue
        how = f"nbgrader generate_assignment {slug}"
        if slug not in known:
            told.append(
                warning(
                    f"成绩册还不认识 {slug}",
                    f"the gradebook does not know {slug} yet",
                    f"评分前运行 {how}",
                    f"run {how} before grading",
                )
            )
        elif known[slug] != _graded(notebook):
            told.append(
                fault(
                    f"{slug} 发布的题和成绩册里的不一样",
                    f"the cells of {slug} are not those of the gradebook",
                    f"运行 {how}",
                    f"run {how}",
                )
            )
    yield from told or [fine(f"{len(known)} 组", f"{len(known)} sets")]


def _cells(url: str) -> dict[str, set[str]] | None:
    """Set → what is graded in it, by the gradebook; None where there is none to read."""
    query = (
        "SELECT a.name AS slug, c.name AS cell FROM assignment a "
        "JOIN notebook n ON n.assignment_id = a.id "
        "LEFT JOIN base_cell c ON c.notebook_id = n.id AND c.type = 'GradeCell'"
    )
    try:
        with _reading(url) as db:
            if db is None:
                return None
            found: dict[str, set[str]] = {}
            for row in db.execute(sa.text(query)):
                found.setdefault(row.slug, set()).update({row.cell} - {None})
            return found
    except (sa.exc.SQLAlchemyError, ImportError, KefuError):
        return None  # the check of the gradebook says so


def _graded(notebook: Path) -> set[str]:
    marks = (
        cell["metadata"].get("nbgrader", {}) for cell in json.loads(notebook.read_bytes())["cells"]
    )
    return {mark["grade_id"] for mark in marks if mark.get("grade")}


def integrity(site: Site) -> Iterator[Look]:
    """What SQLite says of its own files."""
    if site.places is None:
        return
    told, looked = [], 0
    urls = {
        "KEFU_DB": site.places.database(site.env),
        "KEFU_GRADEBOOK": site.places.gradebook(site.env),
    }
    for url in dict.fromkeys(urls.values()):
        try:
            file = sqlite_file(url)
        except KefuError:
            continue  # the checks of vault and gradebook say so
        if file is None or not file.is_file():
            continue
        looked += 1
        if (said := _quick_check(file)) != "ok":
            told.append(
                fault(
                    f"{file} 坏了（{said}）",
                    f"{file} is damaged ({said})",
                    "请用 kefu restore 恢复最近的备份；坏的那份会留着",
                    "bring back the last backup with kefu restore; the damaged file is kept",
                )
            )
    if looked:
        yield from told or [fine(f"{looked} 个都完好", f"{looked} looked at, all sound")]
    else:
        yield fine("没有 SQLite 文件", "there is no SQLite file")


def _quick_check(file: Path) -> str:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)


def unmarked(site: Site) -> Iterator[Look]:
    """Every folder that grading left has its row in the gradebook."""
    if site.places is None:
        return
    query = (
        "SELECT s.student_id AS student, a.name AS slug FROM submitted_assignment s "
        "JOIN assignment a ON a.id = s.assignment_id"
    )
    folders = {
        (path.parent.name, path.name)
        for path in site.places.root.glob("autograded/*/*")
        if path.is_dir()
    }
    rows: set[tuple[str, str]] = set()
    try:
        with _reading(site.places.gradebook(site.env)) as db:
            if db is not None:
                rows = {(row.student, row.slug) for row in db.execute(sa.text(query))}
    except (sa.exc.SQLAlchemyError, ImportError, KefuError):
        return  # the check of the gradebook says so
    if lost := sorted(folders - rows):
        student, slug = lost[0]
        yield warning(
            f"{len(lost)} 份评过分但成绩册里没有，例如 autograded/{student}/{slug}",
            f"{len(lost)} were graded but are not in the gradebook, "
            f"such as autograded/{student}/{slug}",
            f"再评一次：kefu grade {slug}；若成绩册丢了，先 kefu restore",
            f"grade again: kefu grade {slug}; if the gradebook was lost, kefu restore first",
        )
    elif not folders:
        yield fine("还没有评过分", "nothing is graded yet")
    else:
        yield fine(f"{len(folders)} 份都有成绩", f"{len(folders)}, each in the gradebook")
