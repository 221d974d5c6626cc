"""A set as a whole, and all of its items: what a class's answers say, as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kefu.grading.report.items import Item, look_at
from kefu.grading.report.sittings import Asked, Sitting
from kefu.quality.testing import Reliability, cronbach_alpha, rest_scores
from kefu.text import TextJSON

__all__ = ["Report", "analyse"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a class's answers to a set say.

    `n` learners handed in, `without_journal` of them without a record; `scores` are the points of
    those of whom every part is known, ascending, out of `most`; the scores are counted with the
    rubrics only where all of them are marked. `waiting` learners wait for `waiting_parts` marks.
    """

    set: str
    title: TextJSON
    n: int
    without_journal: int
    items: tuple[Item, ...]
    scores: tuple[float, ...]
    most: float
    reliability: Reliability
    waiting: int
    waiting_parts: int

    def item(self, ref: str) -> Item:
        """One item; KeyError if the set has none of that name."""
        for one in self.items:
            if one.ref == ref:
                return one
        raise KeyError(ref)


def analyse(
    set_slug: str,
    title: TextJSON,
    asked: Mapping[str, Asked],
    sittings: Sequence[Sitting],
) -> Report:
    """Work out everything that a report says, from answers alone.

    A blank or malformed answer is worth 0, as it is in the marks.
    An item counts with its rubric only if the rubric is marked for everyone who wrote something;
    else by its judged part alone, so that learners are always compared in the same thing.

    Args:
        set_slug: the set.
        title: its title.
        asked: its items, in their order.
        sittings: one for each learner who handed in.
    """
    refs = list(asked)
    marked = {ref: _is_marked(ref, asked[ref], sittings) for ref in refs}
    most = {ref: asked[ref].most if marked[ref] else asked[ref].points for ref in refs}
    worth: dict[str, list[float | None]] = {
        ref: [_worth(one, ref, asked[ref], marked[ref]) for one in sittings] for ref in refs
    }
    points = np.array(
        [[np.nan if w is None else w * most[ref] for w in worth[ref]] for ref in refs], float
    ).reshape(len(refs), len(sittings))
    # What nobody has a score for (code not graded yet) says nothing of anyone.
    known = [at for at in range(len(refs)) if not np.isnan(points[at]).all()]
    table = points[known].T
    rest = {at: rest_scores(table, column) for column, at in enumerate(known)}
    nothing = np.full(len(sittings), np.nan)
    items = tuple(
        look_at(
            ref,
            asked[ref],
            [one.answers[ref] for one in sittings],
            worth[ref],
            rest.get(at, nothing).tolist(),
            rubric_counted=marked[ref],
        )
        for at, ref in enumerate(refs)
    )
    totals = table.sum(axis=1) if known else np.array([])
    waits = [
        sum(mark is None for answer in one.answers.values() for mark in answer.marks)
        for one in sittings
    ]
    return Report(
        set=set_slug,
        title=title,
        n=len(sittings),
        without_journal=sum(not one.journal for one in sittings),
        items=items,
        scores=tuple(sorted(float(total) for total in totals if not np.isnan(total))),
        most=sum(most[refs[at]] for at in known),
        reliability=cronbach_alpha(table),
        waiting=sum(bool(count) for count in waits),
        waiting_parts=sum(waits),
    )


def _is_marked(ref: str, asked: Asked, sittings: Sequence[Sitting]) -> bool:
    """Whether a person has marked every text of an item that has a rubric."""
    return bool(asked.rubric) and all(
        mark is not None for one in sittings for mark in one.answers[ref].marks
    )


def _worth(one: Sitting, ref: str, asked: Asked, marked: bool) -> float | None:
    answer = one.answers[ref]
    if answer.credit is None or not marked or not asked.most:
        return answer.credit
    given = answer.credit * asked.points + sum(mark or 0.0 for mark in answer.marks)
    return min(max(given / asked.most, 0.0), 1.0)
