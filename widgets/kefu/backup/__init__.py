"""A copy of a course's people, marks, keys and answers, and the copy brought back.

`take` writes one zip; `Archive` opens one and trusts nothing in it; `restore` brings it back.
"""

from __future__ import annotations

from kefu.backup.archive import Archive
from kefu.backup.home import HOUSE, STAGE, Home
from kefu.backup.restore import Restored, replaced, restore
from kefu.backup.take import FOLDER, Taken, take

__all__ = [
    "FOLDER",
    "HOUSE",
    "STAGE",
    "Archive",
    "Home",
    "Restored",
    "Taken",
    "replaced",
    "restore",
    "take",
]
