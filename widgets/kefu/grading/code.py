"""The code of a set that asks for code: taken from the learner's notebook, run, and judged.

Of the notebook nothing counts but the source of its code cells.
They run in the order in which they stand, the learner's own helpers among them;
whatever else the notebook claims, of points, tags or kernels, is not looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from kefu.grading import sandbox
from kefu.grading.judge import Judged
from kefu.grading.limits import Guard
from kefu.grading.paper import Paper
from kefu.grading.program import calls, judge_program
from kefu.grading.submission import Submission
from kefu.scenario.program import CODE
from kefu.text import Text

__all__ = ["Coded", "run_code"]

_MOST_CELLS = 200
_MOST = 256 * 1024
"""Characters of all code cells together: years of honest work fit, a flood does not."""

_MORE = Text("另外写的代码", "Code beside the question")
_FLOOD = Text(
    f"代码太多，只运行了前面的（{_MOST_CELLS} 格、{_MOST} 个字符以内）",
    f"too much code: only the first {_MOST_CELLS} cells and {_MOST} characters were run",
)
_UNREADABLE = Text(
    "笔记本读不出来，里面的代码没有运行", "the notebook cannot be read, so no code was run"
)


@dataclass(frozen=True, slots=True)
class Coded:
    """What came of a learner's code.

    `judged` are the verdicts by item, `cells` the notebook's cells as they are shown, `blank` the
    solution cells in which nothing was written, `remarks` what the instructor should know.
    """

    judged: dict[str, Judged]
    cells: list[dict[str, Any]]
    blank: frozenset[str]
    remarks: tuple[Text, ...]


@dataclass(slots=True)
class _Cell:
    """A code cell of the learner's: its source, and of which solution cell it is the answer."""

    source: str
    name: str | None = None


def run_code(paper: Paper, submission: Submission, guard: Guard) -> Coded:
    """Run a learner's code and judge its programs.

    Raises:
        KefuError: no process could be started; never for anything a learner did.
    """
    remarks: list[Text] = []
    released = paper.cells
    solutions = {f"{ref}{CODE}": ref for ref in paper.programs}
    stubs = {cell["id"]: cell["source"] for cell in released if cell["id"] in solutions}
    ours = {_said(c).strip() for c in released if c["cell_type"] == "code"}
    ours -= {_said({"source": stub}).strip() for stub in stubs.values()}
    cells = _cells(submission.notebook, solutions, remarks)
    mine = [cell for cell in cells if cell.source.strip() and cell.source.strip() not in ours]
    last = {cell.name: cell for cell in mine if cell.name}
    blank = {
        name
        for name, stub in stubs.items()
        if name not in last or last[name].source.strip() == _said({"source": stub}).strip()
    }
    keys = {ref: paper.keys.key(ref, paper.cards[ref]["version"]) for ref in paper.programs}
    answers: dict[str, Any] = {}
    shown = released
    if blank != stubs.keys() or len(mine) > len(last):
        asked = [
            sandbox.Call(ref, paper.cards[ref]["function"], calls(key))
            for ref, key in keys.items()
            if key
        ]
        ran = sandbox.run([cell.source for cell in mine], asked, {}, guard.limits, guard.sandboxed)
        answers, shown = dict(ran.answers), _shown(released, mine, last, ran.cells)
        remarks += ran.remarks
    judged = {}
    for ref, key in keys.items():
        assert key is not None, "a paper holds the keys of its cards"
        card = paper.cards[ref]
        given = [] if f"{ref}{CODE}" in blank and _none(answers.get(ref)) else answers.get(ref, [])
        judged[ref] = Judged(card, None, judge_program(card, key, given))
    return Coded(judged, shown, frozenset(blank), tuple(remarks))


def _none(answers: list[Any] | None) -> bool:
    """Whether no call gave anything."""
    return all(isinstance(answer, sandbox.Failure) for answer in answers or ())


def _cells(notebook: bytes | None, solutions: dict[str, str], remarks: list[Text]) -> list[_Cell]:
    """The code cells of a notebook, whatever has become of it."""
    if notebook is None:
        return []
    try:
        raw = json.loads(notebook)["cells"]
        cells = [cell for cell in raw if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    except (ValueError, TypeError, KeyError, RecursionError):
        remarks.append(_UNREADABLE)
        return []
    taken: list[_Cell] = []
    room = _MOST
    for cell in cells:
        source = _said(cell)
        if len(taken) == _MOST_CELLS or len(source) > room:
            remarks.append(_FLOOD)
            break
        room -= len(source)
        name = _name(cell)
        taken.append(_Cell(source, name if name in solutions else None))
    return taken


def _said(cell: dict[str, Any]) -> str:
    """A cell's source as text that any file can hold."""
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return ""
    return source.encode("utf-8", "replace").decode()


def _name(cell: dict[str, Any]) -> str | None:
    about = cell.get("metadata")
    about = about.get("nbgrader") if isinstance(about, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else None


def _shown(
    released: list[dict[str, Any]],
    mine: list[_Cell],
    last: dict[str, _Cell],
    ran: list[sandbox.CellRan],
) -> list[dict[str, Any]]:
    """The released cells with the learner's code and what came of it; helpers stand at the end."""
    came = {id(cell): outcome for cell, outcome in zip(mine, ran, strict=True)}
    cells = []
    for cell in released:
        own = last.get(cell["id"])
        cells.append({**cell, **_run(own, came[id(own)])} if own else cell)
    answers = [id(cell) for cell in last.values()]
    more = [cell for cell in mine if id(cell) not in answers]
    if more:
        heading = f"## {_MORE.zh} · {_MORE.en}"
        cells.append({"cell_type": "markdown", "id": "_code", "metadata": {}, "source": heading})
    cells += [
        {"cell_type": "code", "id": f"_code-{n}", "metadata": {}, **_run(cell, came[id(cell)])}
        for n, cell in enumerate(more, 1)
    ]
    return cells


def _run(cell: _Cell, came: sandbox.CellRan) -> dict[str, Any]:
    outputs: list[dict[str, Any]] = []
    if came.output:
        outputs.append({"output_type": "stream", "name": "stdout", "text": came.output})
    if came.error:
        outputs.append({"output_type": "stream", "name": "stderr", "text": came.error})
    return {"source": cell.source, "outputs": outputs, "execution_count": None}
