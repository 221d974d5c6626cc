"""Things got ready beside their places, and renames that can be taken back."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["Stage"]


class Stage:
    """A folder in which one restore works; to be used in a `with`.

    Each rename is written down before it is done.
    Where an earlier restore was killed, what it had moved goes back first.

    Raises:
        KefuError: another restore is running.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._moves = folder / "moves.jsonl"
        self._done: list[tuple[Path, Path]] = []
        self._new: list[Path] = []
        self._others: list[Path] = []
        self._number = 0

    def __enter__(self) -> Self:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._lock = os.open(self._folder, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise KefuError(
                Text("另一次恢复正在进行", "another restore is running"),
                Text("请等它结束再试", "wait for it to end, then try again"),
            ) from error
        self._recover()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for folder in (*self._others, self._folder):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(self._lock)

    def _recover(self) -> None:
        if self._moves.is_file():
            for line in self._moves.read_text("utf-8").splitlines():
                with suppress(ValueError):
                    source, target = map(Path, json.loads(line))
                    self._done.append((source, target))
        self.undo()
        for path in self._folder.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    def beside(self, target: Path, name: str) -> Path:
        """A free place on the disk of `target`, for what will stand there."""
        folder = self._folder
        if target.parent != folder.parent:
            folder = target.parent / self._folder.name
            if folder not in self._others:
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(mode=0o700, parents=True)
                self._others.append(folder)
        return folder / "new" / name

    def new(self, file: Path) -> None:
        """A file that will be made now, if it is missing, is gone again after `undo`."""
        if not file.exists():
            self._new.append(file)

    def move(self, source: Path, target: Path) -> None:
        """Rename, so that `undo` can take it back."""
        target.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps([os.fspath(source), os.fspath(target)])
        with self._moves.open("a", encoding="utf-8") as out:
            out.write(f"{line}\n")
            out.flush()
            os.fsync(out.fileno())
        source.rename(target)
        self._done.append((source, target))

    def swap(self, target: Path, new: Path | None) -> None:
        """Put what stands at `target` away, and `new` in its place."""
        if os.path.lexists(target):
            self._number += 1
            away = new.parent.parent if new else self._folder
            self.move(target, away / "old" / f"{self._number}-{target.name}")
        if new:
            self.move(new, target)

    def undo(self) -> None:
        """Take every rename back, the last one first."""
        for source, target in reversed(self._done):
            if os.path.lexists(target) and not os.path.lexists(source):
                target.rename(source)
        self._done.clear()
        for file in self._new:
            for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
                each.unlink(missing_ok=True)

    def settle(self) -> None:
        """Nothing is taken back any more, not even by whoever comes after a kill."""
        self._done.clear()
        self._new.clear()
        self._moves.unlink(missing_ok=True)

    def keep(self, folder: Path) -> None:
        """Keep what was put away, in a folder of its own."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for place in (self._folder, *self._others):
            for old in (place / "old").iterdir() if (place / "old").is_dir() else ():
                shutil.move(old, folder / old.name)
