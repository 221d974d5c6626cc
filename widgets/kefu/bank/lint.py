"""Rules on a single text: its language, its punctuation, its blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kefu.bank.toml import Document, walk
from kefu.errors import Fault
from kefu.scenario import PLACEHOLDER
from kefu.text import Lang, Text

__all__ = ["BLANK", "HAN", "lint", "lint_document"]

BLANK = re.compile(r"〔[^〕]*〕")
"""What `kefu new` leaves where words are to be written."""
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"

_HAN = re.compile(f"[{HAN}]")
# A mark of the other script that touches a 汉字, or is one space away from it.
_TOUCHING = re.compile(
    f"(?<=[{HAN}])[ ]?(?P<after>[,:;?!()\"'])|(?P<before>[,:;?!()\"'])[ ]?(?=[{HAN}])"
    f"|(?<=[{HAN}])(?P<stop>\\.)(?![\\w.])"
)
_QUOTE_BY_MARK = re.compile("(?<=[，。：；？！、（）])[\"']|[\"'](?=[，。：；？！、（）])")
_FULL = dict(zip(",:;?!().", "，：；？！（）。", strict=True))
_FOREIGN = re.compile(f"[{HAN}]+|[\u3000-\u303f\uff01-\uffee]")
# Without further repeats: a picture pasted as a line of letters would take minutes.
_TWO_WORDS = re.compile(r"[A-Za-z]{2}[^A-Za-z]+[A-Za-z]{2}")
_STANDARD = re.compile(r"\{standard\.[^{}]*\}")

Said = tuple[int, Text, Text]
"""Lines below the first one, what is wrong, what to write."""


def lint(text: str, lang: Lang, *, braces: bool = True) -> Iterator[Said]:
    """Everything wrong with the words of one text.

    A text that is still blank is told as that and as nothing else.
    `braces`: whether a lone `{` or `}` is a fault (markdown has uses for them).
    """
    if BLANK.search(text):
        yield from _blank(text)
        return
    if not text.strip():
        yield 0, Text("这里是空的", "this is blank"), Text("请写上文字", "write its text")
        return
    if braces:
        yield from _edges(text)
        yield from _braces(text)
    yield from _chinese(text) if lang == "zh" else _english(text)


def lint_document(doc: Document) -> Iterator[Fault]:
    """Every fault in the texts of a TOML file: whatever stands under `zh` or `en`.

    A blank is a fault anywhere.
    """
    for path, value in walk(doc.data):
        langs = [part for part in path[-2:] if not isinstance(part, int)][-1:]
        if not isinstance(value, str):
            continue
        if langs and (langs[0] == "zh" or langs[0] == "en"):
            said = lint(value, "zh" if langs[0] == "zh" else "en")
        else:
            said = _blank(value)
        for _, what, write in said:
            yield doc.fault(path, what, write)


def _blank(text: str) -> Iterator[Said]:
    blank = BLANK.search(text)
    if blank:
        yield (
            _row(text, blank.start()),
            Text("这里还空着", "this is still blank"),
            Text(
                f"请把 {blank.group()} 换成要写的内容",
                f"replace {blank.group()} with what goes here",
            ),
        )


def _row(text: str, at: int) -> int:
    return text.count("\n", 0, at)


def _edges(text: str) -> Iterator[Said]:
    if text != text.strip():
        yield (
            0,
            Text(
                "文字的开头或结尾有空格或空行",
                "the text begins or ends with a space or an empty line",
            ),
            Text("请删掉", "delete it"),
        )


def _braces(text: str) -> Iterator[Said]:
    for match in _STANDARD.finditer(text):
        if not PLACEHOLDER.fullmatch(match.group()):
            yield (
                _row(text, match.start()),
                Text(f"读不懂 {match.group()}", f"{match.group()} cannot be read"),
                Text(
                    "请写成 {standard.主题.名字}，用小写字母",
                    "write {standard.topic.name}, in small letters",
                ),
            )
    rest = _STANDARD.sub("", text)
    if "{" in rest or "}" in rest:
        yield (
            _row(text, next(i for i, char in enumerate(text) if char in "{}")),
            Text("文字里有多余的花括号", "a stray curly bracket stands in the text"),
            Text(
                "请删掉；要用标准里的数，请写成 {standard.主题.名字}",
                "delete it; a number of the standards is written {standard.topic.name}",
            ),
        )


def _chinese(text: str) -> Iterator[Said]:
    if not _HAN.search(text):
        if _TWO_WORDS.search(text):
            yield (
                0,
                Text("中文这一行里没有汉字", "the Chinese text has no Chinese character"),
                Text("请写上中文", "write it in Chinese"),
            )
        return
    told = set()
    for match in (*_TOUCHING.finditer(text), *_QUOTE_BY_MARK.finditer(text)):
        mark = match.group().strip()
        if (row := _row(text, match.start()), mark) in told:
            continue
        told.add((row, mark))
        full = _FULL.get(mark, "“ ”")
        around = " ".join(text[max(0, match.start() - 4) : match.end() + 4].split())
        yield (
            row,
            Text(
                f"中文里用了半角的 {mark}（{around}）",
                f"a half-width {mark} stands in Chinese text ({around})",
            ),
            Text(f"请改成 {full}", f"write {full}"),
        )


def _english(text: str) -> Iterator[Said]:
    match = _FOREIGN.search(text)
    if match:
        yield (
            _row(text, match.start()),
            Text(f"英文里有中文字符 {match.group()}", f"{match.group()} stands in English text"),
            Text("请改成英文和半角标点", "write English words and punctuation"),
        )
