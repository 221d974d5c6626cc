"""The constants of control charts: what was printed, what they are in closed form."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shewhart import constants as theirs

from kefu.errors import KefuError
from kefu.quality import constants

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_charts.toml").read_text("utf-8"))
CASES = {
    f"{case}-{name}": (name, table["n"], table[name], table["tolerance"])
    for case, table in PUBLISHED["constants"].items()
    for name in constants.__all__
    if name in table
}
every = pytest.mark.parametrize("name", constants.__all__)


@pytest.mark.parametrize(("name", "sizes", "values", "tolerance"), CASES.values(), ids=CASES)
def test_constants_are_what_was_printed(
    name: str, sizes: list[int], values: list[float], tolerance: float
) -> None:
    """Every constant gives the tables of the textbooks."""
    assert [getattr(constants, name)(n) for n in sizes] == pytest.approx(values, abs=tolerance)


def test_small_samples_have_closed_forms() -> None:
    """For two and three values the integrals are known exactly."""
    assert constants.d2(2) == pytest.approx(2 / math.sqrt(math.pi), abs=1e-10)
    assert constants.d2(3) == pytest.approx(3 / math.sqrt(math.pi), abs=1e-10)
    assert constants.d3(2) == pytest.approx(math.sqrt(2 - 4 / math.pi), abs=1e-10)
    assert constants.c4(2) == pytest.approx(math.sqrt(2 / math.pi), abs=1e-10)
    assert constants.c4(3) == pytest.approx(math.sqrt(math.pi) / 2, abs=1e-10)


@every
def test_shewhart_agrees_on_constants(name: str) -> None:
    """Shewhart, which integrates adaptively, finds the same constants."""
    assert getattr(constants, name)(7) == pytest.approx(getattr(theirs, name)(7), abs=1e-6)


@pytest.mark.parametrize("n", [100, 1000])
def test_ranges_of_large_samples_are_right(n: int) -> None:
    """The mean range of many values is twice their mean maximum, integrated plainly."""
    at = np.linspace(-9, 9, 200_001)
    share = np.array([0.5 * math.erfc(-each / math.sqrt(2)) for each in at])
    plain = float(np.trapezoid(1 - share**n - (1 - share) ** n, at))
    assert constants.d2(n) == pytest.approx(plain, abs=1e-7)


def test_the_constant_of_large_samples_keeps_its_digits() -> None:
    """1 - c4 is 1 / (4n) for many values, down to the last digits that matter."""
    assert 1 - constants.c4(10**6) == pytest.approx(0.25e-6, rel=1e-5)


@every
@pytest.mark.parametrize("n", [1, 0, -3, 2.5, math.nan, math.inf, 10**9, "five", None])
def test_impossible_sizes_are_refused(name: str, n: Any) -> None:
    """A sample of fewer than two values, or of no whole number of them, has no constants."""
    with pytest.raises(KefuError):
        getattr(constants, name)(n)
