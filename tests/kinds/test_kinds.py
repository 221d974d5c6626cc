"""What holds for every kind."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.bank import read
from kefu.card import Card, canonical
from kefu.errors import KefuError
from kefu.publish import Published, publish
from tests.pieces import CONTENT, any_json, any_text, authored, both, choice, choices, number, order

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


def test_a_kind_of_later() -> None:
    """A kind that cannot be asked yet is refused in words."""
    with pytest.raises(KefuError, match="selfcheck"):
        kinds.judge({**ITEMS["choice"].card, "kind": "selfcheck"}, {}, {})


@pytest.fixture(scope="module")
def course() -> list[Published]:
    """Every item of the course, published."""
    bank, _ = read([CONTENT])
    return [
        publish(e.ref, e.story, e.item, e.key, bank.standards, bank.course.as_of)
        for e in bank.entries
        if e.key is not None
    ]


def test_every_kind_is_asked(course: list[Published]) -> None:
    """Every kind that can be asked is asked somewhere in the course, in practice and graded."""
    assert {item.card["kind"] for item in course} == set(ITEMS)
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
    """For every item of the course with options, a verdict has the reason of each, in order."""
    for item in course:
        verdict = kinds.judge(item.card, item.key, kinds.expert(item.card, item.key))
        if item.card["kind"] in ("choice", "choices"):
            assert [part["id"] for part in verdict["parts"]] == _ids(item.card)
            assert all(part["why"]["zh"] and part["why"]["en"] for part in verdict["parts"])
        else:
            assert verdict["why"]
