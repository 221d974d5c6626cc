"""A course made of this repository's own content, and a class that has handed in.

The learners are drawn from seeds: each has a skill, and answers an item as the expert does just as
often as that skill says, otherwise somehow. What they hand in has the shape of a real hand-in:
the released notebook and a journal of one line an answer, some of them changed once.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.grading import programs
from benchmarks.grading.clock import clean
from kefu import kinds
from kefu.bank import read
from kefu.card import Card, Key, Response
from kefu.demo.answers import guess
from kefu.places import CONFIG, MARK, Places
from kefu.vault import Vault, connect
from kefu.weave import weave, write

__all__ = ["CODE", "PLAIN", "Handed", "School", "answered", "journal", "names"]

ROOT = Path(__file__).resolve().parents[2]
PLAIN, CODE = "responsibility-and-promises", "numbers-that-hold"
"""The set without code, and the one with."""
_CHANGED = 0.2
"""How often a learner answers once more."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What one learner handed in: a response to each item, and code for each program."""

    student: str
    responses: dict[str, Response]
    code: dict[str, str]


def names(count: int) -> list[str]:
    """Learners' numbers; one half of them begins with a, the other with b."""
    return [f"{'ab'[n * 2 >= count]}{n:05}" for n in range(count)]


def answered(student: str, cards: Mapping[str, Card], keys: Mapping[str, Key]) -> Handed:
    """What a learner answers, which depends on the number and the items alone."""
    skill = random.Random(student).betavariate(4, 2)
    responses: dict[str, Response] = {}
    code: dict[str, str] = {}
    for ref, card in cards.items():
        dice = random.Random(f"{student} {ref}")
        if programs.is_program(card):
            code[ref] = programs.written(card, dice, skill)
        elif dice.random() < skill:
            responses[ref] = kinds.expert(card, keys[ref])
        else:
            responses[ref] = guess(card, dice)
    return Handed(student, responses, code)


def journal(handed: Handed, cards: Mapping[str, Card]) -> bytes:
    """The learner's journal: an answer to each item, now and then one that was changed after."""
    dice = random.Random(f"{handed.student} journal")
    lines = []
    for ref, response in handed.responses.items():
        if dice.random() < _CHANGED:
            lines.append(_line(cards[ref], guess(cards[ref], dice), dice))
        lines.append(_line(cards[ref], response, dice))
    return "".join(lines).encode()


def _line(card: Card, response: Response, dice: random.Random) -> str:
    attempt = {
        "id": f"{dice.getrandbits(128):032x}",
        "item": card["item"],
        "version": card["version"],
        "response": response,
        "at": f"2026-11-20T08:{dice.randrange(60):02}:{dice.randrange(60):02}.000Z",
        "lang": "zh",
    }
    return json.dumps(attempt, ensure_ascii=False) + "\n"


class School:
    """A course that is woven and released, in a folder of its own, to be copied for each run."""

    def __init__(self, root: Path, sets: Sequence[str] = (PLAIN, CODE)) -> None:
        """Weave the course, and release some of its sets.

        Raises:
            subprocess.CalledProcessError: nbgrader did not release a set.
        """
        root.mkdir(parents=True)
        (root / MARK).write_text(CONFIG, "utf-8")
        self.places = Places(root=root, contents=(ROOT / "content",))
        bank, faults = read(self.places.contents)
        assert not faults, [fault.say("en") for fault in faults]
        woven = weave(bank)
        write(woven, root)
        self._engine = connect(self.places.database(env={}))
        vault = Vault(self._engine)
        vault.release(woven.published)
        self.cards: dict[str, dict[str, Card]] = {}
        self.keys: dict[str, dict[str, Key]] = {}
        self.points: dict[str, dict[str, int]] = {}
        for slug in sets:
            release(root, slug)
            data = json.loads((self.places.exercises / slug / "cards.json").read_bytes())
            self.cards[slug] = {card["item"]: card for card in data["cards"]}
            keys = {ref: vault.key(ref, c["version"]) for ref, c in self.cards[slug].items()}
            self.keys[slug] = {ref: key for ref, key in keys.items() if key is not None}
            self.points[slug] = _points(root / "exercises" / slug / f"{slug}.ipynb")
        self._engine.dispose()

    def handed_in(self, slug: str, count: int) -> list[Handed]:
        """What a class answers."""
        return [answered(name, self.cards[slug], self.keys[slug]) for name in names(count)]

    def copy(self, slug: str, handed: list[Handed], target: Path) -> None:
        """The course once more, with submissions that are ready to be graded."""
        shutil.copytree(self.places.root, target)
        notebook = (self.places.exercises / slug / f"{slug}.ipynb").read_text("utf-8")
        for one in handed:
            folder = target / "submitted" / one.student / slug
            folder.mkdir(parents=True)
            written = fill(notebook, {f"{ref}--code": code for ref, code in one.code.items()})
            (folder / f"{slug}.ipynb").write_text(written, "utf-8")
            (folder / "responses.jsonl").write_bytes(journal(one, self.cards[slug]))


def fill(notebook: str, sources: Mapping[str, str]) -> str:
    """A notebook with the source of some cells replaced, by their grade ids; all of it JSON text.

    Raises:
        KeyError: there is no such cell.
    """
    if not sources:
        return notebook
    nb: dict[str, Any] = json.loads(notebook)
    cells = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in nb["cells"]
        if "nbgrader" in cell["metadata"]
    }
    for grade_id, source in sources.items():
        cells[grade_id]["source"] = source
    return json.dumps(nb, ensure_ascii=False, indent=1)


def _points(notebook: Path) -> dict[str, int]:
    """Grade cell → what it is worth."""
    told = (c["metadata"].get("nbgrader", {}) for c in json.loads(notebook.read_bytes())["cells"])
    return {about["grade_id"]: about["points"] for about in told if about.get("grade")}


def release(root: Path, slug: str) -> None:
    """Run `nbgrader generate_assignment` in a course's folder.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", slug],
        cwd=root, env=clean({}), check=True, capture_output=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
