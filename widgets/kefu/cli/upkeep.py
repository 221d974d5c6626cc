"""An installation that stays well: what is wrong with it, a copy of it, the copy brought back."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kefu.errors import KefuError
from kefu.places import Places
from kefu.text import Text, preferred

if TYPE_CHECKING:
    from kefu.backup import Archive, Home
    from kefu.doctor import Finding

__all__ = ["add"]

# A sign and a word: colour alone would be lost on many people, and in every log.
_SIGNS = {
    "ok": ("✓", Text("正常", "ok")),
    "warning": ("!", Text("注意", "note")),
    "fault": ("✗", Text("有问题", "fault")),
}


def add(app: typer.Typer) -> None:
    """Give `app` the commands of this module."""
    for command in (doctor, backup, restore):
        app.command()(command)


def _say(text: Text) -> None:
    typer.echo(text[preferred()])


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · for machines")] = False,
) -> None:
    """看诊 · Find what is wrong with this installation, and say what to do.

    有问题时退出码是 1 · Exits 1 when there is a fault.
    """
    from kefu.doctor import Site, examine

    found = examine(Site.here())
    if as_json:
        typer.echo(json.dumps([one.json() for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            _tell(one)
        count = {state: sum(one.state == state for one in found) for state in _SIGNS}
        _say(
            Text(
                f"共 {len(found)} 项：{count['ok']} 项正常，{count['warning']} 项要注意，"
                f"{count['fault']} 项有问题。",
                f"{len(found)} looked at: {count['ok']} ok, {count['warning']} to note, "
                f"{count['fault']} at fault.",
            )
        )
    if any(one.state == "fault" for one in found):
        raise typer.Exit(1)


def _tell(one: Finding) -> None:
    lang = preferred()
    sign, word = _SIGNS[one.state]
    colon = "：" if lang == "zh" else ": "
    typer.echo(f"{sign} {word[lang]}  {one.title[lang]}{colon}{one.what[lang]}")
    if one.mend:
        typer.echo(f"    → {one.mend[lang]}")


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="写到哪里，默认在 backups/ · the zip to write")
    ] = None,
) -> None:
    """备份 · Keep people, marks, keys and answers in one zip."""
    from kefu.backup import Home, take

    taken = take(Home.at(Places.find().root), file)
    rows = sum(sum(of["rows"].values()) for of in taken.manifest["databases"].values())
    files = sum(name.startswith("files/") for name in taken.manifest["files"])
    megabytes = taken.path.stat().st_size / 2**20
    _say(
        Text(
            f"备份好了，也读回来核对过：{taken.path}\n"
            f"{rows} 行记录，{files} 个文件，{megabytes:.1f} MB。\n"
            "里面有姓名、成绩和答案，只有您自己能读；不再需要时请删掉。",
            f"backed up, and read back to be sure: {taken.path}\n"
            f"{rows} rows, {files} files, {megabytes:.1f} MB.\n"
            "It holds names, marks and answers, and only you can read it; "
            "delete it when it is no longer needed.",
        )
    )
    _passed(taken.passed)


def _passed(names: tuple[str, ...]) -> None:
    if names:
        _say(
            Text(
                f"有 {len(names)} 个没有收进去（链接、特殊文件或读不了的）：",
                f"{len(names)} left out (links, special files, or not readable):",
            )
        )
        for name in names[:20]:
            typer.echo(f"  {ascii(name)[1:-1] if not name.isprintable() else name}")


def restore(
    file: Annotated[Path, typer.Argument(help="备份的 zip · the backup")],
    into: Annotated[
        Path | None,
        typer.Option(
            help="恢复到这个文件夹，不理会 KEFU_* · restore into this folder alone, "
            "whatever KEFU_* say"
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 · do not ask")] = False,
) -> None:
    """恢复 · Put a backup back; what is there now is backed up first."""
    from kefu.backup import Archive
    from kefu.backup import restore as bring_back

    if not file.is_file():
        raise KefuError(
            Text(f"没有这个文件：{file}", f"there is no file {file}"),
            Text("备份一般在 backups/ 里", "backups usually lie in backups/"),
        )
    with Archive(file) as archive:
        home = _home(into)
        archive.verify()
        _announce(archive, home)
        if not yes:
            _ask()
        done = bring_back(archive, home)
    if done.before:
        _say(
            Text(
                f"恢复前的样子备份在 {done.before.path}",
                f"what was there before is kept in {done.before.path}",
            )
        )
    if done.aside:
        _say(
            Text(
                f"备份收不了的原样放在 {done.aside}",
                f"what no backup could take lies in {done.aside}",
            )
        )
    _say(
        Text(
            f"恢复好了：{done.rows} 行记录，{done.files} 个文件。请再运行 kefu doctor 看一遍。",
            f"restored: {done.rows} rows, {done.files} files. Please run kefu doctor once more.",
        )
    )


def _home(into: Path | None) -> Home:
    """Where to: the folder that was named, else the course one stands in, else an empty folder."""
    from kefu.backup import Home

    if into is not None:
        return Home.at(into.expanduser().resolve(), env={})
    here = Path.cwd()
    if any(here.iterdir()):
        here = Places.find(env={}).root
    return Home.at(here, os.environ)


def _announce(archive: Archive, home: Home) -> None:
    from kefu.backup import HOUSE, replaced

    made = f"{datetime.fromisoformat(archive.manifest['at']).astimezone():%Y-%m-%d %H:%M}"
    version = archive.manifest["kefu"]
    _say(
        Text(
            f"{archive.path.name}：{made} 由 kefu {version} 做的备份，完好。\n"
            f"要恢复到 {home.root}：",
            f"{archive.path.name}: made at {made} by kefu {version}, and whole.\n"
            f"To be restored into {home.root}:",
        )
    )
    for line in replaced(archive, home):
        typer.echo(f"  {line[preferred()]}")
    if home.house is None and archive.below(f"files/{HOUSE}"):
        named = home.places()[HOUSE]
        _say(
            Text(
                f"本单位的题库放在 {named}，之后请设 KEFU_CONTENT={named}",
                f"The house's own content goes to {named}; set KEFU_CONTENT={named} afterwards",
            )
        )


def _ask() -> None:
    if not sys.stdin.isatty():
        raise KefuError(
            Text("没有人可以问", "there is nobody to ask"),
            Text(
                "什么都没有动；确定要恢复就加上 --yes", "nothing was touched; add --yes to restore"
            ),
        )
    question = Text("要替换吗？", "Replace all this?")
    if not typer.confirm(question[preferred()]):
        _say(Text("什么都没有动。", "Nothing was touched."))
        raise typer.Exit(1)
