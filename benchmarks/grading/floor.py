"""The floor: one loop in one process that reads what was handed in and judges it, nothing else.

No gradebook, no notebook, no reasons, no process of its own for anybody's code. Whoever grades
must do at least this; it also tells what the graders ought to find.

In a course's folder it reads `paper.json` (made by `write`) and the submissions, and writes
`floor.json`: learner → item → credit.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kefu.card import Card, Key
from kefu.grading.judge import judge_item
from kefu.journal import FileJournal

__all__ = ["command", "judged", "main", "write"]

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class _Keys:
    """What judging asks of the vault, from one version of each item."""

    held: Mapping[str, Card]
    of: Mapping[str, Key]

    def cards(self, item: str) -> dict[str, Card]:
        return {self.held[item]["version"]: self.held[item]}

    def key(self, item: str, version: str) -> Key | None:
        return self.of[item] if self.held[item]["version"] == version else None


def write(folder: Path, slug: str, cards: Mapping[str, Card], keys: Mapping[str, Key]) -> None:
    """Put what judging needs beside the submissions."""
    paper = {"set": slug, "cards": dict(cards), "keys": dict(keys)}
    (folder / "paper.json").write_text(json.dumps(paper, ensure_ascii=False), "utf-8")


def command() -> list[str]:
    """Judge in the working folder, in a process of its own."""
    code = "import sys; sys.path.append(sys.argv[1]); from benchmarks.grading.floor import main"
    return [sys.executable, "-c", f"{code}; main()", str(_ROOT)]


def judged(folder: Path) -> dict[str, dict[str, float]]:
    """Learner → item → credit, of every submission below a folder."""
    paper: dict[str, Any] = json.loads((folder / "paper.json").read_bytes())
    cards, slug = paper["cards"], paper["set"]
    keys = _Keys(cards, paper["keys"])
    plain = {ref: card for ref, card in cards.items() if card["kind"] != "program"}
    coded = {ref: card for ref, card in cards.items() if card["kind"] == "program"}
    if coded:
        from benchmarks.grading import programs
    found: dict[str, dict[str, float]] = {}
    for student in sorted((folder / "submitted").iterdir()):
        attempts = list(FileJournal(student / slug / "responses.jsonl").attempts())
        mine = found[student.name] = {
            ref: judge_item(keys, card, attempts).verdict["credit"] for ref, card in plain.items()
        }
        if coded:
            cells = json.loads((student / slug / f"{slug}.ipynb").read_bytes())["cells"]
            mine |= {
                ref: programs.judged(card, paper["keys"][ref], _code(cells, ref))
                for ref, card in coded.items()
            }
    return found


def _code(cells: list[dict[str, Any]], ref: str) -> str:
    """The source of a program's cell."""
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == f"{ref}--code":
            return "".join(cell["source"])
    return ""


def main() -> None:
    """Judge what lies in the working folder."""
    Path("floor.json").write_text(json.dumps(judged(Path())))
