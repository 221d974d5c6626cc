"""The only door out: what an author wrote becomes a card, and a key that stays behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from kefu import kinds
from kefu.card import Card, Key, Room, Turn, public_id, version_of
from kefu.errors import KefuError
from kefu.scenario import (
    PLACEHOLDER,
    AuthoredKey,
    Item,
    NumberItem,
    NumberKey,
    ReviewItem,
    Scenario,
    Scorecard,
)
from kefu.scenario.formula import worked_out
from kefu.scenario.program import Program, hidden
from kefu.text import Text, digits

__all__ = ["Published", "publish", "publish_program"]

M = TypeVar("M", bound=BaseModel)


class Standards(Protocol):
    """The house's numbers, by the day they are in force."""

    def value(self, topic: str, name: str, on: dt.date) -> int | float:
        """The number; KefuError if it is unknown, or none is in force on that day."""


@dataclass(frozen=True, slots=True)
class Published:
    """A card, its key, and the standards (`topic.name` → number) that were written into them."""

    card: Card
    key: Key
    standards: dict[str, int | float]

    @property
    def room(self) -> Room:
        """Where the item lives."""
        return self.card["room"]


def publish(
    ref: str,
    story: Scenario,
    item: Item,
    key: AuthoredKey | None,
    standards: Standards,
    on: dt.date,
    scorecards: Mapping[str, Scorecard] | None = None,
) -> Published:
    """Make the card and the key of one item, with the standards in force on that day.

    The card depends on public words only:
    not on the key, nor on what options were called or where they were declared.

    Args:
        ref: `<scenario>--<item>`.
        story: the scenario.
        item: one of its items.
        key: its key; None for a self-check, which has none.
        standards: the house's numbers.
        on: the day whose standards count.
        scorecards: by slug, for items that review a call.

    Raises:
        KefuError: a standard or a scorecard is not known, or a formula cannot be worked out.
    """
    house = _House(standards, on)
    story = _filled(story.model_copy(update={"item": [], "open": {}, "sealed": {}}), house.fill)
    item = _filled(item, house.fill)
    if isinstance(item, ReviewItem) and isinstance(item.scorecard, str):
        item = item.model_copy(update={"scorecard": _scorecard(item.scorecard, scorecards or {})})
    if isinstance(item, NumberItem) and isinstance(key, NumberKey):
        key = worked_out(item, key, house.number)
    key = _filled(key, house.fill) if key else None

    card = Card(
        item=ref,
        version="",
        kind=item.kind,
        room=item.use,
        lesson=item.lesson,
        title=story.title.text().json(),
        turns=[Turn(who=turn.who, text=turn.text().json()) for turn in story.turn],
        prompt=item.prompt.text().json(),
    )
    card.update(kinds.ask(ref, item))  # type: ignore[typeddict-item]
    card["version"] = version_of(card)
    made = kinds.key(ref, item, key) if key else {}
    return Published(card=card, key=made, standards=house.used)


class _House:
    """The house's numbers on one day, and which of them were used."""

    def __init__(self, standards: Standards, on: dt.date) -> None:
        self._standards, self._on = standards, on
        self.used: dict[str, int | float] = {}

    def number(self, topic: str, name: str) -> int | float:
        return self.used.setdefault(f"{topic}.{name}", self._standards.value(topic, name, self._on))

    def fill(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda found: digits(self.number(found[1], found[2])), text)


def publish_program(ref: str, program: Program, standards: Standards, on: dt.date) -> Published:
    """Make the card and the key of one program; its hidden inputs are drawn here, by its ref.

    The card has `function`, `examples` and `tolerance`;
    the key has `reference`, `why` and `cases`, each with its published `id`, `about` and `given`.

    Args:
        ref: `<slug>--program`.
        program: as it was written.
        standards: the house's numbers.
        on: the day whose standards count.

    Raises:
        KefuError: a standard or a generator is not known.
    """
    house = _House(standards, on)
    program = _filled(program, house.fill)
    card = Card(
        item=ref,
        version="",
        kind="program",
        room="graded",
        lesson=program.lesson,
        title=program.title.text().json(),
        turns=[],
        prompt=program.text.text().json(),
        function=program.function,
        examples=[{"given": e.given, "gives": e.gives} for e in program.example],
        tolerance=program.tolerance,
    )
    card["version"] = version_of(card)
    cases = [
        {
            "id": public_id(ref, about := case.about.text().json()),
            "about": about,
            "given": hidden(ref, at, program.sealed),
        }
        for at, case in enumerate(program.sealed.case)
    ]
    why = program.sealed.why.text().json()
    key: Key = {"reference": program.sealed.reference, "why": why, "cases": cases}
    return Published(card=card, key=key, standards=house.used)


def _scorecard(slug: str, known: Mapping[str, Scorecard]) -> Scorecard:
    if slug not in known:
        raise KefuError(
            Text(f"没有评分表 {slug}", f"there is no scorecard {slug!r}"),
            Text(
                f"请写 content/scorecards/{slug}.toml，或改正名字",
                f"write content/scorecards/{slug}.toml, or correct the name",
            ),
        )
    return known[slug]


def _filled(model: M, fill: Callable[[str], str]) -> M:
    """The same model with every text filled in."""
    return model.model_copy(update={name: _fill(value, fill) for name, value in model})


def _fill(value: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, BaseModel):
        return _filled(value, fill)
    if isinstance(value, Mapping):
        return {name: _fill(inner, fill) for name, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, fill) for inner in value]
    return value
