"""Where each learner stands with each set: nothing handed in, late, graded, to be marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc

from kefu.grading.classlist import Learner
from kefu.grading.deadlines import Extensions
from kefu.grading.roster import learners
from kefu.grading.scores import Score, SetRow, scores, sets
from kefu.grading.submission import gather, handed_in
from kefu.places import Places
from kefu.text import Text

__all__ = ["Standing", "lateness", "standings"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One learner and one set.

    `until` is when it was due for this learner, extension included, and `at` when it was handed
    in, both in UTC; `at` is None also where nobody noted the time.
    """

    set: SetRow
    learner: Learner
    listed: bool
    handed_in: bool
    at: datetime | None
    until: datetime | None
    longer: timedelta | None
    score: Score | None

    @property
    def late(self) -> timedelta:
        """By how much it came late."""
        if not (self.at and self.until):
            return timedelta(0)
        return max(self.at - self.until, timedelta(0))

    @property
    def graded(self) -> bool:
        """Whether just this hand-in was graded, and not an earlier one."""
        return bool(self.score and self.score.graded) and self.score_is_of_this

    @property
    def score_is_of_this(self) -> bool:
        """Whether the score is of what was handed in last."""
        return self.score is not None and (self.at is None or self.score.at in (None, self.at))

    def state(self, now: datetime) -> Text:
        """In a word or two."""
        if not self.handed_in:
            if self.until and now > self.until:
                return Text("逾期未交", "missing, overdue")
            return Text("未交", "not handed in")
        if not self.graded:
            again = self.score is not None and self.score.graded
            return Text("重交未批", "to grade again") if again else Text("已交未批", "to grade")
        if self.score is not None and self.score.waiting:
            return Text("等人工批", "to mark by hand")
        return Text("已批", "graded")


def standings(
    book: Gradebook, places: Places, waiting: Extensions, only: Sequence[str] = ()
) -> Iterator[Standing]:
    """Everybody of the class with every set, by set and number.

    Whoever handed in without being in the class is there as well, not `listed`.
    A set that nobody can hand in yet, since the gradebook has yet to learn it, is left out.
    """
    everyone, booked = learners(book), scores(book)
    submitted = places.root / "submitted"
    for one in sets(book):
        if only and one.name not in only:
            continue
        longer = waiting.of(one.name)
        came = set(handed_in(submitted, one.name))
        for number in sorted({*everyone, *came}):
            score = booked.get((one.name, number))
            extra = longer.get(number, score.extension if score else None)
            stamp = gather(submitted, number, one.name).stamp if number in came else None
            # Also what is booked was handed in, whether its folder is still there or not.
            there = number in came or bool(score and score.graded)
            yield Standing(
                set=one,
                learner=everyone.get(number, Learner(number)),
                listed=number in everyone,
                handed_in=there,
                at=_moment(stamp) or (score.at if score else None),
                until=one.due + (extra or timedelta(0)) if one.due else None,
                longer=extra,
                score=score,
            )


def _moment(stamp: str | None) -> datetime | None:
    """What nbgrader reads in a stamp; what it cannot read is no time."""
    try:
        at: datetime | None = parse_utc(stamp) if stamp else None
    except (ValueError, OverflowError, TypeError):
        return None
    return at.replace(tzinfo=UTC) if at else None


def lateness(late: timedelta) -> Text:
    """Two units are enough: 2 days 3 hours."""
    minutes = int(late.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if not late:
        return Text("", "")
    if not (days or hours or minutes):
        return Text("不到 1 分钟", "under 1 min")
    units = [(days, "天", "d"), (hours, "小时", "h"), (minutes, "分钟", "min")]
    first = next(n for n, (count, *_) in enumerate(units) if count)
    said = [unit for unit in units[first : first + 2] if unit[0]]
    return Text(
        " ".join(f"{count} {zh}" for count, zh, _ in said),
        " ".join(f"{count} {en}" for count, _, en in said),
    )
