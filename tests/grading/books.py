"""A gradebook told so that two can be compared: by names, never by the ids nbgrader draws."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

__all__ = ["autograded", "told"]


def told(url: str) -> dict[str, Any]:
    """Everything a gradebook says of sets, learners, submissions, grades and comments."""
    with Gradebook(url, "kefu") as book:
        return {
            "students": sorted(s.id for s in book.students),
            "sets": {a.name: [str(a.duedate), a.max_score] for a in book.assignments},
            "submissions": {
                f"{s.student.id} {s.name}": {
                    "timestamp": str(s.timestamp),
                    "extension": str(s.extension),
                    "score": s.score,
                    "late": [n.late_submission_penalty for n in s.notebooks],
                    "waits": s.needs_manual_grade,
                    "flagged": [n.flagged for n in s.notebooks],
                    "grades": {
                        g.name: [g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade]
                        for n in s.notebooks
                        for g in n.grades
                    },
                    "comments": {
                        c.name: [c.auto_comment, c.manual_comment]
                        for n in s.notebooks
                        for c in n.comments
                    },
                }
                for a in book.assignments
                for s in a.submissions
            },
        }


def autograded(root: Path, *, read: Callable[[str], Any] = json.loads) -> dict[str, Any]:
    """Every marked notebook below a course, by its path.

    Args:
        root: the course.
        read: makes of a file what is compared. Two programs may break lines otherwise: what both
            wrote is read as a notebook.
    """
    folder = root / "autograded"
    return {
        str(file.relative_to(folder)): read(file.read_text("utf-8"))
        for file in sorted(folder.glob("*/*/*.ipynb"))
    }
