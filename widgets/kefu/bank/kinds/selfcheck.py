"""`selfcheck`: statements one can tell apart; there is no key."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kefu.bank.locate import KeyPath
from kefu.bank.named import alike
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.scenario import SelfcheckItem
from kefu.text import Text

__all__ = ["item"]


def item(doc: Document, base: KeyPath, asked: SelfcheckItem) -> Iterator[Fault]:
    """No two statements read alike, an axis is written one way, and nothing asks for credit."""
    yield from alike(doc, (*base, "statement"), asked.statement)
    axes = {name: one.axis for name, one in asked.statement.items() if one.axis}
    for (one, first), (two, second) in combinations(axes.items(), 2):
        if (first.zh == second.zh) != (first.en == second.en):
            yield doc.fault(
                (*base, "statement", two, "axis"),
                Text(
                    f"{two} 和 {one} 的 axis 只有一种语言相同",
                    f"the axes of {two} and {one} agree in one language only",
                ),
                Text("同一方面请两种语言都写得一样", "write one axis alike in both languages"),
            )
    for name, given in (("hint", asked.hint), ("confidence", asked.confidence)):
        if given:
            yield doc.fault(
                (*base, name),
                Text(f"自检题没有 {name}", f"a self-check has no {name}"),
                Text("请删掉", "delete it"),
            )
