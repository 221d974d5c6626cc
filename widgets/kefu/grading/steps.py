"""Two steps in nbgrader's autograding: take the responses, then judge them.

The first runs in the sanitize stage, before any code of a learner could run:
it reads the journal that was handed in into memory and puts the released notebook in the place of
whatever the learner's has become; of what was handed in, only the texts that a person marks are
put into it.
The second judges what was taken against the vault, and leaves score and table
where gradebook, formgrader, feedback and export look for them.
Nothing is executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook, new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from kefu.errors import KefuError
from kefu.grading.judge import (
    counting,
    judge_item,
    not_released,
    released_card,
    released_cards,
)
from kefu.grading.rubric import as_markdown, for_the_marker, is_by_hand, item_of
from kefu.grading.table import table
from kefu.journal import Attempt, FileJournal
from kefu.notebook import JOURNAL
from kefu.places import Places
from kefu.vault import Vault, connect

__all__ = ["AnyNotebook", "JudgeResponses", "TakeResponses"]

_Where = tuple[str, str, str]
_TAKEN: dict[_Where, list[Attempt]] = {}


def _where(resources: Any) -> _Where:
    about = resources["nbgrader"]
    return about["student"], about["assignment"], about["notebook"]


class AnyNotebook(NotebookExporter):
    """Reads a learner's notebook whatever has become of it, since nothing of it is kept."""

    def from_file(self, file_stream: Any, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """A notebook that is torn, or is none, is read as an empty one."""
        try:
            nb = nbformat.read(file_stream, as_version=4)
        except Exception:  # nbformat raises whatever the file's content leads it to
            nb = new_notebook()
        made: tuple[Any, Any] = self.from_notebook_node(nb, resources, **kw)  # type: ignore[no-untyped-call]
        return made


class TakeResponses(NbGraderPreprocessor):  # type: ignore[misc]
    """Read the journal that came with a submission; restore the notebook as it was released."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Give the released notebook; what the learner gave is kept for `JudgeResponses`."""
        student, assignment, notebook = _where(resources)
        folder = Path(resources["metadata"]["path"])
        try:
            taken = list(FileJournal(folder / JOURNAL).attempts())
        except KefuError as error:
            self.log.warning("%s, %s: %s", assignment, student, error.say("en"))
            taken = []
        if not taken:
            self.log.warning("%s, %s: no responses were handed in", assignment, student)
        _TAKEN[_where(resources)] = taken
        source = Places.find().exercises / assignment / f"{notebook}.ipynb"
        if not source.is_file():
            raise not_released(assignment)
        released = nbformat.read(source, as_version=4)
        _fill(released, taken, assignment)
        return released, resources


def _fill(nb: Any, taken: list[Attempt], assignment: str) -> None:
    """Put the learner's texts where a person marks them; without one the cell stays as it was.

    Nbgrader gives 0 for a cell that is as it was released, and asks nobody to mark it.
    """
    by_hand = [cell for cell in nb.cells if is_by_hand(cell)]
    if not by_hand:
        return
    places = Places.find()
    cards = released_cards(places.exercises / assignment)
    with _vault(places) as vault:
        for cell in by_hand:
            card = released_card(cards, item_of(cell), assignment)
            found = counting(vault, card, taken)
            if found:
                cell.source = as_markdown(found[1].response["text"])


@contextmanager
def _vault(places: Places) -> Iterator[Vault]:
    engine = connect(places.database())
    try:
        yield Vault(engine)
    finally:
        engine.dispose()


class JudgeResponses(NbGraderPreprocessor):  # type: ignore[misc]
    """Judge what `TakeResponses` kept, and write score and table into each quiz cell."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Give the notebook with its outputs; the first result of a grade cell is its score."""
        taken = _TAKEN.pop(_where(resources))
        places = Places.find()
        _, assignment, _ = _where(resources)
        released = released_cards(places.exercises / assignment)
        cells: list[Any] = []
        waiting: list[Any] = []
        with _vault(places) as vault:
            for cell in nb.cells:
                about = cell.metadata.get("nbgrader", {})
                cells.append(cell)
                if about.get("grade") and cell.cell_type == "code":
                    card = released_card(released, about["grade_id"], assignment)
                    judged = judge_item(vault, card, taken)
                    score = float(about["points"]) * judged.verdict["credit"]
                    cell.outputs = [
                        new_output("display_data", table(judged, float(about["points"]))),
                        new_output("execute_result", {"text/plain": repr(round(score, 4))}),
                    ]
                    if "rubric" in judged.verdict:
                        waiting.append(for_the_marker(about["grade_id"], judged.verdict))
                elif is_by_hand(cell):
                    # What the marker goes by stands below the text that is marked.
                    cells += waiting
                    waiting.clear()
        nb.cells = cells
        return nb, resources
