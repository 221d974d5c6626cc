"""What is looked at after the run; each gives what is wrong, and nothing where all is well."""

from __future__ import annotations

import csv
import html
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import openpyxl

from kefu import kinds
from kefu.card import Card, Key, Response, Verdict
from tests.hostile.arena import HONEST, Arena, Side, house_now
from tests.hostile.attack import Fair, Sealed
from tests.hostile.bank import HIDDEN
from tests.hostile.cases.code import MARK

__all__ = [
    "differences", "fair_scores", "formulas", "harm", "kept", "leaks", "left_behind", "may_see",
    "pages", "said_of", "sealed_sentences", "strangers", "traces", "wrong_scores",
]  # fmt: skip

_RUBRIC = "--rubric-"


def fair_scores(arena: Arena, fair: Fair) -> dict[str, float | None]:
    """What each cell should be worth; None where a person marks it."""
    found: dict[str, float | None] = {}
    for name, points in _points(arena).items():
        ref, rubric, _ = name.partition(_RUBRIC)
        card, key = arena.sealed.cards[ref], arena.sealed.keys[ref]
        if rubric:
            found[name] = None if ref in fair.counts else 0.0
        elif card["kind"] == "program":
            found[name] = round(points * fair.code.get(ref, 0.0), 4)
        else:
            credit = kinds.judge(card, key, fair.counts.get(ref))["credit"]
            found[name] = round(points * credit, 4)
    return found


def _points(arena: Arena) -> dict[str, float]:
    file = arena.kefu.course.root / "exercises" / arena.set / f"{arena.set}.ipynb"
    abouts = [c["metadata"].get("nbgrader", {}) for c in json.loads(file.read_bytes())["cells"]]
    return {a["grade_id"]: float(a["points"]) for a in abouts if a.get("grade")}


def wrong_scores(arena: Arena, student: str, side: Side) -> list[str]:
    """The cells whose score is not what an honest grader gives."""
    fair, booked = arena.fair[student], side.scores.get(student)
    if not fair.booked or (side is arena.nbgrader and not fair.nbgrader):
        booked = {name: given for name, given in (booked or {}).items() if given and given[0]}
        return [f"{student} has no hand-in, and yet {booked}"] if booked else []
    if booked is None:
        return [f"{student} is not in the gradebook"]
    return [
        f"{name}: {booked.get(name)} in place of {right}"
        for name, right in fair_scores(arena, fair).items()
        if not _same(booked.get(name), right)
    ]


def _same(booked: Any, right: float | None) -> bool:
    if booked is None:
        return False
    score, to_mark = booked
    if right is None:
        return score is None and to_mark is True
    return isinstance(score, float) and abs(score - right) < 1e-9 and to_mark is False


def sealed_sentences(sealed: Sealed) -> set[str]:
    """Every sentence of every key."""
    return {said for key in sealed.keys.values() for said in _sentences(key)}


def _sentences(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("zh", "en") and isinstance(inner, str):
                yield inner
            else:
                yield from _sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _sentences(inner)


def may_see(sealed: Sealed, fair: Fair) -> set[str]:
    """The sealed sentences that a learner with these answers may be shown.

    The reason of what was picked, of an item as a whole once it is answered, the line to
    remember, the rubric; of a program its reason and its groups by their names.
    """
    shown = set[str]()
    for ref, card in sealed.cards.items():
        key = sealed.keys[ref]
        if card["kind"] == "program":
            shown |= set(_sentences(key))  # the reason and the groups' names; inputs are numbers
        shown |= set(_sentences(key.get("rubric", [])))
        if (given := fair.counts.get(ref)) is not None:
            shown |= set(_told(card, key, given))
    return shown


def _told(card: Card, key: Key, given: Response) -> Iterator[str]:
    verdict: Verdict = kinds.judge(card, key, given)
    picked = json.dumps(given)
    for part in verdict["parts"]:
        avoided = part.get("wanted") is False and part["credit"] == 1
        if (part["id"] in picked or "wanted" in part) and not avoided:
            yield from (part["why"]["zh"], part["why"]["en"])
    for one in (verdict["why"], verdict["takeaway"]):
        if one:
            yield from (one["zh"], one["en"])


def pages(arena: Arena, student: str, side: Side | None = None) -> dict[str, str]:
    """Everything that a learner gets back, as a browser would read it, by its name."""
    folder = (side or arena.kefu).course.root / "feedback" / student / arena.set
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def leaks(arena: Arena, student: str, found: Mapping[str, str]) -> list[str]:
    """What stands in these pages and must not: sealed words, neighbours' words, the house's."""
    fair = arena.fair[student]
    sealed = sealed_sentences(arena.sealed) - may_see(arena.sealed, fair)
    own = json.dumps(dict(fair.counts), ensure_ascii=False)
    others = {token for who, token in arena.tokens.items() if who != student and token not in own}
    sides = (arena.kefu, arena.nbgrader)
    house = {str(place) for side in sides for place in (side.course.root, side.outside)}
    house.add("Traceback (most recent")
    hidden = {word for word in (*HIDDEN, *fair.carried) if word not in own}
    return [
        f"{name}: {word}"
        for name, text in found.items()
        for word in sorted(sealed | others | house | hidden)
        if word in text or word in html.unescape(text)
    ]


def said_of(side: Side, student: str) -> list[str]:
    """The lines in which the instructor is told something of a learner."""
    named = re.compile(rf"(?:^  {re.escape(student)}: )|(?:WARNING|ERROR)\].*{re.escape(student)}")
    lines = (line for line in side.said.splitlines() if "Creating: " not in line)
    return [line for line in lines if named.search(line)]


def harm(arena: Arena, side: Side) -> list[str]:
    """What is not as it was: the house's files and keys, the gradebook, the neighbours."""
    now = house_now(side)
    wrong = [
        f"changed: {name}"
        for name in now.keys() | side.before.keys()
        if now.get(name) != side.before.get(name)
    ]
    wrong += _torn(side.course.root / "gradebook.db")
    for student in HONEST:
        wrong += wrong_scores(arena, student, side)
        wrong += [line for line in said_of(side, student) if "forged" not in line]
    return wrong


def _torn(file: Path) -> list[str]:
    """What SQLite itself finds wrong with a database."""
    with closing(sqlite3.connect(file)) as db:
        try:
            found = [said for (said,) in db.execute("PRAGMA integrity_check") if said != "ok"]
            found += [f"{row}" for row in db.execute("PRAGMA foreign_key_check")]
        except sqlite3.DatabaseError as error:
            found = [f"{error}"]
    return [f"the gradebook: {said}" for said in found]


def traces(side: Side) -> list[str]:
    """What code that ran has left behind."""
    return [path.name for path in side.traces.iterdir()]


def differences(one: Mapping[str, Any], two: Mapping[str, Any]) -> list[str]:
    """Where two gradebooks are not the same."""
    return [
        f"{student}, {cell}: {one.get(student, {}).get(cell)} and {two.get(student, {}).get(cell)}"
        for student in sorted(one.keys() | two.keys())
        for cell in sorted(one.get(student, {}).keys() | two.get(student, {}).keys())
        if one.get(student, {}).get(cell) != two.get(student, {}).get(cell)
    ]


def formulas(file: Path) -> list[str]:
    """Cells of a table that a spreadsheet would run, and rows that are not as long as the first."""
    rows = list(_rows(file))
    wrong = [f"{file.name}: {cell!r}" for row in rows for cell in row if _runs(file, cell)]
    return wrong + [f"{file.name}: {row}" for row in rows if len(row) != len(rows[0])]


def _rows(file: Path) -> Iterable[list[Any]]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return list(csv.reader(opened))
    return [list(row) for row in openpyxl.load_workbook(file).worksheets[0].iter_rows()]


def _runs(file: Path, cell: Any) -> bool:
    if file.suffix != ".csv":
        return bool(cell.data_type == "f")
    return cell[:1] in tuple("=+-@\t\r") and not re.fullmatch(r"-?[0-9.]+", cell)


def kept(arena: Arena, student: str) -> dict[str, str]:
    """What the instructor keeps of a learner's run: the graded notebook."""
    file = arena.kefu.course.root / "autograded" / student / arena.set / f"{arena.set}.ipynb"
    return {file.name: file.read_text("utf-8")} if file.is_file() else {}


def strangers(arena: Arena, student: str, found: Mapping[str, str]) -> list[str]:
    """What of the house's and of neighbours' stands in these."""
    house = {str(arena.kefu.course.root), str(arena.kefu.outside), *arena.tokens.values()}
    house -= {arena.tokens.get(student, "")}
    own = json.dumps(dict(arena.fair[student].counts), ensure_ascii=False)
    return [f"{name}: {word}" for name, text in found.items() for word in house
            if word in text and word not in own]  # fmt: skip


def left_behind() -> list[str]:
    """Processes that outlived the run in which they were started."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if MARK.encode() in process.read_bytes():
                found.append(process.parent.name)
    return found
