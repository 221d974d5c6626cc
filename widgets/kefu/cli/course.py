"""What whoever runs the course does: weave, ship, open the notebooks, show the whole of it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from kefu.errors import KefuError
from kefu.places import Places
from kefu.text import Text, preferred

__all__ = ["add"]

_DEMO_PORT = 8801


def add(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (weave, ship, learn, teach, demo):
        app.command()(command)


def _say(text: Text) -> None:
    typer.echo(text[preferred()])


def weave() -> None:
    """织课 · Make course/ and solutions/ out of content/, and keep every version in the vault."""
    from kefu.bank import read
    from kefu.grading.burned import burn_more, burned_faults
    from kefu.vault import Vault, connect
    from kefu.weave import weave as woven_from
    from kefu.weave import write

    places = Places.find()
    bank, faults = read(places.contents)
    faults = faults or burned_faults(bank, places)
    if faults:
        for fault in faults:
            typer.echo(fault.say(preferred()), err=True)
        raise typer.Exit(1)
    woven = woven_from(bank)
    # Cards whose keys are not kept would be asked and never judged: the vault comes first.
    vault = Vault(connect(places.database()))
    added = vault.release(woven.published)
    burn_more(bank, vault.engine)
    changed = write(woven, places.root)
    for name in changed:
        typer.echo(f"  {name}")
    _say(
        Text(
            f"{len(woven.files)} 个文件，{len(changed)} 个有变化；题库新增 {added} 条。",
            f"{len(woven.files)} files, {len(changed)} changed; {added} new in the vault.",
        )
    )
    if sets := sorted({n.split("/")[1] for n in changed if n.startswith("solutions/")}):
        _say(
            Text(
                "有改动的作业要发布才生效：nbgrader generate_assignment <作业>"
                f"（{'、'.join(sets)}）",
                f"to release what changed: nbgrader generate_assignment <set> ({', '.join(sets)})",
            )
        )


def ship(
    to: Annotated[str, typer.Argument(metavar="learner", help="发给谁 · for whom")] = "learner",
    out: Annotated[Path | None, typer.Option(help="写到哪里 · where to write it")] = None,
) -> None:
    """打包 · Build the zip a learner gets: course, exercises, package, how to start."""
    from kefu.ship import ship_learner

    if to != "learner":
        raise KefuError(
            Text(f"不知道怎么打包给 {to}", f"there is no package for {to!r}"),
            Text("写 kefu ship learner", "write kefu ship learner"),
        )
    typer.echo(ship_learner(Places.find(), out))


def learn(port: int = 8888, browser: bool = True) -> None:
    """学习 · Open JupyterLab at the first lesson of the course in this folder."""
    here = Path.cwd()
    lessons = sorted(here.glob(f"course/{preferred()}/*.ipynb"))
    if not lessons:
        raise KefuError(
            Text("这个文件夹里没有课程", "there is no course in this folder"),
            Text(
                "进入解压后的课程文件夹，或先运行 kefu weave",
                "go to the unpacked course, or run kefu weave first",
            ),
        )
    _lab(here, port, browser=browser, grading=False, open_=str(lessons[0].relative_to(here)))


def teach(port: int = 8889, browser: bool = True) -> None:
    """教学 · Open JupyterLab with nbgrader's formgrader in the course's folder."""
    _lab(Places.find().root, port, browser=browser, grading=True, open_="/formgrader")


def _lab(folder: Path, port: int, *, browser: bool, grading: bool, open_: str) -> None:
    from kefu import lab

    lab.free_port(port)
    settings = folder / ".jupyter-kefu"
    command = lab.command(folder, port, browser=browser, open_=open_)
    os.chdir(folder)
    os.execve(command[0], command, lab.environment(settings, grading=grading))


def demo(
    once: Annotated[bool, typer.Option(help="开门、检查、关门 · open, check, close")] = False,
    port: Annotated[int, typer.Option(help="三个端口中的第一个 · first of three")] = _DEMO_PORT,
    folder: Annotated[Path, typer.Option(help="演示用的文件夹 · its folder")] = Path(".demo"),
) -> None:
    """演示 · Twelve learners answer, nbgrader grades them, and the three doors open."""
    from kefu import lab
    from kefu.demo import doors, prepare

    ports = range(port, port + 3)
    for one in ports:
        lab.free_port(one)
    # A stop by signal, or by closing the terminal, must close the doors as well.
    for stop in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, lambda *_: sys.exit(1))
    ready = prepare(folder.resolve(), Places.find().contents, _say)
    _scores(ready.scores, ready.points)
    open_ = doors.open_doors(ready, ports)
    try:
        for door in open_:
            doors.wait_for(door)
            typer.echo(f"  {door.name.zh} · {door.name.en}: {door.url}")
        if once:
            graded = sum(len(of) for of in ready.scores.values())
            learners = len({s for of in ready.scores.values() for s in of})
            typer.echo(
                f"{learners} learners, {len(ready.scores)} sets, {graded} submissions graded, "
                f"{len(open_)} doors answered: demo ok"
            )
            return
        _say(Text("按 Ctrl-C 停止。", "Press Ctrl-C to stop."))
        signal.pause()
    except KeyboardInterrupt:
        _say(Text("正在关门。", "Closing the doors."))
    finally:
        doors.close(open_)


def _scores(scores: dict[str, dict[str, float]], points: dict[str, float]) -> None:
    """A small table: learners down, sets across."""
    sets = sorted(scores)
    typer.echo("  ".join(["      ", *(f"{slug:>16}" for slug in sets)]))
    for student in sorted({s for of in scores.values() for s in of}):
        row = (f"{scores[slug].get(student, 0):>8.2f} / {points[slug]:>5g}" for slug in sets)
        typer.echo("  ".join([f"{student:>6}", *(f"{cell:>16}" for cell in row)]))
