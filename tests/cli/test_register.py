"""The commands for a class: roster, due, extend, missing, export."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from kefu.cli import main
from kefu.grading.deadlines import Extensions
from kefu.grading.gradebook import opened
from kefu.grading.sheets import read_rows
from kefu.places import Places
from tests.grading.course import GRADED, Course, bank
from tests.grading.ledgers import enter, hand_in, house, mark

Kefu = Callable[..., tuple[int, str, str]]
LIST = "学号,姓名,邮箱\ns01,王小明,m@example.com\ns02,欧阳娜娜,\n"


@pytest.fixture
def kefu(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Kefu]:
    """Run the command as its script does: exit code, what it said, what it complained of."""

    def run(*words: str, lang: str = "en_US.UTF-8") -> tuple[int, str, str]:
        monkeypatch.setenv("LC_ALL", lang)
        monkeypatch.setattr(sys, "argv", ["kefu", *words])
        code, complaint = 0, ""
        try:
            main()
        except SystemExit as stop:
            # A sentence as exit code is printed by the interpreter, and is code 1.
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
            complaint = stop.code if isinstance(stop.code, str) else ""
        said = capsys.readouterr()
        return code, said.out, said.err + complaint

    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield run
    monkeypatch.delenv("TZ")
    time.tzset()


@pytest.fixture
def places(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Places]:
    """A course's folder with two sets in its gradebook, and nobody in the class."""
    with house("sqlite", tmp_path / "course", request, monkeypatch) as places:
        (places.root / "l.csv").write_text(LIST, "utf-8")
        with opened(places) as book:
            enter(book, "first", "second")
        yield places


def test_a_class_is_read_shown_and_kept(places: Places, kefu: Kefu) -> None:
    """`kefu roster <file>` takes a list, and `kefu roster` shows the class lined up."""
    assert "Nobody is in the class yet" in kefu("roster")[1]
    code, out, err = kefu("roster", "l.csv", lang="zh_CN.UTF-8")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "  新增 s01 王小明",
        "  新增 s02 欧阳娜娜",
        "新增 2 人，改动 0 人，不变 0 人，不在新名单里 0 人。",
        "名单已记下，共 2 人。",
    ]
    code, out, _ = kefu("roster", lang="zh_CN.UTF-8")
    assert out.splitlines() == [
        "学号  姓名      邮箱",
        "s01   王小明    m@example.com",
        "s02   欧阳娜娜",
        "共 2 人。",
    ]
    (places.root / "l.csv").write_text("number,name\ns02,Anna Schmidt\ns03,Li\n", "utf-8")
    assert kefu("roster", "l.csv")[1].splitlines() == [
        "  new      s03 Li",
        "  changed  s02 name: 欧阳娜娜 → Anna Schmidt",
        "  no longer in the list, kept in the gradebook: s01 王小明",
        "1 new, 1 changed, 0 the same, 1 no longer in the list.",
        "The list is in the gradebook: 2 learners.",
    ]


def test_a_list_with_a_fault_changes_nothing(places: Places, kefu: Kefu) -> None:
    """Every fault is said with file and row, the exit code is 1, and nobody is entered."""
    (places.root / "l.csv").write_text("学号\ns01\n=1\ns01\n", "utf-8")
    code, out, err = kefu("roster", "l.csv")
    assert (code, out) == (1, "")
    assert "l.csv:3: number (A) is a formula" in err
    assert "l.csv:4: the number s01 already stands in row 2" in err
    assert "kefu: the list has 2 faults, so nothing was written" in err
    with opened(places) as book:
        assert book.students == []


def test_a_dry_run_makes_no_gradebook(
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    kefu: Kefu,
) -> None:
    """`--dry-run` shows what would change and writes nothing, not even an empty gradebook."""
    with house("sqlite", tmp_path / "new", request, monkeypatch) as places:
        (places.root / "l.csv").write_text(LIST, "utf-8")
        code, out, _ = kefu("roster", "l.csv", "--dry-run")
        assert code == 0
        assert "2 new" in out
        assert "Nothing was written." in out
        assert sorted(p.name for p in places.root.iterdir()) == ["l.csv", "nbgrader_config.py"]


def test_due_dates_are_set_shown_and_removed(places: Places, kefu: Kefu) -> None:
    """`kefu due` shows what it keeps with its zone; nonsense and unknown sets are refused."""
    assert kefu("due", "first")[1] == "first has no due date.\n"
    out = kefu("due", "first", "2036-12-01 18:00")[1]
    assert out == "first is due: 2036-12-01 18:00 CST (+08:00)\n"
    assert kefu("due", "first")[1] == out
    with opened(places) as book:
        assert f"{book.find_assignment('first').duedate}" == "2036-12-01 10:00:00"
    code, out, err = kefu("due", "first", "soon")
    assert (code, out) == (1, "")
    assert "'soon' is no date; write it like 2026-12-01" in err
    assert "there are: first, second" in kefu("due", "frist", "none")[2]
    assert "10:00:00" in f"{_due(places)}", "a refusal changes nothing"
    assert kefu("due", "first", "none")[1] == "first has no due date.\n"
    assert _due(places) is None
    assert "passed already" in kefu("due", "first", "2020-01-01")[1]


def _due(places: Places) -> object:
    with opened(places) as book:
        return book.find_assignment("first").duedate


def test_an_extension_is_told_with_what_follows(places: Places, kefu: Kefu) -> None:
    """`kefu extend` says until when; who was graded already is graded again for the penalty."""
    kefu("roster", "l.csv")
    code, _, err = kefu("extend", "first", "s01", "2")
    assert (code, "kefu due first <date>" in err) == (1, True)
    kefu("due", "first", "2036-12-01")
    out = kefu("extend", "first", "s01", "2")[1]
    assert out == "s01 has until 2036-12-03 23:59 CST (+08:00) for first\n"
    assert "  s01 has until 2036-12-03 23:59" in kefu("due", "first")[1]
    with opened(places) as book:
        mark(book, "s01", "first")
    assert "kefu grade first" in kefu("extend", "first", "s01", "2036-12-05")[1]
    assert "s01 has 4 d longer" in kefu("due", "first", "none")[1]
    kefu("due", "first", "2036-12-01")
    assert "no longer than others" in kefu("extend", "first", "s01", "none")[1]
    assert "has until" not in kefu("due", "first")[1]
    assert kefu("extend", "first", "s09", "2")[0] == 1


def test_who_is_missing_stands_first(places: Places, kefu: Kefu) -> None:
    """`kefu missing` lists who has not handed in, then who was late, and can write it to a file."""
    kefu("roster", "l.csv")
    kefu("due", "first", "2026-11-20 18:00")
    hand_in(places, "s01", "first", "2026-11-21 10:00")
    hand_in(places, "x=2J", "first", None)
    code, out, _ = kefu("missing", "first", "--csv", "m.csv")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("first, due 2026-11-20 18:00 CST (+08:00): 3 learners, 2 handed in")
    assert [line.split()[0] for line in lines[2:4]] == ["s02", "s01"]
    assert lines[3].endswith("2026-11-21 18:00 CST (+08:00)  1 d")
    assert lines[4].startswith("x=2J")
    assert lines[4].endswith("not in the class")
    assert len(read_rows(places.root / "m.csv")) == 3
    assert "second, due —" in kefu("missing")[1]
    assert kefu("missing", "frist")[0] == 1


def test_scores_are_exported_where_one_asks(places: Places, kefu: Kefu) -> None:
    """`kefu export` names what it wrote; a folder that is not there is a sentence."""
    kefu("roster", "l.csv")
    with opened(places) as book:
        mark(book, "s01", "first")
    assert kefu("export")[1] == "scores.xlsx\n"
    assert kefu("export", "--to", "s.csv")[1] == "s.csv\ns-items.csv\n"
    assert {row["得分 · score"] for _, row in read_rows(places.root / "s.csv")} == {"6", "0"}
    code, _, err = kefu("export", "--to", "s.pdf")
    assert (code, "end its name in .csv or .xlsx" in err) == (1, True)
    code, _, err = kefu("export", "--to", "nowhere/s.csv")
    assert (code, "nowhere" in err) == (1, True)


def test_a_due_date_outlives_releasing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kefu: Kefu
) -> None:
    """Set before or after releasing, it stays when nbgrader makes the set again; so do scores."""
    course = Course(tmp_path / "course", bank(tmp_path / "course" / "content"))
    for name in ("KEFU_DB", "KEFU_GRADEBOOK"):
        monkeypatch.delenv(name, raising=False)
    course.weave()
    monkeypatch.chdir(course.root)
    (course.root / "l.csv").write_text(LIST, "utf-8")
    assert kefu("roster", "l.csv")[0] == 0
    assert kefu("due", "first", "2026-11-20 18:00")[0] == 0
    course.nbgrader("generate_assignment", "first")
    assert kefu("due", "first")[1].startswith("first is due: 2026-11-20 18:00")
    kefu("extend", "first", "s01", "1")
    folder = course.submit("s01", course.answers({GRADED[3]: {"number": "3"}}))
    (folder / "timestamp.txt").write_text("2026-11-20 13:00:00.000000 UTC")
    course.nbgrader("autograde", "first")
    course.nbgrader("generate_assignment", "first")
    assert kefu("due", "first")[1].startswith("first is due: 2026-11-20 18:00")
    with course.gradebook() as book:
        assert isinstance(book, Gradebook)
        assert book.find_student("s01").last_name == "王", "grading keeps the name"
    state = kefu("missing", "first")[1].splitlines()[-2]
    assert state.split()[:3] == ["s01", "王小明", "graded"]
    assert "  1 h" not in state, "s01 has a day longer"
    waiting = Extensions.at(course.places)
    assert [*waiting.of("first")] == ["s01"]
    waiting.close()
