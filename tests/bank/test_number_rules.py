"""What the check says about number items and their keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from kefu.bank import read
from tests.bank.maker import line_of, write

STORY = """\
teaches  = ["taboo-never-heard"]
title.zh = "故事"
title.en = "A story"
[[turn]]
who = "scene"
zh  = "看一看数据。"
en  = "Look at the data."
[[item]]
id        = "share"
kind      = "number"
use       = "practice"
lesson    = "5.2"
prompt.zh = "多少？"
prompt.en = "How many?"
unit.zh   = "秒"
unit.en   = "seconds"
also.min.zh     = "分钟"
also.min.en     = "minutes"
also.min.factor = 60
data.wait.zh     = "等候"
data.wait.en     = "wait"
data.wait.values = [1, 2, 3]
data.cost.zh     = "花费"
data.cost.en     = "cost"
data.cost.values = [4, 5, 6]
[open.share]
value = 15
why.zh = "因为。"
why.en = "Because."
"""


def said(folder: Path, *changes: tuple[str, str]) -> list[tuple[int, str, str]]:
    """Line, what and write of each fault in the story with some words replaced."""
    text = STORY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    write(folder, {"scenarios/wait.toml": text})
    faults = read([folder])[1]
    assert {Path(fault.file).name for fault in faults} <= {"wait.toml"}
    return [(fault.line, fault.what.en, fault.write.en) for fault in faults]


@pytest.mark.parametrize(
    "key",
    [
        "value = 15\ntolerance = 0.5",
        "value = 15\ntolerance_percent = 5",
        "least = 10\nmost = 12",
        "least = 10",
        "most = 12",
        'value = "mean(wait) * {standard.phone.rings}"',
        'least = "min(cost)"\nmost = "{standard.phone.rings} + 3"',
        'value = "{standard.phone.rings}"',
    ],
)
def test_good_keys(tmp_path: Path, key: str) -> None:
    """A value with one tolerance, a range, and formulas are taken."""
    assert said(tmp_path, ("value = 15", key)) == []


VALUE = line_of(STORY, "value = 15")


@pytest.mark.parametrize(
    ("key", "line", "what"),
    [
        ("tolerance = 1", VALUE - 1, "the key has no number"),
        ("value = 15\nleast = 1", VALUE + 1, "there is both a value and a range"),
        ("least = 12\nmost = 10", VALUE, "least is more than most"),
        ('least = "max(cost) + 1"\nmost = 6', VALUE, "least is more than most"),
        ('least = "{standard.phone.rings}"\nmost = 2', VALUE, "least is more than most"),
        ("least = 1\nmost = 2\ntolerance = 1", VALUE + 2, "a range needs no tolerance"),
        ("value = 15\ntolerance = 1\ntolerance_percent = 2", VALUE + 2,
         "both tolerance and tolerance_percent are given"),
        ("value = 1234567890.1234567", VALUE,
         "1234567890.1234567 has more digits than one can type"),
        ("value = 1e15", VALUE, "1000000000000000 has more digits than one can type"),
        ('value = "mean(weight)"', VALUE, "data has no column weight"),
        ('value = "1 / 0"', VALUE, "1 / 0 divides by 0 and has no result"),
        ('value = "{standard.phone.rings} / 0"', VALUE,
         "{standard.phone.rings} / 0 divides by 0 and has no result"),
        ('value = "10 / {standard.phone.rings}"', VALUE,
         "it comes to 3.33333…, with more digits than one can type"),
        ('value = "fifteen"', VALUE, "value is not a number"),
        ('least = "wait"', VALUE, "least is not a number"),
        ('value = "fifteen * {standard.phone.rings}"', VALUE,
         "fifteen in the formula is not understood"),
    ],
)  # fmt: skip
def test_a_fault_of_a_key(tmp_path: Path, key: str, line: int, what: str) -> None:
    """Each fault is told once, on the line of what is wrong."""
    found = said(tmp_path, ("value = 15", key))
    assert [(line, what)] == [(at, said_what) for at, said_what, _ in found]


def test_an_unknown_standard_is_told_once(tmp_path: Path) -> None:
    """A formula over a standard that is not there is told of as that, and as nothing else."""
    found = said(tmp_path, ("value = 15", 'value = "2 * {standard.phone.ringz} / 0"'))
    assert [(line, "perhaps" in todo) for line, _, todo in found] == [(VALUE, True)]


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (("[4, 5, 6]", "[4, 5]"), "data.cost.values", "cost has 2 values, wait has 3"),
        (("data.cost", "data.cost-2"), "data.cost", "cost-2 cannot name a column"),
        (("data.cost", "data.sum"), "data.cost", "sum cannot name a column"),
        (("data.cost", "data.if"), "data.cost", "if cannot name a column"),
        (('"cost"', '"wait"'), "data.cost.en", "cost has the same words as wait"),
        (('"minutes"', '"seconds"'), "also.min.en", "min has the same words as unit"),
        (('unit.zh   = "秒"\nunit.en   = "seconds"\n', ""), "unit.zh",
         "other units are given, but not the unit itself"),
    ],
)  # fmt: skip
def test_a_fault_of_an_item(tmp_path: Path, change: tuple[str, str], where: str, what: str) -> None:
    """Columns and units that cannot serve are told where they stand."""
    found = said(tmp_path, change)
    assert (line_of(STORY, where), what) in [(line, said_what) for line, said_what, _ in found]
