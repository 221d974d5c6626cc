"""The items of all nine kinds."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from kefu.scenario._written import Feeling, Name, Slug, Words, Written

__all__ = [
    "ChoiceItem",
    "ChoicesItem",
    "DialogueItem",
    "Item",
    "MatchItem",
    "NumberItem",
    "OrderItem",
    "ReviewItem",
    "RewriteItem",
    "SelfcheckItem",
]


class _Item(Written):
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


class Node(Written):
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
