"""A second, blind marker: what goes out, what may come back, and what is made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kefu.errors import KefuError
from kefu.grading.calibrate import RECORD, SHEET, back, compared, draw
from kefu.grading.report.agreement import Pair, agree
from kefu.quality.testing import ENOUGH
from kefu.text import TextJSON
from tests.grading.course import Course
from tests.grading.reported import classroom, copied, give_marks

__all__ = ["classroom"]

FIRST = {f"zhang-wei-{n:02}": (float(n % 4), float(n % 3)) for n in range(1, 9)}
"""Learner → the first marker's points on the two lines, of 3 and of 2."""


@pytest.fixture
def course(classroom: Course, tmp_path: Path) -> Course:
    """The class, eight of its eleven texts marked by the first marker."""
    mine = copied(classroom, tmp_path / "course")
    give_marks(mine, FIRST)
    return mine


@pytest.fixture
def folder(course: Course) -> Path:
    """Where the report of the set goes."""
    return course.root / "reports" / "first"


def rows_of(file: Path) -> list[list[Any]]:
    """The rows of the sheet to be marked, its heading first."""
    sheet = openpyxl.load_workbook(file).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def filled(file: Path, points: Callable[[list[Any]], Any], **changes: Any) -> Path:
    """The sheet as a second marker saves it: points in the last column; changes by cell."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        row[5].value = points([cell.value for cell in row])
    for where, value in changes.items():
        sheet[where] = value
    done = file.with_name("filled.xlsx")
    book.save(done)
    return done


def as_first(folder: Path) -> Callable[[list[Any]], float]:
    """A second marker who gives just what the first one gave, or 0."""
    kept = json.loads((folder / RECORD).read_text("utf-8"))["rows"]

    def points(row: list[Any]) -> float:
        about = kept[row[0]]
        return FIRST.get(about["student"], (0.0, 0.0))[about["line"]]

    return points


def test_the_sheet_is_blind(course: Course, folder: Path) -> None:
    """One row for each text and line; no learner, no first mark, no code that tells."""
    file = draw(course.places, "first", 20, 7, folder)
    head, *rows = rows_of(file)
    assert len(rows) == 11 * 2
    assert head[-1] == "给分 points"
    assert all(row[-1] is None for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    assert sorted({row[4] for row in rows}) == [2, 3]
    everything = "".join(
        f"{cell.value}"
        for sheet in openpyxl.load_workbook(file)
        for row in sheet.iter_rows()
        for cell in row
    )
    assert "zhang-wei" not in everything
    assert "我帮您联系财务的同事" in everything, "the model answer"


def test_a_text_that_looks_like_a_formula_stays_a_text(course: Course, folder: Path) -> None:
    """What a learner wrote is never calculated."""
    file = draw(course.places, "first", 20, 7, folder)
    cells = [row[2] for row in openpyxl.load_workbook(file).worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}


def test_marked_texts_are_drawn_first(course: Course, folder: Path) -> None:
    """While there are texts with first marks, no other is drawn."""
    draw(course.places, "first", 8, 3, folder)
    kept = json.loads((folder / RECORD).read_text("utf-8"))["rows"].values()
    assert {row["student"] for row in kept} == set(FIRST)


def test_the_same_seed_draws_the_same_texts_under_other_codes(course: Course, folder: Path) -> None:
    """A seed repeats the draw and its order; codes are new each time."""
    first = rows_of(draw(course.places, "first", 5, 11, folder))
    (folder / RECORD).unlink()
    second = rows_of(draw(course.places, "first", 5, 11, folder))
    assert [row[1:] for row in first] == [row[1:] for row in second]
    assert not {row[0] for row in first[1:]} & {row[0] for row in second[1:]}
    (folder / RECORD).unlink()
    other = rows_of(draw(course.places, "first", 5, 12, folder))
    assert [row[1:] for row in other] != [row[1:] for row in second]


def test_a_sheet_that_is_out_is_not_overwritten(course: Course, folder: Path) -> None:
    """A second sheet is refused until the first has come back; then it may be drawn."""
    file = draw(course.places, "first", 4, 1, folder)
    with pytest.raises(KefuError, match="has not come back"):
        draw(course.places, "first", 4, 2, folder)
    assert compared(course.places, "first", folder) is None
    back(course.places, "first", filled(file, as_first(folder)), folder)
    draw(course.places, "first", 4, 2, folder)


def test_the_same_marks_agree_wholly(course: Course, folder: Path) -> None:
    """A second marker who gives the same marks has full agreement; unmarked texts are counted."""
    file = draw(course.places, "first", 20, 7, folder)
    found = back(course.places, "first", filled(file, as_first(folder)), folder)
    assert [(one.most, one.same.value, one.same.n) for one in found.criteria] == [
        (3.0, 1.0, 8),
        (2.0, 1.0, 8),
    ]
    assert [one.kappa for one in found.criteria] == [1.0, 1.0]
    assert found.apart == ()
    assert found.unmarked == 3 * 2


def test_what_differs_most_comes_first(course: Course, folder: Path) -> None:
    """Texts on which the two differ are listed, the farthest apart first, without a learner."""
    file = draw(course.places, "first", 20, 7, folder)
    found = back(course.places, "first", filled(file, lambda row: row[4]), folder)
    apart = [one.apart for one in found.apart]
    assert apart[0] == 1.0
    assert apart == sorted(apart, reverse=True)
    assert all((one.severity.value or 0) > 0 for one in found.criteria)
    assert "zhang-wei" not in repr(found)


def test_a_text_changed_since_is_left_out(course: Course, folder: Path) -> None:
    """Marks of a text that its learner has replaced meanwhile are not compared."""
    file = draw(course.places, "first", 20, 7, folder)
    journal = course.root / "submitted" / "zhang-wei-01" / "first" / "responses.jsonl"
    journal.write_bytes(journal.read_bytes().replace("我来跟进".encode(), "我来看看".encode()))
    found = back(course.places, "first", filled(file, as_first(folder)), folder)
    assert found.unmarked == 4 * 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"F2": None}, "row 2 needs 0 to 3"),
        ({"F2": 3.5}, "row 2 needs 0 to 3"),
        ({"F2": -1}, "row 2 needs 0 to 3"),
        ({"F2": "nan"}, "row 2 needs 0 to 3"),
        ({"F2": "good"}, "row 2 needs 0 to 3"),
        ({"C3": "another text"}, "row 3 was changed"),
        ({"E3": 9}, "row 3 was changed"),
        ({"D3": "another criterion"}, "row 3 was changed"),
        ({"A4": "deadbeef"}, "row 4 has a wrong code; 1 rows are missing"),
    ],
)
def test_another_sheet_is_refused(
    course: Course, folder: Path, changes: dict[str, Any], said: str
) -> None:
    """A mark out of range, an altered text, criterion or code: refused, and nothing is kept."""
    file = draw(course.places, "first", 20, 7, folder)
    before = (folder / RECORD).read_bytes()
    with pytest.raises(KefuError, match=said):
        back(course.places, "first", filled(file, as_first(folder), **changes), folder)
    assert (folder / RECORD).read_bytes() == before
    assert compared(course.places, "first", folder) is None


def test_a_row_that_stands_twice_is_refused(course: Course, folder: Path) -> None:
    """A copied row is a wrong code the second time."""
    file = draw(course.places, "first", 20, 7, folder)
    done = filled(file, as_first(folder))
    book = openpyxl.load_workbook(done)
    sheet = book.worksheets[0]
    sheet.append([cell.value for cell in sheet[2]])
    book.save(done)
    with pytest.raises(KefuError, match="row 24 has a wrong code"):
        back(course.places, "first", done, folder)


def test_broken_lines_of_a_text_are_no_change(course: Course, folder: Path) -> None:
    """A spreadsheet may break lines and pad cells otherwise than we do."""
    file = draw(course.places, "first", 20, 7, folder)
    text = rows_of(file)[1][3]
    done = filled(file, as_first(folder), D2=f" {text.replace(chr(10), chr(13) + chr(10))}\n")
    assert back(course.places, "first", done, folder).criteria


def test_without_a_record_nothing_can_come_back(course: Course, folder: Path) -> None:
    """Whoever reads a sheet in must have drawn one here."""
    with pytest.raises(KefuError, match=f"no {RECORD}"):
        back(course.places, "first", folder / SHEET, folder)


def test_a_damaged_record_is_told(course: Course, folder: Path) -> None:
    """A record that cannot be read is named, not passed over."""
    folder.mkdir(parents=True)
    (folder / RECORD).write_text('{"rows": {"x": {}}}', "utf-8")
    with pytest.raises(KefuError, match="cannot be read"):
        compared(course.places, "first", folder)


# ---- the comparison itself

WORDS: TextJSON = {"zh": "要点", "en": "A line"}


def pairs(*marks: tuple[float, float]) -> list[Pair]:
    """Marks of two markers on one line of 2 points."""
    return [Pair(WORDS, WORDS, f"t{at}", 2.0, a, b) for at, (a, b) in enumerate(marks)]


def test_few_texts_give_no_conclusion() -> None:
    """Below the least number there are shares with intervals, and no reading of kappa."""
    found = agree(pairs((0, 0), (1, 2), (2, 2))).criteria[0]
    assert "no conclusion" in found.reading.en
    assert found.same.low < 2 / 3 < found.same.high


def test_marks_that_never_vary_have_no_kappa() -> None:
    """Where both give one mark throughout, kappa is undefined and said to be so."""
    found = agree(pairs(*[(2.0, 2.0)] * ENOUGH)).criteria[0]
    assert found.kappa is None
    assert "undefined" in found.reading.en


def test_a_stricter_marker_is_told() -> None:
    """Where one marker gives less throughout, strictness is what to settle first."""
    found = agree(pairs(*[(2.0, 1.0), (1.0, 0.0), (1.0, 1.0)] * 10)).criteria[0]
    assert found.severity.value == pytest.approx(-2 / 3)
    assert found.severity.high < 0
    assert "stricter" in found.reading.en


def test_kappa_weighs_by_points() -> None:
    """A difference of two points weighs four times one of one point; own arithmetic."""
    near = agree(pairs(*[(0, 0), (1, 1), (2, 2), (1, 2)] * 8)).criteria[0].kappa
    far = agree(pairs(*[(0, 0), (1, 1), (2, 2), (0, 2)] * 8)).criteria[0].kappa
    assert near is not None
    assert far is not None
    assert near > far
    # Squared differences: seen 8 of 32; by chance from the margins 1/4, 1/2, 1/4 and 1/4, 1/4, 1/2.
    chance = 1 / 4 * (1 / 4 + 4 / 2) + 1 / 2 * (1 / 4 + 1 / 2) + 1 / 4 * (4 / 4 + 1 / 4)
    assert near == pytest.approx(1 - (1 / 4) / chance)
