"""The keys of the eight kinds that have one; a self-check has none."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field, StringConstraints

from kefu.scenario._written import Credit, Name, Words, Written

__all__ = [
    "KEYS",
    "AuthoredKey",
    "ChoiceKey",
    "ChoicesKey",
    "DialogueKey",
    "MatchKey",
    "NumberKey",
    "OrderKey",
    "ReviewKey",
    "RewriteKey",
]


class _Key(Written):
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


Figure: TypeAlias = float | Annotated[str, StringConstraints(pattern=r"[0-9({]")]
"""A number, or a formula: whatever else that holds, there is a figure or a bracket in it."""


class NumberKey(_Key):
    """The number, or a formula over the house's standards and the data shown; or a range.

    `tolerance` is absolute, `tolerance_percent` a share of the value; `least` and `most` are
    the ends of a range and belong to it.
    """

    value: Figure | None = None
    least: Figure | None = None
    most: Figure | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    tolerance_percent: Annotated[float, Field(ge=0, le=100)] = 0.0
    why: Words


class MatchKey(_Key):
    """The right of each left, and the rights that earn half."""

    pair: dict[Name, Name]
    half: dict[Name, list[Name]] = {}
    why: dict[Name, Words]


class Phrase(Written):
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
    rubric: Annotated[dict[Name, Criterion], Field(min_length=1, max_length=9)]
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
