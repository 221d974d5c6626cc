"""`selfcheck`: an honest look at oneself: no key, no verdict, and no answer that anyone takes.

What a learner reflects stays in `kefu.reflections`, on the learner's own machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Never

from kefu.card import Card, Key, Part, Response, public_id
from kefu.kinds import _shape
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.scenario import AuthoredKey, SelfcheckItem

ONE_REASON = False


def ask(ref: str, item: SelfcheckItem) -> dict[str, Any]:
    """The statements, each with its tip and the side of oneself that it is about."""
    shown = [
        {
            "id": public_id(ref, statement.text().json()),
            "text": statement.text().json(),
            "tip": statement.tip.text().json(),
            "axis": statement.axis.text().json() if statement.axis else None,
        }
        for statement in item.statement.values()
    ]
    return {"statements": sorted(shown, key=lambda one: str(one["id"]))}


def key(ref: str, item: SelfcheckItem, authored: AuthoredKey) -> Key:
    """It has none."""
    return {}


def read(card: Card, response: Response) -> Never:
    """Nothing is an answer to a self-check, so that no desk ever keeps one."""
    raise _shape.Malformed(
        Text("自检只给自己看，不作为答案收。", "A self-check is yours alone; it is no answer.")
    )


def judge(key: Key, value: Any) -> tuple[float, list[Part], None]:
    """Never reached: `read` refuses."""
    return 0.0, [], None


def expert(key: Key) -> Response:
    """Nobody knows better."""
    return {}


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """Nothing."""
    return []
