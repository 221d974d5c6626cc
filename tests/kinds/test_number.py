"""A number as typed, right within an absolute tolerance."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.text import digits, fold
from tests.pieces import any_text, number

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
