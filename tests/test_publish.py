"""The only door out: what an author wrote becomes a card that cannot tell the answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.card import canonical
from kefu.errors import KefuError
from tests.pieces import DAY, authored, both, dump, standards

NAMES = ["own", "wait", "send", "blame"]
worth = st.fixed_dictionaries({name: st.sampled_from([0.0, 0.3, 0.7, 1.0]) for name in NAMES})


def _choice(names: dict[str, str], credit: dict[str, float], why: str = "why") -> Any:
    """A sealed choice; `names` is what the author calls the option with these words."""
    return authored(
        {
            "kind": "choice",
            "use": "graded",
            "set": "basics",
            "option": {names[words]: both(words) for words in names},
        },
        {
            "credit": {names[words]: credit[words] for words in names},
            "why": {names[words]: both(f"{why} {words}") for words in names},
            "takeaway": both(f"{why} takeaway"),
        },
    )


@given(order=st.permutations(NAMES), called=st.permutations(NAMES), credit=worth)
def test_names_and_order_do_not_tell(
    order: list[str], called: list[str], credit: dict[str, float]
) -> None:
    """However options are called, wherever they are declared, whatever they earn: one card."""
    plain = _choice({name: name for name in NAMES}, dict.fromkeys(NAMES, 0.0))
    other = _choice(dict(zip(order, called, strict=True)), credit, why="because")
    assert canonical(other.card) == canonical(plain.card)


@given(order=st.permutations("abcd"), right=st.permutations("abcd"))
def test_the_expert_order_is_not_in_the_card(order: list[str], right: list[str]) -> None:
    """Steps stand in the order of their ids, whatever the key says."""

    def made(declared: list[str], expert: list[str], free: list[list[str]]) -> Any:
        return authored(
            {"kind": "order", "use": "exam", "step": {one: both(one) for one in declared}},
            {"order": expert, "free": free, "why": both("why")},
        )

    plain = made([*"abcd"], [*"abcd"], [])
    assert canonical(made(order, right, [right[:2]]).card) == canonical(plain.card)


@pytest.mark.parametrize("right", [["a"], ["b"], ["c", "a"]])
def test_what_is_right_is_not_in_the_card(right: list[str]) -> None:
    """The number and the names of right options stay behind."""
    item = {"kind": "choices", "option": {one: both(one) for one in "abc"}}
    why = {one: both(f"why {one}") for one in "abc"}
    plain = authored(item, {"right": ["b", "c"], "why": why})
    assert authored(item, {"right": right, "why": why}).card == plain.card


def test_the_number_is_not_in_the_card() -> None:
    """Value, tolerance and reason stay behind."""
    item = {"kind": "number", "unit": both("s")}
    first = authored(item, {"value": 15, "why": both("why")})
    other = authored(item, {"value": 98765, "tolerance": 4321, "why": both("because")})
    assert first.card == other.card
    assert "98765" not in dump(other.card)


def test_reasons_stay_behind() -> None:
    """No reason, credit or takeaway of a key is anywhere in a card."""
    made = _choice({n: n for n in NAMES}, dict.fromkeys(NAMES, 0.5), why="sealed")
    assert "sealed" in dump(made.key)
    assert "sealed" not in dump(made.card)
    assert "credit" not in dump(made.card)


@pytest.mark.parametrize("change", [{"title": "other"}, {"turn": "other"}])
def test_another_story_is_another_version(change: dict[str, str]) -> None:
    """The version changes with the story's words."""
    item: dict[str, Any] = {"kind": "number"}
    key = {"value": 1, "why": both("why")}
    assert authored(item, key).card["version"] != authored(item, key, **change).card["version"]


@given(value=st.floats(-1e6, 1e6), why=st.sampled_from(["why", "because"]))
def test_the_version_is_the_cards(value: float, why: str) -> None:
    """The version stays as long as the card stays."""
    plain = authored({"kind": "number"}, {"value": 1, "why": both("why")})
    other = authored({"kind": "number"}, {"value": value, "why": both(why)})
    assert other.card == plain.card


HOUSE = standards(
    rings=[(dt.date(2026, 1, 1), 3), (dt.date(2026, 7, 1), 5), (dt.date(2027, 1, 1), 2.5)],
    seconds=[(dt.date(2026, 1, 1), 12_345_678)],
)


def _rings(on: dt.date) -> Any:
    return authored(
        {"kind": "number", "prompt": both("within {standard.phone.rings} rings")},
        {"value": "{standard.phone.rings}", "why": both("it is {standard.phone.rings}")},
        turn="we said {standard.phone.rings}",
        title="{standard.phone.rings}",
        house=HOUSE,
        on=on,
    )


@pytest.mark.parametrize(
    ("on", "said", "value"),
    [
        (dt.date(2026, 1, 1), "3", 3.0),
        (dt.date(2026, 6, 30), "3", 3.0),
        (dt.date(2026, 7, 1), "5", 5.0),
        (dt.date(2026, 12, 31), "5", 5.0),
        (dt.date(2030, 1, 1), "2.5", 2.5),
    ],
)
def test_the_standard_in_force(on: dt.date, said: str, value: float) -> None:
    """Title, story, prompt and key hold the number in force on the day asked."""
    made = _rings(on)
    assert made.card["prompt"]["en"] == f"within {said} rings."
    assert made.card["title"]["zh"] == f"{said}。"
    assert made.card["turns"][0]["text"]["zh"] == f"we said {said}。"
    assert made.key["value"] == value
    assert made.key["why"]["en"] == f"it is {said}."
    assert made.standards == {"phone.rings": value}


def test_a_new_standard_is_a_new_version() -> None:
    """When a number in its words changes, an item is another card."""
    first, then = _rings(dt.date(2026, 6, 30)), _rings(dt.date(2026, 7, 1))
    assert first.card["version"] != then.card["version"]


def test_a_standard_in_the_key_alone() -> None:
    """When a number in the key alone changes, the card stays as it is."""

    def made(on: dt.date) -> Any:
        key = {"value": "{standard.phone.rings}", "why": both("why")}
        return authored({"kind": "number"}, key, house=HOUSE, on=on)

    first, then = made(dt.date(2026, 6, 30)), made(dt.date(2026, 7, 1))
    assert first.card == then.card
    assert (first.key["value"], then.key["value"]) == (3.0, 5.0)


def test_a_long_number_keeps_its_digits() -> None:
    """A standard of many digits is written out."""
    prompt = both("{standard.phone.seconds} s")
    made = authored(
        {"kind": "number", "prompt": prompt}, {"value": 1, "why": both("why")}, house=HOUSE
    )
    assert made.card["prompt"]["en"] == "12345678 s."


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("{standard.phone.rings}", dt.date(2025, 12, 31)),
        ("{standard.phone.none}", dt.date(2026, 2, 1)),
    ],
)
def test_no_standard(text: str, on: dt.date) -> None:
    """A standard that is unknown, or not yet in force, is refused in words."""
    with pytest.raises(KefuError, match=r"standard\.phone"):
        authored(
            {"kind": "number", "prompt": both(text)},
            {"value": 1, "why": both("why")},
            house=HOUSE,
            on=on,
        )


def test_a_formula_becomes_its_number() -> None:
    """Only the number goes into the key; the standards it came from are kept with it."""
    data = {"wait": {**both("wait"), "values": [9, 14, 31, 15]}}
    made = authored(
        {"kind": "number", "data": data},
        {"value": "100 * share_at_most(wait, {standard.phone.limit})", "why": both("why")},
        house=standards(limit=[(DAY, 15)], rings=[(DAY, 3)]),
    )
    assert (made.key["value"], made.standards) == (75.0, {"phone.limit": 15})
    assert "share" not in dump(made.card) + dump(made.key)


def test_a_formula_that_has_no_result() -> None:
    """What cannot be worked out is not published."""
    with pytest.raises(KefuError, match="divides by 0"):
        authored({"kind": "number"}, {"least": "1 / 0", "why": both("why")})
