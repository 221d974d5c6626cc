"""The system's Chromium, as every benchmark starts it."""

from __future__ import annotations

import shutil

__all__ = ["FLAGS", "path"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def path() -> str | None:
    """Where it is; None if there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)
