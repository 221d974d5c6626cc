"""What holds for every kind."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.bank import read
from kefu.card import Card, canonical
from kefu.errors import KefuError
from kefu.publish import Published, publish
from kefu.scenario import KINDS
from tests.pieces import (
    CONTENT,
    any_json,
    any_text,
    authored,
    both,
    choice,
    choices,
    id_of,
    number,
    order,
)

ITEMS = {
    "choice": choice({"a": 1.0, "b": 0.5, "c": 0.0}),
    "choices": choices("ab", "cd"),
    "order": order("abcd", "bc"),
    "number": number(15, 1, "秒/seconds"),
}
_FIELD = {"choice": "option", "choices": "options", "order": "order", "number": "number"}


def _ids(card: Card) -> list[str]:
    return [one["id"] for one in card.get("options") or card.get("steps") or []]


@st.composite
def _near(draw: st.DrawFn, kind: str) -> object:
    """Nearly a response: the right field, and ids, texts and anything in it."""
    ids = st.sampled_from(_ids(ITEMS[kind].card) or ["15"])
    value = draw(ids | any_text | any_json | st.lists(ids | any_text, max_size=6))
    made = {_FIELD[kind]: value}
    return {**made, draw(any_text): draw(any_json)} if draw(st.integers(0, 9)) == 0 else made


def _holds(item: Published, response: object) -> None:
    verdict = kinds.judge(item.card, item.key, response)
    assert 0 <= verdict["credit"] <= 1
    assert math.isfinite(verdict["credit"])
    assert verdict["status"] in ("judged", "blank", "malformed")
    assert verdict["status"] == "judged" or (verdict["credit"] == 0 and verdict["note"])
    assert (verdict["status"] == "judged") == kinds.is_complete(item.card, response)
    assert canonical(verdict).encode()
    if verdict["status"] == "judged":
        assert isinstance(response, dict)
        assert kinds.show(item.card, response, "zh")
        assert kinds.show(item.card, response, "en")


@pytest.mark.parametrize("kind", ITEMS)
@given(data=st.data())
def test_any_json_has_a_verdict(kind: str, data: st.DataObject) -> None:
    """Any JSON value at all gets a verdict between 0 and 1, and is judged just if complete."""
    _holds(ITEMS[kind], data.draw(any_json | _near(kind)))


@pytest.mark.parametrize("kind", ITEMS)
def test_deep_and_huge(kind: str) -> None:
    """Depth and size make no difference: the verdict is calm."""
    deep: object = "end"
    for _ in range(50_000):
        deep = [deep]
    field = _FIELD[kind]
    for strange in (deep, {field: deep}, {field: [deep]}, {field: 10**10_000}, {field: "x" * 10**6},
                    {field: list(range(10**5))}, {str(n): n for n in range(10**4)}):  # fmt: skip
        _holds(ITEMS[kind], strange)


@pytest.mark.parametrize("kind", ITEMS)
@pytest.mark.parametrize("blank", [None, {}])
def test_blank_is_nothing(kind: str, blank: object) -> None:
    """Blank is worth 0, and tells the reasons of no option."""
    verdict = kinds.judge(ITEMS[kind].card, ITEMS[kind].key, blank)
    assert (verdict["credit"], verdict["status"], verdict["parts"]) == (0.0, "blank", [])


@pytest.mark.parametrize("kind", ITEMS)
def test_judging_changes_nothing(kind: str) -> None:
    """Judging is pure: card, key and response are as they were, and twice is the same."""
    item = ITEMS[kind]
    response = kinds.expert(item.card, item.key)
    before = canonical([item.card, item.key, response])
    first = kinds.judge(item.card, item.key, response)
    assert kinds.judge(item.card, item.key, response) == first
    assert canonical([item.card, item.key, response]) == before


@pytest.mark.parametrize("kind", ITEMS)
def test_a_key_survives_json(kind: str) -> None:
    """A key that went through a file or a database judges as it did before."""
    item = ITEMS[kind]
    key, card = json.loads(canonical(item.key)), json.loads(canonical(item.card))
    response = kinds.expert(item.card, item.key)
    assert kinds.judge(card, key, response) == kinds.judge(item.card, item.key, response)


def test_a_takeaway_travels_with_every_kind() -> None:
    """The line to remember is in the verdict."""
    item = authored(
        {"kind": "number"}, {"value": 3, "why": both("why"), "takeaway": both("remember")}
    )
    assert kinds.judge(item.card, item.key, {"number": "4"})["takeaway"] == both("remember")


def test_a_kind_that_nobody_knows() -> None:
    """A kind that is none is refused in words."""
    with pytest.raises(KefuError, match="riddle"):
        kinds.judge({**ITEMS["choice"].card, "kind": "riddle"}, {}, {})


# What stands beside an answer: hints, and how sure one was.


def _hints(*costs: float) -> list[dict[str, Any]]:
    return [{**both(f"hint {n}"), "cost": cost} for n, cost in enumerate(costs)]


def _beside(*costs: float, sure: bool = False) -> Published:
    return choice({"a": 1.0, "b": 0.5, "c": 0.0}, hint=_hints(*costs), confidence=sure)


def test_hints_are_on_the_card_with_their_cost() -> None:
    """A card has the hints in the author's order; one without has no such field."""
    card = _beside(0.25, 0.5).card
    assert [hint["cost"] for hint in card["hints"]] == [0.25, 0.5]
    assert [hint["text"] for hint in card["hints"]] == [both("hint 0"), both("hint 1")]
    assert "hints" not in ITEMS["choice"].card
    assert "confidence" not in card
    assert _beside(sure=True).card["confidence"] is True


@pytest.mark.parametrize(
    ("pick", "opened", "credit"),
    [("a", 0, 1.0), ("a", 1, 0.75), ("a", 2, 0.25), ("b", 0, 0.5), ("b", 1, 0.375),
     ("b", 2, 0.125), ("c", 0, 0.0), ("c", 2, 0.0)],
)  # fmt: skip
def test_hints_lower_the_credit_by_their_cost(pick: str, opened: int, credit: float) -> None:
    """What is earned is less by the share that the opened hints cost together."""
    item = _beside(0.25, 0.5)
    verdict = kinds.judge(item.card, item.key, {"option": id_of(item, pick), "hints": opened})
    assert verdict["credit"] == credit
    said = verdict["note"]
    if opened and credit:
        assert said
        assert f"{opened} 条提示" in said["zh"]
        assert ("25%" if opened == 1 else "75%") in said["en"]
    else:
        assert said is None


def test_hints_that_cost_all_leave_nothing() -> None:
    """Three hints that cost the whole credit together leave exactly none."""
    item = _beside(0.1, 0.2, 0.7)
    verdict = kinds.judge(item.card, item.key, {"option": id_of(item, "a"), "hints": 3})
    assert (verdict["credit"], verdict["status"]) == (0.0, "judged")


def test_an_eighth_is_said_as_the_page_says_it() -> None:
    """A cost of 12.5% is rounded up in words, as the button beside the hint does."""
    item = _beside(0.125)
    verdict = kinds.judge(item.card, item.key, {"option": id_of(item, "a"), "hints": 1})
    assert verdict["credit"] == 0.875
    assert verdict["note"]
    assert "13%" in verdict["note"]["zh"]


@pytest.mark.parametrize("sure", [True, False])
def test_how_sure_one_was_earns_nothing(sure: bool) -> None:
    """Sure or not, the credit is the same; a blank stays blank."""
    item = _beside(sure=True)
    plain, said = {"option": id_of(item, "b")}, {"option": id_of(item, "b"), "sure": sure}
    assert kinds.judge(item.card, item.key, said) == kinds.judge(item.card, item.key, plain)
    assert kinds.is_complete(item.card, said)
    assert kinds.judge(item.card, item.key, {"sure": sure})["status"] == "blank"
    assert not kinds.is_complete(item.card, {"sure": sure})
    assert kinds.show(item.card, said, "zh")[-1] == ("有把握" if sure else "没把握")
    assert kinds.show(item.card, said, "en")[-1] == ("sure" if sure else "not sure")


@pytest.mark.parametrize(
    "more",
    [{"hints": 3}, {"hints": -1}, {"hints": True}, {"hints": 1.0}, {"hints": "1"}, {"hints": None},
     {"sure": 1}, {"sure": "yes"}, {"sure": []}],
    ids=str,
)  # fmt: skip
def test_what_no_page_sends_is_malformed(more: dict[str, Any]) -> None:
    """More hints than there are, or sureness that is no yes or no, is no answer."""
    item = _beside(0.25, 0.5, sure=True)
    response = {"option": id_of(item, "a"), **more}
    assert kinds.judge(item.card, item.key, response)["status"] == "malformed"
    assert not kinds.is_complete(item.card, response)


@pytest.mark.parametrize("more", [{"hints": 1}, {"sure": True}], ids=str)
@pytest.mark.parametrize("kind", ITEMS)
def test_a_card_that_asks_no_such_thing(kind: str, more: dict[str, Any]) -> None:
    """Where a card has no hints, and does not ask how sure one is, neither is an answer."""
    item = ITEMS[kind]
    response = {**kinds.expert(item.card, item.key), **more}
    assert kinds.judge(item.card, item.key, response)["status"] == "malformed"


@given(any_json, any_json)
def test_anything_beside_an_answer_has_a_verdict(sure: object, hints: object) -> None:
    """Any JSON value at all as hints or sureness gets a calm verdict."""
    item = _beside(0.25, sure=True)
    _holds(item, {"option": id_of(item, "a"), "sure": sure, "hints": hints})


def test_the_expert_needs_no_hint() -> None:
    """The expert's answer carries neither hints nor sureness, and is worth 1."""
    item = _beside(0.5, sure=True)
    expert = kinds.expert(item.card, item.key)
    assert set(expert) == {"option"}
    assert kinds.judge(item.card, item.key, expert)["credit"] == 1.0


@pytest.fixture(scope="module")
def course() -> list[Published]:
    """Every item of the course, published."""
    bank, _ = read([CONTENT])
    return [
        publish(e.ref, e.story, e.item, e.key, bank.standards, bank.course.as_of, bank.scorecards)
        for e in bank.entries
        if e.key is not None
    ]


def test_every_kind_is_asked(course: list[Published]) -> None:
    """Every kind that is judged is asked somewhere in the course, in practice and graded."""
    assert {item.card["kind"] for item in course} == set(KINDS) - {"selfcheck"}
    assert {item.room for item in course} >= {"practice", "graded"}


def test_the_expert_of_every_item(course: list[Published]) -> None:
    """For every item of the course the expert's answer is complete, and worth 1."""
    wrong = []
    for item in course:
        expert = kinds.expert(item.card, item.key)
        verdict = kinds.judge(item.card, item.key, expert)
        if not (
            verdict["credit"] == 1.0
            and verdict["expert"] == expert
            and kinds.is_complete(item.card, expert)
            and kinds.show(item.card, expert, "zh")
        ):
            wrong.append(item.card["item"])
    assert wrong == []


@pytest.mark.parametrize("blank", [None, {}])
def test_blank_of_every_item(course: list[Published], blank: object) -> None:
    """For every item of the course blank is worth 0."""
    verdicts = [kinds.judge(item.card, item.key, blank) for item in course]
    assert {(verdict["credit"], verdict["status"]) for verdict in verdicts} == {(0.0, "blank")}


def test_every_option_has_a_reason(course: list[Published]) -> None:
    """For every item of the course a verdict has its reason, or that of each part of it."""
    for item in course:
        verdict = kinds.judge(item.card, item.key, kinds.expert(item.card, item.key))
        if item.card["kind"] in ("choice", "choices"):
            assert [part["id"] for part in verdict["parts"]] == _ids(item.card)
        reasons = [verdict["why"]] if verdict["why"] else [p["why"] for p in verdict["parts"]]
        assert reasons, item.card["item"]
        assert all(why and why["zh"] and why["en"] for why in reasons), item.card["item"]
