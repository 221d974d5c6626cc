"""What an author wrote: the grammar of `content/scenarios/<slug>.toml`, of all nine kinds.

A scenario is a story; its items are the questions asked about it; its keys stand apart,
under `[open.<id>]` for practice and `[sealed.<id>]` for graded and exam items.
`docs/grammar.md` shows an example of each kind, and a test reads it with these models.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from kefu.scenario._written import Slug, Words, Written
from kefu.scenario.items import (
    ChoiceItem,
    ChoicesItem,
    Column,
    Criterion,
    DialogueItem,
    Item,
    MatchItem,
    Node,
    NumberItem,
    OrderItem,
    ReviewItem,
    RewriteItem,
    Say,
    Scorecard,
    SelfcheckItem,
)
from kefu.scenario.keys import (
    KEYS,
    AuthoredKey,
    ChoiceKey,
    ChoicesKey,
    DialogueKey,
    MatchKey,
    NumberKey,
    OrderKey,
    ReviewKey,
    RewriteKey,
)

__all__ = [
    "KEYS",
    "KINDS",
    "PLACEHOLDER",
    "AuthoredKey",
    "ChoiceItem",
    "ChoiceKey",
    "ChoicesItem",
    "ChoicesKey",
    "Column",
    "Criterion",
    "DialogueItem",
    "DialogueKey",
    "Item",
    "MatchItem",
    "MatchKey",
    "Node",
    "NumberItem",
    "NumberKey",
    "OrderItem",
    "OrderKey",
    "ReviewItem",
    "ReviewKey",
    "RewriteItem",
    "RewriteKey",
    "Say",
    "Scenario",
    "Scorecard",
    "SelfcheckItem",
    "Turn",
    "Words",
]

KINDS = (
    "choice",
    "choices",
    "order",
    "match",
    "number",
    "rewrite",
    "dialogue",
    "review",
    "selfcheck",
)
"""The nine kinds, from the quickest to answer to the longest."""

PLACEHOLDER = re.compile(r"\{standard\.([a-z0-9_]+)\.([a-z0-9_]+)\}")
"""`{standard.<topic>.<name>}` in a text or a number's formula."""


class Turn(Words):
    """One line of the story."""

    who: Literal["scene", "customer", "agent", "colleague", "supervisor"]


class Scenario(Written):
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
