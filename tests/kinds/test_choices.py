"""Some options are picked: (hits - false picks) / right, and never below 0."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from kefu import kinds
from tests.pieces import choices, id_of

ITEM = choices(right="abc", wrong="xy")


def _judge(picked: str) -> float:
    response = {"options": [id_of(ITEM, one) for one in picked]}
    return kinds.judge(ITEM.card, ITEM.key, response)["credit"]


@pytest.mark.parametrize(
    ("picked", "credit"),
    [
        ("abc", 1.0),
        ("cab", 1.0),
        ("ab", 0.6667),
        ("a", 0.3333),
        ("abx", 0.3333),
        ("abcx", 0.6667),
        ("abcxy", 0.3333),
        ("ax", 0.0),
        ("axy", 0.0),
        ("xy", 0.0),
    ],
)
def test_formula(picked: str, credit: float) -> None:
    """Hits less false picks, as a share of what is right; the order of picking says nothing."""
    assert _judge(picked) == credit


def test_every_subset() -> None:
    """Only the right set is worth everything, and no set is worth less than nothing."""
    every = chain.from_iterable(combinations("abcxy", n) for n in range(1, 6))
    worth = {"".join(picked): _judge("".join(picked)) for picked in every}
    assert [picked for picked, credit in worth.items() if credit == 1.0] == ["abc"]
    assert min(worth.values()) == 0.0


def test_none_at_all_is_blank() -> None:
    """No pick is blank, and worth 0."""
    verdict = kinds.judge(ITEM.card, ITEM.key, {"options": []})
    assert (verdict["credit"], verdict["status"]) == (0.0, "blank")
    assert not kinds.is_complete(ITEM.card, {"options": []})


def test_picking_twice_is_no_answer() -> None:
    """The same option twice is nothing a learner could have given."""
    twice = {"options": [id_of(ITEM, "a")] * 2}
    assert kinds.judge(ITEM.card, ITEM.key, twice)["status"] == "malformed"


@pytest.mark.parametrize(
    "strange", [{"options": "a"}, {"options": None}, {"options": [["a"]]}, {"options": ["a", 1]}]
)
def test_other_shapes(strange: object) -> None:
    """What is no list of options of this card is worth 0, and the verdict says why."""
    verdict = kinds.judge(ITEM.card, ITEM.key, strange)
    assert (verdict["credit"], verdict["status"]) == (0.0, "malformed")


def test_the_note_counts() -> None:
    """The note says how the credit came about, in both languages."""
    response = {"options": [id_of(ITEM, one) for one in "abx"]}
    note = kinds.judge(ITEM.card, ITEM.key, response)["note"]
    assert note == {
        "zh": "选对 2 项，多选 1 项，漏选 1 项。多选一项，抵掉选对的一项。",
        "en": "2 rightly picked, 1 wrongly picked, 1 missed."
        " Each wrong pick takes back a right one.",
    }


def test_parts_say_what_belongs() -> None:
    """A part's credit says whether its option should have been picked."""
    parts = kinds.judge(ITEM.card, ITEM.key, {"options": [id_of(ITEM, "x")]})["parts"]
    assert {part["id"]: part["credit"] for part in parts} == {
        id_of(ITEM, one): float(one in "abc") for one in "abcxy"
    }
