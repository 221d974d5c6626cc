"""The same five questions for everybody, out of this repository's own content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kefu.bank import read
from kefu.publish import Published

__all__ = ["REFS", "chosen", "plain", "reasons"]

ROOT = Path(__file__).resolve().parents[2]
REFS = (
    "hotel-late-checkout--two-guests",
    "bakery-cake-counter--hundred-percent",
    "hospital-three-windows--whose-job",
    "till-bad-morning--next-in-line",
    "two-left-panels--first-reply",
)
"""Choice items of five stories, with five options each; as many as the page asks in a day."""
_NEEDLE = 12
"""So many characters of a reason are looked for: a renderer may break a longer text in two."""


def chosen() -> list[Published]:
    """The five, as they are released to a house.

    Raises:
        ValueError: the content has faults, or one of the five is gone.
    """
    bank, faults = read([ROOT / "content"])
    if faults:
        raise ValueError([fault.say("en") for fault in faults])
    found = {e.ref: e for e in bank.entries if e.ref in REFS}
    if missing := set(REFS) - set(found):
        raise ValueError(f"no such items: {sorted(missing)}")
    return [bank.publish(found[ref]) for ref in REFS]


def plain(items: Sequence[Published]) -> list[dict[str, Any]]:
    """The five in Chinese, as the peers are given them.

    Each is `{"item", "story": [line], "prompt", "options": [{"id", "text", "credit", "why"}],
    "takeaway"}`; texts are plain words.
    """
    made = []
    for one in items:
        card, key = one.card, one.key
        made.append(
            {
                "item": card["item"],
                "story": [turn["text"]["zh"] for turn in card["turns"]],
                "prompt": card["prompt"]["zh"],
                "options": [
                    {
                        "id": option["id"],
                        "text": option["text"]["zh"],
                        "credit": key["credit"][option["id"]],
                        "why": key["why"][option["id"]]["zh"],
                    }
                    for option in card["options"]
                ],
                "takeaway": key["takeaway"]["zh"],
            }
        )
    return made


def reasons(questions: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Option → the beginning of its reason: what appears on the page once it was answered."""
    return {
        option["text"]: option["why"][:_NEEDLE]
        for question in questions
        for option in question["options"]
    }
