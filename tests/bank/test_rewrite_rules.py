"""Rules on rewrites."""

from __future__ import annotations

from pathlib import Path

import pytest

from kefu.bank import read
from kefu.errors import Fault
from tests.bank import maker

STORY = """\
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
use        = "practice"
lesson     = "5.2"
prompt.zh  = "换一种说法。"
prompt.en  = "Say it better."
given.zh   = "这不归我管，您找财务。"
given.en   = "Not my department, ask the finance people."
max_length = 80

[open.say-it-better]
required.own.zh        = ["我来", "我帮您"]
required.own.en        = ["I'll", "let me"]
required.own.why.zh    = "说出自己要做的事。"
required.own.why.en    = "It says what you yourself will do."
forbidden.shove.zh     = ["不归我"]
forbidden.shove.en     = ["not my"]
forbidden.shove.why.zh = "客户听到的是推。"
forbidden.shove.why.en = "The customer hears a shove."
rubric.follow.zh       = "说清谁来跟"
rubric.follow.en       = "Says who follows up"
rubric.follow.points   = 2
model.zh = "我帮您联系财务，今天给您回话。"
model.en = "Let me ask our finance team; you will hear from me today."
"""


def _faults(folder: Path, story: str = STORY, name: str = "invoice") -> list[Fault]:
    return read([maker.write(folder, {f"scenarios/{name}.toml": story})])[1]


def test_a_good_rewrite(tmp_path: Path) -> None:
    """A model answer that says what is asked in each language has no fault."""
    assert _faults(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("我帮您联系财务，", "财务会联系您，", "model.zh", "says no variant of own"),
        ("Let me ask our", "We will ask our", "model.en", "says no variant of own"),
        ("今天给您回话。", "这不归我管。", "model.zh", "“不归我”, which is forbidden (shove)"),
        ("today.", "today; not my job.", "model.en", "“not my”, which is forbidden"),
        ("today.", "today" + " and again" * 8 + ".", "model.en", "more than max_length = 80"),
        ('["我来", "我帮您"]', '["我来", "我帮您", "归我"]', "required.own.zh",
         "the required “归我” stands inside “不归我”"),
        ('["I\'ll", "let me"]', '["I\'ll", "let me", "MY"]', "required.own.en",
         "the required “MY” stands inside “not my”"),
        ('["不归我"]', '["不归我", "  "]', "forbidden.shove.zh", "variant is blank"),
        ('["不归我"]', '["不归我", ""]', "forbidden.shove.zh", "variant is blank"),
        ("您找财务。", "您找财务。" * 20, "given.zh", "more than max_length = 80"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_rewrite(tmp_path: Path, old: str, new: str, at: str, said: str) -> None:
    """Each slip is told on its line."""
    assert old in STORY
    story = STORY.replace(old, new)
    faults = [f for f in _faults(tmp_path, story) if said in f.what.en]
    assert [f.line for f in faults] == [maker.line_of(story, at)]


def test_one_phrase_written_twice(tmp_path: Path) -> None:
    """Two phrases with the same variants are one."""
    again = "".join(
        line.replace("required.own", "required.also") + "\n"
        for line in STORY.splitlines()
        if line.startswith("required.own")
    )
    story = STORY.replace("forbidden.shove.zh     = [", again + "forbidden.shove.zh     = [", 1)
    [fault] = _faults(tmp_path, story)
    assert "also has the same variants as own" in fault.what.en
    assert fault.line == maker.line_of(story, "required.also")


def test_what_is_still_blank_is_told_once(tmp_path: Path) -> None:
    """A rewrite as `kefu new` leaves it is told of its blanks, not of what they do not say."""
    story = STORY.replace("我帮您联系财务，今天给您回话。", "〔参考说法〕")
    [fault] = _faults(tmp_path, story)
    assert "still blank" in fault.what.en


def test_the_name_leaves_room_for_the_cells_of_its_rubric(tmp_path: Path) -> None:
    """A rewrite's file name and id together leave room for the cells that a person marks."""
    long = "a" * (62 - len("say-it-better"))
    [fault] = _faults(tmp_path, name=long)
    assert "within 52 characters" in fault.write.en
    fits = "b" * (52 - len("say-it-better"))
    assert _faults(tmp_path / "two", name=fits) == []
