"""The data of the course, as columns: read with the csv module alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["read"]

_WHOLE = re.compile(r"0|-?[1-9]\d{0,14}", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,2})?", re.ASCII)
_PLACES = ("data", "course/data")


def read(name: str, folder: str | Path | None = None) -> dict[str, list[Any]]:
    """A table of the course's data, as one list a column, all of one length.

    A column is of whole numbers (`int`) if every entry of it is one, else of numbers (`float`)
    if every entry is, else of text (`str`); an empty entry is None and decides nothing.
    What begins with a zero too many, such as `007`, is a code, not a number. Dates stay text
    (`datetime.datetime.fromisoformat` reads them).

    Args:
        name: the table, such as `"calls"` for `calls.csv`.
        folder: where it lies; if None, the nearest `data/` or `course/data/` that holds it,
            from the working folder upward.

    Raises:
        KefuError: there is no such table (the refusal names those there are), it cannot be
            read, or a row is longer or shorter than the first.
    """
    path = _find(name.removesuffix(".csv"), None if folder is None else Path(folder))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = [row for row in csv.reader(file, strict=True) if row] or [[]]
    except (OSError, UnicodeError, csv.Error) as error:
        raise KefuError(
            Text(f"{path.name} 读不出来：{error}", f"{path.name} cannot be read: {error}"),
            Text("请换回原来的文件", "put the original file back in its place"),
        ) from None
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise KefuError(
                Text(
                    f"{path.name} 第 {number} 行有 {len(row)} 格，不是 {len(header)} 格",
                    f"row {number} of {path.name} has {len(row)} entries, not {len(header)}",
                ),
                Text("请换回原来的文件", "put the original file back in its place"),
            )
    columns = zip(*rows, strict=True) if rows else ([] for _ in header)
    return {title: _typed(column) for title, column in zip(header, columns, strict=True)}


def _typed(column: Sequence[str]) -> list[Any]:
    there = [entry for entry in column if entry]
    kind: type = str
    if all(_WHOLE.fullmatch(entry) for entry in there):
        kind = int
    elif all(_NUMBER.fullmatch(entry) for entry in there):
        kind = float
    return [kind(entry) if entry else None for entry in column]


def _find(name: str, folder: Path | None) -> Path:
    here = Path.cwd()
    folders = [folder] if folder else [d / p for d in (here, *here.parents) for p in _PLACES]
    plain = re.fullmatch(r"[\w-]+", name)
    found = next(
        (f / f"{name}.csv" for f in folders if plain and (f / f"{name}.csv").is_file()), None
    )
    if found:
        return found
    there = sorted({path.stem for f in folders if f.is_dir() for path in f.glob("*.csv")})
    what = Text(f"没有叫 {name!r} 的数据", f"there is no table called {name!r}")
    if there:
        names = "、".join(there), ", ".join(there)
        raise KefuError(what, Text(f"现有的是：{names[0]}", f"there are: {names[1]}"))
    raise KefuError(
        what,
        Text(
            f"在 {folder or here} 没有找到数据：请在课程文件夹里运行，或用 folder 指明",
            f"no data in {folder or here}: run this in the course's folder, or say which folder",
        ),
    )
