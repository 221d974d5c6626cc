"""What authors run to look at a dialogue: `kefu graph`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from kefu.cli.author import Tongue
from kefu.cli.drawing import Drawn, draw, tone
from kefu.errors import KefuError
from kefu.places import Places
from kefu.text import Lang, Text, preferred

__all__ = ["add", "graph", "outline"]


def graph(
    slug: Annotated[str, typer.Argument(help="故事的名字 · the story's slug")],
    text: Annotated[
        bool, typer.Option("--text", help="在终端里列出来，不画图 · an outline, no picture")
    ] = False,
    to: Annotated[
        Path | None, typer.Option(help="图放在哪个文件夹 · the folder for the picture")
    ] = None,
    lang: Annotated[
        Tongue | None,
        typer.Option(help="说哪种语言，默认随系统 · the language to speak, else the locale's"),
    ] = None,
) -> None:
    """把对话画成一张图：说什么、走到哪里、得几分 · Draw a scenario's dialogues.

    没写完的也能画 · Unfinished ones are drawn as well.
    """
    tongue = preferred(lang.value if lang else None)
    found = _dialogues(slug)
    for ident, drawn in found.items():
        if text:
            typer.echo("\n".join(outline(drawn, tongue)))
            continue
        name = slug if len(found) == 1 else f"{slug}--{ident}"
        file = (to or Path()) / f"{name}.svg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(draw(drawn, tongue), encoding="utf-8", newline="\n")
        said = Text(f"画好了 {file}，用浏览器打开", f"drew {file}; any browser opens it")
        typer.echo(said[tongue])


def _dialogues(slug: str) -> dict[str, Drawn]:
    """The dialogues of a story by their ids.

    Raises:
        KefuError: there is no such story, it cannot be read, or it has none.
    """
    from kefu.bank import read
    from kefu.bank.words import nearest
    from kefu.scenario import DialogueItem, DialogueKey

    bank, faults = read(Places.find().contents)
    entries = [entry for entry in bank.entries if entry.scenario == slug]
    if not entries:
        broken = [fault for fault in faults if Path(fault.file).name == f"{slug}.toml"]
        if broken:
            raise KefuError(
                Text(f"{slug} 还读不懂", f"{slug} cannot be read yet"), _fault(broken[0].say)
            )
        known = nearest(slug, bank.stories)
        raise KefuError(
            Text(f"没有故事 {slug}", f"there is no scenario {slug}"),
            Text(f"您要写的也许是 {known}", f"perhaps you mean {known}")
            if known
            else Text("请写 content/scenarios 里的文件名", "name a file of content/scenarios"),
        )
    found = {
        entry.item.id: Drawn(
            entry.story.title.text(),
            entry.item,
            entry.key if isinstance(entry.key, DialogueKey) else None,
        )
        for entry in entries
        if isinstance(entry.item, DialogueItem)
    }
    if not found:
        raise KefuError(
            Text(f"{slug} 里没有对话题", f"{slug} has no dialogue"),
            Text("请写一个 kind 是 dialogue 的题", 'add an item of kind = "dialogue"'),
        )
    return found


def _fault(say: object) -> Text:
    assert callable(say)
    return Text(f"先改好这一处：{say('zh')}", f"mend this first: {say('en')}")


def outline(drawn: Drawn, lang: Lang) -> Iterator[str]:
    """The conversation as an indented list: every node once, below the first way to it."""
    item = drawn.item
    head = Text(
        f"{drawn.title.zh} · {item.id}（火气 {item.anger}，信任 {item.trust}）",
        f"{drawn.title.en} · {item.id} (anger {item.anger}, trust {item.trust})",
    )
    yield head[lang]
    told: set[str] = set()
    yield from _node(drawn, item.start, "", told, lang)
    for name in item.node:
        if name not in told:
            yield Text("（走不到）", "(not reached)")[lang]
            yield from _node(drawn, name, "", told, lang)


def _node(drawn: Drawn, name: str, indent: str, told: set[str], lang: Lang) -> Iterator[str]:
    node = drawn.item.node.get(name)
    if node is None:
        yield f"{indent}{name}  {Text('✗ 没有这个节点', '✗ there is no such node')[lang]}"
        return
    if name in told:
        yield f"{indent}{name}  {Text('（见前面）', '(see above)')[lang]}"
        return
    told.add(name)
    colon = "：" if lang == "zh" else ": "
    words = [name]
    if node.customer:
        words.append(Text("客户", "customer")[lang] + colon + node.customer.text()[lang])
    if node.ending:
        words.append(Text("结局", "ending")[lang] + colon + node.ending.text()[lang])
    if not node.say:
        words.append(f"[{tone(drawn.outcome(name)).said}]")
    yield indent + "  ".join(words)
    for each, say in node.say.items():
        credit = tone(drawn.credit(name, each)).said
        told_of = " ".join([each, *drawn.moves(say, lang)])
        yield f"{indent}  [{credit}] {told_of}{colon}{say.text()[lang]}"
        first, *rest = _node(drawn, say.to, indent + "      ", told, lang)
        yield f"{indent}    → {first.lstrip()}"
        yield from rest


def add(app: typer.Typer) -> None:
    """Give `app` the command of this module."""
    app.command()(graph)
