"""Which of a learner's attempts counts, and what it is worth."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kefu import kinds
from kefu.card import Card, Key, Verdict
from kefu.errors import KefuError
from kefu.journal import Attempt
from kefu.notebook import CARDS
from kefu.text import Text

__all__ = [
    "Judged",
    "Keys",
    "countable",
    "counting",
    "judge_item",
    "not_released",
    "released_card",
    "released_cards",
]

_UNKNOWN = Text(
    "记录里的答案不属于发布过的题目版本，按 0 分计。",
    "The recorded answer names no version of this question that was released, so no credit.",
)


class Keys(Protocol):
    """What judging asks of whoever keeps the keys: the vault, or a paper's own copy."""

    def cards(self, item: str) -> dict[str, Card]:
        """Every version of an item that was ever released, with its card."""

    def key(self, item: str, version: str) -> Key | None:
        """The latest key of a released version, or None."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A card, the attempt at it that counts (None: none was made), and its verdict."""

    card: Card
    attempt: Attempt | None
    verdict: Verdict


def released_cards(folder: Path) -> dict[str, Card]:
    """The cards of a released set, by item.

    Raises:
        KefuError: the set was not released.
    """
    try:
        data = json.loads((folder / CARDS).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise not_released(folder.name) from error
    return {card["item"]: card for card in data["cards"]}


def released_card(cards: dict[str, Card], item: str, set_slug: str) -> Card:
    """The card of one item of a released set.

    Raises:
        KefuError: the notebook asks an item that the cards beside it do not hold.
    """
    if item not in cards:
        raise KefuError(
            Text(
                f"作业 {set_slug} 的题卡里没有 {item}",
                f"the cards of the set {set_slug!r} do not hold {item}",
            ),
            _release(set_slug),
        )
    return cards[item]


def not_released(set_slug: str) -> KefuError:
    """Nothing can be graded that was not released here, and what to run."""
    return KefuError(
        Text(f"作业 {set_slug} 还没有发布", f"the set {set_slug!r} has not been released"),
        _release(set_slug),
    )


def _release(set_slug: str) -> Text:
    return Text(
        f"先运行 kefu weave，再运行 nbgrader generate_assignment {set_slug}",
        f"run kefu weave, then nbgrader generate_assignment {set_slug}",
    )


def countable(vault: Keys, card: Card) -> dict[str, Card]:
    """The versions of an item that were released in its room: answers to these may count."""
    versions = {**vault.cards(card["item"]), card["version"]: card}
    return {name: own for name, own in versions.items() if own["room"] == card["room"]}


def counting(vault: Keys, card: Card, attempts: Iterable[Attempt]) -> tuple[Card, Attempt] | None:
    """The attempt at an item that counts, with the card that it answered; None: there is none.

    It is the last whole answer to any version that was released in this room.
    """
    mine = [a for a in attempts if a.item == card["item"]]
    # What a journal claims is looked up here and never asked of the database:
    # it may be long, and hold text that no database takes.
    versions = countable(vault, card) if mine else {}
    for attempt in reversed(mine):
        own = versions.get(attempt.version)
        if own and kinds.is_complete(own, attempt.response):
            return own, attempt
    return None


def judge_item(vault: Keys, card: Card, attempts: Iterable[Attempt]) -> Judged:
    """Judge one item of a set from everything a learner handed in.

    The last whole answer counts, under the key of the version it answered.
    If there is none, the last answer of any kind says why it is worth nothing.

    Args:
        vault: holds the keys.
        card: the item as it was released.
        attempts: the learner's journal, in its order.

    Raises:
        KefuError: the released card itself is not in the vault.
    """
    key = vault.key(card["item"], card["version"])
    if key is None:
        raise KefuError(
            Text(f"题库里没有 {card['item']} 的答案", f"the vault has no key for {card['item']}"),
            Text("先运行 kefu weave", "run kefu weave first"),
        )
    mine = [a for a in attempts if a.item == card["item"]]
    found = counting(vault, card, mine)
    if found:
        own, attempt = found
        its_key = vault.key(own["item"], own["version"])
        assert its_key is not None, "a card is kept with its key"
        return Judged(own, attempt, kinds.judge(own, its_key, attempt.response))
    if not mine:
        return Judged(card, None, kinds.judge(card, key, None))
    last = mine[-1]
    verdict = kinds.judge(card, key, last.response if last.version == card["version"] else None)
    if last.version != card["version"]:
        verdict["status"], verdict["note"] = "malformed", _UNKNOWN.json()
    return Judged(card, None, verdict)
