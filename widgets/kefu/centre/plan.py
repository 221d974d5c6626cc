"""What the centre is like: the parameters, read from the instructor's own file."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["CLOSES", "HALF_HOURS", "OPENS", "PLAN", "Plan"]

PLAN = Path(__file__).resolve().parents[3] / "content" / "_centre" / "plan.toml"
"""The parameters. Not in the package: a learner's machine has the package too."""

OPENS = 9
"""The hour at which the centre opens."""
CLOSES = 21
HALF_HOURS = 2 * (CLOSES - OPENS)

Pair = Sequence[float]


@dataclass(frozen=True, slots=True)
class People:
    """Who works when."""

    team: int
    weekdays: int
    weekends: int
    casework: int
    lanes: int
    pace: float


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many come in each half-hour."""

    phone: Sequence[float]
    chat: Sequence[float]
    week: Sequence[float]
    holidays: Sequence[dt.date]
    holiday: float
    returning: float


@dataclass(frozen=True, slots=True)
class Service:
    """How long everything takes, and how long customers wait, in seconds."""

    phone_talk: Pair
    chat_talk: Pair
    phone_after: Pair
    chat_after: Pair
    hold_share: float
    hold_mean: float
    pickup: Pair
    chat_pickup: Pair
    patience: Sequence[float]
    chat_patience: Sequence[float]
    redial: float
    redial_after: float
    short_share: float
    short_most: int
    in_time: int
    chat_in_time: int
    short: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a contact."""

    unsolved: float
    marked_kindly: float
    again_unsolved: float
    again_solved: float
    again_days: Sequence[float]
    other_channel: float

    @property
    def unresolved(self) -> float:
        """How often an agent notes that a contact was not resolved."""
        return self.unsolved * (1 - self.marked_kindly)

    @property
    def again(self) -> float:
        """How often a customer comes again within the week."""
        return self.unsolved * self.again_unsolved + (1 - self.unsolved) * self.again_solved


@dataclass(frozen=True, slots=True)
class Reviews:
    """What raters look at, and how."""

    a_day: Sequence[int]
    twice: int
    off: Mapping[str, Sequence[int]]
    identity: float
    promise: float
    changed: dt.date
    identity_after: float
    seen: float
    imagined: float
    levels: Pair
    noise: float
    drift_from: int
    drift: float


@dataclass(frozen=True, slots=True)
class Complaints:
    """How many complain, of what, and how long it takes."""

    share: float
    unsolved: float
    swing: float
    at_once: float
    delay: Pair
    close: Sequence[float]
    close_shape: float
    acknowledge: Sequence[float]
    acknowledge_spread: float
    severity_cost: Sequence[float]
    reopened: float
    types: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Surveys:
    """Who is asked, who answers, and what they think."""

    invited_resolved: float
    invited_unresolved: float
    answer: float
    happy: Pair
    unhappy: Pair
    wait: float
    wait_most: float
    at_night: float


@dataclass(frozen=True, slots=True)
class Visits:
    """What mystery shoppers find."""

    each: int
    met: float
    visit: float


@dataclass(frozen=True, slots=True)
class Plan:
    """All parameters; what each means stands beside it in the file."""

    seed: int
    first: dt.date
    days: int
    people: People
    issues: Mapping[str, Pair]
    arrivals: Arrivals
    service: Service
    outcome: Outcome
    reviews: Reviews
    complaints: Complaints
    surveys: Surveys
    visits: Visits

    @classmethod
    def read(cls, path: Path = PLAN) -> Self:
        """Read the parameters.

        Raises:
            KefuError: there is no such file, or a parameter is missing, unknown or misspelt.
        """
        try:
            found: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
            for name, kind in _SECTIONS.items():
                found[name] = kind(**found[name])
            return cls(**found)
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise KefuError(
                Text(f"读不出服务中心的参数：{error}", f"the plan cannot be read: {error}"),
                Text(f"请看 {path}；它只在克隆里", f"see {path}, which only a clone has"),
            ) from None

    @property
    def until(self) -> dt.datetime:
        """The moment at which the data were taken: the midnight after the last day."""
        return dt.datetime.combine(self.first, dt.time()) + dt.timedelta(days=self.days)

    def date(self, day: int) -> dt.date:
        """The date of a day, counted from 0."""
        return self.first + dt.timedelta(days=day)

    def quiet(self, day: int) -> bool:
        """Whether a day is a Saturday, a Sunday or a holiday."""
        return day % 7 > 4 or self.date(day) in self.arrivals.holidays

    def busy(self, day: int) -> float:
        """How many come on this day, as a multiple of the half-hours' numbers."""
        a = self.arrivals
        return a.holiday if self.date(day) in a.holidays else a.week[day % 7]


_SECTIONS = {
    "people": People,
    "arrivals": Arrivals,
    "service": Service,
    "outcome": Outcome,
    "reviews": Reviews,
    "complaints": Complaints,
    "surveys": Surveys,
    "visits": Visits,
}
