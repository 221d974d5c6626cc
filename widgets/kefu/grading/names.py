"""A person's name, between one column of a list and nbgrader's first and last name."""

from __future__ import annotations

import re

__all__ = ["join", "split"]

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々·]+")
# Surnames of two characters; every other one has one.
_DOUBLE = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 "
    "濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 "
    "公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 "
    "微生 西门 第五 歐陽 司馬 諸葛 東方 獨孤 尉遲 長孫 公孫 鍾離 鮮于"
)


def split(name: str) -> tuple[str, str]:
    """Last and first name; `join` gives the name back.

    A name that cannot be told apart is a last name with an empty first name,
    since nbgrader shows a name only where both are set.
    """
    name = " ".join(name.split())
    if _HAN.fullmatch(name.replace(" ", "")):
        name = name.replace(" ", "")  # 李 四, as lists line up short names
    if _HAN.fullmatch(name) and "·" not in name:
        size = 2 if len(name) > 2 and name[:2] in _DOUBLE.split() else 1
        return (name[:size], name[size:])
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    first, _, last = name.rpartition(" ")
    return last, first


def join(last: str | None, first: str | None) -> str:
    """The name as one says it: 王小明, Anna Maria Schmidt; empty if there is none."""
    last, first = last or "", first or ""
    if _HAN.fullmatch(last + first):
        return last + first
    return f"{first} {last}".strip()
