"""Lessons and sets as notebooks: cells with stable ids, code out of sight, one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.bank import Bank, Entry, Lesson, Planned, Set

__all__ = ["lesson_notebook", "practice_notebook", "set_notebook"]

# Any fence that the bank takes for a place of practice.
_PLAY = re.compile(
    r"^ {0,3}(?P<fence>(?P<mark>[`~:])(?P=mark){2,})[ \t]*\{play\}[ \t]*(?P<slug>[a-z0-9-]+)[ \t]*"
    r"\n\s*(?P=fence)(?P=mark)*[ \t]*$",
    re.MULTILINE,
)
_SECTION = re.compile(r"^(?=## )", re.MULTILINE)

# Authors write one sentence a line; between 汉字 a line's end would be shown as a space.
_WRAPPED = re.compile(
    "(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef”’…—])\n(?=[\u4e00-\u9fff“‘（《])"
)

START = Text(
    "> **开始**：在上方菜单点“运行 → 运行所有单元格”（Run → Run All Cells）一次，"
    "再滚回这里，练习就出现了。不需要懂编程；每个答案答完即存，关掉再打开也在。",
    "> **To begin**: choose *Run → Run All Cells* in the menu above, once, then scroll back up "
    "here: the practice is there. There is nothing to program; each answer is saved as you give "
    "it, and is there when you return.",
)
OTHER = Text("English", "中文")
MORE = Text("## 更多练习", "## More practice")
HAND_IN = Text(
    "## 交卷 · Hand in\n\n"
    "填上学号，点一下按钮，就会在这个文件夹里生成一个交卷文件，把它交给老师。交卷后还想改，再做一次即可。",
    "Type your learner's number and press the button: one file appears in this folder. "
    "Give it to your instructor. If you change an answer later, simply make the file again.",
)


def lesson_notebook(lesson: Lesson, bank: Bank, lang: Lang) -> bytes:
    """One lesson in one language.

    Practice that the text places stands where it is placed;
    whatever else the bank has for the lesson follows at the end,
    so that a new scenario needs no edit of the text.
    """
    mine = bank.practice_of(lesson.id)
    placed = set(lesson.plays)

    def cells_of(slug: str) -> str:
        story = [e for e in bank.entries if e.scenario == slug and e.item.use == "practice"]
        here = [e for e in story if e.item.lesson == lesson.id] or story
        return "\n\n".join(f"```{{code-cell}}\n{call}\n```" for call in _calls(here, bank))

    body = _PLAY.sub(lambda found: cells_of(found["slug"]), lesson.body[lang])
    if lang == "zh":
        body = _WRAPPED.sub("", body)
    body = _SECTION.sub("+++\n\n", body)
    read = jupytext.reads(body, fmt="md:myst").cells
    texts = [c.source for c in read if c.cell_type == "markdown"]
    assert texts, "a lesson has words"
    cells = [_text("start", _head(lesson.slug, lang))]
    number = 0
    for cell in read:
        if cell.cell_type == "code":
            cells.append(_code(cell.source))
        elif cell.source.strip():
            number += 1
            cells.append(_text(f"text-{number:02}", cell.source))
    rest = [e for e in mine if e.scenario not in placed]
    if rest:
        cells += [_text("more", MORE[lang]), *(_code(call) for call in _calls(rest, bank))]
    return _bytes(cells, lang)


def practice_notebook(info: Planned, practice: Sequence[Entry], lang: Lang) -> bytes:
    """A lesson whose text is not written yet: its practice alone."""
    slug = f"{info.id}-practice"
    cells = [
        _text("start", _head(slug, lang)),
        _text("text-01", f"# {info.id} {info.title[lang]}"),
        *(_code(_call(e.ref)) for e in practice),
    ]
    return _bytes(cells, lang)


def set_notebook(info: Set, asked: Sequence[Entry]) -> bytes:
    """A graded set, in both languages: each item is a locked grade cell that is never executed."""
    title = f"# {info.title.zh} · {info.title.en}"
    cells = [
        _text("start", f"{title}\n\n{info.intro.zh}\n\n{info.intro.en}"),
        _text("how", f"{START.zh}\n\n{START.en}"),
    ]
    for entry in asked:
        cell = _code(_call(entry.ref))
        cell.metadata["nbgrader"] = {
            "schema_version": 3,
            "grade": True,
            "grade_id": entry.ref,
            "locked": True,
            "points": entry.item.points,
            "solution": False,
            "task": False,
        }
        cells.append(cell)
    cells += [_text("hand-in", f"{HAND_IN.zh}\n\n{HAND_IN.en}"), _code(_call(info.slug))]
    return _bytes(cells, "zh")


def _head(slug: str, lang: Lang) -> str:
    other: Lang = "en" if lang == "zh" else "zh"
    return f"[{OTHER[lang]}](../{other}/{slug}.ipynb)\n\n{START[lang]}"


def _call(slug: str) -> str:
    return f'import kefu; kefu.play("{slug}")'


def _calls(entries: Iterable[Entry], bank: Bank) -> list[str]:
    """A scenario is one player if all its practice is asked here; else each item is one."""
    here = list(entries)
    calls: list[str] = []
    for slug in dict.fromkeys(e.scenario for e in here):
        mine = [e.ref for e in here if e.scenario == slug]
        whole = [e.ref for e in bank.entries if e.scenario == slug and e.item.use == "practice"]
        calls += [_call(slug)] if mine == whole else [_call(ref) for ref in mine]
    return calls


def _text(cell_id: str, source: str) -> Any:
    # No slug begins so: the id of a story's or an item's cell is never taken.
    return new_markdown_cell(source.strip(), id=f"_{cell_id}")


def _code(call: str) -> Any:
    slug = call.split('"')[1]
    return new_code_cell(call.strip(), id=slug, metadata={"jupyter": {"source_hidden": True}})


def _bytes(cells: list[Any], lang: Lang) -> bytes:
    book = new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "kefu": {"lang": lang, "made": "woven from content/; edit there, then run kefu weave"},
        },
    )
    nbformat.validate(book)
    text: str = nbformat.writes(book, version=4)
    return (text.rstrip("\n") + "\n").encode()
