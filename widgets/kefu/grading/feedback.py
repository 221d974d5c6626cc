"""The page a learner gets back."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook, MissingEntry

from kefu.grading.rubric import MARKER, is_by_hand

__all__ = ["FeedbackExporter"]


class FeedbackExporter(HTMLExporter):
    """Feedback with our own template, which `kefu.grading.config` names.

    A class of its own, since formgrader sets the template of every `HTMLExporter` to its own.
    What only the marker may see is taken out before anything is drawn.
    """

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """The page of one notebook, without what is the marker's."""
        nb.cells = [cell for cell in nb.cells if MARKER not in cell.metadata.get("tags", [])]
        by_hand = [cell for cell in nb.cells if is_by_hand(cell)]
        resources = {} if resources is None else resources
        about = resources.get("nbgrader", {})
        waiting = _waiting(about) if by_hand and "db_url" in about else set()
        for cell in by_hand:
            marked = cell.metadata["nbgrader"]["grade_id"] not in waiting
            cell.metadata["kefu"] = {"by_hand": True, "marked": marked}
        resources["kefu"] = {"waiting": len(waiting)}
        return super().from_notebook_node(nb, resources, **kw)


def _waiting(about: dict[str, Any]) -> set[str]:
    """The cells of one submission that are still to be marked."""
    with Gradebook(about["db_url"]) as book:
        try:
            notebook = book.find_submission_notebook(
                about["notebook"], about["assignment"], about["student"]
            )
        except MissingEntry:
            return set()
        # Nbgrader asks to look again at whatever was corrected by hand; that is not waiting.
        return {g.name for g in notebook.grades if g.needs_manual_grade and g.manual_score is None}
