"""Points at which something is killed while an answer is saved, and what is struck there."""

from __future__ import annotations

import itertools
import json
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.floor.hatched import PATIENCE, Lost
from tests.floor.hatchery import Forked
from tests.floor.kills import Page, Stage
from tests.floor.steps import PHASES, Step

__all__ = ["Blow", "Known", "Run", "choose", "full", "locked", "undisturbed"]

Blow = Callable[[Stage, Callable[[], None]], None]
"""Strikes at the database of a stage; calls what it is given when the house may go on."""

# The share of the points that each phase gets.
_SHARES = {
    "house": {"request": 6, "token": 12, "quiz": 14, "whole": 8, "insert": 16, "commit": 20,
              "kept": 14, "reply": 10},
    "database": {"token": 14, "quiz": 14, "insert": 28, "commit": 30, "kept": 14},
    "kernel": {"heard": 18, "asking": 20, "waiting": 16, "reading": 12, "telling": 20, "told": 14},
}  # fmt: skip

_DELAYS = (0.0001, 0.0002, 0.0004, 0.0007, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.008)
"""Seconds after a commit began: the blow falls while disk or database are at work."""

Point = tuple[int, Step]
"""A round of a visit, and a step of its first answer."""


@dataclass
class Known:
    """What visits are like whom nothing befalls.

    `steps` are those of each process, by round; `receipts` the receipts of each round, without
    their times.
    """

    steps: dict[str, list[list[Step]]]
    receipts: list[list[Any]]


def undisturbed(stage: Stage, rounds: int) -> Known:
    """Two visits of so many rounds in which nothing dies; only steps of both are kept."""
    visits: list[list[dict[str, list[Step]]]] = []
    told: list[list[list[Any]]] = []
    for _ in range(2):
        stage.house()
        page, steps = Page(stage), list[dict[str, list[Step]]]()
        for _ in range(rounds):
            house = stage.house({"do": "record", "into": str(stage.folder / "house.json")})
            kernel = page.again({"do": "record", "into": str(stage.folder / "kernel.json")})
            page.answer()
            steps.append({"house": _recorded(house), "kernel": _recorded(kernel.process)})
        page.again()
        page.close()
        stage.check(page)
        visits.append(steps)
        told.append([_timeless(page, pair) for pair in page.rounds])
    assert told[0] == told[1]
    seen: Counter[str] = Counter()
    for pair in told[0]:
        for receipt in pair:
            seen[receipt["item"]] += 1
            assert receipt["tries"] == seen[receipt["item"]]
    both = list(zip(*visits, strict=True))
    always = {
        kind: [[step for step in one[kind] if step in set(other[kind])] for one, other in both]
        for kind in PHASES
    }
    return Known({**always, "database": always["house"]}, told[0])


def choose(known: Known, kind: str, number: int, dice: random.Random) -> list[Point]:
    """So many points of "house", "kernel" or "database": all phases, all rounds, no step twice.

    A phase gets its share, at least one, and within it the points lie as far apart as can be.
    Half of those around the commit are moments of the commit itself.
    """
    shares = _SHARES[kind]
    asked = {p: max(1, round(number * share / sum(shares.values()))) for p, share in shares.items()}
    while (over := sum(asked.values()) - number) != 0:
        most = max(asked, key=lambda phase: (asked[phase], phase != "commit"))
        asked[most] -= (over > 0) - (over < 0)
    turn = itertools.cycle(range(len(known.receipts)))
    chosen: list[Point] = []
    for phase, count in asked.items():
        late = count // 2 if phase == "commit" else 0
        for n in range(count - late):
            at = next(turn)
            places = Counter(step.place for _, step in chosen)
            free = [s for s in known.steps[kind][at] if s.phase == phase and (at, s) not in chosen]
            assert free, f"nothing was seen of the phase {phase}"
            fewest = min(places[step.place] for step in free)
            free = [step for step in free if places[step.place] == fewest]
            chosen.append((at, free[int((n + dice.random()) / (count - late) * len(free))]))
        for n in range(late):
            at = next(turn)
            commit = next(s for s in known.steps[kind][at] if s.phase == phase and _is_commit(s))
            delay = _DELAYS[n % len(_DELAYS)] * (1 + n // len(_DELAYS))
            chosen.append((at, replace(commit, delay=delay)))
    return chosen


def locked(stage: Stage, go_on: Callable[[], None]) -> None:
    """Another program writes to SQLite's file for longer than the house waits."""
    before = stage.failures
    with closing(sqlite3.connect(stage.file, timeout=0, isolation_level=None)) as db:
        try:
            db.execute("BEGIN IMMEDIATE")
            go_on()
        except sqlite3.OperationalError:  # It is the house's turn; ours is next.
            go_on()
            db.execute("PRAGMA busy_timeout = 20000")
            db.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + 3
        while stage.failures == before and time.monotonic() < until and stage.busy:
            time.sleep(0.02)
        db.execute("ROLLBACK")


def full(stage: Stage, go_on: Callable[[], None]) -> None:
    """The house may write to no file: the disk is full. The house does this to itself."""
    go_on()


class Run:
    """Strikes at point after point, and keeps what went wrong.

    Args:
        stage: where.
        known: what an undisturbed visit is like.
    """

    def __init__(self, stage: Stage, known: Known) -> None:
        self._stage = stage
        self._known = known
        self._last = "the beginning"
        self.wrong: list[str] = []
        self.struck: Counter[str] = Counter()

    def kill(self, kind: str, points: Sequence[Point]) -> None:
        """Kill the house or a kernel at each point."""

        def strike(page: Page, step: Step, _: int) -> None:
            orders = {"do": "kill", "step": asdict(step)}
            if kind == "house":
                victim = self._stage.house(orders)
                self._again(page)
            else:
                victim = self._again(page, orders)
            page.answer()
            _reached(victim)
            victim.told.close()
            if victim.wait(30) >= 0:
                raise Lost(f"it ended by itself: {victim.returncode}")

        self._visits(points, strike)

    def strike(self, points: Sequence[Point], *blows: Blow) -> None:
        """Strike at the database at each point of the house, by each of the blows in turn."""

        def strike(page: Page, step: Step, nth: int) -> None:
            blow = blows[nth % len(blows)]
            orders = {"do": "full" if blow is full else "tell", "step": asdict(step)}
            house = self._stage.house({**orders, "patience": 300 * (blow is locked)})
            self._again(page)
            with _waiting_to(blow, self._stage, house):
                page.answer()

        self._visits(points, strike)

    def _visits(self, points: Sequence[Point], strike: Callable[[Page, Step, int], None]) -> None:
        by_round = [
            [step for at, step in points if at == n] for n in range(len(self._known.receipts))
        ]
        nth = itertools.count()
        for steps in itertools.zip_longest(*by_round):
            page: Page | None = None
            for at, step in enumerate(steps):
                page = page or self._enter(at)
                try:
                    if step is None:
                        self._again(page)
                        page.answer()
                    else:
                        strike(page, step, next(nth))
                        self.struck[step.phase] += 1
                        self._last = str(step)
                    self._judge(page, at)
                except Lost as lost:
                    self.wrong.append(f"{step}: {lost}")
                    page.close()
                    page = None
            if page:
                try:
                    self._again(page)
                except Lost as lost:
                    self.wrong.append(str(lost))
                page.close()

    def _enter(self, after: int) -> Page:
        """A page that has so many rounds behind it."""
        self._stage.house()
        page = Page(self._stage)
        for _ in range(after):
            page.again()
            page.answer()
        return page

    def _again(self, page: Page, step: Any = None) -> Forked:
        try:
            return page.again(step).process
        except Lost as lost:
            raise Lost(f"after {self._last}: {lost}") from lost

    def _judge(self, page: Page, at: int) -> None:
        self._stage.check(page)
        told = _timeless(page, page.rounds[at])
        if told != self._known.receipts[at]:
            raise Lost(f"{told} was said in the place of {self._known.receipts[at]}")


class _waiting_to:  # noqa: N801 - reads as a phrase
    """A blow that falls when the house says that it is there."""

    def __init__(self, blow: Blow, stage: Stage, house: Forked) -> None:
        self._blow, self._stage, self._house = blow, stage, house
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._wait)

    def _wait(self) -> None:
        try:
            _reached(self._house, PATIENCE)
            self._blow(self._stage, self._go_on)
        except BaseException as error:
            self._error = error
            self._go_on()

    def _go_on(self) -> None:
        with suppress(OSError):
            self._house.told.sendall(b".")

    def __enter__(self) -> None:
        self._stage.busy = True
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stage.busy = False
        self._thread.join()
        self._house.told.close()
        if self._error:
            raise self._error


def _reached(process: Forked, patience: float = 0.0) -> str:
    """What the tracer said when it came to its step."""
    process.told.settimeout(patience)
    try:
        said = process.told.recv(4096)
    except (BlockingIOError, TimeoutError):
        said = b""
    if not said:
        raise Lost("this step was not reached")
    return str(json.loads(said))


def _recorded(process: Forked) -> list[Step]:
    with process.told:
        return [Step(**one) for one in json.loads(Path(_reached(process, PATIENCE)).read_text())]


def _is_commit(step: Step) -> bool:
    return "engine/default.py" in step.place and not step.place.endswith("return")


def _timeless(page: Page, pair: Sequence[str]) -> list[Any]:
    return [{k: v for k, v in page.saved[one].items() if k != "at"} for one in pair]
