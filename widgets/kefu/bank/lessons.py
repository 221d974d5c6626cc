"""Reading the two files of a lesson: four lines of front matter, then markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from kefu.bank.lint import lint
from kefu.bank.model import Lesson
from kefu.bank.words import nearest
from kefu.errors import Fault
from kefu.text import LANGS, Lang, Text

__all__ = ["Page", "pair", "read_page"]

_KNOWN = ("lesson", "title", "minutes", "teaches")
_ID = re.compile(r"\d{1,2}(?:\.\d{1,2})?")
_LINE = re.compile(r"(?P<name>[A-Za-z_]+)[ \t]*(?P<colon>[:：])[ \t]*(?P<value>.*)")
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,}|:{3,})[ \t]*(?P<info>[^`]*)$")
_PLACE = re.compile(r"\{(?P<verb>play|explore)\}[ \t]*(?P<slug>.*)$")
# What is not running text: code, roles, link targets, tags, bare addresses, comments.
_ASIDE = re.compile(
    r"`[^`\n]*`|\{[a-z:_-]+\}|(?<=\])\([^)\n]*\)|<[^>\n]*>|https?://[\w./?=&#%~:+-]+"
)


@dataclass
class Page:
    """One language of a lesson. `lines` says where each name of the front matter stands."""

    file: str
    lang: Lang
    front: dict[str, str | list[str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    body: str = ""
    plays: list[tuple[str, int]] = field(default_factory=list)
    explores: list[tuple[str, int]] = field(default_factory=list)
    teaches: list[tuple[str, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    headless: bool = False

    def fault(self, line: int, what: Text, write: Text) -> None:
        """Note a fault of this page."""
        self.faults.append(Fault(self.file, line, what, write))


def read_page(text: str, file: str, lang: Lang) -> Page:
    """Read one language of a lesson; every fault in it stands in `faults`."""
    page = Page(file, lang)
    rows = text.split("\n")
    end = next((i for i, row in enumerate(rows[1:], 1) if row.rstrip() == "---"), 0)
    if rows[0].rstrip() != "---" or not end:
        page.fault(
            1,
            Text(
                "开头没有用 --- 围起来的说明",
                "the page does not begin with lines between --- and ---",
            ),
            Text(
                "请在开头写 ---，然后 lesson、title、minutes、teaches 四项，再写 ---",
                "begin with ---, then lesson, title, minutes and teaches, then ---",
            ),
        )
        end = -1
        page.headless = True
    else:
        _front(page, rows[1:end])
    page.body = "\n".join(rows[end + 1 :]).strip("\n") + "\n"
    _body(page, rows[end + 1 :], end + 2)
    return page


def _front(page: Page, rows: list[str]) -> None:
    name = ""
    for number, row in enumerate(rows, 2):
        element = re.fullmatch(r"[ \t]*-[ \t]+(.*)", row)
        match = _LINE.fullmatch(row.rstrip())
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        if element and name == "teaches":
            page.teaches.append((_unquote(element[1]), number))
        elif match is None:
            page.fault(
                number,
                Text("这一行读不懂", "this line cannot be read"),
                Text("请写成 名字: 值", "write name: value"),
            )
        elif match["colon"] == "：":
            name = match["name"]
            page.lines[name] = number
            page.fault(
                number,
                Text("这里用了全角冒号 ：", "a full-width colon stands here"),
                Text("请写半角冒号加一个空格", "write a plain colon and a space"),
            )
        else:
            name = match["name"]
            _field(page, name, match["value"].strip(), number)


def _field(page: Page, name: str, value: str, line: int) -> None:
    if name not in _KNOWN:
        close = nearest(name, _KNOWN)
        page.fault(
            line,
            Text(f"不认识 {name}", f"{name} is not known here"),
            Text(f"您要写的也许是 {close}", f"perhaps you mean {close}")
            if close
            else Text(
                f"请删掉，这里只写 {'、'.join(_KNOWN)}", f"delete it; here go {', '.join(_KNOWN)}"
            ),
        )
    elif name in page.lines:
        page.fault(
            line,
            Text(f"{name} 写了两次", f"{name} is written twice"),
            Text("请删掉一处", "delete one"),
        )
    page.lines.setdefault(name, line)
    if name == "teaches":
        listed = value.removeprefix("[").removesuffix("]")
        page.teaches += [(_unquote(v), line) for v in listed.split(",") if v.strip()]
    else:
        page.front.setdefault(name, _unquote(value))


def _unquote(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _body(page: Page, rows: list[str], first: int) -> None:
    """Find the places for practice, and lint what is running text."""
    fence = ""
    for number, row in enumerate(rows, first):
        match = _FENCE.fullmatch(row.rstrip())
        if fence:
            if match and match["mark"].startswith(fence) and not match["info"].strip():
                fence = ""
            continue
        if match and match["info"].strip():
            info = match["info"].strip()
            place = _PLACE.match(info)
            if place:
                here = page.plays if place["verb"] == "play" else page.explores
                here.append((place["slug"].strip(), number))
            # A colon fence holds text to be read; the others hold code or nothing.
            fence = "" if match["mark"].startswith(":") and not place else match["mark"]
            continue
        if match and not match["mark"].startswith(":"):
            fence = match["mark"]
            continue
        prose = _ASIDE.sub(lambda m: "\x00" * len(m.group()), row)
        if prose.strip("\x00 \t"):
            for _, what, write in lint(prose, page.lang, braces=False):
                if "汉字" not in what.zh:  # a line of a page may well be a formula or a name
                    page.fault(number, what, write)
    if fence:
        page.fault(
            first + len(rows) - 1,
            Text("有一个代码块没有结束", "a fenced block is not closed"),
            Text(f"请补上一行 {fence}", f"add a line {fence}"),
        )


def _number(page: Page) -> int | None:
    value = str(page.front.get("minutes", ""))
    return int(value) if value.isascii() and value.isdigit() and 0 < int(value) <= 1000 else None


def _complete(page: Page, slug: str) -> Iterator[tuple[int, Text, Text]]:
    for name in _KNOWN:
        given = page.teaches if name == "teaches" else page.front.get(name)
        if not given and not (
            name in page.lines and any(f.line == page.lines[name] for f in page.faults)
        ):
            yield (
                page.lines.get(name, 1),
                Text(f"缺少 {name}", f"{name} is missing"),
                Text(f"请在开头的 --- 之间补上 {name}: …", f"add {name}: … between the --- lines"),
            )
    if page.front.get("minutes") and _number(page) is None:
        yield (
            page.lines["minutes"],
            Text("minutes 不是整数", "minutes is not a whole number"),
            Text("请写分钟数，例如 30", "write the number of minutes, such as 30"),
        )
    lesson = str(page.front.get("lesson", ""))
    if lesson and not _ID.fullmatch(lesson):
        yield (
            page.lines["lesson"],
            Text(f"课号 {lesson} 的写法不对", f"{lesson} is not the number of a lesson"),
            Text('请写成 "5.2" 这样', 'write it as "5.2"'),
        )
    elif lesson and slug.split("-", 1)[0] != lesson:
        yield (
            page.lines["lesson"],
            Text(
                f"课号是 {lesson}，文件名却以 {slug.split('-', 1)[0]} 开头",
                f"the lesson is {lesson}, but the file name begins with {slug.split('-', 1)[0]}",
            ),
            Text("请让两处一致", "make the two agree"),
        )
    for _, what, write in lint(str(page.front.get("title") or "-"), page.lang):
        yield page.lines["title"], what, write


def pair(slug: str, pages: dict[Lang, Page]) -> Lesson | None:
    """The lesson that two pages make; None where too little of it can be read.

    Faults of either page, and of the two beside each other, go into the pages.
    """
    for page in pages.values():
        if page.headless:
            continue
        for line, what, write in list(_complete(page, slug)):
            page.fault(line, what, write)
    for lang in LANGS:
        if lang not in pages:
            other = next(iter(pages.values()))
            tongue = Text("中文", "Chinese") if lang == "zh" else Text("英文", "English")
            other.fault(
                1,
                Text(f"这一课没有{tongue.zh}的一份", f"this lesson has no {tongue.en} twin"),
                Text(f"请写 {slug}.{lang}.md", f"write {slug}.{lang}.md"),
            )
            return None
    zh, en = pages["zh"], pages["en"]
    for name in ("lesson", "minutes"):
        if zh.front.get(name) and en.front.get(name) and zh.front[name] != en.front[name]:
            en.fault(en.lines[name], *_differ(name))
    if [t for t, _ in zh.teaches] != [t for t, _ in en.teaches] and zh.teaches and en.teaches:
        en.fault(en.lines["teaches"], *_differ("teaches"))
    _same_places(zh, en, "plays", Text("练习", "practice"))
    _same_places(zh, en, "explores", Text("探索", "explorers"))
    lesson, minutes = str(zh.front.get("lesson", "")), _number(zh)
    if not _ID.fullmatch(lesson) or minutes is None:
        return None
    return Lesson(
        lesson,
        slug,
        Text(str(zh.front.get("title", "")), str(en.front.get("title", ""))),
        minutes,
        tuple(name for name, _ in zh.teaches),
        {"zh": zh.body, "en": en.body},
        tuple(name for name, _ in zh.plays),
    )


def _differ(name: str) -> tuple[Text, Text]:
    return (
        Text(
            f"中英文两份的 {name} 不一样",
            f"{name} differs between the Chinese and the English page",
        ),
        Text("请改成一样", "make them the same"),
    )


def _same_places(zh: Page, en: Page, of: Literal["plays", "explores"], name: Text) -> None:
    chinese, english = getattr(zh, of), getattr(en, of)
    ours, theirs = [p for p, _ in chinese], [p for p, _ in english]
    if ours == theirs:
        return
    at = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b),
        min(len(ours), len(theirs)),
    )
    page, places = (en, english) if at < len(theirs) else (zh, chinese)
    page.fault(
        places[at][1],
        Text(
            f"中英文两份放的{name.zh}不一样",
            f"the Chinese and the English page place different {name.en}",
        ),
        Text(
            f"请让两份放同样的{name.zh}，顺序也一样",
            f"place the same {name.en} in the same order",
        ),
    )
