"""A class: who is in it, until when, who has not handed in, and its scores as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kefu.cli.columns import table
from kefu.errors import Fault, KefuError
from kefu.places import Places
from kefu.text import Text, preferred

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from kefu.grading.classlist import Roster
    from kefu.grading.deadlines import Extensions
    from kefu.grading.roster import Plan
    from kefu.grading.standing import Standing

__all__ = ["add"]

_Set = Annotated[str, typer.Argument(metavar="SET", help="作业 · the set")]
_NUMBER = Text("学号", "number")
_NAME = Text("姓名", "name")


def add(app: typer.Typer) -> None:
    """Give `app` the commands of this module."""
    for command in (roster, due, extend, missing, export):
        app.command()(command)


def _say(text: Text) -> None:
    typer.echo(text[preferred()])


@contextmanager
def _open() -> Iterator[tuple[Gradebook, Places, Extensions]]:
    """The gradebook, where it lies, and who has longer."""
    from kefu.grading.deadlines import Extensions
    from kefu.grading.gradebook import opened

    places = Places.find()
    with opened(places) as book:
        waiting = Extensions.at(places)
        try:
            yield book, places, waiting
        finally:
            waiting.close()


def roster(
    file: Annotated[Path | None, typer.Argument(help="名单 .csv 或 .xlsx · the list")] = None,
    dry_run: Annotated[bool, typer.Option(help="只看不写 · look, write nothing")] = False,
) -> None:
    """名单 · Show the class, or bring it up to date from a CSV or XLSX list."""
    from kefu.grading import roster as of_class
    from kefu.grading.classlist import read
    from kefu.grading.gradebook import is_there, opened

    places = Places.find()
    if file is None:
        _show_class(places)
        return
    found = read(file)
    _tell(found.notes)
    _refuse(found)
    known = {}
    if is_there(places):
        with opened(places) as book:
            known = of_class.learners(book)
    plan = of_class.compare(found, known)
    found.faults += plan.faults
    _refuse(found)
    _show_plan(plan, len(found.learners))
    if dry_run:
        _say(Text("什么都没有写。", "Nothing was written."))
        return
    with opened(places) as book:
        of_class.take(book, found)
    _say(Text(f"名单已记下，共 {len(found.learners)} 人。",
              f"The list is in the gradebook: {len(found.learners)} learners."))  # fmt: skip


def _tell(faults: Iterable[Fault]) -> None:
    for fault in faults:
        typer.echo(fault.say(preferred()), err=True)


def _refuse(found: Roster) -> None:
    if found.faults:
        _tell(found.faults)
        raise KefuError(
            Text(f"名单里有 {len(found.faults)} 处要改，什么都没有写",
                 f"the list has {len(found.faults)} fault{'s' * (len(found.faults) > 1)}, "
                 "so nothing was written"),
            Text("改好再运行一次", "mend them and run this again"),
        )  # fmt: skip


def _show_class(places: Places) -> None:
    from kefu.grading.gradebook import is_there, opened
    from kefu.grading.roster import learners

    everyone = {}
    if is_there(places):
        with opened(places) as book:
            everyone = learners(book)
    if not everyone:
        _say(Text("名单还是空的；用 kefu roster <文件> 读入。",
                  "Nobody is in the class yet; read a list with kefu roster <file>."))  # fmt: skip
        return
    heads = (_NUMBER, _NAME, Text("邮箱", "email"))
    table(heads, ((n, one.name, one.email or "") for n, one in everyone.items()))
    _say(Text(f"共 {len(everyone)} 人。", f"{len(everyone)} learners."))


def _show_plan(plan: Plan, size: int) -> None:
    lang = preferred()
    for one in plan.new:
        _say(Text(f"  新增 {one.number} {one.name}", f"  new      {one.number} {one.name}"))
    for change in plan.changes:
        before = change.before or Text("（空）", "(nothing)")[lang]
        what = f"{change.number} {change.what[lang]}"
        _say(Text(f"  改动 {what}：{before} → {change.after}",
                  f"  changed  {what}: {before} → {change.after}"))  # fmt: skip
    for one in plan.gone:
        who = f"{one.number} {one.name}"
        _say(Text(f"  名单里没有了，成绩册里照旧留着：{who}",
                  f"  no longer in the list, kept in the gradebook: {who}"))  # fmt: skip
    changed = len({change.number for change in plan.changes})
    same = size - len(plan.new) - changed
    _say(Text(f"新增 {len(plan.new)} 人，改动 {changed} 人，不变 {same} 人，"
              f"不在新名单里 {len(plan.gone)} 人。",
              f"{len(plan.new)} new, {changed} changed, {same} the same, "
              f"{len(plan.gone)} no longer in the list."))  # fmt: skip


def due(
    set_: _Set,
    when: Annotated[str | None, typer.Argument(help='2026-12-01, "2026-12-01 18:00", none')] = None,
) -> None:
    """截止 · Show until when a set may be handed in, or say it."""
    from kefu.grading.deadlines import due_of, graded, is_none, moment, set_due, shown
    from kefu.grading.standing import lateness

    with _open() as (book, places, waiting):
        if when is not None:
            before = due_of(book, places, set_)
            at = None if is_none(when) else moment(when)
            set_due(book, places, waiting, set_, at)
            if at and at < datetime.now(UTC):
                _say(Text("注意：这个时间已经过去了。", "Note: that time has passed already."))
            if at != before:
                _again(set_, graded(book, set_))
        at = due_of(book, places, set_)
        longer = waiting.of(set_)
        _say(
            Text(f"{set_} 截止：{shown(at)}", f"{set_} is due: {shown(at)}")
            if at
            else Text(f"{set_} 没有截止时间。", f"{set_} has no due date.")
        )
        for student in sorted(longer):
            if at:
                said = shown(at + longer[student])
                _say(Text(f"  {student} 延到 {said}", f"  {student} has until {said}"))
            else:
                more = lateness(longer[student])
                _say(Text(f"  {student} 可多 {more.zh}", f"  {student} has {more.en} longer"))


def _again(set_slug: str, count: int) -> None:
    """What was graded keeps its penalty until it is graded again."""
    if count:
        _say(
            Text(
                f"已批的 {count} 份，迟交扣分要重新批改才会跟着变：kefu grade {set_slug}",
                f"{count} already graded: penalties for being late follow when graded again, "
                f"kefu grade {set_slug}",
            )
        )


def extend(
    set_: _Set,
    student: Annotated[str, typer.Argument(help="学号 · the learner's number")],
    longer: Annotated[str, typer.Argument(help="天数、日期或 none · days, a date, or none")],
) -> None:
    """延期 · Give one learner longer, by days or until a date."""
    from kefu.grading import deadlines

    with _open() as (book, places, waiting):
        until = deadlines.extend(book, places, waiting, set_, student, longer)
        said = deadlines.shown(until)
        if student in waiting.of(set_):
            _say(Text(f"{student} 的 {set_} 延到 {said}",
                      f"{student} has until {said} for {set_}"))  # fmt: skip
        else:
            _say(Text(f"{student} 的 {set_} 没有延期，截止 {said}",
                      f"{student} has no longer than others for {set_}: {said}"))  # fmt: skip
        _again(set_, deadlines.graded(book, set_, student))


def missing(
    set_: Annotated[str | None, typer.Argument(metavar="[SET]", help="作业 · the set")] = None,
    csv: Annotated[Path | None, typer.Option(help="另存一份 · also write it there")] = None,
) -> None:
    """交作业的情况 · Show who has not handed in, who was late, and who was graded."""
    from kefu.grading.export import standing_rows
    from kefu.grading.gradebook import assignment
    from kefu.grading.sheets import write_rows
    from kefu.grading.standing import standings

    now = datetime.now(UTC)
    with _open() as (book, places, waiting):
        if set_ is not None and assignment(book, places, set_) is None:
            from kefu.grading.judge import not_released

            raise not_released(set_)
        found = list(standings(book, places, waiting, [set_] if set_ else []))
    if not found:
        _say(Text("还没有学员，或没有发布过作业。", "There are no learners yet, or no sets."))
    # The file comes first: whoever looks at the top of a long list alone still has all of it.
    if csv:
        write_rows(csv, *standing_rows(found, now))
    for name in dict.fromkeys(one.set.name for one in found):
        _show_set([one for one in found if one.set.name == name], now)
    if csv:
        typer.echo(csv)


def _show_set(found: list[Standing], now: datetime) -> None:
    from kefu.grading.deadlines import shown
    from kefu.grading.standing import lateness

    lang, one = preferred(), found[0].set
    states = Counter(f.state(now)[lang] for f in found)
    came, late = sum(f.handed_in for f in found), sum(bool(f.late) for f in found)
    counts = ("，" if lang == "zh" else ", ").join(f"{n} {s}" for s, n in states.items())
    _say(
        Text(
            f"{one.name}，截止 {shown(one.due)}：{len(found)} 人，交了 {came}，迟交 {late}"
            f"（{counts}）",
            f"{one.name}, due {shown(one.due)}: {len(found)} learners, {came} handed in, "
            f"{late} late ({counts})",
        )
    )
    heads = (_NUMBER, _NAME, Text("状态", "state"), Text("交卷时间", "handed in"),
             Text("迟交", "late"), Text("延到", "extended to"), Text("备注", "note"))  # fmt: skip
    stranger = Text("不在名单里", "not in the class")[lang]
    # Who has not handed in stands first, then who was late.
    ordered = sorted(found, key=lambda f: (f.handed_in, not f.late, f.learner.number))
    table(
        heads,
        (
            (
                f.learner.number,
                f.learner.name,
                f.state(now)[lang],
                shown(f.at),
                lateness(f.late)[lang],
                shown(f.until) if f.longer else "",
                "" if f.listed else stranger,
            )
            for f in ordered
        ),
    )
    typer.echo("")


def export(
    to: Annotated[Path, typer.Option(help="写到 .csv 或 .xlsx · where to")] = Path("scores.xlsx"),
) -> None:
    """导出成绩 · Write every learner's scores to a spreadsheet, by set and by item."""
    from kefu.grading.export import export as written

    if to.suffix.lower() not in (".csv", ".xlsx"):
        raise KefuError(
            Text(f"不会写 {to.name}", f"{to.name} is of no kind that can be written"),
            Text("文件名以 .csv 或 .xlsx 结尾", "end its name in .csv or .xlsx"),
        )
    with _open() as (book, places, waiting):
        for file in written(book, places, waiting, to):
            typer.echo(file)
