"""A number as typed, in any unit of the card, right within a tolerance or a range."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.publish import Published
from kefu.text import digits, fold
from tests.pieces import any_text, authored, both, number

SECONDS = number(15, unit="秒/seconds")


@pytest.mark.parametrize(
    "typed",
    [
        "15",
        "１５",
        " 15 ",
        "　１５　",
        "+15",
        "15.0",
        "15.00",
        "１５．０",
        "15秒",
        "15 秒",
        "１５ 秒",
        "15seconds",
        "15 seconds",
        "15 Seconds",
        "15 SECONDS",
        "015",
        "15\n",
    ],
)
def test_as_people_type(typed: str) -> None:
    """Full-width digits, outer spaces and the unit typed along are read."""
    verdict = kinds.judge(SECONDS.card, SECONDS.key, {"number": typed})
    assert (verdict["status"], verdict["credit"]) == ("judged", 1.0)
    assert kinds.is_complete(SECONDS.card, {"number": typed})


@pytest.mark.parametrize("typed", ["14", "16", "-15", "15.0000000001", "1.5", "1,515"])
def test_another_number(typed: str) -> None:
    """Another number is an answer, and worth 0."""
    verdict = kinds.judge(SECONDS.card, SECONDS.key, {"number": typed})
    assert (verdict["status"], verdict["credit"]) == ("judged", 0.0)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("-5", -5),
        ("−5", -5),
        ("－５", -5),
        ("1,234,567.5", 1234567.5),
        ("１，２３４", 1234),
        ("1234", 1234),
        (".5", 0.5),
        ("-.5", -0.5),
        ("0.1", 0.1),
        ("100000000000000", 1e14),
    ],
)
def test_signs_thousands_and_decimals(typed: str, value: float) -> None:
    """Any minus sign, commas between thousands and a bare decimal point are read."""
    item = number(value)
    assert kinds.judge(item.card, item.key, {"number": typed})["credit"] == 1.0


@pytest.mark.parametrize(
    "typed",
    [
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "∞",
        "1e3",
        "0x0f",
        "十五",
        "fifteen",
        "15 16",
        "1,23",
        "1,2345",
        ",123",
        "1,,234",
        "15.",
        ".",
        "-",
        "--15",
        "秒",
        "15 minutes",
        "15秒15秒",
        "1_000",
        "1\x005",
        "\x00",
        "\ud800",
        "15\ud800",
        "9" * 16,
        "9" * 60,
        "1" * 100_000,
        "٫",
        "½",
    ],
)
def test_not_a_number(typed: str) -> None:
    """What is no number, or longer than any sensible one, is worth 0 and says why."""
    verdict = kinds.judge(SECONDS.card, SECONDS.key, {"number": typed})
    assert (verdict["credit"], verdict["status"]) == (0.0, "malformed")
    assert verdict["note"] is not None


@pytest.mark.parametrize("typed", ["", " ", "\t\n", "　"])
def test_nothing_typed(typed: str) -> None:
    """White space is blank."""
    assert kinds.judge(SECONDS.card, SECONDS.key, {"number": typed})["status"] == "blank"


@pytest.mark.parametrize("given", [15, 15.0, True, None, ["15"], {"zh": "15"}])
def test_it_is_a_text(given: object) -> None:
    """The response is the text as typed; no other value passes for it."""
    assert kinds.judge(SECONDS.card, SECONDS.key, {"number": given})["status"] == "malformed"


@pytest.mark.parametrize(
    ("typed", "credit"), [("0.1", 0), ("0.2", 1), ("0.3", 1), ("0.4", 1), ("0.41", 0), ("0.19", 0)]
)
def test_tolerance_is_exact(typed: str, credit: float) -> None:
    """The tolerance is absolute, its ends belong to it, and binary fractions play no part."""
    item = number(0.3, 0.1)
    assert kinds.judge(item.card, item.key, {"number": typed})["credit"] == credit


@given(any_text)
def test_any_text(typed: str) -> None:
    """Any text at all has a verdict, and what is complete is judged."""
    verdict = kinds.judge(SECONDS.card, SECONDS.key, {"number": typed})
    assert (verdict["status"] == "judged") == kinds.is_complete(SECONDS.card, {"number": typed})
    assert verdict["credit"] in (0.0, 1.0)


@given(st.decimals(-(10**9), 10**9, places=6))
def test_the_expert_is_right(value: Decimal) -> None:
    """Whatever the number, the expert's way of typing it is worth everything."""
    item = number(float(value), unit="秒/s")
    expert = kinds.expert(item.card, item.key)
    assert kinds.judge(item.card, item.key, expert)["credit"] == 1.0
    assert kinds.judge(item.card, item.key, {"number": expert["number"] + "秒"})["credit"] == 1.0


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (15, "15"),
        (15.0, "15"),
        (1e6, "1000000"),
        (1234567, "1234567"),
        (0.5, "0.5"),
        (1e-5, "0.00001"),
    ],
)
def test_digits(value: float, typed: str) -> None:
    """A number is written with all its digits and no exponent."""
    assert digits(value) == typed


def test_fold_keeps_no_outer_space() -> None:
    """Folding makes full-width signs plain."""
    assert fold("　１５．５％ ") == "15.5%"


def test_in_words() -> None:
    """The number is shown as typed, with its unit."""
    assert kinds.show(SECONDS.card, {"number": "１５"}, "zh") == ["１５ 秒"]
    assert kinds.show(number(3).card, {"number": "3"}, "en") == ["3"]


def _wait(key: dict[str, Any], **item: Any) -> Published:
    """Seconds, in which one may also answer in minutes."""
    also = {"minutes": {"zh": "分钟", "en": "minutes", "factor": 60}}
    unit = {"zh": "秒", "en": "s"}
    return authored(
        {"kind": "number", "unit": unit, "also": also, **item}, {**key, "why": both("why")}
    )


@pytest.mark.parametrize(
    ("typed", "credit"),
    [
        ("90", 1),
        ("90 s", 1),
        ("1.5 minutes", 1),
        ("1.5 Minutes", 1),
        ("１．５ 分钟", 1),
        ("1.5分钟", 1),
        ("1.5", 0),
        ("90 minutes", 0),
        ("1.51 minutes", 0),
    ],
)
def test_other_units(typed: str, credit: float) -> None:
    """An answer in another unit of the card is worth what it comes to in the item's own."""
    item = _wait({"value": 90})
    verdict = kinds.judge(item.card, item.key, {"number": typed})
    assert (verdict["status"], verdict["credit"]) == ("judged", credit)


@pytest.mark.parametrize("typed", ["1.5 hours", "minutes", "1.5 minutes s", "1 minutes 30 s"])
def test_a_unit_nobody_named(typed: str) -> None:
    """A unit that the card does not name, or two of them, is no number."""
    item = _wait({"value": 90})
    assert kinds.judge(item.card, item.key, {"number": typed})["status"] == "malformed"


def test_a_sixtieth_is_a_sixtieth() -> None:
    """A factor that binary fractions cannot hold means the fraction nearest to it."""
    unit, also = {"zh": "分钟", "en": "minutes"}, {"zh": "秒", "en": "s", "factor": 1 / 60}
    item = authored(
        {"kind": "number", "unit": unit, "also": {"s": also}}, {"value": 1.5, "why": both("why")}
    )
    assert kinds.judge(item.card, item.key, {"number": "90 s"})["credit"] == 1.0


@pytest.mark.parametrize(
    ("typed", "credit"), [("95", 1), ("105", 1), ("94.9", 0), ("105.1", 0), ("100", 1)]
)
def test_tolerance_in_percent(typed: str, credit: float) -> None:
    """A tolerance in percent is a share of the value, its ends belonging to it."""
    item = _wait({"value": 100, "tolerance_percent": 5})
    assert kinds.judge(item.card, item.key, {"number": typed})["credit"] == credit


@pytest.mark.parametrize(
    ("ends", "right", "wrong", "expert"),
    [
        ({"least": 10, "most": 12}, ["10", "11.5", "12"], ["9.99", "12.01", "-11"], "11"),
        ({"least": 10}, ["10", "999999"], ["9"], "10"),
        ({"most": 12.5}, ["12.5", "-3"], ["12.6"], "12.5"),
        ({"least": -3, "most": -1}, ["-2"], ["2"], "-2"),
    ],
)
def test_ranges(ends: dict[str, float], right: list[str], wrong: list[str], expert: str) -> None:
    """Whatever lies within the range is right, its ends too; the expert says its middle."""
    item = _wait(ends)
    for typed, credit in [*((t, 1.0) for t in right), *((t, 0.0) for t in wrong)]:
        verdict = kinds.judge(item.card, item.key, {"number": typed})
        assert (typed, verdict["credit"]) == (typed, credit)
        assert verdict["expert"] == {"number": expert}
        shown = [digits(ends[name]) if name in ends else None for name in ("least", "most")]
        assert verdict["range"] == shown


def test_a_range_in_another_unit() -> None:
    """A range is compared in the item's own unit."""
    item = _wait({"least": 60, "most": 120})
    assert kinds.judge(item.card, item.key, {"number": "2 分钟"})["credit"] == 1.0
    assert kinds.judge(item.card, item.key, {"number": "2.1 分钟"})["credit"] == 0.0


@given(st.decimals(-(10**9), 10**9, places=4), st.decimals(0, 10**5, places=4))
def test_the_expert_of_a_range_is_right(least: Decimal, width: Decimal) -> None:
    """Whatever the range, the expert lies in it and can be typed."""
    item = _wait({"least": float(least), "most": float(least + width)})
    expert = kinds.expert(item.card, item.key)
    assert kinds.judge(item.card, item.key, expert)["credit"] == 1.0


def test_data_stand_in_an_order_of_their_own() -> None:
    """A column that counts up comes first; the author's names and order do not show."""

    def item(*names: str) -> Published:
        columns = {
            "days": {**both("days"), "values": [5, 6, 7]},
            "wait": {**both("wait"), "values": [3.5, 9, 4]},
            "cost": {**both("cost"), "values": [2, 2, 1]},
        }
        data = {f"x{at}": columns[name] for at, name in enumerate(names)}
        return authored({"kind": "number", "data": data}, {"value": 1, "why": both("why")})

    one, two = item("days", "wait", "cost"), item("cost", "wait", "days")
    assert one.card == two.card
    assert one.card["data"][0] == {"text": both("days"), "values": [5, 6, 7]}


def test_a_card_without_them_is_as_it_was() -> None:
    """What an item does not use leaves no trace on its card, so that old answers keep theirs."""
    assert SECONDS.card.keys() & {"also", "data"} == set()
    assert SECONDS.key.keys() == {"value", "tolerance", "why"}


def test_in_words_with_the_unit_typed_along() -> None:
    """A unit that was typed is not said twice."""
    item = _wait({"value": 90})
    assert kinds.show(item.card, {"number": "1.5 分钟"}, "zh") == ["1.5 分钟"]
    assert kinds.show(item.card, {"number": "90"}, "zh") == ["90 秒"]
