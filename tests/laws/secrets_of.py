"""The same content with other answers, other names and another order of declaration."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["answered_otherwise", "sealed_words"]


def answered_otherwise(content: Path, to: Path, seed: int = 1) -> Path:
    """Copy a content folder, and change in each scenario whatever must not show.

    Sealed keys get another answer, other credits and other reasons; options and steps
    get other names and stand in another order; so do the tables and their fields.
    Programs get another reference, other reasons and other hidden calls.
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
    for file in sorted((to / "programs").glob("*.toml")):
        data = tomllib.loads(file.read_text("utf-8"))
        _compute_otherwise(data["sealed"], dice)
        file.write_text(_program(data, dice), "utf-8", newline="\n")
    return to


def sealed_words(content: Path) -> Iterator[str]:
    """Every sentence that stands in a sealed key, as it was typed and in both languages.

    Not the variants of phrases, nor a program's reference: these stand in many places.
    """
    for file in sorted((content / "scenarios").glob("*.toml")):
        for key in tomllib.loads(file.read_text("utf-8")).get("sealed", {}).values():
            yield from _words(key)
    for file in sorted((content / "programs").glob("*.toml")):
        sealed = tomllib.loads(file.read_text("utf-8"))["sealed"]
        yield from _words(sealed["why"])
        yield from (words for case in sealed["case"] for words in _words(case))


def _compute_otherwise(sealed: dict[str, Any], dice: random.Random) -> None:
    """Another reference, another reason, other groups. The bank's own rules would refuse it."""
    sealed["reference"] = "sampling.clopper_pearson"
    _say_otherwise(sealed["why"], dice)
    for at, case in enumerate(sealed["case"]):
        _say_otherwise(case["about"], dice)
        for name in ("inputs", "times"):
            case.pop(name, None)
        case["given"] = [[dice.randint(0, 9), 10 + at]]
    sealed["case"].append(dict(sealed["case"][0], about={"zh": "多一组", "en": "One more"}))
    dice.shuffle(sealed["case"])


def _program(data: dict[str, Any], dice: random.Random) -> str:
    """A program's TOML; examples keep their order."""
    sealed = data.pop("sealed")
    groups, examples = sealed.pop("case"), data.pop("example")
    blocks = [
        "\n\n".join(_table("[[example]]", each, dice) for each in examples),
        "\n\n".join(
            [
                _table("[sealed]", sealed, dice),
                *(_table("[[sealed.case]]", each, dice) for each in groups),
            ]
        ),
    ]
    dice.shuffle(blocks)
    return "\n\n".join([_table("", data, dice).lstrip(), *blocks]) + "\n"


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("zh", "en") and isinstance(inner, str):
                yield inner
            else:
                yield from _words(inner)


@dataclass
class _Names:
    """What things are called now, by what their author called them."""

    plain: dict[str, str] = field(default_factory=dict)
    rights: dict[str, str] = field(default_factory=dict)
    says: dict[str, dict[str, str]] = field(default_factory=dict)


def _rename(item: dict[str, Any], dice: random.Random) -> _Names:
    """Give options, steps, cards to match, nodes and sayings other names, in another order."""
    names = _Names()
    for name in ("option", "step", "left", "right", "node"):
        if name in item:
            new, item[name] = _drawn(item[name], dice)
            (names.rights if name == "right" else names.plain).update(new)
    if "node" in item:
        item["start"] = names.plain[item["start"]]
        old = {new: name for name, new in names.plain.items()}
        for name, node in item["node"].items():
            if "say" in node:
                names.says[old[name]], node["say"] = _drawn(node["say"], dice)
                for say in node["say"].values():
                    say["to"] = names.plain[say["to"]]
    return names


def _drawn(named: dict[str, Any], dice: random.Random) -> tuple[dict[str, str], dict[str, Any]]:
    declared = list(named)
    dice.shuffle(declared)
    new = {name: f"{chr(97 + at)}{dice.randrange(1000)}" for at, name in enumerate(declared)}
    return new, {new[name]: named[name] for name in declared}


def _renamed(key: dict[str, Any], names: _Names) -> None:
    plain, rights = names.plain, names.rights
    for name in ("credit", "why"):
        if names.says and name in key:
            key[name] = {
                plain[node]: {names.says[node][say]: value for say, value in says.items()}
                for node, says in key[name].items()
            }
        elif set(key.get(name, {})) <= set(plain):
            key[name] = {plain[n]: v for n, v in key.get(name, {}).items()}
            if not key[name]:
                del key[name]
    if "outcome" in key:
        key["outcome"] = {plain[n]: v for n, v in key["outcome"].items()}
    if "pair" in key:
        key["pair"] = {plain[n]: rights[r] for n, r in key["pair"].items()}
    if "half" in key:
        key["half"] = {plain[n]: [rights[r] for r in some] for n, some in key["half"].items()}
    for name in ("right", "order"):
        if name in key:
            key[name] = [plain[n] for n in key[name]]
    if "right" in key:
        key["right"].reverse()
    if "free" in key:
        key["free"] = [[plain[n] for n in reversed(pair)] for pair in reversed(key["free"])]


def _answer(key: dict[str, Any], dice: random.Random) -> None:
    """Another answer, other credits, other reasons."""
    if "outcome" in key:
        # Turned round: what was best is worst. The bank's own rules would refuse some of these.
        key["outcome"] = _turned(key["outcome"])
        key["credit"] = {node: _turned(says) for node, says in key["credit"].items()}
    elif "credit" in key:
        key["credit"] = _turned(key["credit"])
    if "pair" in key:
        key["pair"] = _turned(key["pair"])
        key.pop("half", None)
    if "right" in key:
        others = [n for n in key["why"] if n not in key["right"]]
        key["right"] = others or key["right"][:1]
    if "order" in key:
        key["order"] = key["order"][1:] + key["order"][:1]
        key.pop("free", None)
    if "value" in key or "least" in key or "most" in key:
        for name in ("least", "most", "tolerance_percent"):
            key.pop(name, None)
        key["value"] = dice.randint(100, 999)
        key["tolerance"] = dice.randint(1, 9)
    _say_otherwise(key, dice)
    for name in ("required", "forbidden"):
        for phrase in key.get(name, {}).values():
            phrase["zh"], phrase["en"] = (
                [f"别的话{dice.random()}"],
                [f"other words {dice.random()}"],
            )
    key["takeaway"] = {
        "zh": f"另一句要点 {dice.random()}。",
        "en": f"Another line {dice.random()}.",
    }


def _turned(named: dict[str, Any]) -> dict[str, Any]:
    values = list(named.values())
    return dict(zip(named, values[1:] + values[:1], strict=True))


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
    top = {n: v for n, v in data.items() if n not in ("turn", "item", "open", "sealed")}
    blocks = [
        *(
            "\n\n".join(_table(f"[[{name}]]", each, dice) for each in data[name])
            for name in ("turn", "item")
        ),
        *(
            _table(f"[{room}.{item}]", key, dice)
            for room in ("open", "sealed")
            for item, key in data.get(room, {}).items()
        ),
    ]
    dice.shuffle(blocks)
    return "\n\n".join([_table("", top, dice).lstrip(), *blocks]) + "\n"


def _table(header: str, table: dict[str, Any], dice: random.Random) -> str:
    fields = list(table.items())
    dice.shuffle(fields)
    return "\n".join([header, *(f"{n} = {_value(v, dice)}" for n, v in fields)])


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
