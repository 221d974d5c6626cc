"""The same attacks on nbgrader as it comes, and a table of both: `python -m tests.hostile.stock`.

Stock nbgrader gets a plain course: one notebook with a cell to write in and a cell of hidden
tests. Attackers and two honest neighbours hand in, and `nbgrader autograde` and
`generate_feedback` are run, each attack in a container of its own (bubblewrap, no network, a user
of its own, limits), since what is tried here does happen there.
It takes some minutes, and is no part of the tests.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kefu.text import LANGS, Lang, Text
from tests.hostile.arena import HONEST, Arena, build
from tests.hostile.attack import ATTACKS, Attack, Fair, Sealed, Stage
from tests.hostile.bank import CODE, HIDDEN, PLAIN
from tests.hostile.cases import archives, code, questions, responses
from tests.hostile.watch import fair_scores, leaks, pages, said_of, wrong_scores

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "hostile.md"
POINTS = 6
_USERS = 61_000  # each container has a user of its own, so that their limits do not mix
_LIMIT = 100  # seconds for one command in a container
_SECRET = "the-house-keeps-this-4711"
_NEIGHBOURS = ("a-first", "zz-last")
_NOT_RUN = {
    "fills-the-disk": Text("没有跑：会写满这台机器的硬盘", "not run: it would fill this disk"),
    "calls-out": Text("没有跑：容器里没有网络", "not run: its container has no network"),
    "journal-is-huge": Text("没有可比的东西", "nothing to compare"),
}
_ANSWER_IS_GONE = (
    "code-stands-elsewhere", "deletes-copies-reorders", "format-of-another-time",
    "notebook-has-another-name", "notebook-is-a-pipe", "notebook-is-deep", "notebook-is-missing",
    "notebook-is-no-text", "notebook-is-torn", "notebook-links-to-the-source",
    "notebook-with-attachments", "renames-cells", "strips-metadata", "uses-magic",
)  # fmt: skip
"""Here the answer went with the notebook, which for kefu holds none: no score is fair as well."""
_NOTHING = Text("没有可比的东西", "nothing to compare")
_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "stock"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.Exchange.root = "exchange"
"""
_TEST = """\
import numpy as np
### BEGIN HIDDEN TESTS
for given, gives in [((48611, 104729), (0.4611, 0.4672)), ((0, 20), (0, 0.1611)),
                     ((0, 3), (0, 0.5615))]:
    assert np.allclose(interval(*given), gives, atol=0.005)
### END HIDDEN TESTS"""


@dataclass
class Happened:
    """What became of one attack on stock nbgrader."""

    score: float | None = None
    graded: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    ended: bool = True
    code: int = 0
    fair: float = 0.0

    @property
    def bad(self) -> bool:
        """Whether anything is not as it should be."""
        missing = len(self.graded) < len(_NEIGHBOURS)
        return bool(self.leaked or self.changed or missing or not self.ended
                    or self.unfair)  # fmt: skip

    @property
    def unfair(self) -> bool:
        """Whether the score is another than it should be; none at all is as good as nothing."""
        return (self.score or 0) != self.fair

    def say(self) -> Text:
        """What happened, in words."""
        score = "—" if self.score is None else f"{self.score:g}"
        zh, en = [f"{score} / {POINTS} 分"], [f"{score} / {POINTS} points"]
        if self.unfair:
            zh[0] += f"（应得 {self.fair:g}）"
            en[0] += f" ({self.fair:g} is fair)"
        if not self.ended:
            zh.append(f"{_LIMIT} 秒没有结束")
            en.append(f"did not end within {_LIMIT} s")
        if missing := [who for who in _NEIGHBOURS if who not in self.graded]:
            zh.append(f"{len(missing)} 位邻座没有批成")
            en.append(f"{len(missing)} of {len(_NEIGHBOURS)} neighbours not graded rightly")
        if self.leaked:
            zh.append("反馈里有不该有的：" + "、".join(f"`{word}`" for word in self.leaked))
            en.append("feedback holds " + ", ".join(f"`{word}`" for word in self.leaked))
        if self.changed:
            zh.append("写到了自己的文件夹外面")
            en.append("wrote outside its own folder")
        return Text(f"{'✗' if self.bad else '✓'} {'；'.join(zh)}",
                    f"{'✗' if self.bad else '✓'} {'; '.join(en)}")  # fmt: skip


class _Stage(Stage):
    """A learner's place in the stock course."""

    @property
    def released(self) -> dict[str, Any]:
        """The released notebook with what an honest learner, or a lazy one, wrote in it."""
        notebook = super().released
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = self.course.wrote  # type: ignore[attr-defined]
        return notebook


def main() -> None:
    """Try everything, and write the page."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        mine = {slug: build(base, slug) for slug in (PLAIN, CODE)}
        stock = base / "stock"
        _release(stock)
        _can_grade(stock)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rows = list(pool.map(lambda attack: _row(attack, mine[attack.set], stock), ATTACKS))
        _unlock(base)
    PAGE.write_text(_page(rows), "utf-8")
    print(PAGE)


def _can_grade(stock: Path) -> None:
    """Where even an honest class is not graded, nothing could be said of a hostile one."""
    here = stock.parent / "stock honest"
    shutil.copytree(stock, here / "course")
    for who in _NEIGHBOURS:
        course = SimpleNamespace(root=here / "course", wrote=code.RIGHT)
        stage = _Stage(course, CODE, who, Sealed({}, {}, {}), here, here)  # type: ignore[arg-type]
        stage.folder.mkdir(parents=True)
        stage.book(stage.released)
    ended = _contained(here, ["autograde", CODE], _USERS - 1)
    scores = _scores(here / "course" / "gradebook.db")
    if scores != dict.fromkeys(_NEIGHBOURS, POINTS):
        raise SystemExit(f"stock nbgrader cannot grade an honest class here: {ended}, {scores}")


@dataclass
class _Row:
    attack: Attack
    kefu: Text
    stock: Text
    bad: bool
    run: bool


def _row(attack: Attack, arena: Arena, stock: Path) -> _Row:
    kefu = _of_kefu(attack, arena)
    why = _NOT_RUN.get(attack.name)
    module = sys.modules[attack.stage.__module__]
    if why is None and (
        module in (archives, questions, responses) or attack.name.startswith("time-")
    ):
        why = _NOTHING
    if why:
        return _Row(attack, kefu, why, False, False)
    try:
        happened = _try(attack, arena, stock)
    except OSError as error:
        said = Text(f"没有跑成（{error.strerror}）", f"could not be run ({error.strerror})")
        return _Row(attack, kefu, said, False, False)
    print(f"{attack.name}: {happened.say().en}", flush=True)
    return _Row(attack, kefu, happened.say(), happened.bad, True)


def _of_kefu(attack: Attack, arena: Arena) -> Text:
    fair = arena.fair[attack.student]
    wrong = wrong_scores(arena, attack.student, arena.kefu)
    wrong += leaks(arena, attack.student, pages(arena, attack.student))
    told = bool(said_of(arena.kefu, attack.student))
    if not fair.booked:
        return Text("✗" if wrong else "✓ 没有收", "✗" if wrong else "✓ not taken")
    right = fair_scores(arena, fair)
    got, most = sum(score or 0 for score in right.values()), _most(arena)
    zh, en = f"{got:g} / {most:g} 分", f"{got:g} / {most:g} points"
    if told:
        zh, en = f"{zh}，告知教师", f"{en}, instructor told"
    sign = "✗" if wrong or told != fair.told else "✓"
    return Text(f"{sign} {zh}", f"{sign} {en}")


def _most(arena: Arena) -> float:
    right = fair_scores(arena, Fair(arena.sealed.best, code={code.ITEM: 1.0}))
    return sum(score or 0 for score in right.values())


# ---- the stock course


def _release(root: Path) -> None:
    source = root / "solutions" / CODE / f"{CODE}.ipynb"
    source.parent.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(_CONFIG, "utf-8")
    stub = "def interval(good, n):\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [
        {"id": "text", "cell_type": "markdown", "metadata": {}, "source": "Write a function."},
        _cell(f"{code.ITEM}--code", stub, solution=True),
        _cell(code.ITEM, _TEST, grade=True, locked=True, points=POINTS),
    ]
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    source.write_text(json.dumps(book), "utf-8")
    path = os.pathsep.join((f"{sys.prefix}/bin", os.environ.get("PATH", "")))  # for alembic
    subprocess.run([sys.executable, "-m", "nbgrader", "generate_assignment", CODE], cwd=root,
                   check=True, capture_output=True, env={**os.environ, "PATH": path})  # fmt: skip


def _cell(name: str, source: str, **about: Any) -> dict[str, Any]:
    told = {"grade": False, "locked": False, "solution": False, "task": False,
            "schema_version": 3, "grade_id": name, **about}  # fmt: skip
    return {"id": name, "cell_type": "code", "execution_count": None, "outputs": [],
            "metadata": {"nbgrader": told}, "source": source}  # fmt: skip


def _try(attack: Attack, arena: Arena, stock: Path) -> Happened:
    """Hand in, grade and give back, all of it in a container."""
    here = stock.parent / f"stock {attack.name}"
    root, outside, traces = here / "course", here / "outside", here / "traces"
    shutil.copytree(stock, root)
    for made in (outside, traces):
        made.mkdir()
    (outside / "secret.txt").write_text(_SECRET)
    (root / "kefu.db").write_text(f"keys {_SECRET} {' '.join(HIDDEN)}")
    fair = arena.fair[attack.student]
    lazy = attack.set == PLAIN and not fair.counts
    for who in (*_NEIGHBOURS, attack.student):
        wrote = code.WRONG if lazy and who == attack.student else code.RIGHT
        course = SimpleNamespace(root=root, wrote=f"# text-of-{who}\n{wrote}")
        stage = _Stage(course, CODE, who, Sealed({}, {}, {}), outside, traces)  # type: ignore[arg-type]
        stage.folder.mkdir(parents=True)
        stage.book(stage.released)
        if who == attack.student:
            if attack.name == "code-is-missing":
                stage.book(Stage.released.fget(stage))  # type: ignore[attr-defined]
            else:
                attack.stage(stage)
    before, user = _files(here), _USERS + ATTACKS.index(attack)
    happened = Happened()
    happened.fair = _fair(attack, fair)
    happened.code, happened.ended = _contained(here, ["autograde", CODE], user)
    _contained(here, ["generate_feedback", CODE], user)
    scores = _scores(root / "gradebook.db")
    happened.score = scores.get(attack.student)
    happened.graded = [who for who in _NEIGHBOURS if scores.get(who) == POINTS]
    shown = [set(_leaked(root / "feedback" / who, who)) for who in (attack.student, "a-first")]
    # What stock feedback shows to everybody is nothing that this attack has brought about.
    happened.leaked = sorted(shown[0] - shown[1])
    happened.changed = sorted(n for n, d in _files(here).items() if before.get(n) != d)
    shutil.rmtree(here, ignore_errors=True)
    return happened


def _fair(attack: Attack, fair: Fair) -> float:
    """What an honest grader gives in the stock course, whose test is passed whole or not at all."""
    if attack.name in _ANSWER_IS_GONE:
        return 0.0
    earns = fair.code.get(code.ITEM, 0) == 1 if attack.set == CODE else bool(fair.counts)
    return float(POINTS * earns)


def _contained(here: Path, words: list[str], user: int) -> tuple[int, bool]:
    """Run a command of nbgrader where it can harm nothing but its own course."""
    os.chmod(here.parent, 0o755)
    for folder, folders_, files in os.walk(here):
        for name in (*folders_, *files):
            os.chown(os.path.join(folder, name), user, user, follow_symlinks=False)
    os.chown(here, user, user)
    home = Path.home()
    binds = [p for p in (sys.base_prefix, sys.prefix, str(ROOT)) if p.startswith(f"{home}/")]
    # Bubblewrap itself would make the folders above for root alone.
    above = {up for path in binds for up in Path(path).parents if up.is_relative_to(home)} - {home}
    above |= {up for up in here.parents if up.is_relative_to("/tmp")} - {Path("/tmp")}
    kept = [part for up in sorted(above) for part in ("--perms", "0755", "--dir", str(up))]
    kept += [part for path in binds for part in ("--ro-bind", path, path)]
    line = ["nice", "-n", "15", "bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
            "--perms", "0755", "--tmpfs", str(home), "--perms", "1777", "--tmpfs", "/tmp", *kept,
            "--bind", str(here), str(here), "--unshare-pid", "--unshare-net", "--unshare-ipc",
            "--die-with-parent", "--new-session", "--chdir", str(here / "course"), "--clearenv",
            "--setenv", "PATH", f"{sys.prefix}/bin:/usr/bin:/bin", "--setenv", "HOME", "/tmp",
            "--setenv", "HOUSE_SECRET", _SECRET, "--setenv", "LC_ALL", "C.UTF-8", "--",
            "prlimit", f"--as={4 << 30}", "--nproc=90", f"--fsize={1 << 30}", "--core=0",
            "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs",
            sys.executable, "-m", "nbgrader", *words]  # fmt: skip
    process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        return process.wait(timeout=_LIMIT), True
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        time.sleep(1)  # all of its processes go with it
        return -9, False


def _scores(file: Path) -> dict[str, float]:
    """Learner → points, from what there is of the gradebook."""
    query = """
        SELECT a.student_id, SUM(COALESCE(g.auto_score, 0)), COUNT(g.auto_score)
        FROM submitted_assignment a JOIN submitted_notebook n ON n.assignment_id = a.id
        JOIN grade g ON g.notebook_id = n.id GROUP BY a.student_id"""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            return {who: float(score) for who, score, count in db.execute(query) if count}
    except sqlite3.DatabaseError:
        return {}


def _leaked(folder: Path, student: str) -> Iterator[str]:
    """Hidden tests, the house's secret and neighbours' text in what a learner gets back."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    found = b"".join(file.read_bytes() for file in files)
    others = [f"text-of-{who}" for who in _NEIGHBOURS if who != student]
    yield from (w for w in (*HIDDEN[:3], _SECRET, *others) if w.encode() in found)


def _files(here: Path) -> dict[str, str]:
    """A digest of what neither learners nor nbgrader have to write."""
    found = {}
    for top in ("course/solutions", "course/exercises", "course/nbgrader_config.py",
                "course/kefu.db", "outside", "traces"):  # fmt: skip
        path = here / top
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file():
                name = file.relative_to(here).as_posix()
                found[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def _unlock(base: Path) -> None:
    subprocess.run(["chmod", "-R", "u+rwX", str(base)], check=False)


# ---- the page: one sentence a line
# ruff: noqa: E501

_HEAD = {
    "zh": """\
# 恶意交卷

`tests/hostile/` 里有 {count} 种攻击，每一种都对着真正的流程跑：`kefu grade`，以及另一份课程上的 `nbgrader autograde`，旁边坐着 {honest} 位老实的同学。
这一页把同样的攻击再给原样的 nbgrader 跑一遍：一门普通的课，一个写函数的格子，一个带隐藏测试的格子（{points} 分），每种攻击各在一个容器里。
“应得”是老实批改的人会给的分；“—” 表示没有成绩，和 0 分一样算。✓ 表示得分公平、没有泄漏、邻座都批成；✗ 表示有一样不是。
两边的题不同，分数不能互相比较。
原样的 nbgrader 会把隐藏测试印在每个人的反馈里，老实的人也看得到；这一条不另算。

{date} 测得；Python {python}，nbgrader {nbgrader}，kefu {kefu}，bubblewrap {bwrap}。
原样 nbgrader 跑了 {run} 种，其中 {bad} 种得到 ✗。
`make hostile-table` 重做这一页。
""",
    "en": """\
# Hostile hand-ins

`tests/hostile/` holds {count} attacks, each run against the real pipeline: `kefu grade`, and `nbgrader autograde` on a twin of the course, beside {honest} honest neighbours.
This page has the same attacks run once more on nbgrader as it comes: a plain course with a cell to write a function in and a cell of hidden tests ({points} points), each attack in a container of its own.
“Fair” is what an honest grader would give; “—” is no score at all, and counts as nothing. ✓ means a fair score, no leak and both neighbours graded; ✗ means that one of these is not so.
The two sides ask different questions, so their scores do not compare.
Stock nbgrader prints the hidden tests on everybody's feedback, honest or not; that is not counted again here.

Measured on {date} with Python {python}, nbgrader {nbgrader}, kefu {kefu}, bubblewrap {bwrap}.
Stock nbgrader was run on {run} of them, and {bad} ended in ✗.
`make hostile-table` makes this page anew.
""",
}
_COLUMNS = {
    "zh": "| 攻击 | 它想做什么 | kefu | 原样的 nbgrader |\n|---|---|---|---|",
    "en": "| attack | what it tries | kefu | stock nbgrader |\n|---|---|---|---|",
}


def _page(rows: list[_Row]) -> str:
    facts = {
        "count": len(rows), "honest": len(HONEST), "points": POINTS,
        "date": dt.datetime.now(dt.UTC).date().isoformat(), "python": platform.python_version(),
        "nbgrader": version("nbgrader"), "kefu": version("kefu"),
        "bwrap": subprocess.check_output(["bwrap", "--version"], text=True).split()[-1],
        "run": sum(row.run for row in rows), "bad": sum(row.bad for row in rows),
    }  # fmt: skip
    parts = []
    for lang in LANGS:
        lines = [_line(row, lang) for row in rows]
        parts.append("\n".join([_HEAD[lang].format(**facts), _COLUMNS[lang], *lines]))
    return "\n\n---\n\n".join(parts) + "\n"


def _line(row: _Row, lang: Lang) -> str:
    tries = row.attack.zh if lang == "zh" else row.attack.tries
    cells = (f"`{row.attack.name}`", tries, row.kefu[lang], row.stock[lang])
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    main()
