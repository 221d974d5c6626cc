"""The bank: what authors typed in `content/`, read and checked.

`read` gives everything that could be read together with every fault, so that a check
tells all of them at once and a weaver can refuse what has any.
"""

from __future__ import annotations

from kefu.bank.model import (
    Bank,
    Chapter,
    Course,
    Entry,
    Lesson,
    Planned,
    Row,
    Set,
    Standard,
    Standards,
    Term,
    Track,
)
from kefu.bank.reader import read

__all__ = [
    "Bank",
    "Chapter",
    "Course",
    "Entry",
    "Lesson",
    "Planned",
    "Row",
    "Set",
    "Standard",
    "Standards",
    "Term",
    "Track",
    "read",
]
