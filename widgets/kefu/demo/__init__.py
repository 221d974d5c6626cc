"""A demonstration from end to end: weave, release, answer, grade, and open the three doors."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kefu.bank import read
from kefu.demo.answers import LEARNERS, answer_set
from kefu.errors import KefuError
from kefu.places import CONFIG, MARK, Places
from kefu.ship import FOLDER, ship_learner
from kefu.text import Text
from kefu.vault import Vault, connect
from kefu.weave import weave, write

__all__ = ["Prepared", "nbgrader", "own", "prepare"]

_MARK = ".kefu-demo"
_TAKEN: list[int] = []
"""Locks on the folders of this process's demonstrations, open until it ends."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A demonstration that is ready to be opened.

    `scores` holds, by set and learner, what nbgrader's gradebook says.
    """

    places: Places
    learner: Path
    first: str
    scores: dict[str, dict[str, float]]
    points: dict[str, float]


def prepare(folder: Path, contents: tuple[Path, ...], say: Callable[[Text], None]) -> Prepared:
    """Make everything in `folder`, which is emptied first if it is a demonstration's.

    Args:
        folder: where the demonstration lives; nothing is touched outside it.
        contents: what to weave.
        say: told at each step.

    Raises:
        KefuError: a step failed; it says which.
    """
    _empty(folder)
    (folder / MARK).write_text(CONFIG, "utf-8")
    places = Places(root=folder, contents=contents)
    bank, faults = read(contents)
    if faults:
        raise KefuError(
            Text(f"内容里有 {len(faults)} 处错误", f"the content has {len(faults)} faults"),
            Text("运行 kefu check 看一看", "run kefu check to see them"),
        )
    woven = weave(bank)
    write(woven, folder)
    vault = Vault(connect(places.database(env={})))
    vault.release(woven.published)
    sets = [slug for slug in sorted(bank.sets) if bank.asked_in(slug)]
    say(Text(f"织好 {len(woven.files)} 个文件", f"woven: {len(woven.files)} files"))

    for slug in sets:
        nbgrader(folder, "generate_assignment", slug)
    say(Text(f"发布作业：{'、'.join(sets)}", f"released: {', '.join(sets)}"))

    archive = ship_learner(places)
    learner = folder / "learner"
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(learner)
    for student, skill in LEARNERS.items():
        for slug in sets:
            mine = folder / "class" / student / slug
            shutil.copytree(learner / FOLDER / "exercises" / slug, mine)
            handed_in = answer_set(mine, slug, student, skill, vault)
            inbox = folder / "downloaded" / slug / "archive"
            inbox.mkdir(parents=True, exist_ok=True)
            shutil.copy(mine / handed_in, inbox)
    say(
        Text(
            f"{len(LEARNERS)} 位学员答完并交卷",
            f"{len(LEARNERS)} learners answered and handed in",
        )
    )
    for slug in sets:
        nbgrader(folder, "zip_collect", slug)
    # These learners are ours: where there is no sandbox their code runs all the same.
    kefu(folder, "grade", *([] if _sandboxed() else ["--no-sandbox"]))
    kefu(folder, "feedback")
    nbgrader(folder, "export")
    scores, points = _gradebook(folder)
    count = sum(len(of) for of in scores.values())
    say(Text(f"批改 {count} 份作业", f"graded: {count} submissions"))
    first = sorted(p.name for p in (learner / FOLDER / "course" / "zh").glob("*.ipynb"))[0]
    return Prepared(places, learner / FOLDER, f"course/zh/{first}", scores, points)


def own(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the house's databases: a demonstration keeps to its own."""
    mine = ("KEFU_DB", "KEFU_GRADEBOOK")
    return {name: value for name, value in environment.items() if name not in mine}


def nbgrader(folder: Path, *words: str) -> None:
    """Run one of nbgrader's own commands in a course folder.

    Raises:
        KefuError: it failed; the end of what it said is quoted.
    """
    _run(folder, "nbgrader", *words)


def kefu(folder: Path, *words: str) -> None:
    """Run one of our commands in a course folder.

    Raises:
        KefuError: it failed; the end of what it said is quoted.
    """
    _run(folder, "kefu", *words)


def _sandboxed() -> bool:
    from kefu.grading.sandbox import ready

    try:
        ready()
    except KefuError:
        return False
    return True


def _run(folder: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kefu.late", *words],
        cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env=own(os.environ),
    )  # fmt: skip
    if done.returncode:
        what = " ".join(words)
        said = done.stderr.strip()[-1500:]
        raise KefuError(
            Text(f"{what} 没有成功：\n{said}", f"{what} failed:\n{said}"),
            Text("按上面的提示处理后再运行", "mend what it says above and run again"),
        )


def _gradebook(folder: Path) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Scores by set and learner, and the points of each set, from nbgrader's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        scores = {
            a.name: {s.student.id: float(s.score) for s in a.submissions} for a in book.assignments
        }
        points = {a.name: float(a.max_score) for a in book.assignments}
    return scores, points


def _empty(folder: Path) -> None:
    """Empty a demonstration's own folder; anything else is left alone.

    The folder is taken for as long as this process lives, so that a second demonstration does not
    empty it under the first.
    """
    import fcntl  # Windows has none, and no demonstration

    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise KefuError(
            Text(f"{folder} 不是演示用的文件夹", f"{folder} is not a demonstration's folder"),
            Text("换一个空文件夹", "name an empty one"),
        )
    folder.mkdir(parents=True, exist_ok=True)
    mark = os.open(folder / _MARK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(mark)
        raise KefuError(
            Text(f"{folder} 里正有一场演示", f"a demonstration is running in {folder}"),
            Text("先停掉它，或换一个空文件夹", "stop it first, or name an empty folder"),
        ) from error
    _TAKEN.append(mark)
    for inside in folder.iterdir():
        if inside.is_dir() and not inside.is_symlink():
            shutil.rmtree(inside)
        elif inside.name != _MARK:
            inside.unlink()
