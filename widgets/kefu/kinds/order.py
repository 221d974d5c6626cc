"""`order`: steps are put in order.

Credit is max(0, 2 * share - 1), where share is the part of the required precedence pairs that are
kept: a random order is worth 0 on average before the floor, as Kendall's tau is.
Pairs that the author names free may stand either way round.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response
from kefu.kinds import _shape
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.scenario import OrderItem, OrderKey

ONE_REASON = True


def ask(ref: str, item: OrderItem) -> dict[str, Any]:
    """The steps, in the order of their ids."""
    return {"steps": _shape.publish(ref, item.step)}


def key(ref: str, item: OrderItem, authored: OrderKey) -> Key:
    """The expert's order and the free pairs."""
    ids = _shape.public(ref, item.step)
    return {
        "order": [ids[n] for n in authored.order],
        "free": sorted(sorted(ids[n] for n in pair) for pair in authored.free),
        "why": authored.why.text().json(),
    }


def read(card: Card, response: Response) -> tuple[str, ...] | None:
    """All steps, each once."""
    given = _shape.ids_of(response, "order", (s["id"] for s in card["steps"]))
    if not given:
        return None
    if len(given) != len(card["steps"]):
        raise _shape.Malformed.shape()
    return given


def judge(key: Key, value: tuple[str, ...]) -> tuple[float, list[Part], Text]:
    """Twice the share of required pairs kept, less one, and never below 0."""
    free = {frozenset(pair) for pair in key["free"]}
    required = [p for p in combinations(key["order"], 2) if frozenset(p) not in free]
    place = {step: at for at, step in enumerate(value)}
    kept = sum(place[first] < place[then] for first, then in required)
    # Whoever sees four pairs of seven kept and 14% must be able to see why.
    off = len(required) - kept
    costs_zh = f"排反了 {off} 对，每一对抵掉排对的一对。" if kept and off else ""
    costs_en = f" {off} are not, and each takes back one that is." if kept and off else ""
    note = Text(
        f"要分先后的 {len(required)} 对步骤里，排对了 {kept} 对。{costs_zh}",
        f"Of {len(required)} pairs of steps whose order matters, {kept} are in order.{costs_en}",
    )
    return (max(0.0, 2 * kept / len(required) - 1) if required else 1.0), [], note


def expert(key: Key) -> Response:
    """The expert's order."""
    return {"order": list(key["order"])}


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """The steps, numbered."""
    words = _shape.words_of(card["steps"], response["order"], lang)
    return [f"{at}. {text}" for at, text in enumerate(words, 1)]
