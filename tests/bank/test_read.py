"""The bank is what the folders say, laid over each other."""

import datetime as dt
import errno
from pathlib import Path
from typing import Any

import pytest

from kefu.bank import Standard, Standards, read
from kefu.errors import KefuError
from kefu.scenario import ChoiceKey, ChoicesKey, NumberKey, OrderKey
from kefu.text import Text
from tests.bank.maker import (
    COVERAGE,
    LESSON_EN,
    LESSON_ZH,
    SET,
    STANDARDS,
    STORY,
    line_of,
    story,
    write,
)

ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 11, 1)


def said(folder: Path, files: dict[str, str] | None = None) -> list[str]:
    """What the check says of the good bank with these files on top."""
    return [f"{Path(f.file).name}:{f.line}: {f.what.en}" for f in read([write(folder, files)])[1]]


def test_a_good_bank_has_no_fault(tmp_path: Path) -> None:
    """Everything typed is there, in the author's order."""
    bank, faults = read([write(tmp_path)])
    assert faults == []
    assert [e.item.id for e in bank.entries] == [
        "first-reply",
        "all-that-help",
        "in-order",
        "rings",
    ]
    assert [ChoiceKey, ChoicesKey, OrderKey, NumberKey] == [type(e.key) for e in bank.entries]
    assert bank.entries[0].ref == "umbrella--first-reply"
    assert line_of(STORY, "[[item]]") == bank.entries[0].line
    assert tmp_path / "scenarios/umbrella.toml" == bank.entries[0].file
    assert [e.ref for e in bank.asked_in("first")] == ["umbrella--all-that-help"]
    assert [e.ref for e in bank.practice_of("5.2")] == [
        "umbrella--first-reply",
        "umbrella--in-order",
    ]
    assert bank.course.as_of == DAY
    assert (
        Text("不说没听说过", "Never say never heard of it")
        == bank.coverage["taboo-never-heard"].text
    )


def test_a_lesson_is_read_whole(tmp_path: Path) -> None:
    """A lesson has both bodies without front matter, and the practice placed in it."""
    lesson = read([write(tmp_path)])[0].lessons["5.2"]
    assert lesson.slug == "5.2-taking-ownership"
    assert Text("主动担责", "Taking ownership") == lesson.title
    assert (
        lesson.minutes,
        lesson.teaches,
        lesson.plays,
    ) == (30, ("taboo-never-heard",), ("umbrella",))
    assert lesson.body["zh"].startswith("# 主动担责\n")


def test_the_course_itself_is_whole() -> None:
    """The content that ships with kefu has no fault."""
    bank, faults = read([ROOT / "content"])
    assert [fault.say("en") for fault in faults] == []
    assert bank.entries


def test_a_new_scenario_is_one_new_file(tmp_path: Path) -> None:
    """A scenario in a house's folder is asked without touching another file."""
    course, house = write(tmp_path / "course"), tmp_path / "house"
    (house / "scenarios").mkdir(parents=True)
    text = STORY.replace("伞", "钥匙").replace("umbrella", "keys")
    text = text.replace("记下电话", "记下姓名、电话和时间").replace(
        "Note the number", "Note who, when and where"
    )
    text = text.replace("光是笑", "请她再等一等，别着急").replace(
        "Only smile", "Ask her to wait and not to fret"
    )
    text = text.replace("几声内接起", "照标准，响到第几声以前要接").replace(
        "Within how many", "By the standard, before how many"
    )
    (house / "scenarios/keys.toml").write_text(text, encoding="utf-8")
    bank, faults = read([course, house])
    assert [fault.say("en") for fault in faults] == []
    assert [e.ref for e in bank.asked_in("first")] == [
        "keys--all-that-help",
        "umbrella--all-that-help",
    ]


def test_a_later_folder_replaces_a_file(tmp_path: Path) -> None:
    """Of two files of one path the later folder's is read, and only that."""
    course = write(tmp_path / "course", {"sets/first.toml": "broken"})
    house = tmp_path / "house"
    (house / "sets").mkdir(parents=True)
    (house / "sets/first.toml").write_text(SET.replace("The first set", "Ours"), encoding="utf-8")
    bank, faults = read([course, house])
    assert faults == []
    assert bank.sets["first"].title.en == "Ours"


def test_a_house_overrides_one_standard(tmp_path: Path) -> None:
    """A house's standard replaces its namesake; the others stay."""
    other = STANDARDS.replace("phone.rings", "phone.answer_seconds").replace(
        "value = 3", "value = 15"
    )
    course = write(tmp_path / "course", {"standards.toml": STANDARDS + other})
    house = tmp_path / "house"
    house.mkdir()
    (house / "standards.toml").write_text(
        STANDARDS.replace("value = 3", "value = 4"), encoding="utf-8"
    )
    standards = read([course, house])[0].standards
    assert (
        standards.value("phone", "rings", DAY),
        standards.value("phone", "answer_seconds", DAY),
    ) == (4, 15)


def test_a_standard_has_the_value_in_force_that_day() -> None:
    """Versions hold from their day on; before the first there is none."""
    known = Standard(Text("", ""), None, ((dt.date(2026, 1, 1), 3), (dt.date(2026, 12, 1), 0.95)))
    standards = Standards({("phone", "rings"): known})
    assert standards.value("phone", "rings", dt.date(2026, 11, 30)) == 3
    assert standards.value("phone", "rings", dt.date(2026, 12, 1)) == 0.95
    with pytest.raises(KefuError, match="not yet in force"):
        standards.value("phone", "rings", dt.date(2025, 12, 31))
    with pytest.raises(KefuError, match="no standard"):
        standards.value("phone", "hold", DAY)


def test_a_broken_standard_is_told_once(tmp_path: Path) -> None:
    """Texts that name a standard which is broken are not told as well, and others still count."""
    files = {"standards.toml": STANDARDS.replace("value = 3", 'value = "three"')}
    assert said(tmp_path, files) == ["standards.toml:6: value is not a number"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"course.toml": "x"}, ["course.toml:1: there is no = after the name"]),
        (
            {
                "scenarios/Umbrella2.toml": STORY.replace(
                    '"graded"\nset       = "first"', '"practice"'
                )
            },
            None,
        ),
        ({"scenarios/more/x.toml": STORY}, ["x.toml:1: a file that lies here is not read"]),
        ({"coverage.toml": COVERAGE.replace("[taboo-never-heard]", "[taboo]")}, None),
        ({"lessons/5.2-b.zh.md": LESSON_ZH, "lessons/5.2-b.en.md": LESSON_EN}, None),
    ],
)
def test_files_that_do_not_fit_are_told(
    tmp_path: Path, files: dict[str, str], expected: list[str] | None
) -> None:
    """A file in the wrong place, under a wrong name, or against the others is a fault."""
    told = said(tmp_path, files)
    assert told
    if expected is not None:
        assert expected == told


def test_a_missing_course_is_told(tmp_path: Path) -> None:
    """Folders without course.toml still give a bank, and one fault of line 0."""
    write(tmp_path)
    (tmp_path / "course.toml").unlink()
    bank, faults = read([tmp_path])
    assert [(f.line, f.what.en) for f in faults] == [(0, "there is no course.toml")]
    assert len(bank.entries) == 4


def test_no_folder_at_all_is_an_empty_bank() -> None:
    """Nothing to read is a fault, not a crash."""
    bank, faults = read([])
    assert (bank.entries, len(faults)) == ((), 1)


LAPSED = (
    'use       = "graded"\n',
    'use       = "graded"\neffective_from = 2025-01-01\nsuperseded_on  = {}\n',
)


@pytest.mark.parametrize(
    ("day", "due", "lapsed"),
    [
        ("2026-11-01", "", True),
        ("2026-11-02", "", False),
        ("2026-12-01", "2026-12-01", True),
        ("2026-12-02", "2026-12-01", False),
    ],
)
def test_a_set_asks_nothing_that_has_lapsed(
    tmp_path: Path, day: str, due: str, lapsed: bool
) -> None:
    """An item whose rule ends by the day of the course, or by the due date, is refused."""
    files = story((LAPSED[0], LAPSED[1].format(day)))
    files["sets/first.toml"] = SET + (f"due = {due}\n" if due else "")
    told = said(tmp_path, files)
    assert lapsed == any("its rule lapses on" in what for what in told)
    assert lapsed == bool(told)


def test_a_near_duplicate_of_a_sealed_item_is_told(tmp_path: Path) -> None:
    """A practice item that reads almost as a graded one names both places."""
    text = STORY.replace('use       = "graded"\nset       = "first"', 'use       = "practice"')
    text = text.replace("[sealed.all", "[open.all").replace("哪些有用", "哪些真有用")
    text = (
        text[: text.index('[[item]]\nid        = "rings"')]
        + text[text.index("[open.first-reply]") : text.index("[sealed.rings]")]
    )
    told = read([write(tmp_path, {"scenarios/again.toml": text})])[1]
    line = line_of(text, 'id        = "all-that-help"') - 1
    there = f"{(tmp_path / 'scenarios/again.toml').as_posix()}:{line}"
    assert [f.what.en for f in told] == [
        "umbrella--all-that-help is almost the practice item again--all-that-help "
        f"({there}), so its answer is in the open"
    ]


def test_a_reference_has_at_most_64_characters(tmp_path: Path) -> None:
    """File name and id together name a cell, so they are kept short."""
    name = "a-very-long-name-of-a-scenario-that-says-a-whole-story"
    text = STORY.replace('use       = "graded"\nset       = "first"', 'use       = "exam"')
    write(tmp_path, {f"scenarios/{name}.toml": text})
    (tmp_path / "scenarios/umbrella.toml").unlink()
    told = [f.what.en for f in read([tmp_path])[1]]
    assert f"{name}--first-reply has {len(name) + 13} characters" in told


SWAPS = [
    ([["b", "c"]], True), ([["a", "c"]], False), ([["a", "c"], ["a", "b"]], True),
    ([["a", "c"], ["b", "c"]], True), ([["c", "a"], ["c", "b"], ["a", "b"]], True),
]  # fmt: skip


@pytest.mark.parametrize(("free", "good"), SWAPS)
def test_a_free_pair_can_really_swap(tmp_path: Path, free: list[list[str]], good: bool) -> None:
    """A pair with a required step between them is refused."""
    told = said(tmp_path, story(('[["b", "c"]]', str(free).replace("'", '"'))))
    assert good == (told == [])


def test_what_cannot_be_opened_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson that the system keeps shut is a fault by its name, and the rest is checked."""
    content = write(tmp_path)
    shut = next((content / "lessons").glob("*.zh.md"))
    opened = Path.open

    def guarded(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self == shut:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", guarded)
    _, faults = read([content])
    assert "the file cannot be opened" in {f.what.en for f in faults if f.file.endswith(shut.name)}


def test_a_file_that_is_too_long_is_a_fault(tmp_path: Path) -> None:
    """A file longer than anybody writes is named at once."""
    content = write(tmp_path)
    (content / "scenarios" / "long.toml").write_bytes(b"# \n" * 2**19)
    _, faults = read([content])
    assert "too long for a lesson or a story" in {f.what.en for f in faults}
