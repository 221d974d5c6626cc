"""One kind of item, one module, the same few verbs.

| verb | what it does |
|---|---|
| `ask(ref, item)` | the fields that the kind adds to a card |
| `key(ref, item, authored)` | the author's key under published ids |
| `read(card, response)` | the response as a value; None if blank; else `Malformed` |
| `judge(key, value)` | credit, the credit of each part, and how the credit came about |
| `expert(key)` | the expert's response |
| `show(card, response, lang)` | the response in words |
| `more(key, value)` | optional: what else the verdict carries |

Beside its kind's own field a response may hold `sure` (how sure the learner was) and `hints` (how
many were opened): these are taken off here, before the kind sees the rest.
All are pure, and run beside a learner (practice) as well as on the house's machines:
nothing here imports what an author's side needs.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response, Status, Verdict
from kefu.errors import KefuError
from kefu.kinds import (
    choice,
    choices,
    dialogue,
    match,
    number,
    order,
    review,
    rewrite,
    selfcheck,
)
from kefu.kinds._shape import Malformed
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.scenario import AuthoredKey, Item

__all__ = ["Malformed", "ask", "expert", "is_complete", "judge", "key", "show"]

_KINDS: dict[str, ModuleType] = {
    "choice": choice,
    "choices": choices,
    "order": order,
    "match": match,
    "number": number,
    "rewrite": rewrite,
    "dialogue": dialogue,
    "review": review,
    "selfcheck": selfcheck,
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
    """What the item adds to its card: the fields of its kind, its hints, whether it asks how sure.

    Raises:
        KefuError: nobody knows the kind.
    """
    fields: dict[str, Any] = _kind(item.kind).ask(ref, item)
    if item.hint:
        fields["hints"] = [{"text": h.text().json(), "cost": h.cost} for h in item.hint]
    if item.confidence:
        fields["confidence"] = True
    return fields


def key(ref: str, item: Item, authored: AuthoredKey) -> Key:
    """The author's key under the published ids of `ask`."""
    made: Key = _kind(item.kind).key(ref, item, authored)
    if authored.takeaway:
        made["takeaway"] = authored.takeaway.text().json()
    return made


def _apart(card: Card, response: Response) -> tuple[Response, int]:
    """The answer itself, and how many hints were opened.

    Raises:
        Malformed: the card asks no such thing, or has no so many hints.
    """
    answer = dict(response)
    sure, opened = answer.pop("sure", None), answer.pop("hints", 0)
    if not (sure is None or (isinstance(sure, bool) and card.get("confidence"))):
        raise Malformed.shape()
    if type(opened) is not int or not 0 <= opened <= len(card.get("hints", ())):
        raise Malformed.shape()
    return answer, opened


def is_complete(card: Card, response: object) -> bool:
    """Whether this is a whole answer that somebody could have given to this card."""
    try:
        if not isinstance(response, dict):
            return False
        answer, _ = _apart(card, response)
        return _kind(card["kind"]).read(card, answer) is not None
    except Malformed:
        return False


def judge(card: Card, key: Key, response: object) -> Verdict:
    """What the response is worth under this key; never raises, whatever the response is.

    Blank is 0.
    A response of the wrong shape is 0 and says why in `note`.
    Hints lower the credit by what they cost.
    """
    kind = _kind(card["kind"])
    note: Text | None = None
    status: Status = "judged"
    credit, parts, more = 0.0, list[Part](), dict[str, Any]()
    try:
        value, opened = None, 0
        if isinstance(response, dict):
            answer, opened = _apart(card, response)
            value = kind.read(card, answer) if answer else None
        elif response is not None:
            raise Malformed.shape()
        if value is None:
            status = "blank"
            note = Text("没有作答，按 0 分计。", "Not answered, so no credit.")
        else:
            credit, parts, note = kind.judge(key, value)
            credit, note = _less_hints(card, opened, credit, note)
            more = kind.more(key, value) if hasattr(kind, "more") else {}
    except Malformed as error:
        status = "malformed"
        note = error.why
    verdict = Verdict(
        credit=round(min(max(credit, 0.0), 1.0), 4),
        status=status,
        parts=parts,
        why=key.get("why") if kind.ONE_REASON else None,
        takeaway=key.get("takeaway"),
        note=note.json() if note else None,
        expert=kind.expert(key),
    )
    verdict.update(more)  # type: ignore[typeddict-item]
    return verdict


def _less_hints(
    card: Card, opened: int, credit: float, note: Text | None
) -> tuple[float, Text | None]:
    """The credit without what the opened hints cost, and a note that says so."""
    cost = sum(hint["cost"] for hint in card.get("hints", [])[:opened])
    if not (cost and credit):
        return credit, note
    share = f"{int(100 * cost + 0.5)}%"  # as the page rounds it
    said = Text(
        f"看了 {opened} 条提示，少得 {share} 的分。",
        f"{opened} {'hint' if opened == 1 else 'hints'} opened: {share} less credit.",
    )
    both = Text(note.zh + said.zh, f"{note.en} {said.en}") if note else said
    return credit * (1 - cost), both


def expert(card: Card, key: Key) -> Response:
    """The expert's response, worth full credit."""
    response: Response = _kind(card["kind"]).expert(key)
    return response


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """A response in words, one line a part: the options picked, the steps in their order."""
    answer, _ = _apart(card, response)
    lines: list[str] = _kind(card["kind"]).show(card, answer, lang)
    if isinstance(response.get("sure"), bool):
        sure, unsure = Text("有把握", "sure"), Text("没把握", "not sure")
        lines.append((sure if response["sure"] else unsure)[lang])
    return lines
