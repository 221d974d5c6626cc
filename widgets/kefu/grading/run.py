"""A run of grading: what is new or changed, marked by several workers, booked by one.

Workers only mark; whoever runs this reads what was handed in and writes what was marked, so that
no two ever stand in each other's way at the gradebook.
A submission counts as graded when gradebook, history and notebook are written, in this order:
a run that was killed is simply run again, and ends in the same book.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kefu.errors import KefuError
from kefu.grading.book import Book
from kefu.grading.config import settings
from kefu.grading.history import Grading, History
from kefu.grading.limits import Guard
from kefu.grading.mark import Marked
from kefu.grading.paper import Paper
from kefu.grading.pool import Pool
from kefu.grading.reasons import Reasons
from kefu.grading.steps import JudgeResponses
from kefu.grading.submission import STAMP, Submission, gather, handed_in, passed_over, tidy
from kefu.journal import now
from kefu.places import Places
from kefu.text import Text
from kefu.vault import Vault, connect

__all__ = ["Change", "Run", "Why", "one_at_a_time", "open_run"]

Why = Literal["new", "changed", "same", "earlier-key"]
"""Why a submission is graded, or is not: nothing changed, or only the key, which `regrade` asks."""
_BATCH = 32
"""Submissions booked at once: a commit waits for the disk."""


@dataclass(frozen=True, slots=True)
class Change:
    """What grading makes of one submission: its scores by cell before and after.

    `before` is None where nothing was booked; `after` is None where it could not be graded,
    and `remarks` say why.
    """

    student: str
    why: Why
    before: dict[str, float | None] | None
    after: dict[str, float | None] | None
    remarks: tuple[Text, ...] = ()

    @property
    def moved(self) -> dict[str, tuple[float | None, float | None]]:
        """The cells whose score is another now."""
        before, after = self.before or {}, self.after or {}
        return {
            name: (before.get(name), score)
            for name, score in after.items()
            if before.get(name, ...) != score
        }


class Run:
    """One set of one course, to be graded.

    Args:
        places: the course.
        paper: the set.
        history: where gradings are kept.
        book: the set in nbgrader's gradebook.
        guard: how learners' code is run.
        clock: gives the time, as a journal writes it.
    """

    def __init__(
        self,
        places: Places,
        paper: Paper,
        history: History,
        book: Book,
        guard: Guard,
        clock: Callable[[], str],
    ) -> None:
        self.paper, self.guard = paper, guard
        self._submitted = places.root / "submitted"
        self._autograded = places.root / "autograded"
        self._history, self._clock = history, clock
        self._book = book
        self._last = history.last(paper.set)
        self._scores = self._book.scores()

    def close(self) -> None:
        """Let go of the gradebook."""
        self._book.close()

    def students(self) -> list[str]:
        """Whoever handed in something for this set."""
        return list(handed_in(self._submitted, self.paper.set))

    def strangers(self) -> list[str]:
        """Folders among the hand-ins that are no learner's, and are left alone."""
        return list(passed_over(self._submitted, self.paper.set))

    def grade(
        self,
        students: Sequence[str],
        pool: Pool,
        *,
        keys: bool = False,
        everything: bool = False,
        write: bool = True,
    ) -> Iterator[Change]:
        """Grade what is new or changed; gives one change a learner, in the order they are done.

        Args:
            students: whose submissions to look at.
            pool: who marks.
            keys: grade also what only the key changed of.
            everything: grade whatever is there, changed or not.
            write: False only tells what would change.
        """
        whys: dict[str, Why] = {}
        failed: list[Change] = []

        def wanted(why: Why) -> bool:
            return everything or why in ("new", "changed") or (keys and why == "earlier-key")

        def todo() -> Iterator[Submission]:
            for student in students:
                try:
                    submission = self._read(student)
                except OSError as error:
                    failed.append(self._failure(student, "changed", error))
                    continue
                whys[student] = self._why(submission)
                if wanted(whys[student]):
                    yield submission

        batch: list[tuple[Submission, Marked]] = []
        for submission, result in pool.mark(todo()):
            if isinstance(result, Marked):
                batch.append((submission, result))
            else:
                yield self._failure(submission.student, whys[submission.student], result)
            if len(batch) == _BATCH:
                yield from self._keep(batch, whys, write=write)
                batch.clear()
        yield from self._keep(batch, whys, write=write)
        yield from failed
        for student, why in whys.items():
            if not wanted(why):
                yield Change(student, why, self._scores.get(student), None)

    def _read(self, student: str) -> Submission:
        told = tidy(self._submitted, student, self.paper.set, self.paper.notebook)
        return gather(self._submitted, student, self.paper.set, told)

    def _why(self, submission: Submission) -> Why:
        last = self._last.get(submission.student)
        there = self._file(submission.student).is_file()
        if last is None or submission.student not in self._scores or not there:
            return "new"
        if (last.submission, last.release) != (submission.digest, self.paper.release):
            return "changed"
        booked = self._scores[submission.student]
        if any(booked[name] != score.auto for name, score in last.scores.items()):
            return "changed"
        return "same" if last.revision == self.paper.revision else "earlier-key"

    def _keep(
        self, batch: Sequence[tuple[Submission, Marked]], whys: dict[str, Why], *, write: bool
    ) -> Iterator[Change]:
        """Book a batch; if it is refused, each by itself, so that one never keeps back another."""
        try:
            if write:
                self._write(batch)
        except (KefuError, OSError) as error:
            if len(batch) == 1:
                student = batch[0][0].student
                yield self._failure(student, whys[student], error)
                return
            for one in batch:
                yield from self._keep([one], whys, write=True)
            return
        for submission, marked in batch:
            student = submission.student
            after = {name: score.auto for name, score in marked.scores.items()}
            before = self._scores.get(student)
            yield Change(student, whys[student], before, after, marked.remarks)

    def _write(self, batch: Sequence[tuple[Submission, Marked]]) -> None:
        if not batch:
            return
        at = self._clock()
        before = {who: last.texts for who, last in self._last.items()}
        self._book.record([(marked, submission.stamp) for submission, marked in batch], before)
        made = [Grading.of(self.paper, submission, marked, at) for submission, marked in batch]
        self._history.append(
            grading
            for grading in made
            if not ((last := self._last.get(grading.student)) and last.is_same(grading))
        )
        for submission, marked in batch:
            self._show(submission, marked)

    def _file(self, student: str) -> Path:
        return self._autograded / student / self.paper.set / f"{self.paper.set}.ipynb"

    def _show(self, submission: Submission, marked: Marked) -> None:
        """Put the marked notebook where formgrader and feedback look for it."""
        file = self._file(submission.student)
        file.parent.mkdir(parents=True, exist_ok=True)
        stamp = file.parent / STAMP
        if submission.stamp:
            _put(stamp, submission.stamp)
        else:
            stamp.unlink(missing_ok=True)
        _put(file, marked.notebook)

    def _failure(self, student: str, why: Why, error: Exception) -> Change:
        if isinstance(error, KefuError):
            said = Text(error.say("zh"), error.say("en"))
        else:
            said = Text(f"批改时出错：{error!r}", f"grading it failed: {error!r}")
        return Change(student, why, self._scores.get(student), None, (said,))


def _put(file: Path, text: str) -> None:
    """Whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, "utf-8")
    part.chmod(0o444)
    part.replace(file)


def open_run(places: Places, set_slug: str) -> Run:
    """A set as it stands: its release, its keys, its gradebook, the house's own rules.

    Raises:
        KefuError: the set was not released, or a database does not answer.
    """
    vault = Vault(connect(places.database()))
    shown = Reasons(vault.engine).released(set_slug)
    paper = Paper.read(places, vault, set_slug, reasons=shown)
    config = settings(places)
    book = Book.ruled(places.gradebook(), paper, vault.engine, config=config)
    guard = JudgeResponses(config=config).guard()
    return Run(places, paper, History(vault.engine), book, guard, now)


@contextmanager
def one_at_a_time(places: Places) -> Iterator[None]:
    """Hold the course for one run of grading; it is free again when the process ends.

    Raises:
        KefuError: another run holds it.
    """
    import fcntl  # Windows has none, and no grading of this kind

    file = os.open(places.root / ".kefu-grade.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with ExitStack() as stack:
        stack.callback(os.close, file)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise KefuError(
                Text("这门课正在批改", "this course is being graded"),
                Text("等它批完再运行", "wait until it is done, then run this again"),
            ) from error
        yield
