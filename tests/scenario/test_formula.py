"""A number's key as a formula: worked out exactly, and refused by name where it is not known."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.errors import KefuError
from kefu.scenario import NumberItem, NumberKey
from kefu.scenario.formula import result, typeable, worked_out
from tests.pieces import any_text, both, dump

HOUSE = {"phone.answer_seconds": 15, "phone.rings": 3, "phone.share": 0.8}


def house(topic: str, name: str) -> int | float:
    """The house's numbers."""
    return HOUSE[f"{topic}.{name}"]


def item(**columns: list[float]) -> NumberItem:
    """An item with data."""
    made: dict[str, Any] = {
        "id": "n", "kind": "number", "use": "practice", "lesson": "1.1", "prompt": both("?"),
        "data": {name: {**both(name), "values": values} for name, values in columns.items()},
    }  # fmt: skip
    return NumberItem.model_validate(made)


DATA = item(wait=[12, 14, 18, 9, 31], cost=[0.1, 0.2, 0.3, 0.2, 0.2])


@pytest.mark.parametrize(
    ("formula", "comes_to"),
    [
        ("15", "15"),
        ("-1.5", "-3/2"),
        ("+2 * (3 - 5) / 4", "-1"),
        ("0.1 * 3", "3/10"),
        ("30 / (1 / 5)", "150"),
        ("{standard.phone.rings} * 5", "15"),
        ("{standard.phone.answer_seconds}", "15"),
        ("{standard.phone.share}*100", "80"),
        ("sum(wait)", "84"),
        ("sum(cost)", "1"),
        ("mean(wait)", "84/5"),
        ("median(wait)", "14"),
        ("min(wait) + max(wait)", "40"),
        ("count(wait)", "5"),
        ("100 * share_at_most(wait, {standard.phone.answer_seconds})", "60"),
        ("share_at_least(wait, 18)", "2/5"),
        ("share_at_most(wait, 14)", "3/5"),
        ("round(mean(wait), 1)", "84/5"),
        ("round(10 / 3, 2)", "333/100"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(0.125, 2)", "13/100"),
        (" 1\n+ 1 ", "2"),
        ("1+" * 190 + "1", "191"),
    ],
)
def test_worked_out(formula: str, comes_to: str) -> None:
    """Numbers, standards and columns come to what they come to on paper."""
    assert result(DATA, formula, house) == Fraction(comes_to)


@pytest.mark.parametrize(
    ("formula", "named"),
    [
        ("wait", "wait is a whole column"),
        ("mean(weight)", "data has no column weight"),
        ("mean(3)", "data has no column 3"),
        ("mean(wait, 2)", "mean is not used as it should be"),
        ("share_at_most(wait)", "share_at_most is not used as it should be"),
        ("round(wait)", "wait is a whole column"),
        ("round(1, 2.5)", "round is not used as it should be"),
        ("round(1, -1)", "round is not used as it should be"),
        ("average(wait)", "average in the formula is not understood"),
        ("weight", "weight in the formula is not understood"),
        ("2 ** 3", "2 ** 3 in the formula is not understood"),
        ("7 // 2", "7 // 2 in the formula is not understood"),
        ("7 % 2", "7 % 2 in the formula is not understood"),
        ("True", "True in the formula is not understood"),
        ("'15'", "'15' in the formula is not understood"),
        ("1 if 1 else 2", "1 if 1 else 2 in the formula is not understood"),
        ("__import__('os')", "__import__ in the formula is not understood"),
        ("wait.values", "wait.values in the formula is not understood"),
        ("mean(wait)(1)", "mean(wait) in the formula is not understood"),
        ("sum(column=wait)", "sum in the formula is not understood"),
        ("{standard.phone.rings} ** 2", "{standard.phone.rings} ** 2 in the formula is not"),
        ("3{standard.phone.rings}", "cannot be read"),
        ("", "cannot be read"),
        ("3 +", "cannot be read"),
        ("3 × 4", "cannot be read"),
        ("= 3", "cannot be read"),
        ("1e999", "cannot be read"),
        ("(" * 300 + ")" * 300, "too long"),
        ("1 / (wait)", "wait is a whole column"),
        ("1 / 0", "divides by 0"),
        ("1 / (sum(wait) - 84)", "divides by 0"),
    ],
)
def test_refused_by_name(formula: str, named: str) -> None:
    """What is not understood is named, in both languages, with what to write."""
    with pytest.raises(KefuError) as raised:
        result(DATA, formula, house)
    assert named in raised.value.what.en
    assert raised.value.write.zh
    assert raised.value.write.en


@given(any_text | st.text("0123456789.+-*/()mean wait,{}standrphogi_", max_size=40))
def test_any_text_is_calm(formula: str) -> None:
    """Any text at all has a result, or is refused in words."""
    with suppress(KefuError):
        assert isinstance(result(DATA, formula, lambda topic, name: 1), Fraction)


@given(
    st.lists(st.integers(-1000, 1000), min_size=1, max_size=8),
    st.integers(-1000, 1000),
)
def test_shares_and_means(values: list[int], limit: int) -> None:
    """Shares lie between 0 and 1, and mean times count is the sum."""
    made = item(x=[float(value) for value in values])
    least = result(made, f"share_at_least(x, {limit})", house)
    most = result(made, f"share_at_most(x, {limit})", house)
    assert 0 <= least <= 1
    assert least + most == 1 + Fraction(values.count(limit), len(values))
    assert result(made, "mean(x) * count(x)", house) == sum(values)
    assert result(made, "min(x)", house) <= result(made, "median(x)", house)


@pytest.mark.parametrize(
    ("value", "can"),
    [
        ("15", True),
        ("0", True),
        ("-0.0000000001", True),
        ("0.00000000001", False),
        ("999999999999999", True),
        ("1000000000000000", False),
        ("123456789012345.5", False),
        ("1/3", False),
        ("1/8", True),
        ("12345.6789012345", True),
        ("12345.67890123456", False),
    ],
)
def test_typeable(value: str, can: bool) -> None:
    """At most fifteen digits, ten of them decimals, can be typed."""
    assert typeable(Fraction(value)) is can


def test_a_key_is_worked_out() -> None:
    """Formulas become numbers; what is a number stays, and so does the rest of the key."""
    key = NumberKey.model_validate({"least": "mean(wait) - 1", "most": 20, "why": both("why")})
    made = worked_out(DATA, key, house)
    assert (made.value, made.least, made.most) == (None, 15.8, 20)
    assert made.why == key.why
    assert worked_out(DATA, made, house) == made


def test_endless_decimals_are_refused() -> None:
    """A result that nobody could type says how to round it."""
    key = NumberKey.model_validate({"value": "10 / 3", "why": both("why")})
    with pytest.raises(KefuError, match=r"3\.33333…") as raised:
        worked_out(DATA, key, house)
    assert "round" in raised.value.write.en
    assert "Fraction" not in dump(str(raised.value))
