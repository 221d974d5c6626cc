"""Which five are asked today: pure, so that every house with the same items asks the same."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from kefu.card import Card, digest
from kefu.text import Text

__all__ = ["AT_ONCE", "KINDS", "SIZE", "TITLE", "draw"]

SIZE = 5
TITLE = Text("每日五题", "Daily five")
KINDS = ("choice", "choices", "order", "match", "number", "dialogue")
"""What is asked between two customers: no call to review, no text to write."""
AT_ONCE = ("choice", "choices")
"""What a page can show, and be answered on, before its script is there."""


def draw(day: dt.date, cards: Sequence[Card], kept: Sequence[str] = ()) -> list[Card]:
    """The quiz of a day: `SIZE` cards, or all of them where there are fewer.

    All cards stand in a ring, neighbours as unlike as can be, and each day takes the next `SIZE`:
    so every item has its turn, two days running differ wherever there are more than `SIZE` cards,
    and share nothing from twice as many on.
    The first is one that the page can show at once, if there is one.

    Args:
        day: the house's own date.
        cards: what may be asked, of whatever kind; their order does not matter.
        kept: items that this day's quiz already holds; only the rest is drawn.
    """
    held = set(kept)
    ring = _ring([card for card in cards if card["kind"] in KINDS])
    start = SIZE * day.toordinal() % len(ring) if ring else 0
    turn = [card for card in ring[start:] + ring[:start] if card["item"] not in held]
    hand = turn[: max(0, SIZE - len(held))]
    hand.sort(key=lambda card: digest("daily", day.isoformat(), card["item"]))
    first = next((card for card in hand if card["kind"] in AT_ONCE), None)
    return sorted(hand, key=lambda card: card is not first)


def _ring(cards: Sequence[Card]) -> list[Card]:
    """All cards, every stretch of them as mixed as the whole.

    The next card is of another story than the last few,
    and of the lesson and kind that are furthest behind their share.
    """
    left = {card["item"]: card for card in cards}
    share = Counter(mark for card in left.values() for mark in _marks(card))
    placed: Counter[str] = Counter()
    ring: list[Card] = []
    while left:
        stories = Counter(_marks(card)[0] for card in ring[-(SIZE - 1) :])
        at = len(ring) + 1

        def rank(card: Card, stories: Counter[str] = stories, at: int = at) -> tuple[int, int, str]:
            story, *shared = _marks(card)
            behind = sum(share[mark] * at - placed[mark] * len(cards) for mark in shared)
            return stories[story], -behind, digest("ring", card["item"])

        ring.append(left.pop(min(left.values(), key=rank)["item"]))
        placed.update(_marks(ring[-1]))
    return ring


def _marks(card: Card) -> tuple[str, str, str]:
    story = card["item"].partition("--")[0]
    return f"story {story}", f"lesson {card['lesson']}", f"kind {card['kind']}"
