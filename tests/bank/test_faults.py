"""Whatever an author types, the check says what is wrong, where, in both languages."""

# Each case on a line of its own: what is typed, and what is said.
# ruff: noqa: E501

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu.bank import read
from kefu.bank.stories import read_story
from kefu.bank.toml import parse
from kefu.errors import Fault
from tests.bank.maker import STORY, line_of, story, write

VALUES = (
    '""', '"好"', '"own"', "3", "-1", "0.5", "1e400", "nan", "true", "[]", "[1]", '["a", "b"]',
    "{}", '{zh = "a", en = "b"}', "[[]]", "2026-01-01", "2026-01-01T00:00:00", '"〔…〕"',
    '"{standard.phone.rings}"', '"{standard.x.y}"', "99999999999999999999999", '"a\\nb"', "07:30:00",
)  # fmt: skip
KEYS = (
    "prompt.zh",
    "credit.own",
    "why",
    "teaches",
    "zh",
    "set",
    "kind",
    '"full：width"',
    "optoin.a.zh",
)
ROWS = STORY.split("\n")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The good scenario after a few slips of the hand."""
    rows = list(ROWS)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(rows) - 1))
        slip = draw(st.sampled_from(("drop", "double", "move", "value", "key", "char", "header")))
        if slip == "drop":
            del rows[at]
        elif slip == "double":
            rows.insert(at, rows[at])
        elif slip == "move":
            row = rows.pop(at)
            rows.insert(draw(st.integers(0, len(rows))), row)
        elif slip == "value" and "=" in rows[at]:
            rows[at] = rows[at].split("=")[0] + "= " + draw(st.sampled_from(VALUES))
        elif slip == "key" and "=" in rows[at]:
            rows[at] = draw(st.sampled_from(KEYS)) + " =" + rows[at].split("=", 1)[1]
        elif slip == "header":
            rows.insert(at, draw(st.sampled_from(("[item]", "[open]", "[[item.option]]", "[x.y]"))))
        elif rows[at]:
            place = draw(st.integers(0, len(rows[at]) - 1))
            mark = draw(st.sampled_from("：“”，　＝【]\"'\\{#.\x07"))
            rows[at] = rows[at][:place] + mark + rows[at][place + 1 :]
    return "\n".join(rows)


def ours(fault: Fault, rows: int) -> None:
    """The fault has a line of the file and words of our own, whole in each language."""
    assert 1 <= fault.line <= rows
    for said in (fault.what, fault.write):
        assert re.search("[\u4e00-\u9fff]", said.zh)
        assert said.en.strip()
        assert not re.search(
            r"[Ii]nput should|should (have|match)|validation|[Ff]ield required", said.zh + said.en
        )
        assert "\n" not in said.zh + said.en
    # The two sentences for what nobody foresaw.
    assert "这里能用的值" not in fault.what.zh
    assert "请对照语法说明改写" not in fault.write.zh


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_no_slip_of_the_hand_breaks_the_check(text: str) -> None:
    """Every fault of a mutated scenario has a line and our own words; nothing crashes."""
    document, faults = parse(text.encode(), "x.toml")
    _, more = read_story("umbrella", document, Path("x.toml"), "x.toml")
    for fault in faults + more:
        ours(fault, text.count("\n") + 1)
    if document is None:
        assert len(faults) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=mutated())
def test_a_bank_with_a_mutated_scenario_is_still_read(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Rules on the whole bank survive any scenario, and the rest of the bank is still there."""
    folder = write(tmp_path_factory.mktemp("bank"), {"scenarios/umbrella.toml": text})
    bank, faults = read([folder])
    assert "5.2" in bank.lessons
    for fault in faults:
        ours(fault, text.count("\n") + 1)


def told(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """What the check says of the scenario with these changes: `line: what; write`."""
    _, faults = read([write(folder, story(*changes))])
    return [
        f"{f.line}: {f.what.en}; {f.write.en}" for f in faults if f.file.endswith("umbrella.toml")
    ]


def at(words: str, *changes: tuple[str, str]) -> int:
    """The line on which `words` stands after the changes."""
    text = story(*changes)["scenarios/umbrella.toml"]
    return line_of(text, words)


PROMPT = 'prompt.zh = "先怎么说？"\nprompt.en = "What do you say first?"\n'
CASES: dict[str, tuple[str, str, str, str]] = {
    # name: (old, new, the words on whose line it is told, what is said)
    "a missing language": ('title.en = "The umbrella"\n', "", "title.zh", 'the English is missing: title.en; add title.en = "…"'),
    "one text for two": ('title.zh = "落下的伞"\ntitle.en = "The umbrella"', 'title = "伞"', "title", 'title needs Chinese and English; write title.zh = "…" and title.en = "…"'),
    "a misspelt name": ("option.look.zh", "optoin.look.zh", "optoin", "optoin is not known here; perhaps you mean option"),
    "a misspelt kind": ('kind      = "choice"', 'kind      = "chioce"', "chioce", 'kind cannot be "chioce"; perhaps you mean choice'),
    "a foreign speaker": ('who = "customer"', 'who = "guest"', "guest", 'who cannot be "guest"; write one of scene, customer, agent, colleague, supervisor'),
    "single brackets": ("[[turn]]", "[turn]", "[turn]", "turn may come several times and needs two brackets; write [[turn]]"),
    "a credit above one": ("credit.look = 1.0", "credit.look = 1.5", "credit.look", "credit.look is too large; write at most 1"),
    "a quoted number": ("credit.look = 1.0", 'credit.look = "1.0"', "credit.look", "credit.look is not a number; write a number without quotes, such as 0.5"),
    "an id in capitals": ('"first-reply"', '"First"', "First", 'id = "First" is not written as it should be; use small letters, digits and hyphens, such as first-reply'),
    "a number of no lesson": ('lesson    = "5.2"\nprompt.zh = "先', 'lesson    = "five"\nprompt.zh = "先', "five", 'lesson = "five" is not written as it should be; write the number of a lesson in course.toml, such as "5.2"'),
    "an empty text": ('zh  = "谁看见我的伞了？"', 'zh  = ""', 'zh  = ""', "zh is blank; write its text"),
    "a value of words": ('value  = "{standard.phone.rings}"', 'value = "three"', "three", 'value is not a number; write a number, such as 15, or a standard, such as "{standard.phone.answer_seconds}"'),
    "not a number at all": ('value  = "{standard.phone.rings}"', "value = nan", "value = nan", "nan is not a number one can use; write an ordinary number, such as 15"),
    "too much to teach": ('["taboo-never-heard"]', '["taboo-never-heard", "reflect-responsibility", "x"]', "teaches", "teaches has too many; write at most 2"),
    "a key's line in the item": (PROMPT, PROMPT + "credit.look = 1.0\n", "credit.look", "credit does not go here; move this under its [open.first-reply]"),
    "an item's line in the key": ("[open.in-order]\n", "[open.in-order]\nlesson = '5.2'\n", "lesson = '5.2'", "lesson does not go here; move this under its [[item]], above line {[open.in-order]}"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_fault_says_what_to_write(name: str, tmp_path: Path) -> None:
    """A common slip is told at its line, with what to write instead."""
    old, new, words, said = CASES[name]
    said = re.sub(r"\{(\[.*?\])\}", lambda m: str(at(m[1], (old, new))), said)
    assert f"{at(words, (old, new))}: {said}" in told(tmp_path, (old, new))


def test_a_line_below_a_sub_table_is_told_to_move_up(tmp_path: Path) -> None:
    """`prompt.zh` under another header is told where it belongs, and not told as missing too."""
    change = (PROMPT, "[item.option.late]\nzh = '晚'\nen = 'late'\n" + PROMPT)
    line = at("prompt.zh", change)
    said = told(tmp_path, change)
    above = at("[item.option.late]", change)
    assert (
        f"{line}: prompt stands too low and falls into another table; move this above line {above}"
        in said
    )
    assert not [s for s in said if "prompt is missing" in s]


def test_a_title_below_a_turn_is_told_to_move_up(tmp_path: Path) -> None:
    """A story's own line below its first turn is told to move above it."""
    text = STORY.replace('title.en = "The umbrella"\n', "").replace(
        'my umbrella?"\n', 'my umbrella?"\ntitle.en = "The umbrella"\n'
    )
    _, faults = read([write(tmp_path, {"scenarios/umbrella.toml": text})])
    what = [f.say("en").split(": ", 1)[1] for f in faults if f.line == line_of(text, "title.en")]
    assert [
        f"title stands too low and falls into another table; move this above line {line_of(text, '[[turn]]')}"
    ] == what
