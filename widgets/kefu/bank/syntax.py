"""Saying in plain words why a TOML text cannot be read."""

from __future__ import annotations

import re
import unicodedata

from kefu.errors import Fault
from kefu.text import Text

__all__ = ["explain"]

# Full-width marks that slip in from a Chinese keyboard, and what TOML wants.
_WIDE = {
    "“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＇": "'", "「": '"', "」": '"',
    "：": "=", "＝": "=", "，": ",", "、": ",", "。": ".", "．": ".",
    "【": "[", "】": "]", "［": "[", "］": "]", "｛": "{", "｝": "}",
    "＃": "#", "－": "-", "—": "-", "＿": "_", "　": " ", "\u00a0": " ", "；": ",",
}  # fmt: skip
_NAMES = {
    " ": ("全角空格", "a full-width space", "半角空格", "an ordinary space"),
    "=": ("全角冒号 ： 或全角等号 ＝", "a full-width colon or equals sign", "半角 =", "="),
}
_PAIR = re.compile(r"[ \t]*[\w.\"'-]+[ \t]*=|[ \t]*\[")
_QUOTES = "“”‘’＂＇「」"


def explain(text: str, file: str, line: int, message: str) -> Fault:
    """The fault behind tomllib's `message`; `line` is 0 where it only knew the end of the text."""
    rows = text.split("\n")
    # Of a string or bracket that never closes only the end is known: find where it opens.
    opened, mark = _opening(rows if line == 0 else rows[: line - 1])
    if mark and (line == 0 or _PAIR.match(rows[line - 1])):
        return Fault(file, opened, *_OPEN[mark])
    line = min(max(line, 1), len(rows)) if line else opened
    row = rows[line - 1]
    wide = _wide_mark(row)
    if wide is not None:
        return Fault(file, line, *_wide_words(wide))
    return Fault(file, line, *_words(message, row))


def _opening(rows: list[str]) -> tuple[int, str]:
    """The line on which an unclosed long string or bracket opens, and its mark.

    Without one: the last line that holds anything, and no mark.
    """
    depth: list[tuple[int, str]] = []
    long: tuple[str, int] | None = None
    for number, row in enumerate(rows, 1):
        at = 0
        while at < len(row):
            if long:
                end = row.find(long[0], at)
                if end < 0:
                    break
                at, long = end + 3, None
            elif row.startswith(('"""', "'''"), at):
                long, at = (row[at : at + 3], number), at + 3
            elif row[at] in "\"'":
                at = _skip(row, at)
            elif row[at] == "#":
                break
            else:
                if row[at] in "[{":
                    depth.append((number, row[at]))
                elif row[at] in "]}" and depth:
                    depth.pop()
                at += 1
    if long:
        return long[1], long[0]
    if depth:
        return depth[-1]
    return max((n for n, row in enumerate(rows, 1) if row.strip()), default=1), ""


def _skip(row: str, at: int) -> int:
    """The place after the one-line string that opens at `at`; past the row if it never closes."""
    quote, at = row[at], at + 1
    while at < len(row) and row[at] != quote:
        at += 2 if quote == '"' and row[at] == "\\" else 1
    return at + 1


def _wide_mark(row: str) -> str | None:
    """The first full-width mark of `row` outside its strings and comment.

    A string that never closes is looked at again: a full-width quote may be meant to close it.
    """
    at = 0
    while at < len(row):
        if row[at] == "#":
            return None
        if row[at] in "\"'":
            end = _skip(row, at)
            if end > len(row):
                tail = row[at + 1 :].rstrip(" ,]}")
                return tail[-1] if tail and tail[-1] in "”’＂＇“‘" else None
            at = end
            continue
        if row[at] != " " and (row[at] in _WIDE or unicodedata.category(row[at]) == "Zs"):
            return row[at]
        at += 1
    return None


def _wide_words(mark: str) -> tuple[Text, Text]:
    plain = _WIDE.get(mark, " ")
    if mark in _QUOTES:
        return (
            Text("这里用了全角引号 “ ”", "full-width quotes “ ” stand here"),
            Text(
                'TOML 里要写半角引号 " "，引号里面的中文照常用 “ ”',
                'write straight quotes " " round the text; inside them “ ” are fine',
            ),
        )
    if plain in _NAMES:
        zh, en, do_zh, do_en = _NAMES[plain]
        return (
            Text(f"这里用了{zh}", f"{en} stands here"),
            Text(f"TOML 里要写{do_zh}", f"write {do_en} instead"),
        )
    return (
        Text(f"这里用了全角的 {mark}", f"a full-width {mark} stands here"),
        Text(f"TOML 里要写半角 {plain}", f"write {plain} instead"),
    )


def _words(message: str, row: str) -> tuple[Text, Text]:
    """The reader's message in our words; `row` tells a few cases apart."""
    starts = (
        ("Expected newline", _after_value(row)),
        ("Unterminated string", _UNCLOSED),
        ("Illegal character", _UNCLOSED if "\\n" in message else _CONTROL),
        ("Expected '='", _NO_EQUALS),
        ("Invalid value", _NO_VALUE if not row.split("=", 1)[-1].strip() else _BAD_VALUE),
        ("Cannot overwrite", _TWICE),
        ("Cannot declare", _TWICE),
        ("Cannot mutate", _TWICE),
        ("Cannot redefine", _TWICE),
        ("Duplicate inline", _TWICE),
        ("Unclosed array", _BRACKET),
        ("Unclosed inline", _BRACE),
        ("Expected ']", _BRACKET),
        ("Unescaped", _BACKSLASH),
        ("Invalid hex", _BACKSLASH),
        ("Escaped character", _BACKSLASH),
        ("Invalid date", _DATE),
        ("Found invalid character", _CONTROL),
        ("Invalid initial character", _KEY),
        ("Invalid statement", _KEY),
    )
    return next((words for start, words in starts if message.startswith(start)), _OTHER)


def _after_value(row: str) -> tuple[Text, Text]:
    if row.count('"') > 2:
        return (
            Text(
                "文字里的半角引号让这一行提前结束了",
                "a straight quote inside the text ends it early",
            ),
            Text('文字里面请用 “ ”，或写成 \\"', 'inside the text use “ ”, or write \\"'),
        )
    return (
        Text("值后面还有多余的内容", "something follows the value"),
        Text(
            "一行只写一个 名字 = 值；文字要放在半角引号里",
            "write one name = value on a line, with text in straight quotes",
        ),
    )


_UNCLOSED = (
    Text("引号没有成对", "a quote is not closed"),
    Text(
        '请在文字末尾补上半角引号 "，多行文字用 """ 开头和结尾',
        'close the text with ", or open and close text of several lines with """',
    ),
)
_CONTROL = (
    Text("这里有看不见的控制字符", "an invisible control character stands here"),
    Text("请删掉它，重新输入这一行", "delete it and type the line again"),
)
_NO_EQUALS = (
    Text("名字后面缺少等号", "there is no = after the name"),
    Text('请写成 名字 = "文字"', 'write name = "text"'),
)
_NO_VALUE = (
    Text("等号后面是空的", "nothing follows the ="),
    Text('请在等号后面写上值，例如 "文字"', 'write a value after it, such as "text"'),
)
_BAD_VALUE = (
    Text("等号后面的内容读不懂", "what follows the = cannot be read"),
    Text(
        "文字要放在半角引号里；数写成 15 或 0.5，是否写成 true 或 false，日期写成 2026-11-01",
        "put text in straight quotes; numbers are 15 or 0.5, yes and no are true and false, "
        "dates are 2026-11-01",
    ),
)
_TWICE = (
    Text("这个名字前面已经写过了", "this name has been written before"),
    Text("请删掉一处，或换一个名字", "delete one of the two, or choose another name"),
)
_BRACKET = (
    Text("方括号没有成对", "a square bracket is not closed"),
    Text("请补上 ]，列表里的各项用半角逗号隔开", "add the ], with commas between the elements"),
)
_BRACE = (
    Text("花括号没有成对", "a curly bracket is not closed"),
    Text("请在同一行补上 }，各项用半角逗号隔开", "add the } on the same line, with commas between"),
)
_BACKSLASH = (
    Text("反斜杠 \\ 后面的字符不能这样写", "the character after a backslash does not go there"),
    Text("要写反斜杠本身，请写两个：\\\\", "for a backslash itself write two: \\\\"),
)
_DATE = (
    Text("没有这一天", "there is no such date"),
    Text("日期写成 年-月-日，例如 2026-11-01", "write year-month-day, such as 2026-11-01"),
)
_KEY = (
    Text("这一行不是 名字 = 值", "this line is not name = value"),
    Text(
        "名字只用字母、数字、下划线和短横；说明文字前面加 #",
        "names have letters, digits, _ and - only; put # before a remark",
    ),
)
_OTHER = (
    Text("这一行不合 TOML 的写法", "this line is not written as TOML"),
    Text('请对照语法说明改成 名字 = "文字"', 'write name = "text" as the grammar page shows'),
)
_OPEN = {"[": _BRACKET, "{": _BRACE, '"""': _UNCLOSED, "'''": _UNCLOSED}
