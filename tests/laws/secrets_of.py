"""The same content with other answers, other names and another order of declaration."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["answered_otherwise", "sealed_words"]


def answered_otherwise(content: Path, to: Path, seed: int = 1) -> Path:
    """Copy a content folder, and change in each scenario whatever must not show.

    Sealed keys get another answer, other credits and other reasons; options and steps
    get other names and stand in another order; so do the tables and their fields.
    What is public, and the answers of practice, stay as they are.
    """
    shutil.copytree(content, to)
    dice = random.Random(seed)
    for file in sorted((to / "scenarios").glob("*.toml")):
        data = tomllib.loads(file.read_text("utf-8"))
        names = {item["id"]: _rename(item, dice) for item in data["item"]}
        for room in ("open", "sealed"):
            for item, key in data.get(room, {}).items():
                _renamed(key, names[item])
                if room == "sealed":
                    _answer(key, dice)
        file.write_text(_toml(data, dice), "utf-8", newline="\n")
    return to


def sealed_words(content: Path) -> Iterator[str]:
    """Every sentence that stands in a sealed key, as it was typed and in both languages."""
    for file in sorted((content / "scenarios").glob("*.toml")):
        for key in tomllib.loads(file.read_text("utf-8")).get("sealed", {}).values():
            yield from _words(key)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("zh", "en") and isinstance(inner, str):
                yield inner
            else:
                yield from _words(inner)


def _rename(item: dict[str, Any], dice: random.Random) -> dict[str, str]:
    """Give options and steps other names, in another order."""
    new: dict[str, str] = {}
    for field in ("option", "step"):
        declared = list(item.get(field, {}).items())
        dice.shuffle(declared)
        new |= {
            name: f"{chr(97 + at)}{dice.randrange(1000)}" for at, (name, _) in enumerate(declared)
        }
        if declared:
            item[field] = {new[name]: words for name, words in declared}
    return new


def _renamed(key: dict[str, Any], names: dict[str, str]) -> None:
    for field in ("credit", "why"):
        if set(key.get(field, {})) <= set(names):
            key[field] = {names[n]: v for n, v in key.get(field, {}).items()}
            if not key[field]:
                del key[field]
    for field in ("right", "order"):
        if field in key:
            key[field] = [names[n] for n in key[field]]
    if "right" in key:
        key["right"].reverse()
    if "free" in key:
        key["free"] = [[names[n] for n in reversed(pair)] for pair in reversed(key["free"])]


def _answer(key: dict[str, Any], dice: random.Random) -> None:
    """Another answer, other credits, other reasons."""
    if "credit" in key:
        turned = list(key["credit"].values())
        key["credit"] = dict(zip(key["credit"], turned[1:] + turned[:1], strict=True))
    if "right" in key:
        others = [n for n in key["why"] if n not in key["right"]]
        key["right"] = others or key["right"][:1]
    if "order" in key:
        key["order"] = key["order"][1:] + key["order"][:1]
        key.pop("free", None)
    if "value" in key:
        key["value"] = dice.randint(100, 999)
        key["tolerance"] = dice.randint(1, 9)
    _say_otherwise(key, dice)
    key["takeaway"] = {
        "zh": f"另一句要点 {dice.random()}。",
        "en": f"Another line {dice.random()}.",
    }


def _say_otherwise(value: dict[str, Any], dice: random.Random) -> None:
    for name, inner in value.items():
        if isinstance(inner, dict):
            _say_otherwise(inner, dice)
        elif name == "zh":
            value[name] = f"另一个理由 {dice.random()}。"
        elif name == "en":
            value[name] = f"Another reason {dice.random()}."


def _toml(data: dict[str, Any], dice: random.Random) -> str:
    """TOML with fields and tables in a drawn order; turns and items keep theirs."""

    def shuffled(table: dict[str, Any]) -> list[tuple[str, Any]]:
        fields = list(table.items())
        dice.shuffle(fields)
        return fields

    def table(header: str, fields: dict[str, Any]) -> str:
        return "\n".join([header, *(f"{n} = {_value(v, dice)}" for n, v in shuffled(fields))])

    top = {n: v for n, v in data.items() if n not in ("turn", "item", "open", "sealed")}
    blocks = [
        *(
            "\n\n".join(table(f"[[{name}]]", each) for each in data[name])
            for name in ("turn", "item")
        ),
        *(table(f"[{r}.{i}]", k) for r in ("open", "sealed") for i, k in data.get(r, {}).items()),
    ]
    dice.shuffle(blocks)
    return "\n\n".join([table("", top).lstrip(), *blocks]) + "\n"


def _value(value: Any, dice: random.Random) -> str:
    if isinstance(value, dict):
        fields = list(value.items())
        dice.shuffle(fields)
        return "{" + ", ".join(f"{n} = {_value(v, dice)}" for n, v in fields) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(v, dice) for v in value) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
