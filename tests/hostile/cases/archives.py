"""Hand-in files: archives that would write elsewhere, never end, or are not what they say."""

from __future__ import annotations

import io
import json
import os
import struct
import warnings
import zipfile

from kefu.journal import MOST_BYTES
from tests.hostile.attack import Fair, Stage, collected

JOURNAL = "responses.jsonl"
_Members = tuple[str | zipfile.ZipInfo, bytes]


def _honest(stage: Stage) -> list[_Members]:
    return [(f"{stage.set}.ipynb", json.dumps(stage.released).encode()),
            (JOURNAL, stage.lines(stage.best))]  # fmt: skip


def _zip(*members: _Members, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that stands twice
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def _send(stage: Stage, data: bytes, more: str = "") -> None:
    (stage.inbox / f"{stage.set}--{stage.student}{more}.zip").write_bytes(data)


def _elsewhere(stage: Stage, *names: str) -> Fair:
    """An honest hand-in, and beside it members that would go elsewhere."""
    evil = json.dumps({"metadata": {}}).encode()
    _send(stage, _zip(*_honest(stage), *((name, evil) for name in names)))
    return stage.all


@collected("压缩包里的路径往上跳")
def zip_climbs_out(stage: Stage) -> Fair:
    """Names members so that unpacking writes beside and above the folder.

    Nothing is written but the two files of its own.
    """
    return _elsewhere(stage, "../../../../exercises/first/cards.json", "../../../a-first/first/x",
                      f"../../submitted/a-first/{stage.set}/{JOURNAL}",
                      f"a/../../../../submitted/m-middle/{stage.set}/{JOURNAL}",
                      "../../../../nbgrader_config.py")  # fmt: skip


@collected("压缩包里是绝对路径")
def zip_from_the_root(stage: Stage) -> Fair:
    """Names members by paths from the root of the disk, of Windows too.

    Nothing is written there.
    """
    there = stage.outside / "planted"
    return _elsewhere(stage, f"{there}", f"//{there}", f"C:\\x\\{JOURNAL}", "C:/x/y",
                      f"\\\\host\\{JOURNAL}", "..\\..\\exercises\\first\\cards.json")  # fmt: skip


@collected("压缩包里的文件名长得放不下，或带控制符")
def zip_of_strange_names(stage: Stage) -> Fair:
    """Names members by thousands of characters, by lines, by nothing, by devices.

    Members that are not asked for are not looked at.
    """
    return _elsewhere(stage, "n" * 60_000, "/" * 5000, "a\n  a-first: forged line", "NUL",
                      f"{JOURNAL} ", f"{JOURNAL}.", JOURNAL.upper(), f"{JOURNAL}:ads")  # fmt: skip


@collected("压缩包里同名文件有两个")
def zip_with_a_name_twice(stage: Stage) -> Fair:
    """Packs two journals under one name, so that two readers might see two answers.

    There is one reader, and the first one counts.
    """
    _send(stage, _zip(*_honest(stage), (JOURNAL, b""), (f"x/{JOURNAL}", b"")))
    return stage.all


@collected("压缩炸弹")
def zip_bomb(stage: Stage) -> Fair:
    """Packs sixty-four megabytes of zeros into a few kilobytes.

    No more is unpacked than an honest journal holds; in it is no answer.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(*_honest(stage)[0])
        with archive.open(JOURNAL, "w", force_zip64=True) as member:
            for _ in range(MOST_BYTES // 2**20 * 4):
                member.write(bytes(2**20))
    _send(stage, made.getvalue())
    return Fair(told=True)


@collected("声称的大小和真实大小不符")
def zip_that_lies(stage: Stage) -> Fair:
    """Says in its list that a journal is four gigabytes, and elsewhere that it is nothing.

    It is damaged, and the instructor is told.
    """
    whole = bytearray(_zip(*_honest(stage)))
    at = whole.rindex(b"PK\x01\x02")  # the journal's entry in the list
    struct.pack_into("<III", whole, at + 16, 0, 0xFFFFFFF0, 0xFFFFFFF0)
    _send(stage, bytes(whole))
    return Fair(told=True, booked=True)


@collected("加密的压缩包")
def zip_with_a_password(stage: Stage) -> Fair:
    """Hands in an archive that asks for a password.

    It cannot be read, and the instructor is told to ask for it again.
    """
    whole = bytearray(_zip(*_honest(stage)))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := whole.find(mark, at + 1)) >= 0:
            whole[at + flags] |= 1
    _send(stage, bytes(whole))
    return Fair(told=True, booked=False)


@collected("压缩包里的作答记录是符号链接")
def zip_with_a_link(stage: Stage) -> Fair:
    """Packs the journal as a link to the house's keys.

    It is unpacked as the text of a path, in which is no answer.
    """
    link = zipfile.ZipInfo(JOURNAL)
    link.create_system, link.external_attr = 3, 0o120777 << 16
    _send(stage, _zip(_honest(stage)[0], (link, str(stage.course.root / "kefu.db").encode())))
    return Fair(told=True)


@collected("用少见的压缩方式撑爆内存")
def zip_of_another_method(stage: Stage) -> Fair:
    """Packs by a method that unpacks at one go, however much comes out.

    It is not unpacked, and the instructor is told.
    """
    _send(stage, _zip(*_honest(stage)[1:], how=zipfile.ZIP_LZMA))
    return Fair(told=True, booked=False)


@collected("压缩包里有三万个条目")
def zip_of_many_members(stage: Stage) -> Fair:
    """Packs thirty thousand empty members around the two that count.

    They are passed over.
    """
    many = ((f"x{n}", b"") for n in range(30_000))
    _send(stage, _zip(*_honest(stage), *many, how=zipfile.ZIP_STORED))
    return stage.all


@collected("交卷文件是一条管道")
def zip_is_a_pipe(stage: Stage) -> Fair:
    """Is, as a file to be collected, a named pipe.

    Nobody waits for it: it is passed over, and the instructor is told.
    """
    os.mkfifo(stage.inbox / f"{stage.set}--{stage.student}.zip")
    return Fair(told=True, booked=False)


@collected("交卷文件是链接")
def zip_is_a_link(stage: Stage) -> Fair:
    """Is, as a file to be collected, a link to a neighbour's.

    It is passed over, and the instructor is told.
    """
    (stage.outside / "theirs.zip").write_bytes(_zip(*_honest(stage)))
    (stage.inbox / f"{stage.set}--{stage.student}.zip").symlink_to(stage.outside / "theirs.zip")
    return Fair(told=True, booked=False)


@collected("交卷文件是一个文件夹，里面有链接")
def folder_of_links(stage: Stage) -> Fair:
    """Is, as a hand-in, an unpacked folder in which the journal is a link to a neighbour's.

    The link is not followed.
    """
    folder = stage.inbox / f"{stage.set}--{stage.student}"
    folder.mkdir()
    (folder / f"{stage.set}.ipynb").write_bytes(_honest(stage)[0][1])
    (folder / JOURNAL).symlink_to(stage.course.root / "submitted/a-first" / stage.set / JOURNAL)
    return Fair(told=True)


@collected("压缩包里只有作答记录，没有笔记本")
def zip_without_a_notebook(stage: Stage) -> Fair:
    """Packs the journal alone, so that one grader sees a hand-in and the other none.

    The released notebook is put beside it, the journal counts, and the instructor is told.
    """
    _send(stage, _zip(_honest(stage)[1]))
    return Fair(stage.best, told=True)


@collected("压缩包里没有一样该交的")
def zip_of_nothing(stage: Stage) -> Fair:
    """Packs only files that nobody asked for.

    There is nothing to take, and the instructor is told to ask for it again.
    """
    _send(stage, _zip(("homework.docx", b"x"), ("answers/responses.json", b"{}")))
    return Fair(told=True, booked=False)


@collected("文件名冒充邻座")
def zip_named_like_a_path(stage: Stage) -> Fair:
    """Names the file itself so that its learner's number would be a path, or markup, or a formula.

    No such number is taken, and the instructor is told.
    """
    for number in ("..", "x%2F..%2Fx", "=1+1", "<b>", "s01 (1) (2)", "-rf", "*"):
        (stage.inbox / f"{stage.set}--{number}.zip").write_bytes(_zip(*_honest(stage)))
    return Fair(booked=False)


@collected("记录里的时间在将来，想压过以后的交卷")
def answers_from_the_future(stage: Stage) -> Fair:
    """Says that its answers were given in the last year there is.

    They count, and the time of handing in is no later than now.
    """
    later = stage.lines(stage.best).replace(b"2026-11-20", b"9999-12-31")
    _send(stage, _zip(_honest(stage)[0], (JOURNAL, later)))
    return stage.all
