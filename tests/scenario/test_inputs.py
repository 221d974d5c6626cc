"""Hidden inputs are drawn, and drawn alike everywhere."""

from __future__ import annotations

import json

import pytest

from kefu.errors import KefuError
from kefu.quality.agreement import cohen_kappa
from kefu.scenario.inputs import GENERATORS, draw


def test_the_same_seed_draws_the_same() -> None:
    """What was drawn once is drawn again; these numbers have not changed since they were noted."""
    assert draw("proportion", 3, "share-interval--program 0") == NOTED
    for name in GENERATORS:
        assert draw(name, 4, "a") == draw(name, 4, "a")
        assert draw(name, 4, "a") != draw(name, 4, "b")


NOTED = [[28, 133], [97, 326], [198, 297]]


@pytest.mark.parametrize("name", GENERATORS)
def test_what_is_drawn_is_plain_and_told(name: str) -> None:
    """Each generator has a docstring, and draws lists of arguments that JSON can hold."""
    assert (GENERATORS[name].__doc__ or "").startswith("`[")
    calls = draw(name, 50, "seed")
    assert len(calls) == 50
    assert json.loads(json.dumps(calls)) == calls


def test_shares_are_counts() -> None:
    """Of n calls some are good and some are not; a small sample has at most ten."""
    for name, most in (("proportion", 400), ("small_sample", 10)):
        assert all(0 < good < n <= most for good, n in draw(name, 40, "s"))


def test_no_call_comes_twice_while_there_are_others() -> None:
    """Calls differ; where no others are left they come again, and never too few."""
    calls = draw("small_sample", 40, "s")
    assert len({tuple(each) for each in calls}) == 40
    assert len(draw("small_sample", 100, "s")) == 100


def test_raters_have_something_to_disagree_about() -> None:
    """Two raters' lists are equally long, and kappa says something of them."""
    for name in ("two_raters", "rare_label"):
        for first, second in draw(name, 60, "s"):
            assert len(first) == len(second)
            found = cohen_kappa(first, second)
            assert found is not None
            match = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
            assert found < match if name == "rare_label" else found < 1


def test_an_unknown_name_is_told() -> None:
    """A generator that is not there is named, with those that are."""
    with pytest.raises(KefuError, match="write one of proportion"):
        draw("weather", 1, "s")
