"""The notebooks that are served: each a small page, read once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat

from kefu.text import Text

__all__ = ["FloorPage", "read"]


@dataclass(frozen=True, slots=True)
class FloorPage:
    """One page.

    Attributes:
        name: of the notebook, without its ending; the page's address.
        title: what the browser shows; None for a plain notebook, which gets Voila's own template.
        daily: its questions are the day's, which the house knows before any kernel does.
        code: what its kernel runs.
    """

    name: str
    title: Text | None
    daily: bool
    code: tuple[str, ...]


def read(folder: Path) -> dict[str, FloorPage]:
    """All pages of a folder, by name."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.ipynb"))}


def _read(path: Path) -> FloorPage:
    notebook = nbformat.read(path, as_version=4)
    ours = notebook.metadata.get("kefu")
    return FloorPage(
        name=path.stem,
        title=Text.of(ours.get("title") or {"zh": path.stem, "en": path.stem}) if ours else None,
        daily=bool(ours and ours.get("daily")),
        code=tuple(cell.source for cell in notebook.cells if cell.cell_type == "code"),
    )
