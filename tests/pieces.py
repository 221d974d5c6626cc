"""What tests of the core are made of: items as an author types them, and any JSON at all."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kefu.bank import Standard, Standards
from kefu.publish import Published, publish
from kefu.scenario import KEYS, Scenario
from kefu.text import Text

__all__ = [
    "CONTENT",
    "DAY",
    "any_json",
    "any_text",
    "authored",
    "both",
    "choice",
    "choices",
    "dump",
    "id_of",
    "number",
    "order",
    "standards",
]

CONTENT = Path(__file__).resolve().parent.parent / "content"
DAY = dt.date(2026, 11, 1)

any_text = st.text(st.characters(exclude_categories=()), max_size=20)
"""Also half a surrogate pair, NUL, and what no keyboard types."""
any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | any_text
    | st.sampled_from(["", "\ud800", "\x00", "NaN", "１５", 10**300]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)


def both(words: str) -> dict[str, str]:
    """Words in both languages."""
    return {"zh": f"{words}。", "en": f"{words}."}


def standards(**versions: list[tuple[dt.date, float]]) -> Standards:
    """Standards of the topic `phone`."""
    return Standards(
        {
            ("phone", name): Standard(Text(name, name), None, tuple(sorted(dated)))
            for name, dated in versions.items()
        }
    )


def authored(
    item: dict[str, Any],
    key: dict[str, Any],
    *,
    title: str = "story",
    turn: str = "hello",
    house: Standards | None = None,
    on: dt.date = DAY,
) -> Published:
    """What becomes of an item as it is typed; `item` and `key` are tables of the TOML."""
    item = {"id": "first", "use": "practice", "lesson": "5.2", "prompt": both("ask"), **item}
    scenario = Scenario.model_validate(
        {
            "teaches": ["rule"],
            "title": both(title),
            "turn": [{"who": "customer", **both(turn)}],
            "item": [item],
        }
    )
    own = KEYS[item["kind"]].model_validate(key)
    ref = f"story--{item['id']}"
    return publish(ref, scenario, scenario.item[0], own, house or standards(), on)  # type: ignore[arg-type]


def id_of(published: Published, words: str) -> str:
    """The published id of an option or a step by its words."""
    shown = published.card.get("options") or published.card.get("steps") or []
    return next(one["id"] for one in shown if one["text"] == both(words))


def choice(credit: dict[str, float], **item: Any) -> Published:
    """A choice between options of these credits."""
    return authored(
        {"kind": "choice", "option": {name: both(name) for name in credit}, **item},
        {"credit": credit, "why": {name: both(f"why {name}") for name in credit}},
    )


def choices(right: str, wrong: str, **item: Any) -> Published:
    """A choice of several: one letter, one option."""
    names = [*right, *wrong]
    return authored(
        {"kind": "choices", "option": {name: both(name) for name in names}, **item},
        {"right": [*right], "why": {name: both(f"why {name}") for name in names}},
    )


def order(steps: str, *free: str, **item: Any) -> Published:
    """An order of steps, one letter each, and its free pairs."""
    return authored(
        {"kind": "order", "step": {name: both(name) for name in steps}, **item},
        {"order": [*steps], "free": [[*pair] for pair in free], "why": both("why")},
    )


def number(value: float | str, tolerance: float = 0, unit: str | None = None) -> Published:
    """A number."""
    item: dict[str, Any] = {"kind": "number"}
    if unit is not None:
        item["unit"] = dict(zip(("zh", "en"), unit.split("/"), strict=True))
    return authored(item, {"value": value, "tolerance": tolerance, "why": both("why")})


def dump(data: object) -> str:
    """Everything in it, as one string to search."""
    return json.dumps(data, ensure_ascii=False, default=str)
