"""Marking in nbgrader's own autograding: a hook and three steps.

The hook sets aside what does not belong in a hand-in, before nbgrader copies anything.
The first step, in the sanitize stage, reads what was handed in into memory and puts the released
notebook in its place;
the second marks it, and leaves scores and tables where formgrader, feedback and export look for
them; the third writes the marks into the gradebook.
Whatever marks, `kefu grade` or these steps, it is `kefu.grading.mark` and `kefu.grading.book`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float

from kefu.grading.book import Book
from kefu.grading.history import Grading, History
from kefu.grading.limits import Guard, Limits
from kefu.grading.mark import Marked, mark
from kefu.grading.paper import Paper
from kefu.grading.reasons import Reasons
from kefu.grading.submission import Submission, gather, tidy
from kefu.journal import now
from kefu.places import Places
from kefu.text import Text
from kefu.vault import Vault, connect

__all__ = ["AnyNotebook", "JudgeResponses", "SaveMarks", "TakeResponses", "set_aside"]

_Where = tuple[str, str]
_TOLD: dict[_Where, tuple[Text, ...]] = {}
_TAKEN: dict[_Where, Submission] = {}
_MARKED: dict[_Where, tuple[Paper, Submission, Marked]] = {}


def _where(resources: Any) -> _Where:
    about = resources["nbgrader"]
    return about["student"], about["assignment"]


def set_aside(assignment: str, student: str, notebooks: list[str]) -> None:
    """The hook: leave only what belongs in a hand-in.

    Nbgrader names set and student as they were asked for, perhaps as `*`:
    which hand-in it is stands in the paths.
    The list is nbgrader's own, and is brought up to date: a notebook that was set aside is gone,
    one that was missing is there.
    """
    for folder in {Path(name).parent for name in notebooks}:
        mine, submitted = folder.parent, folder.parent.parent
        with _vault() as vault:
            paper = Paper.read(Places.find(), vault, folder.name)
        told = tidy(submitted, mine.name, folder.name, paper.notebook)
        notebooks[:] = [str(folder / f"{folder.name}.ipynb")]
        _TOLD[mine.name, folder.name] = told


@contextmanager
def _vault() -> Iterator[Vault]:
    engine = connect(Places.find().database())
    try:
        yield Vault(engine)
    finally:
        engine.dispose()


class AnyNotebook(NotebookExporter):
    """Reads a learner's notebook whatever has become of it, since nothing of it is kept."""

    def from_file(self, file_stream: Any, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """A notebook that is torn, or is none, is read as an empty one."""
        try:
            nb = nbformat.read(file_stream, as_version=4)
        except Exception:  # nbformat raises whatever the file's content leads it to
            nb = new_notebook()
        made: tuple[Any, Any] = self.from_notebook_node(nb, resources, **kw)  # type: ignore[no-untyped-call]
        return made


class TakeResponses(NbGraderPreprocessor):  # type: ignore[misc]
    """Read what was handed in; give the notebook as it was released."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Keep what was handed in for `JudgeResponses`."""
        student, assignment = where = _where(resources)
        submitted = Path(resources["metadata"]["path"]).parent.parent
        _TAKEN[where] = gather(submitted, student, assignment, _TOLD.pop(where, ()))
        places = Places.find()
        with _vault() as vault:
            paper = Paper.read(places, vault, assignment)
        return nbformat.reads(paper.notebook, as_version=4), resources


class JudgeResponses(NbGraderPreprocessor):  # type: ignore[misc]
    """Mark what `TakeResponses` kept."""

    sandboxed = Bool(True, help="Whether learners' code runs in a sandbox.").tag(config=True)
    seconds = Float(
        Limits().wall, help="How long the code of one notebook may run, in seconds."
    ).tag(config=True)

    def guard(self) -> Guard:
        """How learners' code is run here."""
        return Guard(self.sandboxed, replace(Limits(), wall=self.seconds))

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Give the marked notebook; the first result of a grade cell is its score."""
        _, assignment = where = _where(resources)
        submission = _TAKEN.pop(where)
        with _vault() as vault:
            shown = Reasons(vault.engine).released(assignment)
            paper = Paper.read(Places.find(), vault, assignment, reasons=shown)
        marked = mark(paper, submission, self.guard())
        for remark in marked.remarks:
            self.log.warning("%s, %s: %s · %s", *reversed(where), remark.zh, remark.en)
        _MARKED[where] = paper, submission, marked
        return nbformat.reads(marked.notebook, as_version=4), resources


class SaveMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """Write what `JudgeResponses` marked into the gradebook, and keep how it came about."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Give the notebook as it is."""
        paper, submission, marked = _MARKED.pop(_where(resources))
        url = resources["nbgrader"]["db_url"]
        with _vault() as vault, closing(Book.ruled(url, paper, vault.engine, parent=self)) as book:
            history = History(vault.engine)
            last = history.last(paper.set).get(submission.student)
            book.record(
                [(marked, submission.stamp)], {submission.student: last.texts if last else {}}
            )
            grading = Grading.of(paper, submission, marked, now())
            if last is None or not last.is_same(grading):
                history.append([grading])
        return nb, resources
