"""Texts are good in their language."""

import pytest

from kefu.bank.lint import lint
from kefu.text import Lang

BAD: list[tuple[Lang, str, str]] = [
    ("zh", "您好,请坐。", "a half-width , stands in Chinese text (您好,请坐。)"),
    ("zh", "几点:三点", "a half-width : stands in Chinese text (几点:三点)"),
    ("zh", "您看行吗?", "a half-width ? stands in Chinese text (您看行吗?)"),
    ("zh", "好!", "a half-width ! stands in Chinese text (好!)"),
    ("zh", "听;问", "a half-width ; stands in Chinese text (听;问)"),
    ("zh", "质检 (QA) 来电", "a half-width ( stands in Chinese text (质检 (QA))"),
    ("zh", '他说"好"。', 'a half-width " stands in Chinese text (他说"好"。)'),
    ("zh", "听完了.", "a half-width . stands in Chinese text (听完了.)"),
    ("zh", "Please hold on", "the Chinese text has no Chinese character"),
    ("zh", "〔问题〕", "this is still blank"),
    ("zh", " 您好", "the text begins or ends with a space or an empty line"),
    ("en", "Hello。", "。 stands in English text"),
    ("en", "Say 您好 first", "您好 stands in English text"),
    ("en", "Hello　there", "　 stands in English text"),
    ("en", "Hello ", "the text begins or ends with a space or an empty line"),
    ("en", "〔the question〕", "this is still blank"),
    ("en", "   ", "this is blank"),
    ("en", "Within {rings} rings", "a stray curly bracket stands in the text"),
    ("en", "Within {standard.Phone} rings", "{standard.Phone} cannot be read"),
]
GOOD: list[tuple[Lang, str]] = [
    ("zh", "您好，请坐。“好的，”他说，“12:30 见！”"),
    ("zh", "A4"),
    ("zh", "……"),
    ("zh", "QA 说 3.5 分，见 www.example.com/a?b 或 kefu.zip"),
    ("zh", "{standard.phone.rings} 声内接起，CSAT（%）另算"),
    ("en", "“It's fine,” she said — really: 12:30, isn't it? (Yes!)"),
    ("en", "CNY 860 … {standard.phone.rings} rings"),
]


@pytest.mark.parametrize(("lang", "text", "what"), BAD)
def test_a_slip_is_told_once(lang: Lang, text: str, what: str) -> None:
    """Each slip is named with the words round it."""
    assert what in [said.en for _, said, _ in lint(text, lang)]


@pytest.mark.parametrize(("lang", "text"), GOOD)
def test_good_words_are_left_alone(lang: Lang, text: str) -> None:
    """Nothing is said of a text that is good in its language."""
    assert list(lint(text, lang)) == []


def test_a_blank_is_told_as_nothing_else() -> None:
    """A text still to be written has one fault, whatever else its mark holds."""
    assert [said.en for _, said, _ in lint("〔课号, 如 5.2 / lesson〕", "en")] == [
        "this is still blank"
    ]


def test_what_to_write_is_named() -> None:
    """Beside the half-width mark stands the full-width one."""
    assert [write.zh for _, _, write in lint("您好,请坐。", "zh")] == ["请改成 ，"]


def test_a_picture_pasted_as_letters_is_read_at_once() -> None:
    """The time to check a text grows with its length, not with its square."""
    assert list(lint("a" * 500_000, "zh")) == []
