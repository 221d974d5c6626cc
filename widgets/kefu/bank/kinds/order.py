"""`order`: the key holds every step once, and only pairs that can swap are free."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kefu.bank.locate import KeyPath
from kefu.bank.named import again, alike, stranger
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.scenario import OrderItem, OrderKey
from kefu.text import Text

__all__ = ["item", "key"]


def item(doc: Document, base: KeyPath, asked: OrderItem) -> Iterator[Fault]:
    """No two steps read alike."""
    yield from alike(doc, (*base, "step"), asked.step)


def key(doc: Document, base: KeyPath, asked: OrderItem, given: OrderKey) -> Iterator[Fault]:
    """Every step stands in the order once; free pairs may really swap."""
    good = True
    seen: set[str] = set()
    for index, name in enumerate(given.order):
        if name not in asked.step:
            yield doc.fault((*base, "order", index), *stranger(name, asked.step))
        elif name in seen:
            yield doc.fault((*base, "order", index), *again(name))
        else:
            seen.add(name)
            continue
        good = False
    for name in asked.step:
        if name not in seen:
            good = False
            yield doc.fault(
                (*base, "order"),
                Text(f"顺序里缺少 {name}", f"the order lacks {name}"),
                Text(f'请把 "{name}" 放到它的位置', f'put "{name}" in its place'),
            )
    for index, pair in enumerate(given.free):
        strangers = [name for name in pair if name not in asked.step]
        if strangers:
            yield doc.fault((*base, "free", index), *stranger(strangers[0], asked.step))
        elif pair[0] == pair[1]:
            yield doc.fault((*base, "free", index), *again(pair[0]))
        elif good and not _may_swap(given, pair):
            yield doc.fault(
                (*base, "free", index),
                Text(
                    f"{pair[0]} 和 {pair[1]} 之间还有必须排在中间的步骤，换不了位置",
                    f"{pair[0]} and {pair[1]} cannot swap: a step has to stand between them",
                ),
                Text(
                    "请删掉这一对，或把和中间步骤的组合也写进 free",
                    "delete this pair, or add the pairs with the step between to free",
                ),
            )


def _may_swap(key: OrderKey, pair: list[str]) -> bool:
    """Whether some order keeps every required pair and has this one the other way round."""
    free = {frozenset(p) for p in key.free}
    place = {name: i for i, name in enumerate(key.order)}
    first, last = sorted(pair, key=lambda name: place[name])
    reached = {first}
    for one, two in combinations(key.order, 2):  # in order, so one sweep is enough
        if one in reached and frozenset((one, two)) not in free:
            reached.add(two)
    return last not in reached
