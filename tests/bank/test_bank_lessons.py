"""The two pages of a lesson."""

from hypothesis import given
from hypothesis import strategies as st

from kefu.bank.lessons import Page, pair, read_page
from kefu.text import Lang
from tests.bank.maker import LESSON_EN, LESSON_ZH

Slips = list[tuple[int, str]]


def told(zh: str = LESSON_ZH, en: str = LESSON_EN) -> list[str]:
    """What is said of two pages."""
    pages: dict[Lang, Page] = {"zh": read_page(zh, "zh", "zh"), "en": read_page(en, "en", "en")}
    pair("5.2-taking-ownership", pages)
    return [f"{f.file}:{f.line}: {f.what.en}" for page in pages.values() for f in page.faults]


def test_good_twins_have_no_fault() -> None:
    """Two pages that agree are a lesson."""
    assert told() == []


def test_a_list_may_stand_on_one_line_or_several() -> None:
    """`teaches` reads the same in both forms of a list."""
    block = LESSON_ZH.replace(
        "[taboo-never-heard]", "\n  - taboo-never-heard\n  - 'reflect-responsibility'"
    )
    line = LESSON_ZH.replace("[taboo-never-heard]", "[taboo-never-heard, reflect-responsibility]")
    one, two = read_page(block, "a", "zh"), read_page(line, "b", "zh")
    assert (
        ["taboo-never-heard", "reflect-responsibility"]
        == [t for t, _ in one.teaches]
        == [t for t, _ in two.teaches]
    )
    assert [line for _, line in one.teaches] == [6, 7]


def test_practice_in_another_order_is_told() -> None:
    """Both pages place the same practice in the same order."""
    more = "\n```{play} other\n```\n"
    assert told(zh=LESSON_ZH + more) == [
        "zh:15: the Chinese and the English page place different practice"
    ]
    assert told(en=LESSON_EN + more) == [
        "en:15: the Chinese and the English page place different practice"
    ]


def test_explorers_in_another_order_are_told() -> None:
    """Both pages place the same explorers in the same order."""
    more = "\n```{explore} pareto\n```\n"
    assert told(zh=LESSON_ZH + more, en=LESSON_EN + more) == []
    assert told(en=LESSON_EN + more) == [
        "en:15: the Chinese and the English page place different explorers"
    ]


def test_front_matter_is_complete() -> None:
    """Each of the four names is asked for, and one that is empty too."""
    assert told(en=LESSON_EN.replace("title: Taking ownership\n", "")) == ["en:1: title is missing"]
    assert "en:4: minutes is missing" in told(en=LESSON_EN.replace("minutes: 30", "minutes:"))
    assert "en:2: the lesson is 5.3, but the file name begins with 5.2" in told(
        en=LESSON_EN.replace('"5.2"', '"5.3"')
    )


def test_running_text_is_linted_and_code_is_not() -> None:
    """Half-width marks count in prose, headings and notes, not in code, links or addresses."""
    body = (
        "先看,再说。\n\n```python\nprint('好,好')\n```\n\n用 `听,问` 和 [链接](a,b) 。\n\n"
        ":::{note}\n好?\n:::\n\n<img src='a.png' alt='图'>见 https://example.com/a,b 。\n"
    )
    first = LESSON_ZH.count("\n") + 1
    assert [
        f"zh:{first}: a half-width , stands in Chinese text (先看,再说。)",
        f"zh:{first + 9}: a half-width ? stands in Chinese text (好?)",
    ] == told(zh=LESSON_ZH + body)


def test_a_page_without_a_twin_is_told() -> None:
    """A lesson in one language only is no lesson."""
    pages: dict[Lang, Page] = {"zh": read_page(LESSON_ZH, "zh", "zh")}
    assert pair("5.2-taking-ownership", pages) is None
    assert [f.write.en for f in pages["zh"].faults] == ["write 5.2-taking-ownership.en.md"]


SLIPS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(("drop", "double", "---", "```", "：", "a: b"))),
    max_size=4,
)


@given(SLIPS, SLIPS)
def test_no_slip_of_the_hand_breaks_a_lesson(ours: Slips, theirs: Slips) -> None:
    """Any two pages give a lesson or faults, each with a line of its page."""
    zh, en = slipped(LESSON_ZH, ours), slipped(LESSON_EN, theirs)
    pages: dict[Lang, Page] = {"zh": read_page(zh, "zh", "zh"), "en": read_page(en, "en", "en")}
    lesson = pair("5.2-taking-ownership", pages)
    faults = [fault for page in pages.values() for fault in page.faults]
    assert lesson is not None or faults
    for fault in faults:
        assert 1 <= fault.line <= {"zh": zh, "en": en}[fault.file].count("\n") + 1


def slipped(text: str, slips: Slips) -> str:
    """A page after some slips of the hand."""
    rows = text.split("\n")
    for at, slip in slips:
        place = at % len(rows)
        if slip == "drop" and len(rows) > 1:
            del rows[place]
        else:
            rows.insert(place, rows[place] if slip == "double" else slip)
    return "\n".join(rows)
