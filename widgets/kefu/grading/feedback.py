"""The pages learners get back, alike from `nbgrader generate_feedback` and `kefu feedback`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from nbconvert.exporters import Exporter

from kefu.errors import KefuError
from kefu.grading.appeals import AppealBook
from kefu.grading.booked import booked
from kefu.grading.config import settings
from kefu.grading.history import History
from kefu.grading.judge import not_released
from kefu.grading.page import Facts, draw
from kefu.grading.reasons import Reasons
from kefu.grading.submission import STAMP, handed_in
from kefu.notebook import CARDS
from kefu.places import Places
from kefu.text import Text
from kefu.vault import connect

__all__ = ["FeedbackExporter", "Pages", "generate"]


class Pages:
    """The pages of one set, to be used in a `with`.

    What learners ask about their marks is taken from their hand-ins first.

    Args:
        places: the course.
        url: of the gradebook.
        set_slug: which set.

    Raises:
        KefuError: the set was not released, or a database does not answer.
    """

    def __init__(self, places: Places, url: str, set_slug: str) -> None:
        self._set = set_slug
        try:
            data = json.loads((places.exercises / set_slug / CARDS).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise not_released(set_slug) from error
        self._title = Text.of(data["title"])
        self._book = sa.create_engine(url)
        self._house = connect(places.database())
        self._history = History(self._house)
        self._appeals = AppealBook(self._house)
        self._released = Reasons(self._house).released(set_slug)
        items = [card["item"] for card in data["cards"]]
        self._appeals.collect(places.root / "submitted", set_slug, items)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the databases."""
        self._book.dispose()
        self._house.dispose()

    def page(self, student: str, notebook: dict[str, Any]) -> str:
        """One learner's page.

        Args:
            student: whose.
            notebook: as marking left it.

        Raises:
            KefuError: nothing of it is booked.
        """
        with self._book.connect() as db:
            marks = booked(db, self._set, student)
        if marks is None:
            raise KefuError(
                Text(
                    f"成绩册里没有 {student} 的 {self._set}",
                    f"the gradebook has no {self._set} of {student}",
                ),
                Text(f"先运行 kefu grade {self._set}", f"run kefu grade {self._set} first"),
            )
        facts = Facts(
            student=student,
            title=self._title,
            booked=marks,
            gradings=self._history.of(self._set, student),
            asked=self._appeals.of(self._set, student),
            released=self._released,
        )
        return draw(notebook, facts)


def generate(
    places: Places, set_slug: str, students: list[str] | None = None
) -> Iterator[tuple[str, bool | KefuError]]:
    """Write the pages that would change; gives whose, and whether it was written, or why not.

    Raises:
        KefuError: the set was not released, or a database does not answer.
    """
    graded = places.root / "autograded"
    url = str(settings(places).CourseDirectory.db_url)
    with Pages(places, url, set_slug) as pages:
        for student in students or list(handed_in(graded, set_slug)):
            source = graded / student / set_slug / f"{set_slug}.ipynb"
            try:
                notebook = json.loads(source.read_text("utf-8"))
                made = pages.page(student, notebook).encode()
            except (OSError, ValueError) as error:
                yield student, _not_graded(student, set_slug, error)
                continue
            except KefuError as error:
                yield student, error
                continue
            file = places.root / "feedback" / student / set_slug / f"{set_slug}.html"
            stamp = source.with_name(STAMP)
            if stamp.is_file():  # by which nbgrader tells whether a page is older
                _put(file.with_name(STAMP), stamp.read_bytes())
            yield student, _put(file, made)


def _not_graded(student: str, set_slug: str, error: Exception) -> KefuError:
    return KefuError(
        Text(
            f"{student} 的批改结果读不了（{error}）",
            f"what was marked of {student} cannot be read ({error})",
        ),
        Text(f"先运行 kefu grade {set_slug}", f"run kefu grade {set_slug} first"),
    )


def _put(file: Path, data: bytes) -> bool:
    """Whole or not at all, and only where it changes something; True if it was written."""
    if file.is_file() and file.read_bytes() == data:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(data)
    part.chmod(0o644)
    part.replace(file)
    return True


class FeedbackExporter(Exporter):
    """The same pages, for nbgrader: what it registers to prepare a notebook is not needed."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)  # type: ignore[no-untyped-call]
        self._pages: dict[tuple[str, str], Pages] = {}

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """The page of one learner's notebook."""
        made = self._init_resources(resources)  # type: ignore[no-untyped-call]
        about = made["nbgrader"]
        where = about["db_url"], about["assignment"]
        if where not in self._pages:
            self._pages[where] = Pages(Places.find(), *where)
        return self._pages[where].page(about["student"], nb), made
