"""Which line every key of a TOML text stands on; the standard reader does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["KeyPath", "Lines", "locate"]

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the root of the document."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_PLAIN = re.compile(r"[^,\]}#\n]*")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines, from 1, of the keys (and list elements) and of the `[table]` headers of a text."""

    keys: Mapping[KeyPath, int] = field(default_factory=dict)
    headers: Mapping[KeyPath, int] = field(default_factory=dict)

    def of(self, *path: str | int) -> int:
        """The line of `path`, or of the nearest table above it that has one; at least 1."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.keys:
                return self.keys[path[:length]]
        return 1

    def header_above(self, line: int) -> tuple[KeyPath, int] | None:
        """The table that a key on `line` falls into, and the line of its header."""
        above = [(at, path) for path, at in self.headers.items() if at < line]
        if not above:
            return None
        at, path = max(above, key=lambda pair: pair[0])
        return path, at


def locate(text: str) -> Lines:
    """The lines of `text`, which the standard reader has accepted.

    A key that is spoken of in several places (`a` in `[a.b]` and `[a.c]`) has the line
    of its own header, else the first one.
    """
    scan = _Scan(text)
    scan.document()
    return Lines(scan.keys, scan.headers)


class _Scan:
    """One walk over a text that is known to be good TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self.keys: dict[KeyPath, int] = {}
        self.headers: dict[KeyPath, int] = {}
        self.arrays: dict[KeyPath, int] = {}  # arrays of tables: index of the last one
        self._counted = 0
        self._line = 1

    @property
    def line(self) -> int:
        self._line += self.text.count("\n", self._counted, self.pos)
        self._counted = self.pos
        return self._line

    def take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.pos)
        if match is None:
            return ""
        self.pos = match.end()
        return match.group()

    def at(self, mark: str) -> bool:
        """Step over `mark` if it stands here."""
        if not self.text.startswith(mark, self.pos):
            return False
        self.pos += len(mark)
        return True

    def document(self) -> None:
        table: KeyPath = ()
        while True:
            self.take(_GAP)
            if self.pos >= len(self.text):
                return
            line = self.line
            if self.at("[["):
                table = self.element(self.key(), line)
                self.at("]]")
            elif self.at("["):
                table = self.table(self.key(), line)
                self.at("]")
            else:
                self.pair(table)

    def resolve(self, path: KeyPath) -> KeyPath:
        """`path` inside the last element, where it is an array of tables."""
        return (*path, self.arrays[path]) if path in self.arrays else path

    def table(self, key: list[str], line: int) -> KeyPath:
        path: KeyPath = ()
        for part in key[:-1]:
            path = (*self.resolve(path), part)
            self.keys.setdefault(path, line)
        path = (*self.resolve(path), key[-1])
        self.keys[path] = line
        self.headers[path] = line
        return path

    def element(self, key: list[str], line: int) -> KeyPath:
        path: KeyPath = ()
        for part in key:
            path = (*self.resolve(path), part)
            self.keys.setdefault(path, line)
        self.arrays[path] = self.arrays.get(path, -1) + 1
        path = (*path, self.arrays[path])
        self.keys[path] = line
        self.headers[path] = line
        return path

    def pair(self, table: KeyPath) -> None:
        line = self.line
        path = table
        for part in self.key():
            path = (*path, part)
            self.keys.setdefault(path, line)
        self.take(_SPACE)
        self.at("=")
        self.take(_SPACE)
        self.value(path)

    def key(self) -> list[str]:
        parts = []
        while True:
            self.take(_SPACE)
            parts.append(self.string() if self.text[self.pos] in "\"'" else self.take(_BARE))
            self.take(_SPACE)
            if not self.at("."):
                return parts

    def value(self, path: KeyPath) -> None:
        if self.text[self.pos] in "\"'":
            self.string()
        elif self.at("["):
            index = 0
            self.take(_GAP)
            while not self.at("]"):
                self.keys[*path, index] = self.line
                self.value((*path, index))
                index += 1
                self.take(_GAP)
                self.at(",")
                self.take(_GAP)
        elif self.at("{"):
            self.take(_GAP)
            while not self.at("}"):
                self.pair(path)
                self.take(_GAP)
                self.at(",")
                self.take(_GAP)
        else:
            self.take(_PLAIN)

    def string(self) -> str:
        """Step over a string of any of the four forms; its value, as far as a key needs it."""
        quote = self.text[self.pos]
        long = quote * 3
        close = long if self.at(long) else quote
        self.pos += 0 if close == long else 1
        start = self.pos
        while not self.text.startswith(close, self.pos):
            self.pos += 2 if quote == '"' and self.text[self.pos] == "\\" else 1
        if close == long:  # up to two quotes may stand before the closing three
            while self.text.startswith(quote, self.pos + 3):
                self.pos += 1
        inner = self.text[start : self.pos]
        self.pos += len(close)
        return _ESCAPE.sub(_unescape, inner) if quote == '"' else inner


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code[1:], 16)) if code[0] in "uU" else _ESCAPES.get(code, code)
