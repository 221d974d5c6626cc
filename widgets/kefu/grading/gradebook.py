"""Nbgrader's gradebook, opened for whoever runs a class, and what may go wrong with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from nbgrader.api import Assignment, Gradebook, InvalidEntry

from kefu.errors import KefuError
from kefu.grading.judge import not_released
from kefu.places import Places
from kefu.text import Text

__all__ = ["COURSE", "assignment", "find_alembic", "is_there", "opened", "patient", "refusals"]

COURSE = "kefu"
"""What nbgrader calls the course."""
_WAIT = 60  # seconds to wait for another who writes into SQLite


@contextmanager
def opened(places: Places) -> Iterator[Gradebook]:
    """The gradebook of a course, made if it is not there; what is not committed is dropped.

    Raises:
        KefuError: the database does not answer, or does not take what is written.
    """
    find_alembic()
    with refusals(), Gradebook(patient(places.gradebook()), COURSE) as book:
        yield book


def patient(url: str) -> str:
    """The address of a gradebook at which one waits for whoever else writes."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        parsed = parsed.update_query_dict({"timeout": f"{_WAIT}"})
    return parsed.render_as_string(hide_password=False)


@contextmanager
def refusals() -> Iterator[None]:
    """What the database refuses, in a sentence.

    Raises:
        KefuError: it does not answer, or does not take what is written.
    """
    try:
        yield
    except (sa.exc.SQLAlchemyError, InvalidEntry, ImportError) as error:
        # An address that cannot be read may hold a password, and is not repeated.
        said = str(getattr(error, "orig", None) or type(error).__name__)
        said = said.strip().partition("\n")[0]
        raise KefuError(
            Text(f"成绩册连不上，或写不进去（{said}）", f"the gradebook cannot be used ({said})"),
            Text(
                "请检查 KEFU_GRADEBOOK；若没有设，请检查 gradebook.db 的权限和磁盘空间",
                "check KEFU_GRADEBOOK; if it is not set, the permissions of gradebook.db "
                "and the disk's room",
            ),
        ) from error


def is_there(places: Places) -> bool:
    """Whether there is a gradebook to read; a database on a server is taken to be there."""
    try:
        url = sa.make_url(places.gradebook())
    except sa.exc.ArgumentError:
        return True  # opening it says what is wrong
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def assignment(book: Gradebook, places: Places, set_slug: str) -> Assignment | None:
    """A set in the gradebook; None: it is woven or released, but the gradebook has yet to learn it.

    Raises:
        KefuError: there is no such set.
    """
    found = book.db.scalar(sa.select(Assignment).where(Assignment.name == set_slug))
    made = [f.name for part in (places.solutions, places.exercises) for f in _folders(part)]
    if found is None and set_slug not in made:
        known = sorted({*made, *book.db.scalars(sa.select(Assignment.name))})
        if not known:
            raise not_released(set_slug)
        raise KefuError(
            Text(f"没有叫 {set_slug} 的作业", f"there is no set called {set_slug!r}"),
            Text(f"现有的是：{'、'.join(known)}", f"there are: {', '.join(known)}"),
        )
    return found


def _folders(folder: Path) -> list[Path]:
    there = folder.iterdir() if folder.is_dir() else ()
    return [one for one in there if one.is_dir() and not one.name.startswith(".")]


def find_alembic() -> None:
    """Nbgrader calls alembic by name; without it a new gradebook could never be upgraded."""
    beside, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if beside not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, (beside, path)))
