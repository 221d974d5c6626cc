"""What authors run: `kefu check`, `kefu new`, `kefu init`."""

from __future__ import annotations

import json
import webbrowser
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kefu.card import ITEM_REF, SLUG
from kefu.cli import private
from kefu.errors import Fault, KefuError
from kefu.places import Places
from kefu.text import Lang, Text, preferred

if TYPE_CHECKING:
    from kefu.bank import Bank

__all__ = ["add", "check", "init", "new", "preview", "summary"]


class Tongue(StrEnum):
    """The languages one may ask for."""

    zh = "zh"
    en = "en"


class Kind(StrEnum):
    """The nine kinds."""

    choice = "choice"
    choices = "choices"
    order = "order"
    match = "match"
    number = "number"
    rewrite = "rewrite"
    dialogue = "dialogue"
    review = "review"
    selfcheck = "selfcheck"


_Lang = Annotated[
    Tongue | None,
    typer.Option(help="说哪种语言，默认随系统 · the language to speak, else the locale's"),
]


def _lang(asked: Tongue | None) -> Lang:
    return preferred(asked.value if asked else None)


def check(
    folder: Annotated[
        list[Path] | None,
        typer.Argument(
            help="内容文件夹，后面的盖在前面的上面 · content folders, later ones on top"
        ),
    ] = None,
    lang: _Lang = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="输出 JSON：统计、覆盖、乱答得分和问题 · counts, coverage, chance, faults",
        ),
    ] = False,
    chance: Annotated[
        bool, typer.Option("--chance", help="列出每道题乱答能得几成 · what guessing earns, by item")
    ] = False,
) -> None:
    """检查内容：每处问题都说明在哪、错在哪、该怎么写 · Check the content.

    没有问题时退出码是 0，有问题时是 1 · Exits 0 when all is well, 1 when there are faults.
    """
    # Reading the bank takes its time to import, here and below; other commands need none of it.
    from kefu.bank import read
    from kefu.bank.chance import cue_faults, guesses
    from kefu.cli import guessing

    tongue = _lang(lang)
    bank, faults = read(_contents(folder or []))
    found = guesses(bank, faults)
    if not (folder or faults):
        from kefu.grading.burned import burned_faults

        faults = burned_faults(bank, Places.find())
    faults += cue_faults(found)
    if as_json:
        told = {**summary(bank, faults, tongue), "chance": guessing.chances(found)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif faults:
        for fault in faults:
            typer.echo(fault.say(tongue))
        count = len(faults)
        said = Text(f"共 {count} 处要改", f"{count} to mend")
        typer.echo(said[tongue], err=True)
    else:
        items, stories = len(bank.entries), len(bank.stories)
        coded = len(bank.programs)
        zh, en = (f"、{coded} 道编程题", f", {_count(coded, 'program')}") if coded else ("", "")
        said = Text(
            f"{stories} 个故事、{items} 道题{zh}、{len(bank.lessons)} 课都查过了，没有问题",
            f"all is well: {_count(items, 'item')} in {_count(stories, 'story', 'stories')}{en}, "
            f"{_count(len(bank.lessons), 'lesson')}",
        )
        typer.echo(said[tongue])
        if found:
            typer.echo(guessing.told(found, items=chance)[tongue])
    if faults:
        raise typer.Exit(1)


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _contents(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The content folders to read.

    A folder that has a `content` inside stands for that one, and a house's folder alone
    is laid over the course.
    """
    if not folders:
        return Places.find().contents
    contents = []
    for folder in folders:
        if not folder.is_dir():
            raise KefuError(
                Text(f"没有这个文件夹：{folder}", f"there is no folder {folder}"),
                Text("请改正名字", "correct the name"),
            )
        inner = folder / "content"
        contents.append(inner if inner.is_dir() else folder)
    if not any((folder / "course.toml").is_file() for folder in contents):
        base = Places.find(start=contents[0], env={}).contents[0]
        contents = [base, *(c for c in contents if c.resolve() != base)]
    return tuple(contents)


def summary(bank: Bank, faults: Sequence[Fault], lang: Lang) -> dict[str, Any]:
    """What `kefu check --json` prints.

    `taught` counts the ids that a written lesson teaches, `asked` those that a scenario or a
    program does; `missing` lists those that are not both, in the order of the coverage list.
    """
    taught = {name for lesson in bank.lessons.values() for name in lesson.teaches}
    asked = {name for story in bank.stories.values() for name in story.teaches}
    asked |= {name for program in bank.programs.values() for name in program.teaches}
    items = [entry.item for entry in bank.entries]
    return {
        "items": len(items),
        "kinds": _tally(item.kind for item in items),
        "rooms": _tally(item.use for item in items),
        "lessons": _tally(item.lesson for item in items),
        "programs": len(bank.programs),
        "coverage": {
            "taught": len(taught & bank.coverage.keys()),
            "asked": len(asked & bank.coverage.keys()),
            "missing": [name for name in bank.coverage if name not in taught & asked],
        },
        "faults": [fault.json(lang) for fault in faults],
    }


def _tally(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def new(
    slug: Annotated[str, typer.Argument(help="故事的名字，如 phone-shop-lunch · the story's slug")],
    kind: Annotated[Kind, typer.Option(help="题型 · the kind of item")] = Kind.choice,
    lesson: Annotated[str | None, typer.Option(help="课号，如 5.2 · the lesson")] = None,
    lang: _Lang = None,
) -> None:
    """新写一个故事，要填的地方都标出来 · Write a new scenario with every blank marked."""
    from kefu.bank import read
    from kefu.bank.blank import scenario

    tongue = _lang(lang)
    if not SLUG.fullmatch(slug) or not ITEM_REF.fullmatch(f"{slug}--a") or len(slug) > 50:
        raise KefuError(
            Text(f"{slug} 不能用作故事的名字", f"{slug} cannot be the name of a story"),
            Text(
                "请用小写字母、数字和短横，不超过 50 个字符，例如 phone-shop-lunch",
                "use small letters, digits and hyphens, at most 50 characters, "
                "such as phone-shop-lunch",
            ),
        )
    contents = Places.find().contents
    planned = read(contents[:1])[0].course.lessons if lesson else {}
    if lesson and lesson not in planned:
        raise KefuError(
            Text(f"course.toml 里没有第 {lesson} 课", f"course.toml has no lesson {lesson}"),
            Text(f"请写其中之一：{', '.join(planned)}", f"write one of {', '.join(planned)}"),
        )
    for content in contents:
        taken = content / "scenarios" / f"{slug}.toml"
        if taken.exists():
            raise KefuError(
                Text(f"{_near(taken)} 已经有了", f"{_near(taken)} is there already"),
                Text("请换一个名字，或直接改那个文件", "choose another name, or edit that file"),
            )
    file = contents[-1] / "scenarios" / f"{slug}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as out:
        out.write(scenario(kind.value, lesson))
    said = Text(
        f"写好了 {_near(file)}\n请把每个 〔…〕 换成您的内容，再运行 kefu check，看还剩哪几处",
        f"wrote {_near(file)}\nreplace every 〔…〕 with your own words, then run kefu check: "
        "it says which blanks are left",
    )
    typer.echo(said[tongue])


def _near(path: Path) -> str:
    """A path from the working folder, where it lies below that."""
    here = path.resolve()
    root = Path.cwd().resolve()
    return (here.relative_to(root) if here.is_relative_to(root) else here).as_posix()


def init(
    folder: Annotated[Path, typer.Argument(help="新文件夹 · the folder to make")],
    lang: _Lang = None,
) -> None:
    """建一个只属于自己单位的文件夹 · Make a house's private folder, laid over the course."""
    tongue = _lang(lang)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KefuError(
            Text(f"{folder} 不是空文件夹", f"{folder} is not an empty folder"),
            Text("请换一个名字", "choose another name"),
        )
    private.write(folder)
    said = Text(
        f"建好了 {_near(folder)}\n接下来：cd {folder}，再运行 kefu new <名字> 写第一个故事",
        f"made {_near(folder)}\nnext: cd {folder}, then kefu new <slug> for your first scenario",
    )
    typer.echo(said[tongue])


def preview(
    slug: Annotated[str, typer.Argument(help="故事的名字 · the story's slug")],
    port: Annotated[int, typer.Option(help="端口 · port")] = 8870,
    browser: Annotated[bool, typer.Option(help="同时打开浏览器 · open the browser as well")] = True,
    lang: _Lang = None,
) -> None:
    """单独看一个故事，文件一保存就更新 · See one scenario alone; it reloads as you save.

    每道题都当练习来显示，得分和理由都看得到 · Every item is shown as practice, reasons and all.
    """
    # The server takes its time to import; only this command needs it.
    from kefu.bank.words import nearest
    from kefu.lab import free_port
    from kefu.preview import known, serve

    tongue = _lang(lang)
    contents = Places.find().contents
    slug = Path(slug).stem  # a shell completes the file's name more readily than the story's
    if slug not in known(contents):
        close = nearest(slug.lower(), known(contents))
        raise KefuError(
            Text(f"没有 {slug} 这个故事", f"there is no story {slug!r}"),
            Text(f"您要看的也许是 {close}", f"perhaps you mean {close}")
            if close
            else Text(f"先运行 kefu new {slug}", f"run kefu new {slug} first"),
        )
    try:
        free_port(port)
    except KefuError as error:
        again = f"kefu preview {slug} --port {port + 1}"
        raise KefuError(error.what, Text(f"换一个：{again}", f"choose another: {again}")) from error
    url = f"http://127.0.0.1:{port}/"
    said = Text(f"在看 {slug}：{url}（Ctrl+C 停）", f"previewing {slug}: {url} (Ctrl+C stops it)")
    typer.echo(said[tongue])
    if browser:
        webbrowser.open(url)
    serve(slug, contents, tongue, port)


def add(app: typer.Typer) -> None:
    """Give `app` the commands of this module."""
    for command in (check, new, init, preview):
        app.command()(command)
