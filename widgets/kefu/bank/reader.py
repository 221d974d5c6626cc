"""Reading `content/`: which files there are, what each says, and every fault."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from kefu.bank import rules
from kefu.bank.faults import validate
from kefu.bank.lessons import Page, pair, read_page
from kefu.bank.lint import lint_document
from kefu.bank.model import Bank, Course, Lesson, Row, Set, Standard, Standards, Term
from kefu.bank.programs import read_program
from kefu.bank.shapes import CourseFile, CoverageFile, GlossaryFile, SetFile, StandardsFile
from kefu.bank.stories import Story, read_story
from kefu.bank.toml import Document, decode, parse
from kefu.errors import Fault
from kefu.scenario import Scorecard
from kefu.scenario.program import PROGRAM, Program
from kefu.text import LANGS, Lang, Text

__all__ = ["read", "shown"]

_ROOT_FILES = ("course.toml", "coverage.toml", "glossary.toml", "standards.toml")
MOST_BYTES = 2**20
"""No page and no story of a person's is longer; what is would be checked for minutes."""
_NO_COURSE = Course(Text("", ""), dt.date(1970, 1, 1), (), ())


@dataclass
class Reading:
    """Everything that was read, with the places that rules on the whole bank name."""

    faults: list[Fault] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    course: Course | None = None
    coverage: dict[str, Row] | None = None
    standards: dict[tuple[str, str], Standard] = field(default_factory=dict)
    unsure: set[tuple[str, ...]] = field(default_factory=set)
    """Standards, topics, or with `()` whole files, that stand there but could not be read."""
    glossary: dict[str, Term] = field(default_factory=dict)
    stories: dict[str, Story] = field(default_factory=dict)
    sets: dict[str, Set] = field(default_factory=dict)
    set_slugs: set[str] = field(default_factory=set)
    scorecards: dict[str, Scorecard] = field(default_factory=dict)
    scorecard_slugs: set[str] = field(default_factory=set)
    programs: dict[str, Program] = field(default_factory=dict)
    program_files: dict[str, str] = field(default_factory=dict)
    lessons: dict[str, Lesson] = field(default_factory=dict)
    pages: list[tuple[str, Page]] = field(default_factory=list)


def read(contents: Sequence[Path]) -> tuple[Bank, list[Fault]]:
    """Read the folders an author types in, a later one laid over the earlier ones.

    A file replaces the one of the same path in an earlier folder, new ones add;
    of `standards.toml` a later folder's tables replace the earlier ones name by name.

    Returns whatever could be read, and every fault by file and line.
    `file` of a fault is relative to the working folder where it lies below it.
    """
    reading = Reading()
    layers = [(_files(folder), folder) for folder in contents]
    files: dict[str, Path] = {}
    for found, _ in layers:
        files |= found
    for found, _ in layers:
        if "standards.toml" in found:
            _standards(reading, found["standards.toml"])
    for name in sorted(files):
        _one(reading, PurePosixPath(name), files[name])
    _lessons(reading, files)
    if "course.toml" not in files:
        where = shown(contents[0] / "course.toml") if contents else "course.toml"
        reading.faults.append(
            Fault(
                where,
                0,
                Text("没有 course.toml", "there is no course.toml"),
                Text(
                    "请在这个文件夹里写上课程的章节和课",
                    "write the course's chapters and lessons there",
                ),
            )
        )
    entries = tuple(
        entry for slug in sorted(reading.stories) for entry in reading.stories[slug].entries
    )
    bank = Bank(
        course=reading.course or _NO_COURSE,
        coverage=reading.coverage or {},
        standards=Standards(reading.standards),
        stories={
            slug: story.scenario
            for slug, story in sorted(reading.stories.items())
            if story.scenario is not None
        },
        entries=entries,
        lessons=reading.lessons,
        sets=reading.sets,
        scorecards=reading.scorecards,
        glossary=reading.glossary,
        programs={f"{slug}{PROGRAM}": made for slug, made in sorted(reading.programs.items())},
    )
    faults = [*reading.faults, *rules.whole(bank, reading)]
    return bank, sorted(set(faults), key=lambda f: (f.file, f.line, f.what.en, f.write.en))


def _files(folder: Path) -> dict[str, Path]:
    """What lies in a content folder, by its path relative to it."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix in {".toml", ".md"}
        and not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    }


def shown(path: Path) -> str:
    """A path as people see it: from the working folder, where it lies below that."""
    here = Path(os.path.abspath(path))
    return (here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here).as_posix()


def _bytes(reading: Reading, path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) <= MOST_BYTES:
            return raw
        reading.faults.append(
            Fault(
                shown(path),
                1,
                Text("文件太大，不像是一课或一个故事", "too long for a lesson or a story"),
                Text("请移走它，或拆成几份", "take it away, or write it as several"),
            )
        )
    except OSError as error:
        reading.faults.append(
            Fault(
                shown(path),
                1,
                Text("文件打不开", "the file cannot be opened"),
                Text(f"请检查它的权限（{error.errno}）", f"check its permissions ({error.errno})"),
            )
        )
    return None


def _document(reading: Reading, path: Path) -> Document | None:
    raw = _bytes(reading, path)
    if raw is None:
        return None
    document, faults = parse(raw, shown(path))
    reading.faults += faults
    if document is not None:
        reading.documents[document.file] = document
        reading.faults += lint_document(document)
    return document


def _read_as(reading: Reading, path: Path, kind: Any) -> Any:
    document = _document(reading, path)
    if document is None:
        return None
    model, faults = validate(kind, document.data, document)
    reading.faults += faults
    return model


def _standards(reading: Reading, path: Path) -> None:
    """Read a file of standards; one that is broken does not hide the others."""
    document = _document(reading, path)
    if document is None:
        reading.unsure.add(())
        return
    model, faults = validate(StandardsFile, document.data, document)
    reading.faults += faults
    if model is not None:
        reading.standards |= model.table()
        reading.faults += rules.versions(document, model.table())
        return
    for topic, names in document.data.items():
        if not isinstance(names, dict):
            reading.unsure.add((topic,))
            continue
        for name, table in names.items():
            one, _ = validate(StandardsFile, {topic: {name: table}}, document)
            reading.standards |= one.table() if one else {}
            reading.unsure |= set() if one else {(topic, name)}


def _one(reading: Reading, name: PurePosixPath, path: Path) -> None:
    """Read one TOML file by where it lies; lessons are read in pairs, later."""
    if name.suffix != ".toml" or str(name) == "standards.toml":
        return
    if str(name) == "course.toml":
        model = _read_as(reading, path, CourseFile)
        reading.course = model.course() if model else None
    elif str(name) == "coverage.toml":
        model = _read_as(reading, path, CoverageFile)
        reading.coverage = model.rows() if model else None
    elif str(name) == "glossary.toml":
        model = _read_as(reading, path, GlossaryFile)
        reading.glossary = model.terms() if model else {}
    elif len(name.parts) == 2 and name.parts[0] == "scenarios":
        document = _document(reading, path)
        reading.stories[name.stem], faults = read_story(name.stem, document, path, shown(path))
        reading.faults += faults
    elif len(name.parts) == 2 and name.parts[0] == "sets":
        reading.set_slugs.add(name.stem)
        model = _read_as(reading, path, SetFile)
        if model is not None:
            reading.sets[name.stem] = model.set(name.stem)
        reading.faults += rules.slug(name.stem, shown(path))
    elif len(name.parts) == 2 and name.parts[0] == "scorecards":
        reading.scorecard_slugs.add(name.stem)
        model = _read_as(reading, path, Scorecard)
        if model is not None:
            reading.scorecards[name.stem] = model
        reading.faults += rules.slug(name.stem, shown(path))
    elif len(name.parts) == 2 and name.parts[0] == "programs":
        reading.program_files[name.stem] = shown(path)
        document = _document(reading, path)
        model, faults = read_program(name.stem, document, shown(path))
        reading.faults += faults
        if model is not None:
            reading.programs[name.stem] = model
    elif name.parts[0] != "exams":
        reading.faults.append(
            Fault(
                shown(path),
                1,
                Text("放在这里的文件不会被读到", "a file that lies here is not read"),
                Text(
                    "请移到 scenarios、programs、sets 或 scorecards 文件夹里（不分子文件夹）",
                    "move it to scenarios, programs, sets or scorecards "
                    "(which have no folders inside)",
                ),
            )
        )


def _lessons(reading: Reading, files: dict[str, Path]) -> None:
    found: dict[str, dict[Lang, Page]] = {}
    for name in sorted(files):
        parts = PurePosixPath(name).parts
        if len(parts) != 2 or parts[0] != "lessons" or not name.endswith(".md"):
            continue
        slug, _, lang = parts[1].removesuffix(".md").rpartition(".")
        file = shown(files[name])
        if lang not in LANGS or not slug:
            reading.faults.append(
                Fault(
                    file,
                    1,
                    Text("文件名没有说明语言", "the file name does not say the language"),
                    Text("请以 .zh.md 或 .en.md 结尾", "end it in .zh.md or .en.md"),
                )
            )
            continue
        raw = _bytes(reading, files[name])
        if raw is None:
            continue
        text, faults = decode(raw, file)
        reading.faults += faults
        if text is not None:
            which: Lang = "zh" if lang == "zh" else "en"
            found.setdefault(slug, {})[which] = read_page(text, file, which)
    for slug, pages in sorted(found.items()):
        lesson = pair(slug, pages)
        reading.pages += [(slug, page) for page in pages.values()]
        reading.faults += [fault for page in pages.values() for fault in page.faults]
        if lesson is None:
            continue
        if lesson.id in reading.lessons:
            page = pages["zh"]
            reading.faults.append(
                Fault(
                    page.file,
                    page.lines["lesson"],
                    Text(f"第 {lesson.id} 课有两份", f"lesson {lesson.id} is written twice"),
                    Text("请删掉一份，或改课号", "delete one, or give it another number"),
                )
            )
        else:
            reading.lessons[lesson.id] = lesson
