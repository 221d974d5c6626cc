"""Where attacks are tried: one course, its twin, and everybody graded in one run on each side.

The course is graded by `kefu grade`, its twin by `nbgrader autograde`, each as the command that an
instructor types; then the learners get their pages and the instructor her tables.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kefu import kinds
from kefu.vault import Vault, connect
from tests.grading.course import Course
from tests.hostile import cases
from tests.hostile.attack import Attack, Fair, Sealed, Stage, of
from tests.hostile.bank import CODE, PLAIN, hostile_bank

__all__ = ["HONEST", "Arena", "Side", "build", "house_now"]

HONEST = ("a-first", "m-middle", "zz-last")
"""Neighbours: before, among and after all others."""
_LIMIT = 240  # seconds for one command
_SAID = "我来补，今天就好。"
"""What an honest learner writes, where a sentence is asked for."""
_CODE_SECONDS = 6
_CHANGING = (
    "submitted", "autograded", "feedback", "refused", "downloaded", "gradebook.db", "kefu.db",
    "grades.csv", "scores", ".kefu-grade.lock", "__pycache__", ".local", ".cache", ".jupyter",
    ".ipython", ".config",
)  # fmt: skip
"""What grading writes, or the programs that it is done with."""


@dataclass
class Side:
    """One of the two courses, and what grading it said."""

    course: Course
    outside: Path
    traces: Path
    said: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Arena:
    """Both sides after their runs, and what is fair for everyone who handed in.

    `tokens` are what may be found nowhere: texts of neighbours by their numbers, and under the
    empty number what the house keeps in its environment and its folders.
    """

    set: str
    sealed: Sealed
    attacks: tuple[Attack, ...]
    fair: dict[str, Fair]
    kefu: Side
    nbgrader: Side
    tokens: dict[str, str]


@cache
def build(base: Path, set_slug: str) -> Arena:
    """Everybody hands in a set, and it is graded; once for all who ask."""
    course, sealed = _course(base)
    folder = base / f"hostile {set_slug}"
    tokens = {who: f"text-of-{secrets.token_hex(8)}" for who in HONEST}
    tokens |= {"": f"house-{secrets.token_hex(8)}"}
    attacks = tuple(of(set_slug))
    assert attacks, cases
    sides, fair = [], dict[str, Fair]()
    for name in ("kefu", "nbgrader"):
        root = folder / f"{name} {tokens['']}"
        shutil.copytree(course.root, root)
        with (root / "nbgrader_config.py").open("a") as config:
            config.write(f"\nc = get_config()\nc.JudgeResponses.seconds = {_CODE_SECONDS}\n")
        side = Side(Course(root, *course.places.contents), folder / f"{name}-outside",
                    folder / f"{name}-traces")  # fmt: skip
        for made in (
            side.outside,
            side.traces,
            side.course.root / f"downloaded/{set_slug}/archive",
        ):
            made.mkdir(parents=True)
        (side.outside / "secret.txt").write_text(tokens[""])
        fair |= _hand_in(side, set_slug, sealed[set_slug], attacks, tokens)
        side.before = _house(side)
        sides.append(side)
    _grade(sides[0], sides[1], set_slug)
    return Arena(set_slug, sealed[set_slug], attacks, fair, sides[0], sides[1], tokens)


@cache
def _course(base: Path) -> tuple[Course, dict[str, Sealed]]:
    """The course as it was released, and what is sealed of each set."""
    course = Course(base / "hostile course", hostile_bank(base / "hostile bank"))
    course.weave()
    sealed = {}
    vault = course.vault()
    for slug in (PLAIN, CODE):
        course.nbgrader("generate_assignment", slug)
        cards = course.cards(slug)
        keys = {ref: vault.key(ref, card["version"]) or {} for ref, card in cards.items()}
        best = {ref: kinds.expert(card, keys[ref]) for ref, card in cards.items()
                if card["kind"] != "program"}  # fmt: skip
        # The model's own words must not be what anybody types: then they are found if they leak.
        best |= {ref: {"text": _SAID} for ref, given in best.items() if "text" in given}
        sealed[slug] = Sealed(cards, keys, best)
    vault.engine.dispose()
    return course, sealed


def _hand_in(
    side: Side, set_slug: str, sealed: Sealed, attacks: Sequence[Attack], tokens: Mapping[str, str]
) -> dict[str, Fair]:
    """Neighbours hand in honestly, and then each attacker after its own fashion."""
    fair = {}
    for who in HONEST:
        answers = {
            ref: {"text": f"{_SAID} {tokens[who]}"} if "text" in given else given
            for ref, given in sealed.best.items()
        }
        stage = _stage(side, set_slug, who, sealed)
        stage.journal(stage.lines(answers))
        cases.write_code(stage, f"# {tokens[who]}\n{cases.RIGHT}")
        fair[who] = Fair(answers, code=dict.fromkeys(cases.programs(sealed), 1.0))
    for attack in attacks:
        if not (attack.twin or side.course.root.name.startswith("kefu")):
            continue
        stage = _stage(side, set_slug, attack.student, sealed, handed_in=not attack.collected)
        fair[attack.student] = attack.stage(stage)
    return fair


def _stage(
    side: Side, set_slug: str, student: str, sealed: Sealed, *, handed_in: bool = True
) -> Stage:
    stage = Stage(side.course, set_slug, student, sealed, side.outside, side.traces)
    if handed_in:
        stage.folder.mkdir(parents=True)
        stage.book(stage.released)
        stage.journal(stage.lines(stage.best))
    return stage


def _grade(mine: Side, twin: Side, set_slug: str) -> None:
    """Collect and grade on both sides at once, then give back."""
    collect = ["nbgrader", "zip_collect", set_slug]
    pairs = {"grade": (["kefu", "grade", set_slug], ["nbgrader", "autograde", set_slug])}
    if set_slug == PLAIN:
        pairs = {"zip_collect": (collect, collect), **pairs}
    for name, (one, two) in pairs.items():
        running = [(side, _start(side, words)) for side, words in ((mine, one), (twin, two))]
        for side, process in running:
            _done(side, name, process)
    for side in (mine, twin):
        side.scores = _scores(side, set_slug)
    pages = _start(twin, ["kefu", "feedback", set_slug])
    commands = {"feedback": ["nbgrader", "generate_feedback", set_slug]}
    if set_slug == PLAIN:
        commands |= {
            "export": ["nbgrader", "export"],
            "kefu-csv": ["kefu", "export", "--to", "scores.csv"],
            "kefu-xlsx": ["kefu", "export", "--to", "scores.xlsx"],
            "appeals": ["kefu", "appeals", "list", set_slug],
        }
    for name, words in commands.items():
        _done(mine, name, _start(mine, words), tell=False)
    _done(twin, "feedback", pages, tell=False)


def _start(side: Side, words: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a command in a course's folder, with a secret in its environment."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("KEFU_")}
    env |= {"LC_ALL": "en_US.UTF-8", "PYTHONUTF8": "1", "HOME": str(side.outside),
            "HOUSE_SECRET": (side.outside / "secret.txt").read_text()}  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", *words], cwd=side.course.root, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def _done(side: Side, name: str, process: subprocess.Popen[bytes], *, tell: bool = True) -> None:
    began = time.monotonic()
    try:
        said, _ = process.communicate(timeout=_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
        said += b"\nNEVER CAME TO AN END"
    side.codes[name] = process.returncode
    side.took[name] = time.monotonic() - began
    side.shown[name] = said.decode("utf-8", "replace")
    if tell or process.returncode:
        side.said += side.shown[name]


def _house(side: Side) -> dict[str, str]:
    """A digest of everything that is the house's, and of what its vault holds."""
    found = {}
    for base in (side.course.root, side.outside):
        for top in sorted(base.iterdir()):
            if top.name.startswith(_CHANGING):
                continue
            for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
                if path.is_file() and "__pycache__" not in path.parts:
                    name = f"{base.name}/{path.relative_to(base).as_posix()}"
                    found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    engine = connect(side.course.places.database())
    rows = Vault(engine).history(side.course.cards())
    engine.dispose()
    return found | {"vault": hashlib.sha256(repr(rows).encode()).hexdigest()}


def house_now(side: Side) -> dict[str, str]:
    """The house as it is after the run."""
    return _house(side)


def _scores(side: Side, set_slug: str) -> dict[str, dict[str, Any]]:
    """Learner → cell → score, whether a person marks it, and what stands beside it."""
    found: dict[str, dict[str, Any]] = {}
    with side.course.gradebook() as book:
        for submission in book.assignment_submissions(set_slug):
            mine = found.setdefault(submission.student.id, {})
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    mine[grade.name] = (grade.auto_score, grade.needs_manual_grade)
                for comment in notebook.comments:
                    mine[f"comment of {comment.name}"] = comment.auto_comment
                mine["late"] = notebook.late_submission_penalty
    return found
