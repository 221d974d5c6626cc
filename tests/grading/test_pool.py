"""Who marks makes no difference: this process, several, or a cluster."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from distributed import LocalCluster

from kefu.grading import pool
from kefu.grading.limits import Guard
from kefu.grading.mark import Marked
from kefu.grading.paper import Paper
from kefu.grading.submission import Submission
from tests.cli.running import kefu
from tests.grading.books import autograded, told
from tests.grading.course import Course, bank
from tests.grading.mortal import dies
from tests.laws.attempts import whole

LEARNERS = 40


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class that handed in."""
    folder = tmp_path_factory.mktemp("pool")
    made = Course(folder / "course", bank(folder / "bank"))
    made.weave()
    made.nbgrader("generate_assignment", "first")
    for n in range(LEARNERS):
        dice = random.Random(n)
        given = {ref: whole(card, dice) for ref, card in made.cards().items()}
        made.submit(f"p{n:02}", made.answers(given))
    return made


def _twin(course: Course, name: str) -> Path:
    root = course.root.parent / name
    shutil.copytree(course.root, root)
    return root


def test_a_cluster_writes_the_same_book(course: Course) -> None:
    """Two workers of a real Dask cluster mark as one process does, cell for cell."""
    alone, there = _twin(course, "alone"), _twin(course, "there")
    kefu(alone, "grade", "first", "--workers", "1")
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        kefu(there, "grade", "first", "--dask", cluster.scheduler_address)
    mine, theirs = (told(f"sqlite:///{root}/gradebook.db") for root in (alone, there))
    assert len(mine["submissions"]) == LEARNERS
    assert mine == theirs
    assert autograded(alone) == autograded(there)


def test_nobody_at_the_address_is_told(course: Course) -> None:
    """A cluster that does not answer ends the run with a sentence, and nothing is graded."""
    said = kefu(course.root, "grade", "first", "--dask", "tcp://127.0.0.1:9", code=1).stderr
    assert "no Dask cluster answers at tcp://127.0.0.1:9" in said
    assert not (course.root / "autograded").exists()


@pytest.fixture
def mortal(course: Course, monkeypatch: pytest.MonkeyPatch) -> pool.Pool:
    """Workers that die of the seventh learner."""
    paper = Paper.read(course.places, course.vault(), "first")
    monkeypatch.setattr(pool, "_try_mine", dies)
    return pool.processes(paper, 2, Guard())


def test_a_submission_that_kills_its_worker_keeps_back_no_other(mortal: pool.Pool) -> None:
    """Whoever was under way when a worker died is marked all the same; the culprit is named."""
    class_ = [Submission(f"p{n:02}", "first", b"", b"") for n in range(LEARNERS)]
    done = {s.student: result for s, result in mortal.mark(class_)}
    assert len(done) == LEARNERS
    assert [who for who, result in done.items() if not isinstance(result, Marked)] == ["p07"]
