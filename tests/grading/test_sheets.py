"""Spreadsheets in and out."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink

from kefu.errors import KefuError
from kefu.grading import sheets, workbook
from kefu.grading.sheets import (
    Value,
    letters,
    plain,
    read_lines,
    read_rows,
    width,
    write_rows,
    write_sheets,
)

ROWS = "学号,姓名\ns01,王小明\n"


def _changed(file: Path, change: Callable[[str, bytes], bytes], **more: bytes) -> Path:
    """The same workbook with its parts changed, and more of them."""
    with zipfile.ZipFile(file) as old:
        parts = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in (parts | {n.replace("__", "/"): d for n, d in more.items()}).items():
            new.writestr(name, data)
    return file


def _book(file: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows or (("学号", "姓名"), ("s01", "王小明")):
        book.active.append(row)
    book.save(file)
    return file


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode(),
        ROWS.encode("utf-8-sig"),
        ROWS.encode("gb18030"),
        ROWS.replace(",", "\t").encode("utf-16"),
        ROWS.replace(",", ";").replace("\n", "\r\n").encode(),
        b'"\xe5\xad\xa6\xe5\x8f\xb7","\xe5\xa7\x93\xe5\x90\x8d"\rs01,"\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e"',
    ],
    ids=["utf-8", "utf-8-sig", "gb18030", "utf-16 tabs", "semicolons", "quotes and cr"],
)
def test_csv_is_read_as_excel_saves_it(tmp_path: Path, data: bytes) -> None:
    """汉字 and columns come out the same, whatever encoding and separator Excel chose."""
    (tmp_path / "l.csv").write_bytes(data)
    assert read_rows(tmp_path / "l.csv") == [(2, {"学号": "s01", "姓名": "王小明"})]


def test_a_row_keeps_its_number(tmp_path: Path) -> None:
    """Empty rows and cells of several lines do not shift the number a row is named by."""
    (tmp_path / "l.csv").write_text('\na,b\n"1\n1",x\n,\n2,y\n', "utf-8")
    assert read_rows(tmp_path / "l.csv") == [
        (3, {"a": "1\n1", "b": "x"}),
        (6, {"a": "2", "b": "y"}),
    ]
    found = read_rows(_book(tmp_path / "l.xlsx", (), ("a", "b"), (1, "x"), (), (2, "y")))
    assert found == [(3, {"a": "1", "b": "x"}), (5, {"a": "2", "b": "y"})]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is empty"),
        (b"\n\n", "it is empty"),
        (b"a,a\n1,2\n", "two columns are called 'a'"),
        (b'a,b\n1,"2\n', "the quotes of line 2"),
        (b"\xff\xfe\xff", "neither text nor a workbook"),
        (b"a\0b", "neither text nor a workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "old .xls format, or has a password"),
        (b"PK\x03\x04 torn", "the workbook is damaged"),
        (b"a\n=1+1\n", "A is a formula"),
        (b"x," * 300, "too many rows or columns"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, data: bytes, said: str
) -> None:
    """A file that is empty, torn, of another kind or doubtful is refused, and it is said why."""
    (tmp_path / "l.csv").write_bytes(data)
    with pytest.raises(KefuError) as error:
        read_rows(tmp_path / "l.csv")
    assert said in error.value.say("en")
    assert "l.csv" in error.value.say("zh")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing file is a sentence as well."""
    with pytest.raises(KefuError, match=r"gone\.csv"):
        read_lines(tmp_path / "gone.csv")


def test_size_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is read than a class could fill, in bytes and in rows."""
    (tmp_path / "l.csv").write_text("a\n" * 40, "utf-8")
    assert len(read_lines(tmp_path / "l.csv")) == 40
    monkeypatch.setattr(sheets, "MOST_LINES", 39)
    with pytest.raises(KefuError, match="too many rows"):
        read_lines(tmp_path / "l.csv")
    monkeypatch.setattr(sheets, "MOST_BYTES", 79)
    with pytest.raises(KefuError, match="too large"):
        read_lines(tmp_path / "l.csv")


def test_a_number_reads_as_the_sheet_shows_it(tmp_path: Path) -> None:
    """1001 is no 1001.0, and a column formatted 000 shows its zeros."""
    file = _book(
        tmp_path / "l.xlsx", ("n",), (1001.0,), (2.5,), (7,), (True,), (12345678901234567,)
    )
    book = openpyxl.load_workbook(file)
    book.active["A4"].number_format = "000"
    book.save(file)
    texts = [row["n"] for _, row in read_rows(file)]
    assert texts[:4] == ["1001", "2.5", "007", "TRUE"]
    assert texts[4].startswith("12345678901234")


def test_a_formula_in_a_workbook_is_refused(tmp_path: Path) -> None:
    """A formula is named by its cell and never evaluated; text that looks like one is text."""
    file = _book(tmp_path / "l.xlsx", ("a",), ("=HYPERLINK(1)",))
    with pytest.raises(KefuError, match="A2 is a formula"):
        read_rows(file)
    book = openpyxl.load_workbook(file)
    book.active["A2"].data_type = "s"
    book.save(file)
    assert read_rows(file) == [(2, {"a": "=HYPERLINK(1)"})]


SHEET = "xl/worksheets/sheet1.xml"
_BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("change", "more", "said"),
    [
        (lambda n, d: d, {"xl__vbaProject.bin": b"x"}, "macros"),
        (lambda n, d: d, {"xl__macrosheets__sheet1.xml": b"<x/>"}, "macros"),
        (lambda n, d: d, {"xl__media__i.png": b"\0" * (33 << 20)}, "too large when unpacked"),
        (lambda n, d: d, {"xl__x.xml": b"<a/>" * 3_000_001}, "too large when unpacked"),
        (lambda n, d: _BOMB + d if n == SHEET else d, {}, "declarations"),
        (lambda n, d: d, {"xl__x.png": _BOMB.decode().encode("utf-16")}, "declarations"),
        (lambda n, d: b"<?xml version='1.0' encoding='cp037'?>" + d if n == SHEET else d,
         {}, "not in UTF-8"),
        (lambda n, d: d[:-30] if n == SHEET else d, {}, "damaged"),
        (lambda n, d: b"" if n == "xl/workbook.xml" else d, {}, "damaged"),
    ],
    ids=["macros", "sheets", "bomb", "tags", "entities", "utf-16", "ebcdic", "torn", "bookless"],
)  # fmt: skip
def test_a_hostile_workbook_is_refused(
    tmp_path: Path, change: Callable[[str, bytes], bytes], more: dict[str, bytes], said: str
) -> None:
    """Macros, bombs, entities and tricks of encoding never reach a parser."""
    file = _changed(_book(tmp_path / "l.xlsx"), change, **more)
    assert file.stat().st_size < 1 << 20
    with pytest.raises(KefuError) as error:
        read_rows(file)
    assert said in error.value.say("en")


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path) -> None:
    """A sheet that claims the largest size is read by the rows it has; one far down is refused."""

    def huge(name: str, data: bytes) -> bytes:
        return data.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"') if name == SHEET else data

    file = _changed(_book(tmp_path / "l.xlsx"), huge)
    assert read_rows(file) == [(2, {"学号": "s01", "姓名": "王小明"})]


@pytest.mark.parametrize(
    ("there", "far"),
    [(b'r="2"', b'r="999999999"'), (b'</row><row r="2"', b'<c r="XFD1"/></row><row r="2"')],
)
def test_a_cell_far_out_is_refused(tmp_path: Path, there: bytes, far: bytes) -> None:
    """A row or a column far beyond any list is refused before it is filled up."""
    file = _changed(
        _book(tmp_path / "l.xlsx"), lambda name, d: d.replace(there, far) if name == SHEET else d
    )
    with pytest.raises(KefuError, match="too many rows or columns"):
        read_rows(file)


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    """What a workbook says of other files is not even looked at."""
    book = openpyxl.Workbook()
    book.active.append(["学号"])
    book.active.append(["s01"])
    link = ExternalLink(externalBook=ExternalBook())
    link.file_link = Relationship(
        type="externalLinkPath", Target="file:///etc/passwd", TargetMode="External"
    )
    book._external_links.append(link)
    book.save(tmp_path / "l.xlsx")
    seen = list[str]()

    def torn(name: str, data: bytes) -> bytes:
        seen.append(name)
        return b"<torn" if "externalLink1.xml" in name else data

    assert read_rows(_changed(tmp_path / "l.xlsx", torn)) == [(2, {"学号": "s01"})]
    assert "xl/externalLinks/externalLink1.xml" in seen


RISKY = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "\u200b=1",
         '=cmd|" /C calc"!A0', "\ufeff=1"]  # fmt: skip


@pytest.mark.parametrize("text", RISKY)
def test_no_text_of_a_csv_is_a_formula(tmp_path: Path, text: str) -> None:
    """Whatever could begin a formula has an apostrophe before it, heading or cell."""
    write_rows(tmp_path / "o.csv", [text], [[text]])
    data = (tmp_path / "o.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [[f"'{text}"], [f"'{text}"]]


@given(st.text())
def test_plain_text_begins_no_formula(text: str) -> None:
    """No text is left that begins one, and what begins none is left as it is."""
    made = plain(text)
    assert not made.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    if text.isprintable() and text[:1].isalnum():
        assert made == text


def test_a_csv_is_quoted_and_marked(tmp_path: Path) -> None:
    """Excel sees 汉字 by the mark; commas, quotes and line breaks stay in their cell."""
    rows: list[list[Value]] = [["王,小明", 'say "hi"\n再见', 2.0, 1 / 3, None, float("nan")]]
    write_rows(tmp_path / "o.csv", list("abcdef"), rows)
    data = (tmp_path / "o.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines()[1:] == [
        '"王,小明","say ""hi""', '再见",2,0.33,"",""',
    ]  # fmt: skip


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers(tmp_path: Path) -> None:
    """No text of a workbook is a formula or an error; its heading stays, its columns are wide."""
    file = tmp_path / "o.xlsx"
    rows: list[list[Value]] = [[text, 1 / 3] for text in [*RISKY, "#N/A", "\x00x", "y" * 40_000]]
    assert write_sheets(file, {"scores": (["学号 · number", "n"], rows), "more": (["a"], [])}) == [
        file
    ]
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["scores", "more"]
    sheet = book["scores"]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width > width("学号 · number")
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert [cell.value for cell in sheet["B"]][1:] == [0.33] * len(rows)
    assert sheet["A2"].quotePrefix, "editing the cell makes it no formula"
    assert len(sheet["A17"].value) <= 32_767


def test_a_second_table_has_its_own_csv(tmp_path: Path) -> None:
    """Each further table is a file of its own beside the first."""
    made = write_sheets(tmp_path / "o.csv", {"scores": (["a"], [[1]]), "items": (["b"], [[2]])})
    assert [file.name for file in made] == ["o.csv", "o-items.csv"]
    assert read_rows(made[1]) == [(2, {"b": "2"})]


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_a_table_is_written_whole_or_not_at_all(tmp_path: Path, name: str) -> None:
    """When writing fails, what was there before is still there, and nothing else."""
    (tmp_path / name).write_bytes(b"before")

    def rows() -> list[list[int]]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_rows(tmp_path / name, ["a"], (row for row in rows()))
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"before"


@pytest.mark.parametrize("name", ["o.csv", "o.xlsx"])
def test_what_was_written_is_read_again(tmp_path: Path, name: str) -> None:
    """Rows out and rows in are the same."""
    write_rows(tmp_path / name, ["学号", "得分"], [["007", 2.5], ["王小明", 3.0]])
    assert read_rows(tmp_path / name) == [
        (2, {"学号": "007", "得分": "2.5"}),
        (3, {"学号": "王小明", "得分": "3"}),
    ]


def test_columns_are_called_as_in_a_spreadsheet() -> None:
    """A, Z, AA, ZZ, AAA."""
    assert [letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_the_cap_of_a_workbook_is_above_what_excel_makes(tmp_path: Path) -> None:
    """A workbook of a large class stays below the caps that refuse a bomb."""
    rows: list[list[Value]] = [
        [f"s{n:04}", "王小明", "service-basics", "已批", 12.25, 16] for n in range(5_000)
    ]
    write_rows(tmp_path / "o.xlsx", list("abcdef"), rows)
    with zipfile.ZipFile(tmp_path / "o.xlsx") as archive:
        size = sum(part.file_size for part in archive.infolist())
    assert size * 4 < workbook._MOST_UNPACKED
    assert len(read_rows(tmp_path / "o.xlsx")) == 5_000
