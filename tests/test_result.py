"""Whether what a function gave is what it should have given."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.quality.sampling import wilson
from kefu.result import NotPlain, difference, plain
from tests.pieces import any_json


class Odd:
    """Nothing that JSON has."""


def test_what_python_and_numpy_have_is_plain() -> None:
    """Tuples, named tuples, numpy's numbers and arrays are lists and numbers."""
    assert plain(wilson(80, 80)) == [wilson(80, 80).low, 1.0]
    assert type(plain(wilson(80, 80))) is list
    assert plain((1, [2.5, None], {"a": (True,)})) == [1, [2.5, None], {"a": [True]}]
    assert plain(np.array([[1, 2], [3, 4]])) == [[1, 2], [3, 4]]
    assert plain(np.float64(0.5)) == 0.5
    assert type(plain(np.float64(0.5))) is float
    assert type(plain(np.int64(5))) is int
    assert type(plain(np.bool_(True))) is bool


@pytest.mark.parametrize(
    "value",
    [
        math.nan, math.inf, Odd(), b"bytes", {1, 2}, {1: 2}, [Odd()], np.array([math.nan]),
        np.array([Odd()]), 10**2000, iter(()), complex(1, 2),
    ],
)  # fmt: skip
def test_what_is_not_plain_says_why(value: Any) -> None:
    """Anything else is refused with a reason in both languages."""
    with pytest.raises(NotPlain) as refused:
        plain(value)
    assert refused.value.why.zh
    assert refused.value.why.en


def test_what_holds_itself_is_refused() -> None:
    """A list inside itself comes to an end."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotPlain):
        plain(endless)


@given(any_json)
def test_plain_is_plain_again_or_refused(value: Any) -> None:
    """Whatever comes is refused, or is a value that does not differ from itself."""
    try:
        made = plain(value)
    except NotPlain:
        return
    assert plain(made) == made
    assert difference(made, made, 0.0) is None


@given(any_json, any_json, st.floats(0, 1))
def test_any_two_values_can_be_compared(one: Any, other: Any, tolerance: float) -> None:
    """Comparing never raises, whatever stands beside what was expected."""
    try:
        expected = plain(one)
    except NotPlain:
        return
    difference(expected, other, tolerance)


@pytest.mark.parametrize(
    ("expected", "given_", "tolerance"),
    [
        (0.711, 0.7115, 0.001),
        (0.711, 0.71, 0.001),
        ([0, 1], [0.0, 1.0], 0),
        (1, 1.0, 0),
        (0.1 + 0.2, 0.3, 0),
        (None, None, 0),
        ("好", "好", 0),
        (True, True, 0),
        ([[1], []], [[1], []], 0),
        ({"a": 1}, {"a": 1.0005}, 0.001),
    ],
)
def test_what_is_right(expected: Any, given_: Any, tolerance: float) -> None:
    """Numbers agree within the tolerance, lists element by element, all else exactly."""
    assert difference(expected, given_, tolerance) is None


@pytest.mark.parametrize(
    ("expected", "given_", "said"),
    [
        (0.711, 0.7121, "another number"),
        (0.5, None, "nothing was returned"),
        (0.5, "0.5", "not a number"),
        (1, True, "not a number"),
        (0.5, [0.5], "not a number"),
        (0.5, math.nan, "not a finite number"),
        (0.5, math.inf, "not a finite number"),
        (0.5, 10**999, "another number"),
        ([0, 1], 0, "not several values together"),
        ([0, 1], [0, 1, 2], "not as many values as asked for"),
        ([0, 1], [1, 0], "another number"),
        ([0, 1], [0, None], "nothing was returned"),
        (None, 0, "another result"),
        (True, 1, "another result"),
        ("好", "差", "another result"),
        ({"a": 1}, {"b": 1}, "another result"),
    ],
)
def test_what_is_not_right_is_told(expected: Any, given_: Any, said: str) -> None:
    """Each way to miss has words of its own, which tell nothing of the right number."""
    off = difference(expected, given_, 0.001)
    assert off
    assert off.en == said
    assert off.zh
