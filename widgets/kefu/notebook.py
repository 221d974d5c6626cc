"""What a notebook's one line shows: the cards of a scenario, an item of a set, a set's hand-in.

Beside an exercise lies its `cards.json`; a lesson finds its cards in the course's `cards/`.
A learner meets a calm sentence where something is missing, never a traceback.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from kefu.card import ITEM_REF, LONGEST_REF, SLUG
from kefu.errors import KefuError
from kefu.journal import FileJournal
from kefu.player import JournalDesk, Player, as_sentence
from kefu.text import LANGS, Lang, Text

__all__ = ["CARDS", "HAND_IN_NAME", "JOURNAL", "hand_in", "play"]

CARDS = "cards.json"
JOURNAL = "responses.jsonl"
HAND_IN_NAME = "{set}--{student}.zip"
"""What a learner hands in, one file a set."""
_STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


# The hand-in panel shown last in each folder, which counts what its items save.
_PANELS: WeakValueDictionary[Path, Player] = WeakValueDictionary()


def play(slug: str, folder: Path | None = None) -> Player:
    """Show what a slug names.

    Args:
        slug: in a lesson a scenario, or one item of it (`<scenario>--<item>`);
            in an exercise one of its items, or the set itself, which shows the hand-in panel.
        folder: where the notebook lies; the working folder if None.
    """
    here = folder or Path.cwd()
    try:
        named = isinstance(slug, str) and len(slug) <= LONGEST_REF
        if not (named and (SLUG.fullmatch(slug) or ITEM_REF.fullmatch(slug))):
            raise _unknown(slug)
        if (here / CARDS).is_file():
            return _exercise(slug, here)
        return _lesson(slug, here)
    except KefuError as error:
        return Player(notice=as_sentence(error))
    except (AttributeError, KeyError, TypeError):
        # The cards are JSON, but no longer what was unpacked.
        return Player(notice=as_sentence(_damaged(CARDS)))


def _lesson(slug: str, here: Path) -> Player:
    scenario = slug.partition("--")[0]
    for above in (here, *here.parents):
        for course in (above, above / "course"):
            file = course / "cards" / f"{scenario}.json"
            if file.is_file():
                data = _read(file, "cards", "keys")
                cards = [c for c in data["cards"] if slug in (scenario, c["item"])]
                if not cards:
                    raise _unknown(slug)
                journal = FileJournal(course / JOURNAL)
                desk = JournalDesk(cards, journal, data["keys"])
                return Player(desk, lang=_lang(here), notice=_closed(journal))
    raise _unknown(slug)


def _exercise(slug: str, here: Path) -> Player:
    data = _read(here / CARDS, "set", "title", "cards")
    journal = FileJournal(here / JOURNAL)
    if slug == data["set"]:
        desk = JournalDesk(data["cards"], journal)
        _PANELS[here] = Player(
            desk,
            title=Text.of(data["title"]),
            handin=slug,
            hand_in=lambda student: hand_in(here, student),
        )
        return _PANELS[here]
    cards = [c for c in data["cards"] if c["item"] == slug]
    if not cards:
        raise _unknown(slug)
    player = Player(JournalDesk(cards, journal), pace="all", notice=_closed(journal))

    def count(_: object) -> None:
        if panel := _PANELS.get(here):
            panel.refresh()

    player.observe(count, "receipts")
    return player


def hand_in(here: Path, student: str) -> str:
    """Pack an exercise's notebook and journal into the one file to hand in; gives its name.

    The file is written whole or not at all; handing in again replaces it.

    Raises:
        KefuError: the learner's number is not one, or the file cannot be written.
    """
    if not _STUDENT.fullmatch(student):
        raise KefuError(
            Text("学号只能用字母、数字、- 和 _", "a learner's number has letters, digits, - and _"),
            Text("请照老师给的学号填写", "type the number that your instructor gave you"),
        )
    name = HAND_IN_NAME.format(set=_read(here / CARDS, "set")["set"], student=student)
    part = here / f".{name}.part"
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for file in (*sorted(here.glob("*.ipynb")), here / JOURNAL):
                if file.is_file():
                    archive.write(file, file.name)
        part.replace(here / name)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KefuError(
            Text(
                f"交卷文件没有写成（{error.strerror}）",
                f"the hand-in file could not be written ({error.strerror})",
            ),
            Text(
                "看看磁盘是否已满、文件夹能否写入，再试一次",
                "check that the disk has room and the folder can be written to, and try again",
            ),
        ) from error
    return name


def _read(file: Path, *fields: str) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if not (isinstance(data, dict) and data.keys() >= set(fields)):
            raise ValueError(fields)
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(file.name) from error
    return data


def _damaged(name: str) -> KefuError:
    return KefuError(
        Text(f"读不了题卡 {name}", f"the cards in {name} cannot be read"),
        Text("请重新解压课程文件", "unpack the course again"),
    )


def _unknown(slug: object) -> KefuError:
    said = f"{slug}"[:LONGEST_REF]
    return KefuError(
        Text(f"没有找到题目 {said}", f"there is no question called {said!r} here"),
        Text(
            "请从解压出来的课程文件夹里打开笔记本",
            "open the notebook from inside the unpacked course folder",
        ),
    )


def _closed(journal: FileJournal) -> Text | None:
    """What a learner should know before answering, not after."""
    if not journal.is_closed():
        return None
    return Text(
        "这个文件夹不能写入，答案会存不上；请把课程移到自己的文件夹里再打开。",
        "This folder cannot be written to, so answers will not be saved; "
        "move the course to a folder of your own and open it there.",
    )


def _lang(here: Path) -> Lang:
    return next((lang for lang in LANGS if here.name == lang), "zh")
