"""What a notebook's one line shows: the cards of a scenario, an item of a set, a set's hand-in.

Beside an exercise lies its `cards.json`; a lesson finds its cards in the course's `cards/`.
A learner meets a calm sentence where something is missing, never a traceback.
"""

from __future__ import annotations

import logging
import re
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary, WeakValueDictionary

from kefu.appeals import Appeals
from kefu.card import ITEM_REF, LONGEST_REF, SLUG
from kefu.coursework import JOURNAL, PRIVATE, Coursework, damaged, read, seed
from kefu.errors import KefuError
from kefu.journal import FileJournal
from kefu.player import JournalDesk, Player, as_sentence
from kefu.reflections import FILE, Reflections
from kefu.text import LANGS, Lang, Text

if TYPE_CHECKING:
    from kefu.explorers.widget import Exploration

__all__ = ["APPEALS", "CARDS", "HAND_IN_NAME", "JOURNAL", "explore", "hand_in", "map", "play"]

CARDS = "cards.json"
APPEALS = "appeals.jsonl"
"""What a learner asks about marks, beside the journal; it goes with the next hand-in."""
HAND_IN_NAME = "{set}--{student}.zip"
"""What a learner hands in, one file a set."""
_log = logging.getLogger(__name__)
_STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


# The hand-in panel shown last in each folder, which counts what its items save.
_PANELS: WeakValueDictionary[Path, Player] = WeakValueDictionary()
# What each player of this kernel tells of how far one has come:
# the trait that says it, in which course, and of which lesson (None: the whole course).
_Told = tuple[Literal["progress", "map"], Path, str | None]
_SHOWN: WeakKeyDictionary[Player, _Told] = WeakKeyDictionary()


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
        return Player(notice=as_sentence(damaged(CARDS)))


def explore(slug: str, folder: Path | None = None) -> Exploration | Player:
    """Show an explorer; a name that is none gets a calm sentence instead.

    Args:
        slug: one of `kefu.explorers.SLUGS`, such as `"staffing"`.
        folder: where the notebook lies, whose language is spoken; the working folder if None.
    """
    # Here, since they draw: a lesson without an explorer imports no plots.
    from kefu.explorers import explorer
    from kefu.explorers.widget import Exploration

    try:
        return Exploration(explorer(slug), lang=_lang(folder or Path.cwd()))
    except KefuError as error:
        return Player(notice=as_sentence(error))


def map(name: str, folder: Path | None = None) -> Player:  # noqa: A001 - what a map is called
    """Show how far one has come: `"course"` the whole course, `"5-2"` what lesson 5.2 asked.

    Args:
        name: `course`, or a lesson's id with a hyphen for its point.
        folder: where the notebook lies; the working folder if None.
    """
    here = folder or Path.cwd()
    try:
        work = Coursework.around(here)
        if work is None or not isinstance(name, str):
            raise _unknown(name)
        lesson = name.replace("-", ".")
        if name != "course" and lesson not in [each["id"] for each in work.lessons()]:
            raise _unknown(name)
        player = Player(lang=_lang(here))
        return _telling(player, ("map", work.root, None if name == "course" else lesson))
    except KefuError as error:
        return Player(notice=as_sentence(error))
    except (AttributeError, KeyError, TypeError, ValueError):
        return Player(notice=as_sentence(damaged("map.json")))


def _telling(player: Player, told: _Told) -> Player:
    """Have a player tell how far one has come: now, and after every answer of this kernel's.

    A map also counts anew when its page asks, since answers come from other kernels as well.
    """
    setattr(player, told[0], _count(told))
    _SHOWN[player] = told
    player.count = _count_all
    player.observe(_count_all, "receipts")
    return player


def _count(told: _Told) -> dict[str, Any]:
    trait, root, lesson = told
    work = Coursework(root)
    if lesson is None:
        return work.of_course()
    return work.progress(lesson) if trait == "progress" else work.of_lesson(lesson)


def _count_all(_: object = None) -> None:
    """Count again, once for all players that tell the same; what cannot be counted stays."""
    counted: dict[_Told, Any] = {}
    for player, told in list(_SHOWN.items()):
        try:
            if told not in counted:
                counted[told] = _count(told)
            setattr(player, told[0], counted[told])
        except Exception:  # an answer that is on disk is saved, whatever the counting comes to
            _log.exception("progress could not be counted")


def _lesson(slug: str, here: Path) -> Player:
    scenario = slug.partition("--")[0]
    work = Coursework.around(here)
    found = work.scenario(scenario) if work else None
    cards = [c for c in found[0] if slug in (scenario, c["item"])] if found else []
    if not (work and found and cards):
        raise _unknown(slug)
    player = Player(
        JournalDesk(cards, work.journal, found[1]),
        lang=_lang(here),
        notice=_closed(work.journal),
        seed=seed(work.root),
        reflections=Reflections(work.root / PRIVATE / FILE),
    )
    # A course whose map is damaged or missing is still a course.
    with suppress(KefuError, AttributeError, KeyError, TypeError, ValueError):
        _telling(player, ("progress", work.root, cards[0]["lesson"]))
    return player


def _exercise(slug: str, here: Path) -> Player:
    data = read(here / CARDS, "set", "title", "cards")
    # What is answered with code is answered in the notebook itself.
    played = [card for card in data["cards"] if card["kind"] != "program"]
    journal = FileJournal(here / JOURNAL)
    if slug == data["set"]:
        desk = JournalDesk(played, journal)
        _PANELS[here] = Player(
            desk,
            title=Text.of(data["title"]),
            handin=slug,
            hand_in=lambda student: hand_in(here, student),
            appeals=Appeals(here / APPEALS, data["cards"]),
        )
        return _PANELS[here]
    cards = [c for c in played if c["item"] == slug]
    if not cards:
        raise _unknown(slug)
    player = Player(
        JournalDesk(cards, journal), pace="all", notice=_closed(journal), seed=seed(here)
    )

    def count(_: object) -> None:
        if panel := _PANELS.get(here):
            panel.refresh()

    player.observe(count, "receipts")
    return player


def hand_in(here: Path, student: str) -> str:
    """Pack an exercise's notebook, journal and questions into one file to hand in; gives its name.

    The file is written whole or not at all; handing in again replaces it.

    Raises:
        KefuError: the learner's number is not one, or the file cannot be written.
    """
    if not _STUDENT.fullmatch(student):
        raise KefuError(
            Text("学号只能用字母、数字、- 和 _", "a learner's number has letters, digits, - and _"),
            Text("请照老师给的学号填写", "type the number that your instructor gave you"),
        )
    name = HAND_IN_NAME.format(set=read(here / CARDS, "set")["set"], student=student)
    part = here / f".{name}.part"
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for file in (*sorted(here.glob("*.ipynb")), here / JOURNAL, here / APPEALS):
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
