"""A small good bank for tests, to be written whole or with something changed."""

from __future__ import annotations

from pathlib import Path

COURSE = """\
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
"""
COVERAGE = """\
[taboo-never-heard]
lesson = "5.2"
kind   = "rule"
zh     = "不说没听说过"
en     = "Never say never heard of it"

[reflect-responsibility]
lesson = "5.2"
kind   = "reflect"
zh     = "想一想责任"
en     = "Think about responsibility"
"""
STANDARDS = """\
[phone.rings]
title.zh = "几声内接起"
title.en = "Rings"
[[phone.rings.version]]
from  = 2026-01-01
value = 3
[[phone.rings.version]]
from  = 2026-12-01
value = 2
"""
SET = """\
title.zh = "第一组"
title.en = "The first set"
intro.zh = "请作答。"
intro.en = "Please answer."
lessons  = ["5.2"]
"""
STORY = """\
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
use       = "practice"
lesson    = "5.2"
prompt.zh = "先怎么说？"
prompt.en = "What do you say first?"
option.look.zh = "我先到您坐过的位子看看。"
option.look.en = "Let me look at your table first."
option.wait.zh = "您晚上再来问问。"
option.wait.en = "Please ask again tonight."
option.deny.zh = "不是我当班。"
option.deny.en = "It was not my shift."

[[item]]
id        = "all-that-help"
kind      = "choices"
use       = "graded"
set       = "first"
lesson    = "5.2"
prompt.zh = "哪些有用？"
prompt.en = "Which of these help?"
option.note.zh  = "记下电话"
option.note.en  = "Note the number"
option.smile.zh = "光是笑"
option.smile.en = "Only smile"

[[item]]
id        = "in-order"
kind      = "order"
use       = "practice"
lesson    = "5.2"
prompt.zh = "排一排顺序。"
prompt.en = "Put these in order."
step.a.zh = "听"
step.a.en = "Listen"
step.b.zh = "问"
step.b.en = "Ask"
step.c.zh = "记"
step.c.en = "Log"

[[item]]
id        = "rings"
kind      = "number"
use       = "exam"
lesson    = "5.2"
prompt.zh = "几声内接起？"
prompt.en = "Within how many rings?"
unit.zh   = "声"
unit.en   = "rings"

[open.first-reply]
credit.look = 1.0
credit.wait = 0.5
credit.deny = 0.0
why.look.zh = "先做一步。"
why.look.en = "It takes a step."
why.wait.zh = "没有帮。"
why.wait.en = "No help."
why.deny.zh = "推责。"
why.deny.en = "It shirks."

[sealed.all-that-help]
right = ["note"]
why.note.zh  = "能联系上。"
why.note.en  = "One can call back."
why.smile.zh = "不够。"
why.smile.en = "Not enough."

[open.in-order]
order  = ["a", "b", "c"]
free   = [["b", "c"]]
why.zh = "先听。"
why.en = "Listen first."

[sealed.rings]
value  = "{standard.phone.rings}"
why.zh = "标准是 {standard.phone.rings} 声。"
why.en = "The standard is {standard.phone.rings} rings."
"""
LESSON_ZH = """\
---
lesson: "5.2"
title: 主动担责
minutes: 30
teaches: [taboo-never-heard]
---

# 主动担责

先答一答。

```{play} umbrella
```
"""
LESSON_EN = LESSON_ZH.replace("主动担责", "Taking ownership").replace("先答一答。", "Answer first.")

GOOD = {
    "course.toml": COURSE,
    "coverage.toml": COVERAGE,
    "standards.toml": STANDARDS,
    "sets/first.toml": SET,
    "scenarios/umbrella.toml": STORY,
    "lessons/5.2-taking-ownership.zh.md": LESSON_ZH,
    "lessons/5.2-taking-ownership.en.md": LESSON_EN,
}


def write(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write the good bank into `folder`, with the `files` given on top."""
    for name, text in (GOOD | (files or {})).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def story(*changes: tuple[str, str]) -> dict[str, str]:
    """The scenario with some words replaced, each of which it really holds."""
    text = STORY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return {"scenarios/umbrella.toml": text}


def line_of(text: str, words: str) -> int:
    """The line, from 1, on which `words` first stands."""
    return text[: text.index(words)].count("\n") + 1
