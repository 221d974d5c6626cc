"""One submission is marked: scores and the notebook that shows how they came about.

No database, no clock, no network, and of the learner's notebook nothing but the code of a set
that asks for code, which runs in a sandbox.
The same paper and the same submission give the same marks, wherever they are marked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kefu.card import digest
from kefu.grading.judge import Judged, countable, judge_item, released_card
from kefu.grading.limits import Guard
from kefu.grading.paper import Paper
from kefu.grading.rubric import answer, criterion, for_the_marker, line, line_name
from kefu.grading.submission import Submission
from kefu.grading.table import table
from kefu.text import Text

__all__ = ["Marked", "Score", "judge_all", "mark"]

_AFTER = Text(
    "这份是在理由公布之后交的", "this was handed in after the set's reasons were released"
)
_TORN = Text(
    "作答记录的最后一行没有写完（断电时会这样），别的照算",
    "the last line of the answers was never finished, as when the power goes; the others count",
)


@dataclass(frozen=True, slots=True)
class Score:
    """What a cell is worth: points, or None where a person marks it.

    `text` tells what was written from anything else that could have been, where a person marks:
    a mark by hand stands for as long as it stays the same. Empty where nothing was written.
    """

    auto: float | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked submission: a score for each grade cell, and the notebook that shows them.

    `blank` are the solution cells in which nothing was written;
    `remarks` are what the instructor should know.
    """

    student: str
    set: str
    scores: dict[str, Score]
    blank: frozenset[str]
    notebook: str
    remarks: tuple[Text, ...]


def judge_all(paper: Paper, submission: Submission) -> dict[str, Judged]:
    """Judge every item of a paper that is answered in the journal, by item."""
    attempts = submission.attempts
    return {
        item: judge_item(paper.keys, card, attempts)
        for item, card in paper.cards.items()
        if card["kind"] != "program"
    }


def mark(paper: Paper, submission: Submission, guard: Guard = Guard()) -> Marked:  # noqa: B008
    """Mark a submission.

    Args:
        paper: the set with its keys.
        submission: what was handed in.
        guard: how a learner's code is run, if the set asks for any.

    Raises:
        KefuError: the paper itself is broken, or there is no sandbox; never for what was handed in.
    """
    judged = judge_all(paper, submission)
    remarks = list(submission.remarks)
    if judged and not submission.attempts:
        remarks.append(Text("没有交来任何答案", "no responses were handed in"))
    remarks += _uncounted(paper, submission)
    if paper.reasons and submission.at > paper.reasons:
        remarks.append(_AFTER)
    cells = paper.cells
    blank = set[str]()
    if paper.programs:
        from kefu.grading.code import run_code

        coded = run_code(paper, submission, guard)
        judged |= coded.judged
        remarks += coded.remarks
        cells = coded.cells
        blank |= coded.blank
    notebook = json.loads(paper.notebook)
    notebook["metadata"].setdefault("kefu", {})["reasons"] = bool(paper.reasons)
    scores: dict[str, Score] = {}
    notebook["cells"] = [made for cell in cells for made in _marked(cell, paper, judged, scores)]
    text = json.dumps(notebook, ensure_ascii=False)
    blank |= {name for name in scores if line_name(name) and not scores[name].text}
    told = (frozenset(blank), text + "\n", tuple(remarks))
    return Marked(submission.student, submission.set, scores, *told)


def _uncounted(paper: Paper, submission: Submission) -> Iterator[Text]:
    """What in the journal cannot count, whoever wrote it there."""
    held = submission.contents
    if held.torn:
        yield _TORN
    if held.unreadable:
        yield Text(
            f"作答记录里有 {held.unreadable} 行读不出来，没有算",
            f"lines of the answers that could not be read: {held.unreadable}, not counted",
        )
    known = {item: countable(paper.keys, card) for item, card in paper.cards.items()}
    strange = sum(one.version not in known.get(one.item, ()) for one in held.attempts)
    if strange:
        yield Text(
            f"作答记录里有 {strange} 行不是这份作业的题，或写着没有发布过的版本，没有算",
            "answers to no question of this set, or to a version that was never released: "
            f"{strange}, not counted",
        )


def _marked(
    cell: dict[str, Any], paper: Paper, judged: dict[str, Judged], scores: dict[str, Score]
) -> list[dict[str, Any]]:
    """A cell of the notebook with what marking adds to it."""
    about = cell["metadata"].get("nbgrader", {})
    if not about.get("grade"):
        return [cell]
    name, points = about["grade_id"], float(about["points"])
    if by_hand := line_name(name):
        item, number = by_hand
        released_card(paper.cards, item, paper.set)
        return _to_mark(cell, item, number, judged[item], scores)
    released_card(paper.cards, name, paper.set)
    score = round(points * judged[name].verdict["credit"], 4)
    scores[name] = Score(score)
    version = judged[name].card["version"]
    key = paper.keys.key(name, version) if paper.reasons else None
    shown = _output("display_data", table(judged[name], points, key))
    if name in paper.programs:  # what the report on a set counts
        parts = judged[name].verdict["parts"]
        shown["metadata"] = {"kefu": {"groups": {part["id"]: part["credit"] for part in parts}}}
    cell["outputs"] = [
        shown,
        {**_output("execute_result", {"text/plain": repr(score)}), "execution_count": None},
    ]
    return [cell]


def _to_mark(
    cell: dict[str, Any], item: str, number: int, judged: Judged, scores: dict[str, Score]
) -> list[dict[str, Any]]:
    """A line of a rubric, below the learner's text; without one there is nothing to mark."""
    name = cell["metadata"]["nbgrader"]["grade_id"]
    if not judged.attempt:
        scores[name] = Score(0.0)
        return [cell]
    text = judged.attempt.response["text"]
    scores[name] = Score(None, digest("text", text)[:16])
    words = criterion(judged.verdict, number)
    if words:
        cell["source"] = line(words)
    if number:
        return [cell]
    # What the marker goes by stands around the lines that are marked.
    return [answer(item, text), for_the_marker(item, judged.verdict), cell]


def _output(kind: str, data: dict[str, str]) -> dict[str, Any]:
    return {"output_type": kind, "data": data, "metadata": {}}
