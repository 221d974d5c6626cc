"""The commands that keep an installation well: `kefu doctor`, `kefu backup`, `kefu restore`."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kefu import doctor
from kefu.backup import Home, take
from kefu.cli import main
from tests.grading.course import Course, bank, files_of

Kefu = Callable[..., tuple[object, str]]


@pytest.fixture
def kefu(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kefu:
    """Run the command as its script does: exit code, and all it said."""

    def run(folder: Path, *words: str, locale: str = "en_US.UTF-8") -> tuple[object, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("LC_ALL", locale)
        monkeypatch.setattr(sys, "argv", ["kefu", *words])
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        told = code if isinstance(code, str) else ""
        return code, f"{said.out}{said.err}{told}"

    return run


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course that is woven."""
    course = Course(tmp_path / "course", bank(tmp_path / "course" / "content"))
    course.weave()
    return course


def test_the_doctor_tells_with_signs_and_words(course: Course, kefu: Kefu) -> None:
    """Each line has a sign and a word, what to do stands below, and a fault gives exit code 1."""
    code, said = kefu(course.root, "doctor")
    assert "✓ ok  content: 7 items, all well" in said
    assert "! note  released sets: first is not released yet" in said
    assert "    → run nbgrader generate_assignment first" in said
    (course.root / "kefu.py").write_text("")
    code, said = kefu(course.root, "doctor")
    assert code == 1
    assert "✗ fault  files that shadow modules: " in said
    code, said = kefu(course.root, "doctor", locale="zh_CN.UTF-8")
    assert "✗ 有问题  重名的文件：" in said
    assert "\x1b" not in said, "no colour carries anything"


def test_the_doctor_speaks_to_machines(course: Course, kefu: Kefu) -> None:
    """`--json` lists every check with its state, in both languages; the exit code is the same."""
    code, said = kefu(course.root, "doctor", "--json")
    told = json.loads(said)
    assert {one["check"] for one in told} == set(doctor.CHECKS) - {"sets"}, "no gradebook yet"
    assert (code == 1) == any(one["state"] == "fault" for one in told)
    (content,) = (one for one in told if one["check"] == "content")
    assert content["what"] == {"zh": "7 道题，没有问题", "en": "7 items, all well"}
    (course.root / "kefu.py").write_text("")
    assert kefu(course.root, "doctor", "--json")[0] == 1


def test_where_there_is_no_course_the_doctor_still_looks(tmp_path: Path, kefu: Kefu) -> None:
    """Outside of a course that is the fault, and the machine is looked at all the same."""
    code, said = kefu(tmp_path, "doctor")
    assert code == 1
    assert "✗ fault  the course's folder: no nbgrader_config.py" in said
    assert "ok  Python" in said
    assert "itself failed" not in said


def test_a_backup_says_where_it_lies_and_what_is_in_it(course: Course, kefu: Kefu) -> None:
    """The words name the file, that it holds names and marks, and that it is to be deleted."""
    code, said = kefu(course.root, "backup")
    assert not code
    (made,) = (course.root / "backups").iterdir()
    assert str(made) in said
    assert "names, marks and answers" in said
    assert "delete it when it is no longer needed" in said
    code, said = kefu(course.root, "backup", str(course.root / "own.zip"), locale="zh_CN.UTF-8")
    assert "里面有姓名、成绩和答案" in said
    assert (course.root / "own.zip").is_file()
    code, said = kefu(course.root, "backup", str(course.root / "own.zip"))
    assert code
    assert "is there already" in said


def test_what_was_left_out_is_said(course: Course, kefu: Kefu) -> None:
    """A link among the hand-ins is named, not followed."""
    (course.root / "submitted").mkdir()
    (course.root / "submitted" / "link\x1b[31m").symlink_to("/etc/passwd")
    (course.root / "submitted" / "second").symlink_to("/etc/passwd")
    _, said = kefu(course.root, "backup")
    assert "2 left out" in said
    assert "submitted/second" in said
    assert "\x1b" not in said


def test_restore_asks_first(course: Course, kefu: Kefu, monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells what it would replace; nobody to ask, or a no, and nothing is touched."""
    kept = take(Home.at(course.root, env={})).path
    (course.root / "solutions" / "first" / "first.ipynb").unlink()
    before = files_of(course.root, ("solutions/**/*",))
    code, said = kefu(course.root, "restore", str(kept))
    assert code
    assert "there is nobody to ask" in said
    assert "files there: 1, in their place: 2" in said
    assert "vault: 14 rows" in said
    for answer, gone in (("n\n", True), ("y\n", False)):
        typed = io.StringIO(answer)
        monkeypatch.setattr(typed, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(sys, "stdin", typed)
        code, said = kefu(course.root, "restore", str(kept))
        assert bool(code) == gone
        assert ("Nothing was touched" in said) == gone
        assert (files_of(course.root, ("solutions/**/*",)) == before) == gone


def test_restore_into_an_empty_folder(course: Course, kefu: Kefu, tmp_path: Path) -> None:
    """`--into` names a folder, or one stands in an empty one; nothing else is touched."""
    kept = take(Home.at(course.root, env={}), tmp_path / "kept.zip").path
    before = files_of(course.root, ("**/*.ipynb", "content/**/*"))
    shutil.rmtree(course.root / "course")
    before = {name: data for name, data in before.items() if not name.startswith("course/")}
    code, said = kefu(course.root, "restore", str(kept), "--into", str(tmp_path / "a"), "--yes")
    assert not code
    assert "Please run kefu doctor once more" in said
    (tmp_path / "b").mkdir()
    assert not kefu(tmp_path / "b", "restore", str(kept), "--yes")[0]
    for name in "ab":
        assert files_of(tmp_path / name, ("**/*.ipynb", "content/**/*")) == before
        assert (tmp_path / name / "kefu.db").is_file()
        assert not (tmp_path / name / "backups").exists()


def test_into_does_not_touch_the_live_database(
    course: Course, kefu: Kefu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--into`, what KEFU_DB and KEFU_CONTENT name is left alone."""
    kept = take(Home.at(course.root, env={}), tmp_path / "kept.zip").path
    live = tmp_path / "live.db"
    monkeypatch.setenv("KEFU_DB", f"sqlite:///{live}")
    assert not kefu(course.root, "restore", str(kept), "--into", str(tmp_path / "a"), "--yes")[0]
    assert not live.exists()
    assert not kefu(course.root, "restore", str(kept), "--yes")[0]
    assert live.is_file()


def test_a_restore_tells_where_the_old_state_lies(course: Course, kefu: Kefu) -> None:
    """What was there before is kept in a zip that is named."""
    kept = take(Home.at(course.root, env={})).path
    code, said = kefu(course.root, "restore", str(kept), "--yes")
    assert not code
    (before,) = course.root.glob("backups/kefu-before-restore-*.zip")
    assert str(before) in said


def test_what_is_no_backup_is_refused(course: Course, kefu: Kefu) -> None:
    """A missing file, or one that is no zip, is said in a sentence."""
    code, said = kefu(course.root, "restore", "nowhere.zip")
    assert "there is no file nowhere.zip" in said
    (course.root / "bad.zip").write_text("bad")
    code, said = kefu(course.root, "restore", "bad.zip", "--yes")
    assert code
    assert "the backup bad.zip is torn or was altered" in said
