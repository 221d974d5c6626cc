"""Every key of a TOML text has its line."""

import json
import math
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kefu.bank.locate import locate
from kefu.bank.toml import walk

WORDS = st.text(st.sampled_from("ab #=\"'[]{}.,\\好：\n\t"), max_size=8)
BARE = st.text(st.sampled_from("abcXYZ019_-"), min_size=1, max_size=4)
KEYS = st.one_of(BARE, WORDS)
SCALARS = st.one_of(
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    WORDS,
)
INLINE = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
TABLES = st.recursive(
    st.dictionaries(KEYS, INLINE, max_size=4),
    lambda inner: st.dictionaries(
        KEYS, st.one_of(INLINE, inner, st.lists(inner, min_size=1, max_size=3)), max_size=4
    ),
    max_leaves=10,
)


class Writer:
    """Writes a table as TOML in one of its many forms, as `draw` chooses."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def choose(self, *forms: str) -> str:
        """One of the forms."""
        return str(self.draw(st.sampled_from(forms)))

    def key(self, name: str) -> str:
        """A key, bare or quoted."""
        bare = bool(name) and all(c.isascii() and (c.isalnum() or c in "_-") for c in name)
        forms = [json.dumps(name, ensure_ascii=False)]
        if bare:
            forms += [name, name]
        if "'" not in name and "\n" not in name:
            forms.append(f"'{name}'")
        return self.choose(*forms)

    def dotted(self, path: list[str]) -> str:
        """A dotted key, with or without spaces."""
        return self.choose(".", " . ", "\t.").join(map(self.key, path))

    def string(self, text: str) -> str:
        """A string of any of the four forms."""
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        forms = [
            json.dumps(text, ensure_ascii=False),
            f'"""\n{escaped}"""',
            f'"""\\\n  \\\n\n  {json.dumps(text)[1:-1]}"""',
        ]
        if "'" not in text:
            forms.append(f"'''\n{text}'''")
            if "\n" not in text:
                forms.append(f"'{text}'")
        if not text:
            forms = ['""', "''", '""""""']
        return self.choose(*forms)

    def value(self, data: Any) -> str:
        """Any value; lists on one line or several."""
        if isinstance(data, bool):
            return str(data).lower()
        if isinstance(data, str):
            return self.string(data)
        if isinstance(data, list):
            gap = self.choose("", " ", "\n", "  # a ] remark\n")
            body = "".join(f"{gap}{self.value(each)}{gap}," for each in data)
            return f"[{body}{gap}]"
        if isinstance(data, dict):
            return (
                "{" + ", ".join(f"{self.key(k)} = {self.value(v)}" for k, v in data.items()) + "}"
            )
        if isinstance(data, float):
            return repr(data) if not math.isinf(data) else "inf"
        return data.isoformat(self.choose("T", " ")) if hasattr(data, "hour") else str(data)

    def table(self, data: dict[str, Any], path: list[str]) -> str:
        """A table by headers, dotted keys or inline."""
        out, later = [], []
        for name, value in data.items():
            tables = isinstance(value, list) and value and all(isinstance(v, dict) for v in value)
            if (isinstance(value, dict) or tables) and self.draw(st.booleans()):
                later.append((name, value))
            elif isinstance(value, dict) and value and self.draw(st.booleans()):
                out += [f"{self.dotted([name, k])} = {self.value(v)}" for k, v in value.items()]
            else:
                out.append(f"{self.key(name)}{self.choose('=', ' = ')}{self.value(value)}")
            out.append(self.choose("", "# [remark]", "  "))
        for name, value in later:
            here = [*path, name]
            for each in value if isinstance(value, list) else [value]:
                form = "[[{}]] # x" if isinstance(value, list) else "[ {} ]"
                out += [form.format(self.dotted(here)), self.table(each, here)]
        return "\n".join(out)


@st.composite
def documents(draw: Any) -> str:
    """Good TOML texts."""
    return Writer(draw).table(draw(TABLES), [])


@given(documents())
def test_every_path_has_a_line_that_holds_its_key(text: str) -> None:
    """Whatever tomllib finds, the locator has a line for, and the key stands on it."""
    data = tomllib.loads(text)
    lines = locate(text)
    rows = text.split("\n")
    paths = {path for path, _ in walk(data)}
    assert paths == set(lines.keys)
    for path, line in lines.keys.items():
        name = path[-1]
        row = rows[line - 1]
        if isinstance(name, str):
            assert name in row or json.dumps(name, ensure_ascii=False) in row


@given(documents())
def test_headers_are_where_they_stand(text: str) -> None:
    """Each header's line begins with a bracket, and is the line of its table."""
    lines = locate(text)
    rows = text.split("\n")
    for path, line in lines.headers.items():
        assert rows[line - 1].startswith("[")
        assert lines.keys[path] == line


def test_an_unknown_path_has_the_line_of_the_table_above_it() -> None:
    """What is missing is told where it should be."""
    lines = locate('x = 1\n[[item]]\nid = "a"\n\n[[item]]\nid = "b"\nprompt.zh = "好"\n')
    assert lines.of("item", 1, "prompt", "en") == 7
    assert lines.of("item", 1, "lesson") == 5
    assert lines.of("title") == 1


def test_a_table_spoken_of_before_its_header_has_the_header_line() -> None:
    """The own header of a table wins over a mention in another's."""
    assert locate("[a.b]\nx = 1\n[a]\ny = 1\n").of("a") == 3
