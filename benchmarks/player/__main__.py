"""`python -m benchmarks.player`: measures, prints the table, and writes it down."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import block, machine
from benchmarks.player.contestants import CONTESTANTS
from benchmarks.player.report import NAME, result, sentence, strangers, table, unsteady
from benchmarks.player.rounds import Round, RoundError, running
from benchmarks.player.weigh import Weight, extension_files, own_files, weigh

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks" / "results" / "player.json"
READMES = {"zh": ROOT / "README.zh.md", "en": ROOT / "README.md"}
FEWEST = 7
"""With fewer rounds nothing is written."""
_PACKAGES = ("jupyterlab", "ipywidgets", "anywidget", "ipykernel", "jupyter-server", "playwright")


def main() -> int:
    """Measure; 1 if it cannot be done well, and then nothing is written."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.player", description=__doc__)
    parser.add_argument("--rounds", type=int, default=FEWEST, help="after one to warm up")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    dry = options.dry or options.rounds < FEWEST
    load = machine.busy()
    if not dry:
        block.find(READMES.values(), NAME)  # before, rather than after, minutes of work
    if not dry and not machine.calm():
        return block.not_measured(*block.BUSY)
    try:
        data = measured(options.rounds, load)
        said = sentence(data)
    except (RoundError, ValueError) as error:
        return block.not_measured(str(error))
    print("", table(data), *strangers(data), "", said["zh"], "", said["en"], "", sep="\n")
    pages = {READMES[lang]: words for lang, words in said.items()}
    return block.settle(pages, NAME, RESULT, data, dry=dry, wide=unsteady(data))


def measured(count: int, load: float) -> dict[str, object]:
    """One round of each to warm up, then `count` of each by turns.

    Who begins changes with each turn, so that nobody always comes after the same one.

    Args:
        count: rounds.
        load: how busy the machine was before, to be noted.

    Raises:
        RoundError: a round that cannot count, or files that changed meanwhile.
    """
    begun = time.monotonic()
    known = machine.versions(dict.fromkeys((*_PACKAGES, *(who.package for who in CONTESTANTS))))
    rounds: dict[str, list[Round]] = {who.name: [] for who in CONTESTANTS}
    weights: dict[str, dict[str, Weight]] = {}
    with tempfile.TemporaryDirectory() as scratch, running(Path(scratch)) as (play, chromium):
        for turn in range(count + 1):
            first = turn % len(CONTESTANTS)
            for who in (*CONTESTANTS[first:], *CONTESTANTS[:first]):
                one = play.play(who)
                if turn:
                    rounds[who.name].append(one)
                else:
                    weights[who.name] = {
                        "own": weigh(own_files(who)),
                        "extensions": weigh(extension_files(who, one, play.fetch)),
                    }
                print(f"{turn}/{count} {who.name} {one.asked_clicked:.0f} ms", flush=True)
    for who in CONTESTANTS:
        if weigh(own_files(who)) != weights[who.name]["own"]:
            raise RoundError(f"{who.name}: its files were changed during the run")
    about = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine.machine() | {"load_a_core_before": load},
        "versions": known | {"chromium": chromium},
        "seconds": round(time.monotonic() - begun),
    }
    return result(rounds, weights, about)


if __name__ == "__main__":
    sys.exit(main())
