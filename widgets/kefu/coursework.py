"""A learner's course on disk: its map, its cards, its journal, and how far the learner has come.

`map.json` says which lessons there are and which scenarios ask in them, `cards/` what is asked.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kefu.card import Card, Key, Receipt
from kefu.errors import KefuError
from kefu.journal import FileJournal
from kefu.player import JournalDesk
from kefu.text import Text

__all__ = ["JOURNAL", "PRIVATE", "Coursework", "damaged", "read", "seed"]

JOURNAL = "responses.jsonl"
PRIVATE = ".kefu"
"""The folder beside a journal that is the learner's alone: nothing in it is handed in."""

_SILENT = ("selfcheck",)
"""Kinds that leave nothing in a journal."""


class Coursework:
    """The course in a folder, and what its learner has answered."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.journal = FileJournal(root / JOURNAL)
        self._map: dict[str, Any] | None = None

    @classmethod
    def around(cls, here: Path) -> Coursework | None:
        """The course that a folder lies in; None if it lies in none."""
        for above in (here, *here.parents):
            for root in (above, above / "course"):
                if (root / "cards").is_dir():
                    return cls(root)
        return None

    def scenario(self, slug: str) -> tuple[list[Card], dict[str, Key]] | None:
        """The cards and keys of a scenario; None if the course has none of that name.

        Raises:
            KefuError: they cannot be read.
        """
        file = self.root / "cards" / f"{slug}.json"
        if not file.is_file():
            return None
        data = read(file, "cards", "keys")
        return data["cards"], data["keys"]

    def chapters(self) -> list[dict[str, Any]]:
        """The chapters as `map.json` lists them.

        Raises:
            KefuError: it cannot be read.
        """
        if self._map is None:
            self._map = read(self.root / "map.json", "title", "chapters")
        chapters: list[dict[str, Any]] = self._map["chapters"]
        return chapters

    def lessons(self) -> list[dict[str, Any]]:
        """Every lesson, in teaching order."""
        return [lesson for chapter in self.chapters() for lesson in chapter["lessons"]]

    def results(self, lesson: str) -> list[tuple[Card, Receipt | None]]:
        """The items of a lesson that leave an answer, each with the last answer to it."""
        return self._results(each for each in self.lessons() if each["id"] == lesson)

    def _results(self, lessons: Iterable[dict[str, Any]]) -> list[tuple[Card, Receipt | None]]:
        cards: list[Card] = []
        keys: dict[str, Key] = {}
        for lesson in lessons:
            for slug in lesson["scenarios"]:
                asked, its_keys = self.scenario(slug) or ([], {})
                cards += [c for c in asked if c["lesson"] == lesson["id"]]
                keys |= its_keys
        cards = [card for card in cards if card["kind"] not in _SILENT]
        receipts = JournalDesk(cards, self.journal, keys).receipts()
        return [(card, receipts.get(card["item"])) for card in cards]

    def progress(self, lesson: str) -> dict[str, Any]:
        """How many items of a lesson are answered, and how many of these are worth another look."""
        return {"lesson": lesson, **_count(self.results(lesson))}

    def of_lesson(self, lesson: str) -> dict[str, Any]:
        """What the page shows at the end of a lesson: each item, and where to go on."""
        lessons = self.lessons()
        ids = [each["id"] for each in lessons]
        at = ids.index(lesson)
        results = self.results(lesson)
        return {
            "lesson": {"id": lesson, "title": lessons[at]["title"]},
            **_count(results),
            "items": [
                {
                    "item": card["item"],
                    "title": card["title"],
                    "prompt": card["prompt"],
                    "credit": receipt["verdict"]["credit"]
                    if receipt and receipt["verdict"]
                    else None,
                    "first": receipt["first"] if receipt else None,
                    "tries": receipt["tries"] if receipt else 0,
                }
                for card, receipt in results
            ],
            "next": next((_place(each) for each in lessons[at + 1 :] if each["file"]), None),
        }

    def of_course(self) -> dict[str, Any]:
        """What the course map shows: every lesson, and how far one has come in it."""
        found = self._results(self.lessons())
        by_lesson: dict[str, list[tuple[Card, Receipt | None]]] = {}
        for card, receipt in found:
            by_lesson.setdefault(card["lesson"], []).append((card, receipt))
        return {
            "title": read(self.root / "map.json", "title")["title"],
            "chapters": [
                {
                    "number": chapter["number"],
                    "title": chapter["title"],
                    "lessons": [
                        {**_place(each), **_count(by_lesson.get(each["id"], ()))}
                        for each in chapter["lessons"]
                    ],
                }
                for chapter in self.chapters()
            ],
        }


def _place(lesson: dict[str, Any]) -> dict[str, Any]:
    return {name: lesson[name] for name in ("id", "title", "minutes", "file")}


def _count(results: Sequence[tuple[Card, Receipt | None]]) -> dict[str, int]:
    done = [(card, receipt) for card, receipt in results if receipt]
    again = [
        receipt
        for card, receipt in done
        if receipt["verdict"] and receipt["verdict"]["credit"] < _best(card, receipt) - 1e-3
    ]
    return {"of": len(results), "done": len(done), "again": len(again)}


def _best(card: Card, receipt: Receipt) -> float:
    """The most that the hints leave: whoever answered as the expert after one need not go back."""
    opened = receipt["response"].get("hints", 0)
    return 1 - sum(hint["cost"] for hint in card.get("hints", [])[:opened])


def seed(folder: Path) -> str:
    """The seed of the learner who answers in this folder: drawn once, then kept beside the journal.

    Empty where it cannot be kept, so that what a learner sees is at least always the same.
    """
    file = folder / PRIVATE / "seed"
    fresh = secrets.token_hex(8)
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        with file.open("x", encoding="ascii") as out:
            out.write(fresh)
        return fresh
    except FileExistsError:
        with suppress(OSError, ValueError):
            return file.read_text("ascii")[:32]
    except OSError:
        pass
    return ""


def read(file: Path, *fields: str) -> dict[str, Any]:
    """A JSON object that has these fields.

    Raises:
        KefuError: it is none.
    """
    try:
        data: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if not (isinstance(data, dict) and data.keys() >= set(fields)):
            raise ValueError(fields)
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(file.name) from error
    return data


def damaged(name: str) -> KefuError:
    """A file of the course is no longer what was unpacked."""
    return KefuError(
        Text(f"读不了题卡 {name}", f"the cards in {name} cannot be read"),
        Text("请重新解压课程文件", "unpack the course again"),
    )
