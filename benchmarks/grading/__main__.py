"""`python -m benchmarks.grading`: measures, prints the table, and writes it down."""

from __future__ import annotations

import argparse
import datetime as dt
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import block, environment, machine
from benchmarks.grading import otter
from benchmarks.grading.clock import ClockError
from benchmarks.grading.contestants import CONTESTANTS, Room, WrongMarksError
from benchmarks.grading.plan import MORE, PEERS_TO, ROUNDS, SIZES, Turn, plan
from benchmarks.grading.report import NAME, Played, result, sentence, table, unsteady
from benchmarks.grading.school import CODE, PLAIN, School

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks" / "results" / "grading.json"
READMES = {"zh": ROOT / "README.zh.md", "en": ROOT / "README.md"}
_PACKAGES = ("nbgrader", "nbconvert", "nbclient", "ipykernel", "sqlalchemy", "kefu")


def main() -> int:
    """Measure; 1 if it cannot be done well, and then nothing is written."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="classes, as 10,100,1000")
    parser.add_argument("--peers-to", type=int, default=PEERS_TO, help="the peers' largest class")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of the smallest class")
    parser.add_argument("--full", action="store_true", help="the peers grade every class")
    parser.add_argument("--sets", default=f"{PLAIN},{CODE}", help=argparse.SUPPRESS)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    sets = options.sets.split(",")
    usual = options.sizes == SIZES and options.peers_to == PEERS_TO and sets == [PLAIN, CODE]
    dry = options.dry or not usual or options.rounds < ROUNDS
    load = machine.busy()
    if not dry:
        block.find(READMES.values(), NAME)  # before, rather than after, minutes of work
    if not dry and not machine.calm():
        return block.not_measured(*block.BUSY)
    classes = dict.fromkeys(sets, options.sizes)
    if usual:
        classes[PLAIN] = (*SIZES, MORE)
    peers_to = max(options.sizes) if options.full else options.peers_to
    turns = plan(classes, peers_to, options.rounds)
    try:
        data = measured(turns, load)
        print("", table(data), "", sep="\n")
        told = sets == [PLAIN, CODE] and sum(size <= peers_to for size in options.sizes) > 1
        said = sentence(data, PLAIN, CODE) if told else {}
    except (ClockError, WrongMarksError, ValueError, subprocess.CalledProcessError) as error:
        return block.not_measured(str(error))
    print(*said.values(), sep="\n\n")
    pages = {READMES[lang]: words for lang, words in said.items()}
    return block.settle(pages, NAME, RESULT, data, dry=dry, wide=unsteady(data))


def measured(turns: Sequence[Turn], load: float) -> dict[str, object]:
    """Let everybody grade, turn by turn.

    Args:
        turns: who grades what, in order.
        load: how busy the machine was before, to be noted.

    Raises:
        ClockError: a command failed.
        WrongMarksError: somebody's marks are wrong.
        subprocess.CalledProcessError: otter-grader could not be installed, a set not released.
    """
    begun = time.monotonic()
    who = {one.name: one for one in CONTESTANTS}
    played = []
    python = environment.environment("bench-otter", otter.PINS)
    sets = list(dict.fromkeys(turn.set for turn in turns))
    with tempfile.TemporaryDirectory() as scratch:
        school = School(Path(scratch) / "school", sets)
        rooms = {slug: Room(Path(scratch) / slug, school, slug, python) for slug in sets}
        for turn in turns:
            for name in turn.who:
                cost = rooms[turn.set].play(who[name], turn.size)
                played.append(Played(turn.set, name, turn.size, turn.round, cost))
                print(
                    f"{turn.set} {turn.size} #{turn.round} {name}: "
                    f"{cost.wall:.1f} s, CPU {cost.cpu:.1f} s, {cost.memory:.0f} MiB",
                    flush=True,
                )
        items = {slug: len(room.questions) for slug, room in rooms.items()}
    about = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine.machine() | {"load_a_core_before": load},
        "versions": machine.versions(_PACKAGES) | environment.versions(python, ["otter-grader"]),
        "seconds": round(time.monotonic() - begun),
        "workers": {one.name: one.workers for one in CONTESTANTS},
        "commands": {one.name: one.label for one in CONTESTANTS},
        "items": items,
    }
    return result(played, about)


def _sizes(said: str) -> tuple[int, ...]:
    """Class sizes in ascending order."""
    return tuple(sorted({int(one) for one in said.split(",")}))


if __name__ == "__main__":
    sys.exit(main())
