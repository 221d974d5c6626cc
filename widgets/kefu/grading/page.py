"""What stands on a feedback page, and drawing it: no database, no clock.

Nothing of a learner's is markup: the template escapes whatever it is given.
The one exception are the house's own tables, which marking put into the locked cells.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kefu.grading.appeals import Asked
from kefu.grading.booked import Booked, Mark
from kefu.grading.deadlines import shown
from kefu.grading.history import Grading
from kefu.grading.rubric import line_name
from kefu.grading.standing import lateness
from kefu.scenario.program import CODE
from kefu.text import Text

__all__ = ["Facts", "draw"]

_LONGEST = 20_000
"""More characters than these of one output or one cell of code are not shown."""
_CRITERION = re.compile(r'<span lang="zh-CN">([^<]*)</span><br><span lang="en">([^<]*)</span>')


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a page tells beside the marked notebook.

    `gradings` is every grading of this hand-in, the first one first; `asked` what the learner
    asked; `released` when the set's reasons were released, empty if they are not.
    """

    student: str
    title: Text
    booked: Booked
    gradings: list[Grading]
    asked: list[Asked]
    released: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a rubric, and what the marker gave for it."""

    words: Text | None
    mark: Mark
    comment: str


@dataclass(frozen=True, slots=True)
class _Item:
    """One question."""

    n: int
    ref: str
    mark: Mark
    table: str
    comments: list[str] = field(default_factory=list)
    code: list[tuple[str, str]] = field(default_factory=list)
    lines: list[_Line] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def waiting(self) -> bool:
        """Whether a person has yet to mark some of it."""
        return any(mark.score is None for mark in self._marks())

    @property
    def score(self) -> float:
        """What it has earned so far."""
        return sum(mark.score or 0.0 for mark in self._marks())

    @property
    def points(self) -> float:
        """What it is worth."""
        return sum(mark.points for mark in self._marks())

    @property
    def sign(self) -> str:
        """How much of it was earned, at a glance."""
        if self.waiting:
            return "…"
        return "✓" if self.score >= self.points else "✗" if self.score <= 0 else "◐"

    def _marks(self) -> list[Mark]:
        return [self.mark, *(line.mark for line in self.lines)]


def draw(notebook: dict[str, Any], facts: Facts) -> str:
    """The page.

    Args:
        notebook: as marking left it, as JSON.
        facts: what the gradebook and the house know.
    """
    items = list(_items(notebook, facts))
    marks = facts.booked.marks.values()
    return _template().render(
        student=facts.student,
        title=facts.title,
        booked=facts.booked,
        items=items,
        more=list(_more(notebook)),
        waiting=sum(mark.score is None for mark in marks),
        told=bool(notebook["metadata"].get("kefu", {}).get("reasons")),
        when=list(_when(facts.booked)),
        gradings=list(_gradings(facts)),
    )


def _items(notebook: dict[str, Any], facts: Facts) -> Iterator[_Item]:
    """Each question with what belongs to it, in the order of the notebook."""
    marks, comments = facts.booked.marks, facts.booked.comments
    found: dict[str, _Item] = {}
    code: dict[str, tuple[str, str]] = {}
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        name = str(about.get("grade_id", ""))
        if name.endswith(CODE):
            code[name.removesuffix(CODE)] = _cut(_joined(cell["source"])), _output(cell)
        if not about.get("grade") or name not in marks:
            continue
        by_hand = line_name(name)
        if by_hand and by_hand[0] in found:
            line = _Line(_criterion(_joined(cell["source"])), marks[name], comments.get(name, ""))
            found[by_hand[0]].lines.append(line)
        elif not by_hand:
            made = _Item(len(found) + 1, name, marks[name], _table(cell))
            found[name] = made
            made.comments.extend(
                comments[one] for one in (name, f"{name}{CODE}") if one in comments
            )
            if name in code:
                made.code.append(code[name])
            made.asked.extend(one for one in facts.asked if one.item == name)
    yield from found.values()


def _more(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The code that a learner wrote beside the questions, each cell with what it showed."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and cell.get("id", "").startswith("_code-"):
            yield _cut(_joined(cell["source"])), _output(cell)


def _table(cell: dict[str, Any]) -> str:
    """The house's own table, as HTML; the rest of what a cell may hold is not looked at."""
    for output in cell.get("outputs", ()):
        if output["output_type"] == "display_data" and cell["metadata"]["nbgrader"]["locked"]:
            return _joined(output["data"].get("text/html", ""))
    return ""


def _criterion(source: str) -> Text | None:
    """The words of a rubric's line, as `rubric.line` wrote them; None where there are none."""
    found = _CRITERION.fullmatch(source)
    return Text(html.unescape(found[1]), html.unescape(found[2])) if found else None


def _output(cell: dict[str, Any]) -> str:
    """What a cell of code printed, gave or raised, as plain text."""
    said = []
    for output in cell.get("outputs", ()):
        if output["output_type"] == "stream":
            said.append(_joined(output.get("text", "")))
        elif output["output_type"] == "error":
            said.append(f"{output.get('ename', '')}: {output.get('evalue', '')}\n")
        else:
            said.append(_joined(output.get("data", {}).get("text/plain", "")) + "\n")
    return _cut("".join(said).rstrip("\n"))


def _joined(text: Any) -> str:
    """Notebooks hold text as one string or as a list of lines."""
    return "".join(text) if isinstance(text, list) else str(text)


def _cut(text: str) -> str:
    """No more than one reads, and nothing that a file of text cannot hold."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n…"
    return "".join(c if c in "\n\t" or category(c) not in ("Cc", "Cs") else "\ufffd" for c in short)


def _when(booked: Booked) -> Iterator[Text]:
    """When it was handed in, and what being late cost."""
    if booked.at is None:
        return
    at = shown(booked.at)
    if booked.until is None:
        yield Text(f"{at} 交卷。", f"Handed in {at}.")
        return
    due, longer = shown(booked.until), bool(booked.extension)
    until = Text(
        f"截止时间{'（含延期）' if longer else ''}：{due}。",
        f"Due{' (extension included)' if longer else ''}: {due}.",
    )
    late = max(booked.at - booked.until, booked.at - booked.at)
    if not late:
        yield Text(f"{until.zh}{at} 交卷，没有迟。", f"{until.en} Handed in {at}, in time.")
        return
    by, cost = lateness(late), f"{round(booked.penalty, 2):g}"
    zh = f"扣 {cost} 分" if booked.penalty else "没有扣分"
    en = f"{cost} off the score" if booked.penalty else "nothing is taken off"
    yield Text(
        f"{until.zh}{at} 交卷，迟了 {by.zh}，{zh}。",
        f"{until.en} Handed in {at}, {by.en} late: {en}.",
    )


def _gradings(facts: Facts) -> Iterator[Text]:
    """How the mark came about: each grading, why it was made, and what came of it."""
    before: Grading | None = None
    for one in facts.gradings:
        at = shown(datetime.fromisoformat(one.at))
        score = f"{round(sum(s.auto or 0.0 for s in one.scores.values()), 2):g}"
        why = _why(one, before, facts.released)
        yield Text(
            f"{at}：{why.zh}，自动批改得 {score} 分（答案版本 {one.revision[:8]}）",
            f"{at}: {why.en}, {score} marked automatically (key {one.revision[:8]})",
        )
        before = one


def _why(one: Grading, before: Grading | None, released: str) -> Text:
    if before is None:
        return Text("批改", "graded")
    if one.submission != before.submission:
        return Text("重新交卷，再批一次", "graded again after a new hand-in")
    if one.release != before.release:
        return Text("题目重新发布，再批一次", "graded again after a new release")
    if one.revision != before.revision and before.at < released <= one.at:
        return Text("公布理由，补上说明", "reasons added after their release")
    return Text("答案有更正，再批一次", "graded again after a key was corrected")


def _time(at: str) -> str:
    return shown(datetime.fromisoformat(at))


@cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates" / "kefu_feedback"
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters |= {
        "points": _points,
        "time": _time,
        "own": _tongue,
    }
    return env.get_template("index.html.j2")


def _tongue(text: str) -> str:
    """The language of what somebody typed, for whoever listens to it."""
    return "zh-CN" if re.search("[\u3400-\u9fff]", text) else "en"


def _points(value: float) -> str:
    return f"{round(value, 2):g}"
