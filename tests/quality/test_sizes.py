"""How many calls: what was printed elsewhere, what must always hold, what is refused."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import samplesize_confint_proportion

from kefu.errors import KefuError
from kefu.quality.sizes import (
    krejcie_morgan,
    margin_of_share,
    size_for_difference,
    size_for_mean,
    size_for_share,
)

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_sizes.toml").read_text("utf-8"))
SIZES = {
    "share": size_for_share,
    "mean": size_for_mean,
    "difference": size_for_difference,
}
CASES = {f"{kind}-{name}": (kind, case) for kind in SIZES for name, case in PUBLISHED[kind].items()}

margins = st.floats(0.001, 1)
inside = st.floats(0.001, 0.999)
populations = st.none() | st.integers(1, 10**9)


@pytest.mark.parametrize(("kind", "case"), CASES.values(), ids=CASES)
def test_sizes_are_what_was_printed(kind: str, case: dict[str, Any]) -> None:
    """Sizes for shares, means and differences are the published ones."""
    asked = {k: v for k, v in case.items() if k not in ("source", "value", "tolerance")}
    found = SIZES[kind](**asked)  # type: ignore[operator]
    assert found == pytest.approx(case["value"], abs=case.get("tolerance", 0))
    assert kind == "difference" or type(found) is int


def test_krejcie_and_morgans_table_is_all_there() -> None:
    """Every row of the table, rounded as it rounds."""
    case = PUBLISHED["krejcie_morgan"]["table"]
    assert [krejcie_morgan(each) for each in case["population"]] == case["value"]


@given(margins, inside, inside)
def test_statsmodels_asks_for_as_many(margin: float, share: float, confidence: float) -> None:
    """Without end of calls, the size for a share is that of statsmodels, rounded up."""
    theirs = samplesize_confint_proportion(share, margin, alpha=1 - confidence)
    found = size_for_share(margin, share=share, confidence=confidence)
    assert found == max(math.ceil(theirs * (1 - 1e-12)), 1)


@given(margins, inside, inside, populations)
def test_the_size_is_enough_and_one_less_is_not(
    margin: float, share: float, confidence: float, population: int | None
) -> None:
    """The margin of the size found is within what was asked, and with a call less it is not."""
    n = size_for_share(margin, share=share, confidence=confidence, population=population)
    assert 1 <= n <= (population or math.inf)

    def reached(calls: int) -> float:
        return margin_of_share(calls, share=share, confidence=confidence, population=population)

    assert reached(n) <= margin * (1 + 1e-9)
    if n > 1:
        assert reached(n - 1) > margin * (1 - 1e-9)


@given(margins, inside, st.integers(0, 10**6))
def test_a_smaller_population_never_needs_more(
    margin: float, confidence: float, population: int
) -> None:
    """Fewer calls to draw from never ask for more, and never for more than there are."""
    smaller = size_for_share(margin, confidence=confidence, population=population)
    larger = size_for_share(margin, confidence=confidence, population=population + 1)
    assert smaller <= larger <= size_for_share(margin, confidence=confidence)
    assert smaller <= population


@given(st.floats(0.01, 1e4), st.floats(0.05, 1e4), populations)
def test_a_mean_in_another_unit_needs_as_many(
    sigma: float, margin: float, population: int | None
) -> None:
    """Seconds or milliseconds: the size is the same; four times as many halve the margin."""
    n = size_for_mean(sigma, margin, population=population)
    assert size_for_mean(sigma * 1024, margin * 1024, population=population) == n
    if population is None and n > 1:
        half = size_for_mean(sigma, margin / 2)
        assert 4 * (n - 1) < half <= 4 * n


@given(st.floats(0, 1), st.floats(0, 1), inside, inside)
def test_which_share_comes_first_does_not_matter(
    one: float, other: float, power: float, confidence: float
) -> None:
    """The size for a difference is the same both ways and for the shares of those without."""
    if abs(one - other) < 1e-3:
        return
    n = size_for_difference(one, other, power=power, confidence=confidence)
    assert 0 <= n < math.inf
    for pair in ((other, one), (1 - one, 1 - other)):
        back = size_for_difference(*pair, power=power, confidence=confidence)
        assert back == pytest.approx(n, rel=1e-6, abs=1e-9)


@given(st.lists(st.integers(0, 10**6)), inside, inside)
def test_margins_of_many_sizes(sizes: list[int], share: float, confidence: float) -> None:
    """A list of sizes gives one margin each, from 0 to 1, smaller for more calls."""
    found = margin_of_share(sorted(sizes), share=share, confidence=confidence)
    assert found.shape == (len(sizes),)
    assert ((found > 0) & (found <= 1)).all()
    assert (np.diff(found) <= 0).all()


def test_what_is_known_before_and_after() -> None:
    """Of no call nothing is known; of all calls everything; one call takes no fraction."""
    assert margin_of_share(0) == margin_of_share(0, population=0) == 1
    assert margin_of_share(50, population=50) == margin_of_share(1, population=1) == 0
    assert margin_of_share(1000) == pytest.approx(0.031, abs=5e-4)
    alone: Any = np.int64(4)
    assert type(margin_of_share(alone)) is float
    assert size_for_share(0.05, population=0) == krejcie_morgan(0) == 0
    assert size_for_mean(1, 0.1, population=0) == 0
    assert size_for_mean(0, 1) == size_for_share(1) == 1
    assert krejcie_morgan(1) == 1
    assert size_for_share(1e-6, population=50) == 50
    assert size_for_difference(0.5, 0.6, power=0.001, confidence=0.01) == 0


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda: size_for_share(5), "the margin cannot be 5"),
        (lambda: size_for_share(0), "the margin cannot be 0"),
        (lambda: size_for_share(-0.1), "the margin cannot be −0.1"),
        (lambda: size_for_share(math.nan), "the margin: one is missing"),
        (lambda: size_for_share(0.05, share=0), "the share cannot be 0"),
        (lambda: size_for_share(0.05, share=1), "the share cannot be 1"),
        (lambda: size_for_share(0.05, share=50), "the share cannot be 50"),
        (lambda: size_for_share(0.05, confidence=95), "the confidence cannot be 95"),
        (lambda: size_for_share(0.05, population=-1), "the population cannot be −1"),
        (lambda: size_for_share(0.05, population=1.5), "the population cannot be 1.5"),  # type: ignore[arg-type]
        (lambda: size_for_share(1e-9), "more calls than there can be"),
        (lambda: size_for_share(5e-324), "more calls than there can be"),
        (lambda: size_for_mean(-1, 1), "the standard deviation cannot be −1"),
        (lambda: size_for_mean(1, 0), "the margin cannot be 0"),
        (lambda: size_for_mean(math.inf, 1), "the standard deviation cannot be ∞"),
        (lambda: size_for_mean(1e12, 1e-300), "more calls than there can be"),
        (lambda: margin_of_share(11, population=10), "the sample size cannot be 11"),
        (lambda: margin_of_share([1, 2.5]), "the sample size cannot be 2.5"),
        (lambda: margin_of_share(-1), "the sample size cannot be −1"),
        (lambda: size_for_difference(0.5, 0.5), "the two shares are equal"),
        (lambda: size_for_difference(0.5, 1.5), "the share cannot be 1.5"),
        (lambda: size_for_difference(0, 5e-324), "more calls than there can be"),
        (lambda: size_for_difference(0.5, 0.6, power=1), "the power cannot be 1"),
        (lambda: size_for_difference(0.5, 0.6, confidence=0), "the confidence cannot be 0"),
        (lambda: krejcie_morgan(-1), "the population cannot be −1"),
        (lambda: krejcie_morgan("many"), "the population: no numbers"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_asked(wrong: Any, why: str) -> None:
    """Margins of 5 for 0.05, shares that are known already, sizes beyond all: refused in words."""
    with pytest.raises(KefuError) as caught:
        wrong()
    assert why in caught.value.what.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.what.zh)
