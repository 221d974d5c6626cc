"""The three who judge, each with the same items, and what they say where it is not the same."""

from __future__ import annotations

import datetime as dt
import json
import random
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kefu import kinds
from kefu.card import Card, Response, Verdict
from kefu.errors import KefuError
from kefu.grading.judge import judge_item
from kefu.house import Journal, Visits, tables
from kefu.house.visits import Pass
from kefu.journal import Attempt, FileJournal
from kefu.player import JournalDesk
from kefu.vault import Vault
from tests.grading.course import Course, bank
from tests.laws.attempts import broken, whole
from tests.laws.long_kinds import SCORECARD, STORY, story

__all__ = ["NOTHING", "Graders", "build", "disagreement", "drawn", "expert"]

AT = "2026-11-20T08:00:00.000Z"
DAY = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
NOTHING = "refused"
"""What desk and house say of an attempt that they do not take."""


@dataclass
class Graders:
    """The same eight items, one of each kind: sealed for nbgrader, open for house and desk."""

    sealed: Course
    open: Course
    sealed_cards: dict[str, Card]
    open_cards: dict[str, Card]
    sealed_vault: Vault
    open_vault: Vault
    journal: Journal
    who: Pass

    def autograde(self, ref: str, response: Any, version: str | None = None) -> Verdict | str:
        """By the step that runs in nbgrader."""
        card = self.sealed_cards[ref]
        tried = Attempt(secrets.token_hex(16), ref, version or card["version"], response, AT)
        judged = judge_item(self.sealed_vault, card, [tried])
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
        data = json.loads(
            (self.open.root / f"course/cards/{ref.partition('--')[0]}.json").read_bytes()
        )
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


def build(folder: Path) -> Graders:
    """One course for nbgrader, its open twin for house and desk."""
    sealed = Course(folder / "sealed", _bank(folder / "bank-sealed", "graded"))
    sealed.weave()
    sealed.nbgrader("generate_assignment", "first")
    unsealed = Course(folder / "open", _bank(folder / "bank-open", "practice"))
    woven = unsealed.weave()
    only = [p for p in woven.published if p.card["item"].startswith(("umbrella", STORY))]
    vault = unsealed.vault()
    journal = Journal(vault.engine, vault, lambda: DAY)
    Visits(vault.engine, lambda: DAY)
    # No house draws a review or a rewrite; what a day's quiz holds is asked all the same.
    asked = [{"day": DAY.date().isoformat(), "place": place, "item": p.card["item"],
              "version": p.card["version"]} for place, p in enumerate(only)]  # fmt: skip
    with vault.engine.begin() as db:
        db.execute(sa.insert(tables.quizzes), asked)
    return Graders(
        sealed,
        unsealed,
        sealed.cards(),
        {p.card["item"]: p.card for p in only},
        sealed.vault(),
        vault,
        journal,
        Pass("p" * 32, DAY.date().isoformat()),
    )


def _bank(folder: Path, room: str) -> Path:
    more = {f"scenarios__{STORY}": story(room), "scorecards__counter": SCORECARD}
    return bank(folder, room, **more)


def disagreement(
    graders: Graders, ref: str, response: Any, version: str | None = None
) -> list[str]:
    """What the three say, if it is not the same; the two, of hints that only practice has."""
    asked = [graders.house, graders.desk]
    if not _opened(graders.open_cards[ref], response):
        asked.append(graders.autograde)
    said = [
        json.dumps(grade(ref, response, version), sort_keys=True, ensure_ascii=False)
        for grade in asked
    ]
    return said if len(set(said)) > 1 else []


def _opened(card: Card, response: Any) -> bool:
    """Whether hints that the card really has were opened."""
    hints = response.get("hints")
    return type(hints) is int and 0 < hints <= len(card.get("hints", []))


def expert(graders: Graders, ref: str) -> Response:
    """The expert's response, in either room: ids come from public words."""
    card = graders.open_cards[ref]
    key = graders.open_vault.key(ref, card["version"])
    assert key
    return kinds.expert(card, key)


def drawn(graders: Graders, dice: random.Random) -> dict[str, Response | None]:
    """A response to each item: mostly whole, now and then the best, blank, or nonsense."""
    made: dict[str, Response | None] = {}
    for ref, card in graders.sealed_cards.items():
        luck = dice.random()
        if luck < 0.6:
            made[ref] = whole(card, dice)
        elif luck < 0.75:
            made[ref] = expert(graders, ref)
        else:
            made[ref] = broken(card, dice) if luck < 0.95 else None
        if made[ref] and card.get("confidence"):
            made[ref] = {**made[ref], "sure": dice.choice([True, False])}  # type: ignore[dict-item]
    return made
