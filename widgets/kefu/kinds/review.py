"""`review`: a scorecard is filled in for a call, and its critical errors are ticked.

0.7 × (1 − mean weighted distance to the expert's scores) + 0.3 × F1 of the critical errors.
A distance is counted in the levels of its criterion: 1 from one end to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response, public_id
from kefu.kinds import _shape
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.scenario import ReviewItem, ReviewKey, Scorecard

ONE_REASON = False

SCORES, CRITICAL = 0.7, 0.3
"""How much of the credit the scores are, and the critical errors."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A scorecard filled in: the score of each criterion, and the critical errors ticked."""

    score: dict[str, int]
    critical: frozenset[str]


def ask(ref: str, item: ReviewItem) -> dict[str, Any]:
    """The scorecard and the lines of the call, both in the order in which they are written."""
    card = _scorecard(item)
    return {
        "scorecard": {
            "title": card.title.text().json(),
            "criteria": [
                {
                    "id": public_id(ref, one.text().json()),
                    "text": one.text().json(),
                    "weight": one.weight,
                    "levels": [
                        {"score": level.score, "text": level.text().json()} for level in one.level
                    ],
                }
                for one in card.criterion
            ],
            "critical": [
                {"id": public_id(ref, one.text().json()), "text": one.text().json()}
                for one in card.critical
            ],
        },
        "lines": [
            {"who": line.who, "at": line.at, "text": line.text().json()} for line in item.line
        ],
    }


def key(ref: str, item: ReviewItem, authored: ReviewKey) -> Key:
    """The expert's card: what judging needs of each criterion, and each critical error's truth."""
    card = _scorecard(item)
    ids = {one.id: public_id(ref, one.text().json()) for one in card.criterion}
    ids |= {one.id: public_id(ref, one.text().json()) for one in card.critical}
    return {
        "criteria": {
            ids[one.id]: {
                "score": int(authored.score[one.id]),
                "weight": one.weight,
                "levels": [level.score for level in one.level],
            }
            for one in card.criterion
        },
        "critical": {ids[one.id]: one.id in authored.critical for one in card.critical},
        "why": {ids[name]: why.text().json() for name, why in authored.why.items()},
    }


def _scorecard(item: ReviewItem) -> Scorecard:
    """The scorecard itself, which publishing has put in the place of its name."""
    assert not isinstance(item.scorecard, str), "publishing puts the card in"
    return item.scorecard


def read(card: Card, response: Response) -> Filled | None:
    """The card as filled in; nothing scored and nothing ticked is blank."""
    if set(response) != {"score", "critical"}:
        raise _shape.Malformed.shape()
    score = response["score"]
    ticked = _shape.ids_of(
        {"critical": response["critical"]},
        "critical",
        (one["id"] for one in card["scorecard"]["critical"]),
    )
    if not isinstance(score, dict):
        raise _shape.Malformed.shape()
    if not score and not ticked:
        return None
    levels = {
        one["id"]: {level["score"] for level in one["levels"]}
        for one in card["scorecard"]["criteria"]
    }
    for name, given in score.items():
        if name not in levels:
            raise _shape.Malformed.stranger()
        if type(given) is not int or given not in levels[name]:
            raise _shape.Malformed.shape()
    if len(score) < len(levels):
        raise _shape.Malformed(
            Text(
                "记录里的评分表没有填完，按 0 分计。",
                "The recorded scorecard is not filled in to the end, so no credit.",
            )
        )
    return Filled(dict(score), frozenset(ticked))


def judge(key: Key, value: Filled) -> tuple[float, list[Part], Text]:
    """How near the scores are to the expert's, and which critical errors were seen."""
    criteria, errors, why = key["criteria"], key["critical"], key["why"]
    near = {name: 1 - _distance(one, value.score[name]) for name, one in criteria.items()}
    weight = sum(one["weight"] for one in criteria.values())
    scores = sum(criteria[name]["weight"] * near[name] for name in criteria) / weight
    there = {name for name, present in errors.items() if present}
    hits = len(value.critical & there)
    missed, false = len(there) - hits, len(value.critical) - hits
    f1 = 2 * hits / (2 * hits + missed + false) if there or value.critical else 1.0
    parts = [Part(id=i, credit=near[i], why=why[i]) for i in criteria]
    parts += [
        Part(id=i, credit=float(errors[i] == (i in value.critical)), why=why[i]) for i in errors
    ]
    percent = floor(100 * scores + 1e-9)
    note = Text(
        f"打分和参考接近 {percent}%，占七成；严重错误查出 {hits} 处，"
        f"漏掉 {missed} 处，误报 {false} 处，占三成。",
        f"Scores {percent}% of the way to the expert’s, which is 70% of the credit; "
        f"critical errors: {hits} found, {missed} missed, {false} raised in error, "
        "which is the other 30%.",
    )
    return SCORES * scores + CRITICAL * f1, parts, note


def _distance(criterion: dict[str, Any], given: int) -> float:
    """From 0, the expert's own score, to 1, the far end of the scale."""
    levels = criterion["levels"]
    return float(abs(given - criterion["score"]) / (max(levels) - min(levels)))


def more(key: Key, value: Filled) -> dict[str, Any]:
    """Agreement with the expert beyond chance, where it is defined: Cohen's kappa, quadratic.

    All criteria stand on one scale of scores, from the lowest level to the highest.
    """
    from kefu.quality.agreement import cohen_kappa  # numpy is not needed for anything else here

    criteria = key["criteria"]
    levels = [score for one in criteria.values() for score in one["levels"]]
    kappa = cohen_kappa(
        [value.score[name] for name in criteria],
        [one["score"] for one in criteria.values()],
        weights="quadratic",
        categories=range(min(levels), max(levels) + 1),
    )
    return {"kappa": None if kappa is None else round(kappa, 4)}


def expert(key: Key) -> Response:
    """The expert's card."""
    return {
        "score": {name: one["score"] for name, one in key["criteria"].items()},
        "critical": [name for name, present in key["critical"].items() if present],
    }


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """The score of each criterion with its anchor, then the critical errors ticked."""
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    lines = []
    for one in card["scorecard"]["criteria"]:
        given = response["score"][one["id"]]
        anchor = next(each["text"][lang] for each in one["levels"] if each["score"] == given)
        points = Text(f"{given} 分", f"{given}")[lang]
        lines.append(f"{one['text'][lang]}{colon}{points}{comma}{anchor}")
    ticked = _shape.words_of(card["scorecard"]["critical"], response["critical"], lang)
    head = Text("严重错误", "Critical error")[lang]
    lines += [f"{head}{colon}{words}" for words in ticked]
    if not ticked:
        lines.append(Text("没有勾严重错误", "No critical error ticked")[lang])
    return lines
