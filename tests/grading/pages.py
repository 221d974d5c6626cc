"""Feedback pages for tests: a class that is graded without nbgrader's apps, and reading a page."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from kefu.grading.feedback import generate
from kefu.grading.pool import here
from kefu.grading.run import Change, open_run
from tests.grading.course import Course, bank, within

__all__ = ["Page", "copied", "course", "feedback", "grade", "mark"]


def course(folder: Path, **changes: str) -> Course:
    """A small course whose set is released; nothing is handed in."""
    return copied(_released(frozenset(changes.items())), folder)


def copied(made: Course, folder: Path) -> Course:
    """A course of one's own below a folder, to be changed."""
    shutil.copytree(made.root, folder / "course")
    return Course(folder / "course", folder / "course" / "content")


@cache
def _released(changes: frozenset[tuple[str, str]]) -> Course:
    """Woven and released once in a process for all who ask for the same."""
    root = Path(tempfile.mkdtemp(prefix="kefu-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    made = Course(root, bank(root / "content", **dict(changes)))
    made.weave()
    made.nbgrader("generate_assignment", "first")
    return made


def grade(made: Course, *, keys: bool = False) -> list[Change]:
    """Grade what is new or changed, as `kefu grade` does."""
    with within(made.root):
        run = open_run(made.places, "first")
        try:
            return list(run.grade(run.students(), here(run.paper, run.guard), keys=keys))
        finally:
            run.close()


def feedback(made: Course, *students: str) -> dict[str, object]:
    """Write the pages that would change; gives what came of each."""
    with within(made.root):
        return dict(generate(made.places, "first", list(students) or None))


def mark(
    made: Course, student: str, cell: str, score: float, comment: str = "", extra: float = 0
) -> None:
    """What formgrader does when a marker types a score."""
    with made.gradebook() as book:
        given = book.find_grade(cell, "first", "first", student)
        given.manual_score, given.needs_manual_grade = score, False
        given.extra_credit = extra or None
        if comment:
            book.find_comment(cell, "first", "first", student).manual_comment = comment
        book.db.commit()


class Page(HTMLParser):
    """The elements of a page, what of it could do something, and its words by language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.active: Counter[tuple[str, str | None]] = Counter()
        self.words = {"zh": "", "en": ""}
        self._langs: list[tuple[str, str]] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count it, and what it could do; remember its language."""
        self.tags[tag] += 1
        self.active.update(
            (n, v)
            for n, v in attrs
            if n.startswith("on") or n in ("src", "action", "formaction", "srcdoc")
            or (n == "href" and not str(v).startswith("#"))
        )  # fmt: skip
        if tag not in ("br", "meta", "input", "img", "link", "base"):
            lang = str(dict(attrs).get("lang") or (self._langs[-1][1] if self._langs else ""))
            self._langs.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        """Its language ends with it."""
        while self._langs and self._langs.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Words, by the language they are marked with."""
        if self._langs and self._langs[-1][0] not in ("style", "script"):
            lang = "en" if self._langs[-1][1] == "en" else "zh"
            self.words[lang] += data
