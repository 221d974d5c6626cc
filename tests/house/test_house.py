from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from kefu.house.errors import Refused
from kefu.house.journal import Journal
from kefu.house.visits import Pass, Visits
from tests.house.furniture import House, attempt, published

TABLET = "ab" * 16
PHONE = "cd" * 16


def enter(house: House, visitor: str = TABLET) -> Pass:
    """Somebody comes in."""
    return house.visits.check(house.visits.open(visitor).token)


def test_an_answer_is_judged_and_kept(house: House) -> None:
    """A receipt carries the response, the house's time in UTC and the verdict of the right key."""
    who = enter(house)
    for card in house.journal.quiz(who.day):
        receipt = house.journal.take(who, attempt(card))
        assert receipt["at"] == "2026-11-21T01:00:00.000Z"
        assert receipt["verdict"] is not None
        assert receipt["verdict"]["credit"] == 1.0
        assert house.journal.receipts(who)[card["item"]] == receipt


def test_an_attempt_counts_once(house: House) -> None:
    """The same id again, whatever it then says, is answered with its first receipt."""
    who = enter(house)
    card, other = house.journal.quiz(who.day)[:2]
    sent = attempt(card)
    first = house.journal.take(who, sent)
    house.clock.on(minutes=1)
    assert house.journal.take(who, sent) == first
    assert house.journal.take(who, attempt(other, id=sent["id"])) == first
    assert house.attempts() == 1


def test_the_first_try_of_the_day_is_kept(house: House) -> None:
    """Another try counts; the first one's credit stays beside it; an older receipt is as it was."""
    who = enter(house)
    card = next(c for c in house.journal.quiz(who.day) if c["kind"] == "choice")
    wrong, right = attempt(card, {"option": "bb"}), attempt(card)
    one = house.journal.take(who, wrong)
    two = house.journal.take(who, right)
    assert (one["tries"], one["first"]) == (1, 0.0)
    assert (two["tries"], two["first"]) == (2, 0.0)
    assert two["verdict"] is not None
    assert two["verdict"]["credit"] == 1.0
    assert house.journal.take(who, wrong) == one
    assert house.journal.receipts(who)[card["item"]] == two


def test_tries_are_of_one_person_and_one_day(house: House) -> None:
    """Nobody's tries are counted to another's, nor yesterday's to today's."""
    who, other = enter(house), enter(house, PHONE)
    card = house.journal.quiz(who.day)[0]
    house.journal.take(who, attempt(card))
    assert house.journal.take(other, attempt(card))["tries"] == 1
    earlier = {"person": who.person, "page": "daily", "day": "2026-11-20"}
    with house.engine.begin() as db:
        row = db.execute(sa.text("SELECT * FROM attempts")).mappings().first()
        assert row is not None
        old = {k: v for k, v in row.items() if k != "n"} | earlier | {"attempt": "e" * 32}
        names = ", ".join(old)
        values = ", ".join(f":{name}" for name in old)
        db.execute(sa.text(f"INSERT INTO attempts ({names}) VALUES ({values})"), old)
    assert house.journal.take(who, attempt(card))["tries"] == 2


def test_two_at_once_count_once(house: House) -> None:
    """Eight threads that send one attempt together get one receipt, and one row is kept."""
    who = enter(house)
    sent = attempt(house.journal.quiz(who.day)[0])
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: house.journal.take(who, sent), range(8)))
    assert all(receipt == receipts[0] for receipt in receipts)
    assert house.attempts() == 1


def test_many_at_once_lose_nothing(house: House) -> None:
    """Eight people answering at the same moment all find their own answers afterwards."""
    people = [enter(house, f"{n:032x}") for n in range(8)]
    cards = house.journal.quiz(people[0].day)

    def answer(who: Pass) -> None:
        for card in cards:
            house.journal.take(who, attempt(card))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, people))
    assert house.attempts() == 8 * len(cards)
    for who in people:
        assert set(house.journal.receipts(who)) == {card["item"] for card in cards}


def test_the_quiz_is_drawn_once_by_all_who_ask_at_once(house: House) -> None:
    """The first visitors of a morning, all together, are asked the same five."""
    with ThreadPoolExecutor(8) as pool:
        quizzes = list(pool.map(lambda _: house.journal.quiz("2026-11-21"), range(8)))
    assert all(quiz == quizzes[0] for quiz in quizzes)
    assert len(quizzes[0]) == 5


def test_an_id_belongs_to_one_person(house: House) -> None:
    """Two people may by chance or malice use the same id: neither meets the other's answer."""
    me, you = enter(house), enter(house, PHONE)
    card = house.journal.quiz(me.day)[0]
    mine = attempt(card)
    house.journal.take(me, mine)
    assert house.journal.receipts(you) == {}
    house.clock.on(minutes=1)
    yours = house.journal.take(you, mine)
    assert yours["at"] == "2026-11-21T01:01:00.000Z"
    assert house.attempts() == 2


def test_weaving_at_noon_does_not_change_the_day(house: House) -> None:
    """New versions are asked from tomorrow; today's answers fit today's cards to the end."""
    who = enter(house)
    quiz = house.journal.quiz(who.day)
    house.vault.release([published(n, prompt="新问") for n in range(12)])
    assert house.journal.quiz(who.day) == quiz
    house.journal.take(who, attempt(quiz[0]))
    house.clock.on(days=1)
    assert all("新问" in c["prompt"]["zh"] for c in house.journal.quiz(house.journal.today()))


def test_a_short_day_is_filled_up(house: House) -> None:
    """A bank that had three items in the morning and twelve at noon asks five from noon on."""
    house.vault.release([published(n) for n in range(3)])
    morning = house.journal.quiz("2026-11-21")
    house.vault.release([published(n) for n in range(12)])
    noon = house.journal.quiz("2026-11-21")
    assert len(morning) == 3
    assert (noon[:3], len(noon)) == (morning, 5)


def test_a_corrected_key_regrades(house: House) -> None:
    """An answer given before a key was corrected is shown with the verdict of the new key."""
    who = enter(house)
    cards = house.journal.quiz(who.day)
    card = next(card for card in cards if card["kind"] in ("choice", "choices"))
    before = house.journal.take(who, attempt(card))["verdict"]
    house.vault.release([published(n, right="bb") for n in range(12)])
    after = house.journal.receipts(who)[card["item"]]["verdict"]
    assert (before and before["credit"], after and after["credit"]) == (1.0, 0.0)


def test_only_what_was_asked_is_taken(house: House) -> None:
    """An item outside the day, or another version of one inside, is refused and not kept."""
    who = enter(house)
    asked = house.journal.quiz(who.day)
    stranger = next(
        p.card
        for p in map(published, range(12))
        if p.card["item"] not in {c["item"] for c in asked}
    )
    for sent in (attempt(stranger), attempt(asked[0], version="0" * 16)):
        with pytest.raises(Refused) as refused:
            house.journal.take(who, sent)
        assert refused.value.status == 409
    assert house.attempts() == 0


def test_an_answer_across_midnight_counts_for_its_day(house: House) -> None:
    """Who opened the page at 23:55 answers that day's items at 00:05, and finds them there."""
    house.clock.on(hours=14, minutes=55)
    who = enter(house)
    card = house.journal.quiz(who.day)[0]
    house.clock.on(minutes=10)
    assert house.journal.today() == "2026-11-22"
    house.journal.take(who, attempt(card))
    assert list(house.journal.receipts(who)) == [card["item"]]


@pytest.mark.parametrize(
    "response",
    [{}, {"option": None}, {"option": "zz"}, {"options": []}, {"number": "many"}, {"x": 1}],
)
def test_half_an_answer_is_not_kept(house: House, response: dict[str, object]) -> None:
    """A response that is blank or that nobody could have given is refused with a reason."""
    who = enter(house)
    for card in house.journal.quiz(who.day):
        with pytest.raises(Refused) as refused:
            house.journal.take(who, attempt(card, response))
        assert refused.value.status == 422
        assert refused.value.what.zh
    assert house.attempts() == 0


def test_a_visit_lapses(house: House) -> None:
    """Fifteen idle minutes end a visit: the device gets a new person, who meets nothing of it."""
    opened = house.visits.open(TABLET)
    who = house.visits.check(opened.token)
    house.journal.take(who, attempt(house.journal.quiz(who.day)[0]))
    house.clock.on(minutes=15)
    assert not house.visits.stay(TABLET)
    again = house.visits.open(TABLET)
    assert again.visit != opened.visit
    assert house.journal.receipts(house.visits.check(again.token)) == {}


@pytest.mark.parametrize("sign", ["token", "stay", "open"])
def test_any_sign_of_life_keeps_a_visit(house: House, sign: str) -> None:
    """Answering, reading and reloading each start the fifteen minutes anew."""
    opened = house.visits.open(TABLET)
    for _ in range(5):
        house.clock.on(minutes=14)
        match sign:
            case "token":
                house.visits.check(opened.token)
            case "stay":
                assert house.visits.stay(TABLET)
            case _:
                assert house.visits.open(TABLET).visit == opened.visit
    assert house.visits.check(opened.token)


def test_the_next_person_starts_afresh(house: House) -> None:
    """Ending a visit kills every token of it, in other tabs too, and no other device's."""
    first, tab, phone = (house.visits.open(v) for v in (TABLET, TABLET, PHONE))
    house.visits.end(TABLET)
    for token in (first.token, tab.token):
        with pytest.raises(Refused):
            house.visits.check(token)
    assert house.visits.check(phone.token)
    assert house.visits.open(TABLET).visit != first.visit


def test_a_house_that_starts_again_knows_its_visitors(house: House) -> None:
    """Tokens, visits, quiz and answers outlive the process."""
    token = house.visits.open(TABLET).token
    who = house.visits.check(token)
    quiz = house.journal.quiz(who.day)
    receipt = house.journal.take(who, attempt(quiz[0]))
    visits = Visits(house.engine, house.clock)
    journal = Journal(house.engine, house.vault, house.clock)
    assert visits.check(token) == who
    assert journal.quiz(who.day) == quiz
    assert journal.receipts(who) == {quiz[0]["item"]: receipt}


def test_the_database_gives_nobody_away(house: House) -> None:
    """Neither a cookie nor a token stands in the database as it is."""
    token = house.visits.open(TABLET).token
    with house.engine.connect() as db:
        rows = [
            *db.execute(sa.text("SELECT * FROM visits")),
            *db.execute(sa.text("SELECT * FROM tokens")),
        ]
    kept = " ".join(str(value) for row in rows for value in row)
    assert token not in kept
    assert TABLET not in kept


def test_yesterdays_visits_are_forgotten(house: House) -> None:
    """Two days later nothing tells which device a person was at; the answers stay."""
    who = enter(house)
    house.journal.take(who, attempt(house.journal.quiz(who.day)[0]))
    house.clock.on(days=2)
    other = enter(house, PHONE)
    with house.engine.connect() as db:
        people = db.execute(sa.text("SELECT person FROM visits")).scalars().all()
        days = db.execute(sa.text("SELECT day FROM tokens")).scalars().all()
    assert people == [other.person]
    assert days == ["2026-11-23"]
    assert house.attempts() == 1


def test_a_commit_reaches_the_disk(sqlite: House) -> None:
    """SQLite writes in WAL and syncs at every commit."""
    with sqlite.engine.connect() as db:
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_an_empty_vault_says_what_to_do(sqlite: House) -> None:
    """With nothing woven the house names the command that mends it."""
    sqlite.vault.release([])
    assert sqlite.journal.ready() == 0
    with pytest.raises(Refused, match="kefu weave"):
        sqlite.journal.quiz(sqlite.journal.today())
