"""Law 5. Graders agree: nbgrader, the house and the practice desk judge an attempt alike."""

from __future__ import annotations

import datetime as dt
import json
import random
import secrets
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kefu.house.journal
from kefu import kinds
from kefu.card import Card, Receipt, Verdict
from kefu.errors import KefuError
from kefu.grading.judge import judge_item
from kefu.house import Journal, Visits
from kefu.house.visits import Pass
from kefu.journal import Attempt, FileJournal
from kefu.kinds import number
from kefu.player import JournalDesk
from kefu.progress import receipt
from tests.grading.course import Course, bank, line

AT = "2026-11-20T08:00:00.000Z"
NOTHING = "refused"
"""What desk and house say of an attempt that they do not take."""


@dataclass
class Graders:
    """The same four items in three rooms: sealed for nbgrader, open for house and desk."""

    sealed: Course
    open: Course
    sealed_cards: dict[str, Card]
    open_cards: dict[str, Card]
    journal: Journal
    who: Pass

    def autograde(self, ref: str, response: Any, version: str | None = None) -> Verdict | str:
        """By the step that runs in nbgrader."""
        card = self.sealed_cards[ref]
        tried = Attempt(secrets.token_hex(16), ref, version or card["version"], response, AT)
        judged = judge_item(self.sealed.vault(), card, [tried])
        return judged.verdict if judged.attempt else NOTHING

    def house(self, ref: str, response: Any, version: str | None = None) -> Verdict | str:
        """By the house, as a page of the floor hears it."""
        card = self.open_cards[ref]
        sent = {"id": secrets.token_hex(16), "item": ref, "version": version or card["version"],
                "response": response, "lang": "zh"}  # fmt: skip
        try:
            verdict = self.journal.take(self.who, sent)["verdict"]
        except KefuError:
            return NOTHING
        assert verdict
        return verdict

    def desk(self, ref: str, response: Any, version: str | None = None) -> Verdict | str:
        """By the desk beside a lesson."""
        data = json.loads((self.open.root / "course/cards/umbrella.json").read_bytes())
        there = FileJournal(self.open.root / f"{secrets.token_hex(4)}.jsonl")
        try:
            asked = JournalDesk(data["cards"], there, data["keys"])
            claimed = version or self.open_cards[ref]["version"]
            verdict = asked.take(Attempt(secrets.token_hex(16), ref, claimed, response, AT))[
                "verdict"
            ]
        except KefuError:
            return NOTHING
        finally:
            there.path.unlink(missing_ok=True)
        assert verdict
        return verdict


@pytest.fixture(scope="module")
def graders(tmp_path_factory: pytest.TempPathFactory) -> Graders:
    """One course for nbgrader, its open twin for house and desk."""
    folder = tmp_path_factory.mktemp("graders")
    sealed = Course(folder / "sealed", bank(folder / "bank-sealed", "graded"))
    sealed.weave()
    sealed.nbgrader("generate_assignment", "first")
    unsealed = Course(folder / "open", bank(folder / "bank-open", "practice"))
    woven = unsealed.weave()
    only = [p for p in woven.published if p.card["item"].startswith("umbrella")]
    unsealed.vault().release(only)
    vault = unsealed.vault()
    journal = Journal(vault._engine, vault, lambda: dt.datetime(2026, 11, 2, tzinfo=dt.UTC))
    Visits(vault._engine, lambda: dt.datetime(2026, 11, 2, tzinfo=dt.UTC))
    return Graders(
        sealed,
        unsealed,
        sealed.cards(),
        {p.card["item"]: p.card for p in only},
        journal,
        Pass("p" * 32, "2026-11-02"),
    )


def disagreement(
    graders: Graders, ref: str, response: Any, version: str | None = None
) -> list[str]:
    """What the three say, if it is not the same."""
    heard = [
        grade(ref, response, version) for grade in (graders.autograde, graders.house, graders.desk)
    ]
    said = [json.dumps(each, sort_keys=True, ensure_ascii=False) for each in heard]
    return said if len(set(said)) > 1 else []


def responses(card: Card) -> st.SearchStrategy[Any]:
    """Whole answers, and whatever else a journal may claim was answered."""
    ids = [o["id"] for o in (*card.get("options", []), *card.get("steps", []))]
    some = st.sampled_from([*ids, "nobody", "", "\u0000"]) if ids else st.text(max_size=5)
    junk = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
        max_leaves=6,
    )
    typed = st.sampled_from(
        ["3", "３", " 3 声", "3.0", "+3", "-3", "4", "", "三", "1e1", "3,0", "0x3"]
    )
    field = {"choice": "option", "choices": "options", "order": "order", "number": "number"}
    name = field[card["kind"]]
    good: dict[str, st.SearchStrategy[Any]] = {
        "choice": some,
        "choices": st.lists(some, max_size=5) | st.lists(st.sampled_from(ids or [""]), unique=True),
        "order": st.permutations(ids) | st.lists(some, max_size=5),
        "number": typed | st.text(max_size=8) | st.integers(-9, 9).map(str),
    }
    return st.one_of(
        st.fixed_dictionaries({name: good[card["kind"]]}),
        st.fixed_dictionaries({name: good[card["kind"]]}),
        st.fixed_dictionaries({name: junk}),
        st.dictionaries(st.sampled_from([name, "credit", "score"]), junk, max_size=3),
    )


@settings(max_examples=120, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data())
def test_three_graders_give_one_verdict(graders: Graders, data: st.DataObject) -> None:
    """Credit, status, parts, reasons and note of any response are the same from all three."""
    ref = data.draw(st.sampled_from(sorted(graders.open_cards)))
    response = data.draw(responses(graders.open_cards[ref]))
    assert disagreement(graders, ref, response) == []


@pytest.mark.parametrize("version", ["0" * 16, "-", "\u0000", "\ud800", "x" * 10_000])
def test_an_unknown_version_is_worth_nothing_to_all(graders: Graders, version: str) -> None:
    """An answer to a card that was never released counts with none of the three."""
    for ref, card in graders.open_cards.items():
        key = graders.open.vault().key(ref, card["version"])
        assert key
        best = kinds.expert(card, key)
        assert disagreement(graders, ref, best) == []
        assert graders.desk(ref, best, version) == NOTHING
        assert disagreement(graders, ref, best, version) == []


def _drawn(cards: dict[str, Card], dice: random.Random) -> Iterator[tuple[str, Any]]:
    """A response to each item: mostly whole, sometimes blank, sometimes nonsense."""
    for ref, card in cards.items():
        ids = [o["id"] for o in (*card.get("options", []), *card.get("steps", []))]
        whole: dict[str, Callable[[], Any]] = {
            "choice": lambda ids=ids: {"option": dice.choice(ids)},
            "choices": lambda ids=ids: {"options": dice.sample(ids, dice.randint(1, len(ids)))},
            "order": lambda ids=ids: {"order": dice.sample(ids, len(ids))},
            "number": lambda: {"number": dice.choice(["3", "３ 声", "03", "4", "2.99"])},
        }
        broken = [None, {}, {"option": "nobody"}, {"options": ids * 2}, {"order": ids[:1]},
                  {"number": 3}, {"number": "三"}, {"option": ids}]  # fmt: skip
        yield ref, whole[card["kind"]]() if dice.random() < 0.8 else dice.choice(broken)


def test_nbgrader_itself_agrees(graders: Graders) -> None:
    """`nbgrader autograde` of forty learners puts into the gradebook what the others say."""
    sealed = graders.sealed
    given: dict[str, dict[str, Any]] = {}
    for n in range(40):
        student = f"g{n:02}"
        given[student] = dict(_drawn(graders.sealed_cards, random.Random(n)))
        sealed.submit(
            student,
            b"".join(
                line(graders.sealed_cards[ref], r)
                for ref, r in given[student].items()
                if r is not None
            ),
        )
    sealed.nbgrader("autograde", "first")
    scores = sealed.scores()
    seen = set()
    for student, mine in given.items():
        for ref, response in mine.items():
            verdict = graders.house(ref, response) if response is not None else NOTHING
            credit = 0.0 if isinstance(verdict, str) else verdict["credit"]
            assert scores[student][ref] == pytest.approx(4 * credit, abs=1e-9), (student, ref)
            assert disagreement(graders, ref, response or {}) == []
            seen.add((ref, credit))
    assert len(seen) >= 4 * 2 + 3, "part credit, full and none all came up"


def test_a_judge_that_is_off_by_a_little_is_caught(
    graders: Graders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house that gives one hundredth less than the others disagrees, and is found out."""
    ref = "umbrella--first-reply"
    card = graders.open_cards[ref]
    key = graders.open.vault().key(ref, card["version"])
    assert key
    best = kinds.expert(card, key)
    assert disagreement(graders, ref, best) == []

    def mean(*told: Any) -> Receipt:
        made = receipt(*told)
        assert made["verdict"]
        made["verdict"]["credit"] = round(made["verdict"]["credit"] * 0.99, 4)
        return made

    monkeypatch.setattr(kefu.house.journal, "receipt", mean)
    assert len(disagreement(graders, ref, best)) == 3


def test_a_grader_that_reads_otherwise_is_caught(
    graders: Graders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house that refuses what the others take, as full-width digits, is found out."""
    ref, typed = "umbrella--rings", {"number": "３"}
    assert disagreement(graders, ref, typed) == []

    def strict(card: Card, response: object) -> bool:
        return kinds.is_complete(card, response) and str(response).isascii()

    off = types.SimpleNamespace(judge=kinds.judge, is_complete=strict)
    monkeypatch.setattr(kefu.house.journal, "kinds", off)
    assert len(disagreement(graders, ref, typed)) == 3
    assert number.ONE_REASON
