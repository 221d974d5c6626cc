"""Running a learner's notebook where it can do no harm, and asking its functions.

The law of this room: nothing that a learner's code does is more than a wrong answer. `run` comes
back within the limits, raises nothing of the learner's, and what it gives back holds no hidden
input: outputs are closed before the first of them goes in, and a failure is told in our words.
Those are few: code that may choose among sixty names for its failures can spell an input out.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kefu.grading import jail
from kefu.grading.limits import Limits
from kefu.grading.session import Ended, Session
from kefu.result import JSON, NotPlain, plain
from kefu.text import Text

__all__ = ["Call", "CellRan", "Failure", "Limits", "Ran", "ready", "run"]

_RESTARTS = 3
_ERROR = 2000  # characters of an error that are kept


@dataclass(frozen=True, slots=True)
class Call:
    """A function to ask: its name in the notebook, and the arguments of each asking.

    Attributes:
        ref: the program that this is about.
        function: the function's name.
        inputs: for each asking, its positional arguments.
    """

    ref: str
    function: str
    inputs: list[list[JSON]]


@dataclass(frozen=True, slots=True)
class CellRan:
    """What came of one cell.

    Attributes:
        output: what it printed, and the value of its last line, as far as there is room.
        error: what it raised, or why it did not run to its end.
        state: `ran`; `error`: it raised; `dead`: the process died of it, or it took too long;
            `skipped`: not run, since the time or the patience was used up before.
    """

    output: str
    error: str | None
    state: Literal["ran", "error", "dead", "skipped"]


@dataclass(frozen=True, slots=True)
class Failure:
    """No result, and why: the house's own words, never the learner's."""

    why: Text


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a notebook.

    Attributes:
        cells: one for each cell given.
        answers: for each program, a result or a failure for each asking.
        remarks: what the instructor should know.
    """

    cells: list[CellRan]
    answers: dict[str, list[JSON | Failure]]
    remarks: tuple[Text, ...]


_tried: set[bool] = set()


def ready(sandboxed: bool = True) -> None:
    """Make sure that code can be run here, by really starting a sandbox, once in a process.

    Raises:
        KefuError: it cannot; with what to install or to allow.
    """
    if sandboxed in _tried:
        return
    if sandboxed and (error := jail.lacking()):
        raise error
    try:
        with Session({}, Limits(), sandboxed) as session:
            session.ask({"do": "cell", "cell": 0, "source": "1"}, 60)
    except Ended as ended:
        raise jail.unable(ended.why, sandboxed) from None
    _tried.add(sandboxed)


def run(
    cells: Sequence[str],
    calls: Sequence[Call],
    files: Mapping[str, bytes],
    limits: Limits = Limits(),  # noqa: B008 - frozen
    sandboxed: bool = True,
) -> Ran:
    """Run a notebook's cells one after another, then ask its functions.

    A cell that raises is passed over; one that the process dies of, or that does not come to an
    end, is left out of a fresh start, and so is an asking. There are at most three such starts.

    Args:
        cells: the source of each.
        calls: what to ask afterwards.
        files: beside the notebook, by relative path.
        limits: of the whole run.
        sandboxed: False for a class that is trusted: the same limits as far as they go, and no
            protection whatever of the machine, the keys or the other learners.

    Raises:
        KefuError: no process could be started; never for anything a learner did.
        ValueError: a file's path leads out of the folder.
    """
    if any(name.startswith("/") or ".." in name.split("/") or "\0" in name for name in files):
        raise ValueError(f"paths lead out of the folder: {sorted(files)}")
    return _Run(list(cells), list(calls), dict(files), limits, sandboxed).whole()


@dataclass(slots=True)
class _Run:
    """One notebook, over all its starts."""

    cells: list[str]
    calls: list[Call]
    files: dict[str, bytes]
    limits: Limits
    sandboxed: bool
    end: float | None = None
    ran: dict[int, CellRan] = field(default_factory=dict)
    dead: dict[int, CellRan] = field(default_factory=dict)
    answers: dict[int, list[JSON | Failure]] = field(default_factory=dict)
    remarks: list[Text] = field(default_factory=list)
    deaths: dict[int, int] = field(default_factory=dict)
    asked: bool = False

    def whole(self) -> Ran:
        """Start, and start again where it is worth it."""
        if sum(map(len, self.files.values())) > self.limits.disk // 2:
            self.remarks.append(Text("附带的文件太大，没有放进去", "files too large, left out"))
            self.files = {}
        self.answers = {index: [] for index in range(len(self.calls))}
        for _ in range(1 + _RESTARTS):
            if self._start():
                break
        self._fill()
        cells = [(self.dead | self.ran)[index] for index in range(len(self.cells))]
        answers = {call.ref: self.answers[index] for index, call in enumerate(self.calls)}
        return Ran(cells, answers, tuple(self.remarks))

    def _start(self) -> bool:
        """One process, from its start to its end; whether nothing is left to do."""
        try:
            session = Session(self.files, self.limits, self.sandboxed)
        except Ended as ended:
            raise jail.unable(ended.why, self.sandboxed) from None
        with session:
            if self.end is None:
                self.end = time.monotonic() + self.limits.wall
            return self._run_cells(session) and self._ask(session)

    def _run_cells(self, session: Session) -> bool:
        ran: dict[int, CellRan] = {}
        if not self.asked:
            self.ran = ran
        for index, source in enumerate(self.cells):
            if index in self.dead:
                continue
            try:
                said = self._timed(session, {"do": "cell", "cell": index, "source": source})
                error = said.get("error")
            except Ended as ended:
                shown = _shown(session.printed(), self.limits.output)
                why = f"{ended.why.zh} · {ended.why.en}"
                self.dead[index] = CellRan(shown, why, "dead")
                # Hidden inputs have gone in before: what is said of a cell stays as it was.
                if not self.asked:
                    self._remark(f"第 {index + 1} 段代码", f"cell {index + 1}", ended.why)
                return self._late()
            ran[index] = CellRan(
                _shown(session.printed(), self.limits.output),
                None if error is None else _shown(str(error).encode("utf-8"), _ERROR),
                "ran" if error is None else "error",
            )
        return True

    def _ask(self, session: Session) -> bool:
        session.deafen()
        self.asked = True
        for index, call in enumerate(self.calls):
            given = self.answers[index]
            while len(given) < len(call.inputs):
                request = {
                    "do": "call",
                    "function": call.function,
                    "inputs": call.inputs[len(given)],
                    "most": self.limits.result,
                }
                try:
                    given.append(_answer(self._timed(session, request), call.function))
                except Ended as ended:
                    given.append(_UNDONE)  # how it ended is for the instructor alone
                    self._remark(f"函数 {call.function} ", f"function {call.function}", ended.why)
                    self.deaths[index] = self.deaths.get(index, 0) + 1
                    if self.deaths[index] > 1:  # it will not do better with the next input
                        left = len(call.inputs) - len(given)
                        given += [_UNDONE] * left
                    return self._late()
        return True

    def _timed(self, session: Session, request: dict[str, Any]) -> dict[str, Any]:
        """Ask within what is left of the time."""
        assert self.end is not None
        left = self.end - time.monotonic()
        if left <= 0:
            raise Ended(_TIME)
        try:
            return session.ask(request, min(left, self.limits.cell_wall))
        except Ended as ended:
            raise (Ended(_TIME) if self._late() and ended.late else ended) from None

    def _late(self) -> bool:
        return self.end is not None and time.monotonic() >= self.end

    def _remark(self, zh: str, en: str, why: Text) -> None:
        self.remarks.append(Text(f"{zh}让运行停下：{why.zh}", f"{en} ended the run: {why.en}"))

    def _fill(self) -> None:
        """Say of all that was never done why it was not."""
        why = _TIME if self._late() else _PATIENCE
        for index in range(len(self.cells)):
            if index not in self.ran and index not in self.dead:
                self.ran[index] = CellRan("", f"{why.zh} · {why.en}", "skipped")
        for index, call in enumerate(self.calls):
            given = self.answers[index]
            given += [Failure(why) for _ in range(len(call.inputs) - len(given))]


_TIME = Text("整本的时间用完了", "the time for the whole notebook was used up")
_PATIENCE = Text("前面的代码几次让运行停下", "code before it ended the run several times")
_UNDONE = Failure(Text("没有算完", "it did not come to a result"))
_WHY = {
    "deep": Text("层数太多", "too many lists inside one another"),
    "large": Text("数太大", "too large a number"),
    "nan": Text("不是一个有限的数", "not a finite number"),
    "keys": Text("字典的键不是文字", "a dict whose keys are not text"),
    "size": Text("结果太大", "the result is too large"),
    "raised": Text("出错了", "it raised an error"),
    "type": Text("不是数，也不是文字", "neither numbers nor text"),
}


def _answer(said: dict[str, Any], function: str) -> JSON | Failure:
    """A result, or why there is none; of an exception no more than that there was one."""
    if "value" in said:
        try:
            return plain(said["value"])
        except NotPlain as error:
            return Failure(error.why)
    failed = said.get("failed")
    if failed == "missing":
        return Failure(Text(f"没有函数 {function}", f"there is no function {function}"))
    return Failure(_WHY.get(str(failed), _WHY["type"]))


def _shown(printed: bytes, most: int) -> str:
    """Output as text without control characters, with a word where it was cut."""
    text = printed[:most].decode("utf-8", "replace").replace("\r\n", "\n")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    for folder in jail.hidden():
        text = text.replace(folder, "…")
    return text + "\n（后面省略 · the rest is left out）" if len(printed) > most else text
