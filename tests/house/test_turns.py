"""Two answers of one person at the same moment, on PostgreSQL, where many write at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import sqlalchemy as sa

from kefu.card import Receipt
from kefu.house import Journal
from kefu.vault import connect
from tests.house.furniture import House, attempt
from tests.house.test_house import PHONE, enter

_WAITING = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE NOT granted AND locktype = 'advisory' AND application_name = :name"
)


@contextmanager
def second(house: House) -> Iterator[tuple[Journal, Callable[[], bool]]]:
    """A second house over the same database, and whether it stands in a queue there."""
    name = "the second"
    url = house.engine.url.update_query_dict({"application_name": name})
    engine = connect(url.render_as_string(hide_password=False))

    def waits() -> bool:
        with house.engine.connect() as db:
            return bool(db.execute(_WAITING, {"name": name}).scalar_one())

    yield Journal(engine, house.vault, house.clock), waits
    engine.dispose()


@contextmanager
def held(engine: sa.Engine) -> Iterator[tuple[threading.Event, threading.Event]]:
    """The next commit waits: what it comes to, and what it waits for."""
    there, go_on = threading.Event(), threading.Event()

    def hold(_: sa.Connection) -> None:
        there.set()
        assert go_on.wait(60)

    sa.event.listen(engine, "commit", hold, once=True)
    try:
        yield there, go_on
    finally:
        go_on.set()


def test_each_of_two_at_once_counts_the_other(postgresql: House) -> None:
    """While one answer is written, another of the same person at the same item waits for it.

    So the second receipt says that it is the second try, and what the first one earned.
    """
    who = enter(postgresql)
    card = next(c for c in postgresql.journal.quiz(who.day) if c["kind"] == "choice")
    wrong, right = attempt(card, {"option": "bb"}), attempt(card)
    with second(postgresql) as (other, waits), ThreadPoolExecutor(2) as pool:
        other.quiz(who.day)
        with held(postgresql.engine) as (there, go_on):
            one = pool.submit(postgresql.journal.take, who, wrong)
            assert there.wait(60)
            two: Future[Receipt] = pool.submit(other.take, who, right)
            while not (two.done() or waits()):
                wait([two], 0.01)
            assert not one.done()
            go_on.set()
            told = [(r["tries"], r["first"]) for r in (one.result(60), two.result(60))]
    assert told == [(1, 0.0), (2, 0.0)]
    assert postgresql.journal.take(who, wrong) == one.result()
    assert postgresql.journal.receipts(who)[card["item"]] == two.result()


def test_nobody_waits_for_another(postgresql: House) -> None:
    """While one answer is written, other people and other items get their receipts."""
    who, neighbour = enter(postgresql), enter(postgresql, PHONE)
    card, next_card = postgresql.journal.quiz(who.day)[:2]
    with second(postgresql) as (other, _), ThreadPoolExecutor(1) as pool:
        other.quiz(who.day)
        with held(postgresql.engine) as (there, go_on):
            one = pool.submit(postgresql.journal.take, who, attempt(card))
            assert there.wait(60)
            assert other.take(neighbour, attempt(card))["tries"] == 1
            assert other.take(who, attempt(next_card))["tries"] == 1
            assert not one.done()
            go_on.set()
            assert one.result(60)["tries"] == 1
