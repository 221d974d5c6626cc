"""What is taken out of a hand-in, and what is not."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

from kefu.grading.collect import HandInCollector, HandInExtractor
from kefu.journal import MOST_BYTES

BOOK, JOURNAL = "first.ipynb", "responses.jsonl"


def attempt(at: str) -> bytes:
    """One line of a journal."""
    line = {"id": "0" * 32, "item": "a--b", "version": "v", "response": {}, "at": at}
    return json.dumps(line).encode() + b"\n"


def pack(path: Path, *members: tuple[str, bytes]) -> Path:
    """A zip of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Where hand-ins arrive."""
    (tmp_path / "archive").mkdir()
    return tmp_path / "archive"


def taken(inbox: Path) -> dict[str, bytes]:
    """What the extractor takes out, by path."""
    out = inbox.parent / "extracted"
    out.mkdir(exist_ok=True)
    HandInExtractor().extract(str(inbox), str(out))
    files = (p for p in out.rglob("*") if p.is_file())
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in files}


def test_the_two_files_of_a_zip(inbox: Path) -> None:
    """A zip gives its notebook and its journal, and nothing else it holds."""
    pack(inbox / "first--s01.zip", (BOOK, b"{}"), (JOURNAL, b"x"), ("second.ipynb", b"y"))
    assert taken(inbox) == {f"first--s01/{BOOK}": b"{}", f"first--s01/{JOURNAL}": b"x"}


def test_a_folder_put_around_is_looked_through(inbox: Path) -> None:
    """Zipping the folder instead of the files changes nothing; the outermost file counts."""
    pack(inbox / "first--s01.zip", (f"a/b/{JOURNAL}", b"deep"), (f"a/{JOURNAL}", b"mine"))
    assert taken(inbox) == {f"first--s01/{JOURNAL}": b"mine"}


def test_an_unpacked_folder_is_a_hand_in(inbox: Path) -> None:
    """What a learning platform unpacked by itself is taken as well, but no link in it."""
    folder = inbox / "first--s01"
    folder.mkdir()
    (folder / BOOK).write_bytes(b"{}")
    (folder / JOURNAL).symlink_to("/etc/hostname")
    assert taken(inbox) == {f"first--s01/{BOOK}": b"{}"}


@pytest.mark.parametrize(
    "name", [f"../{JOURNAL}", f"/{JOURNAL}", f"x--s02/{JOURNAL}", f"../../first--s02/{JOURNAL}"]
)
def test_no_member_chooses_where_it_goes(inbox: Path, name: str) -> None:
    """Whatever path a member claims, it lands in its own learner's folder."""
    pack(inbox / "first--s01.zip", (name, b"x"))
    assert taken(inbox) == {f"first--s01/{JOURNAL}": b"x"}
    assert {p.name for p in inbox.parent.iterdir()} == {"archive", "extracted"}


def test_one_damaged_zip_keeps_nobody_back(inbox: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be read is named to the instructor, and the others are taken."""
    (inbox / "first--s01.zip").write_bytes(b"PK\x03\x04 torn")
    good = pack(inbox / "first--s02.zip", (JOURNAL, b"x" * 5000)).read_bytes()
    (inbox / "first--s03.zip").write_bytes(good[:40] + b"\xff" * 20 + good[60:])
    (inbox / "first--s04.zip").symlink_to("/etc/hostname")
    (inbox / "homework.zip").write_bytes(good)
    (inbox / "first--s05.rar").write_bytes(good)
    assert f"first--s02/{JOURNAL}" in taken(inbox)
    for name in ("first--s01.zip", "first--s04.zip", "homework.zip", "first--s05.rar"):
        assert name in caplog.text


def test_a_bomb_is_cut_short(inbox: Path) -> None:
    """No member unpacks to more than any honest journal holds."""
    pack(inbox / "first--s01.zip", (JOURNAL, b"0" * (MOST_BYTES + 2**20)))
    assert len(taken(inbox)[f"first--s01/{JOURNAL}"]) == MOST_BYTES


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_at_one_go_is_not_unpacked(
    inbox: Path, caplog: pytest.LogCaptureFixture, how: int
) -> None:
    """A way of compressing that would fill the memory at one go is named and passed over."""
    with zipfile.ZipFile(inbox / "first--s01.zip", "w", how) as archive:
        archive.writestr(JOURNAL, b"0" * 1000)
    assert taken(inbox) == {}
    assert "first--s01.zip" in caplog.text


def test_a_hand_in_of_another_set_stays_where_it_is(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With all hand-ins in one inbox, the set that is collected takes its own, and names others."""
    pack(inbox / "first--s01.zip", (JOURNAL, b"mine"))
    pack(inbox / "second--s01.zip", (JOURNAL, b"later, and of another set"))
    app = NbGrader()
    app.coursedir = CourseDirectory(parent=app)
    app.coursedir.assignment_id = "first"
    out = inbox.parent / "extracted"
    HandInExtractor(parent=app).extract(str(inbox), str(out))
    assert [p.name for p in out.iterdir()] == ["first--s01"]
    assert "second--s01.zip" in capsys.readouterr().err


def test_a_hand_in_without_a_notebook_gets_the_released_one(
    inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The journal alone is a hand-in; what holds nothing of ours is asked for again."""
    pack(inbox / "first--s01.zip", (JOURNAL, b"mine"))
    pack(inbox / "first--s02.zip", (BOOK, b"{}"))
    pack(inbox / "first--s03\x1b[2J.zip", (JOURNAL, b"of nobody"))
    pack(inbox / "first--s04.zip", ("homework.docx", b"x"))
    app = NbGrader()
    app.coursedir = CourseDirectory(parent=app)
    app.coursedir.root, app.coursedir.assignment_id = str(inbox.parent), "first"
    out, released = inbox.parent / "extracted", inbox.parent / "release" / "first"
    released.mkdir(parents=True)
    (released / BOOK).write_bytes(b"as released")
    HandInExtractor(parent=app).extract(str(inbox), str(out))
    assert (out / "first--s01" / BOOK).read_bytes() == b"as released"
    assert (out / "first--s02" / BOOK).read_bytes() == b"{}"
    assert [*(out / "first--s04").iterdir()] == []
    lines = capsys.readouterr().err.splitlines()
    for told in ("released one was put there and the answers count: first--s01.zip",
                 "passed over: first--s03\ufffd[2J.zip", "ask for it again: first--s04.zip",
                 "收到 2 份 · hand-ins taken: 2"):  # fmt: skip
        assert sum(told in line for line in lines) == 1, lines
    assert len(lines) == 4


def collected(folder: Path, name: str = JOURNAL) -> Any:
    """What the collector says of a file."""
    return HandInCollector().collect(str(folder / name))


def test_the_learner_is_in_the_name(tmp_path: Path) -> None:
    """The folder's name says whose it is, also when a browser numbered the download."""
    for folder in ("first--s-01_A", "first--s-01_A (2)"):
        assert collected(tmp_path / folder)["student_id"] == "s-01_A"
        assert collected(tmp_path / folder, BOOK)["file_id"] == BOOK
    assert collected(tmp_path / "first--s01", "other.ipynb") is None
    assert collected(tmp_path / "s01") is None


def test_the_time_is_that_of_the_last_answer(tmp_path: Path) -> None:
    """A later answer makes a hand-in newer; a clock in the future is not believed."""
    folder = tmp_path / "first--s01"
    folder.mkdir()
    journal = folder / JOURNAL
    journal.write_bytes(attempt("2026-11-21T08:00:00.000Z").replace(b"0000", b"0001", 1))
    assert collected(folder)["timestamp"] == "2026-11-21 08:00:00.000000 UTC"
    assert collected(folder, BOOK)["timestamp"] == collected(folder)["timestamp"]
    with journal.open("ab") as file:
        file.write(attempt("9999-11-21T08:00:00.000Z"))
    assert "2026-11-21" < collected(folder)["timestamp"] < "9999"
    journal.unlink()
    assert collected(folder)["timestamp"].startswith("1970")
    os.mkfifo(journal)
    assert collected(folder)["timestamp"].startswith("1970")
