"""`python -m benchmarks.floor`: measures, prints the tables, and writes them down."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from benchmarks import block, machine
from benchmarks.environment import environment, versions
from benchmarks.floor import gather
from benchmarks.floor.contestants import CONTESTANTS, PEERS
from benchmarks.floor.items import chosen, plain
from benchmarks.floor.report import NAME, VISITS, result, strangers, table, unsteady
from benchmarks.floor.rounds import PROFILES, Visit, VisitError, Visitor, browsing
from benchmarks.floor.servers import Server, ServerError, serving
from benchmarks.floor.words import sentence
from kefu.publish import Published

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks" / "results" / "floor.json"
READMES = {"zh": ROOT / "README.zh.md", "en": ROOT / "README.md"}
PINS = ROOT / "benchmarks" / "requirements-floor.txt"
ROUNDS, CROWDS = 21, (50, 150, 300)
"""With fewer rounds, or another crowd, nothing is written."""
PAUSE = 2.0
"""Seconds before a click that is not made at once."""
_PAUSES = 3
"""Each so many rounds, since waiting is most of what it takes."""
_PAGES = 10
_PACKAGES = ("voila", "jupyter-server", "ipykernel", "tornado", "playwright", "websockets", "kefu")


def main() -> int:
    """Measure; 1 if it cannot be done well, and then nothing is written."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="after one to warm up")
    parser.add_argument("--crowds", type=_sizes, default=CROWDS, help="as 50,150,300; 0 for none")
    parser.add_argument("--python", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    # However the run is ended, its servers are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    dry = options.dry or options.rounds < ROUNDS or options.crowds != CROWDS
    load = machine.busy()
    if not dry:
        block.find(READMES.values(), NAME)  # before, rather than after, half an hour of work
    if not dry and not machine.calm():
        return block.not_measured(*block.BUSY)
    try:
        data = measured(
            options.rounds, options.crowds, load, options.python or environment(NAME, PINS)
        )
        said = sentence(data)
    except (VisitError, ServerError, ValueError, subprocess.CalledProcessError) as error:
        return block.not_measured(str(error))
    print("", table(data), *strangers(data), "", said["zh"], "", said["en"], "", sep="\n")
    pages = {READMES[lang]: words for lang, words in said.items()}
    return block.settle(pages, NAME, RESULT, data, dry=dry, wide=unsteady(data))


def measured(rounds: int, crowds: Sequence[int], load: float, python: Path) -> dict[str, Any]:
    """All pages by turns, then what they weigh, then the crowds.

    Args:
        rounds: after one to warm up.
        crowds: how many come at once.
        load: how busy the machine was before, to be noted.
        python: the one that has the peers.

    Raises:
        VisitError: a page did not work.
        ServerError: a server, or the crowd, did not.
    """
    begun = time.monotonic()
    items = chosen()
    with tempfile.TemporaryDirectory() as scratch:
        visits, memory, chromium = _pages(Path(scratch), python, items, rounds)
        told = []
        for visitors in crowds:
            told.append(gather.count(Path(scratch) / f"crowd-{visitors}", python, items, visitors))
            print(f"{visitors}: {json.dumps(told[-1], ensure_ascii=False)}", flush=True)
    about = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine.machine() | {"load_a_core_before": load},
        "versions": machine.versions(_PACKAGES) | {"chromium": chromium},
        "peers": versions(python, sorted({one.package for one in PEERS})),
        "seconds": round(time.monotonic() - begun),
    }
    return result(visits, memory, told, about)


def _pages(
    scratch: Path, python: Path, items: Sequence[Published], rounds: int
) -> tuple[dict[str, Any], dict[str, dict[str, float]], str]:
    questions = plain(items)
    visits: dict[str, dict[str, dict[str, list[Visit]]]] = {
        profile: {who.name: {when: [] for when in VISITS} for who in CONTESTANTS}
        for profile in PROFILES
    }
    asked = json.dumps(questions, ensure_ascii=False)
    with serving(CONTESTANTS, scratch, python, items, asked) as servers, browsing() as browser:
        for turn in range(rounds + 1):
            # Another begins each time, so that nobody always comes after the same one.
            at = turn % len(CONTESTANTS)
            for profile in PROFILES if turn else PROFILES[:1]:
                for who in (*CONTESTANTS[at:], *CONTESTANTS[:at]):
                    pause = PAUSE if turn % _PAUSES == 1 else None
                    made = _both(browser, profile, servers[who.name], questions, pause)
                    first, again = (f"{one.clickable:.0f}" for one in made)
                    print(f"{turn}/{rounds} {profile} {who.name} {first}, {again} ms", flush=True)
                    for when, one in zip(VISITS, made, strict=True):
                        if turn:
                            visits[profile][who.name][when].append(one)
        memory = {name: _weighed(browser, one, questions) for name, one in servers.items()}
        return visits, memory, browser.version


def _both(
    browser: Browser,
    profile: str,
    server: Server,
    questions: Sequence[dict[str, Any]],
    pause: float | None,
) -> tuple[Visit, Visit]:
    """A first visit that clicks at once, and another with a warm cache."""
    visitor = Visitor(browser, profile, server, questions)
    try:
        first = visitor.visit()
        server.rest()
        again = visitor.visit(pause)
    finally:
        visitor.close()
    server.rest()
    return first, again


def _weighed(
    browser: Browser, server: Server, questions: Sequence[dict[str, Any]]
) -> dict[str, float]:
    """MiB of the server's own with one page open, with ten, and for each page between."""
    here = []
    held: dict[int, float] = {}
    for number in range(1, _PAGES + 1):
        visitor = Visitor(browser, PROFILES[0], server, questions)
        visitor.stay()
        here.append(visitor)
        server.rest()
        if number in (1, _PAGES):
            held[number] = server.unique()
    for visitor in here:
        visitor.close()
    server.rest()
    each = (held[_PAGES] - held[1]) / (_PAGES - 1)
    print(f"{server.who.name}: {each:.1f} MiB", flush=True)
    return {"one": round(held[1], 1), "many": round(held[_PAGES], 1), "a_visitor": round(each, 2)}


def _sizes(said: str) -> tuple[int, ...]:
    """How many come at once, in ascending order; none for 0."""
    return tuple(sorted({int(one) for one in said.split(",")} - {0}))


if __name__ == "__main__":
    sys.exit(main())
