"""What the columns of a list of learners may be called, in either language or both."""

from __future__ import annotations

import re

from kefu.grading.sheets import Line
from kefu.text import Text, fold

__all__ = ["HIDDEN", "SAID", "columns_of"]

HIDDEN = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Spaces of every kind, those nobody sees too."""
_PIECE = re.compile(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff·/|():,]+")

_HEADS = {
    "number": "学号 学员号 学员编号 编号 工号 number id studentid studentno studentnumber "
    "learnernumber learnerid idnumber",
    "name": "姓名 名字 学员 学员姓名 name fullname studentname learnername",
    "last": "姓 姓氏 lastname surname familyname",
    "first": "名 firstname givenname",
    "email": "邮箱 电子邮箱 邮件 电子邮件 email mail emailaddress",
    "lms": "lms lmsid lmsuserid 平台编号",
}
_KNOWN = {word: field for field, words in _HEADS.items() for word in words.split()}
SAID = {
    "number": Text("学号", "number"),
    "name": Text("姓名", "name"),
    "last": Text("姓", "last name"),
    "first": Text("名", "first name"),
    "email": Text("邮箱", "email"),
    "lms": Text("平台编号", "LMS id"),
}
"""What they are called in what one reads."""


def columns_of(line: Line) -> dict[str, list[int]]:
    """Which columns a row of headings names, by what they hold."""
    found = dict[str, list[int]]()
    for n, cell in enumerate(line.cells):
        said = fold(cell.text.strip(HIDDEN)).lower()
        # Both languages may stand in one heading: 学号 · number.
        for word in (said, *_PIECE.findall(said)):
            known = _KNOWN.get(re.sub(r"[\s_.-]", "", word))
            if known:
                found.setdefault(known, []).append(n)
                break
    return found
