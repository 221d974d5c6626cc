from __future__ import annotations

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from kefu.card import Card
from kefu.house.quiz import SIZE, draw
from tests.house.furniture import published

CARDS = [published(n).card for n in range(31)]
days = st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2060, 1, 1))


def items(day: dt.date, n: int) -> list[str]:
    """What is asked on a day."""
    return [card["item"] for card in draw(day, CARDS[:n])]


@given(days, st.integers(0, len(CARDS)), st.randoms(use_true_random=False))
def test_a_day_is_the_same_for_all(day: dt.date, n: int, shuffle: random.Random) -> None:
    """The quiz depends on day and items alone: not on the order in which the items come."""
    mixed = CARDS[:n]
    shuffle.shuffle(mixed)
    assert draw(day, CARDS[:n]) == draw(day, mixed)


@given(days, st.integers(0, len(CARDS)))
def test_five_or_all(day: dt.date, n: int) -> None:
    """A day has five items, each once; with fewer in the bank it has them all."""
    drawn = items(day, n)
    assert len(set(drawn)) == len(drawn) == min(SIZE, n)


@given(days, st.integers(SIZE + 1, len(CARDS)))
def test_two_days_running_differ(day: dt.date, n: int) -> None:
    """Tomorrow's quiz is another one, and with ten items or more it repeats none of today's."""
    today, tomorrow = set(items(day, n)), set(items(day + dt.timedelta(days=1), n))
    assert today != tomorrow
    if n >= 2 * SIZE:
        assert not today & tomorrow


@given(days, st.integers(SIZE, len(CARDS)))
def test_every_item_has_its_turn(day: dt.date, n: int) -> None:
    """In as many days as there are items, each is asked exactly five times."""
    asked = [item for k in range(n) for item in items(day + dt.timedelta(days=k), n)]
    assert {asked.count(card["item"]) for card in CARDS[:n]} == {SIZE}


@given(days)
def test_a_day_is_mixed(day: dt.date) -> None:
    """Five items come from at least two lessons, three kinds, and four stories."""
    drawn = draw(day, CARDS)
    assert len({card["lesson"] for card in drawn}) >= 2
    assert len({card["kind"] for card in drawn}) >= 3
    assert len({card["item"].partition("--")[0] for card in drawn}) >= 4


@given(days, st.integers(0, len(CARDS)), st.integers(0, SIZE))
def test_what_was_drawn_stays(day: dt.date, n: int, kept: int) -> None:
    """Items that the day already holds are not drawn again; the day is filled up beside them."""
    held = [card["item"] for card in CARDS[:n]][:kept]
    drawn = [card["item"] for card in draw(day, CARDS[:n], held)]
    assert not set(drawn) & set(held)
    assert len(drawn) + len(held) == min(SIZE, n)


@given(days, st.integers(0, len(CARDS)))
def test_nothing_long_is_asked(day: dt.date, n: int) -> None:
    """A call to review and a text to write are never drawn, and do not move the ring."""
    kinds = ("review", "rewrite", "selfcheck")
    long = [
        Card(**{**card, "item": f"{card['item']}-x", "kind": kind})
        for card, kind in zip(CARDS, kinds, strict=False)
    ]
    assert draw(day, CARDS[:n]) == draw(day, [*long, *CARDS[:n]])
