"""Reading one scenario: its grammar, its items, their keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kefu.bank.faults import Elsewhere, validate
from kefu.bank.keys import item_rules, key_rules, room_of, slug_rules
from kefu.bank.locate import KeyPath
from kefu.bank.model import Entry
from kefu.bank.toml import Document
from kefu.bank.words import nearest
from kefu.errors import Fault
from kefu.scenario import KEYS, AuthoredKey, Item, Scenario
from kefu.text import Text

__all__ = ["Story", "read_story"]

_TABLES = ("open", "sealed")


@dataclass
class Story:
    """A scenario file: what could be read of it, and where."""

    slug: str
    file: str
    document: Document | None = None
    scenario: Scenario | None = None
    entries: list[Entry] = field(default_factory=list)


def read_story(
    slug: str, document: Document | None, path: Path, file: str
) -> tuple[Story, list[Fault]]:
    """Read one scenario; items whose own table is sound are checked even if others are not."""
    story = Story(slug, file, document)
    faults = list(slug_rules(slug, file))
    if document is None:
        return story, faults
    raw = document.data
    listed = raw.get("item")
    listed = listed if isinstance(listed, list) else []
    story.scenario, found = validate(Scenario, raw, document, (), _elsewhere(listed))
    faults += found
    items = _items(document, story.scenario)
    answered: set[tuple[str, str]] = set()
    seen: dict[str, int] = {}
    for index, item in items:
        base: KeyPath = ("item", index)
        faults += item_rules(document, slug, base, item)
        if item.id in seen:
            faults.append(_twice(document, base, item.id, seen[item.id]))
            continue
        seen[item.id] = document.lines.of(*base)
        key, found = _key(document, base, item, answered)
        faults += found
        if story.scenario is not None:
            line = document.lines.of(*base)
            story.entries.append(
                Entry(f"{slug}--{item.id}", slug, story.scenario, item, key, path, line)
            )
    if len(items) == len(listed):  # else a key may belong to an item that is broken
        faults += _orphans(document, answered, [item.id for _, item in items])
    return story, faults


def _items(document: Document, scenario: Scenario | None) -> list[tuple[int, Item]]:
    if scenario is not None:
        return list(enumerate(scenario.item))
    raw = document.data.get("item")
    read = [
        (index, validate(Item, each, document, ("item", index))[0])
        for index, each in enumerate(raw if isinstance(raw, list) else [])
    ]
    return [(index, item) for index, item in read if item is not None]


def _elsewhere(items: list[Any]) -> Elsewhere:
    """Names of keys that an author may have written into an item, and where they go."""
    names = {name for kind in KEYS.values() for name in kind.model_fields}

    def header(path: KeyPath, name: str) -> str | None:
        if len(path) < 2 or path[0] != "item" or name not in names:
            return None
        item = items[path[1]] if isinstance(path[1], int) else {}
        room = "sealed" if item.get("use") == "graded" or item.get("use") == "exam" else "open"
        return f"[{room}.{item.get('id', '…')}]"

    return header


def _twice(document: Document, base: KeyPath, ident: str, line: int) -> Fault:
    return document.fault(
        (*base, "id"),
        Text(
            f"第 {line} 行的题已经叫 {ident}", f"the item on line {line} is called {ident} already"
        ),
        Text("请换一个 id", "choose another id"),
    )


def _key(
    document: Document, base: KeyPath, item: Item, answered: set[tuple[str, str]]
) -> tuple[AuthoredKey | None, list[Fault]]:
    """The item's key with its faults; notes in `answered` which tables have been spoken of."""
    tables = {name: document.data.get(name) for name in _TABLES}
    found = [n for n in _TABLES if isinstance(t := tables[n], dict) and item.id in t]
    answered.update((name, item.id) for name in found)
    room = room_of(item)
    header = f"[{room}.{item.id}]"
    if item.kind == "selfcheck":
        return None, [
            document.fault(
                (name, item.id),
                Text("自检题没有答案", "a self-check has no key"),
                Text("请删掉这一段", "delete this table"),
            )
            for name in found
        ]
    faults = [
        document.fault(
            (name, item.id),
            Text(
                f"use 是 {item.use} 的题，答案写在了 [{name}.{item.id}]",
                f"the key of an item of use {item.use} stands in [{name}.{item.id}]",
            ),
            Text(f"请写成 {header}", f"write {header}"),
        )
        for name in found
        if name != room
    ]
    if not found:
        faults.append(
            document.fault(
                (*base, "id"),
                Text(f"{item.id} 没有答案", f"{item.id} has no key"),
                Text(f"请补上 {header}", f"add {header}"),
            )
        )
    if room not in found:
        return None, faults
    raw = document.data[room][item.id]
    where: KeyPath = (room, item.id)

    def home(_: KeyPath, name: str) -> str | None:
        return "[[item]]" if name in type(item).model_fields else None

    key, more = validate(KEYS[item.kind], raw, document, where, home)
    faults += more
    if key is not None:
        faults += key_rules(document, where, item, key)
    return key, faults


def _orphans(
    document: Document, answered: set[tuple[str, str]], idents: list[str]
) -> Iterator[Fault]:
    for name in _TABLES:
        table = document.data.get(name)
        for ident in table if isinstance(table, dict) else ():
            if (name, ident) not in answered:
                close = nearest(ident, idents)
                yield document.fault(
                    (name, ident),
                    Text(f"没有 id 是 {ident} 的题", f"no item has the id {ident}"),
                    Text(f"您要写的也许是 [{name}.{close}]", f"perhaps you mean [{name}.{close}]")
                    if close
                    else Text("请删掉这一段，或改成题目的 id", "delete it, or name an item's id"),
                )
