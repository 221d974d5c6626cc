"""Spreadsheets in and out: CSV as Excel writes and reads it, and XLSX.

What comes in is somebody's file: capped, never executed, its formulas refused.
What goes out may be opened in a spreadsheet: no text in it becomes a formula (OWASP, "CSV
Injection"), 汉字 are read as such, and numbers are numbers.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["Cell", "Line", "Value", "letters", "plain", "read_lines", "read_rows", "unreadable",
           "width", "write_rows", "write_sheets"]  # fmt: skip

Value = str | int | float | None
"""What a cell that is written may hold; None leaves it empty."""
Form = Literal["text", "number", "date", "formula", "error"]

MOST_BYTES = 8 << 20
MOST_LINES = 100_000
MOST_COLUMNS = 256
_LONGEST = 32_000  # characters a cell; Excel takes 32,767
_ZIP, _OLD = b"PK", bytes.fromhex("d0cf11e0")
# These begin a formula, also in full width; a tab or an end of line may hide one.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HIDDEN = re.compile(r"^[\s\u200b-\u200f\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, as one would read it there, and in what form it is kept.

    `where` is `B3` in a workbook, and the column alone, `B`, in a CSV file.
    """

    text: str
    form: Form
    where: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, from 1, and its cells from the first column on."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing but white space stands in it."""
        return not any(cell.text.strip() for cell in self.cells)


def read_lines(path: Path) -> list[Line]:
    """All rows of a CSV file or of the first sheet of a workbook, empty ones too.

    CSV may be UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030, as Excel saves it;
    its cells are parted by commas, semicolons or tabs.

    Raises:
        KefuError: the file cannot be read, is damaged, or holds more than a class does.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise KefuError(
            Text(f"没有这个文件：{path}", f"there is no file {path}"),
            Text("看看路径对不对", "check its name and folder"),
        ) from error
    except OSError as error:
        raise unreadable(path, Text(f"{error.strerror}", f"{error.strerror}")) from error
    if len(data) > MOST_BYTES:
        raise unreadable(path, Text("文件太大", "it is too large"))
    if data.startswith(_OLD):
        raise unreadable(
            path,
            Text("是旧的 .xls 格式，或加了密码", "it is of the old .xls format, or has a password"),
        )
    if data.startswith(_ZIP):
        from kefu.grading.workbook import lines_of

        return lines_of(path, data)
    return _csv_lines(path, _decoded(path, data))


def read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows under the first row that is not empty: number in the file, and text by heading.

    Empty rows, and columns without a heading, are left out.

    Raises:
        KefuError: as `read_lines`; or a heading stands twice, or a formula in a cell.
    """
    lines = [line for line in read_lines(path) if not line.is_empty]
    if not lines:
        raise unreadable(path, Text("里面是空的", "it is empty"))
    heads = [cell.text.strip() for cell in lines[0].cells]
    named = [head for head in heads if head]
    if len(set(named)) < len(named):
        twice = next(head for head in named if named.count(head) > 1)
        raise unreadable(path, Text(f"有两列都叫“{twice}”", f"two columns are called {twice!r}"))
    rows = []
    for line in lines[1:]:
        for cell in line.cells:
            if cell.form in ("formula", "error"):
                raise KefuError(*_no_formula(path, line, cell))
        by_heading = dict.fromkeys(named, "")
        by_heading |= {h: c.text for h, c in zip(heads, line.cells, strict=False) if h}
        rows.append((line.number, by_heading))
    return rows


def _no_formula(path: Path, line: Line, cell: Cell) -> tuple[Text, Text]:
    at = f"{path.name}:{line.number}"
    return (
        Text(
            f"{at} 的 {cell.where} 是公式或错误值", f"{at}, {cell.where} is a formula or an error"
        ),
        Text("请把它换成写死的值", "put a plain value in its place"),
    )


def unreadable(path: Path, why: Text) -> KefuError:
    """This file cannot be used, why, and what to save it as."""
    return KefuError(
        Text(f"{path.name} 读不了：{why.zh}", f"{path.name} cannot be read: {why.en}"),
        Text(
            "请在 Excel 里另存为 .xlsx 或“CSV UTF-8”，再试一次",
            "save it in Excel as .xlsx or “CSV UTF-8” and try again",
        ),
    )


def _decoded(path: Path, data: bytes) -> str:
    names = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for name in names:
        with suppress(UnicodeDecodeError):
            text = data.decode(name)
            if "\0" not in text:
                return text
    raise unreadable(path, Text("不是文本，也不是工作簿", "it is neither text nor a workbook"))


def _csv_lines(path: Path, text: str) -> list[Line]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    part = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=part, strict=True)
    lines, number = list[Line](), 1
    try:
        for row in reader:
            # A quoted cell may run over several lines; the row is where it begins.
            lines.append(Line(number, tuple(_csv_cell(n, word) for n, word in enumerate(row, 1))))
            number = reader.line_num + 1
            if len(lines) > MOST_LINES or len(row) > MOST_COLUMNS:
                raise unreadable(path, Text("行或列太多", "it has too many rows or columns"))
    except csv.Error as error:
        raise unreadable(
            path,
            Text(f"第 {number} 行的引号没有配对", f"the quotes of line {number} do not match"),
        ) from error
    return lines


def _csv_cell(number: int, word: str) -> Cell:
    form: Form = "formula" if word.lstrip().startswith("=") else "text"
    return Cell(word, form, letters(number))


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula when it opens a CSV file.

    An apostrophe is put before whatever could begin one, white space in front or not.
    """
    text = _clean(text)
    risky = text.startswith(_FORMULA) or _HIDDEN.sub("", text).startswith(_FORMULA)
    return f"'{text}" if risky else text


def _clean(text: str) -> str:
    """Without what neither CSV nor XML can carry, and no longer than a cell takes."""
    text = _CONTROL.sub("\ufffd", text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write one table, as XLSX if the name ends so, else as CSV; whole or not at all."""
    write_sheets(path, {"kefu": (header, rows)})


def write_sheets(
    path: Path,
    sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Value]]]],
    decimals: int = 2,
) -> list[Path]:
    """Write tables by name: sheets of one workbook, or a CSV file each, the first one at `path`.

    Any further CSV file has its table's name behind a hyphen; what is no finite number is left
    empty, and others have at most so many decimals. Gives what was written.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    if path.suffix.lower() == ".xlsx":
        with _Part(path) as part:
            from kefu.grading.workbook import write_workbook

            write_workbook(
                part, {n: (h, _cleaned(rows, decimals)) for n, (h, rows) in sheets.items()}
            )
        return [path]
    written = []
    for count, (name, (header, rows)) in enumerate(sheets.items()):
        file = path.with_name(f"{path.stem}-{name}{path.suffix}") if count else path
        with _Part(file) as part, io.TextIOWrapper(part, "utf-8-sig", newline="") as out:
            # Excel takes CSV for UTF-8 only by its mark. Text is always quoted, numbers never.
            table = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
            table.writerow([plain(head) for head in header])
            table.writerows([_csv_value(value, decimals) for value in row] for row in rows)
        written.append(file)
    return written


def _csv_value(value: Value, decimals: int) -> Value:
    return plain(value or "") if isinstance(value, str | None) else _number(value, decimals)


def _cleaned(rows: Iterable[Sequence[Value]], decimals: int) -> list[list[Value]]:
    return [
        [_clean(v) if isinstance(v, str) else _number(v, decimals) for v in row] for row in rows
    ]


def _number(value: float | None, decimals: int) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    value = round(value, decimals)
    return int(value) if value == int(value) else value


class _Part:
    """A file that takes its name only once it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> IO[bytes]:
        self._file = self._part.open("wb")
        return self._file

    def __exit__(self, kind: object, *_: object) -> None:
        self._file.close()
        if kind is None:
            self._part.replace(self._path)
        else:
            self._part.unlink(missing_ok=True)


def width(text: str) -> int:
    """How many columns a terminal or a sheet needs for it: 汉字 take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def letters(column: int) -> str:
    """What a spreadsheet calls a column, counted from 1: A, Z, AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
