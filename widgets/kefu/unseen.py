"""A process into which its own user's other processes cannot look."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["be_unseen"]

_SET_DUMPABLE = 4


def be_unseen() -> None:
    """From now on no other process of this user may read this one's memory or trace it.

    A page's kernel runs as the same user as the house; it finds no key there.
    Linux only; elsewhere, and against root, nothing changes.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
