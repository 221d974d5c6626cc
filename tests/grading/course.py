"""A small course for tests: its bank, its folder, nbgrader in it, and learners who hand in."""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import nbgrader.api
from nbgrader.api import Gradebook
from nbgrader.apps import (
    AutogradeApp,
    ExportApp,
    GenerateAssignmentApp,
    GenerateFeedbackApp,
    ZipCollectApp,
)

from kefu.bank import read
from kefu.card import Card, Response
from kefu.places import CONFIG, Places
from kefu.vault import Vault, connect
from kefu.weave import Woven, weave, write

__all__ = [
    "GRADED",
    "PRACTICE",
    "Course",
    "bank",
    "files_of",
    "line",
    "run_nbgrader",
    "story",
    "within",
]

# Every new gradebook asks the alembic command for its version; here it is asked once.
nbgrader.api.get_alembic_version = cache(nbgrader.api.get_alembic_version)

_APPS: dict[str, Any] = {
    "generate_assignment": GenerateAssignmentApp,
    "zip_collect": ZipCollectApp,
    "autograde": AutogradeApp,
    "generate_feedback": GenerateFeedbackApp,
    "export": ExportApp,
}

_COURSE = """\
title.zh = "课程"
title.en = "The course"
as_of    = 2026-11-01

[[chapter]]
number = 5
zh     = "责任"
en     = "Responsibility"

[[chapter.lesson]]
id       = "5.2"
title.zh = "主动担责"
title.en = "Taking ownership"
minutes  = 30

[[chapter.lesson]]
id       = "5.3"
title.zh = "跟到底"
title.en = "Following through"
minutes  = 20
"""
_COVERAGE = """\
[taboo-never-heard]
lesson = "5.2"
kind   = "rule"
zh     = "不说没听说过"
en     = "Never say never heard of it"
"""
_STANDARDS = """\
[phone.rings]
title.zh = "几声内接起"
title.en = "Rings"
[[phone.rings.version]]
from  = 2026-01-01
value = 3
"""
_SET = """\
title.zh = "第一组"
title.en = "The first set"
intro.zh = "请作答。"
intro.en = "Please answer."
lessons  = ["5.2"]
"""
_STORY = """\
teaches  = ["taboo-never-heard"]
title.zh = "落下的伞"
title.en = "The umbrella"

[[turn]]
who = "customer"
zh  = "谁看见我的伞了？"
en  = "Has anyone seen my umbrella?"

[[item]]
id        = "first-reply"
kind      = "choice"
use       = "USE"
lesson    = "5.2"
prompt.zh = "先怎么说？"
prompt.en = "What do you say first?"
option.look.zh = "我先到您坐过的位子看看。"
option.look.en = "Let me look at your table first."
option.wait.zh = "您晚上再来问问吧。"
option.wait.en = "Please ask again tonight."
option.deny.zh = "刚才不是我当班。"
option.deny.en = "It was not my shift."

[[item]]
id        = "all-that-help"
kind      = "choices"
use       = "USE"
lesson    = "5.2"
prompt.zh = "哪些有用？"
prompt.en = "Which of these help?"
option.note.zh  = "记下电话"
option.note.en  = "Note the number"
option.tag.zh   = "挂上标签"
option.tag.en   = "Tie a tag on"
option.smile.zh = "光是笑笑"
option.smile.en = "Only smile"

[[item]]
id        = "in-order"
kind      = "order"
use       = "USE"
lesson    = "5.2"
prompt.zh = "排一排顺序。"
prompt.en = "Put these in order."
step.hear.zh = "先听"
step.hear.en = "Listen"
step.ask.zh  = "再问"
step.ask.en  = "Ask"
step.log.zh  = "记下"
step.log.en  = "Log"
step.tell.zh = "回话"
step.tell.en = "Report back"

[[item]]
id        = "rings"
kind      = "number"
use       = "USE"
lesson    = "5.2"
prompt.zh = "几声内接起？"
prompt.en = "Within how many rings?"
unit.zh   = "声"
unit.en   = "rings"

[KEY.first-reply]
credit.look = 1.0
credit.wait = 0.45
credit.deny = 0.0
why.look.zh = "先做一步，客户看得见。"
why.look.en = "It takes a step one can see."
why.wait.zh = "没有帮上忙。"
why.wait.en = "No help is given."
why.deny.zh = "这是推责。"
why.deny.en = "It shirks the duty."
takeaway.zh = "先动手，再开口。"
takeaway.en = "Act first, then speak."

[KEY.all-that-help]
right = ["note", "tag"]
why.note.zh  = "以后能联系上。"
why.note.en  = "One can call back."
why.tag.zh   = "谁接手都认得。"
why.tag.en   = "Whoever takes over knows it."
why.smile.zh = "光笑不够。"
why.smile.en = "A smile is not enough."

[KEY.in-order]
order  = ["hear", "ask", "log", "tell"]
free   = [["ask", "log"]]
why.zh = "听完才知道问什么。"
why.en = "Only who has listened knows what to ask."

[KEY.rings]
value  = "{standard.phone.rings}"
why.zh = "标准是 {standard.phone.rings} 声。"
why.en = "The standard is {standard.phone.rings} rings."
"""
_PARCEL = """\
teaches  = ["taboo-never-heard"]
title.zh = "迟到的包裹"
title.en = "The late parcel"

[[turn]]
who = "customer"
zh  = "包裹三天了还没到。"
en  = "My parcel is three days late."

[[item]]
id        = "call-back"
kind      = "choice"
use       = "practice"
lesson    = "5.2"
prompt.zh = "怎么答复客户？"
prompt.en = "How do you answer?"
option.b.zh = "我现在就查，五点前回您电话。"
option.b.en = "I will check now and ring you by five."
option.a.zh = "物流的事您得问他们自己。"
option.a.en = "You must ask the courier about that."
option.c.zh = "一般再等两三天就到了。"
option.c.en = "It usually turns up in a few days."

[[item]]
id        = "minutes"
kind      = "number"
use       = "practice"
lesson    = "5.3"
prompt.zh = "两个电话，每个 6 分钟，一共几分钟？"
prompt.en = "Two calls of 6 minutes: how many minutes?"

[[item]]
id        = "by-when"
kind      = "number"
use       = "exam"
lesson    = "5.3"
prompt.zh = "从两点到五点是几个小时？"
prompt.en = "How many hours are there from two to five?"

[open.call-back]
credit.a = 0.0
credit.b = 1.0
credit.c = 0.3
why.a.zh = "推给了别人。"
why.a.en = "It passes the buck."
why.b.zh = "有动作，有时间。"
why.b.en = "An act and a time."
why.c.zh = "只是让人等。"
why.c.en = "It only makes people wait."

[open.minutes]
value  = 12
why.zh = "六乘以二。"
why.en = "Six times two."

[sealed.by-when]
value  = 3
why.zh = "五减二，不要算上吃饭。"
why.en = "Five less two; never mind lunch."
"""
_LESSON = """\
---
lesson: "5.2"
title: {title}
minutes: 30
teaches: [taboo-never-heard]
---

# {title}

{words}

```{{play}} parcel
```

## {more}

{words}
"""
PAGES = {
    "lessons/5.2-ownership.zh.md": _LESSON.format(
        title="主动担责", words="先答一答。", more="小结"
    ),
    "lessons/5.2-ownership.en.md": _LESSON.format(
        title="Taking ownership", words="Answer first.", more="In short"
    ),
}


def story(room: str) -> str:
    """One story with an item of each kind, all of them in one room."""
    use = 'graded"\nset       = "first' if room == "graded" else room
    return _STORY.replace("USE", use).replace("KEY", "open" if room == "practice" else "sealed")


def bank(folder: Path, room: str = "graded", **changes: str) -> Path:
    """Write the small bank; `changes` are further files, `__` standing for a slash in names."""
    files = {
        "course.toml": _COURSE,
        "coverage.toml": _COVERAGE,
        "standards.toml": _STANDARDS,
        "sets/first.toml": _SET,
        "scenarios/umbrella.toml": story(room),
        "scenarios/parcel.toml": _PARCEL,
        **PAGES,
        **{name.replace("__", "/") + ".toml": text for name, text in changes.items()},
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


GRADED = tuple(
    f"umbrella--{name}" for name in ("first-reply", "all-that-help", "in-order", "rings")
)
PRACTICE = ("parcel--call-back", "parcel--minutes")


def line(card: Card, response: object, **other: object) -> bytes:
    """One line of a learner's journal."""
    attempt = {
        "id": os.urandom(16).hex(),
        "item": card["item"],
        "version": card["version"],
        "response": response,
        "at": "2026-11-20T08:00:00.000Z",
        "lang": "zh",
        **other,
    }
    return json.dumps(attempt, ensure_ascii=False).encode() + b"\n"


class Course:
    """A folder as a clone has it: `nbgrader_config.py` and what is woven from `contents`."""

    def __init__(self, root: Path, *contents: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        (root / "nbgrader_config.py").write_text(CONFIG, "utf-8")
        self.places = Places(root=root, contents=contents)
        self.root = root

    def weave(self) -> Woven:
        """Read, weave, write, and keep in the vault, as `kefu weave` does."""
        found, faults = read(self.places.contents)
        assert not faults, [fault.say("en") for fault in faults]
        woven = weave(found)
        write(woven, self.root)
        self.vault().release(woven.published)
        return woven

    def vault(self) -> Vault:
        """The vault of the course's own database, or of `KEFU_DB`."""
        return Vault(connect(self.places.database()))

    def nbgrader(self, *words: str) -> str:
        """Run one of nbgrader's own commands in the course's folder; gives its log."""
        return run_nbgrader(self.root, *words)

    def cards(self, set_slug: str = "first") -> dict[str, Card]:
        """The cards that were released, by item."""
        data = json.loads((self.root / "exercises" / set_slug / "cards.json").read_bytes())
        return {card["item"]: card for card in data["cards"]}

    def submit(
        self,
        student: str,
        journal: bytes | None,
        notebook: Mapping[str, Any] | bytes | None = None,
        set_slug: str = "first",
    ) -> Path:
        """Put a submission where `nbgrader autograde` takes it from; None: no such journal."""
        folder = self.root / "submitted" / student / set_slug
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{set_slug}.ipynb"
        if notebook is None:
            shutil.copy(self.root / "exercises" / set_slug / file.name, file)
        else:
            file.write_bytes(
                notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
            )
        if journal is not None:
            (folder / "responses.jsonl").write_bytes(journal)
        return folder

    def answers(self, responses: Mapping[str, Response | None]) -> bytes:
        """A journal of one answer to each item; None leaves an item out."""
        cards = self.cards()
        return b"".join(
            line(cards[ref], response)
            for ref, response in responses.items()
            if response is not None
        )

    def scores(self, set_slug: str = "first") -> dict[str, dict[str, float | None]]:
        """Learner → item → score, from nbgrader's gradebook."""
        with self.gradebook() as book:
            return {
                s.student.id: {
                    grade.name: grade.auto_score
                    for notebook in s.notebooks
                    for grade in notebook.grades
                }
                for s in book.assignment_submissions(set_slug)
            }

    def gradebook(self) -> Gradebook:
        """The gradebook of nbgrader, to be used in a `with`."""
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")

    def marked(self, student: str, set_slug: str = "first") -> dict[str, Any]:
        """Item → the quiz cell as autograding left it."""
        file = self.root / "autograded" / student / set_slug / f"{set_slug}.ipynb"
        cells = json.loads(file.read_bytes())["cells"]
        return {
            cell["metadata"]["nbgrader"]["grade_id"]: cell
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("grade")
        }

    def feedback(self, student: str, set_slug: str = "first") -> str:
        """The page that a learner gets back."""
        file = self.root / "feedback" / student / set_slug / f"{set_slug}.html"
        return file.read_text("utf-8")


@contextmanager
def within(folder: Path) -> Iterator[None]:
    """The working folder, and the search path that nbgrader adds it to, for a while."""
    here, path = Path.cwd(), list(sys.path)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        sys.path[:] = path


def run_nbgrader(root: Path, *words: str, fails: bool = False) -> str:
    """Run a command of nbgrader in this process, as the console script does; gives its log."""
    log = io.StringIO()
    app = _APPS[words[0]]()
    code: object = 0
    with within(root):
        try:
            app.initialize(list(words[1:]))
            app.init_logging(logging.StreamHandler, [log], color=False)
            app.start()
        except SystemExit as stop:
            code = stop.code
        finally:
            app.reset()
    said = log.getvalue()
    assert bool(code) == fails, said
    return said


def files_of(folder: Path, patterns: Iterable[str] = ("**/*",)) -> dict[str, bytes]:
    """Every file below a folder that matches, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for pattern in patterns
        for path in sorted(folder.glob(pattern))
        if path.is_file()
    }
