"""`choices`: at least one option is right, and not all are."""

from __future__ import annotations

from collections.abc import Iterator

from kefu.bank.locate import KeyPath
from kefu.bank.named import again, alike, covers, stranger
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.scenario import ChoicesItem, ChoicesKey
from kefu.text import Text

__all__ = ["item", "key"]


def item(doc: Document, base: KeyPath, asked: ChoicesItem) -> Iterator[Fault]:
    """No two options read alike."""
    yield from alike(doc, (*base, "option"), asked.option)


def key(doc: Document, base: KeyPath, asked: ChoicesItem, given: ChoicesKey) -> Iterator[Fault]:
    """Every option has its reason, and the right ones are among them."""
    yield from covers(doc, (*base, "why"), given.why, asked.option, "why")
    yield from _right(doc, base, asked, given)


def _right(doc: Document, base: KeyPath, item: ChoicesItem, key: ChoicesKey) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, name in enumerate(key.right):
        if name not in item.option:
            yield doc.fault((*base, "right", index), *stranger(name, item.option))
        elif name in seen:
            yield doc.fault((*base, "right", index), *again(name))
        seen.add(name)
    if seen >= set(item.option):
        yield doc.fault(
            (*base, "right"),
            Text("每个选项都对，就没有可选的了", "every option is right, so nothing is asked"),
            Text("请至少留一个不该选的选项", "leave at least one option that should not be picked"),
        )
