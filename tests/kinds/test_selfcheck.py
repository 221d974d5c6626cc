"""A self-check is never an answer."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given

from kefu import kinds
from kefu.card import Card, canonical
from kefu.publish import publish
from kefu.scenario import Scenario
from tests.pieces import DAY, any_json, both, standards


def card(**item: object) -> Card:
    """Three statements."""
    said = {n: {**both(n), "tip": both(f"try {n}"), "axis": both("care")} for n in "abc"}
    del said["c"]["axis"]
    story = Scenario.model_validate(
        {
            "teaches": ["rule"],
            "title": both("story"),
            "turn": [{"who": "scene", **both("hello")}],
            "item": [{"id": "look", "kind": "selfcheck", "use": "practice", "lesson": "1.1",
                      "prompt": both("ask"), "statement": said, **item}],
        }
    )  # fmt: skip
    made = publish("story--look", story, story.item[0], None, standards(), DAY)
    assert made.key == {}
    return made.card


CARD = card()


def test_what_is_shown() -> None:
    """Statements stand in the order of their ids, each with its tip and its side."""
    shown = CARD["statements"]
    assert [one["id"] for one in shown] == sorted(one["id"] for one in shown)
    by_text = {one["text"]["en"]: one for one in shown}
    assert by_text["a."]["tip"] == both("try a")
    assert by_text["a."]["axis"] == both("care")
    assert by_text["c."]["axis"] is None


@pytest.mark.parametrize("level", [0, 1, 2])
def test_levels_are_no_answer(level: int) -> None:
    """What a learner thinks of oneself is refused as an answer, and worth nothing."""
    response = {"levels": {one["id"]: level for one in CARD["statements"]}}
    assert not kinds.is_complete(CARD, response)
    verdict = kinds.judge(CARD, {}, response)
    assert (verdict["credit"], verdict["status"]) == (0.0, "malformed")
    assert kinds.show(CARD, response, "zh") == []


@given(any_json)
def test_nothing_is_an_answer(response: object) -> None:
    """No JSON at all is complete, and judging stays calm."""
    assert not kinds.is_complete(CARD, response)
    verdict = kinds.judge(CARD, {}, response)
    assert verdict["credit"] == 0.0
    assert verdict["status"] != "judged"
    assert canonical(verdict).encode()


def test_it_lives_in_practice() -> None:
    """A self-check is neither graded nor part of an exam."""
    with pytest.raises(ValueError, match="practice"):
        card(use="exam", effective_from=dt.date(2026, 1, 1))
