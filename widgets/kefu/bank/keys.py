"""Rules on a scenario that its grammar cannot say: items, their keys, and how the two fit."""

from __future__ import annotations

from collections.abc import Iterator

from kefu.bank.kinds import item_faults, key_faults
from kefu.bank.locate import KeyPath
from kefu.bank.toml import Document
from kefu.card import RUBRIC, SLUG
from kefu.errors import Fault
from kefu.scenario import AuthoredKey, Item
from kefu.text import Text

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
    # A rewrite has a second cell, whose name goes on from its own.
    most = REF_MOST - (len(f"{RUBRIC}9") if item.kind == "rewrite" else 0)
    if len(ref) > most:
        yield doc.fault(
            (*base, "id"),
            Text(f"{ref} 有 {len(ref)} 个字符", f"{ref} has {len(ref)} characters"),
            Text(
                f"文件名和 id 合起来请不超过 {most - 2} 个字符",
                f"keep file name and id together within {most - 2} characters",
            ),
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
    yield from _hints(doc, base, item)
    yield from item_faults(doc, base, item)


def _hints(doc: Document, base: KeyPath, item: Item) -> Iterator[Fault]:
    """Hints belong to practice: what was looked at on a learner's own machine proves nothing."""
    if item.hint and item.use != "practice":
        yield doc.fault(
            (*base, "hint"),
            Text(
                f"use 是 {item.use} 的题不能有提示：看没看过，无从证明",
                f"an item of use {item.use} has no hints: who opened one cannot be proven",
            ),
            Text("请删掉提示", "delete the hints"),
        )
    if sum(hint.cost for hint in item.hint) > 1:
        yield doc.fault(
            (*base, "hint"),
            Text(
                "几条提示合起来扣的比满分还多", "together the hints cost more than all the credit"
            ),
            Text("请让 cost 合计不超过 1", "keep the costs within 1 together"),
        )


def key_rules(doc: Document, base: KeyPath, item: Item, key: AuthoredKey) -> Iterator[Fault]:
    """Whether the key at `base` answers exactly what its item asks."""
    yield from key_faults(doc, base, item, key)
