"""A list of learners as somebody made it in a spreadsheet: read, and checked whole.

Every fault and every note names file, row and column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kefu.errors import Fault
from kefu.grading.headings import HIDDEN, SAID, columns_of
from kefu.grading.names import join, split
from kefu.grading.sheets import Cell, Line, read_lines
from kefu.text import Text, fold

__all__ = ["NUMBER", "Learner", "Roster", "read"]

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
"""What a learner's number may be."""
_LONGEST = 128  # characters that nbgrader keeps of a name or an address
_TITLES = 20  # rows that may stand above the headings
_EXACT = 15  # digits of a number that Excel keeps
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

_VALUE = Text("请把它换成写死的值", "put a plain value in its place")
_AS_TEXT = Text(
    "请先把这一列设为“文本”格式，再把学号重新填一遍",
    "format the column as text, then type the number again",
)


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner, as nbgrader keeps one; None: the list does not say."""

    number: str
    last: str | None = None
    first: str | None = None
    email: str | None = None
    lms: str | None = None

    @property
    def name(self) -> str:
        """The name as one says it."""
        return join(self.last, self.first)


@dataclass(slots=True)
class Roster:
    """What a list says: its learners with their rows, what must be mended, what one should know."""

    file: str
    learners: dict[str, Learner] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    numeric: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def fault(self, line: int, what: Text, write: Text) -> None:
        """Note what must be mended before anything is taken."""
        self.faults.append(Fault(self.file, line, what, write))

    def note(self, line: int, what: Text, write: Text) -> None:
        """Note what the list may well mean, but one should know."""
        self.notes.append(Fault(self.file, line, what, write))


def read(path: Path) -> Roster:
    """Read a list from CSV or XLSX; faults and notes are in their order in the file.

    Raises:
        KefuError: the file cannot be read at all.
    """
    roster = Roster(path.name)
    lines = read_lines(path)
    head = next((n for n, line in enumerate(lines[:_TITLES]) if "number" in columns_of(line)), None)
    if head is None:
        roster.fault(
            next((line.number for line in lines if not line.is_empty), 0),
            Text("没有找到“学号”这一列的标题", "no column is headed “number”"),
            Text(
                "第一行写列名：学号、姓名、邮箱",
                "put the names of the columns first: number, name, email",
            ),
        )
        return roster
    columns = _headings(roster, lines[head])
    body = lines[head + 1 :]
    empty = [line.number for line in body if line.is_empty]
    for line in body:
        if not line.is_empty:
            _take(roster, line, columns)
    if empty:
        said = [f"{n}" for n in empty[:10]] + ["…"] * (len(empty) > 10)
        roster.note(
            empty[0],
            Text(f"空行跳过了：第 {'、'.join(said)} 行", f"empty rows left out: {', '.join(said)}"),
            Text("不用改", "nothing to do"),
        )
    if not roster.learners and not roster.faults:
        roster.fault(
            lines[head].number,
            Text("列名下面没有学员", "there is nobody below the headings"),
            Text("一行写一位学员", "write one learner a row"),
        )
    _look_over(roster)
    return roster


def _headings(roster: Roster, line: Line) -> dict[str, int]:
    found = columns_of(line)
    for what, places in found.items():
        if len(places) > 1:
            where = ", ".join(line.cells[n].where for n in places)
            roster.fault(
                line.number,
                Text(f"有两列都是{SAID[what].zh}：{where}",
                     f"two columns hold the {SAID[what].en}: {where}"),
                Text("只留一列", "leave just one"),
            )  # fmt: skip
    if not found.keys() & {"name", "last", "first"}:
        roster.note(
            line.number,
            Text("没有“姓名”这一列", "no column is headed “name”"),
            Text(
                "没有姓名也能用；有就加一列“姓名”", "that will do; add a column “name” if you can"
            ),
        )
    used = {n for places in found.values() for n in places}
    unused = [c.text.strip() for n, c in enumerate(line.cells) if n not in used and c.text.strip()]
    if unused:
        roster.note(
            line.number,
            Text(f"没有用到的列：{'、'.join(unused)}", f"columns left out: {', '.join(unused)}"),
            Text(
                "成绩册没有放它们的地方，不用改", "the gradebook has no place for them; that is all"
            ),
        )
    return {what: places[0] for what, places in found.items()}


def _take(roster: Roster, line: Line, columns: Mapping[str, int]) -> None:
    nothing = Cell("", "text", "")
    cells = {w: line.cells[n] if n < len(line.cells) else nothing for w, n in columns.items()}
    number = _number(roster, line.number, cells.pop("number"))
    said = {what: _words(roster, line.number, what, cell) for what, cell in cells.items()}
    if number is None:
        return
    if number in roster.learners:
        first = roster.lines[number]
        roster.fault(
            line.number,
            Text(f"学号 {number} 在第 {first} 行已经有了",
                 f"the number {number} already stands in row {first}"),
            Text("删去一行，或改正学号", "take one of them out, or correct the number"),
        )  # fmt: skip
        return
    name = said.pop("name", None)
    last, first_name = said.pop("last", None), said.pop("first", None)
    if name and not (last or first_name):
        last, first_name = split(name)
    elif last or first_name:
        last, first_name = last or "", first_name or ""
    roster.learners[number] = Learner(number, last, first_name, **said)
    roster.lines[number] = line.number


def _number(roster: Roster, line: int, cell: Cell) -> str | None:
    """A learner's number, or None, and then why is among the faults."""
    text = cell.text.strip(HIDDEN)
    at = Text(f"学号（{cell.where}）", f"number ({cell.where})") if cell.where else SAID["number"]
    whole, folded = re.fullmatch(r"(\d+)\.0+", text), fold(text)
    if not text:
        what, write = Text("是空的", "is empty"), Text("填上学号", "type the number")
    elif cell.form in ("formula", "error"):
        what, write = Text("是公式或错误值", "is a formula or an error"), _VALUE
    elif cell.form == "date":
        what, write = Text("被 Excel 当成了日期", "was taken for a date by Excel"), _AS_TEXT
    elif cell.form == "number" and len(text) > _EXACT:
        what = Text(
            f"有 {len(text)} 位，Excel 只记得住前 {_EXACT} 位",
            f"has {len(text)} digits, and Excel keeps only {_EXACT}",
        )
        write = _AS_TEXT
    elif whole:
        what = Text(f"是 {text}，多了小数", f"is {text}, with decimals")
        write = Text(f"写 {whole[1]}", f"write {whole[1]}")
    elif re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+", text):
        what = Text(f"被 Excel 写成了 {text}", f"was turned into {text} by Excel")
        write = _AS_TEXT
    elif NUMBER.fullmatch(text):
        if text != cell.text:
            roster.note(
                line,
                Text(f"{at.zh}前后有空格，已去掉", f"{at.en} had spaces around it, taken off"),
                Text("不用改", "nothing to do"),
            )
        if cell.form == "number":
            roster.numeric.add(text)
        return text
    elif NUMBER.fullmatch(folded):
        what = Text(f"是 {text}，用了全角字符", f"is {text}, in full-width characters")
        write = Text(f"写 {folded}", f"write {folded}")
    elif len(text) > 32:
        what = Text(f"有 {len(text)} 个字符", f"has {len(text)} characters")
        write = Text("最多 32 个", "write at most 32")
    else:
        what = Text(f"是 {text}，不能当学号", f"is {text}, which cannot be one")
        write = Text(
            "只用字母、数字、- 和 _，以字母或数字开头",
            "use letters, digits, - and _ only, and begin with a letter or digit",
        )
    roster.fault(line, Text(f"{at.zh}{what.zh}", f"{at.en} {what.en}"), write)
    return None


def _words(roster: Roster, line: int, what: str, cell: Cell) -> str | None:
    """Any other cell: its words, or None for an empty one, which changes nothing."""
    text = cell.text.strip(HIDDEN)
    at = Text(f"{SAID[what].zh}（{cell.where}）", f"{SAID[what].en} ({cell.where})")
    why = None
    if cell.form in ("formula", "error"):
        why = Text("是公式或错误值", "is a formula or an error"), _VALUE
    elif any(ord(char) < 32 or ord(char) == 127 for char in text):
        why = (
            Text("里有换行或控制字符", "holds a line break or a control character"),
            Text("写成一行", "write it in one line"),
        )
    elif len(text) > _LONGEST:
        why = (
            Text(f"有 {len(text)} 个字符", f"has {len(text)} characters"),
            Text(f"最多 {_LONGEST} 个", f"write at most {_LONGEST}"),
        )
    elif what == "email" and text and not _EMAIL.fullmatch(text):
        why = (
            Text(f"不像邮箱：{text}", f"is no address: {text}"),
            Text("写成 name@example.com 的样子，或留空", "write name@example.com, or nothing"),
        )
    if why:
        roster.fault(line, Text(f"{at.zh}{why[0].zh}", f"{at.en} {why[0].en}"), why[1])
    return text or None


def _look_over(roster: Roster) -> None:
    """What only the whole list shows."""
    everyone = roster.learners.values()
    for name, count in Counter(one.name for one in everyone).items():
        if name and count > 1:
            same = [one.number for one in everyone if one.name == name]
            roster.note(
                roster.lines[same[-1]],
                Text(f"{'、'.join(same)} 都叫 {name}", f"{', '.join(same)} are all called {name}"),
                Text("确是同名就不用改", "that may well be so"),
            )
    seen = dict[str, str]()
    for number in roster.learners:
        other = seen.setdefault(number.lower(), number)
        if other != number:
            roster.fault(
                roster.lines[number],
                Text(f"学号 {number} 和 {other} 只差大小写",
                     f"the numbers {number} and {other} differ in capitals only"),
                Text("有的电脑分不清，改掉一个", "some machines take them for one; change one"),
            )  # fmt: skip
    longest = max((len(number) for number in roster.numeric), default=0)
    for number in sorted(roster.numeric, key=lambda one: roster.lines[one]):
        if len(number) < longest:
            roster.note(
                roster.lines[number],
                Text(f"学号 {number} 比别的短；Excel 会丢掉数字前面的 0",
                     f"the number {number} is shorter than others; Excel drops leading zeros"),
                Text("如果前面本来有 0，把这一列设为“文本”格式再填",
                     "if it began with 0, format the column as text and type it again"),
            )  # fmt: skip
    roster.faults.sort(key=lambda one: one.line)
    roster.notes.sort(key=lambda one: one.line)
