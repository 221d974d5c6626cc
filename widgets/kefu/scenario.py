"""What an author wrote: the grammar of `content/scenarios/<slug>.toml`, of all nine kinds.

A scenario is a story; its items are the questions asked about it; its keys stand apart,
under `[open.<id>]` for practice and `[sealed.<id>]` for graded and exam items.
`docs/grammar.md` shows an example of each kind, and a test reads it with these models.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kefu.text import Text

__all__ = [
    "KEYS",
    "KINDS_ASKED",
    "PLACEHOLDER",
    "AuthoredKey",
    "ChoiceItem",
    "ChoiceKey",
    "ChoicesItem",
    "ChoicesKey",
    "DialogueItem",
    "DialogueKey",
    "Item",
    "MatchItem",
    "MatchKey",
    "NumberItem",
    "NumberKey",
    "OrderItem",
    "OrderKey",
    "ReviewItem",
    "ReviewKey",
    "RewriteItem",
    "RewriteKey",
    "Scenario",
    "SelfcheckItem",
    "Turn",
    "Words",
]

KINDS_ASKED = ("choice", "choices", "order", "number")
"""The kinds that are asked today; the others are grammar only."""

Slug: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")]
"""What authors call an option, a step, a node: seen by authors only."""
Credit: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Feeling: TypeAlias = Annotated[int, Field(ge=-10, le=10)]
Standard: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^\{standard\.[a-z0-9_]+\.[a-z0-9_]+\}$")
]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Words(_Written):
    """The same words in both languages."""

    zh: Annotated[str, StringConstraints(min_length=1)]
    en: Annotated[str, StringConstraints(min_length=1)]

    def text(self) -> Text:
        """As the rest of the package carries it."""
        return Text(self.zh, self.en)


class Turn(Words):
    """One line of the story."""

    who: Literal["scene", "customer", "agent", "colleague", "supervisor"]


class _Item(_Written):
    """What every item has."""

    id: Slug
    use: Literal["practice", "graded", "exam"]
    lesson: Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.\d{1,2})?$")]
    prompt: Words
    set: Slug | None = None
    points: Annotated[int, Field(ge=1, le=100)] = 4
    hint: list[Words] = []
    confidence: bool = False
    rule: Name | None = None
    effective_from: dt.date | None = None
    superseded_on: dt.date | None = None
    critical: bool = False
    parallel: Slug | None = None
    source: Words | None = None


class ChoiceItem(_Item):
    """One option is picked."""

    kind: Literal["choice"]
    option: Annotated[dict[Name, Words], Field(min_length=2, max_length=8)]


class ChoicesItem(_Item):
    """Some options are picked."""

    kind: Literal["choices"]
    option: Annotated[dict[Name, Words], Field(min_length=2, max_length=10)]


class OrderItem(_Item):
    """Steps are put in order."""

    kind: Literal["order"]
    step: Annotated[dict[Name, Words], Field(min_length=3, max_length=12)]


class NumberItem(_Item):
    """A number is worked out."""

    kind: Literal["number"]
    unit: Words | None = None


class MatchItem(_Item):
    """Each left card is paired with a right one; rights may serve several, or none."""

    kind: Literal["match"]
    left: Annotated[dict[Name, Words], Field(min_length=2)]
    right: Annotated[dict[Name, Words], Field(min_length=2)]
    bins: bool = False


class RewriteItem(_Item):
    """A sentence is said better."""

    kind: Literal["rewrite"]
    given: Words
    max_length: Annotated[int, Field(ge=20, le=2000)] = 400


class Say(Words):
    """One thing the agent may say at a node of a dialogue."""

    to: Name
    anger: Feeling = 0
    trust: Feeling = 0
    needs: dict[Literal["anger_min", "anger_max", "trust_min", "trust_max"], int] = {}


class Node(_Written):
    """A moment of a dialogue: what the customer says, what one may answer (nothing: an ending)."""

    customer: Words
    say: dict[Name, Say] = {}


class DialogueItem(_Item):
    """A path through a conversation."""

    kind: Literal["dialogue"]
    start: Name
    anger: Annotated[int, Field(ge=0, le=10)] = 5
    trust: Annotated[int, Field(ge=0, le=10)] = 5
    node: Annotated[dict[Name, Node], Field(min_length=2)]


class Line(Words):
    """One line of a call transcript."""

    who: Literal["customer", "agent", "system"]
    at: Annotated[str, StringConstraints(pattern=r"^\d{1,2}:\d{2}$")] | None = None


class ReviewItem(_Item):
    """A scorecard is filled in for a call."""

    kind: Literal["review"]
    scorecard: Slug
    line: Annotated[list[Line], Field(min_length=2)]


class Statement(Words):
    """One statement of a self-check, with a tip for whoever says "not yet"."""

    axis: Words | None = None
    tip: Words


class SelfcheckItem(_Item):
    """An honest look at oneself: no key, never graded."""

    kind: Literal["selfcheck"]
    use: Literal["practice"]
    statement: Annotated[dict[Name, Statement], Field(min_length=3)]


Item: TypeAlias = Annotated[
    ChoiceItem
    | ChoicesItem
    | OrderItem
    | NumberItem
    | MatchItem
    | RewriteItem
    | DialogueItem
    | ReviewItem
    | SelfcheckItem,
    Field(discriminator="kind"),
]


class _Key(_Written):
    """What every key may have: one line to remember."""

    takeaway: Words | None = None


class ChoiceKey(_Key):
    """The credit and the reason of every option."""

    credit: dict[Name, Credit]
    why: dict[Name, Words]


class ChoicesKey(_Key):
    """Which options are right, and the reason of every option."""

    right: Annotated[list[Name], Field(min_length=1)]
    why: dict[Name, Words]


class OrderKey(_Key):
    """The expert's order; the pairs in `free` may stand either way round."""

    order: list[Name]
    free: list[Annotated[list[Name], Field(min_length=2, max_length=2)]] = []
    why: Words


class NumberKey(_Key):
    """The number, or the house's standard that says it; `tolerance` is absolute."""

    value: float | Standard
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    why: Words


class MatchKey(_Key):
    """The right of each left, and the rights that earn half."""

    pair: dict[Name, Name]
    half: dict[Name, list[Name]] = {}
    why: dict[Name, Words]


class Phrase(_Written):
    """A phrase that must, or must not, be there: any of its variants counts."""

    zh: Annotated[list[str], Field(min_length=1)]
    en: Annotated[list[str], Field(min_length=1)]
    why: Words


class Criterion(Words):
    """One line of a rubric."""

    points: Annotated[int, Field(ge=1, le=100)]


class RewriteKey(_Key):
    """Phrases are judged; the rubric is marked by a person, beside the model answer."""

    required: dict[Name, Phrase] = {}
    forbidden: dict[Name, Phrase] = {}
    rubric: Annotated[dict[Name, Criterion], Field(min_length=1)]
    model: Words


class DialogueKey(_Key):
    """Credit and reason of each saying, by node; outcome of each ending."""

    credit: dict[Name, dict[Name, Credit]]
    why: dict[Name, dict[Name, Words]]
    outcome: dict[Name, Credit]


class ReviewKey(_Key):
    """The expert's scores and the critical errors the call holds."""

    score: dict[Name, float]
    critical: list[Name] = []
    why: dict[Name, Words]


AuthoredKey: TypeAlias = (
    ChoiceKey | ChoicesKey | OrderKey | NumberKey | MatchKey | RewriteKey | DialogueKey | ReviewKey
)

KEYS: dict[str, type[_Key]] = {
    "choice": ChoiceKey,
    "choices": ChoicesKey,
    "order": OrderKey,
    "number": NumberKey,
    "match": MatchKey,
    "rewrite": RewriteKey,
    "dialogue": DialogueKey,
    "review": ReviewKey,
}
"""The grammar of each kind's key; a self-check has none."""


class Scenario(_Written):
    """One story, its items, and their keys as typed.

    `open` and `sealed` hold raw tables here: each is read with the grammar of its item's kind
    (`KEYS`), which a table by itself does not know.
    """

    teaches: Annotated[list[Slug], Field(min_length=1, max_length=2)]
    title: Words
    turn: Annotated[list[Turn], Field(min_length=1)]
    item: Annotated[list[Item], Field(min_length=1)]
    open: dict[Slug, dict[str, Any]] = {}
    sealed: dict[Slug, dict[str, Any]] = {}


PLACEHOLDER = re.compile(r"\{standard\.([a-z0-9_]+)\.([a-z0-9_]+)\}")
"""`{standard.<topic>.<name>}` in a text or as a number's value."""
