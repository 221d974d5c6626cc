"""Lessons and sets as notebooks: cells with stable ids, code out of sight, one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kefu.card import MARKED, RUBRIC, Card
from kefu.explorers import SLUGS
from kefu.scenario import RewriteKey
from kefu.scenario.program import CODE, Program
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.bank import Bank, Entry, Lesson, Planned, Set

__all__ = ["MAP", "WORKSHOP", "lesson_notebook", "map_notebook", "practice_notebook",
           "set_notebook", "workshop_notebook"]  # fmt: skip

# Any fence that the bank takes for a place of practice, or of an explorer.
_PLACE = re.compile(
    r"^ {0,3}(?P<fence>(?P<mark>[`~:])(?P=mark){2,})[ \t]*\{(?P<verb>play|explore)\}[ \t]*"
    r"(?P<slug>[a-z0-9-]+)[ \t]*\n\s*(?P=fence)(?P=mark)*[ \t]*$",
    re.MULTILINE,
)
_SECTION = re.compile(r"^(?=## )", re.MULTILINE)

# Authors write one sentence a line; between 汉字 a line's end would be shown as a space.
_WRAPPED = re.compile(
    "(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef”’…—])\n(?=[\u4e00-\u9fff“‘（《])"
)

START = Text(
    "> **开始**：往下读，练习会自己出现；每个答案答完即存，关掉再打开也在。"
    "要是没有出现，在菜单里点一次“运行 → 运行所有单元格”（Run → Run All Cells）就好。",
    "> **To begin**: just read on. The practice appears by itself; each answer is saved as you "
    "give it, and is there when you return. If none appears, choose *Run → Run All Cells* in the "
    "menu once.",
)
OTHER = Text("English", "中文")
MAP = "map"
"""The course map's notebook in each language's folder."""
WORKSHOP = "workshop"
"""The notebook of all explorers in each language's folder."""
TO_WORKSHOP = Text("品质工坊", "Quality workshop")
IN_WORKSHOP = Text(
    "# 品质工坊\n\n"
    "这里的每一页都能动手：拖一拖，图和话会跟着变。先猜，再看，最后答一答末尾的问题。"
    "这里不计分，也什么都不记。",
    "# The quality workshop\n\n"
    "Everything here can be moved: change a value, and the picture and the words follow. "
    "Guess first, then look, then answer the question at the end. "
    "Nothing is scored here, and nothing is kept.",
)
TO_MAP = Text("课程地图", "Course map")
RESULTS = Text("## 这一课做到哪了", "## How far you have come")
MORE = Text("## 更多练习", "## More practice")
HAND_IN = Text(
    "## 交卷 · Hand in\n\n"
    "填上学号，点一下按钮，就会在这个文件夹里生成一个交卷文件，把它交给老师。交卷后还想改，再做一次即可。",
    "Type your learner's number and press the button: one file appears in this folder. "
    "Give it to your instructor. If you change an answer later, simply make the file again.",
)

WRITE = Text(
    "> 在下面这一格里写。写好先运行这一格，再运行它下面那一格，看看例子对不对；可以改了再试，"
    "次数不限。例子对了，还不等于全对：批改时会换别的数。写完按 Ctrl+S（或 ⌘S）保存笔记本。",
    "> Write in the cell below. Run it, then run the cell after it to see how the examples come "
    "out; change it and try again as often as you like. Examples that come out right are not "
    "everything: other numbers are used for marking. Save the notebook with Ctrl+S (or ⌘S).",
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

    def placed_here(found: re.Match[str]) -> str:
        if found["verb"] == "play":
            return cells_of(found["slug"])
        return f"```{{code-cell}}\n{_explore(found['slug'])}\n```"

    body = _PLACE.sub(placed_here, lesson.body[lang])
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
    return _bytes([*cells, *_results(lesson.id, lang)], lang)


def practice_notebook(info: Planned, practice: Sequence[Entry], lang: Lang) -> bytes:
    """A lesson whose text is not written yet: its practice alone."""
    slug = f"{info.id}-practice"
    cells = [
        _text("start", _head(slug, lang)),
        _text("text-01", f"# {info.id} {info.title[lang]}"),
        *(_code(_call(e.ref)) for e in practice),
        *_results(info.id, lang),
    ]
    return _bytes(cells, lang)


def map_notebook(title: Text, lang: Lang) -> bytes:
    """The course map: every lesson, and how far one has come."""
    cells = [
        _text("start", _head(MAP, lang)),
        _text("text-01", f"# {title[lang]}"),
        _code('import kefu; kefu.map("course")', "_map"),
    ]
    return _bytes(cells, lang)


def workshop_notebook(lang: Lang) -> bytes:
    """Every explorer, in the order of the course."""
    cells = [
        _text("start", _head(WORKSHOP, lang)),
        _text("text-01", IN_WORKSHOP[lang]),
        *(_code(_explore(slug)) for slug in SLUGS),
    ]
    return _bytes(cells, lang)


def _results(lesson: str, lang: Lang) -> list[Any]:
    """The end of a lesson: what was asked in it, and where to go on."""
    name = lesson.replace(".", "-")
    return [
        _text("results", RESULTS[lang]),
        _code(f'import kefu; kefu.map("{name}")', "_map"),
    ]


def set_notebook(
    info: Set, asked: Sequence[Entry], programs: Sequence[tuple[Program, Card]] = ()
) -> bytes:
    """A graded set, in both languages: each item is a locked grade cell that is never executed.

    What is answered with code stands after all other items: text, the cell to write in, and
    the grade cell, which tries the examples when the learner runs it.
    """
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
        if isinstance(entry.key, RewriteKey):
            cells += _rubric(entry.ref, entry.key)
    for program, card in programs:
        cells += _program(program, card)
    cells += [_text("hand-in", f"{HAND_IN.zh}\n\n{HAND_IN.en}"), _code(_call(info.slug))]
    return _bytes(cells, "zh", {"set": info.slug})


def _rubric(ref: str, key: RewriteKey) -> Iterator[Any]:
    """The cells of a rewrite that a person marks, one for each line of the rubric.

    Only how many lines there are and what each is worth is public; most points come first,
    so that neither names nor order tell anything.
    """
    points = sorted((line.points for line in key.rubric.values()), reverse=True)
    for number, worth in enumerate(points, 1):
        cell = new_markdown_cell(f"{MARKED.zh}\n\n{MARKED.en}", id=f"{ref}{RUBRIC}{number}")
        cell.metadata["editable"] = False  # what is typed here would be lost
        cell.metadata["nbgrader"] = {
            "schema_version": 3,
            "grade": True,
            "grade_id": f"{ref}{RUBRIC}{number}",
            "locked": False,
            "points": worth,
            "solution": True,
            "task": False,
        }
        yield cell


def _program(program: Program, card: Card) -> list[Any]:
    """A program's three cells; releasing puts a stub where the solution would stand."""
    ref, title, words = card["item"], card["title"], card["prompt"]
    both = "\n\n".join((words["zh"], words["en"], WRITE.zh, WRITE.en))
    text = f"## {title['zh']} · {title['en']}\n\n{both}"
    region = "    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION"
    code = new_code_cell(f"{program.starter.rstrip()}\n{region}", id=f"{ref}{CODE}")
    # The one line stays in sight: it is run again after every change.
    tried = new_code_cell(f'import kefu; kefu.try_out("{ref}")', id=ref)
    for cell, is_graded in ((code, False), (tried, True)):
        cell.metadata["nbgrader"] = {
            "schema_version": 3,
            "grade": is_graded,
            "grade_id": cell.id,
            "locked": is_graded,
            "solution": not is_graded,
            "task": False,
        }
    tried.metadata["nbgrader"]["points"] = program.points
    return [_text(ref, text), code, tried]


def _head(slug: str, lang: Lang) -> str:
    other: Lang = "en" if lang == "zh" else "zh"
    links = [f"[{OTHER[lang]}](../{other}/{slug}.ipynb)"]
    there, named = (WORKSHOP, TO_WORKSHOP) if slug == MAP else (MAP, TO_MAP)
    links.append(f"[{named[lang]}]({there}.ipynb)")
    return f"{' · '.join(links)}\n\n{START[lang]}"


def _call(slug: str) -> str:
    return f'import kefu; kefu.play("{slug}")'


def _explore(slug: str) -> str:
    return f'import kefu; kefu.explore("{slug}")'


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


def _code(call: str, cell_id: str = "") -> Any:
    slug = cell_id or call.split('"')[1]
    return new_code_cell(call.strip(), id=slug, metadata={"jupyter": {"source_hidden": True}})


def _bytes(cells: list[Any], lang: Lang, about: Mapping[str, str] | None = None) -> bytes:
    made = "woven from content/; edit there, then run kefu weave"
    book = new_notebook(
        cells=cells,
        metadata={
            # kefu's own kernel, which imports nothing from the folder the notebook lies in.
            "kernelspec": {"display_name": "客服 · kefu", "language": "python", "name": "kefu"},
            "language_info": {"name": "python"},
            "kefu": {"lang": lang, "made": made, **(about or {})},
        },
    )
    nbformat.validate(book)
    text: str = nbformat.writes(book, version=4)
    return (text.rstrip("\n") + "\n").encode()
