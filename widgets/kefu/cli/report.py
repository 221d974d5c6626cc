"""Better questions: what a set's answers say about its items, and how far two markers agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kefu.errors import KefuError
from kefu.places import Places
from kefu.text import Text, preferred

__all__ = ["add"]

To = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="写到哪里 · where to (reports/<set>)")
]


def add(app: typer.Typer) -> None:
    """Give `app` the commands of this module."""
    for command in (report, calibrate):
        app.command()(command)


def report(
    set_: Annotated[str, typer.Argument(metavar="SET", help="哪个作业 · which set")],
    to: To = None,
    lang: Annotated[str | None, typer.Option(help="打开时用的语言 · zh or en")] = None,
) -> None:
    """出报告 · Report on a set: how its questions did, as a page, a workbook and a notebook."""
    from kefu.grading.report.make import make

    if lang not in (None, "zh", "en"):
        raise KefuError(
            Text(f"没有 {lang} 这种语言", f"there is no language {lang!r} here"),
            Text("写 --lang zh 或 --lang en", "write --lang zh or --lang en"),
        )
    made, files = make(Places.find(), set_, preferred(lang), to)
    for file in files:
        typer.echo(f"  {file}")
    waiting = made.waiting_parts
    left = Text(f"，{waiting} 处等人批改", f", {waiting} marks still to be given")
    said = Text(
        f"{made.set}：{made.n} 人，{len(made.items)} 题{left.zh if waiting else ''}。",
        f"{made.set}: {made.n} learners, {len(made.items)} items{left.en if waiting else ''}.",
    )
    typer.echo(said[preferred(lang)])


def calibrate(
    set_: Annotated[str, typer.Argument(metavar="SET", help="哪个作业 · which set")],
    n: Annotated[int, typer.Option(min=1, help="抽几份 · how many texts")] = 20,
    seed: Annotated[
        int | None, typer.Option(help="同一个数抽出同样的几份 · draws the same texts again")
    ] = None,
    back: Annotated[
        Path | None, typer.Option(metavar="FILE", help="收回填好的表 · the filled sheet")
    ] = None,
    to: To = None,
) -> None:
    """对分 · Have a second person mark blindly, then compare the two markers."""
    from kefu.grading import calibrate as second
    from kefu.grading.report.advice import short
    from kefu.grading.report.make import folder_of

    places = Places.find()
    folder, lang = to or folder_of(places, set_), preferred()
    if back is None:
        file = second.draw(places, set_, n, seed, folder)
        said = Text(
            f"把这张表给第二位批改人，填好后：kefu calibrate {set_} --back <文件>",
            f"Give this sheet to a second marker; then: kefu calibrate {set_} --back <file>",
        )
        typer.echo(f"  {file}\n{said[lang]}")
        return
    found = second.back(places, set_, back, folder)
    for one in found.criteria:
        kappa = "–" if one.kappa is None else f"{one.kappa:.2f}"
        same = f"{one.same.value or 0:.0%}"
        figures = Text(
            f"  {short(one.text).zh}：两人都批过 {one.same.n} 份，给分相同 {same}，加权 κ {kappa}",
            f"  {short(one.text).en}: {one.same.n} marked by both, {same} the same, "
            f"weighted κ {kappa}",
        )
        typer.echo(f"{figures[lang]}\n    {one.reading[lang]}")
    said = Text(
        f"差得最多的 {len(found.apart)} 处在报告里：kefu report {set_}",
        f"The {len(found.apart)} marks that differ most are in the report: kefu report {set_}",
    )
    typer.echo(said[lang])
