"""Rules on the bank as a whole: what one file says about another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from kefu.bank.keys import room_of, slug_rules
from kefu.bank.kinds import number, review
from kefu.bank.lint import BLANK
from kefu.bank.locate import KeyPath
from kefu.bank.model import Bank, Entry, Standard
from kefu.bank.near import near_duplicates
from kefu.bank.toml import Document, walk
from kefu.bank.words import nearest
from kefu.errors import Fault, KefuError
from kefu.explorers import SLUGS
from kefu.scenario import PLACEHOLDER, NumberItem, NumberKey, ReviewItem, ReviewKey
from kefu.text import Text

if TYPE_CHECKING:
    from kefu.bank.reader import Reading

__all__ = ["slug", "versions", "whole"]

slug = slug_rules


def whole(bank: Bank, reading: Reading) -> Iterator[Fault]:
    """Every fault that only shows once all files have been read."""
    for document in reading.documents.values():
        yield from _numbers(bank, document, reading)
        yield from _references(bank, document, reading)
        yield from _scorecard(bank, document)
    yield from _pages(bank, reading)
    yield from _slugs(reading)
    for entry in bank.entries:
        yield from _times(bank, entry, reading)
        yield from _formulas(bank, entry, reading)
        yield from _review(bank, entry, reading)
    for sealed, open_, _ in near_duplicates(bank.entries):
        at = reading.stories[open_.scenario].file
        yield Fault(
            reading.stories[sealed.scenario].file,
            sealed.line,
            Text(
                f"{sealed.ref} 和练习题 {open_.ref} 几乎一样（{at}:{open_.line}），等于公开了答案",
                f"{sealed.ref} is almost the practice item {open_.ref} ({at}:{open_.line}), "
                "so its answer is in the open",
            ),
            Text("请改写其中一题，或删掉一题", "reword one of the two, or delete it"),
        )


def versions(document: Document, table: Mapping[tuple[str, str], Standard]) -> Iterator[Fault]:
    """No day has two values of one standard."""
    for path, standard in table.items():
        days = [day for day, _ in standard.versions]
        for day in sorted({day for day in days if days.count(day) > 1}):
            yield document.fault(
                path,
                Text(f"{day} 有两个版本", f"two versions begin on {day}"),
                Text("请只留一个", "keep one of them"),
            )


def _unknown(name: str, kind: Text, known: Iterable[str], where: Text) -> tuple[Text, Text]:
    close = None if kind is _LESSON else nearest(name, known)
    what = Text(f"{kind.zh} {name} 不存在", f"there is no {kind.en} {name}")
    if close:
        return what, Text(f"您要写的也许是 {close}", f"perhaps you mean {close}")
    return what, Text(f"请改正，{where.zh}", f"correct it; {where.en}")


_LESSON = Text("课号", "lesson")
_IN_COURSE = Text("课号都在 course.toml 里", "lessons stand in course.toml")
_ID = Text("知识点", "coverage id")
_IN_COVERAGE = Text("知识点都在 coverage.toml 里", "they stand in coverage.toml")
_SET = Text("题组", "set")
_IN_SETS = Text("题组是 sets 文件夹里的文件名", "sets are the file names in the folder sets")
_SCORECARD = Text("评分表", "scorecard")
_IN_SCORECARDS = Text(
    "评分表是 scorecards 文件夹里的文件名",
    "scorecards are the file names in the folder scorecards",
)


def _references(bank: Bank, document: Document, reading: Reading) -> Iterator[Fault]:
    """Ids in a TOML file that another file has to know."""
    lessons = bank.course.lessons
    for path, value in walk(document.data):
        if not isinstance(value, str) or BLANK.search(value):
            continue
        named = [part for part in path if not isinstance(part, int)]
        if (
            reading.course is not None
            and value not in lessons
            and _names_lesson(named, path, document)
        ):
            yield document.fault(path, *_unknown(value, _LESSON, lessons, _IN_COURSE))
        if named == ["teaches"] and reading.coverage is not None and value not in bank.coverage:
            yield document.fault(path, *_unknown(value, _ID, bank.coverage, _IN_COVERAGE))
        if _names_set(named, document) and value not in reading.set_slugs:
            yield document.fault(path, *_unknown(value, _SET, reading.set_slugs, _IN_SETS))
        if named == ["item", "scorecard"] and value not in reading.scorecard_slugs:
            known = reading.scorecard_slugs
            yield document.fault(path, *_unknown(value, _SCORECARD, known, _IN_SCORECARDS))


def _is_program(document: Document) -> bool:
    return PurePath(document.file).parent.name == "programs"


def _names_set(named: list[str], document: Document) -> bool:
    """Whether a text at this place is the slug of a set."""
    return named == (["set"] if _is_program(document) else ["item", "set"])


def _names_lesson(named: list[str], path: KeyPath, document: Document) -> bool:
    """Whether a text at this place is the id of a lesson."""
    if named in (["item", "lesson"], ["lessons"], ["track", "lessons"]):
        return True
    if _is_program(document):
        return named == ["lesson"]
    return len(path) == 2 and named[-1] == "lesson"  # a row of the coverage list


def _slugs(reading: Reading) -> Iterator[Fault]:
    """No program is called as a scenario is."""
    for slug, file in reading.program_files.items():
        if slug in reading.stories:
            there = reading.stories[slug].file
            yield Fault(
                file,
                1,
                Text(f"{slug} 已经是一个故事的名字（{there}）", f"{there} has this name already"),
                Text("请给这个文件改名", "give this file another name"),
            )


def _numbers(bank: Bank, document: Document, reading: Reading) -> Iterator[Fault]:
    """Every `{standard.topic.name}` has a number in force on the day of the course."""
    for path, value in walk(document.data):
        for match in PLACEHOLDER.finditer(value) if isinstance(value, str) else ():
            yield from (
                document.fault(path, what, write)
                for what, write in _standard(bank, match[1], match[2], reading)
            )


def _standard(bank: Bank, topic: str, name: str, reading: Reading) -> Iterator[tuple[Text, Text]]:
    day = dt.date.max if reading.course is None else bank.course.as_of
    try:
        bank.standards.value(topic, name, day)
    except KefuError as error:
        if reading.unsure & {(), (topic,), (topic, name)}:
            return  # it is there, but broken; told where it stands
        close = nearest(f"{topic}.{name}", (".".join(key) for key in bank.standards.table))
        if close and (topic, name) not in bank.standards.table:
            spoken = f"{{standard.{close}}}"
            yield error.what, Text(f"您要写的也许是 {spoken}", f"perhaps you mean {spoken}")
        else:
            yield error.what, error.write


def _times(bank: Bank, entry: Entry, reading: Reading) -> Iterator[Fault]:
    """A set holds no item whose rule has lapsed, or will have when the set is due."""
    item, story = entry.item, reading.stories[entry.scenario]
    if item.superseded_on is None or item.set is None or reading.course is None:
        return
    if story.document is None:
        return
    listed = bank.sets.get(item.set)
    until = max(bank.course.as_of, listed.due) if listed and listed.due else bank.course.as_of
    if item.superseded_on <= until:
        index = next(
            i for i, each in enumerate(story.document.data["item"]) if each["id"] == item.id
        )
        yield story.document.fault(
            ("item", index, "superseded_on"),
            Text(
                f"这道题的规定 {item.superseded_on} 失效，题组 {item.set} 到 {until} 还要用",
                f"its rule lapses on {item.superseded_on}, and the set {item.set} asks it "
                f"until {until}",
            ),
            Text("请换一道题，或改日期", "ask another item, or correct the dates"),
        )


def _formulas(bank: Bank, entry: Entry, reading: Reading) -> Iterator[Fault]:
    """A number's formula over the house's standards can be worked out."""
    item, key, document = entry.item, entry.key, reading.stories[entry.scenario].document
    if document is None or not (isinstance(item, NumberItem) and isinstance(key, NumberKey)):
        return
    day = dt.date.max if reading.course is None else bank.course.as_of

    def standard(topic: str, name: str) -> int | float:
        return bank.standards.value(topic, name, day)

    base: KeyPath = (room_of(item), item.id)
    yield from number.with_standards(document, base, item, key, standard)


def _scorecard(bank: Bank, document: Document) -> Iterator[Fault]:
    """A scorecard by itself."""
    file = PurePath(document.file)
    if file.parent.name == "scorecards" and file.stem in bank.scorecards:
        yield from review.scorecard(document, bank.scorecards[file.stem])


def _review(bank: Bank, entry: Entry, reading: Reading) -> Iterator[Fault]:
    """The key of a review answers the scorecard that its item names."""
    item, key, document = entry.item, entry.key, reading.stories[entry.scenario].document
    if not (isinstance(item, ReviewItem) and isinstance(key, ReviewKey) and document):
        return
    card = bank.scorecards.get(item.scorecard) if isinstance(item.scorecard, str) else None
    if card is not None:  # else told where it is named, or where it is broken
        yield from review.fits(document, (room_of(item), item.id), key, card)


def _pages(bank: Bank, reading: Reading) -> Iterator[Fault]:
    """What the lessons name: coverage ids, lessons of the course, scenarios to play."""
    rooms = {
        slug: {entry.item.use for entry in story.entries} for slug, story in reading.stories.items()
    }
    placed: dict[str, tuple[str, str]] = {}
    for name, page in reading.pages:
        lesson = str(page.front.get("lesson", ""))
        lessons = bank.course.lessons
        if reading.course is not None and lesson and lesson not in lessons:
            where = page.lines["lesson"]
            yield Fault(page.file, where, *_unknown(lesson, _LESSON, lessons, _IN_COURSE))
        for taught, line in page.teaches:
            if reading.coverage is not None and taught not in bank.coverage:
                yield Fault(page.file, line, *_unknown(taught, _ID, bank.coverage, _IN_COVERAGE))
        for explored, line in page.explores:
            if explored not in SLUGS:
                there = Text("这里写探索的名字", "write the name of an explorer")
                kind = Text("探索", "explorer")
                yield Fault(page.file, line, *_unknown(explored, kind, SLUGS, there))
        for played, line in page.plays:
            if played not in rooms:
                known = [s for s, uses in rooms.items() if "practice" in uses]
                where_en = "write the file name of a scenario without .toml"
                yield Fault(
                    page.file,
                    line,
                    *_unknown(
                        played,
                        Text("故事", "scenario"),
                        known,
                        Text("这里写故事的文件名，不带 .toml", where_en),
                    ),
                )
            elif rooms[played] and "practice" not in rooms[played]:
                yield Fault(
                    page.file,
                    line,
                    Text(
                        f"故事 {played} 里没有练习题", f"the scenario {played} has no practice item"
                    ),
                    Text("请换一个故事", "name another scenario"),
                )
            first = placed.setdefault(f"{page.lang} {played}", (name, f"{page.file}:{line}"))
            if first[1] != f"{page.file}:{line}":
                yield Fault(
                    page.file,
                    line,
                    Text(
                        f"{played} 已经放在 {first[1]}", f"{played} is placed already in {first[1]}"
                    ),
                    Text("请只放一处", "place it once only"),
                )
