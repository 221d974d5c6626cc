"""`kefu grade` and `kefu regrade`, as an instructor types them."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kefu.grading.history import History
from tests.cli.running import kefu
from tests.grading.books import told
from tests.grading.course import Course, bank, files_of, line

CHOICE = "umbrella--first-reply"
SOLVED = {
    CHOICE: "您晚上再来问问吧。",
    "umbrella--rings": {"number": "3"},
}
"""What learners answer: a saying worth 0.45, and a number that is right."""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course whose set is released, and for which five learners handed in."""
    folder = tmp_path_factory.mktemp("graded")
    course = Course(folder / "course", bank(folder / "course" / "content"))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    for n in range(5):
        course.submit(f"s{n}", _journal(course))
    return course


@pytest.fixture
def course(released: Course, tmp_path: Path) -> Course:
    """A copy of it, with nothing graded."""
    shutil.copytree(released.root, tmp_path / "course")
    return Course(tmp_path / "course", tmp_path / "course" / "content")


def _journal(course: Course) -> bytes:
    cards = course.cards()
    said = next(o["id"] for o in cards[CHOICE]["options"] if o["text"]["zh"] == SOLVED[CHOICE])
    return line(cards[CHOICE], {"option": said}) + line(
        cards["umbrella--rings"], SOLVED["umbrella--rings"]
    )


def _book(course: Course) -> dict[str, Any]:
    return told(f"sqlite:///{course.root / 'gradebook.db'}")


def _score(course: Course, student: str, item: str = CHOICE) -> float:
    grades: dict[str, list[Any]] = _book(course)["submissions"][f"{student} first"]["grades"]
    return float(grades[item][0])


def _correct_the_key(course: Course) -> None:
    story = course.root / "content/scenarios/umbrella.toml"
    story.write_text(story.read_text("utf-8").replace("credit.wait = 0.45", "credit.wait = 0.75"))
    course.weave()


def test_what_is_new_is_graded_once(course: Course) -> None:
    """The first run grades everybody, the second nobody, the third who handed in again."""
    assert "graded 5 (5 new, 0 changed)" in kefu(course.root, "grade").stdout
    assert "graded 0 (0 new, 0 changed), 5 unchanged" in kefu(course.root, "grade").stdout
    course.submit("s3", None, b"{}")
    (course.root / "submitted/s3/first/responses.jsonl").write_bytes(b"")
    course.submit("s9", _journal(course))
    said = kefu(course.root, "grade", "first")
    assert "graded 2 (1 new, 1 changed), 4 unchanged" in said.stdout
    assert "s3: no responses were handed in" in said.stderr
    assert (_score(course, "s3"), _score(course, "s9")) == (0, 1.8)
    assert len(History(course.vault().engine).of("first", "s3")) == 2


def test_a_dry_run_tells_and_writes_nothing(course: Course) -> None:
    """`--dry-run` names who would be graded and the score, and leaves every file as it was."""
    kefu(course.root, "grade", "--dry-run")  # makes the tables
    before = files_of(course.root)
    said = kefu(course.root, "grade", "--dry-run").stdout
    assert "s0: — → 5.8" in said
    assert "would grade 5 (5 new, 0 changed)" in said
    after = files_of(course.root)
    changing = {name for name in before if name.startswith("kefu.db")}
    assert {n: b for n, b in after.items() if n not in changing} == {
        n: b for n, b in before.items() if n not in changing
    }
    assert _book(course)["submissions"] == {}


def test_one_learner_is_graded_alone(course: Course) -> None:
    """`--student` grades who is named, and says so of a number that has not handed in."""
    kefu(course.root, "grade", "first", "--student", "s1", "--student", "s2")
    assert sorted(_book(course)["submissions"]) == ["s1 first", "s2 first"]
    assert "s8 has not handed in" in kefu(course.root, "grade", "--student", "s8", code=1).stderr
    assert "no set 'frist'" in kefu(course.root, "grade", "frist", code=1).stderr


def test_a_corrected_key_waits_for_regrade(course: Course) -> None:
    """`grade` says that the key changed and changes nothing; `regrade` shows, asks, then writes."""
    kefu(course.root, "grade")
    assert "no key has changed" in kefu(course.root, "regrade", cold=True).stdout
    _correct_the_key(course)
    said = kefu(course.root, "grade").stdout
    assert "5 were graded under an earlier key" in said
    assert _score(course, "s0") == 1.8

    silent = kefu(course.root, "regrade", "first", code=1).stderr
    assert "nobody answered, and nothing was written; add --yes" in " ".join(silent.split())
    assert "Abort" not in silent
    refused = kefu(course.root, "regrade", "first", typed="n\n").stdout
    assert f"  s0: 5.8 → 7\n    {CHOICE}: 1.8 → 3\n" in refused
    assert "5 were graded under an earlier key, 5 scores change" in refused
    assert _score(course, "s0") == 1.8

    kefu(course.root, "regrade", "first", typed="y\n")
    assert [_score(course, f"s{n}") for n in range(5)] == [3.0] * 5
    assert _score(course, "s0", "umbrella--rings") == 4.0
    assert "no key has changed" in kefu(course.root, "regrade").stdout
    kept = History(course.vault().engine).of("first", "s0")
    assert [grading.scores[CHOICE].auto for grading in kept] == [1.8, 3.0]
    assert kept[0].revision != kept[1].revision


def test_who_hands_in_after_a_correction_gets_the_new_key(course: Course) -> None:
    """A new submission is graded under the key as it is now, beside old ones as they were."""
    kefu(course.root, "grade")
    _correct_the_key(course)
    course.submit("s9", _journal(course))
    kefu(course.root, "grade")
    assert (_score(course, "s0"), _score(course, "s9")) == (1.8, 3.0)


def test_a_submission_that_cannot_be_booked_keeps_back_no_other(course: Course) -> None:
    """One whose folder cannot be written is named with exit code 1; the rest is graded."""
    (course.root / "autograded").mkdir()
    (course.root / "autograded/s2").write_text("in the way")
    said = kefu(course.root, "grade", code=1)
    assert "4 (4 new, 0 changed), 1 could not be graded" in said.stdout
    assert "s2: " in said.stderr
    assert [_score(course, s) for s in ("s0", "s1", "s3", "s4")] == [1.8] * 4
    (course.root / "autograded/s2").unlink()
    kefu(course.root, "grade")
    assert _score(course, "s2") == 1.8


def test_a_gradebook_that_does_not_know_the_set_is_said(course: Course) -> None:
    """Without a release in this gradebook nothing is graded; the sentence says what to run."""
    (course.root / "gradebook.db").unlink()
    said = kefu(course.root, "grade", code=1).stderr
    assert "nbgrader generate_assignment first" in said
    assert "Traceback" not in said


def test_a_terminal_gets_a_bar_and_a_file_plain_lines(course: Course) -> None:
    """In a terminal progress is a bar; elsewhere no control character is written."""
    own, side = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "kefu", "grade", "first"], cwd=course.root, check=True,
        stderr=side, stdout=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    os.close(side)
    drawn = os.read(own, 65536)
    os.close(own)
    assert b"\x1b[" in drawn
    assert "\x1b" not in kefu(course.root, "grade", "first").stderr
