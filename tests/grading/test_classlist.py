"""Lists of learners, as people make them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import notebook
from kefu.grading.classlist import NUMBER, Learner, Roster, read
from kefu.grading.names import join, split


def _list(folder: Path, text: str) -> Roster:
    (folder / "l.csv").write_text(text, "utf-8")
    return read(folder / "l.csv")


def _book(folder: Path, *rows: tuple[object, ...]) -> Roster:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "l.xlsx")
    return read(folder / "l.xlsx")


def test_a_number_is_what_a_hand_in_takes() -> None:
    """What a list takes for a number is what a learner can hand in under."""
    assert NUMBER.pattern == notebook._STUDENT.pattern


@pytest.mark.parametrize(
    "head",
    [
        "学号,姓名,邮箱",
        "Number,Name,E-mail",
        "student_id,full name,Email address",
        "学号 number,姓名 · name,邮箱(email)",
        "Student ID,学员姓名,电子邮件",
    ],
)
def test_headings_are_known_in_either_language(tmp_path: Path, head: str) -> None:
    """Chinese, English or both: the columns are the same."""
    found = _list(tmp_path, f"{head}\ns01,王小明,m@example.com\n")
    assert not found.faults
    assert found.learners == {"s01": Learner("s01", "王", "小明", "m@example.com")}


def test_first_and_last_name_may_be_columns(tmp_path: Path) -> None:
    """Two columns for the name are taken as they are, and so is a learning platform's id."""
    found = _list(tmp_path, "id,first_name,last_name,lms_user_id\n7,Anna Maria,Schmidt,u-1\n")
    assert found.learners == {"7": Learner("7", "Schmidt", "Anna Maria", None, "u-1")}


def test_a_title_may_stand_above_the_headings(tmp_path: Path) -> None:
    """Rows above the headings are passed over, and rows keep their numbers."""
    found = _list(tmp_path, "客服一班\n\n序号,学号,姓名\n1,s01,王小明\n2,s 2,李四\n")
    assert [*found.learners] == ["s01"]
    assert [(f.file, f.line) for f in found.faults] == [("l.csv", 5)]
    assert [n.what.en for n in found.notes] == ["columns left out: 序号"]


def test_a_group_is_no_name(tmp_path: Path) -> None:
    """A column that only sounds alike is left out, and that is said."""
    found = _list(tmp_path, "学号,group name,班级编号\ns01,A,3\n")
    assert found.learners == {"s01": Learner("s01")}
    assert any("group name, 班级编号" in note.what.en for note in found.notes)


@pytest.mark.parametrize(
    ("number", "what", "write"),
    [
        ("", "is empty", "type the number"),
        ("ｓ０１", "full-width", "write s01"),
        ("1001.0", "with decimals", "write 1001"),
        ("1.2E+10", "was turned into 1.2E+10 by Excel", "format the column as text"),
        ("-a", "cannot be one", "begin with a letter or digit"),
        ("s 01", "cannot be one", "letters, digits"),
        ("../x", "cannot be one", "letters, digits"),
        ("王", "cannot be one", "letters, digits"),
        ("a" * 33, "has 33 characters", "at most 32"),
        ("=A1", "is a formula", "a plain value"),
    ],
)
def test_a_number_that_is_none_is_named(tmp_path: Path, number: str, what: str, write: str) -> None:
    """File, row and column of the fault, what is wrong, and what to write instead."""
    found = _list(tmp_path, f"姓名,学号\n王小明,s00\n李四,{number}\n")
    (fault,) = found.faults
    assert (fault.file, fault.line) == ("l.csv", 3)
    assert fault.what.en.startswith("number (B)")
    assert fault.what.zh.startswith("学号（B）")
    assert what in fault.what.en
    assert write in fault.write.en


def test_spaces_around_a_number_are_taken_off_and_told(tmp_path: Path) -> None:
    """Spaces, also those nobody sees, do not make another learner."""
    found = _list(tmp_path, "学号\n s01\u3000\n\u200bs02\n")
    assert [*found.learners] == ["s01", "s02"]
    assert [(n.line, "spaces around" in n.what.en) for n in found.notes if n.line > 1] == [
        (2, True),
        (3, True),
    ]


def test_doubles_and_capitals_are_faults(tmp_path: Path) -> None:
    """A number stands once, and no two differ in capitals only."""
    found = _list(tmp_path, "学号\ns01\ns02\ns01\nS02\n")
    assert [(f.line, f.what.en) for f in found.faults] == [
        (4, "the number s01 already stands in row 2"),
        (5, "the numbers S02 and s02 differ in capitals only"),
    ]


def test_the_same_name_twice_and_empty_rows_are_only_told(tmp_path: Path) -> None:
    """Two people may be called alike, and an empty row is nobody."""
    found = _list(tmp_path, "学号,姓名\ns01,王伟\n,\ns02,王 伟\n")
    assert not found.faults
    assert [(n.line, n.what.en) for n in found.notes] == [
        (3, "empty rows left out: 3"),
        (4, "s01, s02 are all called 王伟"),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('s01,"王\n明",', "name (B) holds a line break"),
        (f"s01,{'王' * 129},", "name (B) has 129 characters"),
        ("s01,=1,", "name (B) is a formula"),
        ("s01,王,mail", "email (C) is no address"),
    ],
)
def test_any_other_cell_is_checked(tmp_path: Path, row: str, said: str) -> None:
    """What the gradebook could not keep is a fault before anything is written."""
    found = _list(tmp_path, f"学号,姓名,邮箱\n{row}\n")
    assert [fault.what.en.startswith(said) for fault in found.faults] == [True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no column is headed"),
        ("学号,姓名\n", "nobody below the headings"),
        ("学号,number,姓名\n1,1,王\n", "two columns hold the number: A, B"),
    ],
)
def test_a_list_without_its_headings_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Nothing is guessed: a column that is missing or there twice is a fault."""
    assert said in _list(tmp_path, text).faults[0].what.en


def test_what_excel_made_of_a_number_is_told(tmp_path: Path) -> None:
    """Dates, lost digits, formulas and errors are faults; what may have lost zeros is noted."""
    found = _book(
        tmp_path,
        ("学号", "姓名"),
        (1001.0, "王小明"),
        (7, "李四"),
        (dt.datetime(2026, 3, 12), "张三"),
        (12345678901234567890, "赵六"),
        ("=A2", "钱七"),
        ("#N/A", "孙八"),
        ("0042", "周九"),
    )
    assert [*found.learners] == ["1001", "7", "0042"]
    assert [(f.line, f.what.en) for f in found.faults] == [
        (4, "number (A4) was taken for a date by Excel"),
        (5, "number (A5) has 20 digits, and Excel keeps only 15"),
        (6, "number (A6) is a formula or an error"),
        (7, "number (A7) is a formula or an error"),
    ]
    assert [(n.line, n.what.en) for n in found.notes] == [
        (3, "the number 7 is shorter than others; Excel drops leading zeros")
    ]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("王小明", ("王", "小明")),
        ("欧阳娜娜", ("欧阳", "娜娜")),
        ("欧阳", ("欧", "阳")),
        ("李　四", ("李", "四")),
        ("阿卜杜拉·买买提", ("阿卜杜拉·买买提", "")),
        ("Anna Maria Schmidt", ("Schmidt", "Anna Maria")),
        ("Schmidt, Anna", ("Schmidt", "Anna")),
        ("Madonna", ("Madonna", "")),
    ],
)
def test_a_name_is_split_for_nbgrader(name: str, parts: tuple[str, str]) -> None:
    """Last and first name, as formgrader shows them."""
    assert split(name) == parts


@given(st.text(st.sampled_from("王小明欧阳 ·AaBb"), max_size=9))
def test_a_split_name_joins_again(name: str) -> None:
    """Whatever the split, the name one reads is the one that was written, but for its spaces."""
    assert join(*split(name)).replace(" ", "") == "".join(name.split())
