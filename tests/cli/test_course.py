"""The commands of whoever runs the course."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kefu import ship
from kefu.vault import Vault, connect
from tests.cli.conftest import Kefu
from tests.grading.course import Course, bank


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course's folder with content, nothing woven."""
    return Course(tmp_path / "course", bank(tmp_path / "course" / "content"))


def test_weave_writes_and_keeps(course: Course, kefu: Kefu) -> None:
    """`kefu weave` names what changed, and every version is in the vault; then nothing changes."""
    code, out, _ = kefu(course.root, "weave")
    assert not code
    assert "course/zh/5.2-ownership.ipynb" in out
    assert "7 in the vault" in out.replace("new ", "")
    assert len(course.vault().released("practice")) == 2
    code, out, _ = kefu(course.root / "content", "weave")
    assert "0 changed; 0 new in the vault" in out


def test_weave_refuses_content_with_faults(course: Course, kefu: Kefu) -> None:
    """A fault is said with file and line, the exit code is 1, and nothing is written."""
    file = course.root / "content" / "scenarios" / "umbrella.toml"
    file.write_text(
        file.read_text("utf-8").replace("credit.look = 1.0", "credit.look = 2.0"), "utf-8"
    )
    code, _, err = kefu(course.root, "weave")
    assert code == 1
    assert "umbrella.toml:" in err
    assert not (course.root / "course").exists()
    assert not (course.root / "kefu.db").exists()


def test_weave_keeps_in_the_houses_database(
    course: Course, kefu: Kefu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With KEFU_DB the vault is there, and no database lies in the course."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("KEFU_DB", url)
    assert not kefu(course.root, "weave")[0]
    assert len(Vault(connect(url)).released("graded")) == 4
    assert not (course.root / "kefu.db").exists()


def test_a_folder_without_a_course_is_named(kefu: Kefu, tmp_path: Path) -> None:
    """Outside a course each command says where it looked and what to do."""
    for words in (["weave"], ["ship", "learner"], ["teach"]):
        code, _, _ = kefu(tmp_path, *words)
        assert "no nbgrader_config.py in" in str(code)
        assert "kefu init" in str(code)
    code, _, _ = kefu(tmp_path, "learn")
    assert "there is no course in this folder" in str(code)


def test_ship_says_what_comes_first(
    course: Course, kefu: Kefu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kefu ship learner` asks for a release first, then prints the zip's path."""
    monkeypatch.setattr(ship, "_wheel", lambda: ("kefu-0-py3-none-any.whl", b""))
    assert "run kefu weave first" in str(kefu(course.root, "ship", "learner")[0])
    kefu(course.root, "weave")
    assert "nbgrader generate_assignment" in str(kefu(course.root, "ship", "learner")[0])
    course.nbgrader("generate_assignment", "first")
    code, out, _ = kefu(course.root, "ship", "learner")
    assert (code, Path(out.strip())) == (0, course.root / ship.ZIP)
    code, out, _ = kefu(course.root, "ship", "learner", "--out", str(tmp_path / "x.zip"))
    assert (tmp_path / "x.zip").read_bytes() == (course.root / ship.ZIP).read_bytes()
    assert "there is no package for 'boss'" in str(kefu(course.root, "ship", "boss")[0])


def test_learn_and_teach_open_jupyterlab(
    course: Course, kefu: Kefu, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`learn` opens the first lesson without grading tools, `teach` the folder with them."""
    kefu(course.root, "weave")
    ran: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda file, words, env: ran.append((words, env)))
    assert not kefu(course.root, "learn", "--port", "0", "--no-browser")[0]
    assert not kefu(course.root, "teach", "--port", "0", "--no-browser")[0]
    (learn, _), (teach, _) = ran
    assert "--LabApp.default_url=/lab/tree/course/en/5.2-ownership.ipynb" in learn
    assert "--ServerApp.ip=127.0.0.1" in learn
    assert f"--ServerApp.root_dir={course.root}" in teach
    assert "--LabApp.default_url=/formgrader" in teach
    folders = [Path(env["JUPYTER_CONFIG_DIR"]) for _, env in ran]
    assert all(folder.is_relative_to(course.root) for folder in folders)


def test_grading_tools_are_for_the_instructor_alone(
    course: Course, kefu: Kefu, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `learn` switched off is on again in the same folder's `teach`."""
    kefu(course.root, "weave")
    ran: list[str] = []

    def seen(_: str, words: list[str], env: dict[str, str]) -> None:
        ran.append((Path(env["JUPYTER_CONFIG_DIR"]) / "labconfig" / "page_config.json").read_text())

    monkeypatch.setattr(os, "execve", seen)
    kefu(course.root, "learn", "--port", "0", "--no-browser")
    kefu(course.root, "teach", "--port", "0", "--no-browser")
    assert ["@jupyter/nbgrader" in text for text in ran] == [True, False]


def test_the_demonstration_leaves_a_strange_folder(
    course: Course, kefu: Kefu, tmp_path: Path
) -> None:
    """`kefu demo --folder` refuses a folder that holds something else."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("x")
    code, _, _ = kefu(course.root, "demo", "--folder", str(tmp_path / "mine"), "--port", "28801")
    assert "not a demonstration's folder" in str(code)


def test_a_database_that_cannot_be_used_changes_nothing(
    course: Course, kefu: Kefu, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its vault weaving writes nothing: no card is asked whose key is not kept."""
    monkeypatch.setenv("KEFU_DB", "postgresql+psycopg://x@127.0.0.1:9/kefu")
    code, _, _ = kefu(course.root, "weave")
    assert "the database cannot be used" in str(code)
    assert not (course.root / "course").exists()


def test_a_folder_that_is_closed_is_said(
    course: Course, kefu: Kefu, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that cannot be written to ends a command with a sentence that names it."""

    def closed(self: Path, _: bytes) -> int:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "write_bytes", closed)
    code, _, _ = kefu(course.root, "weave")
    assert "cannot be read or written (Permission denied); check permissions" in str(code)
