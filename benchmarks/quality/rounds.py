"""The measuring itself, in a process of its own that has the oracles.

`python -m benchmarks.quality.rounds` reads `{"sizes", "only", "to"}` from its standard input and
writes what it found to the file `to`.
"""

from __future__ import annotations

import gc
import json
import math
import resource
import sys
import time
import warnings
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

import numpy as np

from benchmarks.quality.case import Case, Given, different

__all__ = ["PATIENCE", "WIDEST", "WrongAnswerError", "measured", "play", "wide"]

PATIENCE = 20.0
"""Seconds; a side that would take longer at the next size is not asked to."""
WIDEST = 2.0
"""How many times the lower quartile of a pair's ratios the upper one may be."""
_PROBE = 100
"""Rows of the first try: it imports, fills caches, and tells what a thousand rows may take."""
_BATCH = 0.01
"""Seconds; what takes less is done several times in a row."""
_LONG = 1.0
"""Seconds; what takes longer is measured in fewer rounds."""
_ROUNDS, _FEW = 9, 3
_TRIES = 3
_MEMORY = 0.85
"""The share of the machine's memory that may be asked for."""


class WrongAnswerError(Exception):
    """Two answers differ, so that their times say nothing."""


def play(case: Case, sizes: Sequence[int]) -> dict[str, Any]:
    """Compare the answers, then the times, at each size that both sides last.

    Returns:
        Rows → `{"ours": seconds of each round, "theirs": …}`, or `{"left_out": "theirs" or "ours",
        "seconds": about how many it would take}`, or `{"left_out": …, "memory": True}`.

    Raises:
        WrongAnswerError: the answers differ; it names the case, the rows and the place.
    """
    found: dict[str, Any] = {}
    before = _once(case, _PROBE)
    before = _once(case, _PROBE)  # the first one also imported what it needs
    last, grown = _PROBE, 1.0
    for rows in sizes:
        more = rows / last
        # As it grew at the last step, and at least in proportion.
        expected = {who: took * more * max(grown, 1.0) for who, took in before.items()}
        slow = max(expected, key=lambda who: expected[who])
        if expected[slow] > PATIENCE:
            found[str(rows)] = {"left_out": slow, "seconds": round(expected[slow])}
            before, last, grown = expected, rows, grown
            continue
        try:
            given = _given(case, rows)
            took = _compared(case, given, rows)
            found[str(rows)] = _steady(case, given, took)
        except MemoryError:
            found[str(rows)] = {"left_out": slow, "memory": True}
            break
        steps = {who: took[who] / before[who] / more for who in took}
        before, last, grown = took, rows, max(steps.values()) if last != _PROBE else 1.0
    return found


def wide(ours: Sequence[float], theirs: Sequence[float]) -> bool:
    """Whether the rounds disagree so much that no figure can be told."""
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    low, _, high = quantiles(ratios, n=4, method="inclusive")
    return high > WIDEST * low


def measured(
    ours: Callable[[], Any], theirs: Callable[[], Any], took: dict[str, float]
) -> dict[str, list[float]]:
    """The seconds of each round; the two take turns, and another begins each time."""
    sides = {"ours": ours, "theirs": theirs}
    times = {who: max(1, math.ceil(_BATCH / max(took[who], 1e-9))) for who in sides}
    rounds = _ROUNDS if sum(took.values()) < _LONG else _FEW
    seconds: dict[str, list[float]] = {who: [] for who in sides}
    for turn in range(rounds):
        for who in list(sides)[:: -1 if turn % 2 else 1]:
            seconds[who].append(_timed(sides[who], times[who]))
    return seconds


def _steady(case: Case, given: Given, took: dict[str, float]) -> dict[str, Any]:
    """Measured again if something else was going on meanwhile."""
    for _ in range(_TRIES):
        found = measured(lambda: case.ours(given), lambda: case.theirs(given), took)
        if not wide(found["ours"], found["theirs"]):
            break
    return {who: [float(f"{each:.4g}") for each in seconds] for who, seconds in found.items()}


def _timed(side: Callable[[], Any], times: int) -> float:
    gc.collect()
    gc.disable()
    try:
        begun = time.perf_counter()
        for _ in range(times):
            side()
        return (time.perf_counter() - begun) / times
    finally:
        gc.enable()


def _once(case: Case, rows: int) -> dict[str, float]:
    return _compared(case, _given(case, rows), rows)


def _given(case: Case, rows: int) -> Given:
    return case.give(rows, np.random.default_rng([rows, zlib.crc32(case.name.encode())]))


def _compared(case: Case, given: Given, rows: int) -> dict[str, float]:
    """What each side took, once it is known that they agree."""
    took, said = {}, []
    for who, side, read in (
        ("ours", case.ours, case.read),
        ("theirs", case.theirs, case.read_theirs),
    ):
        begun = time.perf_counter()
        answer = side(given)
        took[who] = time.perf_counter() - begun
        said.append(read(answer))
    where = different(said[0], said[1], case.close)
    if where:
        raise WrongAnswerError(f"{case.name}, {case.oracle}, {rows}: {where}")
    return took


def _main() -> int:
    from benchmarks.quality.cases import CASES

    job = json.load(sys.stdin)
    if sys.platform == "linux":
        import os

        most = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    warnings.simplefilter("ignore")
    found, wrong = {}, []
    for case in CASES:
        if job["only"] and not any(each in case.name for each in job["only"]):
            continue
        try:
            found[case.name] = play(case, job["sizes"])
        except WrongAnswerError as error:
            wrong.append(str(error))
            print(f"✗ {error}", flush=True)
            continue
        print(f"{case.name}: {_brief(found[case.name])}", flush=True)
    Path(job["to"]).write_text(json.dumps({"found": found, "wrong": wrong}), "utf-8")
    return 0


def _brief(found: dict[str, Any]) -> str:
    return ", ".join(
        f"{rows}: –"
        if "left_out" in one
        else f"{rows}: {min(one['theirs']) / min(one['ours']):.2f}"
        for rows, one in found.items()
    )


if __name__ == "__main__":
    sys.exit(_main())
