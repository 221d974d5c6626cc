"""Kappa and alpha: what was printed elsewhere, what must always hold, what is refused."""

from __future__ import annotations

import itertools
import json
import math
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.inter_rater import cohens_kappa

from kefu.errors import KefuError
from kefu.quality.agreement import Level, cohen_kappa, krippendorff_alpha

PUBLISHED = tomllib.loads((Path(__file__).parent / "published.toml").read_text("utf-8"))
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")
NAN = math.nan

Pairs = list[tuple[int, int]]
SCALE = range(5)
pairs = st.lists(st.tuples(st.sampled_from(SCALE), st.sampled_from(SCALE)), min_size=1)
weightings = st.sampled_from([None, "linear", "quadratic"])
score = st.integers(0, 4).map(float)
tables = st.tuples(st.integers(2, 5), st.integers(1, 8)).flatmap(
    lambda shape: arrays(float, shape, elements=score | st.just(NAN))
)
levels = st.sampled_from(LEVELS)


def spread(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """The two raters' scores that a table of counts was made from."""
    cells = [
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]
    return [row for row, _ in cells], [column for _, column in cells]


# ---- published values


@pytest.mark.parametrize("case", PUBLISHED["kappa"].values(), ids=PUBLISHED["kappa"])
def test_kappa_is_what_was_printed(case: dict[str, Any]) -> None:
    """Kappa, plain and weighted, gives the published values."""
    one, other = spread(case["table"])
    found = cohen_kappa(
        one, other, categories=range(len(case["table"])), weights=case.get("weights")
    )
    assert found == pytest.approx(case["value"], abs=case["tolerance"])


ALPHAS = {
    f"{name}-{level}": (case, level)
    for name, case in PUBLISHED["alpha"].items()
    for level in LEVELS
    if level in case
}


@pytest.mark.parametrize(("case", "level"), ALPHAS.values(), ids=ALPHAS)
def test_alpha_is_what_was_printed(case: dict[str, Any], level: Level) -> None:
    """Alpha gives the published values at each level, also where scores are missing."""
    found = krippendorff_alpha(case["scores"], level=level)
    assert found == pytest.approx(case[level], abs=case["tolerance"])


# ---- other people's code, and the definition itself


@given(pairs, weightings)
def test_kappa_agrees_with_statsmodels(scores: Pairs, weights: str | None) -> None:
    """On any table, statsmodels finds the same kappa, or NaN where ours is None."""
    one, other = zip(*scores, strict=True)
    table = np.zeros((len(SCALE), len(SCALE)))
    np.add.at(table, (list(one), list(other)), 1)
    wt = {None: None, "linear": "linear", "quadratic": "quadratic"}[weights]
    with np.errstate(invalid="ignore"):
        theirs = float(cohens_kappa(table, wt=wt, return_results=False))
    ours = cohen_kappa(one, other, categories=SCALE, weights=weights)
    assert math.isnan(theirs) if ours is None else ours == pytest.approx(theirs, abs=1e-12)


def distance(level: Level, a: float, b: float, counted: list[float]) -> float:
    """The squared distance as Krippendorff writes it down."""
    if level == "nominal":
        return float(a != b)
    if level == "interval":
        return (a - b) ** 2
    if level == "ratio":
        return ((a - b) / (a + b)) ** 2 if a + b else 0
    low, high = sorted((a, b))
    between = sum(low <= value <= high for value in counted)
    return (between - (counted.count(a) + counted.count(b)) / 2) ** 2 if a != b else 0


def by_pairs(table: np.ndarray[Any, Any], level: Level) -> float | None:
    """Alpha from its definition: every pair within calls against every pair there is."""
    calls = [[v for v in call if not math.isnan(v)] for call in table.T.tolist()]
    calls = [call for call in calls if len(call) > 1]
    counted = [value for call in calls for value in call]
    seen = sum(
        distance(level, a, b, counted) / (len(call) - 1)
        for call in calls
        for a, b in itertools.permutations(call, 2)
    ) / len(counted)
    chance = sum(distance(level, a, b, counted) for a, b in itertools.permutations(counted, 2))
    chance /= len(counted) * (len(counted) - 1)
    return 1 - seen / chance if chance else None


def pairable(table: np.ndarray[Any, Any]) -> bool:
    """Whether two raters scored the same call anywhere."""
    return bool(((~np.isnan(table)).sum(axis=0) >= 2).any())


@given(tables, levels)
def test_alpha_is_its_definition(table: np.ndarray[Any, Any], level: Level) -> None:
    """Alpha is what counting all pairs one by one gives."""
    assume(pairable(table))
    expected = by_pairs(table, level)
    found = krippendorff_alpha(table, level=level)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-12))


# ---- what always holds


@given(pairs, weightings)
def test_kappa_is_symmetric_and_at_most_1(scores: Pairs, weights: str | None) -> None:
    """Kappa does not ask who comes first, and never passes 1."""
    one, other = zip(*scores, strict=True)
    there = cohen_kappa(one, other, categories=SCALE, weights=weights)
    back = cohen_kappa(other, one, categories=SCALE, weights=weights)
    assert there == (back if back is None else pytest.approx(back, abs=1e-12))
    assert there is None or there <= 1


@given(st.lists(st.sampled_from(SCALE), min_size=2), weightings)
def test_who_agree_on_all_have_1(scores: list[int], weights: str | None) -> None:
    """Full agreement is exactly 1, by kappa and by alpha, once two categories are used."""
    assume(len(set(scores)) > 1)
    assert cohen_kappa(scores, scores, categories=SCALE, weights=weights) == 1
    for level in LEVELS:
        assert krippendorff_alpha([scores, scores, scores], level=level) == 1


@given(pairs, weightings, st.randoms())
def test_the_order_of_calls_says_nothing(scores: Pairs, weights: str | None, random: Any) -> None:
    """Kappa is the same whichever call is scored first."""
    mixed = random.sample(scores, len(scores))
    found = [
        cohen_kappa(*zip(*each, strict=True), categories=SCALE, weights=weights)
        for each in (scores, mixed)
    ]
    assert found[0] == found[1]


@given(tables, levels, st.randoms())
def test_raters_and_calls_may_change_places(
    table: np.ndarray[Any, Any], level: Level, random: Any
) -> None:
    """Alpha knows neither which rater gave a score nor which call came first."""
    assume(pairable(table))
    rows = random.sample(range(len(table)), len(table))
    columns = random.sample(range(table.shape[1]), table.shape[1])
    found = krippendorff_alpha(table, level=level)
    mixed = krippendorff_alpha(table[rows][:, columns], level=level)
    assert mixed == (found if found is None else pytest.approx(found, abs=1e-12))


@given(pairs)
def test_plain_kappa_needs_no_order(scores: Pairs) -> None:
    """Without weights, the categories may be left out, named in any order, or be words."""
    one, other = zip(*scores, strict=True)
    words = [[f"level {each}" for each in rater] for rater in (one, other)]
    plain = cohen_kappa(one, other)
    for found in (cohen_kappa(one, other, categories=reversed(SCALE)), cohen_kappa(*words)):
        assert found == (plain if plain is None else pytest.approx(plain, abs=1e-12))


@given(tables, st.integers(-40, 40).map(lambda power: 10.0**power))
def test_the_unit_does_not_matter(table: np.ndarray[Any, Any], unit: float) -> None:
    """Scores in another unit have the same alpha at the interval and at the ratio level."""
    assume(pairable(table))
    for level in ("interval", "ratio"):
        found = krippendorff_alpha(table, level=level)
        other = krippendorff_alpha(table * unit, level=level)
        assert other == (found if found is None else pytest.approx(found, abs=1e-9))


@given(
    arrays(float, (3, 4), elements=st.floats(0, allow_infinity=False)),
    levels,
)
def test_any_finite_scores_have_an_answer(table: np.ndarray[Any, Any], level: Level) -> None:
    """However great or small the scores are, alpha is a number up to 1, or None if all agree."""
    with np.errstate(all="raise", under="ignore"):
        found = krippendorff_alpha(table, level=level)
    assert (found is None) == bool((table == table[0, 0]).all())
    assert found is None or (math.isfinite(found) and found <= 1)


def test_a_step_that_nobody_took_still_counts() -> None:
    """Weights count along the whole scale, also over a level that no rater used."""
    one, other = [0, 1, 3, 3], [0, 3, 3, 1]
    whole = cohen_kappa(one, other, categories=range(4), weights="linear")
    short = cohen_kappa(one, other, categories=[0, 1, 3], weights="linear")
    assert whole == pytest.approx(3 / 11)
    assert short == pytest.approx(3 / 7)


def test_only_the_ratios_of_weights_matter() -> None:
    """A table of weights may be written in any unit, however great."""
    one, other = spread([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    weights = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])
    plain = cohen_kappa(one, other, categories=range(3), weights=weights)
    great = cohen_kappa(one, other, categories=range(3), weights=weights * 1e307)
    assert plain is not None
    assert great == pytest.approx(plain)


def test_one_category_throughout_says_nothing() -> None:
    """All scores the same: there is no kappa and no alpha, rather than a made-up number."""
    assert cohen_kappa([2, 2, 2], [2, 2, 2]) is None
    assert cohen_kappa([2, 2], [2, 2], categories=range(4), weights="quadratic") is None
    assert cohen_kappa([0, 1], [1, 0], categories=[0, 1], weights=[[0, 0], [0, 0]]) is None
    assert [krippendorff_alpha([[2, 2], [2, 2]], level=level) for level in LEVELS] == [None] * 4
    assert krippendorff_alpha([[2, 2, 5], [2, 2, NAN]], level="nominal") is None


def test_one_who_never_varies_earns_nothing() -> None:
    """A rater who gives everyone the same score agrees as chance would: kappa is 0."""
    assert cohen_kappa([1, 1, 1, 1], [0, 1, 0, 1]) == 0


def test_scores_come_as_people_keep_them() -> None:
    """Lists, arrays and None for a missing score are read alike."""
    assert cohen_kappa(np.array([0, 1, 1]), [0, 1, 0], categories=np.array([0, 1])) == (
        cohen_kappa([0, 1, 1], [0, 1, 0])
    )
    table = [[1, 2, None], [1, 3, 3], [2, 2, 3]]
    missing = [[NAN if each is None else each for each in row] for row in table]
    assert krippendorff_alpha(table, level="ordinal") == (
        krippendorff_alpha(np.array(missing), level="ordinal")
    )


# ---- what is refused

REFUSED_KAPPA: dict[str, tuple[Any, Any, dict[str, Any], str]] = {
    "nothing": ([], [], {}, "no call that two raters scored"),
    "lengths": ([1, 2], [1], {}, "different numbers of scores: 2 and 1"),
    "a missing score": ([1, None], [1, 2], {}, "a call has no score"),
    "NaN": ([1, 2], [1, NAN], {}, "a call has no score"),
    "a list as score": ([1, [2]], [1, 2], {}, "things that cannot be compared"),
    "a stranger": ([1, 9], [1, 2], {"categories": [1, 2]}, "9 is not among the categories"),
    "a category twice": ([1], [1], {"categories": [1, 2, 1]}, "category 1 stands twice"),
    "no order": ([1], [1], {"weights": "linear"}, "without the order of the categories"),
    "unknown weights": (
        [1],
        [1],
        {"categories": [1], "weights": "cubic"},
        "weights cannot be used",
    ),
}
BAD_WEIGHTS: dict[str, Any] = {
    "shape": [[0, 1, 2]],
    "diagonal": [[1, 1], [1, 0]],
    "negative": [[0, -1], [1, 0]],
    "missing": [[0, NAN], [1, 0]],
    "infinite": [[0, math.inf], [1, 0]],
    "words": [["a", "b"], ["c", "d"]],
    "ragged": [[0, 1], [1]],
}
REFUSED_ALPHA: dict[str, tuple[Any, Any, str]] = {
    "one rater": ([[1, 2, 3]], "nominal", "fewer than two raters"),
    "no table": ([1, 2, 3], "nominal", "not a table of numbers"),
    "nothing": ([], "nominal", "not a table of numbers"),
    "no calls": ([[], []], "nominal", "no call that two raters scored"),
    "no pair": ([[1, NAN], [NAN, 2]], "nominal", "no call that two raters scored"),
    "words": ([["good"], ["bad"]], "nominal", "not a table of numbers"),
    "ragged": ([[1, 2], [1]], "nominal", "not a table of numbers"),
    "infinite": ([[1, math.inf], [1, 2]], "interval", "not a table of numbers"),
    "negative ratio": ([[-1, 2], [1, 2]], "ratio", "cannot be negative"),
    "level": ([[1, 2], [1, 2]], "cardinal", "no level of measurement “cardinal”"),
}


def said(error: KefuError) -> str:
    """What the error says in English; it says something in 中文 as well."""
    assert any("\u4e00" <= sign <= "\u9fff" for sign in error.what.zh)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in error.write.zh)
    return error.what.en


@pytest.mark.parametrize(("one", "other", "more", "why"), REFUSED_KAPPA.values(), ids=REFUSED_KAPPA)
def test_kappa_says_what_is_wrong(one: Any, other: Any, more: dict[str, Any], why: str) -> None:
    """Scores that cannot be are refused in both languages."""
    with pytest.raises(KefuError) as caught:
        cohen_kappa(one, other, **more)
    assert why in said(caught.value)


@pytest.mark.parametrize("weights", BAD_WEIGHTS.values(), ids=BAD_WEIGHTS)
def test_kappa_refuses_weights(weights: Any) -> None:
    """A table of weights that is not one of distances is refused."""
    with pytest.raises(KefuError) as caught:
        cohen_kappa([0, 1], [0, 1], categories=[0, 1], weights=weights)
    assert "weights cannot be used" in said(caught.value)


@pytest.mark.parametrize(("scores", "level", "why"), REFUSED_ALPHA.values(), ids=REFUSED_ALPHA)
def test_alpha_says_what_is_wrong(scores: Any, level: Any, why: str) -> None:
    """A table that cannot be is refused in both languages."""
    with pytest.raises(KefuError) as caught:
        krippendorff_alpha(scores, level=level)
    assert why in said(caught.value)


def test_agreement_needs_numpy_alone() -> None:
    """A learner's machine computes kappa with nothing of the house's statistics in memory."""
    code = "import json, sys, kefu.quality.agreement; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"scipy", "statsmodels", "pandas"} & set(json.loads(done.stdout)) == set()
