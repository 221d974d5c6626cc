"""What the check says about items to match and their keys."""

# Each case on a line of its own: what is typed, and what is said.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from kefu.bank.stories import read_story
from kefu.bank.toml import parse

STORY = """\
teaches  = ["rule"]
title.zh = "故事"
title.en = "A story"
[[turn]]
who = "customer"
zh  = "你好。"
en  = "Hello."
[[item]]
id        = "pairs"
kind      = "match"
use       = "practice"
lesson    = "2.2"
prompt.zh = "配一配。"
prompt.en = "Match these."
left.a.zh = "左一"
left.a.en = "left one"
left.b.zh = "左二"
left.b.en = "left two"
left.c.zh = "左三"
left.c.en = "left three"
right.x.zh = "右一"
right.x.en = "right one"
right.y.zh = "右二"
right.y.en = "right two"
[open.pairs]
pair.a = "x"
pair.b = "y"
pair.c = "x"
half.a = ["y"]
why.a.zh = "因为甲。"
why.a.en = "Because of a."
why.b.zh = "因为乙。"
why.b.en = "Because of b."
why.c.zh = "因为丙。"
why.c.en = "Because of c."
"""


def said(*changes: tuple[str, str]) -> list[tuple[int, str, str]]:
    """Line, what and write of each fault of the story with some words replaced."""
    text = STORY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    document, faults = parse(text.encode(), "x.toml")
    assert not faults
    _, faults = read_story("x", document, None, "x.toml")  # type: ignore[arg-type]
    return [(fault.line, fault.what.en, fault.write.en) for fault in faults]


def test_a_good_one() -> None:
    """Pairs, halves and reasons that fit are no fault; nor are bins."""
    assert said() == []
    assert said(('lesson    = "2.2"', 'lesson    = "2.2"\nbins = true')) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('pair.c = "x"\n', ""), (26, "c has no pair", 'add its pair, such as pair.c = "x"')),
        (('pair.c = "x"', 'pair.c = "z"'), (28, "the item has no z", "delete it, or write one of x, y")),
        (('pair.c = "x"', 'pair.c = "x"\npair.d = "x"'), (29, "the item has no d", "delete it, or write one of a, b, c")),
        (('pair.b = "y"', 'pair.b = "x"'), (26, "every left has the same right", "use two rights at least")),
        (('why.c.zh = "因为丙。"\nwhy.c.en = "Because of c."\n', ""), (30, "c has no why", 'add why.c.zh = "…"')),
        (('half.a = ["y"]', 'half.a = ["x"]'), (29, "x is the right of a and earns full credit", "delete it from half")),
        (('half.a = ["y"]', 'half.a = ["z"]'), (29, "the item has no z", "delete it, or write one of x, y")),
        (('half.a = ["y"]', 'half.a = ["y", "y"]'), (29, "y is named twice", "delete one")),
        (('half.a = ["y"]', 'half.d = ["y"]'), (29, "the item has no d", "delete it, or write one of a, b, c")),
        (("left three", "Left One"), (20, "c has the same words as a", "word one of them differently, or delete it")),
        (("右二", "右一"), (23, "y has the same words as x", "word one of them differently, or delete it")),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(
    change: tuple[str, str], fault: tuple[int, str, str]
) -> None:
    """Whatever does not fit is told where it stands, with what to write."""
    assert fault in said(change)


def test_bins_are_fewer_than_cards() -> None:
    """As many bins as cards leave nothing to sort."""
    found = said(
        ('lesson    = "2.2"', 'lesson    = "2.2"\nbins = true'),
        ('left.c.zh = "左三"\nleft.c.en = "left three"\n', ""),
        ('pair.c = "x"\n', ""),
        ('why.c.zh = "因为丙。"\nwhy.c.en = "Because of c."\n', ""),
    )
    write = "have fewer bins or more cards; to match them one to one, delete bins"
    assert found == [(13, "2 cards for 2 bins leave nothing to sort", write)]
