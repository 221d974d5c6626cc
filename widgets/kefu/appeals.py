"""What a learner asks about a mark: appended beside the journal, and handed in with it.

A question is a claim as an answer is: whatever a learner could have typed is read, nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unicodedata import category

from kefu.card import Card, canonical
from kefu.errors import KefuError
from kefu.journal import NotSaved, append_line, now, read_lines
from kefu.text import LANGS, Text, TextJSON

__all__ = ["LONGEST", "MOST_BYTES", "Appeal", "Appeals", "appeals_in", "called"]

LONGEST = 500
"""How many characters a question may have."""
MOST_BYTES = 2**19
"""No more of the file is read, nor written."""
_MOST = 100
_ID = re.compile(r"[0-9a-f]{32}")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Appeal:
    """A question about one item. `id` is made in the page; `at` as a journal writes time."""

    id: str
    item: str
    text: str
    at: str
    lang: str | None = None


def appeals_in(data: bytes, items: Iterable[str]) -> list[Appeal]:
    """Every whole question about one of `items`, each id once, in the order they were asked.

    Torn and foreign lines are passed over, and so is what comes after a hundred.
    """
    known, found = set(items), dict[str, Appeal]()
    for line in data[:MOST_BYTES].split(b"\n"):
        appeal = _read(line)
        if appeal and appeal.item in known and len(found) < _MOST:
            found.setdefault(appeal.id, appeal)
    return list(found.values())


def _read(line: bytes) -> Appeal | None:
    try:
        data: Any = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    names = ("id", "item", "text", "at")
    if not isinstance(data, dict) or not all(isinstance(data.get(n), str) for n in names):
        return None
    text = _plain(data["text"])
    if not (_ID.fullmatch(data["id"]) and _AT.fullmatch(data["at"]) and 0 < len(text) <= LONGEST):
        return None
    lang = data.get("lang")
    return Appeal(data["id"], data["item"], text, data["at"], lang if lang in LANGS else None)


def _plain(text: str) -> str:
    """What can be shown and kept anywhere: no half characters, and of controls only line ends."""
    text = text.replace("\r\n", "\n")
    kept = (char if char == "\n" else _STANDS_FOR.get(category(char), char) for char in text)
    return "".join(kept).strip()


_STANDS_FOR = {"Cc": " ", "Cs": "\ufffd", "Cn": "\ufffd"}


def called(card: Card) -> TextJSON:
    """What an item is called in a list: a program's question is too long for that."""
    return card["title"] if card["kind"] == "program" else card["prompt"]


class Appeals:
    """The questions in one file, about the items of one set.

    Args:
        path: where it lies.
        cards: the items of the set, in its order.
    """

    def __init__(self, path: Path, cards: Sequence[Card]) -> None:
        self._path = path
        self.labels = {card["item"]: called(card) for card in cards}

    def asked(self) -> list[Appeal]:
        """What is on disk; nothing where the file cannot be read."""
        try:
            return appeals_in(read_lines(self._path, MOST_BYTES), self.labels)
        except KefuError:
            return []

    def json(self) -> dict[str, Any]:
        """What the page shows: the items that may be asked about, and what was asked."""
        return {
            "about": [{"item": item, "text": text} for item, text in self.labels.items()],
            "appeals": [asdict(appeal) for appeal in self.asked()],
        }

    def ask(self, content: Mapping[str, Any]) -> None:
        """Keep the question of a page's message; on return it is on disk. An id is taken once.

        Raises:
            NotSaved: it is not, or it is no question about an item of the set.
        """
        item, text = content.get("item"), content.get("text")
        if not (isinstance(text, str) and isinstance(item, str) and item in self.labels):
            raise NotSaved(
                Text("没看懂这个问题", "this question was not understood"),
                Text("请刷新页面再写", "please reload the page and write it again"),
            )
        text = _plain(text)
        if not 0 < len(text) <= LONGEST:
            raise NotSaved(
                Text("问题没有存", "the question is not saved"),
                Text(f"请写 1 到 {LONGEST} 个字", f"please write 1 to {LONGEST} characters"),
            )
        asked = self.asked()
        if any(appeal.id == content["id"] for appeal in asked):
            return
        if len(asked) >= _MOST:
            raise NotSaved(
                Text("这份作业问过的已经很多，没有再存", "there are too many questions already"),
                Text("请直接问老师", "please ask your instructor in person"),
            )
        lang = content.get("lang")
        appeal = Appeal(content["id"], item, text, now(), lang if lang in LANGS else None)
        try:
            append_line(self._path, canonical(asdict(appeal)).encode() + b"\n", most=MOST_BYTES)
        except NotSaved as error:
            what = Text("问题还没有存上", "the question is not saved yet")
            raise NotSaved(what, error.write) from error
