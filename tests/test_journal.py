"""The journal in a file: acknowledged means on disk, whatever happens next."""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import journal
from kefu.errors import KefuError
from kefu.journal import LONGEST_LINE, MOST_BYTES, Attempt, FileJournal, NotSaved, latest, parse
from tests.pieces import any_json, any_text

AT = "2026-11-21T08:00:00.123Z"


def attempt(n: int | str, **other: Any) -> Attempt:
    """The nth attempt."""
    name = f"{n:032x}" if isinstance(n, int) else n
    made = {
        "id": name,
        "item": "a--b",
        "version": "0" * 16,
        "response": {"number": f"{n}"},
        "at": AT,
    }
    return Attempt(**{**made, **other})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal will be."""
    return tmp_path / "responses.jsonl"


def _ids(path: Path) -> list[str]:
    return [one.id for one in FileJournal(path).attempts()]


# What is written comes back


def test_nothing_yet(path: Path) -> None:
    """A journal that does not exist has no attempts, and reading does not make it."""
    assert [*FileJournal(path).attempts()] == []
    assert not path.exists()


def test_round_trip(path: Path) -> None:
    """Attempts come back as they were given, in their order, 汉字 and all."""
    given = [
        attempt(1, lang="zh"),
        attempt(2, response={"number": "１５ 秒\n\u2028", "deep": [None, {"字": 1.5}]}),
        attempt(3, item="c--d", lang="en"),
    ]
    for one in given:
        FileJournal(path).append(one)
    assert [*FileJournal(path).attempts()] == given
    assert path.read_bytes().count(b"\n") == 3


def test_an_id_counts_once(path: Path) -> None:
    """An attempt that was sent again counts as it came first."""
    for one in (attempt(1), attempt(2), attempt(1, response={"number": "99"}), attempt(1)):
        FileJournal(path).append(one)
    assert [*FileJournal(path).attempts()] == [attempt(1), attempt(2)]


def test_the_latest_of_each() -> None:
    """A fold gives the last attempt of each group."""
    given = [attempt(1), attempt(2, item="c--d"), attempt(3)]
    assert latest(given, lambda one: one.item) == {"a--b": given[2], "c--d": given[1]}


# Files as crashes, editors and other hands leave them


def test_a_torn_line_survives_the_next_append(path: Path) -> None:
    """Wherever a crash tore the last line, the next attempt costs nothing but that line."""
    for n in (1, 2):
        FileJournal(path).append(attempt(n))
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for cut in range(first, len(whole) + 1):
        path.write_bytes(whole[:cut])
        FileJournal(path).append(attempt(3))
        kept = [1, 2, 3] if cut >= len(whole) - 1 else [1, 3]
        assert _ids(path) == [attempt(n).id for n in kept]


LINE = json.dumps({"id": "x", "item": "a--b", "version": "v", "response": {}, "at": AT}).encode()


@pytest.mark.parametrize(
    "before",
    [
        LINE,
        LINE + b"\r\n",
        LINE + b"\r",
        b"\xef\xbb\xbf" + LINE + b"\n",
        b"\n\n\n" + LINE + b"\n\n",
        b"null\n[]\n1\n" + LINE + b"\n{}\n",
        bytes(range(256)) * 40 + b"\n" + LINE + b"\n\x00\x00\x00",
        b"\x00" * 4096 + b"\n" + LINE + b"\n",
        b"[" * 60_000 + b"\n" + LINE + b"\n",
        b"{" + b'"a":{' * 9_000 + b"\n" + LINE + b"\n",
        b"9" * 60_000 + b"\n" + LINE + b"\n",
        b'"' + b"x" * 200_000 + b'"\n' + LINE + b"\n",
        LINE + b"\n" + LINE.decode().encode("utf-16") + b"\n",
        LINE + b"\n" + LINE.replace(b'"x"', b'"\xff"') + b"\n",
    ],
    ids=["no-newline", "crlf", "cr", "bom", "empty-lines", "not-attempts", "binary", "zeros",
         "brackets", "braces", "digits", "long", "utf-16", "not-utf-8"],
)  # fmt: skip
def test_whatever_stands_there(path: Path, before: bytes) -> None:
    """Foreign lines are passed over, whole ones are kept, and the next append is fine."""
    path.write_bytes(before)
    FileJournal(path).append(attempt(1))
    FileJournal(path).append(attempt(2))
    assert _ids(path) == ["x", attempt(1).id, attempt(2).id]
    assert path.read_bytes().startswith(before)


@given(st.binary(max_size=300))
def test_any_bytes(before: bytes) -> None:
    """Whatever bytes a file holds, reading is calm and the next attempt is kept."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "responses.jsonl"
        path.write_bytes(before)
        FileJournal(path).append(attempt(1))
        assert _ids(path)[-1:] == [attempt(1).id]


FIELDS = ("id", "item", "version", "response", "at", "lang")


@given(any_json | st.fixed_dictionaries(dict.fromkeys(FIELDS, any_text | any_json)))
def test_a_line_of_any_json(data: object) -> None:
    """Any JSON at all is an attempt or nothing; an attempt's time is a time."""
    read = parse(json.dumps(data))
    assert read is None or (isinstance(read.response, dict) and read.at.endswith("Z"))


@pytest.mark.parametrize(
    "at",
    ["", "yesterday", "2026-11-21", "2026-11-21T08:00:00Z", "\ud800", AT + "\n", "２" + AT[1:]],
)
def test_a_time_is_written_one_way(at: str) -> None:
    """An attempt whose time is written otherwise was not written by a journal."""
    line = {"id": "x", "item": "a--b", "version": "v", "response": {}, "at": AT}
    assert parse(json.dumps(line)) is not None
    assert parse(json.dumps({**line, "at": at})) is None


@pytest.mark.parametrize("lang", ["fr", 1, ["zh"], None])
def test_another_language_is_none(lang: object) -> None:
    """A language that the course does not speak is passed over, the attempt is kept."""
    line = {"id": "x", "item": "a--b", "version": "v", "response": {}, "at": AT, "lang": lang}
    read = parse(json.dumps(line))
    assert read is not None
    assert read.lang is None


@pytest.mark.parametrize("newlines", [True, False], ids=["lines", "one-line"])
def test_a_flood(path: Path, newlines: bool) -> None:
    """A flood hides nothing that came before it; what would not be read back is not saved."""
    FileJournal(path).append(attempt(1))
    with path.open("ab") as file:
        file.write((b"x" * 99 + (b"\n" if newlines else b"x")) * (20 * 2**20 // 100))
    size = path.stat().st_size
    assert size > MOST_BYTES
    assert _ids(path) == [attempt(1).id]
    with pytest.raises(NotSaved):
        FileJournal(path).append(attempt(2))
    assert path.stat().st_size == size
    assert _ids(path) == [attempt(1).id]


def test_what_is_acknowledged_is_read_back(path: Path) -> None:
    """At the very brim, an attempt is either refused or read back."""
    line = len(LINE) + 200
    for left in range(line, 0, -7):
        path.write_bytes(b"x" * (MOST_BYTES - left - 1) + b"\n")
        try:
            FileJournal(path).append(attempt(1))
        except NotSaved:
            assert _ids(path) == []
        else:
            assert _ids(path) == [attempt(1).id]


# What no line can hold


def _deep() -> dict[str, Any]:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    return deep


@pytest.mark.parametrize(
    "response",
    [{"number": "x" * LONGEST_LINE}, {"number": "\ud800"}, {"number": float("nan")}, _deep()],
    ids=["long", "surrogate", "nan", "deep"],
)
def test_what_no_line_can_hold(path: Path, response: dict[str, Any]) -> None:
    """What cannot be written is refused in words, and leaves nothing behind."""
    FileJournal(path).append(attempt(1))
    with pytest.raises(NotSaved, match="太长"):
        FileJournal(path).append(attempt(2, response=response))
    FileJournal(path).append(attempt(3))
    assert _ids(path) == [attempt(1).id, attempt(3).id]


# Saved means on disk


def test_saved_comes_after_fsync(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An append returns after the whole line, then the new file's name, were synced."""
    synced: list[object] = []
    real = os.fsync

    def fsync(fd: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(fd).st_mode)
        synced.append("folder" if is_folder else path.read_bytes())
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    kept = FileJournal(path)
    kept.append(attempt(1))
    assert synced == [path.read_bytes(), "folder"]
    synced.clear()
    kept.append(attempt(2))
    assert synced == [path.read_bytes()]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, ("磁盘满了", "the disk is full")),
        (errno.EDQUOT, ("磁盘满了", "the disk is full")),
        (errno.EROFS, ("不能写入", "cannot be written to")),
        (errno.EIO, ("Input/output error", "Input/output error")),
    ],
)
def test_a_sync_that_fails(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: tuple[str, str]
) -> None:
    """If the disk refuses at the last moment, nothing of the line is left, and words say why."""
    FileJournal(path).append(attempt(1))
    before = path.read_bytes()

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(NotSaved) as caught:
            FileJournal(path).append(attempt(2))
    assert words[0] in caught.value.say("zh")
    assert words[1] in caught.value.say("en")
    assert "还没存上" in caught.value.say("zh")
    assert path.read_bytes() == before
    FileJournal(path).append(attempt(2))
    assert _ids(path) == [attempt(1).id, attempt(2).id]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_cannot_sync_folders(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Where folders cannot be synced, as on some shares, answers are saved all the same."""
    real = os.fsync

    def fsync(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(number, os.strerror(number))
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    FileJournal(path).append(attempt(1))
    assert _ids(path) == [attempt(1).id]


def _in_child(doing: Callable[[], str], *, as_nobody: bool = False) -> str:
    """What `doing` says in a process of its own, which may give up root before."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if as_nobody and os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            said = doing()
        except BaseException as error:
            said = f"raised {error!r}"
        os.write(into, said.encode())
        os._exit(0)
    os.close(into)
    with open(out, encoding="utf-8") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def _try(path: Path, n: int) -> str:
    try:
        FileJournal(path).append(attempt(n))
    except NotSaved as error:
        return f"{error.say('zh')} {error.say('en')}"
    return "saved"


@pytest.mark.parametrize("room", [*range(1, 300, 23)])
def test_a_full_disk(path: Path, room: int) -> None:
    """A disk with room for a part of a line saves nothing of it, says so, and is fine later."""
    FileJournal(path).append(attempt(1))
    before = path.read_bytes()
    size = len(before)

    def cramped() -> str:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, hard))
        first = _try(path, 2)
        then = path.read_bytes()
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        return json.dumps([first, len(then), _try(path, 3)])

    first, length, later = json.loads(_in_child(cramped))
    assert later == "saved"
    if first == "saved":
        assert _ids(path) == [attempt(n).id for n in (1, 2, 3)]
    else:
        assert "磁盘满了" in first
        assert "the disk is full" in first
        assert length == size
        assert _ids(path) == [attempt(n).id for n in (1, 3)]
    assert path.read_bytes().startswith(before)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that also nobody can reach."""
    folder = Path(tempfile.mkdtemp(prefix="kefu-", dir="/tmp"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder)


@pytest.mark.parametrize("begun", [False, True], ids=["no-file", "file"])
def test_a_read_only_folder(open_folder: Path, begun: bool) -> None:
    """A folder that cannot be written to says so, loses nothing, and is fine once it can."""
    path = open_folder / "responses.jsonl"
    if begun:
        FileJournal(path).append(attempt(1))
        path.chmod(0o444)
    before = path.read_bytes() if begun else None
    open_folder.chmod(0o555)
    said = _in_child(lambda: _try(path, 2), as_nobody=True)
    assert "这个文件夹不能写入" in said
    assert "this folder cannot be written to" in said
    assert (path.read_bytes() if path.exists() else None) == before
    open_folder.chmod(0o777)
    if begun:
        path.chmod(0o666)
    assert _in_child(lambda: _try(path, 2), as_nobody=True) == "saved"
    assert _ids(path) == [attempt(n).id for n in ((1, 2) if begun else (2,))]


def test_a_file_that_may_not_be_read(open_folder: Path) -> None:
    """A journal that cannot be read is said in words."""
    path = open_folder / "responses.jsonl"
    FileJournal(path).append(attempt(1))
    path.chmod(0)

    def read() -> str:
        try:
            return f"{[*FileJournal(path).attempts()]}"
        except KefuError as error:
            return error.say("zh")

    assert "读不了 responses.jsonl" in _in_child(read, as_nobody=True)


# What stands in the file's place


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _link(path: Path) -> None:
    target = path.with_name("elsewhere")
    target.write_bytes(LINE + b"\n")
    path.symlink_to(target)


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def _device(path: Path) -> None:
    path.symlink_to("/dev/full")


@pytest.mark.parametrize("stand", [_fifo, Path.mkdir, _link, _dangling, _device])
def test_something_else_in_its_place(path: Path, stand: Callable[[Path], None]) -> None:
    """A pipe, a folder or a link in the file's place is refused at once, and left as it is."""
    stand(path)
    with pytest.raises(KefuError, match=r"responses\.jsonl"):
        [*FileJournal(path).attempts()]
    with pytest.raises(NotSaved, match="还没存上"):
        FileJournal(path).append(attempt(1))
    if stand is _link:
        assert path.with_name("elsewhere").read_bytes() == LINE + b"\n"
    assert not path.with_name("nowhere").exists()


def test_a_pipe_that_somebody_reads(path: Path) -> None:
    """Nothing is written into a pipe, also while somebody reads it."""
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(NotSaved):
        FileJournal(path).append(attempt(1))
    assert os.read(reader, 100) == b""
    os.close(reader)


def test_no_folder(tmp_path: Path) -> None:
    """A folder that is gone is said in words."""
    with pytest.raises(NotSaved, match="还没存上"):
        FileJournal(tmp_path / "gone" / "responses.jsonl").append(attempt(1))


def test_no_file_stays_open(path: Path) -> None:
    """Appending, reading and failing leave no file open."""
    FileJournal(path).append(attempt(1))
    folder = path.with_name("folder")
    folder.mkdir()
    before = os.listdir("/proc/self/fd") if Path("/proc/self/fd").is_dir() else []
    for n in range(2, 5):
        FileJournal(path).append(attempt(n))
        [*FileJournal(path).attempts()]
        with pytest.raises(NotSaved):
            FileJournal(folder).append(attempt(n))
        with pytest.raises(KefuError):
            [*FileJournal(folder).attempts()]
    after = os.listdir("/proc/self/fd") if Path("/proc/self/fd").is_dir() else []
    assert len(after) == len(before)


# Several writers, and writers that die

WRITER = textwrap.dedent(
    f"""
    import sys
    from pathlib import Path
    from kefu.journal import Attempt, FileJournal
    path, tabs, count, first = Path(sys.argv[1]), *map(int, sys.argv[2:])
    journals = [FileJournal(path) for _ in range(tabs)]
    for n in range(first, first + count):
        journals[n % tabs].append(
            Attempt(id=f"{{n:032x}}", item="a--b", version="0" * 16,
                    response={{"number": "字" * (n % 50)}}, at={AT!r}))
        print(n, flush=True)
    """
)


def _writer(path: Path, tabs: int, count: int, first: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(tabs), str(count), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(journal.__file__).parents[1])},
    )


def test_two_notebooks_with_two_tabs_each(path: Path) -> None:
    """Four writers at once, two hundred attempts each, lose nothing and tear nothing."""
    # A process is a kernel; a tab is a journal of its own in it, and the reader stands beside.
    writers = [_writer(path, 2, 400, first) for first in (0, 400)]
    counts = []
    while any(writer.poll() is None for writer in writers):
        counts.append(len(_ids(path)))
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    assert counts == sorted(counts)
    assert sorted(_ids(path)) == [attempt(n).id for n in range(800)]
    lines = path.read_bytes().splitlines()
    assert len(lines) == 800
    assert all(parse(line) for line in lines)


def test_writers_that_are_killed(path: Path) -> None:
    """Killed at any moment, a writer has lost nothing that it acknowledged."""
    dice = random.Random(5)
    acknowledged: list[int] = []
    for round_ in range(8):
        first = round_ * 1000
        writer = _writer(path, 1, 1000, first)
        assert writer.stdout is not None
        for _ in range(dice.randint(1, 40)):
            acknowledged.append(int(writer.stdout.readline()))
        writer.kill()
        acknowledged += [int(line) for line in writer.stdout.read().split("\n")[:-1]]
        writer.wait()
        writer.stdout.close()
        # What a power cut leaves of the line that was being written.
        with path.open("ab") as file:
            file.write(LINE[: dice.randrange(len(LINE))])
    FileJournal(path).append(attempt("last"))
    kept = _ids(path)
    assert {attempt(n).id for n in acknowledged} <= set(kept)
    assert kept[-1] == "last"
