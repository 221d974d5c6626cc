"""Reading a TOML file: its data with the line of every key, or the faults that keep it shut."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kefu.bank.locate import KeyPath, Lines, locate
from kefu.bank.syntax import explain
from kefu.errors import Fault
from kefu.text import Text

__all__ = ["Document", "decode", "parse", "walk"]

_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_CJK = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Document:
    """What a TOML file says, and where."""

    file: str
    data: dict[str, Any]
    lines: Lines

    def fault(self, path: KeyPath, what: Text, write: Text) -> Fault:
        """A fault at the line of `path`."""
        return Fault(self.file, self.lines.of(*path), what, write)


def decode(raw: bytes, file: str) -> tuple[str | None, list[Fault]]:
    """The text of a UTF-8 file, with or without a byte order mark; lines end in a newline."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    write = Text("请在编辑器里另存为 UTF-8", "save it as UTF-8 in your editor")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        what = Text("文件的编码是 UTF-16，不是 UTF-8", "the file is written in UTF-16, not UTF-8")
        return None, [Fault(file, 1, what, write)]
    try:
        legacy = raw.decode("gb18030")
    except UnicodeDecodeError:
        legacy = ""
    if len(_CJK.findall(legacy)) * 2 > sum(char > "\x7f" for char in legacy):
        what = Text("文件的编码是 GBK，不是 UTF-8", "the file is written in GBK, not UTF-8")
    else:
        what = Text("这一行有不是 UTF-8 的字节", "this line holds bytes that are not UTF-8")
    return None, [Fault(file, line, what, write)]


def parse(raw: bytes, file: str) -> tuple[Document | None, list[Fault]]:
    """Read the bytes of one TOML file.

    Returns the document, or None with the first syntax error; numbers that are not finite
    are faults of a document that can be read.
    """
    text, faults = decode(raw, file)
    if text is None:
        return None, faults
    try:
        data = tomllib.loads(text)
        document = Document(file, data, locate(text))
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.search(str(error))
        line = int(where[1]) if where and where[1] else 0
        return None, [explain(text, file, line, _WHERE.sub("", str(error)))]
    except (RecursionError, ValueError):
        # Brackets nested a thousand deep, a number of five thousand digits.
        return None, [
            Fault(
                file,
                1,
                Text("文件里有层数太深或位数太长的内容", "something here is too deep or too long"),
                Text("请写得简单些", "write it more simply"),
            )
        ]
    return document, [
        document.fault(
            path,
            Text(f"{value} 不是一个能用的数", f"{value} is not a number one can use"),
            Text("请写一个普通的数，例如 15", "write an ordinary number, such as 15"),
        )
        for path, value in walk(data)
        if isinstance(value, float) and not math.isfinite(value)
    ]


def walk(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value below `data` with its path, tables and lists themselves included."""
    if path:
        yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, (*path, index))
