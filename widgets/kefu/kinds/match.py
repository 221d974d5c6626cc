"""`match`: each left has its right; a right may serve several lefts, or none.

Credit is the mean over the lefts: 1 for its own right, 0.5 for one that the author lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response
from kefu.kinds import _shape
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.scenario import MatchItem, MatchKey

ONE_REASON = False
HALF = 0.5


def _sides(ref: str) -> tuple[str, str]:
    """Names from which ids are made, so that a left and a right that read the same differ."""
    return f"{ref} left", f"{ref} right"


def ask(ref: str, item: MatchItem) -> dict[str, Any]:
    """The lefts, the rights, and whether the rights are bins."""
    left, right = _sides(ref)
    return {
        "lefts": _shape.publish(left, item.left),
        "rights": _shape.publish(right, item.right),
        "bins": item.bins,
    }


def key(ref: str, item: MatchItem, authored: MatchKey) -> Key:
    """The right of each left, the rights that earn half, and the reasons."""
    left, right = _sides(ref)
    lefts, rights = _shape.public(left, item.left), _shape.public(right, item.right)
    return {
        "pair": {lefts[n]: rights[r] for n, r in authored.pair.items()},
        "half": {lefts[n]: sorted(rights[r] for r in rs) for n, rs in authored.half.items()},
        "why": {lefts[n]: why.text().json() for n, why in authored.why.items()},
    }


def read(card: Card, response: Response) -> dict[str, str] | None:
    """The right given to each left."""
    given = _shape.only(response, "pairs")
    if not isinstance(given, dict):
        raise _shape.Malformed.shape()
    if not given:
        return None
    lefts, rights = ({one["id"] for one in card[side]} for side in ("lefts", "rights"))
    if not all(isinstance(right, str) for right in given.values()):
        raise _shape.Malformed.shape()
    if not (given.keys() <= lefts and set(given.values()) <= rights):
        raise _shape.Malformed.stranger()
    if len(given) != len(lefts):
        raise _shape.Malformed.shape()
    return given


def judge(key: Key, value: dict[str, str]) -> tuple[float, list[Part], Text]:
    """The mean credit of the lefts, and each one's own."""
    earned = {left: _credit(key, left, right) for left, right in value.items()}
    full = sum(credit == 1 for credit in earned.values())
    half = sum(credit == HALF for credit in earned.values())
    note = Text(
        f"{len(earned)} 项里配对了 {full} 项" + (f"，另有 {half} 项算一半。" if half else "。"),
        f"{full} of {len(earned)} are right"
        + (f", and {half} earn{'s' * (half == 1)} half." if half else "."),
    )
    return sum(earned.values()) / len(earned), _shape.parts(earned, key["why"]), note


def _credit(key: Key, left: str, right: str) -> float:
    if right == key["pair"][left]:
        return 1.0
    return HALF if right in key["half"].get(left, ()) else 0.0


def expert(key: Key) -> Response:
    """The expert's pairs."""
    return {"pairs": dict(sorted(key["pair"].items()))}


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """Each left with its right, in the card's order."""
    right = {one["id"]: one["text"][lang] for one in card["rights"]}
    pairs = response["pairs"]
    return [f"{one['text'][lang]} → {right[pairs[one['id']]]}" for one in card["lefts"]]
