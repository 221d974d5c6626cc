"""What a learner's function is worth: its answers to the hidden calls, beside the reference's.

Pure: nothing is run here but the house's own reference, which no learner's process ever sees.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from statistics import fmean
from typing import Protocol, TypeAlias, runtime_checkable

from kefu.card import Card, Key, Part, Verdict, canonical
from kefu.result import JSON, NotPlain, difference, plain
from kefu.scenario.program import reference
from kefu.text import Text

__all__ = ["Answer", "Failed", "calls", "expected", "judge_program"]

_NOTHING = Text("没有结果", "no result")
_BLANK = Text("没有可以检查的结果，按 0 分计。", "There is no result to check, so no credit.")


@runtime_checkable
class Failed(Protocol):
    """A call that gave no value, and why."""

    @property
    def why(self) -> Text:
        """A few words, none of them the learner's own."""


Answer: TypeAlias = "JSON | Failed"


def calls(key: Key) -> list[list[JSON]]:
    """The arguments of every hidden call, group after group."""
    return [given for case in key["cases"] for given in case["given"]]


def expected(key: Key) -> list[JSON]:
    """What each of these calls should give.

    Raises:
        KefuError: the reference is not known, or has no result; `kefu check` tells of both.
    """
    return list(_worked_out(canonical(key)))


@lru_cache(maxsize=64)
def _worked_out(key: str) -> tuple[JSON, ...]:
    """Once for a class, not once for each of its learners."""
    read: Key = json.loads(key)
    compute = reference(read["reference"])
    return tuple(plain(compute(*given)) for given in calls(read))


def judge_program(card: Card, key: Key, answers: Sequence[Answer]) -> Verdict:
    """Judge what a learner's function gave.

    Credit is the mean over the groups of the share that is right in each.
    The reasons name the group, how many are right and what the others were; never an input.

    Args:
        card: the program as it was released.
        key: its key.
        answers: one for each of `calls`, in that order; what is missing at the end counts as
            no result. Empty: nothing could be asked at all.

    Raises:
        KefuError: as `expected`.
    """
    right = iter(expected(key))
    given = iter(answers)
    parts: list[Part] = []
    for case in key["cases"]:
        wrong = [
            said
            for _ in case["given"]
            if (said := _off(next(right), next(given, _MISSING), card["tolerance"])) is not None
        ]
        asked = len(case["given"])
        part = Part(
            id=case["id"],
            credit=round(1 - len(wrong) / asked, 4),
            why=_said(Text.of(case["about"]), asked, wrong).json(),
        )
        parts.append(part)
    blank = not answers
    return Verdict(
        credit=round(fmean(part["credit"] for part in parts), 4),
        status="blank" if blank else "judged",
        parts=[] if blank else parts,
        why=key["why"],
        takeaway=None,
        note=_BLANK.json() if blank else None,
        expert={},
    )


class _Missing:
    why = _NOTHING


_MISSING = _Missing()


def _off(right: JSON, answer: Answer, tolerance: float) -> Text | None:
    """What is wrong with one answer; None if nothing is."""
    if isinstance(answer, Failed):
        return answer.why
    try:
        return difference(right, plain(answer), tolerance)
    except NotPlain as error:
        return error.why


def _said(about: Text, asked: int, wrong: list[Text]) -> Text:
    """One group in a sentence: "一个满意的都没有：3 个中对 1 个（数不对 2 个）"."""
    if not wrong:
        every = (
            Text("对了", "right") if asked == 1 else Text(f"{asked} 个都对", f"all {asked} right")
        )
        return Text(f"{about.zh}：{every.zh}", f"{about.en}: {every.en}")
    told = Counter(wrong).most_common()
    if asked == 1:
        return Text(f"{about.zh}：不对（{told[0][0].zh}）", f"{about.en}: wrong ({told[0][0].en})")
    zh = "，".join(f"{said.zh} {count} 个" for said, count in told)
    en = ", ".join(f"{said.en}: {count}" for said, count in told)
    right = asked - len(wrong)
    return Text(
        f"{about.zh}：{asked} 个中对 {right} 个（{zh}）",
        f"{about.en}: {right} of {asked} right ({en})",
    )
