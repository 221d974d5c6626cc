"""What a learner reflects on: kept on the learner's own machine, for the learner alone.

One small file, which only its owner may read, in a folder that nothing is handed in from.
Nothing of it ever goes into a journal, a widget's state or a message to anybody's server,
and to delete is to have it gone.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kefu.card import Card, canonical
from kefu.errors import KefuError
from kefu.journal import NotSaved
from kefu.text import Text

__all__ = ["FILE", "Levels", "Reflections", "reply"]

FILE = "selfcheck.json"
MOST_BYTES = 2**20
LEVELS = (0, 1, 2)
"""Not yet, sometimes, usually."""

Levels = dict[str, int]
"""Statement → level."""


class Reflections:
    """The reflections in one file; every reading reads it anew, so that tabs agree.

    Args:
        path: where it lies; its folder is made when there is something to keep.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f"{path.name}.part")

    def recall(self, card: Card) -> Levels | None:
        """What was reflected on these statements; None if nothing was.

        A file that cannot be read holds nothing that could be shown.
        """
        kept = self._read().get(card["item"])
        return fitting(card, kept.get("levels") if isinstance(kept, dict) else None) or None

    def keep(self, card: Card, levels: Levels) -> None:
        """Write down what is thought now, in the place of what was thought before.

        Raises:
            NotSaved: it is not on disk.
        """
        try:
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            with self._alone():
                kept = {"version": card["version"], "levels": levels}
                self._write({**self._read(), card["item"]: kept})
        except OSError as error:
            raise NotSaved.because(error) from error

    def forget(self, card: Card) -> None:
        """Delete what was reflected on this card; the last one takes the file along.

        Raises:
            KefuError: it is still there.
        """
        try:
            if not self.path.parent.is_dir():
                return
            with self._alone():
                self._part.unlink(missing_ok=True)
                rest = {item: kept for item, kept in self._read().items() if item != card["item"]}
                if rest:
                    self._write(rest)
                else:
                    self.path.unlink(missing_ok=True)
            if not rest:
                with suppress(OSError):  # others keep something there
                    self.path.parent.rmdir()
        except OSError as error:
            raise KefuError(
                Text(
                    f"还没有删掉（{error.strerror}）", f"it is not deleted yet ({error.strerror})"
                ),
                Text(
                    f"也可以自己删掉文件 {self.path.name}",
                    f"you can also delete the file {self.path.name} yourself",
                ),
            ) from error

    def _read(self) -> dict[str, Any]:
        try:
            with self.path.open("rb") as file:
                data = json.loads(file.read(MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}

    def _write(self, data: Mapping[str, Any]) -> None:
        """Whole or not at all, and for nobody else's eyes from its first byte on."""
        self._part.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        try:
            with os.fdopen(os.open(self._part, flags, 0o600), "wb") as file:
                file.write(canonical(data).encode())
                file.flush()
                os.fsync(file.fileno())
            self._part.replace(self.path)
        except OSError:
            self._part.unlink(missing_ok=True)
            raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While another tab's kernel writes, wait. Windows cannot lock a folder: the last wins."""
        if sys.platform == "win32":
            yield
            return
        import fcntl

        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def fitting(card: Card, given: object) -> Levels:
    """Of what is given, the levels of statements that the card has."""
    known = [one["id"] for one in card.get("statements", ())]
    if not isinstance(given, dict):
        return {}
    return {i: given[i] for i in known if type(given.get(i)) is int and given[i] in LEVELS}


def reply(
    content: Mapping[str, Any], cards: Sequence[Card], kept: Reflections | None
) -> dict[str, Any] | None:
    """The reply to a page that asks about a reflection; None where it asks something else.

    Args:
        content: the message; `do` is `recall`, `reflect` or `forget`.
        cards: those that are shown.
        kept: None where nothing is to be kept, as on a tablet that many people use.

    Raises:
        KefuError: it cannot be kept, or deleted, or is about no self-check that is shown.
    """
    do = content.get("do")
    if do not in ("recall", "reflect", "forget"):
        return None
    card = next(
        (c for c in cards if c["item"] == content.get("item") and c["kind"] == "selfcheck"), None
    )
    if card is None:
        raise _unknown()
    if do == "recall":
        return {
            "did": "recalled",
            "kept": kept is not None,
            "levels": kept.recall(card) if kept else None,
        }
    if kept is None:
        raise NotSaved(
            Text("这里不保存自检", "self-checks are not kept here"),
            Text("关上这一页就没有了", "it is gone when this page is closed"),
        )
    if do == "forget":
        kept.forget(card)
        return {"did": "forgotten"}
    levels = fitting(card, content.get("levels"))
    if content.get("version") != card["version"] or not levels or levels != content["levels"]:
        raise _unknown()
    kept.keep(card, levels)
    return {"did": "reflected"}


def _unknown() -> NotSaved:
    return NotSaved(
        Text("这次自检与这一页的题对不上", "this does not fit the self-check on this page"),
        Text("请重新打开这一课", "open the lesson again"),
    )
