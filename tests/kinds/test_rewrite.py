"""A sentence is said better: phrases are judged, the rest is a person's to mark."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.card import canonical
from kefu.kinds.rewrite import length, says
from tests.pieces import any_json, any_text, authored, both


def _phrases(*each: tuple[str, str]) -> dict[str, Any]:
    return {
        f"p{n}": {"zh": zh.split("|"), "en": en.split("|"), "why": both(f"why {zh}")}
        for n, (zh, en) in enumerate(each)
    }


MODEL = {"zh": "我来查，五点前回您。", "en": "I’ll look into it and call you by five."}
REQUIRED = _phrases(("我来|我帮您", "I'll|let me"), ("五点前|今天", "by five|today"))
FORBIDDEN = _phrases(("不归我", "not my"), ("尽快", "asap|as soon as possible"))


def _item(required: Any = REQUIRED, forbidden: Any = FORBIDDEN, most: int = 60) -> Any:
    rubric = {
        "follow": {**both("follow up"), "points": 2},
        "tone": {**both("tone"), "points": 3},
    }
    return authored(
        {"kind": "rewrite", "given": both("given"), "max_length": most},
        {"required": required, "forbidden": forbidden, "rubric": rubric, "model": MODEL},
    )


ITEM = _item()


def _judge(text: object, item: Any = ITEM) -> Any:
    return kinds.judge(item.card, item.key, {"text": text})


def test_the_card_shows_nothing_of_the_key() -> None:
    """What was said and how long one may write; no phrase, no rubric, no model."""
    assert (ITEM.card["given"], ITEM.card["most"]) == (both("given"), 60)
    assert _item(required={}, forbidden={}).card == ITEM.card


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("我来查，五点前回您。", 1.0),
        ("我来查。", 0.5),
        ("马上查。", 0.0),
        ("我来查，五点前回您，尽快。", 0.5),
        ("我来查，尽快。", 0.0),
        ("这不归我管，尽快。", 0.0),
        ("I'll call you today.", 1.0),
        ("I’LL CALL YOU　ＴＯＤＡＹ.", 1.0),
        ("我来 call you today", 1.0),
        ("I'll call you asap, today", 0.5),
    ],
)
def test_formula(text: str, credit: float) -> None:
    """Required found less forbidden found, as a share of those required, and never below 0."""
    assert _judge(text)["credit"] == credit


@pytest.mark.parametrize(
    ("text", "credit"), [("好的。", 1.0), ("尽快。", 0.5), ("这不归我，尽快。", 0.0)]
)
def test_without_required_phrases(text: str, credit: float) -> None:
    """Each forbidden phrase costs its share."""
    assert _judge(text, _item(required={}))["credit"] == credit


def test_without_any_phrase() -> None:
    """Where no phrase is asked, whatever is written has the credit of this part."""
    verdict = _judge("x", _item(required={}, forbidden={}))
    assert (verdict["credit"], verdict["parts"], verdict["note"]) == (1.0, [], None)


@pytest.mark.parametrize(
    ("text", "variant", "found"),
    [
        ("I can do it", "can", True),
        ("I can't do it", "can", False),
        ("I can’t do it", "can't", True),
        ("the American way", "can", False),
        ("the customer's bag", "customer", True),
        ("customers wait", "customer", False),
        ("it's mine", "it", True),
        ("I’m on it", "I'm", True),
        ("call at 5 p.m. today", "5 p.m", True),
        ("call at 15 p.m.", "5 p.m", False),
        ("by  \n five", "by five", True),
        ("BY FIVE!", "by five", True),
        ("我今天五点 前回您", "五点前", True),
        ("我 来", "我来", True),
        ("１７：００前", "17:00", True),
        ("ok我来", "OK", True),
        ("okay", "ok", False),
        ("不归我管", "归我", True),
        ("“I’ll”", "I'll", True),
        ("我\u200b来", "我来", True),
        ("我来", " ", False),
        ("a.b", "a+b", False),
    ],
)
def test_what_counts_as_said(text: str, variant: str, found: bool) -> None:
    """English stands at the edges of words, Chinese anywhere; width, case, quotes do not matter."""
    assert says(text, variant) is found


def test_parts_and_note_tell_what_was_found() -> None:
    """Each phrase says whether it was wanted and which variant was found; so does the note."""
    verdict = _judge("我帮您查，尽快。")
    seen = {
        part["like"]["zh"]: (part["wanted"], part["said"], part["credit"])
        for part in verdict["parts"]
    }
    assert seen == {
        "我来": (True, "我帮您", 1.0),
        "五点前": (True, None, 0.0),
        "不归我": (False, None, 1.0),
        "尽快": (False, "尽快", 0.0),
    }
    assert verdict["note"] == {
        "zh": "要有的说法 2 处，说到 1 处（“我帮您”），还缺 1 处；"
        "不该有的说法出现 1 处（“尽快”）。",
        "en": "Phrases to use: 1 of 2 found (“我帮您”), 1 missing; "
        "phrases to avoid: 1 found (“尽快”).",
    }


def test_rubric_and_model_come_with_the_verdict() -> None:
    """What a person marks by comes with an answer, and with none that is blank."""
    verdict = _judge("我来。")
    assert sorted(line["points"] for line in verdict["rubric"]) == [2, 3]
    assert verdict["model"] == MODEL
    assert "model" not in _judge("  ")


def test_the_experts_answer_is_one_language_of_the_model() -> None:
    """It is a text that somebody could have typed, and worth everything."""
    assert kinds.expert(ITEM.card, ITEM.key) == {"text": MODEL["zh"]}
    assert _judge(MODEL["zh"])["credit"] == _judge(MODEL["en"])["credit"] == 1.0


@pytest.mark.parametrize("blank", ["", "  \n\t ", "　", "\u200b"])
def test_white_space_is_blank(blank: str) -> None:
    """Nothing written is blank, and worth 0."""
    verdict = _judge(blank)
    assert (verdict["credit"], verdict["status"], verdict["parts"]) == (0.0, "blank", [])


def test_length() -> None:
    """Characters are counted, not bytes; a line's end is one, and what stands around is none."""
    assert length(" 我来\r\n查😀　") == 5
    assert kinds.is_complete(ITEM.card, {"text": "  " + "我" * 60 + "\r\n"})
    long = _judge("我" * 61)
    assert (long["credit"], long["status"]) == (0.0, "malformed")
    assert "60" in long["note"]["zh"]


@pytest.mark.parametrize("strange", [None, 7, ["我来"], {"zh": "我来"}, "\ud800"])
def test_other_shapes(strange: object) -> None:
    """What is no text is worth 0, and the verdict says why."""
    verdict = _judge(strange)
    assert (verdict["credit"], verdict["status"]) == (0.0, "malformed")


@given(response=any_json | st.fixed_dictionaries({"text": any_text | any_json}))
def test_any_json_has_a_verdict(response: object) -> None:
    """Any JSON value at all gets a verdict between 0 and 1, and is judged just if complete."""
    verdict = kinds.judge(ITEM.card, ITEM.key, response)
    assert 0 <= verdict["credit"] <= 1
    assert (verdict["status"] == "judged") == kinds.is_complete(ITEM.card, response)
    assert canonical(verdict).encode()
    if verdict["status"] == "judged":
        assert isinstance(response, dict)
        assert kinds.show(ITEM.card, response, "zh") is not None


def test_a_text_in_lines() -> None:
    """Shown, it is what was written, without empty lines."""
    assert kinds.show(ITEM.card, {"text": " 我来。\r\n\n 今天。 "}, "en") == ["我来。", "今天。"]
