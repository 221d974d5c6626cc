"""`choices`: some options are picked: (hits - false picks) / right, and never below 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response
from kefu.kinds import _shape
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.scenario import ChoicesItem, ChoicesKey

ONE_REASON = False


def ask(ref: str, item: ChoicesItem) -> dict[str, Any]:
    """The options."""
    return {"options": _shape.publish(ref, item.option)}


def key(ref: str, item: ChoicesItem, authored: ChoicesKey) -> Key:
    """Which options are right, and the reason of each."""
    ids = _shape.public(ref, item.option)
    return {
        "right": sorted(ids[n] for n in authored.right),
        "why": {ids[n]: why.text().json() for n, why in authored.why.items()},
    }


def read(card: Card, response: Response) -> frozenset[str] | None:
    """The options picked; none at all is blank."""
    known = (o["id"] for o in card["options"])
    return frozenset(_shape.ids_of(response, "options", known)) or None


def judge(key: Key, value: frozenset[str]) -> tuple[float, list[Part], Text]:
    """Hits less false picks, as a share of what is right."""
    right = set(key["right"])
    hits, false, missed = len(value & right), len(value - right), len(right - value)
    # Whoever sees ticks and no credit must be able to see why.
    costs_zh = "多选一项，抵掉选对的一项。" if hits and false else ""
    costs_en = " Each wrong pick takes back a right one." if hits and false else ""
    note = Text(
        f"选对 {hits} 项，多选 {false} 项，漏选 {missed} 项。{costs_zh}",
        f"{hits} rightly picked, {false} wrongly picked, {missed} missed.{costs_en}",
    )
    parts = _shape.parts({i: float(i in right) for i in key["why"]}, key["why"])
    return max(0.0, (hits - false) / len(right)), parts, note


def expert(key: Key) -> Response:
    """Just the right ones."""
    return {"options": list(key["right"])}


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """The words of each option picked, in published order."""
    return _shape.words_of(card["options"], sorted(response["options"]), lang)
