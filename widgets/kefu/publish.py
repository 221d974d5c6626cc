"""The only door out: what an author wrote becomes a card, and a key that stays behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from kefu import kinds
from kefu.card import Card, Key, Room, Turn, version_of
from kefu.scenario import PLACEHOLDER, AuthoredKey, Item, NumberKey, Scenario
from kefu.text import digits

__all__ = ["Published", "publish"]

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
    ref: str, story: Scenario, item: Item, key: AuthoredKey, standards: Standards, on: dt.date
) -> Published:
    """Make the card and the key of one item, with the standards in force on that day.

    The card depends on public words only:
    not on the key, nor on what options were called or where they were declared.

    Raises:
        KefuError: the kind cannot be asked yet, or a standard is not known on that day.
    """
    used: dict[str, int | float] = {}

    def number(topic: str, name: str) -> int | float:
        return used.setdefault(f"{topic}.{name}", standards.value(topic, name, on))

    def fill(text: str) -> str:
        return PLACEHOLDER.sub(lambda found: digits(number(found[1], found[2])), text)

    story = _filled(story.model_copy(update={"item": [], "open": {}, "sealed": {}}), fill)
    item = _filled(item, fill)
    if isinstance(key, NumberKey) and isinstance(key.value, str):
        found = PLACEHOLDER.fullmatch(key.value)
        assert found, "the grammar admits nothing else"
        key = key.model_copy(update={"value": float(number(found[1], found[2]))})
    key = _filled(key, fill)

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
    return Published(card=card, key=kinds.key(ref, item, key), standards=used)


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
