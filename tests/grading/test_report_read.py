"""Where a report's numbers come from: the release, the hand-ins, the gradebook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kefu.errors import KefuError
from kefu.grading.paper import Keyring, Paper
from kefu.grading.report import load
from kefu.grading.report.advice import suggestions
from kefu.grading.report.read import _with_groups, asked_of, booked, paper_of
from kefu.grading.report.sittings import Answer, Sitting
from kefu.grading.report.whole import analyse
from tests.grading.course import GRADED, Course
from tests.grading.reported import card, classroom, copied, give_marks

__all__ = ["classroom"]

REWRITE, TALK = "invoice--say-it-better", "counter--at-the-counter"


def test_a_report_agrees_with_the_gradebook(classroom: Course) -> None:
    """The mean credit of each item is the mean of the booked scores over its points."""
    report = load("first", classroom.places)
    scores = classroom.scores()
    assert {one.ref for one in report.items} == {*GRADED, REWRITE, TALK}
    for item in report.items:
        mean = sum(of[item.ref] or 0 for of in scores.values()) / len(scores)
        assert item.facility.value == pytest.approx(mean / item.asked.points, abs=1e-4)
        assert item.n == 12


def test_who_handed_in_no_journal_counts_as_blank(classroom: Course) -> None:
    """A hand-in without a record is told, and blank on every item."""
    report = load("first", classroom.places)
    assert report.without_journal == 1
    assert all((one.blank.value or 0) >= 1 / 12 for one in report.items)


def test_rubrics_come_from_the_gradebook(classroom: Course, tmp_path: Path) -> None:
    """Lines of a rubric stand with most points first, with what a person gave and what waits."""
    course = copied(classroom, tmp_path / "course")
    give_marks(course, {"zhang-wei-01": (3.0, 1.0), "zhang-wei-02": (1.5, 2.0)})
    report = load("first", course.places)
    lines = [one for one in report.item(REWRITE).pieces if one.kind == "line"]
    assert [(one.text["en"], one.points) for one in lines] == [
        ("Sounds like speech", 3.0),
        ("Says who follows up", 2.0),
    ]
    assert [one.share.value for one in lines] == pytest.approx([0.75, 0.75])
    assert [(one.share.n, one.waiting) for one in lines] == [(2, 9), (2, 9)]
    assert (report.waiting, report.waiting_parts) == (9, 18)
    assert not report.item(REWRITE).rubric_counted


def test_a_marked_class_is_counted_with_its_rubrics(classroom: Course, tmp_path: Path) -> None:
    """Once every text is marked, the set is out of all points and nobody waits."""
    course = copied(classroom, tmp_path / "course")
    give_marks(course, {f"zhang-wei-{n:02}": (3.0, 0.0) for n in range(12)})
    report = load("first", course.places)
    assert report.waiting == 0
    assert report.item(REWRITE).rubric_counted
    assert report.most == 5 * 4 + 3 + 5
    most = report.scores[-1]
    with course.gradebook() as book:
        best = max(one.score for one in book.assignment_submissions("first"))
    assert most == pytest.approx(best)


def test_without_a_gradebook_all_marks_wait(classroom: Course, tmp_path: Path) -> None:
    """A class that has not been graded yet has a report of what can be judged."""
    course = copied(classroom, tmp_path / "course")
    (course.root / "gradebook.db").unlink()
    assert booked(course.places, "first") == {}
    assert load("first", course.places).waiting == 11


def test_a_folder_that_is_a_link_is_no_hand_in(classroom: Course, tmp_path: Path) -> None:
    """What a link points to is never read, be it the learner's folder or the set's."""
    course = copied(classroom, tmp_path / "course")
    submitted = course.root / "submitted"
    (submitted / "mallory").symlink_to(submitted / "zhang-wei-01")
    (submitted / "trudy").mkdir()
    (submitted / "trudy" / "first").symlink_to(submitted / "zhang-wei-02" / "first")
    assert load("first", course.places).n == 12


def test_a_conversation_is_followed(classroom: Course) -> None:
    """The ways through the dialogue are counted, and whoever was rude has lost the customer."""
    talk = load("first", classroom.places).item(TALK).talk
    assert talk is not None
    assert sum(one.times for one in talk.paths) == 11
    rude = sum(one.times for one in talk.paths if one.outcome == 0)
    assert talk.stops[0].lost == rude
    assert rude > 0


def test_a_set_that_was_not_released_has_no_report(classroom: Course) -> None:
    """An unknown set is refused in words."""
    with pytest.raises(KefuError, match="has not been released"):
        load("second", classroom.places)


# ---- programs


def program() -> Paper:
    """A set of one program worth 6 points, with two groups of hidden inputs."""
    ref = "mean--program"
    key = {
        "cases": [
            {"id": "g1", "about": {"zh": "空的", "en": "an empty list"}, "given": [[]]},
            {"id": "g2", "about": {"zh": "一般的", "en": "plain lists"}, "given": [[1], [2]]},
        ]
    }
    asked = card(ref, "program")
    cell = {"metadata": {"nbgrader": {"grade_id": ref, "points": 6, "grade": True}}}
    notebook = json.dumps({"cells": [cell]})
    return Paper("code", notebook, {ref: asked}, Keyring({ref: {"v1": (asked, key)}}))


def marked(**groups: float) -> dict[str, object]:
    """A notebook as grading leaves it, with the credit of each group noted."""
    outputs = [{"metadata": {"kefu": {"groups": groups}}}, {"metadata": {}}]
    about = {"nbgrader": {"grade_id": "mean--program", "grade": True}}
    return {"cells": [{"metadata": about, "outputs": outputs}, {"metadata": {}}]}


def test_a_program_is_shown_by_its_hidden_groups() -> None:
    """Where grading noted the credit of each group, its mean stands under the group's name."""
    paper = program()
    asked = asked_of(paper)
    class_ = [
        _with_groups(Sitting({"mean--program": Answer(credit, "judged")}), paper, noted)
        for credit, noted in (
            (1.0, marked(g1=1.0, g2=1.0)),
            (0.5, marked(g1=0.0, g2=1.0)),
            (0.0, {}),
            (0.25, marked(g1=0.0, g2=0.5, g9=1.0)),
        )
    ]
    item = analyse("code", {"zh": "组", "en": "set"}, asked, class_).items[0]
    assert item.facility.value == pytest.approx(1.75 / 4)
    assert [(p.text["en"], p.share.n) for p in item.pieces] == [
        ("an empty list", 3),
        ("plain lists", 3),
    ]
    assert [p.share.value for p in item.pieces] == pytest.approx([1 / 3, 2.5 / 3])


def test_a_program_that_is_not_graded_is_no_zero() -> None:
    """Code nobody has graded yet has no score: it is neither blank nor wrong."""
    paper = program()
    column = [Sitting({"mean--program": Answer(None, "judged")})] * 3
    report = analyse("code", {"zh": "组", "en": "set"}, asked_of(paper), column)
    item = report.items[0]
    assert (item.answered, item.facility.n, item.blank.value) == (0, 0, None)
    assert report.scores == ()
    assert suggestions(item) == []


def test_the_released_paper_gives_the_order(classroom: Course) -> None:
    """Items stand as in the notebook, with the points they have there."""
    paper = paper_of(classroom.places, "first")
    refs = [name for name in paper.points if "--rubric-" not in name]
    assert list(asked_of(paper)) == refs
    assert {ref: one.points for ref, one in asked_of(paper).items()}[REWRITE] == 3
