"""What the bank says of programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kefu.bank import read
from kefu.errors import Fault
from kefu.text import LANGS
from tests.bank.maker import line_of, write
from tests.programs import PROGRAM, SHARE


def told(folder: Path, *changes: tuple[str, str], name: str = PROGRAM) -> list[Fault]:
    """The faults of the small program with some words replaced, each of which it really holds."""
    text = SHARE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return read([write(folder, {name: text})])[1]


def test_a_good_program_is_read(tmp_path: Path) -> None:
    """It has no fault, and is found by its ref and by its set."""
    bank, faults = read([write(tmp_path, {PROGRAM: SHARE})])
    assert faults == []
    assert list(bank.programs) == ["share--program"]
    assert bank.programs_in("first") == bank.programs
    assert bank.programs_in("second") == {}
    assert bank.publish_program("share--program").card["item"] == "share--program"


def test_programs_stand_by_lesson_and_slug(tmp_path: Path) -> None:
    """A set's programs come in the order of the course, then by their names."""
    files = {f"programs/{slug}.toml": SHARE for slug in ("b", "a")}
    bank, faults = read([write(tmp_path, files)])
    assert faults == []
    assert list(bank.programs_in("first")) == ["a--program", "b--program"]


CHANGES = [
    ("points   = 6", "points   = 0", "points is too small"),
    ('set      = "first"', 'set      = "frist"', "there is no set frist"),
    ('lesson   = "5.2"', 'lesson   = "5.9"', "there is no lesson 5.9"),
    ('"taboo-never-heard"', '"taboo-never-herd"', "there is no coverage id taboo-never-herd"),
    ('text.zh  = "请写 ', 'text.zh  = "请写, ', "a half-width , stands in Chinese text"),
    ('text.en  = "Write `interval(good, n)`."\n', "", "the English is missing: text.en"),
    ('"interval"', '"in-terval"', "in-terval cannot be the name of a function"),
    ('"interval"', '"class"', "class cannot be the name of a function"),
    ("def interval(good, n):", "def interval(good, n)", "line 1 of starter is not good Python"),
    ("def interval(good, n):", "def share(good, n):", "starter does not end with def interval"),
    ("def interval(good, n):", "def interval(n):", "2 given here, and interval takes 1"),
    ("def interval(good, n):", "def interval(a, b, c):", "2 given here, and interval takes 3"),
    ("def interval(good, n):", "def interval(good, n):\\n    return 1", "already has a body"),
    ("def interval(good, n):", "def interval(good, n):\\n    # END SOLUTION", "a mark of SOLUTION"),
    ("def interval(good, n):", "def interval(good, n):\\n  '''two'''", "is not good Python"),
    ("gives = [0.711, 0.867]", "gives = [0.711, 0.88]", "sampling.wilson gives [0.711"),
    ("gives = [0.711, 0.867]", "", "sampling.wilson gives [0.711"),
    ("given = [80, 100]", "given = [101, 100]", "has no result for this: 101 of 100"),
    ("given = [80, 100]", "given = [2026-11-01, 100]", "has no result for this: neither numbers"),
    ("given = [80, 100]", "given = [80]", "1 given here, and interval takes 2"),
    ('"sampling.wilson"', '"sampling.wilsn"', "kefu.quality has no sampling.wilsn"),
    ('"sampling.wilson"', '"sampling.Interval"', "kefu.quality has no sampling.Interval"),
    ('"proportion"', '"proportoin"', "no inputs are called proportoin"),
    ('"proportion"', '"waits"', "1 given here, and interval takes 2"),
    ('"proportion"', '"two_raters"', "sampling.wilson has no result for this"),
    ("times    = 5", "times    = 500", "times is too large"),
    ("given    = [[0, 20], [0, 3]]", "", "a group has either given or inputs"),
    ("[0, 3]]", "[0, 3]]\ntimes = 3", "times goes with inputs"),
    ("[0, 3]]", '[0, 3]]\ninputs = "proportion"', "a group has either given or inputs"),
    ("[0, 3]]", "[4, 3]]", "has no result for this: 4 of 3"),
    ('"Nobody satisfied"', '"ordinary samples"', "named as the group on line"),
    ('why.zh = "小样本也说得通。"\n', "", "the Chinese is missing"),
    ("[sealed]", "[open]", "open is not known here"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), CHANGES, ids=[c[1] or c[0] for c in CHANGES])
def test_a_fault_names_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each thing that can be wrong is told in both languages, in this file."""
    faults = told(tmp_path, (old, new))
    assert any(said in fault.what.en for fault in faults), [f.say("en") for f in faults]
    assert all(fault.file.endswith(PROGRAM) for fault in faults)
    assert all(fault.what[lang] and fault.write[lang] for fault in faults for lang in LANGS)
    assert all(1 <= fault.line <= SHARE.count("\n") + 1 for fault in faults)


def test_faults_stand_where_they_are_mended(tmp_path: Path) -> None:
    """A wrong example is told at `gives`, a wrong hidden call at its group."""
    (example,) = told(tmp_path / "a", ("gives = [0.711, 0.867]", "gives = [0.711, 0.88]"))
    assert example.line == line_of(SHARE, "gives =")
    (call,) = told(tmp_path / "b", ("[0, 3]]", "[4, 3]]"))
    assert call.line == line_of(SHARE, "[0, 3]]")


def test_a_program_and_a_scenario_share_no_name(tmp_path: Path) -> None:
    """The program is told to take another one."""
    (fault,) = told(tmp_path, name="programs/umbrella.toml")
    assert fault.what.en.endswith("scenarios/umbrella.toml has this name already")
    assert fault.file.endswith("programs/umbrella.toml")


def test_a_name_leaves_room_for_the_cells(tmp_path: Path) -> None:
    """The cell of the code has at most 64 characters in its name."""
    assert told(tmp_path / "a", name=f"programs/{'a' * 49}.toml") == []
    (fault,) = told(tmp_path / "b", name=f"programs/{'a' * 50}.toml")
    assert "50 characters" in fault.what.en
    (fault,) = told(tmp_path / "c", name="programs/Two_Words.toml")
    assert "cannot serve as a slug" in fault.what.en


def test_a_houses_folder_is_laid_over(tmp_path: Path) -> None:
    """A house's own program takes the place of the course's, and new ones add."""
    own = SHARE.replace("points   = 6", "points   = 9")
    course = write(tmp_path / "course", {PROGRAM: SHARE})
    (tmp_path / "house" / "programs").mkdir(parents=True)
    for slug in ("share", "more"):
        (tmp_path / "house" / "programs" / f"{slug}.toml").write_text(own, "utf-8")
    bank, faults = read([course, tmp_path / "house"])
    assert faults == []
    assert {ref: made.points for ref, made in bank.programs.items()} == {
        "share--program": 9,
        "more--program": 9,
    }


def test_a_folder_inside_is_not_read(tmp_path: Path) -> None:
    """Programs lie in one folder, as scenarios do."""
    (fault,) = told(tmp_path, name="programs/deep/share.toml")
    assert "is not read" in fault.what.en


def test_a_broken_program_hides_no_other(tmp_path: Path) -> None:
    """A file that is no TOML is told; the other program is there."""
    bank, faults = read([write(tmp_path, {PROGRAM: SHARE, "programs/torn.toml": "set = \n"})])
    assert list(bank.programs) == ["share--program"]
    assert {fault.file.rsplit("/", 1)[1] for fault in faults} == {"torn.toml"}
