"""The question that a page shows before its script is there: to be read, and picked from, at once.

The player draws over it, element by element, and keeps what is picked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kefu.card import Choice
from kefu.house.quiz import AT_ONCE

__all__ = ["early", "in_order"]


def early(quiz: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the page needs of the question that the player will open at.

    Args:
        quiz: as the house gives it: title, cards, receipts and seed.

    Returns:
        `{title, marks, card, type, options}`: a mark for each question, and the options in this
        person's order; None if that question is of a kind that only the player can draw, or
        everything is answered.
    """
    cards, receipts = quiz["cards"], quiz["receipts"]
    done = [receipts.get(card["item"], {}).get("version") == card["version"] for card in cards]
    if all(done) or len(cards) < 2:
        return None
    at = done.index(False)
    card = cards[at]
    if card["kind"] not in AT_ONCE:
        return None
    marks = ["k-done" if answered else "" for answered in done]
    marks[at] = "k-now"
    return {
        "title": quiz["title"],
        "marks": marks,
        "card": card,
        "type": "radio" if card["kind"] == "choice" else "checkbox",
        "options": in_order(card["options"], quiz["seed"], card["item"]),
    }


def in_order(options: Sequence[Choice], seed: str, item: str) -> list[Choice]:
    """The options in the order in which the player shows them to whoever has that seed."""
    return sorted(options, key=lambda option: _hash(f"{seed} {item} {option['id']}"))


def _hash(text: str) -> int:
    """FNV-1a, stirred as murmur3 ends: what the player draws its order from, to the bit."""
    h = 0x811C9DC5
    for letter in text:
        h = (h ^ ord(letter)) * 0x01000193 & 0xFFFFFFFF
    h = (h ^ h >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return h ^ h >> 16
