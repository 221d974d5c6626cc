"""The sentence of figures in a README, between two marks, written by whoever measured them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

__all__ = ["BUSY", "find", "not_measured", "publish", "replaced", "settle", "write"]

BUSY = ("机器正忙，等它闲下来再测", "the machine is busy; try again when it is not")


def replaced(page: str, name: str, words: str) -> str:
    """The page with `words` between `<!-- name -->` and `<!-- /name -->`.

    Raises:
        ValueError: the marks do not stand there exactly once.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if (page.count(begin), page.count(end), len(pattern.findall(page))) != (1, 1, 1):
        raise ValueError(f"{begin} … {end} must stand there once")
    return pattern.sub(lambda _: f"{begin}\n{words}\n{end}", page)


def find(pages: Iterable[Path], name: str) -> None:
    """Raises ValueError if a page has no place for the words."""
    for path in pages:
        replaced(path.read_text("utf-8"), name, "")


def write(pages: dict[Path, str], name: str) -> None:
    """Put the words into every page; into none if one of them has no place for it."""
    made = {path: replaced(path.read_text("utf-8"), name, words) for path, words in pages.items()}
    for path, page in made.items():
        path.write_text(page, "utf-8")


def publish(said: dict[Path, str], name: str, result: Path, data: object) -> None:
    """Write the figures into their files, what they come from beside them, and say where."""
    write(said, name)
    result.parent.mkdir(exist_ok=True)
    result.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(result, *said, sep="\n")


def not_measured(*why: str) -> int:
    """Say why nothing is written; gives the exit code."""
    print(
        "没有测成，什么都没写。· Not measured; nothing is written.", *why, sep="\n", file=sys.stderr
    )
    return 1


def settle(
    said: dict[Path, str], name: str, result: Path, data: object, *, dry: bool, wide: object
) -> int:
    """Publish, unless it was a try or the rounds disagree; gives the exit code.

    Args:
        said: page → its words.
        name: of the marks.
        result: the file for `data`.
        data: everything as JSON.
        dry: it was a try.
        wide: where the rounds disagree; empty if they do not.
    """
    if dry:
        print("试跑，没有写入。\nA dry run; nothing is written.")
        return 0
    if wide:
        return not_measured(
            f"各轮相差太大，再测一次：{wide}", f"the rounds disagree; try again: {wide}"
        )
    publish(said, name, result, data)
    return 0
