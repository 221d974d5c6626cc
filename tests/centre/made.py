"""The centre's data as made now and as committed, and the documented recipes, run on either."""

from __future__ import annotations

import contextlib
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

from kefu import centre, data

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "course" / "data"
TRUTHS = ROOT / "content" / "_centre" / "truths.json"
PAGE = ROOT / "docs" / "centre.md"

_PART = re.compile(r"^## ([a-z-]+)\n(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)
_ROW = re.compile(r"^\| `([a-z-]+)` \| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)

Rows = list[dict[str, Any]]


@cache
def made() -> centre.Centre:
    """The centre that the committed plan gives."""
    return centre.make()


@cache
def table(name: str) -> Rows:
    """A committed table, row by row."""
    columns = data.read(name, DATA)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def recipes() -> dict[str, tuple[str, str]]:
    """Each truth's code on the page, and the output printed there; what all begin with is ''."""
    page = PAGE.read_text("utf-8")
    start = _CODE.search(page)
    assert start
    found = {"": (start[1], start[2] or "")}
    for name, body in _PART.findall(page):
        (code,) = _CODE.findall(body)
        found[name] = code
    return found


def beside() -> list[tuple[str, ...]]:
    """The rows of the page's table: truth, value, planted, found, interval."""
    return _ROW.findall(PAGE.read_text("utf-8"))


def run(folder: Path) -> dict[str, tuple[dict[str, Any], str]]:
    """What each recipe finds and prints, run from the top in a folder that holds `data/`."""
    space: dict[str, Any] = {}
    results = {}
    with contextlib.chdir(folder):
        for name, (code, _) in recipes().items():
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(code, f"{PAGE.name}: {name}", "exec"), space)
            results[name] = (space.pop("found", {}), out.getvalue())
    return results


def holds(found: Any, said: dict[str, Any]) -> bool:
    """Whether a value is what a truth says of it."""
    if found is None:
        return False
    if "is" in said and "within" not in said:
        return bool(found == said["is"])
    if "is" in said:
        return bool(abs(found - said["is"]) <= said["within"])
    return bool(said.get("at_least", found) <= found <= said.get("at_most", found))
