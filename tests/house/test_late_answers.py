"""A page that was cut off until its visit was over brings what was answered there."""

from __future__ import annotations

import pytest

from kefu.house.errors import Refused
from tests.house.furniture import House, attempt
from tests.house.test_calls import ask, enter
from tests.house.test_house import PHONE, TABLET


def test_a_late_answer_is_kept_for_its_own_visit(house: House) -> None:
    """Up to fifteen minutes after the end a token, or the visit's name, still brings an answer.

    It is that visit's: the person who has the device by then does not meet it.
    """
    opened = house.visits.open(TABLET)
    who = house.visits.check(opened.token)
    house.clock.on(minutes=20)
    later = house.visits.open(TABLET)
    cards = house.journal.quiz(who.day)
    named = house.visits.open(TABLET, opened.visit, who.day)
    for token, card in zip((opened.token, named.token), cards, strict=False):
        late = house.visits.check(token)
        assert (late.person, late.day, late.late) == (who.person, who.day, True)
        assert house.journal.take(late, attempt(card))["tries"] == 1
    assert house.journal.receipts(house.visits.check(later.token)) == {}
    assert [*house.journal.receipts(who)] == [card["item"] for card in cards[:2]]


def test_being_late_keeps_no_visit_going(house: House) -> None:
    """Whatever a late page does, its visit runs no more, and after fifteen minutes it is gone."""
    opened = house.visits.open(TABLET)
    house.clock.on(minutes=29)
    assert house.visits.check(opened.token).late
    named = house.visits.open(TABLET, opened.visit)
    assert house.visits.check(named.token).late
    assert not house.visits.stay(TABLET)
    assert house.visits.open(TABLET).visit != opened.visit
    house.clock.on(minutes=1)
    for token in (opened.token, named.token):
        with pytest.raises(Refused):
            house.visits.check(token)
    with pytest.raises(Refused):
        house.visits.open(TABLET, opened.visit)


def test_after_next_person_nothing_is_taken(house: House) -> None:
    """Whoever said "next person" is gone at once: no late answer comes to that visit."""
    opened = house.visits.open(TABLET)
    house.clock.on(minutes=16)
    house.visits.end(TABLET)
    with pytest.raises(Refused):
        house.visits.check(opened.token)
    with pytest.raises(Refused):
        house.visits.open(TABLET, opened.visit)


def test_a_late_page_is_shown_nothing(sqlite: House) -> None:
    """The quiz of a late visit holds no receipt; the late answer's own comes back to the page."""
    token = enter(sqlite)
    first, second, *_ = ask(sqlite, "GET", "/daily", token).json()["cards"]
    ask(sqlite, "POST", "/attempts", token, json=attempt(first))
    sqlite.clock.on(minutes=16)
    assert ask(sqlite, "GET", "/daily", token).json()["receipts"] == {}
    reply = ask(sqlite, "POST", "/attempts", token, json=attempt(second))
    assert reply.json()["item"] == second["item"]


def test_another_device_is_never_late_for_a_visit(house: House) -> None:
    """A visit's name opens it at its own device alone, late or not."""
    opened = house.visits.open(TABLET)
    for minutes in (0, 16):
        house.clock.on(minutes=minutes)
        with pytest.raises(Refused):
            house.visits.open(PHONE, opened.visit)
