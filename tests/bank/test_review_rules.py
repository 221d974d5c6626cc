"""Rules on reviews of calls, and on the scorecards they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from kefu.bank import read
from kefu.errors import Fault
from tests.bank import maker

CARD = """\
title.zh = "电话评分表"
title.en = "Phone scorecard"

[[criterion]]
id = "greet"
zh = "报了姓名"
en = "Gives a name"
[[criterion.level]]
score = 0
zh    = "没有报"
en    = "None given"
[[criterion.level]]
score = 1
zh    = "报了"
en    = "Given"

[[criterion]]
id     = "repeat"
zh     = "复述了要点"
en     = "Repeats the points"
weight = 2
[[criterion.level]]
score = 0
zh    = "没有复述"
en    = "Does not"
[[criterion.level]]
score = 1
zh    = "复述了一半"
en    = "Repeats half"
[[criterion.level]]
score = 2
zh    = "都复述了"
en    = "Repeats all"

[[critical]]
id = "rude"
zh = "顶撞客户"
en = "Is rude to the customer"
"""
STORY = """\
teaches  = ["taboo-never-heard"]
title.zh = "一通电话"
title.en = "A call"

[[turn]]
who = "scene"
zh  = "您听到一段录音。"
en  = "You hear a recording."

[[item]]
id        = "score-it"
kind      = "review"
use       = "practice"
lesson    = "5.2"
prompt.zh = "请打分。"
prompt.en = "Score it."
scorecard = "phone"
[[item.line]]
who = "customer"
at  = "0:03"
zh  = "水壶漏水。"
en  = "The kettle leaks."
[[item.line]]
who = "agent"
at  = "0:07"
zh  = "型号报一下。"
en  = "Model number."

[open.score-it]
score.greet   = 0
score.repeat  = 1
critical      = ["rude"]
why.greet.zh  = "没有报。"
why.greet.en  = "None was given."
why.repeat.zh = "只说了一半。"
why.repeat.en = "Half of it."
why.rude.zh   = "口气冲。"
why.rude.en   = "A rude tone."
"""


def _faults(folder: Path, card: str = CARD, story: str = STORY) -> list[Fault]:
    files = {"scorecards/phone.toml": card, "scenarios/call.toml": story}
    return read([maker.write(folder, files)])[1]


def test_a_good_review(tmp_path: Path) -> None:
    """A key that scores the whole card has no fault, and the bank holds the card."""
    assert _faults(tmp_path) == []
    bank, _ = read([tmp_path])
    assert [c.id for c in bank.scorecards["phone"].criterion] == ["greet", "repeat"]


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("score.repeat  = 1\n", "", "[open.score-it]", "repeat is not scored"),
        ("score.repeat  = 1", "score.repeat  = 3", "score.repeat", "has no level 3"),
        ("score.repeat  = 1", "score.repeat  = 0.5", "score.repeat", "has no level 0.5"),
        ("score.greet ", "score.great ", "score.great", "no great"),
        ('["rude"]', '["rudeness"]', "critical ", "no rudeness"),
        ('["rude"]', '["rude", "rude"]', "critical ", "rude is named twice"),
        ('why.rude.zh   = "口气冲。"\nwhy.rude.en   = "A rude tone."\n', "", "why.greet",
         "rude has no why"),
        ('why.greet.zh  = "没有报。"\nwhy.greet.en  = "None was given."\n', "", "why.repeat",
         "greet has no why"),
        ('at  = "0:07"', 'at  = "0:02"', 'at  = "0:02"', "0:02 is before 0:03"),
        ('scorecard = "phone"', 'scorecard = "phones"', "scorecard", "no scorecard phones"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_review(tmp_path: Path, old: str, new: str, at: str, said: str) -> None:
    """Each slip is told on its line."""
    assert old in STORY
    story = STORY.replace(old, new)
    faults = [f for f in _faults(tmp_path, story=story) if said in f.what.en]
    assert [f.line for f in faults] == [maker.line_of(story, at)]


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('score = 0\nzh    = "没有报"', 'score = 1\nzh    = "没有报"', "score = 1\nzh",
         "the lowest level is not 0"),
        ("score = 2", "score = 1", 'score = 1\nzh    = "都复述了"', "1 comes after 1"),
        ('id = "rude"', 'id = "greet"', 'id = "greet"\nzh = "顶撞客户"', "greet is named twice"),
        ('zh = "顶撞客户"', 'zh = "报了姓名"', 'zh = "报了姓名"\nen = "Is rude',
         "has the words of greet"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_scorecard(
    tmp_path: Path, old: str, new: str, at: str, said: str
) -> None:
    """Levels ascend from 0; names and words are used once."""
    assert old in CARD
    card = CARD.replace(old, new)
    faults = [f for f in _faults(tmp_path, card=card) if said in f.what.en]
    assert [(f.line, Path(f.file).name) for f in faults] == [
        (maker.line_of(card, at), "phone.toml")
    ]
