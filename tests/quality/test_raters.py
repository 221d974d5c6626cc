"""Fleiss, ICC, plain agreement, severity: what was printed, what must hold, what is refused."""

from __future__ import annotations

import math
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats import inter_rater

from kefu.errors import KefuError
from kefu.quality.agreement import krippendorff_alpha
from kefu.quality.raters import ICC, fleiss_kappa, icc, severity, share_agreed
from kefu.quality.sampling import wilson
from kefu.quality.testing import cronbach_alpha

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_raters.toml").read_text("utf-8"))
NAN = math.nan
NOTHING = ICC(*[None] * 6)

Table = np.ndarray[Any, Any]
# Each call's scores as names, from as many raters.
named = st.tuples(st.integers(1, 8), st.integers(2, 5)).flatmap(
    lambda shape: arrays(int, shape, elements=st.integers(0, 3))
)
scored = st.tuples(st.integers(2, 8), st.integers(2, 5)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(-40, 100).map(lambda score: score / 4))
)
wild = st.tuples(st.integers(0, 6), st.integers(2, 4)).flatmap(
    lambda shape: arrays(float, shape, elements=st.floats(-1e12, 1e12) | st.just(NAN))
)


def counted(scores: Table) -> Table:
    """How often each of four names was given to each call."""
    return np.stack([(scores == name).sum(axis=1) for name in range(4)], axis=1)


# ---- published values


@pytest.mark.parametrize("case", PUBLISHED["fleiss"].values(), ids=PUBLISHED["fleiss"])
def test_fleiss_kappa_is_what_was_printed(case: dict[str, Any]) -> None:
    """Fleiss' kappa gives the published values."""
    assert fleiss_kappa(case["counts"]) == pytest.approx(case["value"], abs=case["tolerance"])


@pytest.mark.parametrize("case", PUBLISHED["icc"].values(), ids=PUBLISHED["icc"])
def test_the_six_forms_are_what_was_printed(case: dict[str, Any]) -> None:
    """All six intraclass correlations give the published values."""
    assert icc(case["scores"]) == pytest.approx(tuple(case["value"]), abs=case["tolerance"])


@pytest.mark.parametrize("case", PUBLISHED["agreed"].values(), ids=PUBLISHED["agreed"])
def test_plain_agreement_is_what_was_printed(case: dict[str, Any]) -> None:
    """The share of calls that two raters agree on is the published one, with Wilson's interval."""
    cells = [
        (i, j) for i, row in enumerate(case["table"]) for j, n in enumerate(row) for _ in range(n)
    ]
    one, other = zip(*cells, strict=True)
    found = share_agreed(one, other)
    assert found.value == pytest.approx(case["value"], abs=case["tolerance"])
    assert found[1:3] == wilson(round(case["value"] * len(cells)), len(cells))


# ---- other people's code, and the definitions themselves


@given(named)
def test_statsmodels_finds_the_same_kappa(scores: Table) -> None:
    """Statsmodels gives the same, or NaN where ours is None."""
    counts = counted(scores)
    ours = fleiss_kappa(counts)
    with np.errstate(invalid="ignore"):
        theirs = float(inter_rater.fleiss_kappa(counts))
    assert math.isnan(theirs) if ours is None else ours == pytest.approx(theirs, abs=1e-12)


@given(named)
def test_fleiss_kappa_is_nearly_alpha(scores: Table) -> None:
    """Krippendorff's nominal alpha is Fleiss' kappa but for the correction for few scores."""
    kappa = fleiss_kappa(counted(scores))
    alpha = krippendorff_alpha(scores.T, level="nominal")
    if kappa is None or alpha is None:
        assert kappa is alpha
    else:
        assert 1 - alpha == pytest.approx((1 - kappa) * (scores.size - 1) / scores.size, abs=1e-12)


def by_definition(scores: Table) -> list[Fraction | None]:
    """The six forms from sums of squares in fractions, with no rounding at all."""
    table = [[Fraction(score) for score in row] for row in scores.tolist()]
    n, k = scores.shape
    calls = [sum(row, Fraction(0)) / k for row in table]
    raters = [sum(column, Fraction(0)) / n for column in zip(*table, strict=True)]
    mean = sum(calls, Fraction(0)) / n
    of_calls = k * sum(((c - mean) ** 2 for c in calls), Fraction(0))
    of_raters = n * sum(((r - mean) ** 2 for r in raters), Fraction(0))
    of_all = sum(((score - mean) ** 2 for row in table for score in row), Fraction(0))
    b, j = of_calls / (n - 1), of_raters / (k - 1)
    e = (of_all - of_calls - of_raters) / ((n - 1) * (k - 1))
    w = (of_all - of_calls) / (n * (k - 1))
    over = [
        (b - w, b + (k - 1) * w),
        (b - e, b + (k - 1) * e + k * (j - e) / n),
        (b - e, b + (k - 1) * e),
        (b - w, b),
        (b - e, b + (j - e) / n),
        (b - e, b),
    ]
    return [top / bottom if bottom > 0 else None for top, bottom in over]


@given(scored)
def test_the_six_forms_are_their_definition(scores: Table) -> None:
    """Mean squares worked out in fractions give the same, and None in the same places."""
    for ours, exact in zip(icc(scores), by_definition(scores), strict=True):
        assert ours == (exact if exact is None else pytest.approx(float(exact), rel=1e-6, abs=1e-9))


@given(scored)
def test_the_consistency_of_a_mean_is_cronbachs_alpha(scores: Table) -> None:
    """ICC(3,k) of raters is what Cronbach's alpha is of items."""
    ours, theirs = icc(scores).consistency_mean, cronbach_alpha(scores).alpha
    assert ours == (theirs if theirs is None else pytest.approx(theirs, abs=1e-9))


# ---- what must always hold


@given(scored, st.integers(-300, 300), st.sampled_from([0.25, 3.0, 1e4]))
def test_neither_zero_nor_the_unit_matters(scores: Table, zero: int, unit: float) -> None:
    """Scores moved and in another unit have the same correlations."""
    for ours, moved in zip(icc(scores), icc((scores + zero) * unit), strict=True):
        assert moved == (ours if ours is None else pytest.approx(ours, rel=1e-6, abs=1e-9))


@given(scored, st.randoms())
def test_the_order_says_nothing(scores: Table, random: Any) -> None:
    """Calls and raters may change places; severity moves with its rater."""
    calls = random.sample(range(len(scores)), len(scores))
    raters = random.sample(range(scores.shape[1]), scores.shape[1])
    mixed = scores[calls][:, raters]
    assert severity(mixed) == pytest.approx(severity(scores)[raters], abs=1e-9)
    for ours, theirs in zip(icc(scores), icc(mixed), strict=True):
        assert theirs == (ours if ours is None else pytest.approx(ours, rel=1e-6, abs=1e-9))


@given(wild)
def test_no_table_breaks_it(scores: Table) -> None:
    """Whatever the scores, missing ones too: numbers of at most 1, or None, never NaN."""
    for form in icc(scores):
        assert form is None or (form <= 1 and math.isfinite(form))
    if len(scores) and (~np.isnan(scores)).any(axis=0).all():
        assert np.isfinite(severity(scores)).all()


@given(named)
def test_kappa_is_at_most_1(scores: Table) -> None:
    """Fleiss' kappa is exactly 1 where all agree, and less where not."""
    found = fleiss_kappa(counted(scores))
    alike = bool((scores == scores[:, :1]).all())
    assert found is None or (found == 1) == alike
    assert (found is None) == bool((scores == scores[0, 0]).all())


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_agreement_is_the_share_of_pairs(pairs: list[tuple[int, int]]) -> None:
    """The share agreed is counted over the calls, and holds within its interval both ways round."""
    one, other = zip(*pairs, strict=True)
    found = share_agreed(one, other)
    assert found == share_agreed(other, one)
    assert found.value == sum(a == b for a, b in pairs) / len(pairs)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.n == len(pairs)


@pytest.mark.parametrize("kind", [bool, int, float, str])
def test_an_array_agrees_as_its_list_does(kind: type) -> None:
    """Scores come as arrays or as lists, of one kind or of two, and the share is the same."""
    one, other = np.array([1, 0, 1, 1]).astype(kind), np.array([1, 1, 1, 0]).astype(kind)
    assert share_agreed(one, other) == share_agreed(one.tolist(), other.tolist())
    mixed = other.astype(object)
    assert share_agreed(one, mixed) == share_agreed(mixed, one) == share_agreed(one, other)


def test_a_strict_rater_is_below_0() -> None:
    """Severity is each mean less the mean of all, over the scores that are there."""
    scores = PUBLISHED["icc"]["shrout-fleiss"]["scores"]
    means = np.array([7.6667, 2.5, 4.3333, 6.6667]) - 5.2917
    assert severity(scores) == pytest.approx(means, abs=6e-4)
    gaps: Any = [[1, 3], [NAN, 5], [2, None]]
    assert severity(gaps) == pytest.approx([-1.25, 1.25])


def test_raters_who_differ_by_a_constant() -> None:
    """A rater two points stricter throughout is consistent, but does not agree."""
    found = icc([[80, 78], [90, 88], [70, 68]])
    assert found.consistency == found.consistency_mean == 1
    assert found.agreement is not None
    assert found.agreement < 1


# ---- missing scores, and what has no value


def test_calls_with_a_missing_score_are_left_out() -> None:
    """A call that one rater did not score is not there for the correlations."""
    whole: list[Any] = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8]]
    assert icc([whole[0], [7, NAN, 2, 6], *whole[1:], [None] * 4]) == icc(whole)


def test_what_has_no_value_says_so() -> None:
    """One call, all scores the same, one category: None, never NaN."""
    assert icc([[1, 2]]) == icc(np.empty((0, 2))) == icc([[NAN, 1.0], [2.0, 3.0]]) == NOTHING
    assert icc([[70, 70], [70, 70]]) == NOTHING
    assert icc([[0.1 + 0.2, 0.3], [0.3, 0.3]]) == NOTHING
    # Calls all alike, raters not: the order of calls cannot be told.
    alike = icc([[1, 3], [1, 3], [1, 3]])
    assert (alike.consistency, alike.one_mean, alike.consistency_mean) == (None, None, None)
    assert alike.agreement == 0
    assert fleiss_kappa([[5, 0], [5, 0]]) is None
    assert fleiss_kappa([[5]]) is None
    assert share_agreed([], []) == (None, 0, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda: fleiss_kappa([[2, 1], [2, 2]]), "do not sum to one number of raters"),
        (lambda: fleiss_kappa([[1, 0], [0, 1]]), "fewer than two raters"),
        (lambda: fleiss_kappa([[0, 0]]), "fewer than two raters"),
        (lambda: fleiss_kappa(np.empty((0, 3))), "at least 1"),
        (lambda: fleiss_kappa(np.empty((3, 0))), "do not sum to one number of raters"),
        (lambda: fleiss_kappa([2, 1]), "the counts: no numbers"),
        (lambda: fleiss_kappa([[-1, 3]]), "the counts cannot be −1"),
        (lambda: fleiss_kappa([[0.5, 1.5]]), "the counts cannot be 0.5"),
        (lambda: icc([[1], [2]]), "fewer than two raters"),
        (lambda: icc([1, 2]), "the scores: no numbers"),
        (lambda: icc([[1.0, math.inf], [2.0, 3.0]]), "the scores cannot be ∞"),
        (lambda: icc([[1, "good"], [2, 3]]), "the scores: no numbers"),  # type: ignore[arg-type]
        (lambda: severity([[1], [2]]), "fewer than two raters"),
        (lambda: severity([[1, NAN], [2, NAN]]), "the rater of column 1"),
        (lambda: severity(np.empty((0, 2))), "the rater of column 0"),
        (lambda: share_agreed([1], [1, 2]), "different numbers of scores: 1 and 2"),
        (lambda: share_agreed([1, None], [1, 2]), "a call has no score"),
        (lambda: share_agreed(np.array([1, NAN]), np.array([1.0, 2])), "a call has no score"),
        (lambda: share_agreed(np.array([1]), np.array([1, 2])), "scores: 1 and 2"),
        (lambda: share_agreed(np.eye(2), np.eye(2)), "not a list"),
        (lambda: share_agreed([1, 2], [NAN, 2]), "a call has no score"),
        (lambda: share_agreed([[1]], [[1]]), "things that cannot be compared"),  # type: ignore[list-item]
        (lambda: share_agreed([1], [1], 95), "the confidence cannot be 95"),
    ],
)
def test_what_cannot_be_asked(wrong: Any, why: str) -> None:
    """One rater, rows that do not add up, scores that are none: refused in words."""
    with pytest.raises(KefuError) as caught:
        wrong()
    assert why in caught.value.what.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.what.zh)
