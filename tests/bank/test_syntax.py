"""A file that cannot be read says why, where, and what to write."""

# Each case on a line of its own: what is typed, and what is said.
# ruff: noqa: E501

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.bank.toml import decode, parse

CASES = {
    "full-width quotes": ("a = 1\ntitle.zh = “伞”\n", 2, "这里用了全角引号 “ ”；TOML 里要写半角引号 \" \"，引号里面的中文照常用 “ ”"),
    "a full-width closing quote": ('zh = "伞”\nb = 1\n', 1, "这里用了全角引号 “ ”；TOML 里要写半角引号 \" \"，引号里面的中文照常用 “ ”"),
    "a full-width colon": ('zh： "伞"\n', 1, "这里用了全角冒号 ： 或全角等号 ＝；TOML 里要写半角 ="),
    "a full-width equals sign": ('a = 1\nzh ＝ "伞"\n', 2, "这里用了全角冒号 ： 或全角等号 ＝；TOML 里要写半角 ="),
    "a full-width comma": ('a = ["x"，"y"]\n', 1, "这里用了全角的 ，；TOML 里要写半角 ,"),
    "a full-width bracket": ("【open.a】\n", 1, "这里用了全角的 【；TOML 里要写半角 ["),
    "a full-width dot": ('title。zh = "伞"\n', 1, "这里用了全角的 。；TOML 里要写半角 ."),
    "a full-width space": ('zh　= "伞"\n', 1, "这里用了全角空格；TOML 里要写半角空格"),
    "a no-break space": ('zh\u00a0= "伞"\n', 1, "这里用了全角空格；TOML 里要写半角空格"),
    "a quote within": ('en = "He said "no" to me"\n', 1, '文字里的半角引号让这一行提前结束了；文字里面请用 “ ”，或写成 \\"'),
    "no closing quote": ('a = 1\nen = "no\nb = 2\n', 2, '引号没有成对；请在文字末尾补上半角引号 "，多行文字用 """ 开头和结尾'),
    "a long text left open": ('a = 1\nen = """no\nb = 2\n', 2, '引号没有成对；请在文字末尾补上半角引号 "，多行文字用 """ 开头和结尾'),
    "no equals sign": ('a = 1\nzh "伞"\n', 2, '名字后面缺少等号；请写成 名字 = "文字"'),
    "nothing after it": ("a =\n", 1, '等号后面是空的；请在等号后面写上值，例如 "文字"'),
    "bare words": ("a = yes\n", 1, "等号后面的内容读不懂；文字要放在半角引号里；数写成 15 或 0.5，是否写成 true 或 false，日期写成 2026-11-01"),
    "a name twice": ("a = 1\na = 2\n", 2, "这个名字前面已经写过了；请删掉一处，或换一个名字"),
    "a table twice": ("[a]\n[b]\n[a]\n", 3, "这个名字前面已经写过了；请删掉一处，或换一个名字"),
    "an open list": ("a = 1\nb = [1,\n", 2, "方括号没有成对；请补上 ]，列表里的各项用半角逗号隔开"),
    "an open list before the next line": ('a = 1\nb = ["x",\nc = 2\n', 2, "方括号没有成对；请补上 ]，列表里的各项用半角逗号隔开"),
    "an open brace": ("a = {b = 1\n", 1, "花括号没有成对；请在同一行补上 }，各项用半角逗号隔开"),
    "a backslash": ('a = "C:\\d"\n', 1, "反斜杠 \\ 后面的字符不能这样写；要写反斜杠本身，请写两个：\\\\"),
    "no such day": ("a = 2026-02-30\n", 1, "没有这一天；日期写成 年-月-日，例如 2026-11-01"),
    "a remark without #": ("这里是说明\n", 1, "这一行不是 名字 = 值；名字只用字母、数字、下划线和短横；说明文字前面加 #"),
    "a control character": ('a = "x\x07"\n', 1, "这里有看不见的控制字符；请删掉它，重新输入这一行"),
    "a well of brackets": ("a = " + "[" * 5000, 1, "文件里有层数太深或位数太长的内容；请写得简单些"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_first_syntax_error_is_told_plainly(name: str) -> None:
    """A file that is not TOML has one fault: its line, and what to write there."""
    text, line, said = CASES[name]
    document, faults = parse(text.encode(), "x.toml")
    assert document is None
    assert [f"x.toml:{line}: {said}"] == [fault.say("zh") for fault in faults]


def test_full_width_marks_in_texts_and_remarks_are_fine() -> None:
    """Inside quotes and after # an author may write whatever she likes."""
    document, faults = parse('a = "“好”，【】：＝"  # 说明：“”\n'.encode(), "x.toml")
    assert faults == []
    assert document is not None


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    """What Notepad writes is read, and lines are counted right."""
    document, faults = parse(b"\xef\xbb\xbfa = 1\r\nb.c = 2\r\n", "x.toml")
    assert faults == []
    assert document is not None
    assert document.lines.of("b", "c") == 2


def test_a_gbk_file_is_recognised() -> None:
    """A file saved in GBK is told as that, at its first foreign line."""
    text, faults = decode('a = 1\nzh = "您的手机壳落在店里了"\n'.encode("gbk"), "x.toml")
    assert text is None
    assert [f.say("zh") for f in faults] == [
        "x.toml:2: 文件的编码是 GBK，不是 UTF-8；请在编辑器里另存为 UTF-8"
    ]


def test_a_utf16_file_is_recognised() -> None:
    """A file saved in UTF-16 is told as that."""
    _, faults = decode("a = 1".encode("utf-16"), "x.toml")
    assert [f.what.en for f in faults] == ["the file is written in UTF-16, not UTF-8"]


def test_a_broken_byte_is_told_with_its_line() -> None:
    """Bytes of no encoding are told at their line."""
    _, faults = decode(b"a = 1\nb = 2\nc = '\xff\xfe\xff'\n", "x.toml")
    assert [(f.line, f.what.en) for f in faults] == [
        (3, "this line holds bytes that are not UTF-8")
    ]


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    """Any bytes are either a document or a fault with a line of the file."""
    document, faults = parse(raw, "x.toml")
    assert document is not None or len(faults) == 1
    assert all(1 <= fault.line <= raw.count(b"\n") + 1 for fault in faults)
