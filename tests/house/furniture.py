"""A house to test: a few cards of each kind, and a clock that obeys."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kefu.card import Card, Key, version_of
from kefu.house import Journal, Visits, application
from kefu.publish import Published
from kefu.vault import Vault, connect

SECRET = "the door's"


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))

    def __call__(self) -> dt.datetime:
        """The time."""
        return self.now

    def on(self, **step: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(**step)


def both(words: str) -> dict[str, str]:
    """The same in both languages."""
    return {"zh": f"{words}。", "en": f"{words}."}


def published(n: int, *, prompt: str = "问", right: str = "aa") -> Published:
    """The nth practice item: its kind turns with n, its first option is right."""
    kind = ("choice", "choices", "order", "number")[n % 4]
    fields: dict[str, Any]
    key: Key
    options = [{"id": i, "text": both(i)} for i in ("aa", "bb", "cc")]
    match kind:
        case "choice":
            fields = {"options": options}
            key = {
                "credit": {i: float(i == right) for i in ("aa", "bb", "cc")},
                "why": {i: both(f"why {i}") for i in ("aa", "bb", "cc")},
            }
        case "choices":
            fields = {"options": options}
            key = {"right": [right], "why": {i: both(f"why {i}") for i in ("aa", "bb", "cc")}}
        case "order":
            fields = {"steps": options}
            key = {"order": ["aa", "bb", "cc"], "free": [], "why": both("why")}
        case _:
            fields = {"unit": both("秒")}
            key = {"value": 15, "tolerance": 0, "why": both("why")}
    card = Card(
        item=f"story-{n // 2}--item-{n}",
        version="",
        kind=kind,
        room="practice",
        lesson=f"{n % 3}.1",
        title=both("title"),  # type: ignore[typeddict-item]
        turns=[],
        prompt=both(f"{prompt} {n}"),  # type: ignore[typeddict-item]
    )
    card.update(fields)  # type: ignore[typeddict-item]
    card["version"] = version_of(card)
    return Published(card=card, key=key, standards={})


def good(card: Card) -> dict[str, Any]:
    """A whole answer to a card, and the right one."""
    return {
        "choice": {"option": "aa"},
        "choices": {"options": ["aa"]},
        "order": {"order": ["aa", "bb", "cc"]},
        "number": {"number": "15"},
    }[card["kind"]]


def attempt(card: Card, response: Any = None, **other: Any) -> dict[str, Any]:
    """What a page sends."""
    return {
        "id": secrets.token_hex(16),
        "item": card["item"],
        "version": card["version"],
        "response": good(card) if response is None else response,
        "lang": "zh",
        **other,
    }


@dataclass
class House:
    """All of it, over one database."""

    engine: sa.Engine
    clock: Clock
    vault: Vault
    journal: Journal
    visits: Visits
    app: Any

    def attempts(self) -> int:
        """How many answers are on disk."""
        with self.engine.connect() as db:
            return db.execute(sa.text("SELECT count(*) FROM attempts")).scalar_one()


def build(url: str, items: int = 12) -> House:
    """A house over a database, with that many items."""
    engine = connect(url)
    clock = Clock()
    vault = Vault(engine)
    vault.release([published(n) for n in range(items)])
    journal, visits = Journal(engine, vault, clock), Visits(engine, clock)
    return House(engine, clock, vault, journal, visits, application(journal, visits, SECRET))
