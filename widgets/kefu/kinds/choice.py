"""`choice`: one option is picked; each option has a credit of its own.

Part credit is how situational judgement is scored: the second best answer is worth something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response
from kefu.kinds import _shape
from kefu.text import Lang

if TYPE_CHECKING:
    from kefu.scenario import ChoiceItem, ChoiceKey

ONE_REASON = False


def ask(ref: str, item: ChoiceItem) -> dict[str, Any]:
    """The options."""
    return {"options": _shape.publish(ref, item.option)}


def key(ref: str, item: ChoiceItem, authored: ChoiceKey) -> Key:
    """Credit and reason of each option."""
    ids = _shape.public(ref, item.option)
    return {
        "credit": {ids[n]: credit for n, credit in authored.credit.items()},
        "why": {ids[n]: why.text().json() for n, why in authored.why.items()},
    }


def read(card: Card, response: Response) -> str | None:
    """The option picked."""
    given = _shape.only(response, "option")
    if given is None:
        return None
    if not isinstance(given, str):
        raise _shape.Malformed.shape()
    if given not in {o["id"] for o in card["options"]}:
        raise _shape.Malformed.stranger()
    return given


def judge(key: Key, value: str) -> tuple[float, list[Part], None]:
    """The credit of the option."""
    return key["credit"][value], _shape.parts(key["credit"], key["why"]), None


def expert(key: Key) -> Response:
    """An option with the most credit."""
    return {"option": max(sorted(key["credit"]), key=lambda i: key["credit"][i])}


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """The option's words."""
    return _shape.words_of(card["options"], [response["option"]], lang)
