"""What stands under a graded quiz cell, for the kinds whose answers have several parts."""

from __future__ import annotations

from typing import Any

from kefu import kinds
from kefu.card import Response
from kefu.grading.judge import Judged
from kefu.grading.table import table
from kefu.journal import Attempt
from kefu.publish import Published
from tests.pieces import authored, both


def _said(item: Published, response: Response) -> str:
    """The table of one answer as plain text."""
    attempt = Attempt("0" * 32, item.card["item"], item.card["version"], response, "")
    verdict = kinds.judge(item.card, item.key, response)
    assert verdict["status"] == "judged"
    return table(Judged(item.card, attempt, verdict), 4)["text/plain"]


def _ids(shown: list[dict[str, Any]]) -> dict[str, str]:
    return {one["text"]["en"][:-1]: one["id"] for one in shown}


def test_a_review_names_each_behaviour_and_the_experts_score() -> None:
    """Reasons stand in the scorecard's order; an error that was not ticked keeps its reason."""
    item = authored(
        {
            "kind": "review",
            "scorecard": {
                "title": both("card"),
                "criterion": [
                    {"id": n, **both(n),
                     "level": [{"score": k, **both(f"{n}{k}")} for k in range(3)]}
                    for n in ("greet", "ask", "close")
                ],
                "critical": [{"id": n, **both(n)} for n in ("rude", "lie")],
            },
            "line": [{"who": "agent", **both("x")}, {"who": "customer", **both("y")}],
        },
        {
            "score": {"greet": 2, "ask": 0, "close": 1},
            "critical": ["rude"],
            "why": {n: both(f"why {n}") for n in ("greet", "ask", "close", "rude", "lie")},
        },
    )  # fmt: skip
    card = item.card["scorecard"]
    score, errors = _ids(card["criteria"]), _ids(card["critical"])
    said = _said(item, {"score": {score["greet"]: 2, score["ask"]: 2, score["close"]: 2},
                        "critical": [errors["lie"]]})  # fmt: skip
    assert "✓ greet. (expert: 2): why greet. / ✗ ask. (expert: 0): why ask. / ◐ close." in said
    assert "✗ lie.: why lie." in said
    assert "why rude" not in said
    assert "greet。：2 分，greet2。" in said


def test_a_match_names_each_left() -> None:
    """Each pair is told with its reason."""
    item = authored(
        {
            "kind": "match",
            "left": {n: both(n) for n in ("a", "b")},
            "right": {n: both(n) for n in ("x", "y")},
        },
        {"pair": {"a": "x", "b": "y"}, "why": {n: both(f"why {n}") for n in ("a", "b")}},
    )
    lefts, rights = _ids(item.card["lefts"]), _ids(item.card["rights"])  # type: ignore[arg-type]
    said = _said(item, {"pairs": {lefts["a"]: rights["x"], lefts["b"]: rights["x"]}})
    assert "✓ a.: why a." in said
    assert "✗ b.: why b." in said
    assert "b. → x." in said


def test_a_dialogue_tells_the_sayings_taken_in_their_order() -> None:
    """What was said is told with its reason; what was not said keeps its own."""

    def say(name: str, to: str) -> dict[str, Any]:
        return {**both(name), "to": to}

    node = {
        "one": {"customer": both("hello"), "say": {"p": say("p", "two"), "q": say("q", "bad")}},
        "two": {"customer": both("well"), "say": {"r": say("r", "good"), "s": say("s", "bad")}},
        "good": {"ending": both("fine")},
        "bad": {"ending": both("lost")},
    }
    why = {"one": ["p", "q"], "two": ["r", "s"]}
    item = authored(
        {"kind": "dialogue", "start": "one", "node": node},
        {
            "credit": {"one": {"p": 1.0, "q": 0.0}, "two": {"r": 1.0, "s": 0.0}},
            "why": {n: {x: both(f"why {x}") for x in says} for n, says in why.items()},
            "outcome": {"good": 1.0, "bad": 0.0},
        },
    )
    shown = {
        one["text"]["en"][:-1]: one["id"] for n in item.card["nodes"].values() for one in n["says"]
    }
    said = _said(item, {"path": [shown["p"], shown["s"]]})
    assert "✓ p.: why p. / ✗ s.: why s." in said
    assert "why q" not in said
    assert "why r" not in said


def test_a_rewrite_tells_what_was_said_and_what_is_missing() -> None:
    """Phrases found and missing have their reasons; what was rightly left out is not told."""

    def phrase(word: str) -> dict[str, Any]:
        return {"zh": [word], "en": [word], "why": both(f"why {word}")}

    item = authored(
        {"kind": "rewrite", "given": both("given"), "max_length": 40},
        {
            "required": {n: phrase(n) for n in ("now", "me")},
            "forbidden": {n: phrase(n) for n in ("never", "them")},
            "rubric": {"tone": {**both("the tone"), "points": 2}},
            "model": both("now, me"),
        },
    )
    said = _said(item, {"text": "<b>now</b>, ask them"})
    assert "✓ “now”: why now." in said
    assert "✗ Missing: why me." in said
    assert "✗ “them”: why them." in said
    assert "why never" not in said
    assert "the tone" not in said
    assert "now, me" not in said
