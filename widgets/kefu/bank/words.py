"""The sentences for what does not fit the grammar: what is wrong, and what to write."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from kefu.bank.locate import KeyPath
from kefu.text import Text

__all__ = ["belongs", "nearest", "of", "spoken", "too_low", "unknown"]

_Said = tuple[Text, Text]

# What a table that lacks this name should say.
_EXAMPLES = {
    "teaches": 'teaches = ["…"]',
    "turn": '[[turn]] who = "customer"',
    "item": '[[item]] id = "first-reply"',
    "id": 'id = "first-reply"',
    "kind": 'kind = "choice"',
    "use": 'use = "practice"',
    "lesson": 'lesson = "5.2"',
    "lessons": 'lessons = ["5.2"]',
    "who": 'who = "customer"',
    "minutes": "minutes = 30",
    "as_of": "as_of = 2026-11-01",
    "from": "from = 2026-01-01",
    "value": "value = 15",
    "right": 'right = ["listen"]',
    "order": 'order = ["listen", "ask", "log"]',
    "number": "number = 1",
    "slug": 'slug = "frontline"',
    "set": 'set = "service-basics"',
    "function": 'function = "interval"',
    "starter": "starter = '''def interval(good, n):'''",
    "example": "[[example]]",
    "case": "[[sealed.case]]",
    "given": "given = [4, 5]",
    "reference": 'reference = "sampling.wilson"',
    "sealed": "[sealed]",
}
_PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": (
        "只能用小写字母、数字和短横，例如 first-reply",
        "use small letters, digits and hyphens, such as first-reply",
    ),
    r"^[A-Za-z0-9_-]+$": (
        "只能用字母、数字、下划线和短横，例如 own",
        "use letters, digits, _ and -, such as own",
    ),
    r"^[a-z0-9_]+$": (
        "只能用小写字母、数字和下划线，例如 answer_seconds",
        "use small letters, digits and _, such as answer_seconds",
    ),
    r"^\d{1,2}(\.\d{1,2})?$": (
        '请写 course.toml 里的课号，例如 "5.2"',
        'write the number of a lesson in course.toml, such as "5.2"',
    ),
    r"^\d{1,2}:\d{2}$": ('请写成 分:秒，例如 "0:07"', 'write minutes:seconds, such as "0:07"'),
}


def spoken(path: KeyPath) -> str:
    """The name an author would use: what follows the last list index, `option.own.zh`."""
    keys = list(path)
    while keys and isinstance(keys[-1], int):
        keys.pop()
    last = max((i for i, part in enumerate(keys) if isinstance(part, int)), default=-1)
    tail = keys[last + 1 :]
    if tail and tail[0] in {"open", "sealed"} and len(tail) > 2:
        tail = tail[2:]
    return _flat(".".join(map(str, tail))) or "?"


def nearest(word: str, known: Iterable[str], cutoff: float = 0.65) -> str | None:
    """The known word most like this one, if one is."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return close[0] if close else None


def too_low(name: str, line: int) -> _Said:
    """A name written below a sub-table, which swallows it."""
    return (
        Text(
            f"{name} 写得太靠下，落进了另一个表里",
            f"{name} stands too low and falls into another table",
        ),
        Text(f"请把它移到第 {line} 行上面", f"move this above line {line}"),
    )


def belongs(name: str, header: str, line: int | None) -> _Said:
    """A name that another table knows."""
    upper = line is not None and header == "[[item]]"
    return (
        Text(f"{name} 不写在这里", f"{name} does not go here"),
        Text(
            f"请移到它的 {header} 下面" + (f"，第 {line} 行上面" if upper else ""),
            f"move this under its {header}" + (f", above line {line}" if upper else ""),
        ),
    )


def unknown(name: str, known: list[str]) -> _Said:
    """A name that no table near it knows."""
    close = nearest(name, known)
    what = Text(f"不认识 {name}", f"{name} is not known here")
    if close:
        return what, Text(f"您要写的也许是 {close}", f"perhaps you mean {close}")
    names = ", ".join(known)
    return what, Text(
        f"请删掉，或改成这里能写的名字：{names}", f"delete it, or write one of {names}"
    )


def of(
    kind: str,
    name: str,
    typed: object,
    context: Mapping[str, Any],
    *,
    is_key: bool = False,
    expects_words: bool = False,
) -> _Said:
    """What pydantic's error `kind` means for `name`, which holds `typed`."""
    last = name.rsplit(".", 1)[-1]
    if kind == "missing":
        return _missing(name, last, expects_words)
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return _kind(kind, context)
    if kind == "literal_error":
        return _one_of(name, typed, re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    if (
        last in {"value", "least", "most"}
        and kind in {"int_type", "float_type", "string_type"} | _PATTERN
    ):
        return (
            Text(f"{last} 读不成一个数", f"{last} is not a number"),
            Text(
                '请写一个数，例如 15，或写 "{standard.phone.answer_seconds}" 这样的标准',
                "write a number, such as 15, or a standard, such as "
                '"{standard.phone.answer_seconds}"',
            ),
        )
    if expects_words and kind in {"model_type", "model_attributes_type", "dict_type"}:
        return (
            Text(f"{name} 要分中文和英文来写", f"{name} needs Chinese and English"),
            Text(
                f'请写成 {name}.zh = "…" 和 {name}.en = "…" 两行',
                f'write {name}.zh = "…" and {name}.en = "…"',
            ),
        )
    if kind in _PATTERN:
        zh, en = _PATTERNS.get(str(context.get("pattern")), _PATTERNS[r"^[A-Za-z0-9_-]+$"])
        shown = last if is_key else f"{name} = {_short(typed)}"
        return Text(f"{shown} 的写法不对", f"{shown} is not written as it should be"), Text(zh, en)
    if kind == "list_type" and isinstance(typed, dict):
        return (
            Text(
                f"{name} 可以有好几个，要用双方括号",
                f"{name} may come several times and needs two brackets",
            ),
            Text(f"请写成 [[{last}]]", f"write [[{last}]]"),
        )
    if kind in _BOUNDS:
        return _bounds(kind, name, context)
    zh, en = _TYPES.get(kind, ("这里能用的值", "a value that fits here"))
    do_zh, do_en = _WRITE.get(kind, ("请对照语法说明改写", "write it as the grammar page shows"))
    return Text(f"{name} 不是{zh}", f"{name} is not {en}"), Text(do_zh, do_en)


_PATTERN = {"string_pattern_mismatch"}
_BOUNDS = {
    "string_too_short", "string_too_long", "too_short", "too_long",
    "greater_than_equal", "less_than_equal", "greater_than", "less_than",
}  # fmt: skip
_TYPES = {
    "string_type": ("文字", "text"),
    "string_unicode": ("文字", "text"),
    "int_type": ("整数", "a whole number"),
    "int_from_float": ("整数", "a whole number"),
    "float_type": ("数", "a number"),
    "bool_type": (" true 或 false", "true or false"),
    "date_type": ("日期", "a date"),
    "list_type": ("列表", "a list"),
    "dict_type": ("一个表", "a table"),
    "model_type": ("一个表", "a table"),
    "model_attributes_type": ("一个表", "a table"),
}
_WRITE = {
    "string_type": ("请写在半角引号里", "put it in straight quotes"),
    "string_unicode": ("请重新输入这段文字", "type the text again"),
    "int_type": ("请写整数，例如 4，不加引号", "write a whole number without quotes, such as 4"),
    "int_from_float": ("请写整数，例如 4", "write a whole number, such as 4"),
    "float_type": ("请写数，例如 0.5，不加引号", "write a number without quotes, such as 0.5"),
    "bool_type": ("请写 true 或 false，不加引号", "write true or false without quotes"),
    "date_type": ("请写成 2026-11-01，不加引号", "write 2026-11-01, without quotes"),
    "list_type": (
        "请用方括号括起来，各项用逗号隔开",
        "put the elements in [ ] with commas between",
    ),
    "dict_type": ('请写成 名字.zh = "…" 这样的几行', 'write lines such as name.zh = "…"'),
    "model_type": ('请写成 名字.zh = "…" 这样的几行', 'write lines such as name.zh = "…"'),
    "model_attributes_type": ("请写成 [[…]] 下面的几行", "write its lines under a [[…]] header"),
}


def _missing(name: str, last: str, expects_words: bool) -> _Said:
    if last in {"zh", "en"} and not expects_words:
        zh, en = ("中文", "Chinese") if last == "zh" else ("英文", "English")
        return Text(f"缺少{zh}：{name}", f"the {en} is missing: {name}"), Text(
            f'请补上 {name} = "…"', f'add {name} = "…"'
        )
    example = _EXAMPLES.get(last, f'{name}.zh = "…"' if expects_words else f"{name} = …")
    if last in {"option", "step", "left", "right", "credit", "why", "statement", "node"} and (
        last not in _EXAMPLES and not expects_words
    ):
        example = f"{name}.own = 1.0" if last == "credit" else f'{name}.own.zh = "…"'
    return Text(f"缺少 {name}", f"{name} is missing"), Text(f"请补上 {example}", f"add {example}")


def _kind(kind: str, context: Mapping[str, Any]) -> _Said:
    if kind == "union_tag_not_found":
        return _missing("kind", "kind", False)
    known = re.findall(r"'([^']*)'", str(context.get("expected_tags", "")))
    return _one_of("kind", context.get("tag"), known)


def _one_of(name: str, typed: object, known: list[str]) -> _Said:
    what = Text(f"{name} 不能是 {_short(typed)}", f"{name} cannot be {_short(typed)}")
    close = nearest(str(typed), known, 0.7)
    if close:
        return what, Text(f"您要写的也许是 {close}", f"perhaps you mean {close}")
    return what, Text(f"请写其中之一：{', '.join(known)}", f"write one of {', '.join(known)}")


def _bounds(kind: str, name: str, context: Mapping[str, Any]) -> _Said:
    bound = next((context[k] for k in _LIMITS if k in context), "?")
    bound = int(bound) if isinstance(bound, float) and bound.is_integer() else bound
    if kind == "string_too_short":
        return Text(f"{name} 是空的", f"{name} is blank"), Text("请写上文字", "write its text")
    low = kind in {"too_short", "greater_than_equal", "greater_than"}
    if kind in {"too_short", "too_long", "string_too_long"}:
        few = Text(f"{name} 太少", f"{name} has too few") if low else None
        return few or Text(f"{name} 太多", f"{name} has too many"), Text(
            f"请写至{'少' if low else '多'} {bound} 个",
            f"write at {'least' if low else 'most'} {bound}",
        )
    return Text(
        f"{name} 太{'小' if low else '大'}", f"{name} is too {'small' if low else 'large'}"
    ), Text(
        f"请写至{'少' if low else '多'} {bound}", f"write at {'least' if low else 'most'} {bound}"
    )


_LIMITS = ("min_length", "max_length", "ge", "le", "gt", "lt")


def _flat(typed: str) -> str:
    """On one line: a fault is a line, whatever was typed."""
    return " ".join(typed.split())


def _short(typed: object) -> str:
    shown = _flat(f'"{typed}"' if isinstance(typed, str) else str(typed))
    return shown if len(shown) <= 40 else shown[:39] + "…"
