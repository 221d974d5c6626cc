"""What a learner may see of an item.

A card has no field in which a sealed answer could stand; its key is a thing of its own (`Key`),
which travels with practice cards only.
Cards, keys, responses and receipts pass between Python, notebooks and pages as JSON;
the types below name their fields, and are checked where they come from outside.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Literal, NotRequired, TypedDict

from kefu.text import Text, TextJSON

__all__ = [
    "ITEM_REF",
    "LONGEST_REF",
    "MARKED",
    "RUBRIC",
    "SLUG",
    "SPEAKERS",
    "Card",
    "Choice",
    "Hint",
    "Key",
    "Moment",
    "Part",
    "Receipt",
    "Response",
    "Room",
    "Saying",
    "Status",
    "Turn",
    "Verdict",
    "canonical",
    "digest",
    "public_id",
    "version_of",
]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ITEM_REF = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*--[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_REF = 64
RUBRIC = "--rubric-"
"""The cells of a graded rewrite that a person marks are called so after the item's reference,
with a number: one for each line of the rubric, from 1."""
MARKED = Text(
    "这一格留给老师按评分要点批改，看的是上面保存的答案，不用再写一遍。",
    "Your instructor marks this part by a rubric, from the answer saved above; "
    "there is no need to write it again.",
)
"""What stands in such a cell until there is something to mark."""

Room = Literal["practice", "graded", "exam"]
Status = Literal["judged", "blank", "malformed"]
Response = dict[str, Any]
"""What a learner gave: a claim, until the kind has checked its shape."""
Key = dict[str, Any]
"""What the kind's `judge` needs, under published ids."""


class Turn(TypedDict):
    """One line of the story."""

    who: str
    text: TextJSON


SPEAKERS = {
    "customer": Text("客户", "Customer"),
    "agent": Text("客服", "Agent"),
    "colleague": Text("同事", "Colleague"),
    "supervisor": Text("主管", "Supervisor"),
    "system": Text("系统", "System"),
}
"""What is written beside what somebody says; a scene has no speaker."""


class Choice(TypedDict):
    """An option or a step under its published, opaque id."""

    id: str
    text: TextJSON


class Hint(TypedDict):
    """A hint, and the share of the credit it costs to open it."""

    text: TextJSON
    cost: float


class Saying(TypedDict):
    """One thing the agent may say: where it leads, how it moves feelings, when it may be said."""

    id: str
    text: TextJSON
    to: str
    anger: int
    trust: int
    needs: dict[str, int]


class Moment(TypedDict):
    """A node of a dialogue; one without `says` is an ending. `scene`: what the agent sees there."""

    scene: NotRequired[TextJSON]
    customer: TextJSON | None
    ending: TextJSON | None
    says: list[Saying]


class Card(TypedDict):
    """An item as the player shows it; each kind fills fields of its own."""

    item: str
    version: str
    kind: str
    room: Room
    lesson: str
    title: TextJSON
    turns: list[Turn]
    prompt: TextJSON
    hints: NotRequired[list[Hint]]
    confidence: NotRequired[bool]
    options: NotRequired[list[Choice]]
    steps: NotRequired[list[Choice]]
    lefts: NotRequired[list[Choice]]
    rights: NotRequired[list[Choice]]
    bins: NotRequired[bool]
    unit: NotRequired[TextJSON | None]
    also: NotRequired[list[dict[str, Any]]]
    data: NotRequired[list[dict[str, Any]]]
    given: NotRequired[TextJSON]
    most: NotRequired[int]
    start: NotRequired[str]
    anger: NotRequired[int]
    trust: NotRequired[int]
    nodes: NotRequired[dict[str, Moment]]
    scorecard: NotRequired[dict[str, Any]]
    lines: NotRequired[list[dict[str, Any]]]
    statements: NotRequired[list[dict[str, Any]]]
    function: NotRequired[str]
    examples: NotRequired[list[dict[str, Any]]]
    tolerance: NotRequired[float]


class Part(TypedDict):
    """The credit and the reason of one option.

    A phrase of a rewrite also says whether it is `wanted`, which variant was `said` (None: none),
    and what it may be `like` in either language.
    """

    id: str
    credit: float
    why: TextJSON
    wanted: NotRequired[bool]
    said: NotRequired[str | None]
    like: NotRequired[TextJSON]


class Verdict(TypedDict):
    """What a response is worth, and why.

    `credit` is 0 to 1.
    `status` is `blank` for no answer and `malformed` for a response that nobody could have typed;
    both are worth 0.
    `note` says how the credit came about, or why there is none; `why` is the item's own reason.
    `expert` is the expert's response.
    """

    credit: float
    status: Status
    parts: list[Part]
    why: TextJSON | None
    takeaway: TextJSON | None
    note: TextJSON | None
    expert: Response
    outcome: NotRequired[float]
    kappa: NotRequired[float | None]
    range: NotRequired[list[str | None]]
    model: NotRequired[TextJSON]
    rubric: NotRequired[list[dict[str, Any]]]


class Receipt(TypedDict):
    """An answer that is on disk. `verdict` is None where the room does not show it.

    `tries` counts the answers given to this version of the item, this one among them;
    `first` is the credit of the first one, None where nothing was judged.
    """

    item: str
    version: str
    response: Response
    at: str
    verdict: Verdict | None
    tries: int
    first: float | None


def canonical(data: object) -> str:
    """JSON with one spelling only: sorted names, no spaces, 汉字 as they are."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest(*parts: str) -> str:
    """SHA-256 over the parts, each kept apart from the next, as 64 hex digits."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def public_id(item: str, text: TextJSON) -> str:
    """The opaque id of an option or a step: a hash of public text only (10 hex digits).

    Whatever its author called it and wherever it was declared, the same words get the same id;
    so neither names nor order can tell the answer.
    """
    return digest("id", item, text["zh"], text["en"])[:10]


def version_of(card: Card) -> str:
    """The hash of the published card without the version itself (16 hex digits)."""
    return digest("card", canonical({k: v for k, v in card.items() if k != "version"}))[:16]
