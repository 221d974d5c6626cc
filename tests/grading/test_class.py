"""A class in its gradebook, on SQLite and on PostgreSQL."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from nbgrader.api import Assignment

from kefu.errors import KefuError
from kefu.grading import deadlines, roster
from kefu.grading.classlist import Learner, read
from kefu.grading.deadlines import Extensions, moment
from kefu.grading.export import CsvExport, export
from kefu.grading.gradebook import opened
from kefu.grading.scores import items, scores, sets
from kefu.grading.sheets import read_rows
from kefu.grading.standing import Standing, lateness, standings
from kefu.places import Places
from tests.grading.ledgers import enter, hand_in, house, mark

DUE = datetime(2026, 11, 20, 10, tzinfo=UTC)
AT = datetime(2026, 11, 20, 13, 30)  # what nbgrader keeps is UTC without a zone
LIST = "学号,姓名,邮箱\ns01,王小明,m@example.com\ns02,欧阳,\ns03,Anna Schmidt,\n"


@pytest.fixture(params=["sqlite", "postgresql"])
def places(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Places]:
    """A folder with databases of each make: a class of three, and two sets."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    with house(request.param, tmp_path / "course", request, monkeypatch) as places:
        with opened(places) as book:
            enter(book, "first", "second")
            _take(places, LIST)
        yield places


@pytest.fixture
def waiting(places: Places) -> Iterator[Extensions]:
    """Who has longer."""
    waiting = Extensions.at(places)
    yield waiting
    waiting.close()


def _take(places: Places, text: str) -> roster.Plan:
    (places.root / "l.csv").write_text(text, "utf-8")
    found = read(places.root / "l.csv")
    with opened(places) as book:
        plan = roster.compare(found, roster.learners(book))
        if not plan.faults:
            roster.take(book, found)
    return plan


def _due(places: Places, waiting: Extensions, due: datetime | None = DUE) -> None:
    with opened(places) as book:
        deadlines.set_due(book, places, waiting, "first", due)


def _standings(places: Places, waiting: Extensions) -> dict[str, Standing]:
    with opened(places) as book:
        return {s.learner.number: s for s in standings(book, places, waiting, ["first"])}


def test_a_list_is_in_the_gradebook(places: Places) -> None:
    """Learners come back as the list has them, the names in nbgrader's two columns."""
    with opened(places) as book:
        assert roster.learners(book) == {
            "s01": Learner("s01", "王", "小明", "m@example.com"),
            "s02": Learner("s02", "欧", "阳"),
            "s03": Learner("s03", "Schmidt", "Anna"),
        }
        assert book.find_student("s01").last_name == "王"


def test_a_second_list_changes_and_adds_and_deletes_nobody(places: Places) -> None:
    """New and changed are told and taken; an empty cell changes nothing; who is gone stays."""
    plan = _take(places, "学号,姓名,邮箱\ns01,王晓明,\ns02,欧阳,\ns04,李四,x@example.com\n")
    assert [one.number for one in plan.new] == ["s04"]
    assert [(c.number, c.what.en, c.before, c.after) for c in plan.changes] == [
        ("s01", "name", "王小明", "王晓明")
    ]
    assert [one.number for one in plan.gone] == ["s03"]
    with opened(places) as book:
        known = roster.learners(book)
    assert [*known] == ["s01", "s02", "s03", "s04"]
    assert (known["s01"].name, known["s01"].email) == ("王晓明", "m@example.com")


def test_a_number_the_gradebook_writes_otherwise_is_a_fault(places: Places) -> None:
    """Whom Excel took the zeros from, or the capitals, is not entered a second time."""
    _take(places, "学号\n007\n")
    plan = _take(places, "学号\ns09\n7\nS01\n")
    assert [(f.line, f.write.en.split(";")[0]) for f in plan.faults] == [
        (3, "write 007"),
        (4, "write s01"),
    ]
    with opened(places) as book:
        assert "s09" not in roster.learners(book), "all or nothing"


def test_a_due_date_is_kept_as_nbgrader_keeps_it(places: Places, waiting: Extensions) -> None:
    """UTC without a zone; a set that is only woven is entered, one that is nowhere is refused."""
    _due(places, waiting)
    (places.root / "solutions" / "third").mkdir(parents=True)
    with opened(places) as book:
        assert book.find_assignment("first").duedate == datetime(2026, 11, 20, 10)
        assert deadlines.due_of(book, places, "first") == DUE
        assert deadlines.due_of(book, places, "third") is None
        deadlines.set_due(book, places, waiting, "third", DUE)
        assert deadlines.due_of(book, places, "third") == DUE
        with pytest.raises(KefuError, match="there are: first, second, third"):
            deadlines.set_due(book, places, waiting, "frist", DUE)
        deadlines.set_due(book, places, waiting, "third", None)
        assert deadlines.due_of(book, places, "third") is None


def test_an_extension_waits_for_the_hand_in(places: Places, waiting: Extensions) -> None:
    """Given before the hand-in it makes nobody look as if they had handed in."""
    _due(places, waiting)
    with opened(places) as book:
        until = deadlines.extend(book, places, waiting, "first", "s01", "2")
        assert until == DUE + timedelta(days=2)
        assert not scores(book)
        assert book.find_assignment("first").num_submissions == 0
    assert waiting.of("first") == {"s01": timedelta(days=2)}


def test_an_extension_goes_beside_a_hand_in_at_once(places: Places, waiting: Extensions) -> None:
    """A later one takes the place of the first, and `none` takes it away."""
    _due(places, waiting)
    with opened(places) as book:
        mark(book, "s01", "first", AT)
        for said, longer in (
            ("3", timedelta(days=3)),
            ("2026-11-20 13:00+00:00", timedelta(hours=3)),
            ("none", None),
        ):
            deadlines.extend(book, places, waiting, "first", "s01", said)
            assert book.find_submission("first", "s01").extension == longer
            assert waiting.of("first").get("s01") == longer


def test_extensions_outlive_a_due_date(places: Places, waiting: Extensions) -> None:
    """Without a due date nbgrader still counts; with a new one everybody has as much longer."""
    _due(places, waiting)
    with opened(places) as book:
        mark(book, "s01", "first", AT)
        mark(book, "s02", "first", AT)
        book.grant_extension("first", "s02", hours=1)  # by nbgrader itself
        deadlines.extend(book, places, waiting, "first", "s01", "1")
        deadlines.set_due(book, places, waiting, "first", None)
        assert book.find_submission("first", "s01").total_seconds_late == 0
        assert waiting.of("first") == {"s01": timedelta(days=1), "s02": timedelta(hours=1)}
        deadlines.set_due(book, places, waiting, "first", DUE)
        assert book.find_submission("first", "s01").duedate == datetime(2026, 11, 21, 10)
        assert book.find_submission("first", "s02").duedate == datetime(2026, 11, 20, 11)


def test_what_cannot_be_extended_is_said(places: Places, waiting: Extensions) -> None:
    """No due date, no such learner, no such length: each is a sentence, and nothing is kept."""
    with opened(places) as book:
        with pytest.raises(KefuError, match="has no due date"):
            deadlines.extend(book, places, waiting, "first", "s01", "1")
        deadlines.set_due(book, places, waiting, "first", DUE)
        with pytest.raises(KefuError, match="nobody in the class has the number 's09'"):
            deadlines.extend(book, places, waiting, "first", "s09", "1")
        for said in ("-1", "400", "1e3", "soon", "2026-11-19", "inf", ""):
            with pytest.raises(KefuError):
                deadlines.extend(book, places, waiting, "first", "s01", said)
    assert waiting.of("first") == {}


def test_who_is_missing_late_and_graded(places: Places, waiting: Extensions) -> None:
    """Each learner's state, with the extension taken into account; strangers are there as well."""
    _due(places, waiting)
    for student, at in (("s01", "2026-11-20 13:30"), ("s02", "2026-11-20 13:30"), ("x9", None)):
        hand_in(places, student, "first", at)
    with opened(places) as book:
        deadlines.extend(book, places, waiting, "first", "s02", "1")
        mark(book, "s01", "first", AT, auto=(4.0, None))
    found = _standings(places, waiting)
    before, after = DUE - timedelta(days=1), DUE + timedelta(days=9)
    assert {n: s.state(after).en for n, s in found.items()} == {
        "s01": "to mark by hand",
        "s02": "to grade",
        "s03": "missing, overdue",
        "x9": "to grade",
    }
    assert found["s03"].state(before).en == "not handed in"
    assert {n: lateness(s.late).en for n, s in found.items() if s.late} == {"s01": "3 h 30 min"}
    assert [n for n, s in found.items() if not s.listed] == ["x9"]
    assert found["x9"].at is None


def test_a_later_hand_in_is_to_be_graded_again(places: Places, waiting: Extensions) -> None:
    """A score of an earlier hand-in is not the score of what lies there now."""
    hand_in(places, "s01", "first", "2026-11-21 08:00")
    with opened(places) as book:
        mark(book, "s01", "first", AT)
    found = _standings(places, waiting)["s01"]
    assert not found.graded
    assert found.state(DUE).en == "to grade again"


@pytest.mark.parametrize("stamp", ["yesterday maybe", "9999999999", "", "2026-13-77"])
def test_a_stamp_that_is_none_makes_nobody_late(
    places: Places, waiting: Extensions, stamp: str
) -> None:
    """What nobody can read as a time counts as no time."""
    _due(places, waiting)
    hand_in(places, "s01", "first", None)
    (places.root / "submitted" / "s01" / "first" / "timestamp.txt").write_text(stamp)
    found = _standings(places, waiting)["s01"]
    assert found.at is None or found.at.year == 9999
    assert found.handed_in


def test_scores_are_what_nbgrader_says(places: Places) -> None:
    """Sums, penalties and maxima are those of nbgrader's own gradebook."""
    with opened(places) as book:
        mark(book, "s01", "first", AT, auto=(4.0, 2.5), penalty=1.25)
        mark(book, "s02", "first", AT, auto=(1 / 3, None), penalty=9.0)
        found = scores(book)
        for student in ("s01", "s02"):
            theirs, ours = book.find_submission("first", student), found["first", student]
            assert ours.score == pytest.approx(theirs.score)
            assert ours.penalty == theirs.late_submission_penalty
        assert found["first", "s01"].total == 5.25
        assert found["first", "s02"].total == 0.0, "never below 0"
        assert [(f.graded, f.waiting) for f in found.values()] == [(2, 0), (2, 1)]
        assert {s.name: s.points for s in sets(book)} == {
            a.name: a.max_score for a in book.db.query(Assignment)
        }


def test_a_mark_by_hand_counts_and_waits_no_more(places: Places) -> None:
    """A person's score takes the place of the automatic one, as in nbgrader."""
    with opened(places) as book:
        mark(book, "s01", "first", AT, auto=(4.0, None))
        grade = book.find_grade("umbrella--rings", "first", "first", "s01")
        grade.manual_score, grade.extra_credit = 5.0, 0.5
        book.db.commit()
        (one, other) = items(book)
        assert (one.score, one.waiting) == (4.0, False)
        assert (other.score, other.auto, other.manual, other.waiting) == (5.5, None, 5.0, False)
        assert scores(book)["first", "s01"].score == 9.5


def test_the_export_is_for_people_and_spreadsheets(places: Places, waiting: Extensions) -> None:
    """One row for each learner and set, one for each item, and no formula among them."""
    _due(places, waiting)
    _take(places, "学号,姓名\ns01,+王\ns02,@SUM(A1)\n")
    hand_in(places, "s01", "first", "2026-11-20 13:30")
    hand_in(places, "s02", "first", "2026-11-20 09:00")
    with opened(places) as book:
        mark(book, "s01", "first", AT, (4.0, 1 / 3), penalty=1.0, comment='=HYPERLINK("x")')
        made = export(book, places, waiting, places.root / "s.csv")
        export(book, places, waiting, places.root / "s.xlsx")
    assert [file.name for file in made] == ["s.csv", "s-items.csv"]
    rows = {
        (r["学号 · number"], r["作业 · set"]): [r[k] for k in ("姓名 · name", "得分 · score",
         "满分 · max", "迟交扣分 · penalty", "迟交 · late", "状态 · state")]
        for _, r in read_rows(made[0])
    }  # fmt: skip
    assert len(rows) == 6
    assert rows["s01", "first"] == ["'+王", "3.33", "10", "1", "3 h 30 min", "graded"]
    assert rows["s02", "first"] == ["'@SUM(A1)", "", "10", "", "", "to grade"]
    assert rows["s03", "first"][1:] == ["0", "10", "", "", "missing, overdue"]
    told = [(r["题 · item"], r["得分 · score"], r["评语 · comment"]) for _, r in read_rows(made[1])]
    assert told == [
        ("umbrella--first-reply", "4", '\'=HYPERLINK("x")'),
        ("umbrella--rings", "0.33", '\'=HYPERLINK("x")'),
    ]
    book_of_sheets = openpyxl.load_workbook(places.root / "s.xlsx")
    assert book_of_sheets.sheetnames == ["scores", "items"]
    assert book_of_sheets["scores"]["B2"].value == "+王"
    assert book_of_sheets["scores"]["E2"].value == 3.33
    assert book_of_sheets["items"]["J2"].data_type == "s"


def test_nbgraders_own_export_is_quoted(places: Places) -> None:
    """Its columns are nbgrader's; a comma moves none, no name is a formula, no score is rounded."""
    _take(places, '学号,姓名\ns01,"-1+1, Jr., ""A"""\n')
    with opened(places) as book:
        mark(book, "s01", "first", AT, auto=(4.0, 1 / 3), penalty=0.5)
        CsvExport(to=str(places.root / "g.csv"), assignment=["first"]).export(book)
        CsvExport(to=str(places.root / "one.csv"), student=["s03"]).export(book)
    with (places.root / "g.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [*rows[0]] == (
        [
            "assignment",
            "duedate",
            "timestamp",
            "student_id",
            "last_name",
            "first_name",
            "email",
            "raw_score",
            "late_submission_penalty",
            "score",
            "max_score",
        ]
    )
    assert [row["student_id"] for row in rows] == ["s01", "s02", "s03"]
    assert float(rows[0]["score"]) == pytest.approx(3.5 + 1 / 3, abs=1e-6)
    assert (rows[0]["last_name"], rows[0]["first_name"]) == ("'-1+1", 'Jr., "A"')
    assert rows[0]["timestamp"] == "2026-11-20 13:30:00"
    assert [r["assignment"] for _, r in read_rows(places.root / "one.csv")] == ["first", "second"]


def test_a_gradebook_that_is_none_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that cannot be used is a sentence, and its password is not in it."""
    places = Places(root=tmp_path, contents=())
    for url in ("nonsense", "postgresql+psycopg://u:secret@127.0.0.1:9/x", f"sqlite:///{tmp_path}"):
        monkeypatch.setenv("KEFU_GRADEBOOK", url)
        with pytest.raises(KefuError, match="KEFU_GRADEBOOK") as error, opened(places):
            pass
        assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        ("2026-12-01", "2026-12-01 15:59:59"),
        ("2026-12-01 18:00", "2026-12-01 10:00:00"),
        ("2026-12-01T18:00", "2026-12-01 10:00:00"),
        ("2026/12/1 9:05", "2026-12-01 01:05:00"),
        ("２０２６－１２－０１　１８：００", "2026-12-01 10:00:00"),
        ("2026年12月1日 18:00", "2026-12-01 10:00:00"),
        ("2026-12-01 18:00+01:00", "2026-12-01 17:00:00"),
    ],
)
def test_a_date_is_the_machines_own(monkeypatch: pytest.MonkeyPatch, said: str, utc: str) -> None:
    """A date lasts until its end, a time is local unless it names its offset."""
    _zone(monkeypatch, "Asia/Shanghai")
    assert f"{moment(said):%Y-%m-%d %H:%M:%S}" == utc


@pytest.mark.parametrize(
    "said",
    ["", "tomorrow", "12-01", "2026-13-01", "2026-02-30", "2026-12-01 25:00", "1999-01-01",
     "2026-12-01 noon", "2026-12", "0", "9999-99-99 99:99", "2027-03-28 02:30"],
)  # fmt: skip
def test_nonsense_is_no_date(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """What is no date, or an hour that the clock leaps over, is refused with an example."""
    _zone(monkeypatch, "Europe/Berlin")
    with pytest.raises(KefuError, match="2026-12-01 18:00"):
        moment(said)


def test_a_moment_is_shown_with_its_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own clock, and which one that is."""
    _zone(monkeypatch, "Asia/Shanghai")
    assert deadlines.shown(DUE) == "2026-11-20 18:00 CST (+08:00)"
    assert deadlines.shown(DUE.replace(tzinfo=None)) == "2026-11-20 18:00 CST (+08:00)"
    _zone(monkeypatch, "Asia/Dubai")
    assert deadlines.shown(DUE) == "2026-11-20 14:00 +04:00"


def _zone(patch: pytest.MonkeyPatch, name: str) -> None:
    patch.setenv("TZ", name)
    time.tzset()


@pytest.fixture(autouse=True)
def _zone_again() -> Iterator[None]:
    yield
    time.tzset()
