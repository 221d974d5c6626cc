"""The commands for what learners get back: feedback, releasing reasons, questions about marks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kefu.grading.reasons import Reasons
from kefu.notebook import APPEALS
from tests.cli.running import kefu
from tests.grading.course import Course, story
from tests.grading.pages import Page, copied, course, grade

RINGS = "umbrella--rings"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One graded hand-in with a question; one on the list who has not handed in."""
    made = course(tmp_path_factory.mktemp("once"))
    folder = made.submit("s01", made.answers({RINGS: {"number": "4"}}))
    asked = {"id": "0" * 32, "item": RINGS, "text": "why \x1b[31m not 4?",
             "at": "2026-11-22T08:00:00.000Z", "lang": "en"}  # fmt: skip
    (folder / APPEALS).write_text(json.dumps(asked) + "\n")
    grade(made)
    with made.gradebook() as book:
        book.add_student("s09")
    return made


@pytest.fixture
def graded(once: Course, tmp_path: Path) -> Course:
    """A copy of it, to be changed."""
    return copied(once, tmp_path)


def _reasons(made: Course) -> str:
    return Reasons(made.vault().engine).released("first")


def test_feedback_writes_what_changed(graded: Course) -> None:
    """`kefu feedback` says how many pages there are and how many it wrote."""
    assert "1 feedback pages, 1 written" in kefu(graded.root, "feedback", cold=True).stdout
    again = kefu(graded.root / "content", "feedback", "first", "--student", "s01")
    assert "1 feedback pages, 0 written" in again.stdout
    done = kefu(graded.root, "feedback", "first", "--student", "nobody", code=1)
    assert "nobody: what was marked of nobody cannot be read" in done.stderr
    assert (
        "no set 'other' has been released" in kefu(graded.root, "feedback", "other", code=1).stderr
    )


def test_releasing_asks_first_and_says_what_it_does(graded: Course) -> None:
    """Without a yes nothing is released; who has not handed in is named before the question."""
    done = kefu(graded.root, "release-reasons", "first", code=1, typed="n\n", cold=True)
    for words in ("what would have been right", "never count again", "not handed in yet (1): s09",
                  "cannot be undone"):  # fmt: skip
        assert words in done.stdout
    assert not _reasons(graded)
    done = kefu(graded.root, "release-reasons", "first", typed="y\n")
    assert "1 submissions explained in full" in done.stdout
    assert _reasons(graded)
    kefu(graded.root, "feedback")
    assert "What is right" in Page(graded.feedback("s01")).words["en"]
    again = kefu(graded.root, "release-reasons", "first")
    assert "were released at" in again.stdout
    assert "0 submissions explained" in again.stdout


def test_releasing_waits_for_a_regrade(graded: Course) -> None:
    """After a corrected key the command refuses, and names the one that comes first."""
    file = graded.root / "content/scenarios/umbrella.toml"
    file.write_text(file.read_text().replace('"{standard.phone.rings}"', "4", 1))
    kefu(graded.root, "weave")
    done = kefu(graded.root, "release-reasons", "first", "--yes", code=1)
    assert "run kefu regrade first" in done.stderr
    assert not _reasons(graded)
    kefu(graded.root, "regrade", "first", "--yes")
    kefu(graded.root, "release-reasons", "first", "--yes")
    assert graded.scores()["s01"][RINGS] == 4


def test_weave_and_check_refuse_what_is_burned(graded: Course) -> None:
    """A burned item in an exam is told by file and line, by both commands, and nothing is woven."""
    kefu(graded.root, "release-reasons", "first", "--yes")
    kefu(graded.root, "weave")
    (graded.root / "content/scenarios/umbrella.toml").write_text(story("exam"))
    for command in ("weave", "check"):
        done = kefu(graded.root, command, code=1)
        assert "content/scenarios/umbrella.toml:10: the reasons of umbrella--first-reply were " \
               "released with the set first" in done.stdout + done.stderr  # fmt: skip
    assert (graded.root / "solutions/first/first.ipynb").is_file()


def test_questions_are_listed_and_answered(graded: Course) -> None:
    """Open questions are listed with answer and credit; once answered only with --all."""
    for words in (["appeals"], ["appeals", "first"], ["appeals", "list", "first"]):
        said = kefu(graded.root, *words).stdout
        assert f"first  s01  4. {RINGS}" in said
        assert "question: why [31m not 4?" in said
        assert "answered: 4 rings" in said
        assert "credit: 0 / 4" in said
    done = kefu(graded.root, "appeals", "answer", "first", "s01", "4", "The standard is 3.")
    assert "questions answered: 1" in done.stdout
    assert "no question waits" in kefu(graded.root, "appeals", cold=True).stdout
    assert "answer: The standard is 3." in kefu(graded.root, "appeals", "--all").stdout
    kefu(graded.root, "appeals", "answer", "first", "s01", "rings", typed="From a pipe.\n")
    assert "answer: From a pipe." in kefu(graded.root, "appeals", "--all").stdout
    for words in (["s02", "4", "x"], ["s01", "1", "x"], ["s01", "9", "x"], ["s01", "4", " "]):
        kefu(graded.root, "appeals", "answer", "first", *words, code=1)
    kefu(graded.root, "feedback")
    assert "The standard is 3." in graded.feedback("s01")
