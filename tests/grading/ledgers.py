"""Gradebooks for tests, on SQLite and on PostgreSQL, with a small class in them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import nbgrader.api
import pytest
import sqlalchemy as sa
from nbgrader.api import Grade, Gradebook, SubmittedNotebook

from kefu.places import CONFIG, Places

__all__ = ["CELLS", "enter", "hand_in", "house", "mark"]

CELLS = {"umbrella--first-reply": 4.0, "umbrella--rings": 6.0}
"""The cells of each set that `enter` makes, and their points."""


@contextmanager
def house(
    make: str, root: Path, request: pytest.FixtureRequest, patch: pytest.MonkeyPatch
) -> Iterator[Places]:
    """A course's folder whose databases are of one make: its own files, or a schema of its own."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    patch.setattr(nbgrader.api, "get_alembic_version", lambda: "167914646830")
    patch.chdir(root)
    places = Places(root=root, contents=())
    if make == "sqlite":
        for name in ("KEFU_DB", "KEFU_GRADEBOOK"):
            patch.delenv(name, raising=False)
        yield places
        return
    plain = sa.create_engine(request.getfixturevalue("postgres_url"))
    schema = f"class_{secrets.token_hex(4)}"
    with plain.begin() as db:
        db.execute(sa.text(f"CREATE SCHEMA {schema}"))
    mine = plain.url.update_query_dict({"options": f"-csearch_path={schema}"})
    for name in ("KEFU_DB", "KEFU_GRADEBOOK"):
        patch.setenv(name, mine.render_as_string(hide_password=False))
    yield places
    with plain.begin() as db:
        db.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    plain.dispose()


def enter(book: Gradebook, *sets: str) -> None:
    """Enter sets with the cells of `CELLS`, as releasing them does."""
    for name in sets:
        book.add_assignment(name)
        book.add_notebook(name, name)
        for cell, points in CELLS.items():
            book.add_grade_cell(cell, name, name, max_score=points, cell_type="code")
            book.add_solution_cell(cell, name, name)


def hand_in(places: Places, student: str, set_slug: str, at: str | None) -> None:
    """Put a hand-in where nbgrader looks for it; None: nobody noted when it came."""
    folder = places.root / "submitted" / student / set_slug
    folder.mkdir(parents=True)
    (folder / "responses.jsonl").write_text("", "utf-8")
    if at:
        (folder / "timestamp.txt").write_text(f"{at} UTC", "utf-8")


def mark(
    book: Gradebook,
    student: str,
    set_slug: str,
    at: datetime | None = None,
    auto: tuple[float | None, ...] = (4.0, 2.0),
    penalty: float | None = None,
    comment: str | None = None,
) -> None:
    """Book a graded hand-in, as nbgrader does; a score of None waits for a person."""
    book.update_or_create_submission(set_slug, student, timestamp=at)
    notebook = book.find_submission_notebook(set_slug, set_slug, student)
    assert isinstance(notebook, SubmittedNotebook)
    notebook.late_submission_penalty = penalty
    for grade, score in zip(sorted(notebook.grades, key=_name), auto, strict=True):
        grade.auto_score, grade.needs_manual_grade = score, score is None
    for said in notebook.comments:
        said.manual_comment = comment
    book.db.commit()


def _name(grade: Grade) -> str:
    return str(grade.name)
