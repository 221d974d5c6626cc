"""A report's data: the released set, what was handed in, and the marks in the gradebook.

Nothing is written, nothing of a learner is run, and no learner's number goes any further.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from nbgrader.api import (
    Assignment,
    Grade,
    GradeCell,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)

from kefu.card import RUBRIC, Part
from kefu.grading import gradebook
from kefu.grading.mark import judge_all
from kefu.grading.paper import Paper
from kefu.grading.report.sittings import Answer, Asked, Line, Sitting, sit
from kefu.grading.report.whole import Report, analyse
from kefu.grading.submission import Submission, gather, handed_in
from kefu.places import Places
from kefu.text import TextJSON
from kefu.vault import Vault, connect

__all__ = ["asked_of", "booked", "handed", "load", "paper_of", "title_of"]


def load(set_slug: str, places: Places | None = None) -> Report:
    """The report of a set, from what lies in the course's folder now.

    Args:
        set_slug: a set that was released.
        places: the course; else the one around the working folder.

    Raises:
        KefuError: there is no course, the set was not released, or a database does not answer.
    """
    places = places or Places.find()
    paper = paper_of(places, set_slug)
    asked, points = asked_of(paper), booked(places, set_slug)
    sittings = []
    for submission in handed(places, set_slug):
        judged = judge_all(paper, submission)
        student = submission.student
        one = sit(asked, judged, submission.attempts, points.get(student, {}))
        if paper.programs:
            one = _with_groups(one, paper, _autograded(places, student, set_slug))
        sittings.append(one)
    return analyse(set_slug, title_of(paper), asked, sittings)


def paper_of(places: Places, set_slug: str) -> Paper:
    """The released set.

    Raises:
        KefuError: it was not released, or the vault lacks one of its keys.
    """
    engine = connect(places.database())
    try:
        return Paper.read(places, Vault(engine), set_slug)
    finally:
        engine.dispose()


def handed(places: Places, set_slug: str) -> Iterator[Submission]:
    """What was handed in for a set; a folder that is a link is no hand-in."""
    submitted = places.root / "submitted"
    for student in handed_in(submitted, set_slug):
        folder = submitted / student
        if not folder.is_symlink() and not (folder / set_slug).is_symlink():
            yield gather(submitted, student, set_slug)


def asked_of(paper: Paper) -> dict[str, Asked]:
    """The items in the order of the notebook, with points and rubric."""
    found = {}
    for name, points in paper.points.items():
        if name not in paper.cards:
            continue
        card = paper.cards[name]
        key = paper.keys.key(name, card["version"])
        assert key is not None, "a paper holds the keys of its cards"
        lines = sorted(key.get("rubric", ()), key=lambda one: (-one["points"], one["id"]))
        rubric = tuple(
            Line(one["text"], paper.points[f"{name}{RUBRIC}{at}"])
            for at, one in enumerate(lines, 1)
            if f"{name}{RUBRIC}{at}" in paper.points
        )
        found[name] = Asked(card, key, points, rubric)
    return found


def title_of(paper: Paper) -> TextJSON:
    """The set's title as its notebook begins."""
    source = next((c["source"] for c in paper.cells if c.get("id") == "_start"), "")
    first = "".join(source).partition("\n")[0].lstrip("# ")
    zh, _, en = first.partition(" · ")
    return {"zh": zh or paper.set, "en": en or zh or paper.set}


def booked(places: Places, set_slug: str) -> dict[str, dict[str, float | None]]:
    """Learner → grade cell → points; None for a mark that is still to be given.

    Raises:
        KefuError: the gradebook does not answer.
    """
    if not gradebook.is_there(places):
        return {}
    found: dict[str, dict[str, float | None]] = {}
    with gradebook.opened(places) as book:
        for row in book.db.execute(
            sa.select(
                SubmittedAssignment.student_id,
                GradeCell.name,
                Grade.manual_score,
                Grade.auto_score,
                Grade.needs_manual_grade,
            )
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(GradeCell, GradeCell.id == Grade.cell_id)
            .where(Assignment.name == set_slug, Notebook.name == set_slug)
        ):
            score = row.auto_score if row.manual_score is None else row.manual_score
            points = None if row.needs_manual_grade else score
            found.setdefault(row.student_id, {})[row.name] = points
    return found


def _autograded(places: Places, student: str, set_slug: str) -> dict[str, Any]:
    """The marked notebook of a learner; empty if there is none."""
    file = places.root / "autograded" / student / set_slug / f"{set_slug}.ipynb"
    try:
        made = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return made if isinstance(made, dict) else {}


def _with_groups(one: Sitting, paper: Paper, marked: dict[str, Any]) -> Sitting:
    """The same with the credit of each hidden group of a program, where grading noted it."""
    answers = dict(one.answers)
    for cell in marked.get("cells", ()):
        name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        if name not in paper.programs:
            continue
        noted = [o.get("metadata", {}).get("kefu", {}) for o in cell.get("outputs", ())]
        groups: dict[str, Any] = next((n["groups"] for n in noted if "groups" in n), {})
        about = {case["id"]: case["about"] for case in _cases(paper, name)}
        parts = tuple(
            Part(id=group, credit=float(share), why=about[group])
            for group, share in groups.items()
            if group in about
        )
        answer = answers[name]
        answers[name] = Answer(answer.credit, answer.status, parts=parts, changes=answer.changes)
    return Sitting(answers, one.journal)


def _cases(paper: Paper, ref: str) -> list[dict[str, Any]]:
    """The hidden groups of a program."""
    key = paper.keys.key(ref, paper.cards[ref]["version"])
    cases: list[dict[str, Any]] = (key or {}).get("cases", [])
    return cases
