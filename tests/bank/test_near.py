"""How like two items are."""

from hypothesis import given
from hypothesis import strategies as st

from kefu.bank.near import THRESHOLD, alike

GRAMS = st.frozensets(st.sampled_from("abcdefghij"))


@given(GRAMS, GRAMS)
def test_alike_is_the_jaccard_index_where_it_matters(
    one: frozenset[str], two: frozenset[str]
) -> None:
    """Above the threshold it is the share of common 3-grams; below it may be told as 0."""
    exact = len(one & two) / len(one | two) if one | two else 0.0
    assert exact == alike(one, two) or (exact < THRESHOLD and alike(one, two) == 0.0)


@given(GRAMS.filter(bool))
def test_an_item_is_like_itself(one: frozenset[str]) -> None:
    """The same words have likeness 1."""
    assert alike(one, one) == 1.0
