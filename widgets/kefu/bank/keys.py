"""Rules on a scenario that its grammar cannot say: items, their keys, and how the two fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from kefu.bank.lint import BLANK
from kefu.bank.locate import KeyPath
from kefu.bank.toml import Document
from kefu.bank.words import nearest
from kefu.card import SLUG
from kefu.errors import Fault
from kefu.scenario import (
    KINDS_ASKED,
    AuthoredKey,
    ChoiceItem,
    ChoiceKey,
    ChoicesItem,
    ChoicesKey,
    Item,
    OrderItem,
    OrderKey,
    Words,
)
from kefu.text import LANGS, Text

__all__ = ["item_rules", "key_rules", "room_of", "slug_rules"]

REF_MOST = 64


def room_of(item: Item) -> str:
    """The table its key stands in."""
    return "open" if item.use == "practice" else "sealed"


def slug_rules(slug: str, file: str) -> Iterator[Fault]:
    """A file is called by the slug it gives its scenario."""
    if not SLUG.fullmatch(slug):
        yield Fault(
            file,
            1,
            Text(f"文件名 {slug} 不能用作编号", f"the file name {slug} cannot serve as a slug"),
            Text(
                "请改名，只用小写字母、数字和短横，例如 phone-shop-lunch.toml",
                "rename it with small letters, digits and hyphens, such as phone-shop-lunch.toml",
            ),
        )


def item_rules(doc: Document, slug: str, base: KeyPath, item: Item) -> Iterator[Fault]:
    """Rules on one item by itself; `base` is its place in the file."""
    ref = f"{slug}--{item.id}"
    if len(ref) > REF_MOST:
        yield doc.fault(
            (*base, "id"),
            Text(f"{ref} 有 {len(ref)} 个字符", f"{ref} has {len(ref)} characters"),
            Text(
                f"文件名和 id 合起来请不超过 {REF_MOST - 2} 个字符",
                f"keep file name and id together within {REF_MOST - 2} characters",
            ),
        )
    if item.kind not in KINDS_ASKED:
        yield doc.fault(
            (*base, "kind"),
            Text(
                f"{item.kind} 这种题型已有写法，但还不能出题",
                f"the kind {item.kind} is described but not asked yet",
            ),
            Text(f"请先用 {'、'.join(KINDS_ASKED)}", f"for now write {', '.join(KINDS_ASKED)}"),
        )
    if item.use == "graded" and item.set is None:
        yield doc.fault(
            (*base, "use"),
            Text("计分题没有说明放在哪一组", "a graded item does not say in which set it is asked"),
            Text('请补上 set = "…"', 'add set = "…"'),
        )
    if item.use != "graded" and item.set is not None:
        yield doc.fault(
            (*base, "set"),
            Text(
                f"use 是 {item.use} 的题不属于任何一组", f"an item of use {item.use} is in no set"
            ),
            Text('请删掉 set，或写 use = "graded"', 'delete set, or write use = "graded"'),
        )
    if item.effective_from and item.superseded_on and item.superseded_on <= item.effective_from:
        yield doc.fault(
            (*base, "superseded_on"),
            Text("失效日期不晚于生效日期", "the rule lapses before it takes effect"),
            Text(
                f"superseded_on 请写 {item.effective_from} 之后的日期",
                f"give superseded_on a date after {item.effective_from}",
            ),
        )
    if isinstance(item, ChoiceItem | ChoicesItem):
        yield from _alike(doc, (*base, "option"), item.option)
    if isinstance(item, OrderItem):
        yield from _alike(doc, (*base, "step"), item.step)


def _alike(doc: Document, base: KeyPath, named: Mapping[str, Words]) -> Iterator[Fault]:
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


def key_rules(doc: Document, base: KeyPath, item: Item, key: AuthoredKey) -> Iterator[Fault]:
    """Whether the key at `base` answers exactly what its item asks."""
    if isinstance(item, ChoiceItem) and isinstance(key, ChoiceKey):
        yield from _covers(doc, (*base, "credit"), key.credit, item.option, "credit")
        yield from _covers(doc, (*base, "why"), key.why, item.option, "why")
        yield from _credits(doc, base, key)
    elif isinstance(item, ChoicesItem) and isinstance(key, ChoicesKey):
        yield from _covers(doc, (*base, "why"), key.why, item.option, "why")
        yield from _right(doc, base, item, key)
    elif isinstance(item, OrderItem) and isinstance(key, OrderKey):
        yield from _order(doc, base, item, key)


def _covers(
    doc: Document, base: KeyPath, given: Mapping[str, object], asked: Mapping[str, Words], what: str
) -> Iterator[Fault]:
    for name in asked.keys() - given.keys():
        sample = f"{what}.{name} = 0.5" if what == "credit" else f'{what}.{name}.zh = "…"'
        yield doc.fault(
            base,
            Text(f"{name} 缺少 {what}", f"{name} has no {what}"),
            Text(f"请补上 {sample}", f"add {sample}"),
        )
    for name in given.keys() - asked.keys():
        yield doc.fault((*base, name), *_stranger(name, asked))


def _stranger(name: str, asked: Mapping[str, Words]) -> tuple[Text, Text]:
    close = nearest(name, asked)
    what = Text(f"题目里没有 {name}", f"the item has no {name}")
    if close:
        return what, Text(f"您要写的也许是 {close}", f"perhaps you mean {close}")
    names = ", ".join(asked)
    return what, Text(f"请删掉，或改成其中之一：{names}", f"delete it, or write one of {names}")


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


def _right(doc: Document, base: KeyPath, item: ChoicesItem, key: ChoicesKey) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, name in enumerate(key.right):
        if name not in item.option:
            yield doc.fault((*base, "right", index), *_stranger(name, item.option))
        elif name in seen:
            yield doc.fault((*base, "right", index), *_again(name))
        seen.add(name)
    if seen >= set(item.option):
        yield doc.fault(
            (*base, "right"),
            Text("每个选项都对，就没有可选的了", "every option is right, so nothing is asked"),
            Text("请至少留一个不该选的选项", "leave at least one option that should not be picked"),
        )


def _again(name: str) -> tuple[Text, Text]:
    return Text(f"{name} 写了两次", f"{name} is named twice"), Text("请删掉一处", "delete one")


def _order(doc: Document, base: KeyPath, item: OrderItem, key: OrderKey) -> Iterator[Fault]:
    good = True
    seen: set[str] = set()
    for index, name in enumerate(key.order):
        if name not in item.step:
            yield doc.fault((*base, "order", index), *_stranger(name, item.step))
        elif name in seen:
            yield doc.fault((*base, "order", index), *_again(name))
        else:
            seen.add(name)
            continue
        good = False
    for name in item.step:
        if name not in seen:
            good = False
            yield doc.fault(
                (*base, "order"),
                Text(f"顺序里缺少 {name}", f"the order lacks {name}"),
                Text(f'请把 "{name}" 放到它的位置', f'put "{name}" in its place'),
            )
    for index, pair in enumerate(key.free):
        strangers = [name for name in pair if name not in item.step]
        if strangers:
            yield doc.fault((*base, "free", index), *_stranger(strangers[0], item.step))
        elif pair[0] == pair[1]:
            yield doc.fault((*base, "free", index), *_again(pair[0]))
        elif good and not _may_swap(key, pair):
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
