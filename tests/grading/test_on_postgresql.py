"""Questions, released reasons, due dates and feedback, with both databases on PostgreSQL.

The laws are those of `test_appeals`, `test_reasons` and `test_feedback`, on another course.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import pytest
import sqlalchemy as sa
from nbgrader.api import Gradebook

from kefu.grading import deadlines
from kefu.grading.deadlines import Extensions
from kefu.notebook import APPEALS
from tests.grading import test_appeals, test_feedback, test_reasons
from tests.grading.course import Course, bank
from tests.grading.pages import grade
from tests.grading.test_rewrite_cells import HALF, ITEM, STORY

RINGS = test_appeals.RINGS


class Elsewhere(Course):
    """A course whose gradebook is the one that `KEFU_GRADEBOOK` names."""

    def gradebook(self) -> Gradebook:
        """That one."""
        return Gradebook(self.places.gradebook())


@dataclass
class Stage:
    """A course at rest: its folder, and a database that holds both its house and its gradebook."""

    admin: sa.Engine
    root: Path
    database: str = ""

    @contextmanager
    def opened(self) -> Iterator[Elsewhere]:
        """The course, with the environment that leads to its database."""
        url = self.admin.url.set(database=self.database).render_as_string(hide_password=False)
        with pytest.MonkeyPatch.context() as patch:
            for name in ("KEFU_DB", "KEFU_GRADEBOOK"):
                patch.setenv(name, url)
            yield Elsewhere(self.root, self.root / "content")

    @contextmanager
    def copied(self, root: Path) -> Iterator[Stage]:
        """A copy of it, to be changed; its database goes when all is done."""
        name = f"course_{secrets.token_hex(4)}"
        shutil.copytree(self.root, root)
        with self.admin.connect() as db:
            # Whoever still holds a line to it keeps it from being copied.
            lines = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            db.execute(sa.text(lines), {"name": self.database})
            db.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {self.database}"))
        try:
            yield Stage(self.admin, root, name)
        finally:
            with self.admin.connect() as db:
                db.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="module")
def released(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A course whose set is released; nothing is handed in."""
    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    folder = tmp_path_factory.mktemp("released")
    (folder / "nothing").mkdir()
    with Stage(admin, folder / "nothing", "template1").copied(folder / "course") as stage:
        with stage.opened() as made:
            bank(made.root / "content", scenarios__invoice=STORY)
            made.weave()
            made.nbgrader("generate_assignment", "first")
        yield stage
    admin.dispose()


@pytest.fixture(scope="module")
def asked(released: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One graded hand-in, with one question."""
    with released.copied(tmp_path_factory.mktemp("asked") / "course") as stage:
        with stage.opened() as made:
            answers = made.answers({ITEM: {"text": HALF}, RINGS: {"number": "4"}})
            (made.submit("s01", answers) / APPEALS).write_bytes(test_appeals._line())
            grade(made)
        yield stage


@pytest.fixture(scope="module")
def late(released: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One who answered, a day late, and one who did not; both are graded."""
    with released.copied(tmp_path_factory.mktemp("late") / "course") as stage:
        with stage.opened() as made:
            answers = made.answers({ITEM: {"text": HALF}, RINGS: {"number": "3"}})
            folder = made.submit("s01", answers)
            (folder / "timestamp.txt").write_text("2026-11-20 11:00:00 UTC")
            made.submit("s02", b"")
            due = test_feedback.DUE.replace(tzinfo=UTC)
            with made.gradebook() as book, closing(Extensions.at(made.places)) as waiting:
                deadlines.set_due(book, made.places, waiting, "first", due)
            grade(made)
        yield stage


def a_copy(of: Stage, folder: Path) -> Iterator[Course]:
    """A course at rest, opened where it may be changed."""
    with of.copied(folder / "course") as stage, stage.opened() as made:
        yield made


def test_both_databases_are_there(released: Stage) -> None:
    """The house and the gradebook are in PostgreSQL, and no file stands in for either."""
    assert not [*released.root.glob("*.db")]
    with released.opened() as made, made.gradebook() as book:
        assert [one.name for one in book.assignments] == ["first"]
        assert made.vault().cards(RINGS)


class TestAppeals:
    """Questions about marks."""

    @pytest.fixture
    def graded(self, asked: Stage, tmp_path: Path) -> Iterator[Course]:
        """A copy of the course, to be changed."""
        yield from a_copy(asked, tmp_path)

    test_shown = staticmethod(test_appeals.test_question_and_answer_stand_under_the_item)
    test_kept_once = staticmethod(test_appeals.test_taking_them_in_twice_keeps_them_once)
    test_waiting = staticmethod(test_appeals.test_one_question_waits_until_it_is_answered)
    test_listed = staticmethod(test_appeals.test_the_list_tells_what_was_answered_and_earned)
    test_hostile = staticmethod(test_appeals.test_hostile_questions_are_passed_over)
    test_ones_own = staticmethod(test_appeals.test_one_learner_sees_only_ones_own)


class TestReasons:
    """Released reasons, due dates and extensions, and the pages that tell of them."""

    @pytest.fixture
    def graded(self, late: Stage, tmp_path: Path) -> Iterator[Course]:
        """A copy of the course, to be changed."""
        yield from a_copy(late, tmp_path)

    test_once = staticmethod(test_reasons.test_releasing_is_kept_in_the_history_and_done_once)
    test_both = staticmethod(test_reasons.test_both_graders_show_the_same)
    test_by_hand = staticmethod(test_reasons.test_marks_by_hand_stand)
    test_stopped = staticmethod(
        test_reasons.test_what_is_left_of_a_stopped_release_is_done_the_next_time
    )
    test_after = staticmethod(test_reasons.test_who_hands_in_after_the_release_is_pointed_out)
    test_same_bytes = staticmethod(test_feedback.test_nbgrader_writes_the_same_bytes)
    test_late = staticmethod(test_feedback.test_being_late_is_explained)
    test_changed = staticmethod(test_feedback.test_a_score_changed_by_hand_says_so)

    def test_an_extension_is_told(self, graded: Course) -> None:
        """Longer until after the hand-in: the page tells the later date, and nobody is late."""
        assert "迟了 1 天 3 小时" in test_feedback._page(graded, "s01").words["zh"]
        with graded.gradebook() as book, closing(Extensions.at(graded.places)) as waiting:
            deadlines.extend(book, graded.places, waiting, "first", "s01", "2")
        words = test_feedback._page(graded, "s01").words["zh"]
        assert "截止时间（含延期）" in words
        assert "迟了" not in words
