"""One kind of item, one module, the same few verbs.

| verb | what it does |
|---|---|
| `ask(ref, item)` | the fields that the kind adds to a card |
| `key(ref, item, authored)` | the author's key under published ids |
| `read(card, response)` | the response as a value; None if blank; else `Malformed` |
| `judge(key, value)` | credit, the credit of each part, and how the credit came about |
| `expert(key)` | the expert's response |
| `show(card, response, lang)` | the response in words |

All are pure, and run beside a learner (practice) as well as on the house's machines:
nothing here imports what an author's side needs.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response, Status, Verdict
from kefu.errors import KefuError
from kefu.kinds import choice, choices, number, order
from kefu.kinds._shape import Malformed
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.scenario import AuthoredKey, Item

__all__ = ["Malformed", "ask", "expert", "is_complete", "judge", "key", "show"]

_KINDS: dict[str, ModuleType] = {
    "choice": choice,
    "choices": choices,
    "order": order,
    "number": number,
}


def _kind(name: str) -> Any:
    if name not in _KINDS:
        known = "、".join(_KINDS)
        raise KefuError(
            Text(f"还不会问 {name} 这种题", f"items of the kind {name!r} cannot be asked yet"),
            Text(f"请用：{known}", f"use one of: {', '.join(_KINDS)}"),
        )
    return _KINDS[name]


def ask(ref: str, item: Item) -> dict[str, Any]:
    """The fields that the item's kind adds to its card. KefuError: the kind cannot be asked yet."""
    fields: dict[str, Any] = _kind(item.kind).ask(ref, item)
    return fields


def key(ref: str, item: Item, authored: AuthoredKey) -> Key:
    """The author's key under the published ids of `ask`."""
    made: Key = _kind(item.kind).key(ref, item, authored)
    if authored.takeaway:
        made["takeaway"] = authored.takeaway.text().json()
    return made


def is_complete(card: Card, response: object) -> bool:
    """Whether this is a whole answer that somebody could have given to this card."""
    try:
        return isinstance(response, dict) and _kind(card["kind"]).read(card, response) is not None
    except Malformed:
        return False


def judge(card: Card, key: Key, response: object) -> Verdict:
    """What the response is worth under this key; never raises, whatever the response is.

    Blank is 0.
    A response of the wrong shape is 0 and says why in `note`.
    """
    kind = _kind(card["kind"])
    note: Text | None = None
    status: Status = "judged"
    credit, parts = 0.0, list[Part]()
    try:
        if response is None or response == {}:
            value = None
        elif isinstance(response, dict):
            value = kind.read(card, response)
        else:
            raise Malformed.shape()
        if value is None:
            status = "blank"
            note = Text("没有作答，按 0 分计。", "Not answered, so no credit.")
        else:
            credit, parts, note = kind.judge(key, value)
    except Malformed as error:
        status = "malformed"
        note = error.why
    return Verdict(
        credit=round(min(max(credit, 0.0), 1.0), 4),
        status=status,
        parts=parts,
        why=key.get("why") if kind.ONE_REASON else None,
        takeaway=key.get("takeaway"),
        note=note.json() if note else None,
        expert=kind.expert(key),
    )


def expert(card: Card, key: Key) -> Response:
    """The expert's response, worth full credit."""
    response: Response = _kind(card["kind"]).expert(key)
    return response


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """A response in words, one line a part: the options picked, the steps in their order."""
    lines: list[str] = _kind(card["kind"]).show(card, response, lang)
    return lines
