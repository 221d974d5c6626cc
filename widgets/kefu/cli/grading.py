"""What whoever grades does: grade what is new, and grade again after a key was corrected."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from kefu.errors import KefuError
from kefu.places import Places
from kefu.text import Text, preferred

if TYPE_CHECKING:
    from kefu.grading.pool import Pool
    from kefu.grading.run import Change, Run

__all__ = ["NoSandbox", "add", "held", "one_set", "released", "watched", "workers_of"]

Sets = Annotated[
    list[str] | None, typer.Argument(metavar="[SET]…", help="哪些作业，不写就是全部 · default: all")
]
Workers = Annotated[
    int, typer.Option(min=1, help="几个进程一起批 · how many processes mark side by side")
]
Dask = Annotated[str | None, typer.Option(help="Dask 集群的地址 · address of a Dask cluster")]
NoSandbox = Annotated[
    bool,
    typer.Option(
        "--no-sandbox", help="学员代码不隔离，只用于信得过的班 · run code unguarded: trusted class"
    ),
]
_CORES = os.cpu_count() or 1
_FEW = 24
"""So few submissions without code are marked sooner here than workers start."""


def add(app: typer.Typer) -> None:
    """Give `app` the commands of this module."""
    for command in (grade, regrade):
        app.command()(command)


def grade(
    sets: Sets = None,
    student: Annotated[
        list[str] | None, typer.Option(help="只批这位学员 · only this learner; may be repeated")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="只说会有什么变化 · only say what changes")] = False,
    workers: Workers = _CORES,
    dask: Dask = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """批改 · Grade what is new or changed; stopped half-way, it goes on where it was."""
    failed = False
    with held() as places:
        slugs = released(places, sets)
        if not slugs:
            _say(
                Text(
                    "还没有发布过作业；先运行 nbgrader generate_assignment <作业>",
                    "no set has been released yet; run nbgrader generate_assignment <set> first",
                )
            )
        for slug in slugs:
            with one_set(places, slug) as run, workers_of(run, workers, dask, no_sandbox) as pool:
                students = _asked(run, student)
                for stranger in run.strangers():
                    said = Text("文件夹名不是学号，没有批", "no learner's number, passed over")
                    typer.echo(f"  submitted/{stranger!r}: {said[preferred()]}", err=True)
                changes = run.grade(students, pool, write=not dry_run)
                done = list(watched(slug, changes, len(students)))
                failed |= _summary(slug, done, dry_run)
    if failed:
        raise typer.Exit(1)


def regrade(
    sets: Sets = None,
    yes: Annotated[bool, typer.Option("--yes", help="不问就写 · write without asking")] = False,
    workers: Workers = _CORES,
    dask: Dask = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """改了答案后重批 · Grade again after a key was corrected: every difference first, then asks."""
    failed = False
    with held() as places:
        for slug in released(places, sets):
            with one_set(places, slug) as run, workers_of(run, workers, dask, no_sandbox) as pool:
                students = run.students()
                found = run.grade(students, pool, keys=True, write=False)
                older = [c for c in watched(slug, found, len(students)) if c.why == "earlier-key"]
                if not older:
                    _say(
                        Text(
                            f"{slug}：答案没有变过，不用重批",
                            f"{slug}: no key has changed, nothing to grade again",
                        )
                    )
                    continue
                _differences(slug, older)
                if not yes and not _agreed():
                    _say(Text("什么都没有写。", "Nothing was written."))
                    continue
                again = run.grade([c.student for c in older], pool, keys=True)
                done = list(watched(slug, again, len(older)))
                failed |= _summary(slug, done, dry_run=False)
    if failed:
        raise typer.Exit(1)


@contextmanager
def held() -> Iterator[Places]:
    """The course, held for this run."""
    # Nbgrader's checks of notebooks can do without this grammar of web addresses,
    # which takes longer to build than a small class to grade.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from kefu.grading.run import one_at_a_time

    places = Places.find()
    with one_at_a_time(places):
        yield places


@contextmanager
def one_set(places: Places, slug: str) -> Iterator[Run]:
    """A set with everything that grading it needs."""
    from kefu.grading.run import open_run

    run = open_run(places, slug)
    try:
        yield run
    finally:
        run.close()


@contextmanager
def workers_of(run: Run, workers: int, dask: str | None, no_sandbox: bool) -> Iterator[Pool]:
    """Who marks it, as asked."""
    from kefu.grading.pool import cluster, here, processes

    paper, guard = run.paper, replace(run.guard, sandboxed=run.guard.sandboxed and not no_sandbox)
    if paper.programs and not dask:
        from kefu.grading.sandbox import ready

        ready(guard.sandboxed)
    if dask:
        with cluster(dask, paper, guard) as pool:
            yield pool
    elif workers == 1 or (not paper.programs and len(run.students()) <= _FEW):
        yield here(paper, guard)
    else:
        yield processes(paper, workers, guard)


def released(places: Places, sets: list[str] | None) -> list[str]:
    """The sets asked for; without any, all that were released here."""
    there = sorted(d.name for d in places.exercises.glob("*") if (d / "cards.json").is_file())
    for slug in sets or ():
        if slug not in there:
            raise KefuError(
                Text(f"没有发布过作业 {slug}", f"no set {slug!r} has been released"),
                Text(f"发布过的有：{'、'.join(there)}", f"these are: {', '.join(there)}"),
            )
    return sets or there


def _asked(run: Run, students: list[str] | None) -> list[str]:
    there = run.students()
    for student in students or ():
        if student not in there:
            raise KefuError(
                Text(f"{student} 没有交 {run.paper.set}",
                     f"{student} has not handed in {run.paper.set}"),
                Text("请核对学号，交了的都在 submitted/ 里",
                     "check the number; whoever handed in has a folder in submitted/"),
            )  # fmt: skip
    return students or there


def watched(slug: str, changes: Iterable[Change], total: int) -> Iterator[Change]:
    """Show how far it is: a bar in a terminal, now and then a line elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Left

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Left())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(slug, total=total)
            for change in changes:
                bar.advance(task)
                yield change
        return
    for n, change in enumerate(changes, 1):
        if total >= 100 and n % max(1, total // 10) == 0:
            typer.echo(f"{slug}: {n}/{total}", err=True)
        yield change


def _summary(slug: str, changes: list[Change], dry_run: bool) -> bool:
    """What was done, what the instructor should know; True if something could not be graded."""
    graded = [c for c in changes if c.after is not None]
    failed = [c for c in changes if c.after is None and c.remarks]
    count = Counter(c.why for c in graded)
    idle = Counter(c.why for c in changes if c.after is None and not c.remarks)
    to_mark = sum(1 for c in graded for score in (c.after or {}).values() if score is None)
    verb = Text("会批改", "would grade") if dry_run else Text("批改", "graded")
    again = count["earlier-key"]
    zh = [
        f"{verb.zh} {len(graded)} 份（新 {count['new']}，有改动 {count['changed']}"
        f"{f'，按新答案 {again}' if again else ''}）"
    ]
    en = [
        f"{verb.en} {len(graded)} ({count['new']} new, {count['changed']} changed"
        f"{f', {again} under the new key' if again else ''})"
    ]
    for number, word in (
        (idle["same"], Text("份没有变化", "unchanged")),
        (len(failed), Text("份没有批成", "could not be graded")),
        (to_mark, Text("处等人批改（kefu teach）", "parts wait for a marker (kefu teach)")),
    ):
        if number:
            zh.append(f"{number} {word.zh}")
            en.append(f"{number} {word.en}")
    _say(Text(f"{slug}：{'，'.join(zh)}", f"{slug}: {', '.join(en)}"))
    # Below the set that they belong to.
    for change in sorted(graded if dry_run else (), key=lambda c: c.student):
        typer.echo(f"  {change.student}: {_total(change.before)} → {_total(change.after)}")
    for change in sorted((c for c in changes if c.remarks), key=lambda c: c.student):
        for remark in change.remarks:
            typer.echo(f"  {change.student}: {remark[preferred()]}", err=True)
    if idle["earlier-key"]:
        _say(
            Text(
                f"  {idle['earlier-key']} 份是按改动前的答案批的；运行 kefu regrade {slug} 看差别",
                f"  {idle['earlier-key']} were graded under an earlier key; "
                f"kefu regrade {slug} shows the differences",
            )
        )
    return bool(failed)


def _differences(slug: str, changes: list[Change]) -> None:
    """Every score that moves, by learner and cell."""
    moved = [c for c in changes if c.moved]
    _say(
        Text(
            f"{slug}：{len(changes)} 份按旧答案批过，{len(moved)} 份的分数会变",
            f"{slug}: {len(changes)} were graded under an earlier key, {len(moved)} scores change",
        )
    )
    for change in sorted(moved, key=lambda c: c.student):
        typer.echo(f"  {change.student}: {_total(change.before)} → {_total(change.after)}")
        for name, (before, after) in change.moved.items():
            typer.echo(f"    {name}: {_points(before)} → {_points(after)}")


def _agreed() -> bool:
    asked = Text("写进成绩册吗？", "Write this into the gradebook?")[preferred()]
    try:
        return typer.confirm(asked, default=False)
    except typer.Abort:  # nobody is there to answer, or whoever is there has gone
        typer.echo()
        raise KefuError(
            Text("没有人回答，什么都没有写", "nobody answered, and nothing was written"),
            Text("确定要写就加上 --yes", "add --yes to write without being asked"),
        ) from None


def _total(scores: dict[str, float | None] | None) -> str:
    if scores is None:
        return "—"
    return _points(sum(score or 0.0 for score in scores.values()))


def _points(score: float | None) -> str:
    return "…" if score is None else f"{round(score, 2):g}"


def _say(text: Text) -> None:
    typer.echo(text[preferred()])
