"""Notebooks: nothing of them is kept, so nothing done to them helps or harms."""

from __future__ import annotations

import json
from typing import Any

from tests.hostile.attack import Fair, Stage, attack


def _graded(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader")]


@attack("把每道题改成一千分")
def raises_points(stage: Stage) -> Fair:
    """Makes every cell worth a thousand points, or not a number of them.

    What a cell is worth stands with the house.
    """

    def change(notebook: dict[str, Any]) -> None:
        for n, cell in enumerate(_graded(notebook)):
            cell["metadata"]["nbgrader"]["points"] = (1000, float("nan"), -4, "4", None)[n % 5]

    stage.spoil(change)
    return stage.all


@attack("改题目的编号")
def renames_cells(stage: Stage) -> Fair:
    """Gives cells the ids of other cells, and ids that are paths, so that scores change places.

    Nothing changes places.
    """

    def change(notebook: dict[str, Any]) -> None:
        cells = _graded(notebook)
        ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells]
        for n, cell in enumerate(cells):
            cell["metadata"]["nbgrader"]["grade_id"] = "../../x" if n == 0 else ids[n - 1]

    stage.spoil(change)
    return stage.all


@attack("改单元格类型，把题目变成自己的代码")
def turns_cells_into_code(stage: Stage) -> Fair:
    """Turns every cell into code that leaves a trace and gives a score of its own.

    No process is started for a set without code.
    """
    runs = f"open({str(stage.traces / stage.student)!r}, 'w')\n1e9"

    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            cell.update(cell_type="code", outputs=[], execution_count=None, source=runs)

    stage.spoil(change)
    stage.journal(b"")
    return Fair(told=True)


@attack("伪造批改结果的输出")
def claims_outputs(stage: Stage) -> Fair:
    """Puts full marks, and a script, where grading puts its results.

    Outputs of a hand-in are not read and not shown.
    """

    def change(notebook: dict[str, Any]) -> None:
        evil = {"text/plain": "4.0", "text/html": "<script>alert(1)</script>"}
        for cell in _graded(notebook):
            cell["outputs"] = [
                {"output_type": kind, "metadata": {}, "data": evil, "execution_count": 1}
                for kind in ("execute_result", "display_data")
            ]

    stage.spoil(change)
    stage.journal(b"")
    return Fair(told=True)


@attack("打上 skip-execution 等标签")
def tags_cells(stage: Stage) -> Fair:
    """Tags cells so that graders pass over them: not run, not shown, or for the marker alone.

    Tags of a hand-in are not read.
    """

    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            cell["metadata"]["tags"] = ["skip-execution", "remove-cell", "kefu-marker"]

    stage.spoil(change)
    stage.journal(b"")
    return Fair(told=True)


@attack("换内核，让批改去启动别的程序")
def asks_for_another_kernel(stage: Stage) -> Fair:
    """Asks for a kernel of its own, so that grading would start its program.

    No kernel is started.
    """
    stage.spoil(lambda notebook: notebook["metadata"].update(
        kernelspec={"name": "../../evil", "display_name": "x", "language": "bash"},
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {"x": {}}}}))  # fmt: skip
    return stage.all


@attack("抹掉所有元数据")
def strips_metadata(stage: Stage) -> Fair:
    """Takes away all metadata, on which some graders stumble.

    The released notebook takes its place.
    """

    def change(notebook: dict[str, Any]) -> None:
        notebook["metadata"] = {}
        for cell in notebook["cells"]:
            cell["metadata"] = {}

    stage.spoil(change)
    return stage.all


@attack("删题、抄题、打乱题序")
def deletes_copies_reorders(stage: Stage) -> Fair:
    """Deletes one half of the cells, copies the other and turns their order round.

    Every item is there once, where it was.
    """

    def change(notebook: dict[str, Any]) -> None:
        half = notebook["cells"][::2]
        notebook["cells"] = [*half, *half, *half][::-1]

    stage.spoil(change)
    return stage.all


@attack("乱写 schema_version")
def schema_of_another_time(stage: Stage) -> Fair:
    """Says its metadata are of the year dot, of the far future, and of no number at all.

    Some graders stop the whole run at that; here nobody reads it.
    """

    def change(notebook: dict[str, Any]) -> None:
        for n, cell in enumerate(_graded(notebook)):
            cell["metadata"]["nbgrader"]["schema_version"] = (0, 99, "3", None, [])[n % 5]

    stage.spoil(change)
    return stage.all


@attack("笔记本格式号是 99")
def format_of_another_time(stage: Stage) -> Fair:
    """Hands in a notebook of a format that is not invented yet.

    The released one takes its place.
    """
    stage.book(b'{"cells": 3, "metadata": [], "nbformat": 99, "nbformat_minor": "x"}')
    return stage.all


@attack("笔记本只有半截")
def notebook_is_torn(stage: Stage) -> Fair:
    """Hands in the first half of a notebook.

    The released one takes its place.
    """
    whole = json.dumps(stage.released).encode()
    stage.book(whole[: len(whole) // 2])
    return stage.all


@attack("笔记本有几十万层括号")
def notebook_is_deep(stage: Stage) -> Fair:
    """Hands in brackets by the hundred thousand.

    Reading them ends neither the run nor the process.
    """
    stage.book(b'{"cells":' + b"[" * 400_000 + b"]" * 400_000 + b"}")
    return stage.all


@attack("笔记本有好几兆的输出")
def notebook_is_large(stage: Stage) -> Fair:
    """Hands in a notebook with eight megabytes of output.

    None of it comes back.
    """
    flood = {"output_type": "stream", "name": "stdout", "text": "flood " * 1_400_000}
    stage.spoil(lambda nb: nb["cells"].append(
        {"cell_type": "code", "id": "flood", "metadata": {}, "source": "", "outputs": [flood],
         "execution_count": None}))  # fmt: skip
    return stage.all


@attack("笔记本不是文本")
def notebook_is_no_text(stage: Stage) -> Fair:
    """Hands in bytes that are no text as the notebook.

    The released one takes its place.
    """
    stage.book(b"\xff\xfe\x00" * 1000)
    return stage.all


@attack("用笔记本附件和嵌入网页藏脚本")
def notebook_with_attachments(stage: Stage) -> Fair:
    """Hides scripts in text cells and in their attachments.

    Text of a hand-in is not shown.
    """
    evil = {"x.svg": {"image/svg+xml": "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+"}}

    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            cell.update(cell_type="markdown", source="<script>alert(1)</script>", attachments=evil)

    stage.spoil(change)
    return stage.all
