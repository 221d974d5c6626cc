"""`match`: each left has its right, and what earns half is another right."""

from __future__ import annotations

from collections.abc import Iterator

from kefu.bank.locate import KeyPath
from kefu.bank.named import again, alike, covers, stranger
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.scenario import MatchItem, MatchKey
from kefu.text import Text

__all__ = ["item", "key"]


def item(doc: Document, base: KeyPath, asked: MatchItem) -> Iterator[Fault]:
    """No two lefts and no two rights read alike; bins are fewer than the cards sorted into them."""
    yield from alike(doc, (*base, "left"), asked.left)
    yield from alike(doc, (*base, "right"), asked.right)
    if asked.bins and len(asked.right) >= len(asked.left):
        yield doc.fault(
            (*base, "bins"),
            Text(
                f"{len(asked.left)} 张卡片分进 {len(asked.right)} 个筐，没有可归类的",
                f"{len(asked.left)} cards for {len(asked.right)} bins leave nothing to sort",
            ),
            Text(
                "请减少筐或增加卡片；要一一配对，就删掉 bins",
                "have fewer bins or more cards; to match them one to one, delete bins",
            ),
        )


def key(doc: Document, base: KeyPath, asked: MatchItem, given: MatchKey) -> Iterator[Fault]:
    """Every left has its right and its reason, and what earns half is another right."""
    yield from _pairs(doc, base, asked, given)
    yield from covers(doc, (*base, "why"), given.why, asked.left, "why")
    yield from _halves(doc, base, asked, given)


def _pairs(doc: Document, base: KeyPath, asked: MatchItem, given: MatchKey) -> Iterator[Fault]:
    for name in [name for name in asked.left if name not in given.pair]:
        sample = f'pair.{name} = "{next(iter(asked.right))}"'
        yield doc.fault(
            (*base, "pair"),
            Text(f"{name} 没有配上", f"{name} has no pair"),
            Text(f"请补上，例如 {sample}", f"add its pair, such as {sample}"),
        )
    for name, right in given.pair.items():
        if name not in asked.left:
            yield doc.fault((*base, "pair", name), *stranger(name, asked.left))
        elif right not in asked.right:
            yield doc.fault((*base, "pair", name), *stranger(right, asked.right))
    if given.pair.keys() == asked.left.keys() and len(set(given.pair.values())) == 1:
        yield doc.fault(
            (*base, "pair"),
            Text("所有左边的都配同一个右边", "every left has the same right"),
            Text("请至少用上两个右边", "use two rights at least"),
        )


def _halves(doc: Document, base: KeyPath, asked: MatchItem, given: MatchKey) -> Iterator[Fault]:
    for name, rights in given.half.items():
        if name not in asked.left:
            yield doc.fault((*base, "half", name), *stranger(name, asked.left))
            continue
        for index, right in enumerate(rights):
            path = (*base, "half", name, index)
            if right not in asked.right:
                yield doc.fault(path, *stranger(right, asked.right))
            elif right in rights[:index]:
                yield doc.fault(path, *again(right))
            elif right == given.pair.get(name):
                yield doc.fault(
                    path,
                    Text(
                        f"{right} 就是 {name} 的答案，得的是满分",
                        f"{right} is the right of {name} and earns full credit",
                    ),
                    Text("请从 half 里删掉", "delete it from half"),
                )
