"""Reasons a learner gets: feedback pages, releasing them, and questions about a mark."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from kefu.cli.grading import NoSandbox, held, one_set, released, watched, workers_of
from kefu.errors import KefuError
from kefu.places import Places
from kefu.text import Text, preferred

if TYPE_CHECKING:
    from kefu.grading.appealing import Appealing
    from kefu.grading.appeals import Asked
    from kefu.grading.run import Run

__all__ = ["add"]

_CORES = os.cpu_count() or 1
_MOST_NAMES = 20
_Set = Annotated[str, typer.Argument(metavar="SET", help="作业 · the set")]


def add(app: typer.Typer) -> None:
    """Give `app` the commands of this module."""
    app.command()(feedback)
    app.command(name="release-reasons")(release_reasons)
    appeals = typer.Typer(
        name="appeals",
        cls=_ListFirst,
        help="对分数的疑问 · Learners' questions about marks: list them, answer them.",
        rich_markup_mode=None,
    )
    appeals.command(name="list")(list_appeals)
    appeals.command(name="answer")(answer_appeal)
    app.add_typer(appeals)


class _ListFirst(TyperGroup):
    """`kefu appeals` and `kefu appeals <set>` list, without a further word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, "--help"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


def feedback(
    sets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SET]…", help="哪些作业，不写就是全部 · default: all"),
    ] = None,
    student: Annotated[
        list[str] | None, typer.Option(help="只写这位学员的 · only this learner's; may be repeated")
    ] = None,
) -> None:
    """反馈 · Write the feedback pages that would change, each to feedback/."""
    from kefu.grading.feedback import generate

    places, failed = Places.find(), False
    os.chdir(places.root)  # as nbgrader does: its configuration is found from there
    for slug in released(places, sets):
        written = count = 0
        for who, came in generate(places, slug, student):
            count += 1
            if isinstance(came, KefuError):
                failed = True
                typer.echo(f"  {who}: {came.say(preferred())}", err=True)
            else:
                written += came
        same = count - written
        _say(
            Text(
                f"{slug}：{count} 页反馈，写了 {written} 页，{same} 页没有变化",
                f"{slug}: {count} feedback pages, {written} written, {same} unchanged",
            )
        )
    if failed:
        raise typer.Exit(1)


def release_reasons(
    set_slug: _Set,
    yes: Annotated[bool, typer.Option("--yes", help="不问就公布 · without asking")] = False,
    workers: Annotated[
        int, typer.Option(min=1, help="几个进程一起批 · how many processes mark side by side")
    ] = _CORES,
    no_sandbox: NoSandbox = False,
) -> None:
    """公布理由 · Release a set's reasons, for good; its items can then never count again."""
    from kefu.grading.reasons import Reasons
    from kefu.grading.release import check, redraw
    from kefu.journal import now
    from kefu.vault import connect

    with held() as places:
        [slug] = released(places, [set_slug])
        with one_set(places, slug) as run:
            check(run)
            if run.paper.reasons:
                _say(
                    Text(
                        f"{slug} 的理由已经公布（{run.paper.reasons}），把没写完的页补上",
                        f"the reasons of {slug} were released at {run.paper.reasons}; "
                        "what is left of its pages follows",
                    )
                )
            else:
                _explain(run, _missing(places, run))
                asked = Text("现在公布吗？不能收回", "Release them now? It cannot be undone")
                if not yes and not typer.confirm(asked[preferred()], default=False):
                    raise typer.Exit(1)
            engine = connect(places.database())
            Reasons(engine).release(slug, run.paper.cards, now())
            engine.dispose()
        with one_set(places, slug) as run, workers_of(run, workers, None, no_sandbox) as pool:
            changes = list(watched(slug, redraw(run, pool), len(run.students())))
    written = [c for c in changes if c.after is not None and not c.moved]
    moved = [c.student for c in changes if c.moved]
    failed = [c for c in changes if c.after is None and c.remarks]
    for change in failed:
        for remark in change.remarks:
            typer.echo(f"  {change.student}: {remark[preferred()]}", err=True)
    _say(
        Text(
            f"{slug}：理由公布了，{len(written)} 份的说明已补全。"
            f"再运行 kefu feedback {slug} 写反馈页",
            f"{slug}: reasons released, {len(written)} submissions explained in full. "
            f"Now kefu feedback {slug} writes the pages",
        )
    )
    if moved:
        _say(
            Text(
                f"  {_names(moved)} 的分数会变，没有动；请看 kefu regrade {slug}",
                f"  the scores of {_names(moved)} would move, so they were left alone; "
                f"see kefu regrade {slug}",
            )
        )
    if moved or failed:
        raise typer.Exit(1)


def _explain(run: Run, missing: list[str]) -> None:
    """What releasing does, before it is done."""
    slug, count = run.paper.set, len(run.paper.cards)
    _say(
        Text(
            f"公布 {slug} 的理由以后，反馈里会写出 {count} 道题每个选项、每一对、每一步、每句话、"
            "每个要点和说法值多少分、为什么，正确的是什么，改写题的参考说法，"
            "以及代码题检查用的数和该得的结果。",
            f"once the reasons of {slug} are released, feedback shows for all {count} items what "
            "every option, pair, step, saying, criterion and phrase is worth and why, what would "
            "have been right, the model answers, and the hidden calls of programs with what "
            "they should give.",
        )
    )
    _say(
        Text(
            "这些题从此不能再计分：放进别的作业或考试，kefu weave 会拒绝。"
            "留在这份作业里，或改成练习，都可以。",
            "these items can never count again: kefu weave refuses them in another set or in an "
            "exam. They may stay in this set, or become practice.",
        )
    )
    if missing:
        _say(
            Text(
                f"还有 {len(missing)} 人没交：{_names(missing)}。公布以后交的，批改时会提醒您。",
                f"not handed in yet ({len(missing)}): {_names(missing)}. "
                "Whatever comes after this, grading will point out to you.",
            )
        )
    else:
        _say(Text("名单上的人都交了。", "everybody on the list has handed in."))


def _missing(places: Places, run: Run) -> list[str]:
    from kefu.grading.gradebook import opened
    from kefu.grading.roster import learners

    with opened(places) as book:
        return sorted(set(learners(book)) - set(run.students()))


def _names(students: list[str]) -> str:
    shown = ("、" if preferred() == "zh" else ", ").join(students[:_MOST_NAMES])
    return shown if len(students) <= _MOST_NAMES else f"{shown} …"


def list_appeals(
    set_slug: Annotated[
        str | None, typer.Argument(metavar="[SET]", help="作业，不写就是全部 · default: all")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="答复过的也列出 · answered ones as well")
    ] = False,
) -> None:
    """列出疑问 · List the questions that wait for an answer."""
    from kefu.grading.appealing import Appealing

    places = Places.find()
    count = open_ = 0
    for slug in released(places, [set_slug] if set_slug else None):
        with Appealing(places, slug) as appealing:
            for asked in appealing.asked():
                if everything or not asked.answers:
                    count += 1
                    open_ += not asked.answers
                    _tell(asked, appealing)
    if not count:
        _say(Text("没有等答复的疑问", "no question waits for an answer"))
    elif open_:
        _say(
            Text(
                "要答复：kefu appeals answer <作业> <学号> <第几题>",
                "to answer: kefu appeals answer <set> <learner> <item number>",
            )
        )


def _tell(asked: Asked, appealing: Appealing) -> None:
    lang = preferred()
    colon = "：" if lang == "zh" else ": "
    about = appealing.about(asked.student, asked.item, lang)
    lines = [
        (Text("问题", "question"), asked.text),
        (Text("题目", "item"), about.prompt),
        (Text("答案", "answered"), " / ".join(about.answer)),
        (Text("得分", "credit"), about.credit),
        *((Text("答复", "answer"), answer.text) for answer in asked.answers),
    ]
    typer.echo(f"{asked.set}  {asked.student}  {about.n}. {asked.item}  {asked.at}")
    for head, said in lines:
        typer.echo(f"  {head[lang]}{colon}{_one_line(said)}")


def _one_line(said: str) -> str:
    """What a learner wrote, with nothing that a terminal would take for more than words."""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())


def answer_appeal(
    set_slug: _Set,
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="学号 · learner's number")],
    item: Annotated[str, typer.Argument(metavar="ITEM", help="题号或名字 · its number or name")],
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]",
            help="答复；不写就接着打，或从管道读 · else it is read from the terminal",
        ),
    ] = None,
) -> None:
    """答复疑问 · Answer what a learner asks about an item; feedback shows both."""
    from kefu.grading.appealing import Appealing

    places = Places.find()
    [slug] = released(places, [set_slug])
    with Appealing(places, slug) as appealing:
        ref = appealing.ref(item)
        appealing.check(student, ref)
        if text is None:
            if sys.stdin.isatty():
                _say(Text("写好后按 Ctrl+D：", "Type it, then press Ctrl+D:"))
            text = sys.stdin.read()
        count = appealing.answer(student, ref, text)
    _say(
        Text(
            f"存下了，答复了 {count} 个疑问。再运行 kefu feedback {slug}，学员就看得到",
            f"kept; questions answered: {count}. "
            f"Run kefu feedback {slug} for the learner to see it",
        )
    )


def _say(text: Text) -> None:
    typer.echo(text[preferred()])
