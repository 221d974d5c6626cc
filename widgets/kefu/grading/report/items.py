"""What is known of one item: how hard it was, whether it separates, what was picked, how long.

Pure: from answers to numbers, each with its interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from kefu import kinds
from kefu.grading.report.paths import Talked, talked
from kefu.grading.report.sittings import Answer, Asked
from kefu.quality.picking import Confidence, Pick, confident_mistakes, distractors
from kefu.quality.sampling import wilson
from kefu.quality.testing import Estimate, correlation, facility
from kefu.text import LANGS, Text, TextJSON, fold

__all__ = ["Common", "Item", "Option", "Piece", "Times", "look_at"]

_MOST_COMMON = 5


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds at an item by the learners' own clocks: the middle, and the middle half."""

    median: float
    low: float
    high: float
    n: int
    capped: int


@dataclass(frozen=True, slots=True)
class Option:
    """An option in its words, what it is worth, and how it was picked."""

    text: TextJSON
    credit: float
    pick: Pick


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer with the mean of what it earned.

    `kind` is `wanted` or `avoid` for phrases (how many said it), `line` for a rubric (`waiting`
    texts are still to be marked), else `part`.
    """

    text: TextJSON
    kind: str
    share: Estimate
    points: float | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Common:
    """An answer that several gave, in words, how many, and what it earned."""

    text: TextJSON
    times: int
    credit: float


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the report; `n` learners handed in the set, `answered` gave a whole answer."""

    ref: str
    asked: Asked
    n: int
    answered: int
    facility: Estimate
    discrimination: Estimate
    blank: Estimate
    malformed: int
    earlier: int
    rubric_counted: bool
    changed: int
    times: Times | None
    sure: Confidence | None
    options: tuple[Option, ...] = ()
    pieces: tuple[Piece, ...] = ()
    common: tuple[Common, ...] = ()
    talk: Talked | None = None

    @property
    def title(self) -> TextJSON:
        """What the learner is asked; a program asks at length, and is called by its title."""
        card = self.asked.card
        return card["title"] if card["kind"] == "program" else card["prompt"]


def look_at(
    ref: str,
    asked: Asked,
    answers: Sequence[Answer],
    worth: Sequence[float | None],
    rest: Sequence[float],
    *,
    rubric_counted: bool,
) -> Item:
    """Everything about one item.

    Args:
        ref: the item.
        asked: as it was released.
        answers: one per learner who handed in.
        worth: what each earned, 0 to 1, None where that is not known.
        rest: each learner's points on the other items, NaN where they are not known.
        rubric_counted: whether `worth` holds the marks of the rubric.
    """
    card, n = asked.card, len(answers)
    whole = [a for a in answers if a.status == "judged"]
    mine = [
        (a, r) for a, r in zip(answers, rest, strict=True) if a.status == "judged" and a.current
    ]
    blanks = sum(a.status == "blank" for a in answers)
    # Whether code was left blank is not told apart from code that gives nothing.
    of = 0 if card["kind"] == "program" else n
    empty = wilson(min(blanks, of), of)
    sure = None
    if card.get("confidence"):
        judged = [a for a in whole if a.credit is not None]
        sure = confident_mistakes([a.credit or 0.0 for a in judged], [a.sure for a in judged])
    now = [answer for answer, _ in mine]
    return Item(
        ref=ref,
        asked=asked,
        n=n,
        answered=sum(a.credit is not None for a in whole),
        facility=facility([_nan(one) for one in worth]),
        discrimination=correlation([_nan(one) for one in worth], rest),
        blank=Estimate(blanks / of if of else None, empty.low, empty.high, of),
        malformed=sum(a.status == "malformed" for a in answers),
        earlier=sum(not a.current for a in answers),
        rubric_counted=rubric_counted,
        changed=sum(a.changes > 0 for a in answers),
        times=_times(answers),
        sure=sure,
        options=_options(asked, now, [r for _, r in mine]),
        pieces=(*_pieces(asked, now), *_lines(asked, whole)),
        common=_common(asked, now),
        talk=talked(asked, now) if card["kind"] == "dialogue" else None,
    )


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _times(answers: Sequence[Answer]) -> Times | None:
    seconds = sorted(a.seconds for a in answers if a.seconds is not None)
    if not seconds:
        return None
    cut = quantiles(seconds, n=4, method="inclusive") if len(seconds) > 1 else seconds * 3
    return Times(cut[1], cut[0], cut[2], len(seconds), sum(a.capped for a in answers))


def _options(asked: Asked, answers: Sequence[Answer], rest: Sequence[float]) -> tuple[Option, ...]:
    """The options of a choice; of `choices` each is looked at by itself, picked or not."""
    card, key = asked.card, asked.key
    if card["kind"] not in ("choice", "choices"):
        return ()
    words = {one["id"]: one["text"] for one in card["options"]}
    ids = list(words)
    if card["kind"] == "choice":
        picked = [_field(a, "option") for a in answers]
        found = distractors(picked, rest, ids)
        worth: dict[str, float] = key["credit"]
    else:
        found = [
            distractors(
                [one if one in (_field(a, "options") or ()) else "-" for a in answers],
                rest,
                [one, "-"],
            )[0]
            for one in ids
        ]
        worth = {one: float(one in key["right"]) for one in ids}
    made = [Option(words[pick.option], worth.get(pick.option, 0.0), pick) for pick in found]
    return tuple(sorted(made, key=lambda one: (-one.credit, -one.pick.times)))


def _field(answer: Answer, name: str) -> Any:
    return (answer.response or {}).get(name)


def _pieces(asked: Asked, answers: Sequence[Answer]) -> tuple[Piece, ...]:
    """The parts of a verdict, for the kinds whose answers have parts that everyone meets."""
    card = asked.card
    if card["kind"] in ("choice", "choices", "dialogue"):
        return ()
    said = [*card.get("lefts", [])]
    if card["kind"] == "review":
        said = [*card["scorecard"]["criteria"], *card["scorecard"]["critical"]]
    words = {one["id"]: one["text"] for one in said}
    words |= {one["id"]: one["about"] for one in asked.key.get("cases", ())}
    credits_: dict[str, list[float]] = {}
    about: dict[str, tuple[TextJSON, str]] = {}
    for answer in answers:
        for part in answer.parts:
            wanted = part.get("wanted")
            kind = "part" if wanted is None else "wanted" if wanted else "avoid"
            text = part.get("like") or words.get(part["id"]) or part["why"]
            about[part["id"]] = text, kind
            # Of a phrase to avoid, one wants to know how many said it.
            worth = 1 - part["credit"] if kind == "avoid" else part["credit"]
            credits_.setdefault(part["id"], []).append(worth)
    return tuple(Piece(*about[one], facility(credits_[one])) for one in sorted(about))


def _lines(asked: Asked, answers: Sequence[Answer]) -> tuple[Piece, ...]:
    """The lines of a rubric: the share of their points that was given."""
    made = []
    for at, line in enumerate(asked.rubric):
        given = [a.marks[at] for a in answers if at < len(a.marks)]
        marks = [min(max(m / line.points, 0.0), 1.0) for m in given if m is not None]
        waiting = sum(mark is None for mark in given)
        made.append(Piece(line.text, "line", facility(marks), line.points, waiting))
    return tuple(made)


def _common(asked: Asked, answers: Sequence[Answer]) -> tuple[Common, ...]:
    """What several learners answered alike, for the kinds that have no list to pick from."""
    card = asked.card
    if card["kind"] not in ("number", "order"):
        return ()
    counts: Counter[str] = Counter()
    shown: dict[str, tuple[Text, float]] = {}
    for answer in answers:
        response = {k: v for k, v in (answer.response or {}).items() if k not in ("sure", "hints")}
        lines = {lang: kinds.show(card, response, lang) for lang in LANGS}
        name = fold("\n".join(lines["zh"]))
        counts[name] += 1
        words = Text(" → ".join(lines["zh"]), " → ".join(lines["en"]))
        shown.setdefault(name, (words, answer.credit or 0.0))
    return tuple(
        Common(shown[name][0].json(), times, shown[name][1])
        for name, times in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_MOST_COMMON]
        if times > 1
    )
