"""A table in the terminal: plain columns, lined up also where 汉字 stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import typer

from kefu.text import Text, preferred

__all__ = ["table"]


def table(heads: Sequence[Text], rows: Iterable[Sequence[str]]) -> None:
    """Print columns as wide as what stands in them, with two spaces between."""
    from kefu.grading.sheets import width

    lines = [[head[preferred()] for head in heads], *([*map(_printed, row)] for row in rows)]
    wide = [max(map(width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (text + " " * (w - width(text)) for text, w in zip(line, wide, strict=True))
        typer.echo("  ".join(cells).rstrip())


def _printed(text: str) -> str:
    """A name may hold what moves a terminal's cursor."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
