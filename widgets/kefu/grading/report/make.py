"""Make the files of a report: the page, the workbook, the instructor's notebook."""

from __future__ import annotations

from pathlib import Path

from kefu.grading.report.agreement import Agreement
from kefu.grading.report.book import notebook, sheets
from kefu.grading.report.page import page
from kefu.grading.report.read import load
from kefu.grading.report.whole import Report
from kefu.grading.sheets import write_sheets
from kefu.places import Places
from kefu.text import Lang

__all__ = ["agreement_of", "folder_of", "make"]


def folder_of(places: Places, set_slug: str) -> Path:
    """Where the report of a set goes."""
    return places.root / "reports" / set_slug


def agreement_of(places: Places, set_slug: str, folder: Path | None = None) -> Agreement | None:
    """Two markers compared, where a second one's sheet has come back."""
    from kefu.grading.calibrate import compared

    return compared(places, set_slug, folder or folder_of(places, set_slug))


def make(
    places: Places, set_slug: str, lang: Lang, folder: Path | None = None
) -> tuple[Report, list[Path]]:
    """Write `report.html`, `report.xlsx` and the notebook; gives the report and the files.

    Raises:
        KefuError: the set was not released, or a database does not answer.
        OSError: the folder cannot be written to.
    """
    folder = folder or folder_of(places, set_slug)
    report = load(set_slug, places)
    both = agreement_of(places, set_slug, folder)
    folder.mkdir(parents=True, exist_ok=True)
    html, book = folder / "report.html", folder / f"{set_slug}.ipynb"
    html.write_text(page(report, lang, both), "utf-8")
    tables = write_sheets(folder / "report.xlsx", sheets(report, both))
    book.write_text(notebook(report), "utf-8")
    return report, [html, *tables, book]
