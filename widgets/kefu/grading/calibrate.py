"""A sheet for a second, blind marker, and what comes back of it.

The sheet holds texts and criteria, in an order of its own, and neither learner nor first mark.
Which code is whose text stays in a record beside the report, on the house's own machine.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kefu.card import RUBRIC, digest
from kefu.errors import KefuError
from kefu.grading.mark import judge_all
from kefu.grading.paper import Paper
from kefu.grading.report.agreement import Agreement, Pair, agree
from kefu.grading.report.read import asked_of, booked, handed, paper_of
from kefu.grading.report.sittings import Asked
from kefu.grading.sheets import Value, read_rows, write_sheets
from kefu.places import Places
from kefu.text import Text, TextJSON, fold

__all__ = ["RECORD", "SHEET", "back", "compared", "draw"]

SHEET = "calibrate.xlsx"
RECORD = "calibration.json"
"""Whose texts the codes stand for, and the second marks once they are back; stays in the house."""

_CODE, _QUESTION, _TEXT = "代码 code", "题号 question", "学员写的 text"
_CRITERION, _MOST, _POINTS = "评分要点 criterion", "满分 most", "给分 points"
_HEADS = (_CODE, _QUESTION, _TEXT, _CRITERION, _MOST, _POINTS)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Written:
    """A learner's text on an item."""

    student: str
    item: str
    text: str

    @property
    def digest(self) -> str:
        return digest("text", self.text)[:16]


def draw(places: Places, set_slug: str, n: int, seed: int | None, folder: Path) -> Path:
    """Write the sheet for a second marker; gives its path.

    One row for each text and line of the rubric: criterion by criterion, so that one is marked
    throughout before the next, with the texts of each in an order of their own.
    Texts that the first marker has marked are drawn first.

    Args:
        places: the course.
        set_slug: a released set.
        n: how many texts at most.
        seed: draws the same texts in the same order; None: drawn by chance.
        folder: where sheet and record go.

    Raises:
        KefuError: there is nothing to mark, or an earlier sheet has not come back yet.
    """
    record = folder / RECORD
    if record.is_file() and not _is_back(_read(record)):
        raise KefuError(
            Text(f"上一张 {SHEET} 还没有收回来", f"the last {SHEET} has not come back yet"),
            Text(
                f"先用 kefu calibrate {set_slug} --back 收回；不要了就删掉 {record.name}",
                f"read it with kefu calibrate {set_slug} --back first, or delete {record.name}",
            ),
        )
    paper = paper_of(places, set_slug)
    asked = {ref: one for ref, one in asked_of(paper).items() if one.rubric}
    dice = random.Random(secrets.randbits(64) if seed is None else seed)
    texts = _sample(_written(places, paper, asked), booked(places, set_slug), asked, n, dice)
    if not texts:
        raise KefuError(
            Text("没有要人批改的答案", "there are no texts that a person marks"),
            Text(
                "这一组要有改写题，也要有人交",
                "the set needs a rewrite, and somebody to hand it in",
            ),
        )
    numbers = {ref: at for at, ref in enumerate(asked, 1)}
    rows: list[list[Value]] = []
    kept: dict[str, dict[str, Any]] = {}
    for ref, one in asked.items():
        mine = [text for text in texts if text.item == ref]
        for at, line in enumerate(one.rubric):
            dice.shuffle(mine)
            for text in mine:
                # By chance and never by the seed: a code tells nothing of whose text it is.
                code = secrets.token_hex(4)
                kept[code] = {
                    "student": text.student,
                    "item": ref,
                    "line": at,
                    "was": text.digest,
                    "points": None,
                }
                rows.append([code, numbers[ref], text.text, _both(line.text), line.points, None])
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / SHEET
    about: list[list[Value]] = [
        [
            numbers[ref],
            _both(one.card["prompt"]),
            _both(one.card["given"]),
            _both(one.key["model"]),
        ]
        for ref, one in asked.items()
    ]
    heads = ("题号 question", "题面 prompt", "原来的说法 given", "参考说法 model answer")
    write_sheets(sheet, {"批改 marks": (_HEADS, rows), "题目 questions": (heads, about)})
    # What a workbook makes of a text is what has to come back.
    for _, row in read_rows(sheet):
        kept[row[_CODE]]["row"] = _row_digest(row)
    _write(record, {"set": set_slug, "rows": kept})
    return sheet


def back(places: Places, set_slug: str, file: Path, folder: Path) -> Agreement:
    """Read the second marker's sheet, keep the marks in the record, and compare.

    Raises:
        KefuError: there is no record, or the sheet is not the one that went out: a row is missing,
            twice or unknown, a text was changed, a mark is missing or out of its range.
    """
    record = folder / RECORD
    if not record.is_file():
        raise KefuError(
            Text(f"{folder} 里没有 {RECORD}", f"there is no {RECORD} in {folder}"),
            Text(
                f"先运行 kefu calibrate {set_slug}，把做出的表给第二位批改人",
                f"run kefu calibrate {set_slug} first and give its sheet to a second marker",
            ),
        )
    data = _read(record)
    asked = asked_of(paper_of(places, set_slug))
    rows: dict[str, dict[str, Any]] = data["rows"]
    seen = set[str]()
    faults = list[Text]()
    for number, row in read_rows(file):
        code = row.get(_CODE, "").strip()
        at = Text(f"第 {number} 行", f"row {number}")
        if code not in rows or code in seen:
            faults.append(Text(f"{at.zh}的代码不对", f"{at.en} has a wrong code"))
            continue
        seen.add(code)
        if _row_digest(row) != rows[code].get("row"):
            faults.append(Text(f"{at.zh}的内容改过", f"what stands in {at.en} was changed"))
            continue
        most = asked[rows[code]["item"]].rubric[rows[code]["line"]].points
        points = _points(row.get(_POINTS, ""))
        if points is None or not 0 <= points <= most:
            faults.append(
                Text(f"{at.zh}要给 0 到 {most:g} 分", f"{at.en} needs 0 to {most:g} points")
            )
            continue
        rows[code]["points"] = points
    if lost := len(rows) - len(seen):
        faults.append(Text(f"少了 {lost} 行", f"{lost} rows are missing"))
    if faults:
        more = len(faults) - _SHOWN
        told = faults[:_SHOWN]
        if more > 0:
            told.append(Text(f"另有 {more} 处", f"{more} more"))
        zh, en = "；".join(one.zh for one in told), "; ".join(one.en for one in told)
        raise KefuError(
            Text(f"{file.name}：{zh}", f"{file.name}: {en}"),
            Text(
                "只填给分一列，别的不要动，也不要删行",
                "fill in the points and change nothing else; keep every row",
            ),
        )
    _write(record, data)
    found = compared(places, set_slug, folder)
    assert found is not None, "the marks are in the record now"
    return found


def compared(places: Places, set_slug: str, folder: Path) -> Agreement | None:
    """Both markers' marks, side by side; None where no sheet has come back.

    A text that the learner has changed since, or that the first marker has not marked, counts as
    unmarked.

    Raises:
        KefuError: the set was not released, or a database does not answer.
    """
    record = folder / RECORD
    data = _read(record) if record.is_file() else None
    if data is None or not _is_back(data):
        return None
    paper = paper_of(places, set_slug)
    asked, first = asked_of(paper), booked(places, set_slug)
    texts = {(one.student, one.item): one for one in _written(places, paper, asked)}
    pairs, unmarked = list[Pair](), 0
    order = {ref: at for at, ref in enumerate(asked)}

    def place(row: Mapping[str, Any]) -> tuple[int, int, str]:
        return order.get(row["item"], -1), row["line"], row["student"]

    for row in sorted(data["rows"].values(), key=place):
        one, text = asked.get(row["item"]), texts.get((row["student"], row["item"]))
        mark = first.get(row["student"], {}).get(f"{row['item']}{RUBRIC}{row['line'] + 1}")
        if not one or not text or mark is None or text.digest != row["was"]:
            unmarked += 1
            continue
        line = one.rubric[row["line"]]
        pairs.append(
            Pair(one.card["prompt"], line.text, text.text, line.points, mark, row["points"])
        )
    return agree(pairs, unmarked)


def _written(places: Places, paper: Paper, asked: Mapping[str, Asked]) -> list[_Written]:
    """Every text that a person marks, in the order of learners and items."""
    found = []
    for submission in handed(places, paper.set):
        judged = judge_all(paper, submission)
        found += [
            _Written(submission.student, ref, attempt.response["text"])
            for ref, one in asked.items()
            if one.rubric and (attempt := judged[ref].attempt)
        ]
    return found


def _sample(
    texts: list[_Written],
    first: Mapping[str, Mapping[str, float | None]],
    asked: Mapping[str, Asked],
    n: int,
    dice: random.Random,
) -> list[_Written]:
    dice.shuffle(texts)

    def is_marked(one: _Written) -> bool:
        lines = range(1, len(asked[one.item].rubric) + 1)
        marks = first.get(one.student, {})
        return all(marks.get(f"{one.item}{RUBRIC}{at}") is not None for at in lines)

    return sorted(texts, key=lambda one: not is_marked(one))[:n]


def _row_digest(row: Mapping[str, str]) -> str:
    """What must come back as it went out; how its lines are broken does not matter."""
    kept = (_QUESTION, _TEXT, _CRITERION, _MOST)
    return digest("row", *("".join(row.get(name, "").split()) for name in kept))[:16]


def _points(said: str) -> float | None:
    try:
        return float(fold(said).replace(",", "."))
    except ValueError:
        return None


def _both(text: TextJSON) -> str:
    return f"{text['zh']}\n{text['en']}"


def _is_back(data: Mapping[str, Any]) -> bool:
    return all(row["points"] is not None for row in data["rows"].values())


def _read(record: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(record.read_text("utf-8"))
        if not all("points" in row for row in data["rows"].values()):
            raise ValueError(record)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise KefuError(
            Text(f"读不了 {record.name}", f"{record.name} cannot be read"),
            Text("删掉它，再做一张新的表", "delete it and make a new sheet"),
        ) from error
    return data


def _write(record: Path, data: Mapping[str, Any]) -> None:
    part = record.with_name(f".{record.name}.part")
    part.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    part.replace(record)
