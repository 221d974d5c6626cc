"""Errors that say where, what is wrong, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass

from kefu.text import Lang, Text

__all__ = ["Fault", "KefuError"]


class KefuError(Exception):
    """Something a person can mend: what is wrong, and what to do about it.

    Args:
        what: what is wrong.
        write: what to write or do instead.
    """

    def __init__(self, what: Text, write: Text) -> None:
        self.what = what
        self.write = write
        super().__init__(f"{what.zh}；{write.zh} · {what.en}; {write.en}")

    def say(self, lang: Lang) -> str:
        """One sentence in one language."""
        return f"{self.what[lang]}{'；' if lang == 'zh' else '; '}{self.write[lang]}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in what an author wrote.

    `file` is relative to the folder that was checked, `line` counts from 1
    (0: the whole file, as when it is missing).
    """

    file: str
    line: int
    what: Text
    write: Text

    def say(self, lang: Lang) -> str:
        """`file:line: what is wrong; what to write`."""
        stop = "；" if lang == "zh" else "; "
        return f"{self.file}:{self.line}: {self.what[lang]}{stop}{self.write[lang]}"

    def json(self, lang: Lang) -> dict[str, str | int]:
        """The form of `kefu check --json`."""
        return {
            "file": self.file,
            "line": self.line,
            "what": self.what[lang],
            "write": self.write[lang],
        }
