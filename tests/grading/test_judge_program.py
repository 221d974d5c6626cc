"""What a learner's function is worth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.bank import Bank, read
from kefu.card import Verdict
from kefu.grading.program import Answer, Failed, calls, expected, judge_program
from kefu.grading.sandbox import Call, run
from kefu.publish import Published
from kefu.result import NotPlain, plain
from kefu.text import Text
from tests.bank.maker import write
from tests.pieces import CONTENT, any_json, dump
from tests.programs import PROGRAM, RIGHT, SHARE, WRONG, made


@dataclass(frozen=True)
class Broke:
    """A call that gave no value."""

    why: Text


FAILED = Broke(Text("出错了", "it failed"))


@pytest.fixture(scope="module")
def ours() -> Bank:
    """The project's own bank."""
    bank, faults = read((Path(CONTENT),))
    assert not [fault.say("en") for fault in faults if "programs/" in fault.file]
    return bank


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Five drawn calls in one group, and two that are written out in another."""
    bank, faults = read([write(tmp_path_factory.mktemp("bank"), {PROGRAM: SHARE})])
    assert faults == []
    return bank.publish_program("share--program")


def judged(one: Published, answers: list[Any]) -> Verdict:
    """The verdict on these answers."""
    return judge_program(one.card, one.key, answers)


def answers_of(one: Published, source: str) -> list[Answer]:
    """What a function gives for each hidden call, called right here."""
    function: Any = made(source, one.card["function"])
    given: list[Answer] = []
    for call in calls(one.key):
        try:
            given.append(function(*call))
        except Exception:
            given.append(FAILED)
    return given


@pytest.mark.parametrize("ref", RIGHT)
def test_a_right_function_earns_everything(ours: Bank, ref: str) -> None:
    """An instructor's own solution of each program is worth 1, and each group says so."""
    one = ours.publish_program(ref)
    verdict = judged(one, answers_of(one, RIGHT[ref]))
    assert (verdict["credit"], verdict["status"]) == (1.0, "judged")
    assert all("对" in part["why"]["zh"] for part in verdict["parts"])
    assert not any("不" in part["why"]["zh"].split("：")[1] for part in verdict["parts"])
    assert verdict["why"] == one.key["why"]


def test_every_program_of_the_bank_has_a_solution(ours: Bank) -> None:
    """Nothing is asked that was not solved here."""
    assert set(RIGHT) == set(ours.programs)


WORTH = {"per cent": 0.2, "the familiar interval": 0.0167, "plain agreement": 0.0,
         "one level forgotten": 0.8}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_function_earns_what_it_should(ours: Bank, what: str) -> None:
    """The usual mistakes are caught by the group that is there for them."""
    ref, source = WRONG[what]
    one = ours.publish_program(ref)
    assert judged(one, answers_of(one, source))["credit"] == WORTH[what]


def test_credit_is_the_mean_over_groups(small: Published) -> None:
    """Four of five and none of two: (0.8 + 0) / 2, however many calls a group has."""
    right = expected(small.key)
    verdict = judged(small, [*right[:4], [0, 0], [0, 0], [0.5, 0.5]])
    assert verdict["credit"] == 0.4
    assert [part["credit"] for part in verdict["parts"]] == [0.8, 0.0]
    assert [part["id"] for part in verdict["parts"]] == [c["id"] for c in small.key["cases"]]


def test_reasons_name_the_group_and_never_an_input(small: Published) -> None:
    """Each group says how many are right and what the others were."""
    right = expected(small.key)
    given_ = [*right[:4], [0.5], FAILED, None]
    first, second = judged(small, given_)["parts"]
    assert first["why"] == {
        "zh": "平常的样本：5 个中对 4 个（个数不对 1 个）",
        "en": "Ordinary samples: 4 of 5 right (not as many values as asked for: 1)",
    }
    assert second["why"]["zh"] == "一个满意的都没有：2 个中对 0 个（出错了 1 个，没有返回值 1 个）"
    every = judged(small, right)
    assert every["parts"][0]["why"]["en"] == "Ordinary samples: all 5 right"
    said = dump(every["parts"]) + dump(judged(small, given_)["parts"])
    for good, n in calls(small.key)[:5]:
        assert not (f"{good}" in said and f"{n}" in said)


def test_one_call_is_right_or_wrong(small: Published) -> None:
    """A group of one call does not count."""
    about = {"zh": "一通也没听", "en": "No call heard"}
    key = {**small.key, "cases": [{"id": "a", "about": about, "given": [[0, 0]]}]}
    good = judge_program(small.card, key, [[0, 1]])["parts"][0]["why"]
    bad = judge_program(small.card, key, [[1, 1]])["parts"][0]["why"]
    assert (good["zh"], good["en"]) == ("一通也没听：对了", "No call heard: right")
    assert (bad["zh"], bad["en"]) == (
        "一通也没听：不对（数不对）",
        "No call heard: wrong (another number)",
    )


def test_what_is_missing_is_wrong(small: Published) -> None:
    """A run that ended early leaves the rest without result; its right answers count."""
    right = expected(small.key)
    verdict = judged(small, right[:5])
    assert verdict["credit"] == 0.5
    assert "没有结果 2 个" in verdict["parts"][1]["why"]["zh"]


def test_no_answer_at_all_is_blank(small: Published) -> None:
    """Nothing to check is 0 with a note, and tells no group."""
    verdict = judged(small, [])
    assert (verdict["credit"], verdict["status"], verdict["parts"]) == (0.0, "blank", [])
    assert verdict["note"]


def test_more_answers_than_calls_change_nothing(small: Published) -> None:
    """What follows the last call is not looked at."""
    right = expected(small.key)
    assert judged(small, [*right, 1, 2, 3]) == judged(small, right)


@pytest.mark.parametrize(
    "answer", [math.nan, [math.nan, 1], [math.inf, 1], [None, None], "0.5", {}]
)
def test_nothing_odd_earns_anything(small: Published, answer: Any) -> None:
    """NaN, the infinite and other shapes are wrong, call by call."""
    assert judged(small, [answer] * 7)["credit"] == 0.0


@given(st.lists(any_json, max_size=9))
def test_whatever_comes_is_judged(small: Published, answers: list[Any]) -> None:
    """Judging never raises, and credit stays within 0 and 1."""
    assert 0 <= judged(small, answers)["credit"] <= 1


def test_the_key_is_judged_by_its_own_reference(small: Published) -> None:
    """What is expected is worked out from the key, when it is judged."""
    other = {**small.key, "reference": "sampling.clopper_pearson"}
    assert judge_program(small.card, other, expected(small.key))["credit"] < 1
    assert judge_program(small.card, other, expected(other))["credit"] == 1


def test_the_sandbox_and_the_judge_agree(ours: Bank) -> None:
    """Run where learners' code is run, an instructor's solutions earn everything."""
    published = {ref: ours.publish_program(ref) for ref in RIGHT}
    asked = [Call(ref, one.card["function"], calls(one.key)) for ref, one in published.items()]
    ran = run(list(RIGHT.values()), asked, {})
    for ref, one in published.items():
        assert judged(one, ran.answers[ref])["credit"] == 1.0


_RESULTS = (
    "(1, 2)", "[0.5, None]", "True", "'好'", "{'a': 1}", "{1: 2}", "float('nan')", "10 ** 1000",
    "10 ** 999", "{1, 2}", "b'x'", "1j", "range(3)", "[[]]", "type('T', (tuple,), {})([1])",
)  # fmt: skip


def test_what_is_plain_for_a_learner_is_plain_in_the_sandbox() -> None:
    """A result that trying out takes for a value is one at marking, the same one, and no other."""
    source = f"def result(at):\n    return [{', '.join(f'lambda: {r}' for r in _RESULTS)}][at]()"
    answers = run([source], [Call("r", "result", [[at] for at in range(len(_RESULTS))])], {})
    for result, answer in zip(_RESULTS, answers.answers["r"], strict=True):
        try:
            value = plain(eval(result))
        except NotPlain:
            assert isinstance(answer, Failed), result
        else:
            assert (answer, type(answer)) == (value, type(value)), result
