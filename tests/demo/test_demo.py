"""The demonstration: a class of twelve, and the three doors."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kefu.demo import Prepared, doors, nbgrader, own, prepare
from kefu.demo.answers import LEARNERS
from kefu.errors import KefuError
from kefu.text import Text
from tests.demonstration import ROOT, said

NOWHERE = "http://127.0.0.1:9/"


def test_everything_lies_in_its_own_folder(demonstration: Prepared) -> None:
    """Learners, their answers, gradebook, feedback and vault lie below the demonstration."""
    root = demonstration.places.root
    assert (root / "gradebook.db").is_file()
    assert (root / "grades.csv").is_file()
    with sqlite3.connect(root / "kefu.db") as vault:
        assert vault.execute("SELECT count(*) FROM released").fetchone()[0] >= 42
    assert sorted(p.name for p in (root / "feedback").iterdir()) == sorted(LEARNERS)
    assert (demonstration.learner / demonstration.first).is_file()


def test_each_step_is_told(demonstration: Prepared) -> None:
    """Whoever waits is told in both languages what has been done."""
    assert len(said) == 4
    assert all(text.zh and text.en for text in said)
    assert "graded: 48 submissions" in said[-1].en


def test_learners_answer_through_the_player(demonstration: Prepared) -> None:
    """Each journal holds whole attempts in either language; the last learner leaves one blank."""
    for student in LEARNERS:
        file = demonstration.places.root / "class" / student / "ownership" / "responses.jsonl"
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        assert len(lines) == (5 if student == "s12" else 6)
        assert {line["lang"] for line in lines} <= {"zh", "en"}


def test_another_folder_is_left_alone(tmp_path: Path) -> None:
    """A folder with something in it that is no demonstration's is not emptied."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(KefuError, match="not a demonstration's folder"):
        prepare(tmp_path, (ROOT / "content",), lambda _: None)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_content_with_faults_is_refused(tmp_path: Path) -> None:
    """A demonstration of content with faults says to run the check, and weaves nothing."""
    (tmp_path / "content").mkdir()
    with pytest.raises(KefuError, match="run kefu check to see them"):
        prepare(tmp_path / "demo", (tmp_path / "content",), lambda _: None)
    assert not (tmp_path / "demo" / "course").exists()


def test_a_step_that_fails_is_quoted(tmp_path: Path) -> None:
    """When a command of nbgrader fails, its name and its last words are passed on."""
    with pytest.raises(KefuError, match="nbgrader autograde nothing-here failed"):
        nbgrader(tmp_path, "autograde", "nothing-here")


def test_the_houses_database_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has set KEFU_DB for the house sees nothing of a demonstration in it."""
    monkeypatch.setenv("KEFU_DB", f"sqlite:///{tmp_path / 'house.db'}")
    assert "KEFU_DB" not in own(os.environ)
    assert own(os.environ)["PATH"] == os.environ["PATH"]
    seen = tmp_path / "seen"
    seen.write_text("")
    command = [sys.executable, "-c", "import os; print('KEFU_DB' in os.environ)"]
    monkeypatch.setattr(sys, "executable", str(_stand_in(tmp_path, command)))
    nbgrader(tmp_path, "anything")
    assert (tmp_path / "heard").read_text().strip() == "False"


def _stand_in(folder: Path, command: list[str]) -> Path:
    file = folder / "python"
    words = " ".join(f"'{word}'" if " " not in word else f'"{word}"' for word in command)
    file.write_text(f"#!/bin/sh\n{words} > '{folder}/heard'\n")
    file.chmod(0o755)
    return file


def test_a_taken_port_is_said_before_anything_starts(demonstration: Prepared) -> None:
    """A port that somebody listens on is named, with another to choose."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(KefuError, match=f"port {port} is taken"):
            doors.open_doors(demonstration, (port, port, port))


def test_a_door_that_dies_is_said_with_its_log(tmp_path: Path) -> None:
    """A server that ends before it answers is reported at once, with its last words."""
    log = tmp_path / "learner.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", "raise SystemExit('no module named lab')"],
            stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    door = doors.Door(Text("学员", "learner"), NOWHERE, NOWHERE, "x", process, log)
    process.wait()
    with pytest.raises(KefuError, match="no module named lab"):
        doors.wait_for(door)
    doors.close([door])


def test_doors_are_closed(tmp_path: Path) -> None:
    """Closing ends each server and waits until it is gone."""
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    door = doors.Door(Text("一线", "floor"), NOWHERE, NOWHERE, "", process, tmp_path / "log")
    doors.close([door])
    assert process.returncode is not None


def test_two_demonstrations_do_not_share_a_folder(tmp_path: Path) -> None:
    """While one is made or open in a folder, a second one there is refused and empties nothing."""
    folder = tmp_path / "demo"
    holder = (
        "import sys, pathlib, kefu.demo as demo; demo._empty(pathlib.Path(sys.argv[1]));"
        "print(1, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as first:  # fmt: skip
        assert first.stdout
        first.stdout.readline()
        (folder / "gradebook.db").write_text("work")
        with pytest.raises(KefuError, match="a demonstration is running"):
            prepare(folder, (ROOT / "content",), lambda _: None)
        assert (folder / "gradebook.db").exists()


def test_a_door_that_cannot_start_closes_the_others(
    demonstration: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the second door cannot be started, or Ctrl-C comes, the first does not stay open."""
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def once(*args: object, **kwargs: object) -> subprocess.Popen[bytes]:
        if started:
            raise KeyboardInterrupt
        started.append(real([sys.executable, "-c", "import signal; signal.pause()"]))
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", once)
    with pytest.raises(KeyboardInterrupt):
        doors.open_doors(demonstration, (0, 0, 0))
    assert started[0].returncode is not None
