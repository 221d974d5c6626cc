"""XLSX, by openpyxl: the rows of somebody's first sheet, and a workbook of ours.

A workbook is a zip of XML: before any of it is parsed, its size unpacked is counted, and macros,
document types (entities that grow) and other encodings (in which they could hide) are refused.
Links to other files are never followed.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from kefu.errors import KefuError
from kefu.grading.sheets import (
    MOST_COLUMNS,
    MOST_LINES,
    Cell,
    Line,
    Value,
    letters,
    unreadable,
    width,
)
from kefu.text import Text, digits

__all__ = ["lines_of", "write_workbook"]

_MOST_UNPACKED = 32 << 20
_MOST_TAGS = 3_000_000
_MOST_PARTS = 2_000
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)""")
_GROWING = tuple(
    word.encode(name)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for name in ("ascii", "utf-16-le", "utf-16-be")
)
_ZEROS = re.compile(r"0{2,32}")
_NARROW, _WIDE = 6, 48


def lines_of(path: Path, data: bytes) -> list[Line]:
    """All rows of the first sheet that is shown.

    Raises:
        KefuError: it is damaged, too large, or holds what a list of a class does not.
    """
    _inspect(path, data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(
            io.BytesIO(data), read_only=True, data_only=False, keep_links=False, keep_vba=False
        )
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not sheets:
                raise unreadable(path, Text("里面没有工作表", "it has no sheet"))
            # What the file says of its own size may be wrong, or meant to be.
            sheets[0].reset_dimensions()
            return _lines(path, sheets[0])
        finally:
            book.close()
    except KefuError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged file leads it to
        raise unreadable(path, Text("工作簿已损坏", "the workbook is damaged")) from error


def _inspect(path: Path, data: bytes) -> None:
    """Refuse what must not reach a parser."""
    too_large = unreadable(path, Text("解开之后太大", "it is too large when unpacked"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS:
                raise too_large
            left, tags = _MOST_UNPACKED, _MOST_TAGS
            for part in parts:
                name = part.filename.lower()
                if "vbaproject" in name or "/macrosheets/" in name:
                    raise unreadable(path, Text("里面有宏", "it holds macros"))
                if part.compress_type not in _PLAIN or part.flag_bits & 1:
                    raise zipfile.BadZipFile("neither stored nor deflated, or encrypted")
                with archive.open(part) as source:
                    body = source.read(left + 1)
                left -= len(body)
                tags -= body.count(b"<")
                if min(left, tags) < 0:
                    raise too_large
                _inspect_part(path, body)
    except KefuError:
        raise
    except Exception as error:  # zlib and its like raise errors of their own
        raise unreadable(path, Text("工作簿已损坏", "the workbook is damaged")) from error


def _inspect_part(path: Path, body: bytes) -> None:
    """Whatever a part is called, it may be parsed."""
    said = _ENCODING.match(body)
    if said and said[1].lower() not in (b"utf-8", b"us-ascii", b"utf-16"):
        raise unreadable(path, Text("里面的编码不是 UTF-8", "its parts are not in UTF-8"))
    if any(word in body for word in _GROWING):
        raise unreadable(
            path, Text("里面有不该有的声明", "it holds declarations that no workbook has")
        )


def _lines(path: Path, sheet: Any) -> list[Line]:
    lines = list[Line]()
    for number, row in enumerate(sheet.iter_rows(), 1):
        # Before anything is made of it: one cell far to the right makes a row of thousands.
        if number > MOST_LINES or len(row) > MOST_COLUMNS:
            raise unreadable(path, Text("行或列太多", "it has too many rows or columns"))
        cells = [_cell(cell, number, column) for column, cell in enumerate(row, 1)]
        while cells and not cells[-1].text:
            cells.pop()
        lines.append(Line(number, tuple(cells)))
    while lines and lines[-1].is_empty:
        lines.pop()
    return lines


def _cell(cell: Any, row: int, column: int) -> Cell:
    value, where = cell.value, f"{letters(column)}{row}"
    if value is None:
        return Cell("", "text", where)
    if cell.data_type == "f":
        return Cell("=", "formula", where)
    if cell.data_type == "e":
        return Cell(f"{value}", "error", where)
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return Cell(f"{value}", "date", where)
    if isinstance(value, bool):
        return Cell(f"{value}".upper(), "text", where)
    if isinstance(value, int | float):
        return Cell(_shown(value, cell.number_format), "number", where)
    return Cell(f"{value}", "text", where)


def _shown(value: float, form: str | None) -> str:
    """A number as the sheet shows it: the format 000 puts zeros in front."""
    whole = isinstance(value, int) or value.is_integer()
    if whole and value >= 0 and _ZEROS.fullmatch(form or ""):
        return f"{int(value):0{len(form or '')}d}"
    return f"{int(value)}" if whole and abs(value) < 1e15 else digits(value)


def write_workbook(
    file: IO[bytes], sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Value]]]]
) -> None:
    """Write tables as sheets: heading frozen, columns as wide as what stands in them.

    A text is always a text there, also when one edits its cell, whatever it begins with.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    bold = Font(bold=True)
    for name, (header, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number in range(len(header)):
            wide = max([width(f"{row[number]}") for row in rows] + [width(header[number])])
            wide = min(_WIDE, max(_NARROW, wide))
            sheet.column_dimensions[letters(number + 1)].width = wide + 2
        sheet.append([_written(sheet, head, bold) for head in header])
        for row in rows:
            sheet.append([_written(sheet, value) for value in row])
    book.save(file)


def _written(sheet: Any, value: Value, font: Any = None) -> Any:
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(("=", "+", "-", "@", "'"))
    if font is not None:
        cell.font = font
    return cell
