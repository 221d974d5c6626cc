"""A table for a terminal, with words in Chinese and English."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["aligned"]


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as columns: the first to the left, the others to the right."""
    wide = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        first = row[0] + " " * (wide[0] - _width(row[0]))
        rest = [
            " " * (most - _width(one)) + one for one, most in zip(row[1:], wide[1:], strict=True)
        ]
        lines.append("  ".join([first, *rest]).rstrip())
    return "\n".join(lines)


def _width(words: str) -> int:
    """Columns in a terminal: a 汉字 takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)
