"""Classes for the tests of reports: made-up answers to made-up items, and a whole course."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from kefu import kinds
from kefu.card import Card
from kefu.demo.answers import guess
from kefu.grading.book import Book
from kefu.grading.mark import mark
from kefu.grading.report.read import handed, paper_of
from kefu.grading.report.sittings import Answer, Asked, Line, Sitting
from tests.grading.course import Course, bank, line

__all__ = [
    "REWRITE",
    "TALK",
    "chosen",
    "classroom",
    "copied",
    "gave",
    "give_marks",
    "options_of",
    "rewritten",
    "sittings",
    "talk",
]


def card(ref: str, kind: str, **fields: Any) -> Card:
    """A card with hardly any words."""
    words = {"zh": f"题 {ref}", "en": f"item {ref}"}
    made: Any = {
        "item": ref,
        "version": "v1",
        "kind": kind,
        "room": "graded",
        "lesson": "5.2",
        "title": words,
        "turns": [],
        "prompt": words,
        **fields,
    }
    return cast("Card", made)


def chosen(ref: str, credit: dict[str, float], **fields: Any) -> Asked:
    """A choice among options that are called as their ids are."""
    options = [{"id": one, "text": {"zh": f"选{one}", "en": f"pick {one}"}} for one in credit]
    return Asked(card(ref, "choice", options=options, **fields), {"credit": credit}, 4)


def rewritten(ref: str, *points: float) -> Asked:
    """A rewrite with a rubric of so many points a line."""
    lines = tuple(Line({"zh": f"要点{p:g}", "en": f"line {p:g}"}, p) for p in points)
    return Asked(card(ref, "rewrite", most=200), {"required": [], "forbidden": []}, 4, lines)


def gave(credit: float | None, option: str | None = None, **fields: Any) -> Answer:
    """An answer worth so much; without an option it is blank."""
    if option is None and "response" not in fields:
        return Answer(credit, "blank", **fields)
    return Answer(credit, "judged", **{"response": {"option": option}, **fields})


def sittings(columns: dict[str, list[Answer]]) -> list[Sitting]:
    """One sitting for each place of the columns."""
    rows = zip(*columns.values(), strict=True)
    return [Sitting(dict(zip(columns, row, strict=True))) for row in rows]


def options_of(credits_: np.ndarray[Any, Any]) -> list[Answer]:
    """Right (option a) or wrong (option b), as the numbers say."""
    return [gave(float(one), "a" if one else "b") for one in credits_]


def talk() -> Asked:
    """Start → good (1) or middle; middle → good or bad (0); a wrong word in the middle loses."""

    def says(**ways: str) -> list[dict[str, Any]]:
        return [
            {"id": name, "text": {"zh": f"说{name}", "en": f"say {name}"}, "to": to, "anger": 0,
             "trust": 0, "needs": {}}
            for name, to in ways.items()
        ]  # fmt: skip

    def node(words: str, ending: bool = False, **ways: str) -> dict[str, Any]:
        text = {"zh": f"{words}。", "en": f"{words}."}
        return {"customer": None if ending else text, "ending": text if ending else None,
                "says": says(**ways)}  # fmt: skip

    nodes = {
        "start": node("start", kind="good", slow="middle"),
        "middle": node("middle", mend="good", spoil="bad"),
        "good": node("good", True),
        "bad": node("bad", True),
    }
    key = {
        "credit": {"kind": 1.0, "slow": 0.5, "mend": 1.0, "spoil": 0.0},
        "outcome": {"good": 1.0, "bad": 0.2},
    }
    return Asked(card("t--talk", "dialogue", start="start", anger=5, trust=5, nodes=nodes), key, 4)


REWRITE = """\
teaches  = ["taboo-never-heard"]
title.zh = "发票抬头错了"
title.en = "The wrong name"

[[turn]]
who = "customer"
zh  = "发票抬头错了，找谁改？"
en  = "The name on my invoice is wrong. Who can change it?"

[[item]]
id         = "say-it-better"
kind       = "rewrite"
use        = "graded"
set        = "first"
lesson     = "5.2"
points     = 3
prompt.zh  = "换一种说法。"
prompt.en  = "Say it better."
given.zh   = "这不归我管，您找财务。"
given.en   = "Not my department, ask the finance people."
max_length = 300

[sealed.say-it-better]
required.own.zh     = ["我来", "我帮您"]
required.own.en     = ["I'll", "let me"]
required.own.why.zh = "说出自己要做的事。"
required.own.why.en = "It says what you yourself will do."
rubric.follow.zh     = "说清谁来跟"
rubric.follow.en     = "Says who follows up"
rubric.follow.points = 2
rubric.tone.zh       = "语气像当面说话"
rubric.tone.en       = "Sounds like speech"
rubric.tone.points   = 3
model.zh = "我帮您联系财务的同事，今天下班前回您电话。"
model.en = "Let me ask our colleagues in finance; you will hear from me today."
"""
TALK = """\
teaches  = ["taboo-never-heard"]
title.zh = "等了半小时"
title.en = "Half an hour"

[[turn]]
who = "scene"
zh  = "柜台前。"
en  = "At the counter."

[[item]]
id        = "at-the-counter"
kind      = "dialogue"
use       = "graded"
set       = "first"
lesson    = "5.2"
prompt.zh = "你怎么说？"
prompt.en = "What do you say?"
start     = "begin"
anger     = 6
trust     = 4
node.begin.customer.zh = "我都等了半小时了！"
node.begin.customer.en = "I have waited half an hour!"
node.begin.say.sorry.zh = "让您久等了，我先看您的单子。"
node.begin.say.sorry.en = "I am sorry for the wait. Let me see your ticket first."
node.begin.say.sorry.to = "kept"
node.begin.say.sorry.anger = -2
node.begin.say.sorry.trust = 1
node.begin.say.rule.zh = "大家都在等，您排着吧。"
node.begin.say.rule.en = "Everybody waits, please queue."
node.begin.say.rule.to = "gone"
node.begin.say.rule.anger = 2
node.begin.say.rule.trust = -1
node.kept.ending.zh = "客户坐下了。"
node.kept.ending.en = "The customer sits down."
node.gone.ending.zh = "客户走了。"
node.gone.ending.en = "The customer leaves."

[sealed.at-the-counter]
credit.begin.sorry = 1.0
credit.begin.rule  = 0.0
why.begin.sorry.zh = "先认，再动手。"
why.begin.sorry.en = "It owns up and acts."
why.begin.rule.zh  = "客户听到的是推。"
why.begin.rule.en  = "The customer hears a shove."
outcome.kept = 1.0
outcome.gone = 0.0
"""


@pytest.fixture(scope="session")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Twelve learners with telling numbers have handed in, are booked, and wait for marks.

    Copy it before changing it.
    """
    folder = tmp_path_factory.mktemp("classroom")
    course = Course(
        folder / "course",
        bank(folder / "bank", scenarios__invoice=REWRITE, scenarios__counter=TALK),
    )
    course.weave()
    course.nbgrader("generate_assignment", "first")
    vault, cards = course.vault(), course.cards()
    for n in range(12):
        student, dice = f"zhang-wei-{n:02}", random.Random(n)
        at, journal = datetime(2026, 11, 20, 8, tzinfo=UTC), b""
        for ref, one in cards.items():
            at += timedelta(seconds=20 + 10 * n)
            key = vault.key(ref, one["version"])
            assert key is not None
            answer = kinds.expert(one, key) if dice.random() < n / 11 else guess(one, dice)
            if one["kind"] == "rewrite":
                answer = {"text": f"我来跟进。=1+{n}"}
            journal += line(one, answer, at=at.isoformat(timespec="milliseconds")[:-6] + "Z")
        course.submit(student, journal if n else None)
    paper = paper_of(course.places, "first")
    book = Book(course.places.gradebook(), paper)
    try:
        book.record([(mark(paper, one), None) for one in handed(course.places, "first")], {})
    finally:
        book.close()
    return course


def give_marks(course: Course, marks: Mapping[str, Sequence[float]]) -> None:
    """Mark the rubric of some learners by hand, line after line."""
    with course.gradebook() as book:
        for submission in book.assignment_submissions("first"):
            for grade in submission.notebooks[0].grades:
                number = grade.name.partition("--rubric-")[2]
                if number and submission.student.id in marks:
                    grade.manual_score = marks[submission.student.id][int(number) - 1]
                    grade.needs_manual_grade = False
        book.db.commit()


def copied(course: Course, folder: Path) -> Course:
    """A course of one's own, to be changed."""
    shutil.copytree(course.root, folder)
    return Course(folder, *course.places.contents)
