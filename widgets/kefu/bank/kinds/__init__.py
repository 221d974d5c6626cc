"""Rules on items and keys that their grammar cannot say, one module a kind.

Each has `item(doc, base, asked)`, rules on the item by itself, and, where the kind has a key,
`key(doc, base, asked, given)`: whether the key answers exactly what the item asks.
`base` is the place in the file that a fault's path begins with.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from kefu.bank.kinds import (
    choice,
    choices,
    dialogue,
    match,
    number,
    order,
    review,
    rewrite,
    selfcheck,
)
from kefu.bank.locate import KeyPath
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.scenario import AuthoredKey, Item

__all__ = ["item_faults", "key_faults"]

_RULES: dict[str, ModuleType] = {
    "choice": choice,
    "choices": choices,
    "dialogue": dialogue,
    "match": match,
    "number": number,
    "order": order,
    "review": review,
    "rewrite": rewrite,
    "selfcheck": selfcheck,
}


def item_faults(doc: Document, base: KeyPath, asked: Item) -> Iterator[Fault]:
    """Rules of the item's kind on the item at `base`."""
    yield from _RULES[asked.kind].item(doc, base, asked)


def key_faults(doc: Document, base: KeyPath, asked: Item, given: AuthoredKey) -> Iterator[Fault]:
    """Rules of the item's kind on the key at `base`."""
    yield from _RULES[asked.kind].key(doc, base, asked, given)
