"""The part of a rewrite that a person marks: its cell, its text, what the marker sees beside it.

A learner's text is put into markdown, and whatever it holds is shown as text:
every sign that markdown, mathematics or HTML could read is written as a character reference.
"""

from __future__ import annotations

from typing import Any
from unicodedata import category

from nbformat.v4 import new_markdown_cell

from kefu.card import RUBRIC, Verdict
from kefu.text import LANGS, Text, TextJSON

__all__ = ["MARKER", "as_markdown", "for_the_marker", "is_by_hand", "item_of"]

MARKER = "kefu-marker"
"""The tag of what only the marker may see: feedback leaves such cells out."""

_MARKER_ID = "--marker"
_HEAD = Text("给批改的人看，不会出现在反馈里", "For the marker; feedback does not show it")
_RUBRIC = Text("评分要点", "Rubric")
_MODEL = Text("参考说法", "Model answer")
_CELL = "text-align:left;vertical-align:top;padding:8px 12px;border:1px solid #d9dcd6;width:50%"
_PRE = "white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:0"


def is_by_hand(cell: Any) -> bool:
    """Whether this is the cell of a rewrite that a person marks."""
    about = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "markdown" and str(about.get("grade_id", "")).endswith(RUBRIC)


def item_of(cell: Any) -> str:
    """The item whose text goes into a cell that is marked by hand."""
    return str(cell.metadata["nbgrader"]["grade_id"]).removesuffix(RUBRIC)


def as_markdown(text: str) -> str:
    """Markdown that shows just this text, with its lines, and does nothing else."""
    return f'<pre style="{_PRE}">{_plain(text)}</pre>'


def _plain(text: str) -> str:
    return "".join(_reference(char) for char in text.replace("\r\n", "\n"))


def _reference(char: str) -> str:
    if char.isalnum() or char == " " or (ord(char) > 127 and category(char)[0] in "LMNPSZ"):
        return char
    if category(char) in ("Cc", "Cs", "Cn") and char not in "\n\t":
        return "\ufffd"
    return f"&#{ord(char)};"


def for_the_marker(item: str, verdict: Verdict) -> Any:
    """A cell with rubric and model answer, side by side and in both languages."""
    lines = "".join(
        f'<li style="margin:4px 0">{_both(line["text"])} <b>{line["points"]}</b></li>'
        for line in verdict["rubric"]
    )
    heads = "".join(
        f'<th scope="col" style="{_CELL}">{head.zh} · <span lang="en">{head.en}</span></th>'
        for head in (_RUBRIC, _MODEL)
    )
    # One line, so that nothing in it ends the block of HTML.
    source = (
        f'<div class="{MARKER}"><p>{_HEAD.zh} · <span lang="en">{_HEAD.en}</span></p>'
        f'<table style="width:100%;table-layout:fixed"><thead><tr>{heads}</tr></thead><tbody><tr>'
        f'<td style="{_CELL}"><ul style="margin:0;padding-left:1.2em">{lines}</ul></td>'
        f'<td style="{_CELL}">{_both(verdict["model"])}</td></tr></tbody></table></div>'
    )
    return new_markdown_cell(source, id=f"{item}{_MARKER_ID}", metadata={"tags": [MARKER]})


def _both(text: TextJSON) -> str:
    tags = {"zh": "zh-CN", "en": "en"}
    return "<br>".join(f'<span lang="{tags[lang]}">{_plain(text[lang])}</span>' for lang in LANGS)
