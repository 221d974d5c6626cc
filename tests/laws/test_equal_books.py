"""Law 5, in the book: `kefu grade` and `nbgrader autograde` write the same, cell for cell.

`make test` grades a class of sixty so, and `make soak` one of two hundred. The sixty are the first
of the two hundred: every kind of item is answered, and every oddity is among them.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import nbformat
import pytest
from nbgrader.api import Gradebook

from kefu.card import RUBRIC
from kefu.grading.deadlines import Extensions
from kefu.grading.history import History
from tests.cli.running import kefu
from tests.grading.books import autograded, told
from tests.grading.course import Course, line
from tests.laws.graders import Graders, build, drawn

CLASSES = (60, pytest.param(200, marks=pytest.mark.soak))
"""How many learners hand in."""
DUE = "2026-11-19 12:00:00"
TIMES = ("2026-11-18 10:00:00 UTC", "2026-11-20 09:30:00 UTC")
RULE = "\nget_config().LateSubmissionPlugin.penalty_method = 'zero'  # noqa: F821\n"
LONGER = [f"g{n:03}" for n in range(20, 60)]
"""Who may hand in two days later."""
REWRITE = "button--say-it-better"
LINE = f"{REWRITE}{RUBRIC}1"


@dataclass
class Twins:
    """One class handed in to two courses: one graded by nbgrader, one by `kefu grade`."""

    learners: int
    graders: Graders
    stock: Course
    own: Course

    @property
    def both(self) -> tuple[Course, Course]:
        """The two courses."""
        return self.stock, self.own

    def hand_in(self, student: str, journal: bytes, at: str) -> None:
        """Put the same hand-in into both."""
        for course in self.both:
            (course.submit(student, journal) / "timestamp.txt").write_text(at)

    def grade(self) -> None:
        """Grade each by its own command, twice: the second time there is nothing to do."""
        for _ in range(2):
            self.stock.nbgrader("autograde", "first")
            kefu(self.own.root, "grade", "first", "--workers", "2")

    def agree(self) -> None:
        """Nothing in either book says otherwise, and the marked notebooks are the same."""
        mine, theirs = (told(url(course)) for course in self.both)
        for who, said in mine["submissions"].items():
            assert said == theirs["submissions"].get(who), who
        assert mine == theirs
        read = partial(nbformat.reads, as_version=4)
        shown, also = (autograded(course.root, read=read) for course in self.both)
        assert shown.keys() == also.keys()
        for file, notebook in shown.items():
            assert notebook == also[file], file


def url(course: Course) -> str:
    """Where a course's gradebook is."""
    return f"sqlite:///{course.root / 'gradebook.db'}"


@pytest.fixture(scope="module", params=CLASSES)
def twins(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """A class, some of them late, some with a notebook or a journal that is no longer one."""
    folder = tmp_path_factory.mktemp("twins")
    graders = build(folder)
    stock = graders.sealed
    with (stock.root / "nbgrader_config.py").open("a") as config:
        config.write(RULE)
    with Gradebook(url(stock), "kefu") as book:
        book.update_or_create_assignment("first", duedate=DUE)
    shutil.copytree(stock.root, folder / "own")
    own = Course(folder / "own", *stock.places.contents)
    shutil.copy(stock.root / "nbgrader_config.py", own.root)
    made = Twins(request.param, graders, stock, own)
    for n in range(made.learners):
        dice = random.Random(n)
        made.hand_in(f"g{n:03}", stock.answers(drawn(graders, dice)), dice.choice(TIMES))
    for course in made.both:
        submitted = course.root / "submitted"
        (submitted / "g000/first/responses.jsonl").unlink()
        (submitted / "g001/first/first.ipynb").write_bytes(b"{torn")
        (submitted / "g002/first/responses.jsonl").write_bytes(b"\x00\xff not a journal")
        (submitted / "g003/first/timestamp.txt").unlink()
        (submitted / "g004/first/extra.txt").write_text("not asked for")
        longer = Extensions(course.vault().engine)
        for student in LONGER:
            longer.grant("first", student, timedelta(days=2))
    made.grade()
    return made


def test_the_books_are_equal(twins: Twins) -> None:
    """Scores, comments, times, penalties and what waits for a marker are the same for all."""
    twins.agree()
    said = told(url(twins.own))["submissions"]
    assert len(said) == twins.learners
    assert any(any(one["late"]) for one in said.values())
    assert [said[f"{who} first"]["extension"] for who in LONGER] == ["2 days, 0:00:00"] * 40
    assert not any(any(said[f"{who} first"]["late"]) for who in LONGER)
    assert any(one["waits"] for one in said.values())
    assert len({one["score"] for one in said.values()}) > 20


def test_a_mark_by_hand_stands_until_its_text_changes(twins: Twins) -> None:
    """After a second hand-in only who wrote another text is to be marked again, in both books."""
    waiting = [
        w.split()[0] for w, one in told(url(twins.own))["submissions"].items() if one["waits"]
    ]
    for course in twins.both:
        with Gradebook(url(course), "kefu") as book:
            for student in waiting:
                grade = book.find_grade(LINE, "first", "first", student)
                grade.manual_score, grade.needs_manual_grade = 1.5, False
            book.db.commit()
    same, other, third = [who for who in waiting if who > "g009"][:3]
    cards = twins.stock.cards()
    for student, ref, response in (
        (same, "umbrella--rings", {"number": "3"}),
        (other, REWRITE, {"text": "我来查，今天五点前回您电话。"}),
    ):
        before = (twins.stock.root / f"submitted/{student}/first/responses.jsonl").read_bytes()
        twins.hand_in(student, before + line(cards[ref], response), "2026-11-21 08:00:00 UTC")
    twins.grade()
    twins.agree()
    said = told(url(twins.own))["submissions"]
    assert said[f"{same} first"]["grades"][LINE] == [None, 1.5, None, False]
    assert said[f"{other} first"]["grades"][LINE] == [None, 1.5, None, True]
    assert said[f"{third} first"]["grades"][LINE] == [None, 1.5, None, False]


def test_either_goes_on_where_the_other_was(twins: Twins) -> None:
    """What nbgrader graded is unchanged to `kefu grade`, and is kept in the history."""
    assert f"{twins.learners} unchanged" in kefu(twins.stock.root, "grade", "first").stdout
    assert len(History(twins.stock.vault().engine).last("first")) == twins.learners


def test_a_book_that_is_off_is_caught(twins: Twins) -> None:
    """One score that differs by a hundredth is found out, and set right by the next run."""
    with Gradebook(url(twins.own), "kefu") as book:
        grade = book.find_grade("umbrella--rings", "first", "first", "g010")
        grade.auto_score += 0.01
        book.db.commit()
    with pytest.raises(AssertionError, match="g010"):
        twins.agree()
    kefu(twins.own.root, "grade", "first")
    twins.agree()
