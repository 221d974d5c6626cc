"""The items of all nine kinds."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from kefu.scenario._written import Feeling, Name, Slug, Words, Written

__all__ = [
    "ChoiceItem",
    "ChoicesItem",
    "Column",
    "Criterion",
    "DialogueItem",
    "Item",
    "MatchItem",
    "Node",
    "NumberItem",
    "OrderItem",
    "ReviewItem",
    "RewriteItem",
    "Say",
    "Scorecard",
    "SelfcheckItem",
]


class Hint(Words):
    """One hint, and the share of the credit that it costs."""

    cost: Annotated[float, Field(gt=0, le=1)] = 0.25


class _Item(Written):
    """What every item has."""

    id: Slug
    use: Literal["practice", "graded", "exam"]
    lesson: Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.\d{1,2})?$")]
    prompt: Words
    set: Slug | None = None
    points: Annotated[int, Field(ge=1, le=100)] = 4
    hint: Annotated[list[Hint], Field(max_length=3)] = []
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


class Unit(Words):
    """Another unit one may answer in: one of it is `factor` of the item's unit."""

    factor: Annotated[float, Field(gt=0)]


class Column(Words):
    """A column of the data shown with a number item, under its heading."""

    values: Annotated[list[float], Field(min_length=1, max_length=100)]


class NumberItem(_Item):
    """A number is worked out, from the story or from data shown."""

    kind: Literal["number"]
    unit: Words | None = None
    also: Annotated[dict[Name, Unit], Field(max_length=4)] = {}
    data: Annotated[dict[Name, Column], Field(max_length=6)] = {}


class MatchItem(_Item):
    """Each left card is paired with a right one; rights may serve several, or none."""

    kind: Literal["match"]
    left: Annotated[dict[Name, Words], Field(min_length=2, max_length=10)]
    right: Annotated[dict[Name, Words], Field(min_length=2, max_length=10)]
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
    """A moment of a dialogue: what the customer says, and what one may answer.

    An ending has no `say`: `ending` tells how it came out, `customer` the last words, if any.
    `scene` is what the agent sees at this moment: what the screen says, what time it is.
    """

    scene: Words | None = None
    customer: Words | None = None
    ending: Words | None = None
    say: Annotated[dict[Name, Say], Field(max_length=6)] = {}


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


class Level(Words):
    """One anchored step of a criterion."""

    score: Annotated[int, Field(ge=0, le=10)]


class Criterion(Words):
    """One observable behaviour of a scorecard, its levels from the lowest up."""

    id: Slug
    weight: Annotated[float, Field(gt=0)] = 1.0
    level: Annotated[list[Level], Field(min_length=2, max_length=6)]


class Critical(Words):
    """One error that must not happen in any call."""

    id: Slug


class Scorecard(Written):
    """`content/scorecards/<slug>.toml`: what a call is scored on."""

    title: Words
    criterion: Annotated[list[Criterion], Field(min_length=2, max_length=12)]
    critical: Annotated[list[Critical], Field(max_length=8)] = []


class ReviewItem(_Item):
    """A scorecard is filled in for a call.

    Authors name the scorecard; publishing puts the card itself in the place of its name.
    """

    kind: Literal["review"]
    scorecard: Slug | Scorecard
    line: Annotated[list[Line], Field(min_length=2)]


class Statement(Words):
    """One statement of a self-check, with a tip for whoever says "not yet"."""

    axis: Words | None = None
    tip: Words


class SelfcheckItem(_Item):
    """An honest look at oneself: no key, never graded."""

    kind: Literal["selfcheck"]
    use: Literal["practice"]
    statement: Annotated[dict[Name, Statement], Field(min_length=3, max_length=30)]


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
