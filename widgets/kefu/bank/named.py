"""What the rules of several kinds share: things that an item names, and a key answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from kefu.bank.lint import BLANK
from kefu.bank.locate import KeyPath
from kefu.bank.toml import Document
from kefu.bank.words import nearest
from kefu.errors import Fault
from kefu.scenario import Words
from kefu.text import LANGS, Text

__all__ = ["again", "alike", "covers", "stranger"]


def alike(doc: Document, base: KeyPath, named: Mapping[str, Words]) -> Iterator[Fault]:
    """Two things to choose from must not read the same in either language."""
    for (one, first), (two, second) in combinations(named.items(), 2):
        for lang in LANGS:
            a, b = first.text()[lang], second.text()[lang]
            if BLANK.search(a):
                continue
            if "".join(a.split()).casefold() == "".join(b.split()).casefold():
                yield doc.fault(
                    (*base, two, lang),
                    Text(f"{two} 和 {one} 的文字一样", f"{two} has the same words as {one}"),
                    Text(
                        "请改成不同的文字，或删掉一个", "word one of them differently, or delete it"
                    ),
                )
                break


def covers(
    doc: Document, base: KeyPath, given: Mapping[str, object], asked: Iterable[str], what: str
) -> Iterator[Fault]:
    """Each thing that the item names has its `what` (`credit`, `why`) in the key, and no other."""
    for name in [name for name in asked if name not in given]:
        sample = f"{what}.{name} = 0.5" if what == "credit" else f'{what}.{name}.zh = "…"'
        yield doc.fault(
            base,
            Text(f"{name} 缺少 {what}", f"{name} has no {what}"),
            Text(f"请补上 {sample}", f"add {sample}"),
        )
    for name in [name for name in given if name not in asked]:
        yield doc.fault((*base, name), *stranger(name, asked))


def stranger(name: str, asked: Iterable[str]) -> tuple[Text, Text]:
    """A key speaks of something that the item does not have."""
    close = nearest(name, asked)
    what = Text(f"题目里没有 {name}", f"the item has no {name}")
    if close:
        return what, Text(f"您要写的也许是 {close}", f"perhaps you mean {close}")
    names = ", ".join(asked)
    return what, Text(f"请删掉，或改成其中之一：{names}", f"delete it, or write one of {names}")


def again(name: str) -> tuple[Text, Text]:
    """A key names something twice."""
    return Text(f"{name} 写了两次", f"{name} is named twice"), Text("请删掉一处", "delete one")
