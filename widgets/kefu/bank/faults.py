"""Every way a table can miss its grammar, said in both languages with its line."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, TypeAdapter, ValidationError

from kefu.bank import words
from kefu.bank.lint import BLANK
from kefu.bank.locate import KeyPath
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.text import Text

__all__ = ["Elsewhere", "validate"]

Elsewhere = Callable[[KeyPath, str], str | None]
"""Of a name at a place: the header of the table where it belongs, as an author types it."""


def validate(
    kind: Any, data: object, doc: Document, base: KeyPath = (), elsewhere: Elsewhere | None = None
) -> tuple[Any, list[Fault]]:
    """Read `data`, which stands at `base` of `doc`, with the grammar of `kind`.

    Returns the model, or None with every fault. Numbers that are not finite stand among
    the faults of `parse` already, blanks among those of the texts; they are not told twice.
    """
    try:
        return _adapter(kind).validate_python(data), []
    except ValidationError as error:
        found = [_Found.of(kind, dict(e), base) for e in error.errors(include_url=False)]
    moved: set[tuple[KeyPath, str]] = set()
    told: dict[KeyPath, Fault] = {}
    for each in sorted(found, key=lambda f: f.code != "extra_forbidden"):
        if each.path in told or _told_already(each.input):
            continue
        if each.code == "missing" and (each.path[:-1], each.path[-1]) in moved:
            continue  # it is there, only too low; told where it stands
        what, write = _say(each, doc, elsewhere, moved)
        told[each.path] = doc.fault(each.path, what, write)
    return None, list(told.values())


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Building one takes far longer than using it."""
    return TypeAdapter(kind)


def _told_already(typed: object) -> bool:
    if isinstance(typed, float):
        return not math.isfinite(typed)
    return isinstance(typed, str) and BLANK.search(typed) is not None


@dataclass(frozen=True, slots=True)
class _Found:
    """One error of pydantic with its place in the data, and the models above that place."""

    code: str
    path: KeyPath
    owners: tuple[tuple[KeyPath, type[BaseModel]], ...]
    is_key: bool
    expects_words: bool
    input: object
    context: Mapping[str, Any]

    @classmethod
    def of(cls, kind: Any, error: Mapping[str, Any], base: KeyPath) -> _Found:
        path, owners = list(base), []
        for part in error["loc"]:
            kind = _bare(kind)
            if part == "[key]":
                break
            origin = get_origin(kind)
            if origin in (Union, types.UnionType):
                # The part is pydantic's name of one branch, not a key of the data.
                kind = next((m for m in get_args(kind) if _tag(m) == part), None)
                if kind is not None:
                    owners.append((tuple(path), kind))
                continue
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                if not owners or owners[-1][1] is not kind:
                    owners.append((tuple(path), kind))
                fields = {f.alias or name: f for name, f in kind.model_fields.items()}
                kind = fields[part].annotation if part in fields else None
            elif origin in (list, dict):
                kind = get_args(kind)[-1]
            else:
                kind = None
            path.append(part)
        if error["type"] == "union_tag_invalid":
            path.append("kind")
        kind = _bare(kind)
        return cls(
            error["type"],
            tuple(path),
            tuple(owners),
            "[key]" in error["loc"],
            isinstance(kind, type) and issubclass(kind, BaseModel) and "zh" in kind.model_fields,
            error.get("input"),
            error.get("ctx") or {},
        )


def _bare(kind: Any) -> Any:
    """The type without its annotations, without `None`, and without a root model's shell."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, types.UnionType):
            members = [m for m in get_args(kind) if m is not type(None)]
            if len(members) > 1:
                return kind
            kind = members[0]
        elif isinstance(kind, type) and issubclass(kind, RootModel):
            kind = kind.model_fields["root"].annotation
        else:
            return kind


def _tag(member: Any) -> str | None:
    """The `kind` that picks this member of a union of models."""
    if not (isinstance(member, type) and issubclass(member, BaseModel)):
        return None
    field = member.model_fields.get("kind")
    literal = field.annotation if field else None
    return str(get_args(literal)[0]) if get_origin(literal) is Literal else None


def _names(owner: type[BaseModel]) -> list[str]:
    return [f.alias or name for name, f in owner.model_fields.items()]


def _say(
    found: _Found, doc: Document, elsewhere: Elsewhere | None, moved: set[tuple[KeyPath, str]]
) -> tuple[Text, Text]:
    if found.code == "extra_forbidden":
        return _extra(found, doc, elsewhere, moved)
    return words.of(
        found.code,
        words.spoken(found.path),
        found.input,
        found.context,
        is_key=found.is_key,
        expects_words=found.expects_words,
    )


def _extra(
    found: _Found, doc: Document, elsewhere: Elsewhere | None, moved: set[tuple[KeyPath, str]]
) -> tuple[Text, Text]:
    """A name that its table does not know: in the wrong place, or misspelt."""
    name = str(found.path[-1])
    line = doc.lines.of(*found.path)
    *above, (_, owner) = found.owners
    for path, model in reversed(above):
        header = _first_header_below(doc, path, line)
        if name in _names(model) and header:
            moved.add((path, name))
            return words.too_low(name, header)
    home = elsewhere(found.path, name) if elsewhere else None
    if home:
        table = doc.lines.header_above(line)
        return words.belongs(name, home, table[1] if table else None)
    return words.unknown(name, _names(owner))


def _first_header_below(doc: Document, path: KeyPath, line: int) -> int | None:
    """The line of the first header after the table at `path` begins and before `line`."""
    start = doc.lines.headers.get(path, 0)
    between: Sequence[int] = [
        at for inner, at in doc.lines.headers.items() if start < at <= line and inner != path
    ]
    return min(between, default=None)
