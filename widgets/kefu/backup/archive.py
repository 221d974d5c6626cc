"""One zip that can be trusted: every file in it is named in its manifest, with size and hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from kefu.backup.home import is_safe
from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["MANIFEST", "Archive", "Writer"]

MANIFEST = "manifest.json"
FORMAT = 1
PIECE = 2**20

_MOST_MANIFEST = 256 * 2**20


class Writer:
    """Writes files into a zip and remembers their hashes; the manifest comes last.

    To be used in a `with`: a zip that was given up ends while its file is still open.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._now = dt.datetime.now().timetuple()[:6]
        self._files: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._zip.close()

    def add(self, name: str, pieces: Iterable[bytes], mtime: int | None = None) -> None:
        """Write one file; `mtime` in nanoseconds, where it is of use to anybody."""
        info = zipfile.ZipInfo(name, self._now)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        size, digest = 0, hashlib.sha256()
        with self._zip.open(info, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        told = {"sha256": digest.hexdigest(), "size": size}
        self._files[name] = told if mtime is None else {**told, "mtime": mtime}

    def close(self, head: dict[str, Any]) -> None:
        """Write the manifest and end the zip."""
        manifest = {"format": FORMAT, **head, "files": self._files}
        info = zipfile.ZipInfo(MANIFEST, self._now)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        self._zip.writestr(info, json.dumps(manifest, indent=1))
        self._zip.close()


class Archive:
    """A backup that is open for reading; to be used in a `with`.

    Opening looks at every name and size; `verify` reads every byte.

    Args:
        path: where the zip is.

    Raises:
        KefuError: it is no backup, or holds what no backup of ours holds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, EOFError, UnicodeError, NotImplementedError) as error:
            raise self._broken(path.name) from error
        try:
            self.manifest = self._manifest()
            self.files: dict[str, dict[str, Any]] = self.manifest["files"]
            self._look()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def size(self) -> int:
        """Bytes of all files together, unpacked."""
        return sum(told["size"] for told in self.files.values())

    def _manifest(self) -> dict[str, Any]:
        try:
            info = self._zip.getinfo(MANIFEST)
            if info.file_size > _MOST_MANIFEST:
                raise ValueError("too long")
            with self._zip.open(info) as file:
                data = json.loads(file.read(_MOST_MANIFEST))
            if data["format"] > FORMAT:
                raise KefuError(
                    Text(
                        f"{self.path.name} 是更新版本的 kefu 做的",
                        f"{self.path.name} was made by a newer kefu",
                    ),
                    Text("请先升级 kefu", "upgrade kefu first"),
                )
            for told in data["files"].values():
                if not (type(told["size"]) is int and told["size"] >= 0):
                    raise ValueError("no size")
                bytes.fromhex(told["sha256"])
            dt.datetime.fromisoformat(data["at"])
            for told in data["databases"].values():
                sum(told["rows"].values())
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise self._broken(MANIFEST) from error
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise self._broken(MANIFEST) from error
        manifest: dict[str, Any] = data
        return manifest

    def _look(self) -> None:
        """No name twice, none that leads elsewhere, none that the manifest does not know."""
        infos = [info for info in self._zip.infolist() if info.filename != MANIFEST]
        names = [info.filename for info in infos]
        if len(names) + 1 != len(self._zip.infolist()):
            raise self._broken(MANIFEST)
        for info in infos:
            name, mode = info.filename, info.external_attr >> 16
            told = self.files.get(name)
            if (
                told is None
                or not is_safe(name)
                or info.orig_filename != name
                or stat.S_IFMT(mode) not in (0, stat.S_IFREG)
                or info.flag_bits & 1
                or info.file_size != told["size"]
            ):
                raise self._broken(name)
        folders = {
            "/".join(parts[:n])
            for parts in (name.split("/") for name in names)
            for n in range(1, len(parts))
        }
        seen = set[str]()
        for name in names:
            if name in seen or name in folders:
                raise self._broken(name)
            seen.add(name)
        if missing := sorted(self.files.keys() - seen):
            raise self._broken(missing[0])

    def verify(self) -> None:
        """Read every byte and compare.

        Raises:
            KefuError: a file is not what the manifest says; the file is named.
        """
        for name in self.files:
            for _ in self.read(name):
                pass

    def read(self, name: str) -> Iterator[bytes]:
        """The pieces of one file; the last comes only when the whole is as the manifest says.

        Raises:
            KefuError: it is not.
        """
        told = self.files[name]
        left, digest, last = told["size"], hashlib.sha256(), b""
        try:
            with self._zip.open(name) as file:
                # One byte more than was promised is a lie.
                while piece := file.read(min(PIECE, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise self._broken(name)
                    digest.update(piece)
                    if last:
                        yield last
                    last = piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise self._broken(name) from error
        if left or digest.hexdigest() != told["sha256"]:
            raise self._broken(name)
        if last:
            yield last

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of one file."""
        rest = b""
        for piece in self.read(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
        if rest:
            yield rest

    def below(self, folder: str) -> list[str]:
        """The files in a folder, by their whole names."""
        return [name for name in self.files if name.startswith(f"{folder}/")]

    def _broken(self, name: str) -> KefuError:
        shown = ascii(name)[1:-1] if not name.isprintable() else name
        return KefuError(
            Text(
                f"备份 {self.path.name} 不完整或被改动过，问题在 {shown}",
                f"the backup {self.path.name} is torn or was altered, at {shown}",
            ),
            Text("什么都没有动，请换一份备份", "nothing was touched; please use another backup"),
        )
