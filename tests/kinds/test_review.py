"""A scorecard is filled in for a call."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.card import canonical
from kefu.quality.agreement import cohen_kappa
from tests.pieces import any_json, any_text, authored, both

EXPERT = {"greet": 2, "facts": 0, "close": 3}
TOPS = {"greet": 2, "facts": 1, "close": 3}
WEIGHTS = {"greet": 1.0, "facts": 1.0, "close": 2.0}


def _item(**key: Any) -> Any:
    return authored(
        {
            "kind": "review",
            "scorecard": {
                "title": both("card"),
                "criterion": [
                    {
                        "id": name,
                        **both(name),
                        "weight": WEIGHTS[name],
                        "level": [{"score": n, **both(f"{name} {n}")} for n in range(top + 1)],
                    }
                    for name, top in TOPS.items()
                ],
                "critical": [{"id": name, **both(name)} for name in ("rude", "lie")],
            },
            "line": [
                {"who": "customer", "at": "0:03", **both("hello")},
                {"who": "agent", **both("what")},
            ],
        },
        {
            "score": EXPERT,
            "critical": ["rude"],
            "why": {name: both(f"why {name}") for name in (*TOPS, "rude", "lie")},
            **key,
        },
    )


ITEM = _item()
IDS = {
    one["text"]["en"][:-1]: one["id"]
    for one in (*ITEM.card["scorecard"]["criteria"], *ITEM.card["scorecard"]["critical"])
}


def _response(critical: str = "rude", **score: int) -> dict[str, Any]:
    return {
        "score": {IDS[name]: n for name, n in {**EXPERT, **score}.items()},
        "critical": [IDS[name] for name in critical.split()],
    }


def _judge(critical: str = "rude", **score: int) -> Any:
    return kinds.judge(ITEM.card, ITEM.key, _response(critical, **score))


def test_the_card_shows_the_scorecard_as_written() -> None:
    """Criteria, levels and lines keep their order; nothing of the key is on the card."""
    card = ITEM.card
    assert [c["text"] for c in card["scorecard"]["criteria"]] == [both(n) for n in TOPS]
    assert [lv["score"] for lv in card["scorecard"]["criteria"][2]["levels"]] == [0, 1, 2, 3]
    assert [c["weight"] for c in card["scorecard"]["criteria"]] == [1.0, 1.0, 2.0]
    assert card["lines"] == [
        {"who": "customer", "at": "0:03", "text": both("hello")},
        {"who": "agent", "at": None, "text": both("what")},
    ]
    assert _item(critical=["lie"], score=dict.fromkeys(EXPERT, 1)).card == card
    assert not set(TOPS) & set(json.loads(canonical(card["scorecard"]))["criteria"][0]["id"])


@pytest.mark.parametrize(
    ("score", "credit"),
    [
        ({}, 1.0),
        ({"greet": 1}, 0.7 * (1 - 0.5 / 4) + 0.3),
        ({"facts": 1}, 0.7 * (1 - 1 / 4) + 0.3),
        ({"close": 0}, 0.7 * (1 - 2 / 4) + 0.3),
        ({"close": 2}, 0.7 * (1 - 2 / 3 / 4) + 0.3),
        ({"greet": 0, "facts": 1, "close": 0}, 0.3),
    ],
)
def test_scores_count_by_distance_and_weight(score: dict[str, int], credit: float) -> None:
    """A distance is a share of its criterion's levels, and counts by its weight."""
    assert _judge(**score)["credit"] == pytest.approx(credit, abs=1e-4)


@pytest.mark.parametrize(
    ("ticked", "f1"), [("rude", 1), ("", 0), ("lie", 0), ("rude lie", 2 / 3), ("lie rude", 2 / 3)]
)
def test_critical_errors_count_by_f1(ticked: str, f1: float) -> None:
    """Missing one and raising a false alarm both cost, by F1."""
    assert _judge(ticked)["credit"] == pytest.approx(0.7 + 0.3 * f1, abs=1e-4)


def test_a_call_without_critical_errors() -> None:
    """Where there is none, ticking none is right and ticking one earns nothing of that share."""
    item = _item(critical=[])
    clean, alarm = _response(""), _response("lie")
    assert kinds.judge(item.card, item.key, clean)["credit"] == 1.0
    assert kinds.judge(item.card, item.key, alarm)["credit"] == pytest.approx(0.7)


def test_every_card_that_can_be_filled_in() -> None:
    """Each is worth 0 to 1, and only the expert's is worth 1."""
    worth = {
        (*scores, ticked): _judge(ticked, **dict(zip(TOPS, scores, strict=True)))["credit"]
        for scores in product(*(range(top + 1) for top in TOPS.values()))
        for ticked in ("", "rude", "lie", "rude lie")
    }
    assert [card for card, credit in worth.items() if credit == 1] == [(2, 0, 3, "rude")]
    assert min(worth.values()) >= 0


def test_parts_tell_each_criterion_and_each_error() -> None:
    """A part's credit is its own nearness, and its reason is the author's."""
    verdict = _judge("lie", greet=1, close=0)
    credit = {part["id"]: part["credit"] for part in verdict["parts"]}
    assert credit == {IDS["greet"]: 0.5, IDS["facts"]: 1.0, IDS["close"]: 0.0,
                      IDS["rude"]: 0.0, IDS["lie"]: 0.0}  # fmt: skip
    assert {part["why"]["en"] for part in verdict["parts"]} == {f"why {n}." for n in IDS}
    assert verdict["expert"] == _response()
    assert "漏掉 1 处，误报 1 处" in verdict["note"]["zh"]
    assert "0 found, 1 missed, 1 raised in error" in verdict["note"]["en"]


def test_kappa_is_shown_where_it_is_defined() -> None:
    """Quadratic weighted kappa over all criteria; none where both gave one score throughout."""
    assert _judge()["kappa"] == 1.0
    mine = [1, 0, 2]
    found = cohen_kappa(mine, [*EXPERT.values()], weights="quadratic", categories=range(4))
    assert found is not None
    assert _judge(greet=1, close=2)["kappa"] == round(found, 4)
    flat = _item(score=dict.fromkeys(EXPERT, 1))
    response = _response(**dict.fromkeys(EXPERT, 1))
    assert kinds.judge(flat.card, flat.key, response)["kappa"] is None


@pytest.mark.parametrize("blank", [None, {}, {"score": {}, "critical": []}])
def test_nothing_filled_in_is_blank(blank: object) -> None:
    """An empty card is blank, worth 0, and tells no reason."""
    verdict = kinds.judge(ITEM.card, ITEM.key, blank)
    assert (verdict["credit"], verdict["status"], verdict["parts"]) == (0.0, "blank", [])
    assert "kappa" not in verdict


@pytest.mark.parametrize(
    "strange",
    [
        {"score": {}},
        {"score": {}, "critical": [IDS["lie"]]},
        {"score": {IDS["greet"]: 1}, "critical": []},
        {"score": [], "critical": []},
        {**_response(), "kappa": 1},
        {**_response(), "critical": [IDS["lie"], IDS["lie"]]},
        {**_response(), "critical": [IDS["greet"]]},
        _response(greet=3),
        _response(greet=-1),
        _response(greet=True),
        _response(greet=2.0),  # type: ignore[arg-type]
        {"score": {**_response()["score"], "nobody": 1}, "critical": []},
    ],
)
def test_other_shapes(strange: object) -> None:
    """A card filled in by half, or as nobody could, is worth 0 and says why."""
    verdict = kinds.judge(ITEM.card, ITEM.key, strange)
    assert (verdict["credit"], verdict["status"]) == (0.0, "malformed")
    assert verdict["note"]
    assert not kinds.is_complete(ITEM.card, strange)


@given(data=st.data())
def test_any_json_has_a_verdict(data: st.DataObject) -> None:
    """Any JSON value at all gets a verdict between 0 and 1, and is judged just if complete."""
    ids = st.sampled_from([*IDS.values()])
    near = st.fixed_dictionaries(
        {
            "score": st.dictionaries(ids | any_text, st.integers(-1, 4) | any_json, max_size=4),
            "critical": st.lists(ids | any_text, max_size=3) | any_json,
        }
    )
    response = data.draw(any_json | near)
    verdict = kinds.judge(ITEM.card, ITEM.key, response)
    assert 0 <= verdict["credit"] <= 1
    assert (verdict["status"] == "judged") == kinds.is_complete(ITEM.card, response)
    assert canonical(verdict).encode()


def test_a_card_in_words() -> None:
    """Shown, it reads as behaviours with score and anchor, then the errors ticked."""
    assert kinds.show(ITEM.card, _response(""), "zh") == [
        "greet。：2 分，greet 2。",
        "facts。：0 分，facts 0。",
        "close。：3 分，close 3。",
        "没有勾严重错误",
    ]
    assert kinds.show(ITEM.card, _response("lie"), "en")[-1] == "Critical error: lie."
