"""What a check finds, and what it is given to look at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from kefu.bank import Bank, read
from kefu.errors import Fault, KefuError
from kefu.places import Places
from kefu.text import Text

__all__ = ["Check", "Finding", "Look", "Site", "State", "fault", "fine", "warning"]

State = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at one thing gave: how it is, and what to do where something is wrong."""

    state: State
    what: Text
    mend: Text | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A look with the name of its check."""

    check: str
    title: Text
    state: State
    what: Text
    mend: Text | None

    def json(self) -> dict[str, Any]:
        """The form of `kefu doctor --json`."""
        return {
            "check": self.check,
            "state": self.state,
            "title": self.title.json(),
            "what": self.what.json(),
            "mend": self.mend.json() if self.mend else None,
        }


@dataclass
class Site:
    """The installation that is looked at.

    Args:
        start: the folder one stands in.
        env: the environment.
        now: what time it is.
    """

    start: Path
    env: Mapping[str, str]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def here(cls) -> Site:
        """The working folder, this environment, now."""
        return cls(Path.cwd(), os.environ)

    @cached_property
    def found(self) -> Places | KefuError:
        """The course one stands in, or why there is none."""
        try:
            return Places.find(self.start, self.env)
        except KefuError as error:
            return error

    @property
    def places(self) -> Places | None:
        """The course one stands in; None: there is none, which a check of its own says."""
        return self.found if isinstance(self.found, Places) else None

    @cached_property
    def content(self) -> tuple[Bank, list[Fault]] | None:
        """The bank and its faults."""
        return read(self.places.contents) if self.places else None

    @property
    def bank(self) -> Bank | None:
        """The bank, where there is no fault in it."""
        return self.content[0] if self.content and not self.content[1] else None


Check = Callable[[Site], Iterable[Look]]


def fine(zh: str, en: str) -> Look:
    """All is well."""
    return Look("ok", Text(zh, en))


def warning(zh: str, en: str, mend_zh: str, mend_en: str) -> Look:
    """One can work, but should know."""
    return Look("warning", Text(zh, en), Text(mend_zh, mend_en))


def fault(zh: str, en: str, mend_zh: str, mend_en: str) -> Look:
    """Something does not work."""
    return Look("fault", Text(zh, en), Text(mend_zh, mend_en))
