"""The disk: folders, room, locks, times, and what should not lie there any more."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from kefu.backup import FOLDER, STAGE
from kefu.doctor.finding import Look, Site, fault, fine, warning

__all__ = ["backup", "clock", "folders", "leftovers", "locks", "room"]

_FOLDERS = ("course", "solutions", "exercises", "submitted", "autograded", "feedback", FOLDER)
_LITTLE = 2**30
_SLOW = timedelta(minutes=5)
_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)


def folders(site: Site) -> Iterator[Look]:
    """The course's folders are folders, and may be written to."""
    if site.places is None:
        return
    told = []
    for folder in (site.places.root, *(site.places.root / name for name in _FOLDERS)):
        if not os.path.lexists(folder):
            continue
        if not folder.is_dir():
            told.append(
                fault(
                    f"{folder} 不是文件夹",
                    f"{folder} is not a folder",
                    "请把它移走",
                    "move it away",
                )
            )
        elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            told.append(
                fault(
                    f"{folder} 不能写",
                    f"{folder} cannot be written to",
                    f"改权限：chmod u+rwx {folder}，或换用户",
                    f"change its permissions: chmod u+rwx {folder}, or use another user",
                )
            )
    yield from told or [fine("都能写", "all can be written to")]


def room(site: Site) -> Iterator[Look]:
    """There is room for a class's answers and for what grading needs."""
    if site.places is None:
        return
    told = []
    for folder in dict.fromkeys((site.places.root, Path(tempfile.gettempdir()))):
        free = shutil.disk_usage(folder).free
        if free < _LITTLE:
            told.append(
                warning(
                    f"{folder} 只剩 {free >> 20} MB",
                    f"{folder} has only {free >> 20} MB left",
                    "请腾出空间：满了答案就存不上",
                    "make room: on a full disk no answer can be saved",
                )
            )
    free = shutil.disk_usage(site.places.root).free
    yield from told or [fine(f"还有 {free / 2**30:.0f} GB", f"{free / 2**30:.0f} GB are free")]


def locks(site: Site) -> Iterator[Look]:
    """Two programs can keep out of each other's way here, and what is written reaches the disk."""
    if site.places is None or os.name != "posix":
        return
    import fcntl

    try:
        with tempfile.NamedTemporaryFile(dir=site.places.root, prefix=".kefu-doctor-") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with open(file.name, "rb") as other:
                try:
                    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    held = False
                except BlockingIOError:
                    held = True
            file.write(b"kefu")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        yield fault(
            f"这里不能加锁或同步（{error.strerror}）",
            f"files cannot be locked or synced here ({error.strerror})",
            "请把课程放到本机磁盘上",
            "put the course on a disk of this machine",
        )
        return
    if held:
        yield fine("有效", "they hold")
    else:
        yield fault(
            "这里的文件锁不起作用",
            "file locks do not hold here",
            "请把课程放到本机磁盘上，或换一种网络挂载",
            "put the course on a disk of this machine, or mount the share in another way",
        )


def clock(site: Site) -> Iterator[Look]:
    """No hand-in comes from the future, and today is not before the course was written."""
    if site.places is None:
        return
    told = []
    files = (path for path in site.places.root.glob("submitted/*/*/*") if not path.is_symlink())
    newest = max(((path.stat().st_mtime, path) for path in files), default=None)
    if newest and datetime.fromtimestamp(newest[0], UTC) > site.now + _SLOW:
        told.append(
            warning(
                f"{newest[1]} 的时间在将来",
                f"{newest[1]} comes from the future",
                "请核对这台机器的时钟；迟交会按它算",
                "check this machine's clock: late hand-ins are told by it",
            )
        )
    as_of = site.bank.course.as_of if site.bank else None
    if as_of and site.now < datetime.combine(as_of, time(), UTC) - _DAY:
        told.append(
            warning(
                f"今天是 {site.now:%Y-%m-%d}，早于课程的 {as_of}",
                f"today is {site.now:%Y-%m-%d}, before the course's {as_of}",
                "请核对这台机器的时钟",
                "check this machine's clock",
            )
        )
    yield from told or [fine(f"{site.now:%Y-%m-%d %H:%M} UTC", f"{site.now:%Y-%m-%d %H:%M} UTC")]


def leftovers(site: Site) -> Iterator[Look]:
    """Nothing lies about that a killed program left."""
    told = []
    if site.places:
        root = site.places.root
        if (root / STAGE).exists():
            told.append(
                fault(
                    f"有一次恢复没有做完（{root / STAGE}）",
                    f"a restore did not come to its end ({root / STAGE})",
                    "没有恢复在进行的话，再运行一次同样的 kefu restore",
                    "if none is running, run the same kefu restore once more",
                )
            )
        for path in sorted({*root.glob("*.part"), *root.glob(f"{FOLDER}/*.part")}):
            if _is_old(path, site):
                told.append(_litter(path, "写到一半的文件", "a file that is half written"))
    for path in sorted(Path(tempfile.gettempdir()).glob("kefu-*")):
        if _is_old(path, site):
            told.append(_litter(path, "留下的临时文件", "a temporary file that was left"))
    yield from told or [fine("没有", "none")]


def _is_old(path: Path, site: Site) -> bool:
    """Whether it is ours, and older than anything that still runs would leave it."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    mine = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return mine and datetime.fromtimestamp(status.st_mtime, UTC) < site.now - _DAY


def _litter(path: Path, zh: str, en: str) -> Look:
    return warning(f"{path}：{zh}", f"{path}: {en}", "可以删掉", "it may be deleted")


def backup(site: Site) -> Iterator[Look]:
    """Where there is something to lose, there is a backup of late."""
    if site.places is None:
        return
    root = site.places.root
    if not any(root.glob("submitted/*/*")):
        yield fine("还没有人交卷", "nobody has handed in yet")
        return
    made = [path.stat().st_mtime for path in root.glob(f"{FOLDER}/*.zip")]
    last = datetime.fromtimestamp(max(made), UTC) if made else None
    if last and last > site.now - _MONTH:
        yield fine(f"最近一次在 {last:%Y-%m-%d}", f"the last is of {last:%Y-%m-%d}")
    else:
        yield warning(
            "一个月里没有备份" if last else f"{FOLDER}/ 里还没有备份",
            "none was made for a month" if last else f"there is none in {FOLDER}/",
            "运行 kefu backup，并在别的机器上也留一份",
            "run kefu backup, and keep a copy on another machine",
        )
