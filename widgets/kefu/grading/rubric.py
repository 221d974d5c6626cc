"""The part of a rewrite that a person marks.

It is the learner's text, a cell for each line of the rubric, and what the marker sees beside them.

A learner's text is put into markdown, and whatever it holds is shown as text:
every sign that markdown, mathematics or HTML could read is written as a character reference.
"""

from __future__ import annotations

import re
from typing import Any
from unicodedata import category

from kefu.card import RUBRIC, Verdict
from kefu.text import LANGS, Text, TextJSON

__all__ = [
    "ANSWER",
    "MARKER",
    "answer",
    "as_markdown",
    "criterion",
    "for_the_marker",
    "line",
    "line_name",
]

MARKER = "kefu-marker"
"""The tag of what only the marker may see: feedback leaves such cells out."""
ANSWER = "kefu-answer"
"""The tag of the cell that holds the learner's text."""

_LINE = re.compile(rf"(?P<item>.+){RUBRIC}(?P<number>[1-9])")
_HEAD = Text("给批改的人看，不会出现在反馈里", "For the marker; feedback does not show it")
_MODEL = Text("参考说法", "Model answer")
_WRITTEN = Text("学员写的", "The learner wrote")
_PRE = "white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:0"


def line_name(name: str) -> tuple[str, int] | None:
    """The item that a cell marked by hand belongs to and which line of its rubric it is, from 0."""
    found = _LINE.fullmatch(name)
    return (found["item"], int(found["number"]) - 1) if found else None


def as_markdown(text: str) -> str:
    """Markdown that shows just this text, with its lines, and does nothing else."""
    return f'<pre style="{_PRE}">{_plain(text)}</pre>'


class _References(dict[int, str]):
    """What each character is written as; remembered, since a class writes the same ones."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = category(char)
        if char.isalnum() or char == " " or (code > 127 and kind[0] in "LMNPSZ"):
            said = char
        elif kind in ("Cc", "Cs", "Cn") and char not in "\n\t":
            said = "\ufffd"
        else:
            said = f"&#{code};"
        self[code] = said
        return said


_REFERENCES = _References()


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").translate(_REFERENCES)


def answer(item: str, text: str) -> dict[str, Any]:
    """The cell with what the learner wrote."""
    source = f"{_both(_WRITTEN.json(), ' · ')}\n\n{as_markdown(text)}"
    return _markdown(f"{item}--text", source, ANSWER)


def criterion(verdict: Verdict, number: int) -> TextJSON | None:
    """The words of a line of the rubric, in the order of the cells; None where the key has none.

    Most points come first, as weaving orders them, then by id.
    """
    lines = sorted(verdict["rubric"], key=lambda line: (-line["points"], line["id"]))
    return lines[number]["text"] if number < len(lines) else None


def line(text: TextJSON) -> str:
    """A line of the rubric as markdown, in both languages."""
    return _both(text, "<br>")


def for_the_marker(item: str, verdict: Verdict) -> dict[str, Any]:
    """The cell with the model answer, in both languages."""
    # One line, so that nothing in it ends the block of HTML.
    source = (
        f'<div class="{MARKER}"><p>{_both(_HEAD.json(), " · ")}</p>'
        f"<p><b>{_both(_MODEL.json(), ' · ')}</b><br>{_both(verdict['model'], '<br>')}</p></div>"
    )
    return _markdown(f"{item}--marker", source, MARKER)


def _markdown(cell_id: str, source: str, tag: str) -> dict[str, Any]:
    about = {"tags": [tag]}
    return {"cell_type": "markdown", "id": cell_id, "metadata": about, "source": source}


def _both(text: TextJSON, between: str) -> str:
    tags = {"zh": "zh-CN", "en": "en"}
    return between.join(f'<span lang="{tags[lang]}">{_plain(text[lang])}</span>' for lang in LANGS)
