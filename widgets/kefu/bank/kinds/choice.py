"""`choice`: every option has a credit and a reason; the best earns all, the worst less."""

from __future__ import annotations

from collections.abc import Iterator

from kefu.bank.locate import KeyPath
from kefu.bank.named import alike, covers
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.scenario import ChoiceItem, ChoiceKey
from kefu.text import Text

__all__ = ["item", "key"]


def item(doc: Document, base: KeyPath, asked: ChoiceItem) -> Iterator[Fault]:
    """No two options read alike."""
    yield from alike(doc, (*base, "option"), asked.option)


def key(doc: Document, base: KeyPath, asked: ChoiceItem, given: ChoiceKey) -> Iterator[Fault]:
    """Every option has its credit and its reason."""
    yield from covers(doc, (*base, "credit"), given.credit, asked.option, "credit")
    yield from covers(doc, (*base, "why"), given.why, asked.option, "why")
    yield from _credits(doc, base, given)


def _credits(doc: Document, base: KeyPath, key: ChoiceKey) -> Iterator[Fault]:
    earned = key.credit.values()
    if earned and max(earned) != 1.0:
        yield doc.fault(
            (*base, "credit"),
            Text("没有一个选项得满分", "no option earns full credit"),
            Text("最好的选项请写 1.0", "give the best option 1.0"),
        )
    elif earned and min(earned) == 1.0:
        yield doc.fault(
            (*base, "credit"),
            Text("每个选项都得满分", "every option earns full credit"),
            Text("较差的选项请写低于 1.0，最差的写 0.0", "give the worse ones less, the worst 0.0"),
        )
