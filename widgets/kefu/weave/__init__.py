"""Content becomes notebooks and cards: the same input gives the same bytes, today and next year.

`course/{zh,en}/` holds the lessons, `course/cards/` what the player shows in them,
`course/map.json` which lessons there are;
`solutions/<set>/` is what nbgrader releases from.
No sealed answer is written to any of them: keys of graded items go to the vault only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kefu.bank import Bank, Entry
from kefu.publish import Published
from kefu.scenario import KEYS
from kefu.text import LANGS
from kefu.weave.notebooks import (
    MAP,
    WORKSHOP,
    lesson_notebook,
    map_notebook,
    practice_notebook,
    set_notebook,
    workshop_notebook,
)

__all__ = ["Woven", "stale", "weave", "write"]

# Only what weaving makes: whoever opens a notebook leaves a journal or checkpoints beside it.
_MADE = ("course/zh/*.ipynb", "course/en/*.ipynb", "course/cards/*.json", "course/map.json",
         "solutions/*/*.ipynb", "solutions/*/cards.json")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Woven:
    """Everything woven: files by their path below the root, and what goes to the vault."""

    files: Mapping[str, bytes]
    published: tuple[Published, ...]


def weave(bank: Bank) -> Woven:
    """Weave the whole bank. Dates come from `course.toml`, never from the clock.

    Raises:
        KefuError: an item cannot be published; a bank that `kefu check` passes never does.
    """
    published = {e.ref: bank.publish(e) for e in bank.entries if e.is_whole}
    coded = {ref: bank.publish_program(ref) for ref in bank.programs}
    files: dict[str, bytes] = {}
    for slug in sorted(bank.stories):
        mine = [e for e in bank.entries if e.scenario == slug and e.item.use == "practice"]
        if mine:
            files[f"course/cards/{slug}.json"] = _practice(published, mine)
    written: dict[str, str] = {}
    for info in bank.course.lessons.values():
        lesson, practice = bank.lessons.get(info.id), bank.practice_of(info.id)
        for lang in LANGS:
            if lesson:
                written[info.id] = f"{lesson.slug}.ipynb"
                files[f"course/{lang}/{lesson.slug}.ipynb"] = lesson_notebook(lesson, bank, lang)
            elif practice:
                written[info.id] = f"{info.id}-practice.ipynb"
                name = f"course/{lang}/{written[info.id]}"
                files[name] = practice_notebook(info, practice, lang)
    if written:
        files["course/map.json"] = _map(bank, written)
        for lang in LANGS:
            files[f"course/{lang}/{MAP}.ipynb"] = map_notebook(bank.course.title, lang)
            files[f"course/{lang}/{WORKSHOP}.ipynb"] = workshop_notebook(lang)
    for slug, one in sorted(bank.sets.items()):
        asked, programs = bank.asked_in(slug), bank.programs_in(slug)
        if asked or programs:
            code = [(program, coded[ref].card) for ref, program in programs.items()]
            files[f"solutions/{slug}/{slug}.ipynb"] = set_notebook(one, asked, code)
            shown = [*(published[e.ref].card for e in asked), *(card for _, card in code)]
            data = {"set": slug, "title": one.title.json(), "cards": shown}
            files[f"solutions/{slug}/cards.json"] = _json(data)
    # What one thinks of oneself is nobody's to ask for: the house never hears of a self-check.
    heard = [p for p in published.values() if p.card["kind"] in KEYS]
    return Woven(files=files, published=(*heard, *coded.values()))


def _map(bank: Bank, written: Mapping[str, str]) -> bytes:
    """Which lessons there are, where they are read, and which scenarios ask in them.

    The scenarios stand as in the lesson: a reader looks for them there, from top to bottom.
    """
    practice = [e for e in bank.entries if e.item.use == "practice"]

    def scenarios(lesson: str) -> list[str]:
        asking = {e.scenario for e in practice if e.item.lesson == lesson}
        placed = bank.lessons[lesson].plays if lesson in bank.lessons else ()
        first = [slug for slug in dict.fromkeys(placed) if slug in asking]
        return first + sorted(asking.difference(first))

    data = {
        "title": bank.course.title.json(),
        "chapters": [
            {
                "number": chapter.number,
                "title": chapter.title.json(),
                "lessons": [
                    {
                        "id": info.id,
                        "title": info.title.json(),
                        "minutes": info.minutes,
                        "file": written.get(info.id),
                        "scenarios": scenarios(info.id),
                    }
                    for info in chapter.lessons
                ],
            }
            for chapter in bank.course.chapters
        ],
    }
    return _json(data)


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _practice(published: Mapping[str, Published], entries: list[Entry]) -> bytes:
    # The one place where keys leave the house: practice, whose answers may be shown.
    assert all(e.item.use == "practice" for e in entries)
    cards = [published[e.ref].card for e in entries]
    return _json({"cards": cards, "keys": {e.ref: published[e.ref].key for e in entries}})


def stale(woven: Woven, root: Path) -> list[str]:
    """Paths below the root that weaving again would change, add or remove."""
    there = {str(p.relative_to(root).as_posix()) for made in _MADE for p in root.glob(made)}
    changed = {
        name
        for name, data in woven.files.items()
        if name not in there or (root / name).read_bytes() != data
    }
    return sorted(changed | (there - set(woven.files)))


def write(woven: Woven, root: Path) -> list[str]:
    """Bring the root up to date and give the paths that changed; touches nothing else."""
    changed = stale(woven, root)
    for name in changed:
        file = root / name
        if name in woven.files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(woven.files[name])
        else:
            file.unlink()
            if not any(file.parent.iterdir()):
                file.parent.rmdir()
    return changed
