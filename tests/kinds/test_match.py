"""Each left has its right: full credit, half credit, and nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.card import canonical
from kefu.publish import Published
from tests.pieces import any_json, any_text, authored, both


def match(pair: dict[str, str], right: str = "", **key: Any) -> Published:
    """Lefts paired with rights, and the rights left over, one letter each."""
    rights = dict.fromkeys([*pair.values(), *right])
    return authored(
        {
            "kind": "match",
            "left": {name: both(name) for name in pair},
            "right": {name: both(name) for name in rights},
        },
        {"pair": pair, "why": {name: both(f"why {name}") for name in pair}, **key},
    )


FOUR = match({"a": "w", "b": "x", "c": "y", "d": "w"}, "z", half={"a": ["x", "z"], "b": ["w"]})


def ids(item: Published, side: str) -> dict[str, str]:
    """Published ids by letter."""
    shown: Any = item.card[side]  # type: ignore[literal-required]
    return {one["text"]["en"].removesuffix("."): one["id"] for one in shown}


def given_pairs(item: Published, letters: str) -> dict[str, Any]:
    """`"aw bx"`: a with w, b with x."""
    lefts, rights = ids(item, "lefts"), ids(item, "rights")
    return {"pairs": {lefts[a]: rights[b] for a, b in letters.split()}}


@pytest.mark.parametrize(
    ("letters", "credit"),
    [
        ("aw bx cy dw", 1.0),
        ("ax bx cy dw", 0.875),
        ("az bw cy dw", 0.75),
        ("aw bx cz dz", 0.5),
        ("aw bw cw dw", 0.625),
        ("ay by cw dx", 0.0),
    ],
)
def test_credit(letters: str, credit: float) -> None:
    """One for its own right, a half where it is listed, else nothing; the mean is the credit."""
    verdict = kinds.judge(FOUR.card, FOUR.key, given_pairs(FOUR, letters))
    assert (verdict["status"], verdict["credit"]) == ("judged", credit)


def test_each_left_is_told_of() -> None:
    """A verdict has the credit and the reason of each left, in the card's order."""
    verdict = kinds.judge(FOUR.card, FOUR.key, given_pairs(FOUR, "az bx cx dw"))
    lefts = {i: name for name, i in ids(FOUR, "lefts").items()}
    credit = {"a": 0.5, "b": 1.0, "c": 0.0, "d": 1.0}
    assert [part["id"] for part in verdict["parts"]] == [one["id"] for one in FOUR.card["lefts"]]
    for part in verdict["parts"]:
        name = lefts[part["id"]]
        assert (part["credit"], part["why"]) == (credit[name], both(f"why {name}"))
    assert verdict["note"] == {
        "zh": "4 项里配对了 2 项，另有 1 项算一半。",
        "en": "2 of 4 are right, and 1 earns half.",
    }
    assert verdict["expert"] == given_pairs(FOUR, "aw bx cy dw")


def test_alike_on_both_sides() -> None:
    """A left and a right that read the same have ids of their own."""
    item = match({"a": "b", "b": "a"})
    lefts, rights = ids(item, "lefts"), ids(item, "rights")
    assert lefts.keys() == rights.keys()
    assert not set(lefts.values()) & set(rights.values())
    assert kinds.judge(item.card, item.key, kinds.expert(item.card, item.key))["credit"] == 1.0


@pytest.mark.parametrize(
    "response",
    [
        {"pairs": None},
        {"pairs": []},
        {"pairs": "aw"},
        {"pairs": {"a": "w"}},
        {"pairs": {}, "more": 1},
        given_pairs(FOUR, "aw bx cy"),
        {"pairs": {**given_pairs(FOUR, "aw bx cy dw")["pairs"], "x": "y"}},
        {"pairs": {i: ["w"] for i in given_pairs(FOUR, "aw bx cy dw")["pairs"]}},
        {"pairs": dict.fromkeys(given_pairs(FOUR, "aw bx cy dw")["pairs"], "w")},
        {"pairs": {i: i for i in given_pairs(FOUR, "aw bx cy dw")["pairs"]}},
    ],
)
def test_what_nobody_could_choose(response: dict[str, Any]) -> None:
    """A pair left out, a stranger, or a left in a right's place is worth 0 and says why."""
    verdict = kinds.judge(FOUR.card, FOUR.key, response)
    assert (verdict["credit"], verdict["status"]) == (0.0, "malformed")
    assert verdict["note"]
    assert not kinds.is_complete(FOUR.card, response)


@pytest.mark.parametrize("blank", [None, {}, {"pairs": {}}])
def test_nothing_paired(blank: object) -> None:
    """No pair at all is blank, and tells no reason."""
    verdict = kinds.judge(FOUR.card, FOUR.key, blank)
    assert (verdict["credit"], verdict["status"], verdict["parts"]) == (0.0, "blank", [])


def test_names_and_order_do_not_tell() -> None:
    """The card is the same, whatever its author called things and wherever they stand."""
    one = {"left": {"a": both("l"), "b": both("m")}, "right": {"x": both("r"), "y": both("s")}}
    two = {"left": {"p": both("m"), "q": both("l")}, "right": {"x": both("s"), "y": both("r")}}
    why = both("why")
    first = authored(
        {"kind": "match", **one},
        {"pair": {"a": "x", "b": "y"}, "why": {"a": why, "b": why}},
    )
    second = authored(
        {"kind": "match", **two},
        {"pair": {"p": "x", "q": "x"}, "why": {"p": why, "q": why}},
    )
    assert canonical(first.card) == canonical(second.card)


def test_in_words() -> None:
    """Each pair is a line."""
    lines = kinds.show(FOUR.card, given_pairs(FOUR, "aw bx cy dw"), "en")
    assert sorted(lines) == ["a. → w.", "b. → x.", "c. → y.", "d. → w."]


@st.composite
def _near(draw: st.DrawFn) -> object:
    """Ids of the card in each other's places, and whatever else."""
    known = st.sampled_from([*ids(FOUR, "lefts").values(), *ids(FOUR, "rights").values()])
    pairs = draw(st.dictionaries(known | any_text, known | any_text | any_json, max_size=5))
    return {"pairs": draw(st.just(pairs) | any_json)}


@given(_near() | any_json)
def test_any_response_has_a_verdict(response: object) -> None:
    """Judging never raises, stays between 0 and 1, and judges just what is complete."""
    verdict = kinds.judge(FOUR.card, FOUR.key, response)
    assert 0 <= verdict["credit"] <= 1
    assert (verdict["status"] == "judged") == kinds.is_complete(FOUR.card, response)
    assert canonical(verdict).encode()


@given(
    st.dictionaries(
        st.text("abcdefgh", min_size=1, max_size=1),
        st.text("stuvwxyz", min_size=1, max_size=1),
        min_size=2,
        max_size=8,
    ).filter(lambda pair: len(set(pair.values())) > 1)
)
def test_the_expert_is_right(pair: dict[str, str]) -> None:
    """Whatever goes with whatever, the expert's pairs are worth everything."""
    item = match(pair)
    assert kinds.judge(item.card, item.key, kinds.expert(item.card, item.key))["credit"] == 1.0
